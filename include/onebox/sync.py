"""Sync one day through the running Airflow and show how it goes."""

import subprocess
import sys
import time
from datetime import UTC, date, datetime
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from onebox.airflow import ENDED, Airflow, AirflowError, wait_and_say, wait_until
from onebox.config import PROJECT

_KPIS = "build_kpis"
_CONSUMERS = (
    _KPIS, "verify_identities", "release_kpis", "agency_lists", "reconcile_portal",
    "replay_corrections", "keep_house", "verify_kpis", "backfill_source",
)  # fmt: skip
DAGS = (*_CONSUMERS, *sorted(path.stem for path in (PROJECT / "dags").glob("sync_*.py")))
"""Consumers first: an asset event for a paused DAG is lost. Every source has a DAG, the ones that
somebody added too."""
_SHORT = 180.0
"""Seconds within which a sync is followed from second to second."""
_SAID_EVERY = 60.0
"""Seconds between two lines on how far a sync is, where no bars are shown."""


def sync_day(airflow: Airflow, day: date, console: Console, environment: dict[str, str]) -> bool:
    """Trigger every source for ``day``, wait for KPIs, print the summary; True when all is well."""
    started = datetime.now(UTC)
    run_id = f"sync__{day}__{started:%Y%m%dT%H%M%S}"
    syncs = [dag_id for dag_id in DAGS if dag_id not in _CONSUMERS]
    for dag_id in syncs:
        airflow.trigger(dag_id, run_id, {"day": str(day)})
    failed = _follow(airflow, syncs, run_id, console)
    if published := _last_published(airflow, syncs, run_id):
        _wait_for_kpis(airflow, published, console)
    for dag_id in failed:
        _explain(airflow, dag_id, run_id, console)
    seconds = (datetime.now(UTC) - started).total_seconds()
    console.print(f"\nSynced {day:%d/%m/%Y} in {seconds:.0f} s.\n")
    subprocess.run(
        [sys.executable, "-m", "dean06", "summary", "--day", str(day)],
        cwd=PROJECT, env=environment, check=False,
    )  # fmt: skip
    return not failed


def _follow(airflow: Airflow, dags: list[str], run_id: str, console: Console) -> list[str]:
    """Show task counts until every run has ended; returns the DAGs that failed."""
    columns = (
        TextColumn("{task.description:<16}"), BarColumn(), MofNCompleteColumn(),
        TextColumn("{task.fields[now]}"), TimeElapsedColumn(),
    )  # fmt: skip
    states: dict[str, str] = {}
    begun = told = time.monotonic()
    with Progress(*columns, console=console) as progress:
        bars = {dag_id: progress.add_task(dag_id, total=None, now="queued") for dag_id in dags}
        while set(states) != set(dags):
            # The states first: of a run that has ended, the counts are the last ones.
            found, tasks_of = airflow.states(run_id), airflow.tasks_by_dag(run_id)
            for dag_id in sorted(set(dags) - set(states)):
                tasks = tasks_of.get(dag_id, [])
                done = _done(tasks)
                progress.update(bars[dag_id], total=len(tasks), completed=done, now=_busy(tasks))
                state = found.get(dag_id, "queued")
                if state in ENDED:
                    states[dag_id] = state
                    progress.update(bars[dag_id], now=state)
                    if not console.is_terminal:
                        console.print(f"{dag_id}: {state}, {done} of {len(tasks)} tasks")
            now = time.monotonic()
            if not console.is_terminal and now - told >= _SAID_EVERY:
                told = now
                console.print(_standing(tasks_of, set(dags) - set(states), now - begun))
            # Asking costs Airflow's server something: rarely once it is clear that it takes long.
            time.sleep(1 if now - begun < _SHORT else 10)
    return [dag_id for dag_id, state in states.items() if state != "success"]


def _done(tasks: list[dict[str, Any]]) -> int:
    return sum(task["state"] == "success" for task in tasks)


def _busy(tasks: list[dict[str, Any]]) -> str:
    """The tasks at work, at most three of them."""
    busy = [task["task_id"] for task in tasks if task["state"] in ("running", "deferred")]
    return ", ".join(busy[:3]) or "waiting"


def _standing(
    tasks_of: dict[str, list[dict[str, Any]]], open_dags: set[str], seconds: float
) -> str:
    """How far the runs are that have not ended: for output that shows no bars."""
    parts = [
        f"{dag_id} {_done(tasks)} of {len(tasks)} tasks ({_busy(tasks)})"
        for dag_id, tasks in sorted(tasks_of.items())
        if dag_id in open_dags
    ]
    return f"  {seconds / 60:.0f} min: {'; '.join(parts) or 'all runs have ended'}"


def _wait_for_kpis(airflow: Airflow, published: datetime, console: Console) -> None:
    """Wait for a build that began after the last source had published.

    The published assets start one; where the event was lost, we do.
    """
    console.print("Building KPIs …")
    if not wait_until(lambda: _builds_since(airflow, published), seconds=15):
        airflow.trigger(_KPIS, f"after_sync__{published:%Y%m%dT%H%M%S}", {})
    if not wait_and_say(
        lambda: _have_ended(_builds_since(airflow, published)),
        3600,
        lambda seconds: console.print(f"  {seconds / 60:.0f} min: {_KPIS} is still running"),
    ):
        raise AirflowError(f"{_KPIS} has not ended within an hour")


def _have_ended(runs: list[dict[str, Any]]) -> bool:
    return bool(runs) and all(run["state"] in ENDED for run in runs)


def _builds_since(airflow: Airflow, moment: datetime) -> list[dict[str, Any]]:
    return [
        run
        for run in airflow.runs(_KPIS)
        if run["start_date"] and datetime.fromisoformat(run["start_date"]) >= moment
    ]


def _last_published(airflow: Airflow, dags: list[str], run_id: str) -> datetime | None:
    """When the last of these runs had published; None when none has."""
    tasks_of = airflow.tasks_by_dag(run_id)
    ended = [
        datetime.fromisoformat(task["end_date"])
        for dag_id in dags
        for task in tasks_of.get(dag_id, [])
        if task["task_id"] == "publish" and task["state"] == "success"
    ]
    return max(ended, default=None)


def _explain(airflow: Airflow, dag_id: str, run_id: str, console: Console) -> None:
    for task in airflow.tasks(dag_id, run_id):
        if task["state"] == "failed":
            console.print(f"[red]{dag_id} · {task['task_id']} failed:[/red]")
            for line in airflow.log_lines(dag_id, run_id, task):
                console.print(f"  {line}", highlight=False)
