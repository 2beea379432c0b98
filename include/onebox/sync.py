"""Sync one day through the running Airflow and show how it goes."""

import subprocess
import sys
import time
from datetime import UTC, date, datetime
from typing import Any

import msgspec
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from onebox.airflow import ENDED, Airflow, AirflowError, wait_and_say, wait_until
from onebox.config import PROJECT
from onebox.language import is_vietnamese, say

_KPIS = "build_kpis"
_CONSUMERS = (
    _KPIS, "verify_identities", "release_kpis", "agency_lists", "reconcile_portal",
    "replay_corrections", "keep_house", "verify_kpis", "backfill_source",
    "release_open_data",
)  # fmt: skip


def _syncs() -> list[str]:
    """The sync of every source of a province, of those that somebody added too. The source of a
    country has none here: its DAG file makes no DAG."""
    names = sorted(path.stem for path in (PROJECT / "dags").glob("sync_*.py"))
    return [name for name in names if _level(name.removeprefix("sync_")) == "province"]


def _level(source: str) -> str:
    """Of what its contract says that it is a source; one without a contract is for Airflow to
    report."""
    path = PROJECT / "include" / "contracts" / f"{source}.yaml"
    contract = msgspec.yaml.decode(path.read_bytes()) if path.is_file() else {}
    own = {each["property"]: each["value"] for each in contract.get("customProperties", ())}
    return str(own.get("level", "province"))


DAGS = (*_CONSUMERS, *_syncs())
"""Consumers first: an asset event for a paused DAG is lost."""
_SHORT = 180.0
"""Seconds within which a sync is followed from second to second."""
_SAID_EVERY = 60.0
"""Seconds between two lines on how far a sync is, where no bars are shown."""


def sync_day(
    airflow: Airflow,
    day: date,
    console: Console,
    environment: dict[str, str],
    source: str | None = None,
) -> bool:
    """Trigger every source for ``day``, or one, wait for KPIs, print the summary; True when every
    run has ended well. Raises AirflowError for a source without a DAG."""
    started = datetime.now(UTC)
    run_id = f"sync__{day}__{started:%Y%m%dT%H%M%S}"
    syncs = [dag_id for dag_id in DAGS if dag_id not in _CONSUMERS]
    if source is not None and f"sync_{source}" not in syncs:
        known = ", ".join(dag_id.removeprefix("sync_") for dag_id in syncs)
        raise AirflowError(f"there is no source {source}; sources: {known}")
    if source is not None:
        syncs = [f"sync_{source}"]
    for dag_id in syncs:
        airflow.trigger(dag_id, run_id, {"day": str(day)})
    failed, cured = _to_the_end(airflow, syncs, run_id, console)
    for dag_id in failed:
        _explain(airflow, dag_id, run_id, console)
    _tell_outcome(console, day, failed, cured, (datetime.now(UTC) - started).total_seconds())
    show_summary(day, environment)
    return not failed


def show_summary(day: date, environment: dict[str, str]) -> None:
    """Print the day on one screen."""
    subprocess.run(
        [sys.executable, "-m", "dean06", "summary", "--day", str(day)],
        cwd=PROJECT, env=environment, check=False,
    )  # fmt: skip


def _to_the_end(
    airflow: Airflow, dags: list[str], run_id: str, console: Console
) -> tuple[list[str], list[str]]:
    """Wait for runs and KPIs until nothing changes any more: a task that somebody clears meanwhile
    runs again. Returns the DAGs that failed, and those that had failed and were cured."""
    states: dict[str, str] = {}
    ever_failed: set[str] = set()
    open_dags, built = dags, None
    while open_dags:
        states |= _follow(airflow, open_dags, run_id, console)
        ever_failed |= {dag_id for dag_id in dags if states[dag_id] == "failed"}
        published = _last_published(airflow, dags, run_id)
        if published is not None and published != built:
            _wait_for_kpis(airflow, published, console)
            built = published
        now = airflow.states(run_id)
        open_dags = [dag_id for dag_id in dags if now.get(dag_id) != states[dag_id]]
    failed = [each for each in dags if states[each] == "failed" and not _is_over(airflow, each)]
    cured = sorted(ever_failed - set(failed))
    if built is not None and _builds_since(airflow, built)[0]["state"] == "failed":
        failed.append(_KPIS)
    return failed, cured


def _is_over(airflow: Airflow, dag_id: str) -> bool:
    """Whether a later run of the DAG went well: as the watchdog and the summary see it."""
    for run in airflow.runs(dag_id):  # newest first
        if run["state"] in ENDED:
            return bool(run["state"] == "success")
    return False


def _tell_outcome(
    console: Console, day: date, failed: list[str], cured: list[str], seconds: float
) -> None:
    """What the exit code says, in words."""
    for dag_id in cured:
        console.print(
            say(
                f"{dag_id}: có lỗi nhưng đã khắc phục trong lúc đồng bộ, kết quả cuối cùng là "
                "thành công.",
                f"{dag_id}: failed, was repaired while the sync ran, and succeeded in the end.",
            ),
            highlight=False,
        )
    names = ", ".join(failed)
    console.print(
        say(
            f"\nĐồng bộ ngày {day:%d/%m/%Y} không thành công sau {seconds:.0f} giây: {names}.\n",
            f"\nThe sync of {day:%d/%m/%Y} failed after {seconds:.0f} s: {names}.\n",
        )
        if failed
        else say(
            f"\nĐã đồng bộ ngày {day:%d/%m/%Y} trong {seconds:.0f} giây.\n",
            f"\nSynced {day:%d/%m/%Y} in {seconds:.0f} s.\n",
        ),
        highlight=False,
    )


def _follow(airflow: Airflow, dags: list[str], run_id: str, console: Console) -> dict[str, str]:
    """Show task counts until every run has ended; returns how each ended."""
    columns = (
        TextColumn("{task.description:<16}"), BarColumn(), MofNCompleteColumn(),
        TextColumn("{task.fields[now]}"), TimeElapsedColumn(),
    )  # fmt: skip
    states: dict[str, str] = {}
    begun = told = time.monotonic()
    with Progress(*columns, console=console) as progress:
        bars = {dag_id: progress.add_task(dag_id, total=None, now=_waiting()) for dag_id in dags}
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
                    progress.update(bars[dag_id], now=_named(state))
                    if not console.is_terminal:
                        console.print(_ended(dag_id, state, done, len(tasks)))
            now = time.monotonic()
            if not console.is_terminal and now - told >= _SAID_EVERY:
                told = now
                console.print(_standing(tasks_of, set(dags) - set(states), now - begun))
            # Asking costs Airflow's server something: rarely once it is clear that it takes long.
            time.sleep(1 if now - begun < _SHORT else 10)
    return states


def _done(tasks: list[dict[str, Any]]) -> int:
    return sum(task["state"] == "success" for task in tasks)


def _busy(tasks: list[dict[str, Any]]) -> str:
    """The tasks at work, at most three of them."""
    busy = [task["task_id"] for task in tasks if task["state"] in ("running", "deferred")]
    return ", ".join(busy[:3]) or _waiting()


def _waiting() -> str:
    return say("đang chờ", "waiting")


def _named(state: str) -> str:
    """The state of a run that has ended."""
    return say("thành công" if state == "success" else "không thành công", state)


def _ended(dag_id: str, state: str, done: int, count: int) -> str:
    return say(
        f"{dag_id}: {_named(state)}, xong {done}/{count} tác vụ",
        f"{dag_id}: {state}, {done} of {count} tasks",
    )


def _standing(
    tasks_of: dict[str, list[dict[str, Any]]], open_dags: set[str], seconds: float
) -> str:
    """How far the runs are that have not ended: for output that shows no bars."""
    parts = [
        say(
            f"{dag_id} xong {_done(tasks)}/{len(tasks)} tác vụ ({_busy(tasks)})",
            f"{dag_id} {_done(tasks)} of {len(tasks)} tasks ({_busy(tasks)})",
        )
        for dag_id, tasks in sorted(tasks_of.items())
        if dag_id in open_dags
    ]
    minutes, shown = f"{seconds / 60:.0f}", "; ".join(parts)
    return say(
        f"  {minutes} phút: {shown or 'mọi lượt chạy đã kết thúc'}",
        f"  {minutes} min: {shown or 'all runs have ended'}",
    )


def _wait_for_kpis(airflow: Airflow, published: datetime, console: Console) -> None:
    """Wait for a build that began after the last source had published.

    The published assets start one; where the event was lost, we do.
    """
    console.print(say("Đang tính chỉ tiêu …", "Building KPIs …"))
    if not wait_until(lambda: _builds_since(airflow, published), seconds=15):
        airflow.trigger(_KPIS, f"after_sync__{published:%Y%m%dT%H%M%S}", {})
    if not wait_and_say(
        lambda: _have_ended(_builds_since(airflow, published)),
        3600,
        lambda seconds: console.print(
            say(
                f"  {seconds / 60:.0f} phút: {_KPIS} vẫn đang chạy",
                f"  {seconds / 60:.0f} min: {_KPIS} is still running",
            )
        ),
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
            said = say("lỗi", "failed")
            console.print(f"[red]{dag_id} · {task['task_id']}: {said}[/red]")
            for line in airflow.error_lines(dag_id, run_id, task, is_vietnamese()):
                console.print(f"  {line}", highlight=False, markup=False)
