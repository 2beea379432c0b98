"""Where a load stopped: task and step are named in problems, on Today and in the report."""

import re
from datetime import date, datetime, timedelta

import pytest
from rich.console import Console

from dean06 import contract, settings
from dean06.errors import Cause, SourceError
from dean06.failures import record
from dean06.figures.words import Words
from dean06.load import ledger
from dean06.reports import day as report
from dean06.ui import reading, today
from dean06.ui.today import DatasetToday
from dean06.warehouse import transaction
from dean06.watch import problems
from dean06.watch.problem import Kind, Problem
from tests.lib.loading import land

pytestmark = pytest.mark.usefixtures("warehouse")
DAY = "2022-10-31"


@pytest.fixture(autouse=True)
def _nothing_is_expected_yet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEAN06_SCHEDULE_FROM", "2100-01-01")


def now() -> datetime:
    return datetime.now(settings.TIMEZONE)


def resident_today(later: timedelta = timedelta()) -> DatasetToday:
    with reading.warehouse() as session:
        page = today.read(session, now() + later)
    (police,) = (source for source in page.sources if source.agreed.source == "police")
    return police.datasets[0]


@pytest.mark.parametrize(
    ("status", "task", "doing"),
    [
        ("open", "sync_police.resident.extract", ("fetching", "tải dữ liệu")),
        ("landed", "sync_police.resident.stage", None),
        (
            "staged",
            "sync_police.resident.validate",
            ("validating", "kiểm tra dữ liệu theo quy tắc"),
        ),
        ("validated", "sync_police.resident.quarantine", None),
        ("quarantined", "sync_police.publish", ("publishing", "công bố")),
    ],
)
def test_the_task_that_stopped_and_what_it_was_doing_are_named_everywhere(
    status: str, task: str, doing: tuple[str, str] | None
) -> None:
    load = land(contract.load("police").dataset("resident"), "one", DAY, b"", 0)
    assert resident_today().state == "running"
    fail(load.load_id, status)
    found = resident_today(problems.RETRIED_FOR + timedelta(minutes=1))
    assert found.stop is not None
    assert (found.state, found.stop.name) == ("red", task)
    problem = failed_load()
    shown = []
    for language in ("vi", "en"):
        console = Console(record=True, width=1000)
        report.show(date.fromisoformat(DAY), console, Words(language))
        shown.append(console.export_text())
    for said in (problem.message.en, problem.message.vi, *shown):
        assert task in said
    assert "after state" not in problem.message.en
    if doing:
        assert f"failed while {doing[0]} (run one)" in problem.message.en
        assert f"bị lỗi khi {doing[1]} (lượt chạy one)" in problem.message.vi


def fail(load_id: int, status: str = "open") -> None:
    with transaction() as session:
        session.run(
            "update ops.load set status = :status, cause = 'x' where load_id = :id",
            status=status, id=load_id,
        )  # fmt: skip


def failed_load() -> Problem:
    with transaction() as session:
        found = list(problems.detect(session, now() + timedelta(hours=1)))
    (problem,) = (each for each in found if each.kind is Kind.FAILED)
    return problem


def test_the_task_that_airflow_noted_is_named_before_what_the_state_suggests() -> None:
    """A task that was cleared may fail far behind the state that its load has reached."""
    load = land(contract.load("police").dataset("resident"), "one", DAY, b"", 0)
    fail(load.load_id, "validated")
    error = SourceError("x")
    record.note_task("sync_police", "resident.validate", "another", error)
    record.note_task("sync_police", "household.validate", "one", error)
    assert "Failed task: sync_police.resident.quarantine." in failed_load().message.en
    record.note_task("sync_police", "resident.stage", "one", error)
    assert "failed while staging" in failed_load().message.en
    assert "Tác vụ lỗi: sync_police.resident.stage." in failed_load().message.vi


def test_a_day_of_a_backfill_names_its_run_or_its_command() -> None:
    dataset = contract.load("police").dataset("resident")
    fail(land(dataset, f"manual__x__{DAY}", DAY, b"", 0).load_id)
    record.note_task("backfill_source", "load_day", "manual__x", SourceError("x"))
    found = resident_today().stop
    assert found is not None
    assert (found.name, found.run, found.clear) == (
        "backfill_source.load_day", "manual__x", "load_day",
    )  # fmt: skip
    assert "failed while fetching" in failed_load().message.en
    fail(land(dataset, f"backfill__{DAY}__{DAY}__1__{DAY}", DAY, b"", 0).load_id)
    again = f"python -m dean06 backfill --source police --from {DAY} --to {DAY}"
    said = failed_load().message
    assert said.en.endswith(f"Run {again} again: it continues with this day.")
    assert said.vi.endswith(f"Chạy lại lệnh {again} để nạp tiếp từ ngày này.")


@pytest.mark.parametrize("cause", Cause)
def test_a_command_that_failed_has_one_instruction(cause: Cause) -> None:
    """It has no task to clear, whatever stopped it."""
    dataset = contract.load("police").dataset("resident")
    load = land(dataset, f"backfill__{DAY}__{DAY}__1__{DAY}", DAY, b"", 0)
    ledger.note_cause(load, "x", cause)
    with transaction() as session:
        found = problems.detect(session, now() + timedelta(hours=7))
        said = {each.kind: each.message for each in found}
    for message in said.values():
        assert not re.search(r"\bclear|failed task", message.en, re.IGNORECASE), message.en
        assert "chạy lại tác vụ" not in message.vi.lower(), message.vi
    why = resident_today().why
    assert why is not None
    assert not re.search(r"\bclear|failed task", why.en, re.IGNORECASE)


def test_a_command_that_was_killed_is_run_again() -> None:
    dataset = contract.load("police").dataset("resident")
    land(dataset, f"backfill__{DAY}__{DAY}__1__{DAY}", DAY, b"", 0)
    with transaction() as session:
        found = list(problems.detect(session, now() + timedelta(hours=7)))
    (problem,) = (each for each in found if each.kind is Kind.UNFINISHED)
    assert "Run python -m dean06 backfill --source police" in problem.message.en
    assert "clear" not in problem.message.en


def test_an_export_that_fails_names_its_request_or_nothing() -> None:
    agreed = contract.load("health")
    load = ledger.open_load(agreed, agreed.dataset("encounter"), "one", date(2022, 10, 31))
    ledger.note_cause(load, "source down", Cause.SOURCE_UNAVAILABLE)

    def failed() -> str | None:
        with reading.warehouse() as session:
            page = today.read(session, now())
        stop = next(s for s in page.sources if s.agreed is agreed).datasets[0].stop
        return stop and stop.task

    assert failed() == "encounter.request_export"
    ledger.set_export_handle(load, "https://example.vn/export/1")
    assert failed() is None
    record.note_task("sync_health", "encounter.wait_for_export", "one", SourceError("x"))
    assert failed() == "encounter.wait_for_export"
