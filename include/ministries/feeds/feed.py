"""What all datasets have in common: windows of versions, and rows with their defects put in."""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import ClassVar

import numpy as np

from ..dirt.bad_records import BadRecords, bad_records, bad_value, is_resent
from ..dirt.defects import LINE
from ..identity.world import World
from ..kernel.clock import DAY
from ..kernel.draws import Ints
from ..world.registers import Register
from .order import Order, Packed, packed, sorted_blocks

_CHUNK = 1 << 16
BEFORE_ALL = -(10**12)

_NONE = np.empty(0, dtype=np.int64)

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
class Told:
    """What a source tells in a window: versions to be sorted, and those sent again at the end."""

    parts: list[Packed]
    resent: list[Packed]


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
        told = self.told(BEFORE_ALL if since is None else since, until)
        blocks = [*sorted_blocks(told.parts, self.sort_keys), *told.resent]
        return self.unpacked(np.concatenate([packed(_NONE, 0, _NONE), *blocks]))

    def told(self, after: int, until: int) -> Told:
        """The versions of a window before they are sorted."""
        parts = list(self._true_parts(after, until))
        resent = [self._resent(p) for p in parts]
        if not self.resends_last:
            parts, resent = [*parts, *resent], []
        return Told([*parts, self._bad_part(after, until)], resent)

    def sort_keys(self, some: Packed) -> Ints:
        """Numbers that sort some versions as their keys do."""
        return self.sort_key(self.unpacked(some).number)

    def unpacked(self, some: Packed) -> Order:
        """Some versions with the records that bad ones are derived from."""
        number, at, slot = (some[name].astype(np.int64) for name in ("number", "at", "slot"))
        is_bad = slot < 0
        bad = np.where(is_bad, number, -1).astype(np.int32)
        if is_bad.any():
            number[is_bad] = self.base(number[is_bad], at[is_bad] // DAY)
        return Order(number, some["slot"].copy(), at, bad)

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

    def _true_parts(self, after: int, until: int) -> Iterator[Packed]:
        limit = self.register.arrived_through(until // DAY)
        for start in range(0, limit, _CHUNK):
            n = np.arange(start, min(start + _CHUNK, limit), dtype=np.int64)
            for slot, at in self.register.updates(n).items():
                chosen = (at > after) & (at <= until)
                if chosen.any():
                    yield packed(n[chosen], slot, at[chosen])

    def _bad_part(self, after: int, until: int) -> Packed:
        g = self.bad_records.numbers()
        at = self.bad_records.at(g)
        chosen = (at > after) & (at <= until)
        return packed(g[chosen], -1, at[chosen])

    def _resent(self, some: Packed) -> Packed:
        world = self.world
        number, slot = some["number"].astype(np.int64), some["slot"].astype(np.int64)
        return some[is_resent(self.dataset, world.scenario, world.draws, number, slot)]
