"""KPI values of a day that need no verdict: residents, cards, accounts, visits, exams.

Nobody visits, is vaccinated or registers after the death: such records would not count.

State functions of the world (``commune_on``, ``in_force``, ``level_on`` …) never look at versions.
Counts are by commune index. The province is their sum, except where distinct persons are counted.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from ..dirt.blemishes import Blemishes, blemishes, has_well_formed_id
from ..identity.world import World
from ..kernel.clock import calendar_day, years
from ..kernel.draws import Ints
from ..world.health import CARD
from .id_cards import IdCardFigures
from .offices import OfficeFigures
from .services import ServiceFigures
from .tally import Json, Tally


@dataclass(frozen=True)
class Figures:
    """The KPI values of one day, as known by the end of another."""

    world: World
    as_of: int
    known_by: int

    @property
    def tally(self) -> Tally:
        """How records are counted."""
        return Tally(self.world)

    def rows(self) -> list[Json]:
        """Every KPI for the province and for each commune that has a value."""
        rows: list[Json] = []
        for code, numerator, denominator in self._tallies():
            rows += self.tally.rows(code, numerator, denominator)
        rows += IdCardFigures(self.world, self.as_of, self.known_by).rows()
        rows += ServiceFigures(self.world, self.as_of, self.known_by).rows()
        return [*rows, *OfficeFigures(self.world, self.as_of, self.known_by).rows()]

    def _tallies(self) -> Iterator[tuple[str, Ints, Ints | None]]:
        """(KPI, numerator by commune index, denominator by commune index or None)."""
        world, day, known = self.world, self.as_of, self.known_by
        population = world.population
        people = self.tally.count(
            world.residents.size,
            lambda n: world.residents.commune_on(n, day, known),
            lambda n: population.persons.is_temporary(n) + 0,
            2,
        )
        homes = self.tally.count(
            world.households.size,
            lambda n: world.households.commune_on(n, day, known),
            lambda n: population.households.is_temporary(n) + 0,
            2,
        )
        yield "population.permanent_residents", people[0], None
        yield "population.temporary_residents", people[1], None
        yield "population.permanent_households", homes[0], None
        yield "population.temporary_households", homes[1], None
        dossiers, cards = world.dossiers, world.cards
        yield (
            "id_card.dossiers_received",
            self.tally.count_where(
                dossiers.size, lambda n: dossiers.received_on(n, day, known), dossiers.commune
            ),
            None,
        )
        yield (
            "id_card.cards_issued",
            self.tally.count_where(
                cards.size,
                lambda n: cards.in_force(n, day, known) & dossiers.received_on(n, day, known),
                dossiers.commune,
            ),
            None,
        )
        accounts = world.accounts
        levels = self.tally.count(
            accounts.size,
            lambda n: np.where(accounts.level_on(n, day, known) > 0, accounts.commune(n), -1),
            lambda n: np.maximum(accounts.level_on(n, day, known) - 1, 0),
            2,
        )
        yield "eid.accounts", levels[0] + levels[1], None
        yield "eid.accounts_level_1", levels[0], None
        yield "eid.accounts_level_2", levels[1], None
        yield self._visits()
        yield self._vaccinations()
        yield self._registrations()

    def _visits(self) -> tuple[str, Ints, Ints]:
        """Checked visits with an identity card within the month; of all visits in it."""
        encounters, places = self.world.encounters, self.world.places
        month_begins = self.as_of - calendar_day(self.as_of).day + 1

        def commune(e: Ints) -> Ints:
            in_month = encounters.start(e).effective >= month_begins
            valid = encounters.valid_on(e, self.as_of, self.known_by) & in_month
            return np.where(valid, places.facility_communes[encounters.facility(e)], -1)

        def with_card(e: Ints) -> Ints:
            document = encounters.document(e)
            checked = encounters.is_checked(e, document)
            return np.where((document == CARD) & checked, 1, 0)

        counts = self.tally.count(encounters.size, commune, with_card, 2)
        return "health.id_card_visits_month", counts[1], counts[0] + counts[1]

    def _vaccinations(self) -> tuple[str, Ints, Ints]:
        immunizations, places = self.world.immunizations, self.world.places
        flagged = self._blemishes("health")

        def commune(i: Ints) -> Ints:
            done = immunizations.completed_on(i, self.as_of, self.known_by)
            return np.where(done, places.facility_communes[immunizations.facility(i)], -1)

        def has_id(i: Ints) -> Ints:
            corrected = immunizations.corrected_by(i, self.known_by)
            return (corrected | has_well_formed_id(flagged.of_id("immunization", i))) + 0

        counts = self.tally.count(immunizations.size, commune, has_id, 2)
        return "health.vaccinations_with_personal_id", counts[1], counts[0] + counts[1]

    def _registrations(self) -> tuple[str, Ints, Ints]:
        exams = self.world.exams
        flagged = self._blemishes("education")
        counts = np.zeros((2, len(self.world.places.communes)), dtype=np.int64)
        year = int(years(np.array([self.as_of], dtype=np.int64))[0])
        for council in range(exams.councils if year == exams.terms.year else 0):
            issue = exams.last_issue_known(council, self.known_by)
            if issue is None:
                continue
            members = exams.members(council)
            listed = exams.listed_from(members) <= issue.day
            members = members[listed & (exams.registered(members) <= self.as_of)]
            mended = exams.mended_from(members) <= issue.number
            well_formed = mended | has_well_formed_id(flagged.of_id("exam_registration", members))
            np.add.at(counts, (well_formed + 0, exams.commune(members)), 1)
        return "education.registrations_with_personal_id", counts[1], counts[0] + counts[1]

    def _blemishes(self, source: str) -> Blemishes:
        return blemishes(source, self.world.scenario, self.world.draws)
