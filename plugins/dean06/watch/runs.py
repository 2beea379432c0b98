"""Problems that Airflow shows: tasks and runs that failed or are late, parts that stand still.

What the ledger reports with its cause is not reported again. A failure is over when its task, or a
later run of its DAG, went well, and the ledger has nothing of the failed run left to load.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from dean06.contract import Bilingual
from dean06.errors import Cause, detail_of
from dean06.failures.causes import explain
from dean06.failures.particulars import Particulars, particulars
from dean06.provinces import current
from dean06.warehouse import Session, sql_file
from dean06.watch import stopped
from dean06.watch.airflow import Seen
from dean06.watch.problem import EN, VI, Kind, Problem

_STARTS_WITHIN = timedelta(minutes=30)
"""Of a task that is ready: longer than Airflow takes to queue again what a dead worker left."""
_TASK_WITHIN = timedelta(hours=2)
"""As long as a task may take (``execution_timeout``)."""
_STATES_VI = {"queued": "chờ thực thi", "scheduled": "chờ xếp lịch", "running": "đang chạy"}
"""States in which a task can be late; in English as Airflow names them."""
_SYNC = "sync_"
_BACKFILL = "backfill_source"
"""Its task ``load_day`` takes all steps of a day; the day is a part of the load's run key."""


def ends_within(dag_id: str) -> timedelta | None:
    """How long a run may take before it is late; None where it waits for people, or takes as long
    as the days that it was asked for."""
    if dag_id in ("release_kpis", _BACKFILL):
        return None
    return timedelta(hours=3 if dag_id.startswith(_SYNC) else 1.5)


def given_up(seen: Seen) -> set[str]:
    """``source/run`` of syncs with a task that failed for good, ``backfill_source/run`` of
    backfills."""
    return {
        f"{task['dag_id'].removeprefix(_SYNC)}/{task['dag_run_id']}"
        for task in seen.tasks
        if task["state"] == "failed" and task["dag_id"].startswith((_SYNC, _BACKFILL))
    }


def detect(
    session: Session, seen: Seen, reported: Iterable[Problem], now: datetime
) -> Iterator[Problem]:
    """What Airflow shows and the ledger's problems, ``reported``, do not cover."""
    causes = {
        (row.dag_code, row.task_code, row.run_key): row
        for row in session.rows("select * from ops.task_failure")
    }
    covered, stops = _Covered(reported), stopped.moments()
    current = _current(session, seen, now)
    mattering = (task for task in seen.tasks if _run_of(task) in current)
    for task in _newest_of_each(mattering):
        if task["state"] == "failed":
            noted = causes.get((task["dag_id"], task["task_id"], task["dag_run_id"]))
            if not covered.has(task, noted):
                yield _failed(task, noted, stopped.ended_with_it(task, stops))
        elif (late := _lateness(task, now)) is not None:
            yield _late_task(task, late)
    blamed = {_run_of(task) for task in seen.tasks if task["state"] == "failed"}
    for (dag, key), run in current.items():
        if run["state"] == "failed" and (dag, key) not in blamed:
            yield _failed_run(run)
        elif run["state"] != "failed" and _is_late(run, now):
            yield _late_run(run)
    yield from map(_unstarted, seen.unstarted.items())
    yield from map(_dead, seen.parts)
    yield from map(_unreadable, seen.unreadable)


def unreachable(error: Exception) -> Problem:
    """Airflow cannot be asked."""
    found = detail_of(error)
    return Problem(
        Kind.AIRFLOW_UNREACHABLE,
        Bilingual(
            "Airflow cannot be reached, so failed tasks may go unnoticed. Check its api-server and "
            "DEAN06_AIRFLOW_API (address, user, password).",
            "Không kết nối được Airflow nên có thể còn tác vụ lỗi chưa được phát hiện. Kiểm tra "
            "dịch vụ api-server và DEAN06_AIRFLOW_API (địa chỉ, tài khoản, mật khẩu).",
        ),
        detail=Particulars(str(error), found.text("vi") if found else None),
    )


class _Covered:
    """What the ledger has reported already, with a better cause than Airflow knows."""

    def __init__(self, reported: Iterable[Problem]) -> None:
        self._loads, self._steps = set(), set()
        for problem in reported:
            if problem.kind in (Kind.FAILED, Kind.HELD):
                self._loads.add((problem.source, problem.run_key, problem.dataset))
            elif problem.kind is Kind.FAILED_STEP:
                self._steps.add((problem.step, problem.detail.en if problem.detail else None))
        self._runs = {(source, run) for source, run, _ in self._loads}
        self._backfills = {(run or "").rpartition("__")[0] for _, run in self._runs}

    def has(self, task: Mapping[str, Any], noted: Any) -> bool:
        """Whether a failed task is the one that a load or a step has reported."""
        source, run = task["dag_id"].removeprefix(_SYNC), task["dag_run_id"]
        dataset, dot, _ = task["task_id"].partition(".")
        if source == _BACKFILL and task["task_id"] == "load_day" and run in self._backfills:
            return True
        if not dot and (source, run) in self._runs:
            return True  # publish fails for all datasets of its source
        if (source, run, dataset) in self._loads:
            return True
        return noted is not None and (task["dag_id"], noted.cause) in self._steps


def _current(
    session: Session, seen: Seen, now: datetime
) -> dict[tuple[str, str], Mapping[str, Any]]:
    """Runs that matter still: active, or failed and not made good by a later one."""
    pending = {
        (f"{_SYNC}{row.source_code}", row.run_key)
        for row in session.rows(sql_file("watch/unfinished.sql"), before=now)
    }
    found = {}
    for dag, runs in seen.runs.items():
        is_over = False
        for run in runs:  # newest first
            key = (dag, run["dag_run_id"])
            if run["state"] == "success":
                is_over = True
            elif run["state"] != "failed" or not is_over or key in pending:
                found[key] = run
    return found


def _run_of(task: Mapping[str, Any]) -> tuple[str, str]:
    return task["dag_id"], task["dag_run_id"]


def _newest_of_each(tasks: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Of every task and state its newest instance: a fault of every hour is one problem."""
    found: dict[tuple[str, str, str], Mapping[str, Any]] = {}
    for task in sorted(tasks, key=lambda each: str(each["run_after"])):
        found[task["dag_id"], task["task_id"], task["state"]] = task
    return list(found.values())


def _failed(task: Mapping[str, Any], noted: Any, is_stopped: bool) -> Problem:
    name, run = f"{task['dag_id']}.{task['task_id']}", task["dag_run_id"]
    unknown = Cause.SYSTEM_STOPPED if is_stopped else Cause.NOT_RECORDED
    why = explain(noted.cause_code if noted else unknown).text
    return Problem(
        Kind.FAILED_TASK,
        Bilingual(
            f"Task {current.dag_id(name)} failed (run {run}): {why.en}",
            f"Tác vụ {current.dag_id(name)} bị lỗi (lượt chạy {run}): {why.vi}",
        ),
        detail=particulars(noted.cause, noted.detail_code, noted.detail_parameters)
        if noted
        else None,
        step=name,
        run_key=run,
    )


def _failed_run(run: Mapping[str, Any]) -> Problem:
    dag, key = run["dag_id"], run["dag_run_id"]
    shown = current.dag_id(dag)
    return Problem(
        Kind.FAILED_RUN,
        Bilingual(
            f"Run {key} of {shown} failed without a failed task: it exceeded its time limit, or "
            f"somebody ended it. Open DAG {shown} and clear the run's unfinished tasks.",
            f"Lượt chạy {key} của {shown} không thành công dù không có tác vụ lỗi: quá thời gian "
            f"cho phép hoặc bị dừng. Mở DAG {shown} và chạy lại các tác vụ chưa xong.",
        ),
        step=dag,
        run_key=key,
    )


def _late_run(run: Mapping[str, Any]) -> Problem:
    dag, key, limit = run["dag_id"], run["dag_run_id"], ends_within(run["dag_id"])
    shown = current.dag_id(dag)
    hours = f"{(limit or timedelta()) / timedelta(hours=1):g}"
    return Problem(
        Kind.LATE_RUN,
        Bilingual(
            f"Run {key} of {shown} has not ended after {hours} hours: open it and check what it is "
            "waiting for.",
            f"Lượt chạy {key} của DAG {shown} chưa kết thúc sau {hours.replace('.', ',')} giờ: mở "
            "lượt chạy để xem tác vụ nào đang chờ.",
        ),
        step=dag,
        run_key=key,
    )


def _late_task(task: Mapping[str, Any], late: timedelta) -> Problem:
    name, run, state = f"{task['dag_id']}.{task['task_id']}", task["dag_run_id"], task["state"]
    shown = current.dag_id(name)
    minutes = round(late / timedelta(minutes=1))
    return Problem(
        Kind.LATE_TASK,
        Bilingual(
            f"Task {shown} has been {state} for {EN.number(minutes)} minutes (run {run}): check "
            "scheduler and workers, then clear it. Clearing is always safe.",
            f"Tác vụ {shown} {_STATES_VI[state]} đã {VI.number(minutes)} phút (lượt chạy {run}): "
            "kiểm tra bộ lập lịch và tiến trình thực thi, sau đó chạy lại. Việc chạy lại luôn an "
            "toàn.",
        ),
        step=name,
        run_key=run,
    )


def _unstarted(due: tuple[str, datetime]) -> Problem:
    dag, since = due
    shown = current.dag_id(dag)
    return Problem(
        Kind.LATE_RUN,
        Bilingual(
            f"DAG {shown} was due at {EN.at(since)} and has not started: check the scheduler.",
            f"DAG {shown} đến hạn lúc {VI.at(since)} nhưng chưa chạy: kiểm tra bộ lập lịch.",
        ),
        step=dag,
    )


def _dead(part: str) -> Problem:
    return Problem(
        Kind.AIRFLOW_PART,
        Bilingual(
            f"Airflow's {part} does not respond: check its process and start it again.",
            f"Thành phần {part} của Airflow không hoạt động: kiểm tra và khởi động lại.",
        ),
        step=part,
    )


def _unreadable(file: str) -> Problem:
    return Problem(
        Kind.UNREADABLE_DAG,
        Bilingual(
            f"Airflow cannot read {file}: its DAG does not run. The Dags page shows the error.",
            f"Airflow không đọc được tệp {file} nên DAG không chạy. Xem lỗi trên trang Dags của "
            "Airflow.",
        ),
        step=file,
    )


def _is_late(run: Mapping[str, Any], now: datetime) -> bool:
    limit, since = ends_within(run["dag_id"]), run["queued_at"] or run["run_after"]
    return limit is not None and now - datetime.fromisoformat(since) > limit


def _lateness(task: Mapping[str, Any], now: datetime) -> timedelta | None:
    """Since when a task runs or waits, where that is longer than it may."""
    if ends_within(task["dag_id"]) is None:
        return None
    field, limit = {
        "queued": ("queued_when", _STARTS_WITHIN),
        "scheduled": ("scheduled_when", _STARTS_WITHIN),
        "running": ("start_date", _TASK_WITHIN),
    }[task["state"]]
    if not task[field]:
        return None
    passed = now - datetime.fromisoformat(task[field])
    return passed if passed > limit else None
