"""KPI values of consistency (thống nhất) and shared use (dùng chung) between sources.

From what is known of the world: whose id a record carries, what was done to its name, birth date
and sex, and where register and insurance have a person live. No text is compared.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from ..kernel.draws import Bools, Ints
from .agreement import ATTRIBUTES, DISAGREE, UNKNOWN, Agreement, Pair, agreements
from .identity import IdentityFigures
from .statements import SOURCES, said_on
from .tally import Count, Json, Tally

_REGISTER = "police"
_WITHOUT_BIRTH = "portal"
"""Tells neither birth date nor sex."""
_OF_RESIDENCE = ("insurance", _REGISTER)
"""Say where a person lives."""


@dataclass(frozen=True)
class ConsistencyFigures:
    """The values of one day, over everybody who lives in the province."""

    identity: IdentityFigures

    def rows(self) -> Iterator[Json]:
        """Every KPI: the province, communes that have a value, members of breakdowns."""
        commune = self._communes()
        said = said_on(self.identity, commune)
        pairs = agreements(said, len(commune))
        yield from self._persons(commune, pairs)
        yield from self._disagreements(commune, pairs)
        yield from self._by_source(commune, pairs)
        yield from self._share("quality.reused_share", commune, commune >= 0, said.is_used)

    def _communes(self) -> Ints:
        """By person, where each lives on the day, -1 in no commune."""
        world = self.identity.world
        n = np.arange(world.residents.size, dtype=np.int64)
        found = np.full(world.population.known, -1, dtype=np.int64)
        found[n] = world.residents.commune_on(
            n, self.identity.as_of, self.identity.judgement.known_by
        )
        return found

    def _persons(self, commune: Ints, pairs: Mapping[Pair, Agreement]) -> Iterator[Json]:
        """Persons on whom all sources agree, in all and by attribute; who cannot be compared."""
        held = np.any([found.held for found in pairs.values()], axis=0)
        worst = np.max([found.results for found in pairs.values()], axis=0)
        agrees = (worst != DISAGREE).all(axis=0)
        yield from self._share("quality.consistent_share", commune, held, agrees)
        for attribute, result in zip(ATTRIBUTES, worst, strict=True):
            code = f"quality.consistent_{attribute}_share"
            comparable = held & (result != UNKNOWN)
            yield from self._share(code, commune, comparable, result != DISAGREE)
            if attribute != "name":
                code = f"quality.not_comparable_{attribute}"
                yield from self._tally.rows(code, self._count(commune, held & ~comparable))

    def _disagreements(self, commune: Ints, pairs: Mapping[Pair, Agreement]) -> Iterator[Json]:
        """Persons on whom two sources disagree, by these and attribute."""
        code, members = "quality.disagreements", dict[str, Count]()
        total = np.zeros(len(self.identity.world.places.communes), dtype=np.int64)
        for (one, other), found in pairs.items():
            for attribute, result in zip(ATTRIBUTES, found.results, strict=True):
                count = self._count(commune, result == DISAGREE)
                total += count
                if _both_give(one, other, attribute):
                    members[f"{one}/{other}/{attribute}"] = int(count.sum()), None
        yield from self._tally.rows(code, total)
        yield from self._tally.member_rows(code, "disagreement", members)

    def _by_source(self, commune: Ints, pairs: Mapping[Pair, Agreement]) -> Iterator[Json]:
        """Persons whom each source beside the register holds, by whether it disagrees with none."""
        code, members = "quality.consistent_by_source_share", dict[str, Count]()
        total = np.zeros((2, len(self.identity.world.places.communes)), dtype=np.int64)
        for source in SOURCES:
            if source == _REGISTER:
                continue
            own = [found for pair, found in pairs.items() if source in pair]
            held = np.any([found.held for found in own], axis=0)
            disagrees = np.any([(found.results == DISAGREE).any(axis=0) for found in own], axis=0)
            counts = self._count(commune, held & ~disagrees), self._count(commune, held)
            total += counts
            members[source] = int(counts[0].sum()), int(counts[1].sum())
        yield from self._tally.rows(code, total[0], total[1])
        yield from self._tally.member_rows(code, "source", members)

    @property
    def _tally(self) -> Tally:
        return Tally(self.identity.world)

    def _share(self, code: str, commune: Ints, counts: Bools, agrees: Bools) -> list[Json]:
        above, below = self._count(commune, counts & agrees), self._count(commune, counts)
        return self._tally.rows(code, above, below)

    def _count(self, commune: Ints, chosen: Bools) -> Ints:
        """Persons by commune index."""
        communes = len(self.identity.world.places.communes)
        return np.bincount(commune[chosen & (commune >= 0)], minlength=communes)


def _both_give(one: str, other: str, attribute: str) -> bool:
    """Whether both sources give an attribute at all."""
    if attribute == "commune":
        return (one, other) == _OF_RESIDENCE
    return attribute == "name" or _WITHOUT_BIRTH not in (one, other)
