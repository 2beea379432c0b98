"""What needs attention is one list: every screen has the same number, and mails name what it is."""

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest
from fastapi.testclient import TestClient
from typer.testing import CliRunner

from dean06 import contract, settings
from dean06.cli import summary
from dean06.cli.app import app
from dean06.contract import Bilingual
from dean06.errors import BatchHeldError, Cause
from dean06.figures.words import Words
from dean06.load import ledger
from dean06.ui import reading, today
from dean06.warehouse import transaction
from dean06.watch import message, watchdog
from dean06.watch.problem import Kind, Problem
from tests.lib import operated
from tests.lib.alerted import Mailbox, listening
from tests.lib.loading import load_police, resident
from tests.lib.pages import Person, pages_for

pytestmark = pytest.mark.usefixtures("warehouse")
DAY, NEXT_DAY = "2022-10-31", "2022-11-01"


@pytest.fixture(autouse=True)
def _nothing_is_expected(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEAN06_SCHEDULE_FROM", "2100-01-01")


@pytest.fixture
def mailbox(monkeypatch: pytest.MonkeyPatch) -> Iterator[Mailbox]:
    with listening("not-for-logs") as box:
        monkeypatch.setenv("DEAN06_ALERT_URLS", box.urls)
        yield box


def now() -> datetime:
    return datetime.now(settings.TIMEZONE)


_NUMBER = re.compile(r": (\d+)")


def counts(day: str) -> dict[str, int]:
    """How many things need attention, by screen."""
    with reading.warehouse() as session:
        page = today.read(session, now())
    screens = {
        "watch": CliRunner().invoke(app, ["watch", "--once"]).stdout.splitlines()[0],
        "summary": summary.lines(date.fromisoformat(day), Words("en"))[0],
        "tóm tắt": summary.lines(date.fromisoformat(day), Words("vi"))[0],
    }
    found = {name: _NUMBER.findall(line) or ["0"] for name, line in screens.items()}
    return {"today": len(page.items), **{name: int(each[0]) for name, each in found.items()}}


def fail(source: str, day: str) -> None:
    """Every dataset of a source fails in one run, after its files have come."""
    agreed = contract.load(source)
    for dataset in agreed.datasets:
        load = ledger.open_load(agreed, dataset, "failing", date.fromisoformat(day))
        ledger.mark_landed(load, 0)
        ledger.note_cause(load, "not here", Cause.PROGRAM_ERROR, None)


@pytest.mark.parametrize("day", [DAY, NEXT_DAY])
def test_every_screen_counts_the_same_whatever_the_day(day: str) -> None:
    """A held batch, a failed load and a held build; then a source of which every dataset failed."""
    operated.fill()
    assert set(counts(day).values()) == {3}, counts(day)
    fail("health", NEXT_DAY)
    datasets = len(contract.load("health").datasets)
    assert datasets > 1
    assert set(counts(day).values()) == {3 + datasets}, counts(day)


def test_a_run_that_did_not_end_is_one_problem_whatever_it_loads() -> None:
    operated.fill()
    load_police("stuck", NEXT_DAY, [resident()], upto="stage")
    before = set(counts(NEXT_DAY).values())
    with transaction() as session:
        session.run(
            "update ops.load set opened_at = now() - interval '7 hours' where run_key = 'stuck'"
        )
    after = set(counts(NEXT_DAY).values())
    assert (len(before), len(after)) == (1, 1)
    assert after.pop() == before.pop() + 1


def test_what_only_the_watchdog_may_detect_is_counted_everywhere() -> None:
    load_police("one", DAY, [resident()])
    watchdog.check(now() + timedelta(hours=25))
    with reading.warehouse() as session:
        page = today.read(session, now())
    assert [problem.kind for problem in page.problems] == [Kind.UNSEALED]
    assert "NEEDS ATTENTION: 1" in summary.lines(date.fromisoformat(DAY), Words("en"))[0]


def test_what_is_open_and_no_problem_is_shown_and_not_counted() -> None:
    load_police("one", DAY, [resident()], upto="stage")
    shown = summary.lines(date.fromisoformat(DAY), Words("en"))
    assert shown[0] == "NOT FINISHED · 31/10/2022"
    assert "  - police: datasets not finished: 5" in shown
    assert "  - KPIs of the day are not published" in shown
    assert set(counts(DAY).values()) == {0}


def test_a_try_that_failed_and_will_be_repeated_needs_nobody(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    agreed = contract.load("programme")
    load = ledger.open_load(agreed, agreed.datasets[0], "one", date.fromisoformat(DAY))
    ledger.note_cause(load, "not here", Cause.SOURCE_UNAVAILABLE, None)
    assert set(counts(DAY).values()) == {0}
    client = TestClient(pages_for(monkeypatch, Person("lan"), ["lan"])._pages)
    assert "the last try failed: the source is down" in client.get("/today?lang=en").text
    with transaction() as session:
        session.run("update ops.load set opened_at = now() - interval '31 minutes'")
    assert set(counts(DAY).values()) == {1}


def test_a_subject_names_source_and_day_of_what_failed_and_of_its_end(mailbox: Mailbox) -> None:
    bad = [resident(soDinhDanh=f"0821900{n:05d}", maXa="99999") for n in range(40)]
    with pytest.raises(BatchHeldError):
        load_police("bad", DAY, bad)
    watchdog.check(now())
    load_police("good", DAY, [resident()])
    watchdog.check(now())
    subjects = [mail.splitlines()[0] for mail in mailbox.mails]
    assert subjects == [
        "dean06: police 31/10/2022 · 1 việc cần xử lý · 1 open",
        "dean06: police 31/10/2022 · 1 việc đã xử lý · 1 resolved",
    ]


_ABOUT = {
    Kind.UNPUBLISHED: "KPI 31/10/2022",
    Kind.CORRECTIONS_DUE: "police 31/10/2022",
    Kind.CREDENTIAL: "police 31/10/2022",
    Kind.HELD: "police 31/10/2022",
    Kind.FAILED: "police 31/10/2022",
    Kind.UNBALANCED: "police 31/10/2022",
    Kind.UNFINISHED: "police 31/10/2022",
    Kind.FAILED_TASK: "police 31/10/2022",
    Kind.STALE: "police",
    Kind.CORRECTIONS_OVERDUE: "police",
    Kind.UNEXPLAINED: "police",
    Kind.NO_CONTRACT: "police",
    Kind.HELD_BUILD: "KPI 31/10/2022",
    Kind.FAILED_STEP: "sync_police.resident.stage",
    Kind.FAILED_RUN: "sync_police.resident.stage",
    Kind.LATE_RUN: "sync_police.resident.stage",
    Kind.LATE_TASK: "sync_police.resident.stage",
    Kind.AIRFLOW_PART: "sync_police.resident.stage",
    Kind.UNREADABLE_DAG: "sync_police.resident.stage",
}
"""By kind; of the others there is nothing to name."""


@pytest.mark.parametrize("kind", list(Kind))
def test_the_subject_of_every_kind_names_what_the_ledger_knows(kind: Kind) -> None:
    load = load_police("a:run", DAY, [resident()])
    day = date.fromisoformat(DAY)
    with transaction() as session:
        build = session.one(
            """insert into ops.kpi_build (as_of_date, state, source_codes, reason, cause)
               values (:day, 'held', '{police}', 'test', 'test') returning build_id""",
            day=day,
        ).build_id
        session.run(
            """insert into ops.task_failure (dag_code, task_code, run_key, cause, cause_code)
               values ('sync_police', 'resident.stage', 'a:run', 'test', 'program_error')"""
        )
        problem = Problem(
            kind, Bilingual("en", "vi"), source="police", dataset="resident", run_key="a:run",
            day=day, load_id=load.load_id, build_id=build, replay_id=1,
            step="sync_police.resident.stage",
        )  # fmt: skip
        watchdog._remember(session, [problem], (), now())
        title = message.title(session, session.rows("select * from ops.alert"), [])
    about, *rest = title.removeprefix("dean06: ").split(" · ")
    expected = _ABOUT.get(kind)
    if kind is Kind.LATE_REPLAY:
        expected = "1"  # no correction has this number
    assert (about if len(rest) == 2 else None) == expected
