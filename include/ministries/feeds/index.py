"""All versions that a dataset ever tells, sorted once into a file: every window is a part of it."""

import threading
from bisect import bisect_right
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import numpy as np

from ..kernel.draws import Ints
from .feed import BEFORE_ALL, Feed
from .order import PACKED, Order, Packed, sorted_blocks

_LARGE = 1_000_000
_sorting_small, _sorting_large = threading.Lock(), threading.Lock()
"""One large dataset is sorted at a time, for that is when the most memory is needed; small ones
do not wait for it."""


@dataclass(frozen=True)
class Index:
    """The file of one dataset."""

    feed: Feed
    path: Path
    until: int
    """The last moment it covers."""

    def window(self, since: int | None, until: int) -> "Window":
        """The versions with since < updated_at <= until, sorted by (updated_at, key)."""
        self._prepare()
        if self.path.stat().st_size:
            moments = np.memmap(self.path, PACKED, "r")["at"]
            start = 0 if since is None else bisect_right(moments, since)
            end = max(bisect_right(moments, until), start)
        else:
            start = end = 0
        resent = np.fromfile(self._resent, PACKED)
        after = BEFORE_ALL if since is None else since
        again = resent[(resent["at"] > after) & (resent["at"] <= until)]
        return Window(self, start, end, again)

    @property
    def _resent(self) -> Path:
        return self.path.with_suffix(".resent")

    def _prepare(self) -> None:
        """Write the files unless they are there: the one with the versions last, at once."""
        if self.path.exists():
            return
        with _sorting_large if self.feed.register.size > _LARGE else _sorting_small:
            if self.path.exists():
                return
            told = self.feed.told(BEFORE_ALL, self.until)
            np.concatenate([np.empty(0, PACKED), *told.resent]).tofile(self._resent)
            beside = self.path.with_suffix(f".{uuid4().hex}")
            with beside.open("wb") as file:
                for block in sorted_blocks(told.parts, self.feed.sort_keys):
                    file.write(block.tobytes())
            beside.rename(self.path)


@dataclass(frozen=True)
class Window:
    """The versions of one window: a part of the index, then those that are sent again."""

    index: Index
    start: int
    end: int
    again: Packed

    def __len__(self) -> int:
        return self.end - self.start + len(self.again)

    def take(self, chosen: slice | Ints) -> Order:
        """Some of the versions, in the given order."""
        found = self._slice(chosen) if isinstance(chosen, slice) else self._each(chosen)
        return self.index.feed.unpacked(found)

    def _slice(self, chosen: slice) -> Packed:
        first, last, _ = chosen.indices(len(self))
        indexed = self.end - self.start
        count = max(min(last, indexed) - first, 0)
        offset = (self.start + first) * PACKED.itemsize
        found = np.fromfile(self.index.path, PACKED, count, offset=offset) if count else None
        again = self.again[max(first - indexed, 0) : max(last - indexed, 0)]
        return again if found is None else np.concatenate([found, again])

    def _each(self, positions: Ints) -> Packed:
        indexed = self.end - self.start
        found = np.empty(len(positions), PACKED)
        resent = positions >= indexed
        found[resent] = self.again[positions[resent] - indexed]
        if not resent.all():
            stored = np.memmap(self.index.path, PACKED, "r")
            found[~resent] = stored[self.start + positions[~resent]]
        return found
