"""Two things at once in an order the test decides: it holds a lock, they meet it, it lets go."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from typing import Any, Self

from dean06.warehouse import Lock, transaction

LONGEST_SECONDS = 30
"""After which something that was to happen never will."""


@contextmanager
def lock(statement: str) -> Iterator[None]:
    """Hold what the statement locks while the block lasts."""
    with transaction(role="") as session:
        session.run(statement)
        yield


@contextmanager
def advisory(name: Lock) -> Iterator[None]:
    """Hold one of dean06's own locks while the block lasts."""
    with transaction(role="") as session:
        session.lock(name)
        yield


def wait_for_blocked(number: int, kind: str | None = None) -> None:
    """Return when so many sessions wait for a lock (of a kind: ``advisory``, ``relation`` …)."""
    deadline = time.monotonic() + LONGEST_SECONDS
    while (found := _blocked(kind)) != number:
        assert time.monotonic() < deadline, f"{found} sessions wait for a lock, not {number}"
        time.sleep(0.005)


def _blocked(kind: str | None) -> int:
    with transaction(role="") as session:
        return int(
            session.one(
                """select count(distinct pid) as sessions from pg_locks
                   inner join pg_stat_activity using (pid)
                   where datname = current_database() and not granted
                       and locktype = coalesce(:kind, locktype)""",
                kind=kind,
            ).sessions
        )


class Meanwhile:
    """Steps that run in threads of their own, each with connections of its own."""

    def __enter__(self) -> Self:
        self._open = ExitStack()
        self._pool = self._open.enter_context(ThreadPoolExecutor(max_workers=4))
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def start(self, step: Callable[..., Any], *args: Any) -> Future[Any]:
        """Begin a step; ``result()`` waits for its end and raises what it raised."""
        return self._pool.submit(step, *args)
