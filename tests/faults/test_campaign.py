"""A day that goes wrong is a failure with its logs kept, and not the end of the campaign."""

import json
import logging
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from dean06 import warehouse
from dean06.errors import WarehouseError
from onebox.airflow import AirflowError
from tests.faults import __main__ as faults
from tests.faults import evidence, inputs, kills, living, outages
from tests.faults.killing import Fault, Plan
from tests.faults.kills import DAYS, Day, strike_and_judge
from tests.faults.outages import Outage
from tests.faults.summary import Summary

HELD = Fault(
    "held", "sync_police/publish", "dean06.load.publish:_close_books", "after", what="hold"
)
NEVER = Fault("never", "sync_police/publish", "dean06.load.publish:_send", "after", what="hold")


class Installation:
    """What a campaign sees of one in which a task comes to where it is held, and nothing else."""

    def __init__(self, home: Path) -> None:
        for folder in ("logs", "postgres"):
            (home / folder).mkdir(parents=True)
            (home / folder / "said.json").write_text(f"what {folder} said")
        self.config = SimpleNamespace(home=home)
        self.postgres = SimpleNamespace(logs=lambda: [home / "postgres" / "said.json"])
        self.airflow = SimpleNamespace(runs=self.runs, tasks=self.tasks)
        self.plan = Plan(home / "deaths")
        self.run_ended = False
        self.ended_by_us = 0

    def runs(self, *_: Any) -> list[dict[str, Any]]:
        return [{"dag_run_id": "run", "state": "running"}]

    def tasks(self, *_: Any) -> list[dict[str, Any]]:
        return [{"task_id": "resident.stage", "state": "queued", "try_number": 2}]

    def renew(self) -> None:
        """Nothing is in it."""

    def trigger(self, *_: Any) -> None:
        (self.plan.folder / "fired" / HELD.name).touch()

    def has_ended(self, *_: Any) -> bool:
        return self.run_ended

    def await_quiet(self, _: float, meanwhile: Callable[[], None]) -> bool:
        meanwhile()
        return True

    def failed_runs(self) -> list[str]:
        return []

    def end_runs(self) -> None:
        self.ended_by_us += 1


@pytest.fixture
def installation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Installation:
    """Its warehouse is as it must be; nobody waits long."""
    monkeypatch.setattr(evidence, "ROOT", tmp_path / "kept")
    monkeypatch.setattr(outages, "_REACHED_WITHIN", 0.3)
    monkeypatch.setattr(outages, "_LOOK_EVERY", 0.2)
    monkeypatch.setattr(kills, "half_published", list)
    monkeypatch.setattr(kills, "judge", lambda *_: [])
    return Installation(tmp_path / "home")


def live_through(installation: Any, *struck: Outage) -> Summary:
    """A day with these outages, and a quiet one after it: the campaign goes on."""
    summary = Summary("kills")
    plan = Day(DAYS[0], "a day, of outages", [outage.during for outage in struck], struck)
    sound = strike_and_judge(installation, plan, {DAYS[0]: {}}, summary)
    assert sound == (not summary.failures)
    assert strike_and_judge(installation, Day(DAYS[0], "the next"), {DAYS[0]: {}}, summary)
    assert summary.counts["days synced"] == 2
    return summary


def raising(error: Exception) -> Callable[[Any], None]:
    def strike(living: Any) -> None:
        raise error

    return strike


def test_what_strikes_is_counted_and_leaves_no_evidence(
    installation: Installation, tmp_path: Path
) -> None:
    struck: list[Any] = []
    summary = live_through(installation, Outage("scheduler", HELD, struck.append))
    assert struck == [installation]
    assert summary.failures == []
    assert summary.counts["scheduler killed"] == 1
    assert not (tmp_path / "kept").exists()
    assert installation.ended_by_us == 0


@pytest.mark.parametrize("run_ended", [False, True])
def test_what_is_not_reached_is_a_failure_and_the_next_outage_comes(
    installation: Installation, tmp_path: Path, run_ended: bool
) -> None:
    installation.run_ended = run_ended
    struck: list[Any] = []
    summary = live_through(
        installation,
        Outage("scheduler", NEVER, lambda _: None),
        Outage("database server", HELD, struck.append),
    )
    (failure,) = summary.failures
    assert f"a day, of outages: scheduler: AirflowError: {NEVER} was not reached" in failure
    assert "resident.stage queued (try 2)" in failure
    assert struck == [installation]
    assert "scheduler killed" not in summary.counts
    assert summary.counts["database server killed"] == 1
    assert summary.counts["planned, not come by"] == 1
    assert installation.ended_by_us == 1
    (kept,) = (tmp_path / "kept").iterdir()
    assert failure.endswith(f"{kept.name}]")
    assert (kept / "logs" / "said.json").read_text() == "what logs said"
    assert (kept / "postgres-said.json").read_text() == "what postgres said"
    assert json.loads((kept / "deaths" / "plan.json").read_text()) == []
    released = {marker.name for marker in (kept / "deaths" / "released").iterdir()}
    assert released == {HELD.name, NEVER.name}
    assert "sync_police run running" in json.loads((kept / "tasks.json").read_text())
    assert not (kept / "missing.txt").exists()


@pytest.mark.parametrize(
    "error", [AirflowError("the sign-in is refused"), AssertionError("scheduler does not run")]
)
def test_what_cannot_strike_is_not_counted(installation: Installation, error: Exception) -> None:
    summary = live_through(installation, Outage("scheduler", HELD, raising(error)))
    (failure,) = summary.failures
    assert f"scheduler: {type(error).__name__}: {error}" in failure
    assert "scheduler killed" not in summary.counts
    assert (installation.plan.folder / "released").exists()


@pytest.mark.parametrize("error", [AirflowError("no answer"), WarehouseError("no connection")])
def test_an_exception_is_a_failure_of_its_day(
    installation: Installation, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    answers = iter([error])

    def renew() -> None:
        for first in answers:
            raise first

    monkeypatch.setattr(installation, "renew", renew)
    summary = live_through(installation)
    (failure,) = summary.failures
    assert f"a day, of outages: {type(error).__name__}: {error}" in failure


def test_evidence_that_cannot_be_had_is_named(installation: Installation) -> None:
    def refuse(dag_id: str) -> list[dict[str, Any]]:
        raise AirflowError("no answer")

    installation.airflow.runs = refuse
    (installation.config.home / "postgres" / "said.json").unlink()
    kept = evidence.keep(installation, "run")  # type: ignore[arg-type]
    assert (kept / "logs" / "said.json").exists()
    missing = (kept / "missing.txt").read_text()
    assert "postgres: " in missing
    assert "tasks: AirflowError: no answer" in missing


def test_nothing_to_kill_is_no_outage() -> None:
    with pytest.raises(AirflowError, match="no process to kill"):
        outages.kill([])


def test_a_failure_is_exit_code_one(monkeypatch: pytest.MonkeyPatch) -> None:
    failed = Summary("kills", failures=["a day: something"])
    monkeypatch.setattr(kills, "campaign", lambda _: failed)
    monkeypatch.setattr(logging, "disable", lambda _: None)
    monkeypatch.setattr("sys.argv", ["faults", "kills"])
    assert faults.main() == 1


def test_a_campaign_that_breaks_off_fails_and_the_next_is_led(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def breaks_off(seed: int) -> Summary:
        raise WarehouseError(f"no answer, seed {seed}")

    monkeypatch.setattr(kills, "campaign", breaks_off)
    monkeypatch.setattr(inputs, "campaign", lambda _: Summary("inputs", {"tried": 7}))
    monkeypatch.setattr(logging, "disable", lambda _: None)
    monkeypatch.setattr("sys.argv", ["faults", "kills", "inputs"])
    assert faults.main() == 1
    told = capsys.readouterr().out
    assert "kills: FAILED broke off: WarehouseError: no answer, seed 6" in told
    assert "inputs: tried 7" in told


def test_each_installation_is_read_in_its_own_warehouse() -> None:
    ports = []
    for port in (5001, 5002):
        with living.reading(f"postgresql+psycopg2://someone@127.0.0.1:{port}/dean06"):
            ports.append(warehouse.engine().url.port)
    warehouse.engine.cache_clear()
    assert ports == [5001, 5002]
