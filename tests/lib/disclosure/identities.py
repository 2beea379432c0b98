"""Identities between KPIs, searched for in exact values: numbers that are equal everywhere, and
numbers that are the sum of two others everywhere."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from itertools import combinations

Cell = tuple[str, str, str, str, str, str]
"""KPI, boundaries, unit level, unit, breakdown, member."""
Number = tuple[str, str, str]
"""KPI, which of its numbers (``counted``, ``uncounted``, ``whole``), breakdown."""
_Series = dict[tuple[str, ...], int]
_FEWEST_PLACES = 3
"""Numbers that are not zero in fewer places are equal by chance too easily."""


def series(values: Mapping[Cell, tuple[int, int | None]]) -> dict[Number, _Series]:
    """What each number is in every place (boundaries, unit, member) where it is not zero.

    ``values``: what a cell counts and, of shares, what it does not.
    """
    found: dict[Number, _Series] = defaultdict(dict)
    for (code, boundaries, level, unit, breakdown, member), (counted, rest) in values.items():
        numbers = {"counted": counted}
        if rest is not None:
            numbers |= {"uncounted": rest, "whole": counted + rest}
        for name, number in numbers.items():
            if number:
                found[code, name, breakdown][boundaries, level, unit, member] = number
    return {name: each for name, each in found.items() if len(each) >= _FEWEST_PLACES}


def equal(found: Mapping[Number, _Series]) -> set[tuple[Number, Number]]:
    """Pairs of numbers that are the same in every place."""
    return {
        (one, other)
        for one, other in combinations(sorted(found), 2)
        if one[2] == other[2] and found[one] == found[other]
    }


def sums(found: Mapping[Number, _Series]) -> set[tuple[Number, Number, Number]]:
    """Numbers of which the first is the sum of the other two in every place."""
    alike: dict[tuple[str, frozenset[object]], list[Number]] = defaultdict(list)
    for name, each in found.items():
        alike[name[2], frozenset(each.items())].append(name)
    told = set()
    for one, other in combinations(sorted(found), 2):
        if one[2] == other[2]:
            added = dict(found[one])
            for place, number in found[other].items():
                added[place] = added.get(place, 0) + number
            told |= {(whole, one, other) for whole in alike[one[2], frozenset(added.items())]}
    return told


class Classes:
    """Numbers that are known to be equal, directly or through others."""

    def __init__(self, pairs: Iterable[tuple[Number, Number]]) -> None:
        self._first: dict[Number, Number] = {}
        for one, other in pairs:
            self._first[self.of(other)] = self.of(one)

    def of(self, number: Number) -> Number:
        """The one that stands for all that are equal to a number."""
        while (first := self._first.get(number, number)) != number:
            number = first
        return number
