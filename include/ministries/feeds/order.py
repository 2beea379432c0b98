"""Which versions a window holds and in which order: index arrays, never rows."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..kernel.draws import Ints


@dataclass(frozen=True)
class Order:
    """The versions of one window, sorted; four numbers a version."""

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


def concatenate(parts: list[Order]) -> Order:
    """One order of several, as they come."""
    if not parts:
        none = np.array([], dtype=np.int64)
        return Order(none, none.astype(np.int8), none, none.astype(np.int32))
    return Order(
        np.concatenate([p.number for p in parts]),
        np.concatenate([p.slot for p in parts]),
        np.concatenate([p.at for p in parts]),
        np.concatenate([p.bad for p in parts]),
    )


def part(number: Ints, slot: int, at: Ints, bad: Ints | None = None) -> Order:
    """Versions of one slot."""
    return Order(
        number,
        np.full(len(number), slot, dtype=np.int8),
        at,
        np.full(len(number), -1, dtype=np.int32) if bad is None else bad.astype(np.int32),
    )
