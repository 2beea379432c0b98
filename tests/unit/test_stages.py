"""What make run and make sync say where the output goes to a file."""

import io
import time
from typing import Any, cast

import pytest
from rich.console import Console

from onebox import sync
from onebox.airflow import Airflow
from onebox.stages import stage


def test_a_file_gets_a_stage_as_a_line_when_it_begins() -> None:
    out = io.StringIO()
    with stage(Console(file=out), "Starting PostgreSQL …"):
        assert out.getvalue() == "Starting PostgreSQL …\n"


def test_a_stage_that_lasts_says_how_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("onebox.stages.SAID_EVERY", 0.05)
    out = io.StringIO()
    with stage(Console(file=out), "Starting PostgreSQL …"):
        time.sleep(0.3)
    said = out.getvalue()
    assert said.count("s: Starting PostgreSQL …") >= 2
    time.sleep(0.2)
    assert out.getvalue() == said, "nothing is said of a stage that is over"


class _SlowAirflow:
    """Two runs: the one of health ends after three looks, the other one at once."""

    looks = 0

    def states(self, _: str) -> dict[str, str]:
        self.looks += 1
        late = "success" if self.looks > 3 else "running"
        return {"sync_police": "success", "sync_health": late}

    def tasks_by_dag(self, _: str) -> dict[str, list[dict[str, Any]]]:
        health = [("extract", "success"), ("stage", "running")]
        tasks = [{"task_id": task, "state": state} for task, state in health]
        return {"sync_police": [{"task_id": "extract", "state": "success"}], "sync_health": tasks}


def test_a_file_gets_the_state_of_a_long_sync_each_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter(range(0, 10_000, 61))
    monkeypatch.setattr("onebox.sync.time.monotonic", lambda: float(next(clock)))
    monkeypatch.setattr("onebox.sync.time.sleep", lambda _: None)
    out = io.StringIO()
    airflow = cast("Airflow", _SlowAirflow())
    sync._follow(airflow, ["sync_police", "sync_health"], "r", Console(file=out, width=132))
    lines = out.getvalue().splitlines()
    assert any("min: sync_health 1 of 2 tasks (stage)" in line for line in lines)
