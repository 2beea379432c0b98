"""Failures of steps that belong to no load: verification, KPI builds, lists, retention.

A step that fails leaves its cause in ``ops.step_failure`` until it succeeds again, so that the page
Today and the watchdog report it within one check, whether or not Airflow still runs.
"""

from contextlib import ContextDecorator, suppress
from types import TracebackType
from typing import Self

from dean06.errors import WarehouseError, cause_of
from dean06.warehouse import transaction


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
                """insert into ops.step_failure (step_code, cause) values (:step, :cause)
                   on conflict (step_code) do update
                   set cause = excluded.cause, failed_at = excluded.failed_at""",
                step=self._step,
                cause=cause_of(error),
            )
