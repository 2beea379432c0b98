"""What all datasets have in common: windows of versions, and rows with their defects put in."""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import ClassVar

import numpy as np

from ..defects import LINE
from ..dirt import BadRecords, bad_records, bad_value, is_resent
from ..kernel.clock import DAY
from ..kernel.draws import Ints
from ..world.world import Register, World
from .order import Order, concatenate, part

_CHUNK = 1 << 16
_BEFORE_ALL = -(10**12)

Column = list[str | None]


@dataclass
class Rows:
    """Rows of text by column; ``odd`` rows need careful formatting, ``unreadable`` ones ruin."""

    columns: dict[str, Column]
    odd: set[int] = field(default_factory=set)
    unreadable: dict[int, str] = field(default_factory=dict)

    def record(self, index: int) -> dict[str, str | None]:
        """One row."""
        return {name: values[index] for name, values in self.columns.items()}

    def __len__(self) -> int:
        return len(next(iter(self.columns.values())))


@dataclass(frozen=True)
class Feed(ABC):
    """One dataset as its source sends it."""

    world: World

    dataset: ClassVar[str] = ""
    resends_last: ClassVar[bool] = False
    """Whether re-sent duplicates come at the end instead of next to their twin."""

    @property
    def register(self) -> Register:
        """The register the dataset is read from."""
        return self.world.registers[self.dataset]

    @abstractmethod
    def base(self, g: Ints, day: Ints, /) -> Ints:
        """A true record that exists on the day a bad record is sent."""

    @abstractmethod
    def render(self, part: Order, key: Ints, /) -> dict[str, Column]:
        """The columns of some versions; ``key`` is the record number their key is made from."""

    def sort_key(self, number: Ints) -> Ints:
        """Numbers that sort as the keys do."""
        return number

    @cached_property
    def bad_records(self) -> BadRecords:
        """The records that must be quarantined."""
        return bad_records(self.dataset, self.world.scenario, self.world.draws)

    def order(self, since: int | None, until: int) -> Order:
        """The versions with since < updated_at <= until, sorted by (updated_at, key)."""
        after = _BEFORE_ALL if since is None else since
        parts = list(self._true_parts(after, until))
        resent = [self._resent(p) for p in parts]
        if not self.resends_last:
            parts += resent
        parts.append(self._bad_part(after, until))
        merged = self._sorted(concatenate(parts))
        if self.resends_last:
            merged = concatenate([merged, *resent])
        return merged

    def rows(self, order: Order) -> Rows:
        """The rows of some versions, wrong where they are meant to be."""
        key = order.number
        bad = np.flatnonzero(order.bad >= 0)
        if len(bad):
            g = order.bad[bad].astype(np.int64)
            ghost = self.bad_records.is_ghost(g)
            key = key.copy()
            key[bad] = np.where(ghost, self.register.size + g, key[bad])
        rows = Rows(self.render(order, key))
        for index in bad.tolist():
            self._spoil(rows, index, int(order.bad[index]))
        return rows

    def _spoil(self, rows: Rows, index: int, g: int) -> None:
        defect = self.bad_records.defects[g % len(self.bad_records.defects)]
        rows.odd.add(index)
        if defect.column == LINE:
            rows.unreadable[index] = defect.error_class
        else:
            rows.columns[defect.column][index] = bad_value(self.dataset, g)

    def _true_parts(self, after: int, until: int) -> Iterator[Order]:
        limit = self.register.arrived_through(until // DAY)
        for start in range(0, limit, _CHUNK):
            n = np.arange(start, min(start + _CHUNK, limit), dtype=np.int64)
            for slot, at in self.register.updates(n).items():
                chosen = (at > after) & (at <= until)
                if chosen.any():
                    yield part(n[chosen], slot, at[chosen])

    def _bad_part(self, after: int, until: int) -> Order:
        g = self.bad_records.numbers()
        at = self.bad_records.at(g)
        chosen = (at > after) & (at <= until)
        g, at = g[chosen], at[chosen]
        return part(self.base(g, at // DAY), -1, at, g)

    def _resent(self, some: Order) -> Order:
        world = self.world
        slot = some.slot.astype(np.int64)
        again = is_resent(self.dataset, world.scenario, world.draws, some.number, slot)
        return some.take(np.flatnonzero(again))

    def _sorted(self, order: Order) -> Order:
        """In order of (updated_at, key); keys are made in chunks, for they need some memory."""
        keys = np.empty_like(order.number)
        for start in range(0, len(order), _CHUNK):
            chunk = slice(start, start + _CHUNK)
            keys[chunk] = self.sort_key(order.number[chunk])
        return order.take(np.lexsort((order.slot, keys, order.at)))
