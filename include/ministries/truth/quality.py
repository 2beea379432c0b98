"""KPI values of record quality: accurate (đúng), complete (đủ), clean (sạch), timely (sống)."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from ..identity.verdicts import (
    AGREEING,
    DECEASED,
    DUPLICATE_ID,
    ID_IS_CMND,
    INVALID_ID,
    MISSING_ID,
    VERDICTS,
)
from ..kernel.clock import DAY
from ..kernel.draws import Ints
from ..world.timeline import Fact
from .identity import IdentityFigures
from .tally import Count, Json, Numbers, Tally

_ALL = tuple(code for code in range(len(VERDICTS)) if code != DECEASED)
"""Records of the deceased are counted apart."""
_WITH_ID = tuple(code for code in _ALL if code != MISSING_ID)
_USABLE = tuple(code for code in _WITH_ID if code not in (ID_IS_CMND, INVALID_ID, DUPLICATE_ID))
_SHARES = {
    "quality.accurate_share": (AGREEING, _ALL),
    "quality.complete_share": (_WITH_ID, _ALL),
    "quality.clean_share": (_USABLE, _WITH_ID),
}
"""Verdicts above and below the line."""

_RECENT_DAYS = 30
_PROMISED_BY = DAY + 3600
"""Seconds from the beginning of a day until all of it has been told: 01:00 of the next."""
Facts = Callable[[Ints], Fact]


def _in_time(fact: Facts) -> Numbers:
    def told(n: Ints) -> Ints:
        event = fact(n)
        return (event.at <= event.effective * DAY + _PROMISED_BY) + 0

    return told


@dataclass(frozen=True)
class QualityFigures:
    """The values of one day, over every dataset of persons."""

    identity: IdentityFigures

    def rows(self) -> Iterator[Json]:
        """Every KPI: the province, communes that have a value, datasets."""
        tally = Tally(self.identity.world)
        counts = {
            dataset: self._by_verdict(tally, dataset, commune)
            for dataset, commune in self.identity.communes().items()
        }
        total = np.sum(list(counts.values()), axis=0)
        yield from self._outcomes(tally, counts, total)
        yield from self._deceased(tally, counts)
        for code, (above, below) in _SHARES.items():
            yield from tally.rows(code, total[[*above]].sum(axis=0), total[[*below]].sum(axis=0))
            members: dict[str, Count] = {
                dataset: (int(found[[*above]].sum()), int(found[[*below]].sum()))
                for dataset, found in counts.items()
            }
            yield from tally.member_rows(code, "dataset", members)
        yield from self._timely(tally)

    def _outcomes(self, tally: Tally, counts: Mapping[str, Ints], total: Ints) -> Iterator[Json]:
        """Records by dataset and verdict, of the province and of each commune."""
        code = "quality.compared_records"
        yield from tally.rows(code, total[[*_ALL]].sum(axis=0))
        for dataset, found in counts.items():
            for verdict in _ALL:
                if found[verdict].any():
                    member = f"{dataset}/{VERDICTS[verdict]}"
                    yield from tally.rows(code, found[verdict], member=("outcome", member))

    def _deceased(self, tally: Tally, counts: Mapping[str, Ints]) -> Iterator[Json]:
        """Records that say a deceased person lives, by dataset."""
        code = "quality.deceased_records"
        found = {dataset: by_verdict[DECEASED] for dataset, by_verdict in counts.items()}
        yield from tally.rows(code, np.sum(list(found.values()), axis=0))
        members: dict[str, Count] = {
            dataset: (int(by_commune.sum()), None) for dataset, by_commune in found.items()
        }
        yield from tally.member_rows(code, "dataset", members)

    def _timely(self, tally: Tally) -> Iterator[Json]:
        """Events of the last 30 days by whether they were told in time, by dataset."""
        world, places = self.identity.world, self.identity.communes()
        parts = np.zeros((2, len(world.places.communes)), dtype=np.int64)
        members: dict[str, Count] = dict.fromkeys(places, (0, 0))
        for dataset, size, fact in (
            ("health.encounter", world.encounters.size, world.encounters.start),
            ("health.immunization", world.immunizations.size, world.immunizations.give),
            ("portal.dossier", world.portal.size, world.portal.receive),
        ):
            found = tally.count(size, self._recent(places[dataset], fact), _in_time(fact), 2)
            parts += found
            members[dataset] = int(found[1].sum()), int(found.sum())
        code = "quality.timely_share"
        yield from tally.rows(code, parts[1], parts.sum(axis=0))
        yield from tally.member_rows(code, "dataset", members)

    def _recent(self, commune: Numbers, fact: Facts) -> Numbers:
        first = self.identity.as_of - _RECENT_DAYS + 1

        def place(n: Ints) -> Ints:
            return np.where(fact(n).effective >= first, commune(n), -1)

        return place

    def _by_verdict(self, tally: Tally, dataset: str, commune: Numbers) -> Ints:
        """Records that count on the day and have a verdict, by verdict and commune index."""
        codes = self.identity.judgement.on(dataset, self.identity.as_of).astype(np.int64)

        def judged(n: Ints) -> Ints:
            return np.where(codes[n] >= 0, commune(n), -1)

        return tally.count(len(codes), judged, lambda n: codes[n], len(VERDICTS))
