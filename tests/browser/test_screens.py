"""Every page, as each person may see it, on phone, tablet and laptop, in both languages, light and
dark: axe-core finds nothing. Its file comes after those that count what is in the warehouse."""

from collections.abc import Callable
from itertools import cycle
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

from dean06.load import replay
from dean06.ui import reading
from dean06.warehouse import transaction
from tests.browser.conftest import DAY, Visitor, Visitors
from tests.lib.builds import hold_a_copy
from tests.lib.installation import Installation
from tests.lib.loading import rows

SCREENS = ((390, 844), (768, 1024), (1280, 800))
READER, ENGINEER, STEWARD = "viewer", "deputy", "admin"
"""Engineer and steward may both read records and release builds; each asks, the other decides."""
_RUN = """async () => {
  const found = await axe.run(document, {resultTypes: ['violations'], iframes: false});
  return found.violations.flatMap(each => each.nodes.map(node =>
    each.id + ' ' + node.target.join(' ') + ': ' + node.html.slice(0, 200)
      + ' ' + node.failureSummary));
}"""


class Prepared:
    """What is there to be opened."""

    def __init__(self) -> None:
        self.build = hold_a_copy(DAY)
        (self.rejected, self.row, payload), *_ = rows(
            """select load_id, row_no, payload from ops.quarantine
               where dataset_code = 'participant' and payload ? 'personal_id'
               order by load_id, row_no limit 1"""
        )
        corrected = {self.row: {**payload, "personal_id": "082190000999"}}
        with transaction(reading.ROLE) as session:
            replay.ask(session, self.rejected, corrected, STEWARD, "theo hồ sơ giấy")
        ((self.case,),) = rows("select min(case_id) from ops.correction_spell")


@pytest.fixture(scope="module")
def prepared(installation: Installation) -> Prepared:
    """A held build, a correction that waits, a case."""
    return Prepared()


def _with_reason(visitor: Visitor, label: str, button: str) -> None:
    """Send the form that asks for a reason before it shows personal data."""
    visitor.page.get_by_label(label).fill("xem thử các trang")
    visitor.page.get_by_role("button", name=button).first.click()
    visitor.page.wait_for_load_state()


def _record(visitor: Visitor, language: str) -> None:
    labels = {
        "vi": ("Lý do xem bản ghi", "Xem bản ghi"),
        "en": ("Reason for viewing a record", "View record"),
    }
    _with_reason(visitor, *labels[language])


def _correction(visitor: Visitor, language: str) -> None:
    labels = {
        "vi": ("Lý do xem bản chỉnh sửa", "Xem bản chỉnh sửa"),
        "en": ("Reason for viewing the correction", "View correction"),
    }
    _with_reason(visitor, *labels[language])


def _things(visitor: Visitor, language: str) -> None:
    labels = {
        "vi": ("Lý do xem bản ghi", "Xem bản ghi"),
        "en": ("Reason for viewing the records", "Show records"),
    }
    _with_reason(visitor, *labels[language])


Then = Callable[[Visitor, str], None]
KPI = "id_card.dossiers_received"
EVERYBODYS = {
    "today": "/today",
    "kpis": "/kpis",
    "kpis of a commune": "/kpis?unit=commune:28249",
    "kpis of no day": "/kpis?at=2022-01-01T00:00",
    "kpi": f"/kpis/{KPI}",
    "kpi with breakdowns": "/kpis/service.online_share",
    "quality": "/quality",
    "reconciliation": "/quality/reconciliation",
    "service index": "/service-index",
    "rejected": "/quality/load/{rejected}",
    "builds": "/builds",
    "cases": "/cases",
    "not found": "/kpis/no.such_kpi",
    "login": "/login",
}
STEWARDS: dict[str, tuple[str, Then | None]] = {
    "kpi": (f"/kpis/{KPI}", None),
    "things": (f"/kpis/{KPI}", _things),
    "rejected": ("/quality/load/{rejected}", None),
    "record": ("/quality/load/{rejected}", _record),
    "correction": ("/quality/load/{rejected}", _correction),
    "builds": ("/builds", None),
    "cases": ("/cases", None),
    "case": ("/cases/{case}", None),
}
SEEN = [
    *((READER, name, (path, None)) for name, path in EVERYBODYS.items()),
    *((STEWARD, name, how) for name, how in STEWARDS.items()),
    (ENGINEER, "correction of somebody else", STEWARDS["correction"]),
    (ENGINEER, "builds", STEWARDS["builds"]),
]


def violations(page: Page) -> list[str]:
    """What axe-core finds in the page: rule, element, what to mend."""
    return [*page.evaluate(_RUN)]


@pytest.mark.parametrize(
    ("person", "name", "how"), SEEN, ids=[f"{person}-{name}" for person, name, _ in SEEN]
)
def test_axe_finds_nothing(
    visitors: Visitors, prepared: Prepared, person: str, name: str, how: tuple[str, Then | None]
) -> None:
    path, then = how
    visitor = visitors.of(person)
    page = visitor.page
    found: dict[Any, list[str]] = {}
    schemes = cycle(("light", "dark"))
    # Each width in both languages, light in the one and dark in the other: words change no colour.
    for language in ("vi", "en"):
        separator = "&" if "?" in path else "?"
        visitor.open(f"/dean06{path.format(**vars(prepared))}{separator}lang={language}")
        if then is not None:
            then(visitor, language)
        page.evaluate("document.querySelectorAll('details').forEach(e => { e.open = true })")
        page.evaluate(AXE_SCRIPT)
        for width, height in SCREENS:
            scheme = next(schemes)
            page.set_viewport_size({"width": width, "height": height})
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            if told := violations(page):
                found[language, width, scheme] = told
    assert found == {}


def test_what_axe_would_object_to_is_noticed(visitors: Visitors) -> None:
    page = visitors.of(READER).page
    page.set_content("<html><body><img src='x'><p style='color:#ccc'>pale</p></body></html>")
    page.evaluate(AXE_SCRIPT)
    told = " ".join(violations(page))
    assert "image-alt img" in told
    assert "color-contrast p" in told
