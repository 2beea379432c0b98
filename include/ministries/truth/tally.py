"""Counts of records by commune, and rows of KPI values: shared by all figures."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..identity.world import World
from ..kernel.draws import Bools, Ints

_CHUNK = 1 << 17
Json = dict[str, Any]
Numbers = Callable[[Ints], Ints]
Choice = Callable[[Ints], Bools]
Count = tuple[int, int | None]
"""Numerator and denominator; None where a KPI has none."""


@dataclass(frozen=True)
class Tally:
    """Counts over a world, in chunks."""

    world: World

    def rows(
        self,
        code: str,
        numerator: Ints,
        denominator: Ints | None = None,
        member: tuple[str, str] = ("", ""),
    ) -> list[Json]:
        """Rows of counts by commune index: the province first, then communes with a value.

        ``member``: breakdown and member that the counts are of; nothing for totals.
        """
        base = numerator if denominator is None else denominator
        below = None if denominator is None else int(denominator.sum())
        rows = [self.province_row(code, (int(numerator.sum()), below), *member)]
        for index in np.flatnonzero(base).tolist():
            below = None if denominator is None else int(denominator[index])
            commune = self.world.places.communes[index].code
            count = int(numerator[index]), below
            rows.append(_row(code, "commune", commune, count, *member))
        return rows

    def province_row(self, code: str, count: Count, breakdown: str = "", member: str = "") -> Json:
        """The province's row, of all or of one member of a breakdown."""
        province = self.world.scenario.province.code
        return _row(code, "province", province, count, breakdown, member)

    def member_rows(self, code: str, breakdown: str, counts: Mapping[str, Count]) -> list[Json]:
        """The province's rows of one breakdown, by member."""
        return [
            self.province_row(code, counts[member], breakdown, member) for member in sorted(counts)
        ]

    def distinct_rows(self, code: str, met: Ints) -> list[Json]:
        """Rows of distinct persons, not additive over communes. Each of ``met`` is the number of a
        person times the number of communes, plus the index of the commune of the meeting."""
        communes = len(self.world.places.communes)
        distinct = np.unique(met)
        rows = self.rows(code, np.bincount(distinct % communes, minlength=communes))
        rows[0]["numerator"] = len(np.unique(distinct // communes))
        return rows

    def count(self, size: int, commune: Numbers, part: Numbers, parts: int) -> Ints:
        """Records by part and commune index; those in commune -1 do not count."""
        communes = len(self.world.places.communes)
        total = np.zeros(parts * communes, dtype=np.int64)
        for n in self.chunks(size):
            place = commune(n)
            n, place = n[place >= 0], place[place >= 0]
            total += np.bincount(part(n) * communes + place, minlength=parts * communes)
        return np.asarray(total.reshape(parts, communes), dtype=np.int64)

    def count_where(self, size: int, counts: Choice, commune: Numbers) -> Ints:
        """Records that count, by commune index."""

        def place(n: Ints) -> Ints:
            return np.where(counts(n), commune(n), -1)

        counted: Ints = self.count(size, place, np.zeros_like, 1)[0]
        return counted

    def chunks(self, size: int) -> Iterator[Ints]:
        """All record numbers, some at a time."""
        for start in range(0, size, _CHUNK):
            yield np.arange(start, min(start + _CHUNK, size), dtype=np.int64)


def _row(
    code: str, level: str, unit: str, count: Count, breakdown: str = "", member: str = ""
) -> Json:
    return {
        "code": code,
        "unit_level": level,
        "unit_code": unit,
        "breakdown": breakdown,
        "member_code": member,
        "numerator": count[0],
        "denominator": count[1],
    }
