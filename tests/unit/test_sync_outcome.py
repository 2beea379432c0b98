"""How ``make sync`` ends: exit code and words come from the final states, in one language."""

import io
import itertools
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest
from rich.console import Console

from onebox import sync
from onebox.airflow import Airflow, AirflowError

DAY = date(2022, 11, 3)
BEGAN = datetime.now(UTC)


class _Scripted:
    """Runs of one name, whose states change with each look: the last ones stay. A build begins when
    somebody asks for one."""

    def __init__(self, *looks: dict[str, str], later: str = "", build: str = "success") -> None:
        self._looks, self._later, self._build = list(looks), later, build
        self.triggered: list[str] = []
        self._clock = itertools.count(1)

    def trigger(self, dag_id: str, _: str, __: dict[str, str]) -> None:
        self.triggered.append(dag_id)

    def states(self, _: str) -> dict[str, str]:
        return self._looks.pop(0) if len(self._looks) > 1 else self._looks[0]

    def tasks_by_dag(self, _: str) -> dict[str, list[dict[str, Any]]]:
        done = str(BEGAN + timedelta(seconds=1))
        return {
            dag_id: [{"task_id": "publish", "state": state, "end_date": done}]
            for dag_id, state in self._looks[0].items()
        }

    def runs(self, dag_id: str) -> list[dict[str, Any]]:
        if dag_id == "build_kpis":
            at = str(BEGAN + timedelta(hours=next(self._clock)))
            return [{"state": self._build, "start_date": at}]
        states = [self._later] if self._later else []
        return [{"state": state} for state in (*states, self._looks[0].get(dag_id, "queued"))]

    def tasks(self, _: str, __: str) -> list[dict[str, Any]]:
        return [{"task_id": "land_record.extract", "state": "failed"}]

    def error_lines(self, _: str, __: str, ___: dict[str, Any], vietnamese: bool) -> list[str]:
        return ["tệp khác kê khai" if vietnamese else "a file differs from its manifest"]


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("onebox.sync.time.sleep", lambda _: None)
    monkeypatch.setattr("onebox.sync.DAGS", ("build_kpis", "sync_health", "sync_police"))
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)


def end_of(airflow: _Scripted, tmp_path: Path, source: str | None = None) -> tuple[bool, str]:
    """What a sync comes to and what it says; its summary has no warehouse and says nothing."""
    out = io.StringIO()
    console = Console(file=out, width=200)
    environment = {"DEAN06_HOME": str(tmp_path)}
    return sync.sync_day(
        cast("Airflow", airflow), DAY, console, environment, source
    ), out.getvalue()


def test_a_run_that_was_cured_while_the_sync_ran_is_no_failure(tmp_path: Path) -> None:
    airflow = _Scripted(
        {"sync_health": "failed", "sync_police": "success"},
        {"sync_health": "running", "sync_police": "success"},
        {"sync_health": "success", "sync_police": "success"},
    )
    is_well, said = end_of(airflow, tmp_path)
    assert is_well
    assert "sync_health: failed, was repaired while the sync ran, and succeeded in the end." in said
    assert "Synced 03/11/2022" in said
    assert "manifest" not in said, "what is over needs no cause"


def test_a_run_that_a_later_one_made_good_is_cured(tmp_path: Path) -> None:
    airflow = _Scripted({"sync_health": "failed", "sync_police": "success"}, later="success")
    is_well, said = end_of(airflow, tmp_path)
    assert is_well
    assert "sync_health: failed, was repaired" in said


def test_a_run_that_stays_failed_is_said_and_ends_with_a_failure(tmp_path: Path) -> None:
    airflow = _Scripted({"sync_health": "failed", "sync_police": "success"})
    is_well, said = end_of(airflow, tmp_path)
    assert not is_well
    assert "The sync of 03/11/2022 failed after" in said
    assert ": sync_health." in said
    assert "Synced" not in said
    assert "a file differs from its manifest" in said


def test_a_failed_build_is_a_failure_too(tmp_path: Path) -> None:
    airflow = _Scripted({"sync_health": "success", "sync_police": "success"}, build="failed")
    is_well, said = end_of(airflow, tmp_path)
    assert not is_well
    assert ": build_kpis." in said


def test_a_failed_run_ends_in_one_language(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANG", "vi_VN.UTF-8")
    airflow = _Scripted({"sync_health": "failed", "sync_police": "success"})
    _, said = end_of(airflow, tmp_path)
    assert "sync_health · land_record.extract: lỗi" in said
    assert "tệp khác kê khai" in said
    assert "Đồng bộ ngày 03/11/2022 không thành công" in said
    english = ("failed", "Building", "Synced", "manifest", "tasks", "waiting", "success")
    assert not [word for word in english if word in said], said


def test_one_source_is_synced_alone(tmp_path: Path) -> None:
    airflow = _Scripted({"sync_police": "success"})
    assert end_of(airflow, tmp_path, "police")[0]
    assert airflow.triggered == ["sync_police"]
    with pytest.raises(AirflowError, match="no source polise; sources: health, police"):
        end_of(airflow, tmp_path, "polise")
