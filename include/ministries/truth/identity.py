"""KPI values of verified identities: how many records agree with the residence register."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from ..identity.judgement import Judgement, ids
from ..identity.records import DATASETS
from ..identity.verdicts import (
    AGREEING,
    DECEASED,
    VERDICTS,
    has_whole_id,
)
from ..identity.world import World
from ..kernel.clock import years
from ..kernel.draws import Ints
from ..world.health import CARD
from .tally import Count, Json, Numbers, Tally


@dataclass(frozen=True)
class IdentityFigures:
    """The values of one day; verdicts are those on the newest versions that are known, and who has
    died is deceased on the days from then on only."""

    world: World
    as_of: int
    judgement: Judgement

    def rows(self) -> Iterator[Json]:
        """Every KPI: the province, communes that have a value, members of breakdowns."""
        yield from self._participants()
        yield from self._share("insurance.verified_share", "insurance.participant", self._insured)
        yield from self._verdicts()
        yield from self._share(
            "education.registrations_verified", "education.exam_registration", self._registered
        )
        yield from self._share(
            "health.vaccinations_verified", "health.immunization", self._vaccinated
        )
        yield from self._card_persons()

    def communes(self) -> dict[str, Numbers]:
        """By dataset, in which commune a record counts on the day; -1 where it does not."""
        return {
            "insurance.participant": self._insured,
            "health.encounter": self._visited,
            "health.immunization": self._vaccinated,
            "education.exam_registration": self._ever_registered,
            "portal.dossier": self._applied,
        }

    def _share(self, code: str, dataset: str, commune: Numbers) -> list[Json]:
        codes = self.judgement.on(dataset, self.as_of)

        def living(n: Ints) -> Ints:
            return np.where(codes[n] == DECEASED, -1, commune(n))

        def is_verified(n: Ints) -> Ints:
            return np.isin(codes[n], AGREEING) + 0

        tally = Tally(self.world)
        counts = tally.count(len(codes), living, is_verified, 2)
        return tally.rows(code, counts[1], counts[0] + counts[1])

    def _participants(self) -> Iterator[Json]:
        """Persons who take part and live, verified or not: who shows the same id is one person, and
        so is every record without one."""
        codes, tally = self._insured_codes, Tally(self.world)
        person = self._shown_persons("insurance.participant")
        communes, pairs = len(self.world.places.communes), []
        for q in tally.chunks(len(codes)):
            commune = self._insured(q)
            counts = (commune >= 0) & (codes[q] != DECEASED)
            pairs.append(person[q[counts]] * communes + commune[counts])
        yield from tally.distinct_rows("insurance.participants", np.concatenate(pairs))

    def _shown_persons(self, dataset: str) -> Ints:
        """By record, a number for the id that it shows; one of its own where it shows none."""
        chosen = DATASETS[dataset]
        size = chosen.size(self.world)
        ids_end = 2 * self.world.population.known
        person = ids_end + np.arange(size, dtype=np.int64)
        for some in chosen.current(self.world, self.judgement.known_by):
            whole = has_whole_id(some.shown.id_dirt)
            person[some.number[whole]] = ids(some)[whole]
        return person

    def _verdicts(self) -> Iterator[Json]:
        """Living participants by verdict, every verdict named; one deleted since has none."""
        code, tally = "insurance.verdicts", Tally(self.world)
        codes = self._insured_codes

        def judged(q: Ints) -> Ints:
            return np.where((codes[q] >= 0) & (codes[q] != DECEASED), self._insured(q), -1)

        counts = tally.count(len(codes), judged, lambda q: codes[q], len(VERDICTS))
        yield from tally.rows(code, counts.sum(axis=0))
        found = zip(VERDICTS, counts.sum(axis=1).tolist(), strict=True)
        members: dict[str, Count] = {
            verdict: (count, None) for verdict, count in found if verdict != VERDICTS[DECEASED]
        }
        yield from tally.member_rows(code, "verdict", members)

    def _card_persons(self) -> Iterator[Json]:
        """Distinct verified persons who showed an identity card, not additive over communes;
        and the visits with one whose person is not verified."""
        encounters, tally = self.world.encounters, Tally(self.world)
        codes = self.judgement.on("health.encounter", self.as_of)
        communes = len(self.world.places.communes)
        pairs, unidentified = [], np.zeros(communes, dtype=np.int64)
        for e in tally.chunks(encounters.size):
            commune = self._visited(e)
            shows = (commune >= 0) & (encounters.document(e) == CARD)
            verified = shows & np.isin(codes[e], AGREEING)
            pairs.append(encounters.person(e[verified]) * communes + commune[verified])
            others = commune[shows & ~verified & (codes[e] != DECEASED)]
            unidentified += np.bincount(others, minlength=communes)
        yield from tally.rows("health.id_card_visits_unidentified", unidentified)
        yield from tally.distinct_rows("health.id_card_persons", np.concatenate(pairs))

    @property
    def _insured_codes(self) -> Ints:
        return self.judgement.on("insurance.participant", self.as_of).astype(np.int64)

    def _insured(self, q: Ints) -> Ints:
        return self.world.participants.commune_on(q, self.as_of, self.judgement.known_by)

    def _registered(self, c: Ints) -> Ints:
        """For the examination of the day's year."""
        year = int(years(np.array([self.as_of], dtype=np.int64))[0])
        is_this_year = year == self.world.exams.terms.year
        return np.where(is_this_year, self._ever_registered(c), -1)

    def _ever_registered(self, c: Ints) -> Ints:
        exams = self.world.exams
        listed = self.judgement.of("education.exam_registration")[c] >= 0
        counts = listed & (exams.registered(c) <= self.as_of)
        return np.where(counts, exams.commune(c), -1)

    def _vaccinated(self, i: Ints) -> Ints:
        immunizations, places = self.world.immunizations, self.world.places
        done = immunizations.completed_on(i, self.as_of, self.judgement.known_by)
        return np.where(done, places.facility_communes[immunizations.facility(i)], -1)

    def _visited(self, e: Ints) -> Ints:
        encounters, places = self.world.encounters, self.world.places
        valid = encounters.valid_on(e, self.as_of, self.judgement.known_by)
        return np.where(valid, places.facility_communes[encounters.facility(e)], -1)

    def _applied(self, n: Ints) -> Ints:
        portal = self.world.portal
        counts = portal.counts_on(n, self.as_of, self.judgement.known_by)
        return np.where(counts, portal.commune(n), -1)
