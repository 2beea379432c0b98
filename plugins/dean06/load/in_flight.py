"""In flight: work in a thread beside its caller, one piece at a time and in order."""

from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any


class OneInFlight:
    """Does pieces of work one after another while the next one is being made ready."""

    def __init__(self, pool: Executor) -> None:
        self._pool = pool
        self._pending: Future[Any] | None = None

    def settle(self) -> None:
        """Wait for the piece in flight. Raises what it raised."""
        pending, self._pending = self._pending, None
        if pending is not None:
            pending.result()

    def submit(self, work: Callable[..., Any], *args: Any, **named: Any) -> None:
        """Begin the next piece when the one before is done. Raises what that one raised."""
        self.settle()
        self._pending = self._pool.submit(work, *args, **named)


@contextmanager
def one_in_flight() -> Iterator[OneInFlight]:
    """A thread for pieces of work; all are done when the block ends."""
    with ThreadPoolExecutor(max_workers=1) as pool:
        work = OneInFlight(pool)
        yield work
        work.settle()
