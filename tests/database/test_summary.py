"""The one screen of a day: verdict, what needs attention, KPIs with targets, within 80 columns."""

from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from dean06 import contract
from dean06.cli import summary
from dean06.cli.app import app
from dean06.cli.language import language_of_terminal
from dean06.contract import Bilingual
from dean06.errors import BatchHeldError
from dean06.figures.words import Words
from dean06.watch.everything import Found
from dean06.watch.problem import Kind, Problem
from onebox.language import is_vietnamese
from tests.database.test_targets import file, publish, store  # noqa: F401  # file: a fixture
from tests.lib.loading import load_police, load_source, resident

pytestmark = pytest.mark.usefixtures("warehouse")
DAY = "2022-10-31"
DATASETS = sum(len(contract.load(source).datasets) for source in contract.sources())
LINES_OF_ADDRESSES = 8
"""What ``make run`` prints below."""


@pytest.fixture(autouse=True)
def _nothing_is_expected(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEAN06_SCHEDULE_FROM", "2100-01-01")


def people(count: int, **changes: object) -> list[dict[str, object]]:
    return [resident(**{"soDinhDanh": f"0821900{n:05d}", **changes}) for n in range(count)]


def test_a_day_without_problems_shows_its_kpis_as_the_pages_write_them(
    file: Path,  # noqa: F811
) -> None:
    load_police("one", DAY, people(3))
    store(
        file,
        {"value": "150000"},
        {"target_id": "T3", "kpi_code": "service.online_share.year", "unit": "share",
         "value": "0.5", "period": "year"},
    )  # fmt: skip
    publish(
        DAY, population__permanent_residents=(99_500, None),
        service__online_share__year=(5219, 10_000),
    )  # fmt: skip
    shown = summary.lines(date.fromisoformat(DAY), Words("vi"))
    assert "nhận 3 dòng, từ chối 0 (0,0%)" in shown[1]
    (accounts,) = (line for line in shown if "99.500" in line)
    assert accounts.endswith("≥ 150.000")
    (online,) = (line for line in shown if "52,2%" in line)
    assert online.endswith("≥ 50,0%")
    # Two thirds of the target, half of its term over: 22/10 to 10/11.
    assert accounts.strip().startswith("đúng tiến độ")
    english = "\n".join(summary.lines(date.fromisoformat(DAY), Words("en")))
    assert "99,500" in english
    assert "52.2%" in english
    assert shown[-1].endswith("python -m dean06 report --day 2022-10-31")


def test_what_needs_attention_stands_below_the_verdict() -> None:
    with suppress(BatchHeldError):
        load_police("two", DAY, people(40, maXa="99999"))
    shown = summary.lines(date.fromisoformat(DAY), Words("vi"))
    assert shown[0].startswith("CẦN XỬ LÝ: ")
    assert shown[0].endswith(" việc · 31/10/2022")
    assert shown[2].startswith("  ! police.resident bị giữ lại: ")
    assert any(line.endswith("python -m dean06 watch --once") for line in shown)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_screen_fits(language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for number, day in enumerate(("2022-10-29", "2022-10-30", DAY)):
        with suppress(BatchHeldError):
            load_police(str(number), day, people(40, maXa="99999"))
    done = CliRunner().invoke(app, ["summary", "--day", DAY, "--lang", language])
    assert done.exit_code == 0, done.output
    shown = done.output.splitlines()
    assert max(map(len, shown)) <= summary.WIDTH
    most = 3 + summary.MOST_PROBLEMS + 1 + 1 + summary.MOST_KPIS
    assert most + LINES_OF_ADDRESSES - 1 <= 25
    assert len(shown) + LINES_OF_ADDRESSES <= 25


@pytest.mark.parametrize(
    ("locale", "language"), [("vi_VN.UTF-8", "vi"), ("C.UTF-8", "en"), ("en_GB.UTF-8", "en")]
)
def test_the_terminal_says_the_language(
    monkeypatch: pytest.MonkeyPatch, locale: str, language: str
) -> None:
    for name in ("LC_ALL", "LC_MESSAGES"):
        monkeypatch.setenv(name, "")
    monkeypatch.setenv("LANG", locale)
    assert language_of_terminal() == language
    assert is_vietnamese() is (language == "vi"), "what stands around it, by a package of its own"


def test_another_language_is_refused() -> None:
    done = CliRunner().invoke(app, ["summary", "--day", DAY, "--lang", "fr"])
    assert done.exit_code == 1
    assert "--lang takes vi or en" in done.output


def test_a_day_that_failed_again_is_not_counted_as_published(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Its first load stays, so the ledger has lost nothing: only Airflow shows what failed."""
    load_police("one", DAY, people(3))
    load_police("two", DAY, people(3), upto="stage")
    before = summary.lines(date.fromisoformat(DAY), Words("en"))
    published = f"5 of {DATASETS} datasets published"
    assert published in before[1], "a run that is still at work failed nothing"
    problem = Problem(
        Kind.FAILED_TASK,
        Bilingual("Task sync_police.resident.validate failed", "Tác vụ … bị lỗi"),
        step="sync_police.resident.validate",
        run_key="two",
    )
    found = Found((problem,), is_airflow_known=True)
    monkeypatch.setattr("dean06.cli.summary.everything.detect", lambda *_: found)
    shown = summary.lines(date.fromisoformat(DAY), Words("en"))
    assert f"0 of {DATASETS} datasets published" in shown[1]
    assert shown[2] == "  ! Task sync_police.resident.validate failed"


def test_a_held_load_of_another_day_needs_attention_too() -> None:
    with suppress(BatchHeldError):
        load_police("later", "2022-11-05", people(40, maXa="99999"))
    load_police("one", DAY, people(3))
    shown = "\n".join(summary.lines(date.fromisoformat(DAY), Words("en")))
    said = " ".join(shown.split())
    assert "! police.resident of 05/11/2022 is held (run later): too many records break" in said
    assert "break a rule; earlier data stay published" in said, "the whole sentence"


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "Not synced for this day: "), ("vi", "Chưa đồng bộ ngày này: ")],
)
def test_a_day_of_one_source_names_those_that_were_not_synced(language: str, said: str) -> None:
    for source in contract.sources():
        load_source(source, "one", DAY, {})
    load_source("programme", "two", "2022-11-01", {})
    words = Words("vi" if language == "vi" else "en")
    shown = "\n".join(summary.lines(date(2022, 11, 1), words))
    others = ", ".join(source for source in contract.sources() if source != "programme")
    assert f"{said}{others}" in " ".join(shown.split())
    assert f"1 of {DATASETS} datasets" in shown or f"1/{DATASETS} bộ dữ liệu" in shown
    assert "SYNC IS FINE" not in shown
    assert said not in "\n".join(summary.lines(date.fromisoformat(DAY), words))


def test_a_source_that_came_later_is_not_missing_on_the_days_that_it_has_brought() -> None:
    load_source("programme", "one", "2022-11-01", {})
    others = [source for source in contract.sources() if source != "programme"]
    for source in others:
        load_source(source, "one", DAY, {})
    shown = summary.lines(date.fromisoformat(DAY), Words("en"))
    assert not any("Not synced" in line for line in shown)


def test_a_long_name_goes_on_in_the_lines_that_are_left(
    file: Path,  # noqa: F811
) -> None:
    store(
        file,
        {"value": "0.5", "kpi_code": "service.online_share.year", "unit": "share",
         "period": "year"},
    )  # fmt: skip
    publish(DAY, service__online_share__year=(5219, 10_000))
    for language in ("vi", "en"):
        shown = summary.lines(date.fromisoformat(DAY), Words(language))  # type: ignore[arg-type]
        assert not any(line.rstrip().endswith("…") or " … " in line for line in shown)
        assert max(map(len, shown)) <= summary.WIDTH
