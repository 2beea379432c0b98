"""The pages as people meet them: widths, languages, keyboard, files, the way to a task."""

import csv
import gzip
import io
import re
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from dean06 import settings
from tests.browser.conftest import DAY, FAILED_DAY, Visitors
from tests.lib.loading import rows
from tests.lib.pages import MOST_READ, MOST_SENT
from tests.lib.syncing import true_kpis, truth

PAGES = {
    "today": ("/dean06/today", "Đồng bộ hôm nay", "Today's sync"),
    "kpis": ("/dean06/kpis", "Chỉ tiêu", "KPIs"),
    "kpi": (
        "/dean06/kpis/id_card.dossiers_received", "Hồ sơ cấp căn cước công dân đã thu nhận",
        "ID-card",
    ),
    "quality": ("/dean06/quality", "Chất lượng dữ liệu", "Data quality"),
    "reconciliation": (
        "/dean06/quality/reconciliation", "Đối soát với Cổng Dịch vụ công quốc gia",
        "Reconciliation with the national portal",
    ),
    "service_index": (
        "/dean06/service-index", "Bộ chỉ số phục vụ người dân", "Service quality index",
    ),
    "rejected": ("/dean06/quality/load/{load}", "Bản ghi bị từ chối", "Quarantined records"),
}  # fmt: skip
_WITHOUT_NAME = """() => [
  ...[...document.querySelectorAll('input:not([type=hidden]), select, textarea')]
    .filter(e => !e.labels.length).map(e => 'field without label: ' + e.name),
  ...[...document.querySelectorAll('a, button')]
    .filter(e => !(e.textContent.trim() || e.getAttribute('aria-label')))
    .map(e => 'link without text: ' + e.outerHTML),
  ...[...document.querySelectorAll('table')]
    .filter(e => !e.caption || !e.caption.textContent.trim()).map(() => 'table without caption'),
  ...[...document.querySelectorAll('canvas')]
    .filter(e => !e.getAttribute('aria-label')).map(() => 'chart without text'),
  ...['main', 'nav', 'header', 'h1'].filter(n => document.querySelectorAll(n).length !== 1),
]"""


def address(name: str) -> str:
    (load,) = rows(
        """select load_id from ops.load where status = 'published' and dataset_code = 'participant'
           and quarantined_count > 0 order by load_id limit 1"""
    )
    return PAGES[name][0].format(load=load[0])


@pytest.mark.parametrize("width", [360, 768, 1440])
@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("name", PAGES)
def test_every_page_fits_and_speaks(
    visitors: Visitors, name: str, language: str, width: int
) -> None:
    visitor = visitors.of("viewer", width, "dark" if language == "en" else "light")
    assert visitor.open(f"{address(name)}?lang={language}") == 200
    page = visitor.page
    expect(page.locator("h1")).to_contain_text(PAGES[name][1 if language == "vi" else 2])
    assert page.locator("html").get_attribute("lang") == language
    widths = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    assert widths[0] <= widths[1], f"{widths[0]} px in {widths[1]} px"
    assert page.evaluate(_WITHOUT_NAME) == []
    for details in page.locator("details").all():
        details.evaluate("e => { e.open = true }")
    widths = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    assert widths[0] <= widths[1], "with everything unfolded"
    assert visitor.complaints == []


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_first_screen_of_a_phone_answers_three_questions(
    visitors: Visitors, language: str
) -> None:
    """On track or not, how many are met and which three are worst; who is behind, communes and
    agencies; what changed since last week."""
    visitor = visitors.of("viewer", 390)
    page = visitor.page
    page.set_viewport_size({"width": 390, "height": 844})
    visitor.open(f"/dean06/kpis?lang={language}")
    for shown, count in (
        (".verdict", 1), (".counts > div", 4), (".worst > li", 3), (".answer", 3),
    ):  # fmt: skip
        boxes = page.locator(shown)
        assert boxes.count() >= count, shown
        for box in (boxes.nth(number).bounding_box() for number in range(count)):
            assert box is not None
            assert box["y"] + box["height"] <= 844, shown
    page.locator(".answer a").first.click()
    expect(page.locator("#behind")).to_be_in_viewport()


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("name", PAGES)
def test_no_page_is_heavy(visitors: Visitors, name: str, language: str) -> None:
    """What travels, compressed; ``database/test_page_weight.py`` has two years of days."""
    request = visitors.of("viewer").page.context.request
    answer = request.get(f"{visitors.url}{address(name)}?lang={language}")
    assert answer.headers["content-encoding"] == "gzip"
    page = answer.body()
    sent, read = len(gzip.compress(page, 5)), len(page)
    assert (sent <= MOST_SENT, read <= MOST_READ) == (True, True), (sent, read)


def test_charts_are_drawn(visitors: Visitors) -> None:
    visitor = visitors.of("viewer")
    for name, count in (("kpi", 1), ("quality", 5)):
        visitor.open(address(name))
        canvases = visitor.page.locator("canvas")
        expect(canvases).to_have_count(count)
        drawn = canvases.first.evaluate(
            """e => e.getContext('2d').getImageData(0, 0, e.width, e.height).data
                     .some((v, i) => i % 4 === 3 && v > 0)"""
        )
        assert drawn, name


def test_dark_and_light_follow_airflow(visitors: Visitors) -> None:
    visitor = visitors.of("viewer")
    paper = "getComputedStyle(document.body).backgroundColor"
    visitor.open("/dean06/today")
    assert visitor.page.evaluate(paper) == "rgb(255, 255, 255)"
    visitor.page.evaluate("localStorage.setItem('theme', 'dark')")
    visitor.open("/dean06/today")
    assert visitor.page.evaluate(paper) == "rgb(17, 17, 19)"
    by_browser = visitors.of("viewer", scheme="dark")
    by_browser.open("/dean06/today")
    assert by_browser.page.evaluate(paper) == "rgb(17, 17, 19)"


def test_the_language_is_remembered(visitors: Visitors) -> None:
    visitor = visitors.of("viewer")
    visitor.open("/dean06/today")
    visitor.page.get_by_role("link", name="English").click()
    expect(visitor.page.locator("h1")).to_have_text("Today's sync")
    visitor.page.get_by_role("link", name="KPIs").click()
    expect(visitor.page.locator("h1")).to_contain_text("KPIs")


def test_the_keyboard_reaches_the_content(visitors: Visitors) -> None:
    visitor = visitors.of("viewer")
    visitor.open("/dean06/today?lang=en")
    visitor.page.keyboard.press("Tab")
    assert visitor.page.evaluate("document.activeElement.textContent") == "Skip to content"
    visitor.page.keyboard.press("Enter")
    assert visitor.page.evaluate("document.activeElement.id") == "main"
    visitor.page.keyboard.press("Tab")
    outline = "getComputedStyle(document.activeElement).outlineStyle"
    assert visitor.page.evaluate(outline) == "solid"


def test_from_a_red_source_to_its_failed_task(visitors: Visitors) -> None:
    """In Airflow's own frame: menu, page, button, task."""
    visitor = visitors.of("viewer")
    page = visitor.page
    visitor.open("/plugin/dean06-today")
    frame = page.frame_locator("iframe[title='Hôm nay']")
    expect(frame.locator(".verdict")).to_contain_text("1 việc cần xử lý")
    problem = frame.locator(".problem")
    expect(problem).to_contain_text("insurance.participant")
    expect(problem).to_contain_text("participant.extract")
    expect(problem.locator(".cause")).not_to_be_empty()
    problem.get_by_role("link", name="Mở tác vụ lỗi").click()
    page.wait_for_url(re.compile(r"/dags/sync_insurance/runs/[^/]+/tasks/participant\.extract"))
    expect(page.get_by_text("failed", exact=False).first).to_be_visible(timeout=30_000)


def test_today_says_what_the_ledger_says(visitors: Visitors) -> None:
    visitor = visitors.of("viewer", 1440)
    visitor.open("/dean06/today?lang=en")
    shown = visitor.page.locator("section.source tbody tr").all()
    (datasets,) = rows("select count(distinct (source_code, dataset_code)) from ops.load")
    assert len(shown) == datasets[0] == 16
    for line in shown:
        cells = [cell.inner_text() for cell in line.locator("td.number").all()]
        received, loaded, quarantined = (int(cell.replace(",", "")) for cell in cells)
        assert received == loaded + quarantined
        assert line.locator("ol.strip > li").count() == 30
    expect(visitor.page.locator("section.source").last).to_contain_text("Task")
    (drifting,) = rows(
        "select count(*) from ops.load where day = :day and drift <> '{}'", day=FAILED_DAY
    )[0]
    assert drifting > 0
    expect(visitor.page.get_by_text("unknown fields")).to_have_count(drifting)
    reds = visitor.page.locator("ol.strip > li.failed")
    expect(reds).to_have_count(1)
    assert FAILED_DAY[8:] + "/11/2022" in (reds.first.get_attribute("title") or "")


def _downloaded(page: Page, name: str) -> bytes:
    with page.expect_download() as started:
        page.get_by_role("link", name=name, exact=True).click()
    return Path(started.value.path()).read_bytes()


def test_files_hold_what_the_page_shows_and_that_is_true(visitors: Visitors) -> None:
    visitor = visitors.of("viewer")
    # What came on the day after restates this one: the truth is what was known by its end.
    (last,) = rows("select min(opened_at) from ops.load where day = :day", day=FAILED_DAY)[0]
    moment = last.astimezone(settings.TIMEZONE).strftime("%Y-%m-%dT%H:%M:%S")
    visitor.open(f"/dean06/kpis?day={DAY}&at={moment}&lang=en")
    shown = visitor.page.locator("table.values tbody tr").count()
    values_shown = visitor.page.locator("table.values tbody td.number p").count()
    visitor.page.locator("details.choose > summary").click()
    text = _downloaded(visitor.page, "CSV").decode("utf-8-sig")
    lines = list(csv.DictReader(io.StringIO(text), delimiter=";"))
    sheet: Any = load_workbook(io.BytesIO(_downloaded(visitor.page, "XLSX"))).active
    assert next(iter(lines[0])) == "as_of_date"  # for machines; the workbook is for people
    headings = next(sheet.iter_rows(max_row=1, values_only=True))
    assert headings[0] == "Day"
    assert not set(headings) & set(lines[0])
    assert sheet.max_row == len(lines) + 1
    hidden = {line["kpi_code"] for line in lines if line["is_suppressed"] == "True"}
    assert {line["numerator"] for line in lines if line["kpi_code"] in hidden} <= {""}
    values = {
        line["kpi_code"]: (
            int(line["numerator"]), int(line["denominator"]) if line["denominator"] else None
        )
        for line in lines if line["kpi_code"] not in hidden
    }  # fmt: skip
    bases = {re.sub(r"\.(month|quarter|year)$", "", line["kpi_code"]) for line in lines}
    assert len(bases) == shown > 30
    assert len(lines) == values_shown > shown  # a KPI of services stands for four periods
    assert len(values) > 25
    true = true_kpis(truth(0.001, DAY))
    of_province = {code[0]: value for code, value in true.items() if code[1:] == ("province", "82")}
    for code in hidden:
        del of_province[code]
    assert {code: value for code, value in values.items() if any(value)} == of_province
    assert {line["as_of_date"] for line in lines} == {DAY}


def test_an_earlier_moment_shows_what_was_published_then(visitors: Visitors) -> None:
    visitor = visitors.of("viewer")
    visitor.open("/dean06/kpis?lang=en&at=2022-01-01T00:00")
    expect(visitor.page.get_by_text("No KPI is published for this selection yet.")).to_be_visible()
    first = rows(
        "select min(published_at) + interval '1 second' from mart.kpi_publication "
        "where as_of_date = :day",
        day=DAY,
    )[0][0]
    moment = first.astimezone(settings.TIMEZONE).strftime("%Y-%m-%dT%H:%M:%S")
    visitor.open(f"/dean06/kpis?lang=en&at={moment}")
    expect(visitor.page.locator(".notice")).to_contain_text("Values as published at")
    expect(visitor.page.locator("h1")).to_contain_text("31/10/2022")


def test_what_is_no_day_and_what_is_no_kpi(visitors: Visitors) -> None:
    visitor = visitors.of("viewer")
    assert visitor.open("/dean06/kpis?day=yesterday") == 400
    assert visitor.open("/dean06/kpis/no.such_kpi") == 404
    assert visitor.open("/dean06/quality/load/999999") == 404
    expect(visitor.page.locator("h1")).to_have_text("Không tìm thấy")
