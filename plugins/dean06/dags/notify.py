"""What Airflow itself can see and tell: a task that failed for good, a run that takes too long.

The watchdog (``dean06.watch.watchdog``) sees what is missing, also when Airflow is down; these
report sooner what happened. Both go to ``DEAN06_ALERT_URLS``.
"""

import logging
from datetime import timedelta
from typing import Any

from airflow.sdk.definitions.callback import SyncCallback
from airflow.sdk.definitions.deadline import DeadlineAlert, DeadlineReference

from dean06.errors import Dean06Error
from dean06.watch import alerts

log = logging.getLogger(__name__)


def tell_failure(context: Any) -> None:
    """Callback of a task whose last try failed: what, why, and where its log is.

    Only our own errors are quoted: they hold no values of records.
    """
    task, error = context["task_instance"], context.get("exception")
    why = str(error) if isinstance(error, Dean06Error) else type(error).__name__
    _tell(
        f"dean06: {task.dag_id} · {task.task_id}",
        f"Tác vụ {task.task_id} của lượt chạy {task.run_id} không thành công sau mọi lần thử.\n"
        f"Task {task.task_id} of run {task.run_id} failed for good.\n{why}\n{task.log_url}",
    )


def tell_late(context: Any, hours: float) -> None:
    """Callback of a run that has not ended ``hours`` after it was queued."""
    run = context["dag_run"]  # as Airflow's API shows it, not the object that tasks see
    dag_id, run_id = run["dag_id"], run["dag_run_id"]
    _tell(
        f"dean06: {dag_id} is late",
        f"Lượt chạy {run_id} chưa xong sau {hours:g} giờ.\n"
        f"Run {run_id} has not ended after {hours:g} hours: look at what it waits for.",
    )


def must_end_within(hours: float) -> DeadlineAlert:
    """The deadline of a DAG's runs, counted from when they were queued."""
    return DeadlineAlert(
        reference=DeadlineReference.DAGRUN_QUEUED_AT,
        interval=timedelta(hours=hours),
        callback=SyncCallback(tell_late, kwargs={"hours": hours}),
    )


def _tell(title: str, body: str) -> None:
    try:
        alerts.send(title, body)
    except Dean06Error as error:  # the task's own failure is what its log must end with
        log.error("%s", error)
