"""Causes: why a step of a load failed, written beside the load whatever the step was doing.

Today, the watchdog and alerts read ``ops.load.cause``. A step that failed without a cause would
look as if it were still running.
"""

from contextlib import suppress
from types import TracebackType
from typing import Self

from dean06.errors import BatchHeldError, WarehouseError, cause_of, code_of, detail_of
from dean06.load import ledger
from dean06.load.ledger import Load


class noting_cause:  # noqa: N801  # reads as a statement
    """While the block lasts, the load that ``of`` was last called with gets the cause of an error.

    Written after the block's own transaction has ended. Only texts of our own errors are kept: they
    hold no values of records. A held batch has its cause already.
    """

    def __init__(self, load: Load | None = None) -> None:
        self._load = load

    def __enter__(self) -> Self:
        return self

    def of(self, load: Load) -> None:
        """The load that the following errors belong to."""
        self._load = load

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        if error is None or self._load is None or isinstance(error, BatchHeldError):
            return
        # Where the warehouse is out of reach, the step's own error is the one to see.
        with suppress(WarehouseError):
            found = detail_of(error)
            if found is not None:
                found = found.without(self._load.named)
            cause = cause_of(error).removeprefix(f"{self._load}: ")
            ledger.note_cause(self._load, cause, code_of(error), found)
