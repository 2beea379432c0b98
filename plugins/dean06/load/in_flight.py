"""In flight: work in a thread beside its caller, one piece at a time and in order."""

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import copy_context
from typing import Any

_WAITING = 1
"""Pieces that wait for the one in flight, so that its thread need not wait for its caller."""


class OneInFlight:
    """Does pieces of work one after another while the next ones are being made ready."""

    def __init__(self, pool: Executor) -> None:
        self._pool = pool
        self._pending: deque[Future[Any]] = deque()

    def settle(self, left: int = 0) -> None:
        """Wait until no more pieces than ``left`` are unfinished. Raises what one raised."""
        while len(self._pending) > left:
            self._pending.popleft().result()

    def submit(self, work: Callable[..., Any], *args: Any, **named: Any) -> None:
        """Have the next piece done after those before. Raises what one of them raised."""
        self.settle(_WAITING)
        self._pending.append(self._pool.submit(copy_context().run, work, *args, **named))


@contextmanager
def one_in_flight() -> Iterator[OneInFlight]:
    """A thread for pieces of work; all are done when the block ends."""
    with ThreadPoolExecutor(max_workers=1) as pool:
        work = OneInFlight(pool)
        yield work
        work.settle()
