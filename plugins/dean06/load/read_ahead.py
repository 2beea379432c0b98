"""Files read ahead of whoever takes what they hold, in their order and within bounds.

Unpacking and parsing leave the interpreter to others, so two files are read while the records of
another are on their way to PostgreSQL.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from typing import Generic, TypeVar

T = TypeVar("T")
F = TypeVar("F")

_FILES = 2
"""Read at once, beside the one that is taken."""


class _OneAhead(Generic[T]):
    """What an iterator yields, of which one item at most is made before it is asked for."""

    def __init__(self, pool: Executor, items: Iterator[T]) -> None:
        self._pool, self._items = pool, items
        self._upcoming = pool.submit(next, items, None)

    def __iter__(self) -> Iterator[T]:
        while (item := self._upcoming.result()) is not None:
            self._upcoming = self._pool.submit(next, self._items, None)
            yield item


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
