"""Health: encounters at facilities and immunizations."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ..kernel.arrivals import Arrivals, is_striped, retirement_day
from ..kernel.clock import NEVER, moment
from ..kernel.draws import Bools, Draws, Ints
from .card_use import CardUse
from .places import HOSPITALS, Places
from .population import Population
from .timeline import Fact, lag, seconds_of_day, stamp

START, FINISH, RETRACT = range(3)
GIVE, FIX, WITHDRAW = range(3)
CARD, INSURANCE, VNEID, NONE = range(4)
IN_PROGRESS, FINISHED, ERRONEOUS = range(3)
COMPLETED, NOT_DONE, WRONG = range(3)
ENCOUNTER_STRIPE, IMMUNIZATION_STRIPE = 250, 300


def patients(population: Population, draws: Draws, stream: str, e: Ints) -> Ints:
    """Persons, some of them often; one in eighty comes from outside."""
    often = draws.unit(f"{stream}/often", e) ** 1.6
    total = population.initial + population.outsiders
    return population.insurable((often * total).astype(np.int64))


def facilities(places: Places, draws: Draws, stream: str, e: Ints, home: Ints) -> Ints:
    """A hospital or the station of the home commune."""
    hospital = len(places.communes) + draws.below(f"{stream}/hospital", e, HOSPITALS)
    return np.where(draws.chance(f"{stream}/at hospital", e, 0.55), hospital, home)


@dataclass(frozen=True)
class EncounterRow:
    """What one version of each encounter says."""

    encounter: Ints
    person: Ints
    document: Ints
    is_checked: Bools
    facility: Ints
    started: Ints
    status: Ints


@dataclass(frozen=True)
class Encounters:
    """Visits in the order in which they are told."""

    population: Population
    places: Places
    draws: Draws
    identified: Callable[[Ints], Bools]
    """At which visits the person agrees with the residence register once the card is read."""

    @cached_property
    def arrivals(self) -> Arrivals:
        """When visits are first told."""
        return self.population.scenario.arrivals("encounters", ENCOUNTER_STRIPE, first_day=0)

    @property
    def size(self) -> int:
        """How many true records there are."""
        return self.arrivals.size

    def arrived_through(self, day: int, /) -> int:
        """An upper bound of record numbers told by a day."""
        return min(self.arrivals.through(day), self.size)

    def start(self, e: Ints) -> Fact:
        """The visit; it is effective on the day it started."""
        told = self.arrivals.day(e)
        day = np.maximum(told - lag(self.draws, "encounter/start", e), 0)
        at = moment(told, self.draws.below("encounter/start at", e, 10**6), 0, half=0)
        return Fact(told, day, at)

    def finish(self, e: Ints, start: Fact) -> Ints:
        """The moment at which a visit first told as in progress is told as finished."""
        staying = self.draws.chance("encounter/stays", e, 0.15)
        day = np.where(staying, start.told + self.draws.below("encounter/finish", e, 5), NEVER)
        return moment(day, self.draws.below("encounter/finish at", e, 10**6), 1, half=1)

    def retract(self, e: Ints, start: Fact) -> Ints:
        """The day on which a visit is retracted as entered in error, or never."""
        calendar = self.arrivals.calendar
        day = retirement_day(self.draws, "encounter/retract", e, start.told, calendar)
        return np.where(is_striped(e, ENCOUNTER_STRIPE), day, NEVER)

    def updates(self, e: Ints) -> dict[int, Ints]:
        """The moment of each version slot."""
        start = self.start(e)
        retracted = self._retracted_at(e, start)
        finished = self.finish(e, start)
        return {
            START: start.at,
            FINISH: np.where(finished < retracted, finished, NEVER * 86_400),
            RETRACT: retracted,
        }

    def row(self, e: Ints, at: Ints) -> EncounterRow:
        """What the source says of each visit at a moment."""
        start = self.start(e)
        finished = self.finish(e, start)
        open_still = (finished > at) & (finished < NEVER * 86_400)
        status = np.where(open_still, IN_PROGRESS, FINISHED)
        status = np.where(self._retracted_at(e, start) <= at, ERRONEOUS, status)
        second = seconds_of_day(self.draws, "encounter/second", e)
        early = np.minimum(stamp(start.effective, second), start.at)
        document = self.document(e)
        return EncounterRow(
            encounter=e,
            person=self.person(e),
            document=document,
            is_checked=self.is_checked(e, document),
            facility=self.facility(e),
            started=early,
            status=status,
        )

    def person(self, e: Ints) -> Ints:
        """The patient."""
        return patients(self.population, self.draws, "encounter", e)

    def facility(self, e: Ints) -> Ints:
        """The facility's index."""
        home = self.places.commune_of_household(self.population.first_home(self.person(e)))
        return facilities(self.places, self.draws, "encounter", e, home)

    def document(self, e: Ints) -> Ints:
        """The document shown at check-in; identity cards gain ground over time."""
        rest = self.draws.below("encounter/other document", e, 100)
        other = np.where(rest < 82, INSURANCE, np.where(rest < 88, VNEID, NONE))
        return np.where(self._card_use.is_shown(e), CARD, other)

    @cached_property
    def _card_use(self) -> CardUse:
        population = self.population
        return CardUse(self, population.scenario, self.draws, population.known)

    def is_checked(self, e: Ints, document: Ints) -> Bools:
        """Whether the insurance was checked at check-in."""
        return np.asarray((document != NONE) & self.is_check_made(e), dtype=np.bool_)

    def is_identified(self, e: Ints) -> Bools:
        """Whether the person agrees with the residence register where a card is read."""
        return self.identified(e)

    def is_check_made(self, e: Ints) -> Bools:
        """Whether the insurance is checked where a document is shown."""
        return self.draws.chance("encounter/checked", e, 0.93)

    def valid_on(self, e: Ints, day: int, known_day: int) -> Bools:
        """Truth: whether a visit counts by a day."""
        start = self.start(e)
        return start.holds(day, known_day) & ~(self.retract(e, start) <= known_day)

    def _retracted_at(self, e: Ints, start: Fact) -> Ints:
        draw = self.draws.below("encounter/retract at", e, 10**6)
        return moment(self.retract(e, start), draw, 3, half=1)


@dataclass(frozen=True)
class ImmunizationRow:
    """What one version of each immunization says."""

    immunization: Ints
    person: Ints
    vaccine: Ints
    dose: Ints
    facility: Ints
    occurred: Ints
    status: Ints
    is_corrected: Bools


@dataclass(frozen=True)
class Immunizations:
    """Vaccinations in the order in which they are told."""

    population: Population
    places: Places
    draws: Draws

    @cached_property
    def arrivals(self) -> Arrivals:
        """When vaccinations are first told."""
        return self.population.scenario.arrivals("immunizations", IMMUNIZATION_STRIPE, first_day=0)

    @property
    def size(self) -> int:
        """How many true records there are."""
        return self.arrivals.size

    def arrived_through(self, day: int, /) -> int:
        """An upper bound of record numbers told by a day."""
        return min(self.arrivals.through(day), self.size)

    def give(self, i: Ints) -> Fact:
        """The vaccination; it is effective on the day it was given."""
        told = self.arrivals.day(i)
        day = np.maximum(told - lag(self.draws, "immunization/give", i, 0.2), 0)
        at = moment(told, self.draws.below("immunization/give at", i, 10**6), 0, half=0)
        return Fact(told, day, at)

    def fix_day(self, i: Ints, give: Fact, withdrawn: Ints) -> Ints:
        """The day on which a personal id is added or put right, or never."""
        day = give.told + 4 + self.draws.below("immunization/fix", i, 120)
        wanted = self.draws.chance("immunization/fixes", i, 0.10) & (day < withdrawn)
        return np.where(wanted & (give.told < NEVER), day, NEVER)

    def withdraw(self, i: Ints, give: Fact) -> Ints:
        """The day on which a record is retracted as entered in error, or never."""
        calendar = self.arrivals.calendar
        day = retirement_day(self.draws, "immunization/withdraw", i, give.told, calendar)
        return np.where(is_striped(i, IMMUNIZATION_STRIPE), day, NEVER)

    def updates(self, i: Ints) -> dict[int, Ints]:
        """The moment of each version slot."""
        give = self.give(i)
        withdrawn = self.withdraw(i, give)
        return {
            GIVE: give.at,
            FIX: self._fixed_at(i, self.fix_day(i, give, withdrawn)),
            WITHDRAW: self._withdrawn_at(i, withdrawn),
        }

    def row(self, i: Ints, at: Ints) -> ImmunizationRow:
        """What the source says of each vaccination at a moment."""
        give = self.give(i)
        withdrawn = self.withdraw(i, give)
        fixed = self._fixed_at(i, self.fix_day(i, give, withdrawn)) <= at
        status = np.where(self.is_done(i), COMPLETED, NOT_DONE)
        return ImmunizationRow(
            immunization=i,
            person=self.person(i),
            vaccine=self.draws.below("immunization/vaccine", i, 5),
            dose=1 + self.draws.below("immunization/dose", i, 4),
            facility=self.facility(i),
            occurred=give.effective,
            status=np.where(self._withdrawn_at(i, withdrawn) <= at, WRONG, status),
            is_corrected=fixed,
        )

    def person(self, i: Ints) -> Ints:
        """Who was vaccinated."""
        return patients(self.population, self.draws, "immunization", i)

    def facility(self, i: Ints) -> Ints:
        """The facility's index."""
        home = self.places.commune_of_household(self.population.first_home(self.person(i)))
        return facilities(self.places, self.draws, "immunization", i, home)

    def is_done(self, i: Ints) -> Bools:
        """Whether the vaccine was really given."""
        return self.draws.chance("immunization/done", i, 0.991)

    def completed_on(self, i: Ints, day: int, known_day: int) -> Bools:
        """Truth: whether a vaccination counts by a day."""
        give = self.give(i)
        withdrawn = self.withdraw(i, give) <= known_day
        return give.holds(day, known_day) & ~withdrawn & self.is_done(i)

    def recorded_by(self, i: Ints, known_day: int) -> Bools:
        """Truth: whether a record is known and not retracted, whatever it says."""
        give = self.give(i)
        return (give.told <= known_day) & ~(self.withdraw(i, give) <= known_day)

    def corrected_by(self, i: Ints, known_day: int) -> Bools:
        """Truth: whether the correction of a record is known."""
        give = self.give(i)
        return self.fix_day(i, give, self.withdraw(i, give)) <= known_day

    def _fixed_at(self, i: Ints, day: Ints) -> Ints:
        return moment(day, self.draws.below("immunization/fix at", i, 10**6), 2)

    def _withdrawn_at(self, i: Ints, day: Ints) -> Ints:
        return moment(day, self.draws.below("immunization/withdraw at", i, 10**6), 3, half=1)
