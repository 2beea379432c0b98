"""Failures of steps that belong to no load: verification, KPI builds, lists, retention.

A step that fails leaves its cause in ``ops.step_failure`` until it succeeds again, so that the page
Today and the watchdog report it within one check, whether or not Airflow still runs.
"""

from contextlib import ContextDecorator, suppress
from types import TracebackType
from typing import Self

from dean06.details.detail import columns_of
from dean06.errors import Dean06Error, WarehouseError, cause_of, code_of, detail_of
from dean06.warehouse import sql_file, transaction


class reported_as(ContextDecorator):  # noqa: N801  # reads as a statement
    """While the block lasts, an error of it is the failure of ``step``; its end without one clears
    the failure. Only texts of our own errors are kept: they hold no values of records.
    """

    def __init__(self, step: str) -> None:
        self._step = step

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        # Where the warehouse is out of reach, the step's own error is the one to see.
        with suppress(WarehouseError), transaction() as session:
            if error is None:
                session.run("delete from ops.step_failure where step_code = :step", step=self._step)
                return
            session.run(
                sql_file("watch/note_step.sql"),
                step=self._step,
                cause=cause_of(error),
                code=code_of(error),
                **columns_of(detail_of(error)),
            )


def note_task(dag_id: str, task_id: str, run_key: str, error: BaseException) -> None:
    """Write down why a try of a task of Airflow's failed; of each task the newest is kept.

    It counts as a problem only when Airflow says that the task has failed for good.
    """
    with suppress(Dean06Error), transaction() as session:
        session.run(
            sql_file("watch/note_task.sql"),
            dag=dag_id,
            task=task_id,
            run_key=run_key,
            cause=cause_of(error),
            code=code_of(error),
            **columns_of(detail_of(error)),
        )
