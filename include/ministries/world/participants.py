"""Insurance: participants join, change group or commune, are corrected, leave."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ..kernel.arrivals import Arrivals, is_striped, retirement_day
from ..kernel.clock import NEVER, end_of_day, moment
from ..kernel.draws import Bools, Draws, Ints
from ..reference import insurance_subjects
from .places import Places
from .population import Population
from .timeline import GUARD, Fact, lag

ENTER, CHANGE, FIX, LEAVE = range(4)
UNKNOWN, ACTIVE, STOPPED, DELETED = range(4)
STRIPE = 80
_CHANGES, _FIXES, _LEAVES = 0.42, 0.40, 0.03


@dataclass(frozen=True)
class ParticipantRow:
    """What one version of each participant says."""

    participant: Ints
    person: Ints
    subject: Ints
    commune: Ints
    has_card: Bools
    begins: Ints
    ends: Ints
    is_stopped: Bools
    is_deleted: Bools
    effective: Ints
    is_corrected: Bools
    """Whether the correction of this record has been made: flagged dirt is gone afterwards."""


@dataclass(frozen=True)
class Participants:
    """Insured persons in the order in which they joined."""

    population: Population
    places: Places
    draws: Draws

    @cached_property
    def arrivals(self) -> Arrivals:
        """When participants join."""
        return self.population.scenario.arrivals("participants", STRIPE)

    @property
    def size(self) -> int:
        """How many true records there are."""
        return self.arrivals.size

    def arrived_through(self, day: int, /) -> int:
        """An upper bound of record numbers told by a day."""
        return min(self.arrivals.through(day), self.size)

    def enter(self, q: Ints) -> Fact:
        """Joining."""
        told = self.arrivals.day(q)
        since = -1 - self.draws.below("participant/since", q, 2500)
        day = np.where(told == 0, since, told - lag(self.draws, "participant/enter", q))
        at = moment(told, self.draws.below("participant/enter at", q, 10**6), 0, half=0)
        return Fact(told, day, at)

    def leave(self, q: Ints, enter: Fact) -> Fact:
        """Leaving, or a record found to be wrong."""
        calendar = self.arrivals.calendar
        striped = retirement_day(self.draws, "participant/leave", q, enter.told, calendar)
        room = calendar.last - calendar.anchor
        later = calendar.anchor + 1 + self.draws.below("participant/leave", q, room)
        chosen = self.draws.chance("participant/leaves", q, _LEAVES)
        chosen &= later >= enter.told + GUARD
        told = np.where(is_striped(q, STRIPE), striped, np.where(chosen, later, NEVER))
        day = told - lag(self.draws, "participant/leave", q, 0.25)
        day = np.where(told < NEVER, np.maximum(day, enter.effective), NEVER)
        at = moment(told, self.draws.below("participant/leave at", q, 10**6), 3, half=1)
        return Fact(told, day, at)

    def change(self, q: Ints, enter: Fact, leave: Fact) -> Fact:
        """Another group or commune."""
        span = self.arrivals.calendar.last - 2 * GUARD
        told = GUARD + self.draws.below("participant/change", q, span)
        wanted = self.draws.chance("participant/changes", q, _CHANGES)
        fits = wanted & (told >= enter.told + GUARD) & (told + GUARD <= leave.told)
        told = np.where(fits, told, NEVER)
        day = np.where(fits, told - lag(self.draws, "participant/change", q), NEVER)
        return Fact(told, day, moment(told, self.draws.below("participant/change at", q, 10**6), 1))

    def fix(self, q: Ints, enter: Fact, leave: Fact) -> Ints:
        """The moment at which personal data are put right."""
        day = 3 + self.draws.below("participant/fix", q, self.arrivals.calendar.last - 4)
        wanted = self.draws.chance("participant/fixes", q, _FIXES)
        fits = wanted & (day > enter.told) & (day < leave.told)
        return moment(
            np.where(fits, day, NEVER), self.draws.below("participant/fix at", q, 10**6), 2
        )

    def updates(self, q: Ints) -> dict[int, Ints]:
        """The moment of each version slot."""
        enter = self.enter(q)
        leave = self.leave(q, enter)
        return {
            ENTER: enter.at,
            CHANGE: self.change(q, enter, leave).at,
            FIX: self.fix(q, enter, leave),
            LEAVE: leave.at,
        }

    def row(self, q: Ints, at: Ints) -> ParticipantRow:
        """What the source says of each participant at a moment."""
        enter = self.enter(q)
        leave = self.leave(q, enter)
        change = self.change(q, enter, leave)
        changed, left = change.known(at), leave.known(at)
        deleted = self._is_erroneous(q)
        effective = np.where(changed, change.effective, enter.effective)
        return ParticipantRow(
            participant=q,
            person=self.person(q),
            subject=self._subject(q, changed),
            commune=self.commune(q, changed),
            has_card=self.draws.chance("participant/card", q, 0.93),
            begins=enter.effective,
            ends=np.where(left & ~deleted, leave.effective, NEVER),
            is_stopped=left & ~deleted,
            is_deleted=left & deleted,
            effective=np.where(left, leave.effective, effective),
            is_corrected=self.fix(q, enter, leave) <= at,
        )

    def person(self, q: Ints) -> Ints:
        """The insured person; a few are insured twice (E19), a few are long dead (E24)."""
        q = np.where(self.is_twice(q), q - 1, q)
        share = self.population.scenario.flagged_share("insurance", "E24")
        living = self.population.insurable(q)
        if not share:
            return living
        stride = max(round(1 / share), 1)
        dead = self.population.departed(q // stride)
        return np.where(q % stride == stride // 2, dead, living)

    def is_twice(self, q: Ints) -> Bools:
        """Whether a record is of the person that the record before should be of (E19)."""
        share = self.population.scenario.flagged_share("insurance", "E19")
        return self.draws.chance("participant/twice", q, share) & (q > 0)

    def commune(self, q: Ints, changed: Bools) -> Ints:
        """The commune index, before or after the change."""
        home = self.population.first_home(self.person(q))
        first = self.places.commune_of_household(home)
        return np.where(changed, self.places.anywhere("participant/commune", q), first)

    def commune_on(self, q: Ints, day: int, known_day: int) -> Ints:
        """Truth: the commune index of each who participates on a day, else -1."""
        enter = self.enter(q)
        leave = self.leave(q, enter)
        takes_part = enter.holds(day, known_day) & ~leave.holds(day, known_day)
        changed = self.change(q, enter, leave).holds(day, known_day)
        return np.where(takes_part, self.commune(q, changed), -1)

    def standing(self, q: Ints, known_day: int) -> Ints:
        """Truth: what the newest version known by the end of a day says of each."""
        enter = self.enter(q)
        left = self.leave(q, enter).told <= known_day
        gone = np.where(self._is_erroneous(q), DELETED, STOPPED)
        return np.where(enter.told > known_day, UNKNOWN, np.where(left, gone, ACTIVE))

    def corrected_by(self, q: Ints, known_day: int) -> Bools:
        """Truth: whether personal data were put right by the end of a day."""
        enter = self.enter(q)
        return self.fix(q, enter, self.leave(q, enter)) <= end_of_day(known_day)

    def _subject(self, q: Ints, changed: Bools) -> Ints:
        """An index into the list of groups: households, pupils, workers most often."""
        codes = insurance_subjects()
        common = np.array([codes.index(c) for c in ("GD", "GD", "DN", "HS", "HT", "CN", "HN")])
        stream = self.draws.below("participant/subject", q, 100)
        drawn = (stream + np.where(changed, 13, 0)) % 100
        rare = self.draws.below("participant/rare subject", q, len(codes))
        return np.where(drawn < 85, common[drawn % len(common)], rare)

    def _is_erroneous(self, q: Ints) -> Bools:
        return self.draws.below("participant/erroneous", q, 100) < 10
