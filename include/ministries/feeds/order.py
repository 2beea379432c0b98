"""Which versions a window holds and in which order: index arrays, never rows.

Few versions are held as an ``Order`` of arrays; many are packed into nine bytes each, in memory
only while they are being sorted, afterwards in a file (``index.py``).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol

import numpy as np
import numpy.typing as npt

from ..kernel.draws import Ints

PACKED = np.dtype([("number", "<i4"), ("at", "<i4"), ("slot", "i1")])
"""One version; of a bad record (slot -1) the number is its own, not that of its base."""

_BLOCK = 1 << 16
_SAMPLED = 64

Packed = npt.NDArray[np.void]


class Versions(Protocol):
    """A sequence of versions of which some can be taken, wherever the rest may be."""

    def __len__(self) -> int:
        """How many there are."""

    def take(self, chosen: "slice | Ints") -> "Order":
        """Some of the versions, in the given order."""


@dataclass(frozen=True)
class Order:
    """Some versions, sorted; four numbers a version."""

    number: Ints
    """Record number: for a bad record, the one it is derived from."""
    slot: npt.NDArray[np.int8]
    at: Ints
    bad: npt.NDArray[np.int32]
    """Number of the bad record, -1 for true ones."""

    def __len__(self) -> int:
        return len(self.number)

    def take(self, chosen: "slice | Ints") -> "Order":
        """Some of the versions, in the given order."""
        return Order(self.number[chosen], self.slot[chosen], self.at[chosen], self.bad[chosen])


@dataclass(frozen=True)
class Rearranged:
    """Other versions in another order: what a fault makes of them."""

    versions: Versions
    positions: Ints

    def __len__(self) -> int:
        return len(self.positions)

    def take(self, chosen: "slice | Ints") -> Order:
        """Some of the versions, in the given order."""
        return self.versions.take(self.positions[chosen])


def part(number: Ints, slot: int, at: Ints, bad: Ints | None = None) -> Order:
    """Versions of one slot."""
    return Order(
        number,
        np.full(len(number), slot, dtype=np.int8),
        at,
        np.full(len(number), -1, dtype=np.int32) if bad is None else bad.astype(np.int32),
    )


def packed(number: Ints, slot: int, at: Ints) -> Packed:
    """Versions of one slot, packed."""
    found = np.empty(len(number), dtype=PACKED)
    found["number"], found["at"], found["slot"] = number, at, slot
    return found


def sorted_blocks(parts: list[Packed], sort_keys: Callable[[Packed], Ints]) -> Iterator[Packed]:
    """All versions of some parts by (updated_at, key, slot), a block at a time.

    Keys are made for one block only: they need much more memory than the versions.
    """
    for after, until in pairwise(_bounds(parts)):
        within = [p[(p["at"] > after) & (p["at"] <= until)] for p in parts]
        block = np.concatenate(within)
        yield block[np.lexsort((block["slot"], sort_keys(block), block["at"]))]


def _bounds(parts: list[Packed]) -> list[int]:
    """Moments between which there are about as many versions as a block should hold."""
    if not sum(map(len, parts)):
        return []
    sample = np.sort(np.concatenate([p["at"][::_SAMPLED] for p in parts]))
    last = max(int(p["at"].max()) for p in parts if len(p))
    inner = sample[_BLOCK // _SAMPLED :: _BLOCK // _SAMPLED].tolist()
    first = min(int(p["at"].min()) for p in parts if len(p)) - 1
    return sorted({first, *inner, last})
