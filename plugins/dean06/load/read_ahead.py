"""Items produced ahead of their consumer, in order and within limits.

Unpacking, parsing and sorting leave the interpreter to others, so two files are read while the
records of another are on their way into staging, and the next part of a load is put in order while
one is on its way into core.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import copy_context
from typing import Generic, TypeVar

T = TypeVar("T")
F = TypeVar("F")

_FILES = 2
"""Read at once, beside the one that is taken."""


class _OneAhead(Generic[T]):
    """The items of an iterator; at most one is produced before it is requested."""

    def __init__(self, pool: Executor, items: Iterator[T]) -> None:
        self._pool, self._items = pool, items
        self._upcoming = self._next()

    def __iter__(self) -> Iterator[T]:
        while (item := self._upcoming.result()) is not None:
            self._upcoming = self._next()
            yield item

    def _next(self) -> "Future[T | None]":
        return self._pool.submit(copy_context().run, self._made)

    def _made(self) -> T | None:
        return next(self._items, None)


@contextmanager
def one_ahead(items: Iterator[T]) -> Iterator[Iterable[T]]:
    """The items of an iterator, each made in a thread while the one before is used; it makes none
    when the block has ended."""
    with ThreadPoolExecutor(max_workers=1) as pool:
        yield _OneAhead(pool, items)


def read_ahead(
    files: Iterable[F], read: Callable[[F], Iterator[T]]
) -> Iterator[tuple[F, Iterable[T]]]:
    """Each file with what ``read`` makes of it, which must be taken before the next file is.

    What reading raises is raised where the item would have come.
    """
    opened: deque[tuple[F, _OneAhead[T]]] = deque()
    with ThreadPoolExecutor(max_workers=_FILES) as pool:
        for file in files:
            opened.append((file, _OneAhead(pool, read(file))))
            if len(opened) > _FILES:
                yield opened.popleft()
        yield from opened
