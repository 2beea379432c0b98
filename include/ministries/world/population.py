"""Who there is: the numbering of persons and households and how they belong together.

Permanent residents of number below ``heads`` head the household of their own number; the others
live with them in turn. Every ``founder_stride``-th of these founds a household formed later.
Households with the last numbers below ``heads`` are dissolved after the anchor.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ..kernel.clock import NEVER
from ..kernel.draws import Bools, Draws, Ints
from ..scenario.load import Scenario
from .cohorts import GONE_PERMANENT, GONE_TEMPORARY, Cohorts
from .timeline import GUARD, lag

_GONE_RESIDENTS, _GONE_HOUSEHOLDS, _DISSOLVING = 0.045, 0.008, 0.006
_OUTSIDERS = 0.012
_DEATHS = 38
"""Out of a hundred who leave the register."""
_CHILD_SHARE, _CANDIDATE = 22, 22
AGE_CLASSES = 100
_SCRAMBLED = (np.arange(AGE_CLASSES) * 37) % AGE_CLASSES
_ADULT_RESIDUES = np.flatnonzero(_SCRAMBLED >= _CHILD_SHARE).astype(np.int64)
_CANDIDATE_RESIDUE = int(np.flatnonzero(_SCRAMBLED == _CANDIDATE)[0])


@dataclass(frozen=True)
class Population:
    """Numbers of persons and households of one scenario and seed."""

    scenario: Scenario
    draws: Draws

    @cached_property
    def persons(self) -> Cohorts:
        """Residents, present and past and to come."""
        counts = self.scenario.counts
        return Cohorts(
            self.scenario.arrivals("permanent_residents"),
            self.scenario.arrivals("temporary_residents"),
            round(counts["permanent_residents"] * _GONE_RESIDENTS),
            round(counts["temporary_residents"] * _GONE_RESIDENTS),
        )

    @cached_property
    def households(self) -> Cohorts:
        """Households, present and past and to come."""
        counts = self.scenario.counts
        return Cohorts(
            self.scenario.arrivals("permanent_households", first_day=GUARD + 2),
            self.scenario.arrivals("temporary_households"),
            round(counts["permanent_households"] * _GONE_HOUSEHOLDS),
            round(counts["temporary_households"] * _GONE_HOUSEHOLDS),
        )

    @cached_property
    def heads(self) -> int:
        """Permanent households there from the first day to the anchor; their heads' numbers."""
        return self.households.permanent.initial

    @cached_property
    def settled(self) -> int:
        """Of these, the households that are never dissolved: where movers move to."""
        return self.heads - int(self.heads * _DISSOLVING)

    @cached_property
    def initial(self) -> int:
        """Permanent residents there on the first day and at the anchor."""
        return self.persons.permanent.initial

    @cached_property
    def founder_stride(self) -> int:
        """Distance between the numbers of persons who found a household."""
        formed = self.households.permanent.size - self.heads
        return max((self.initial - self.heads) // max(formed, 1), 1)

    @cached_property
    def outsiders(self) -> int:
        """Persons known to insurance and health but not resident in the province."""
        return max(int(self.persons.size * _OUTSIDERS), 2)

    @property
    def known(self) -> int:
        """All persons any source may speak of; numbers beyond are ghosts."""
        return self.persons.size + self.outsiders

    def age_class(self, n: Ints) -> Ints:
        """0–99: below 22 a child, 22 a school leaver of the exam year, above an adult."""
        return np.asarray(_SCRAMBLED[n % AGE_CLASSES], dtype=np.int64)

    @cached_property
    def adults(self) -> int:
        """How many of the initial permanent residents are old enough for an identity card."""
        return max((self.initial // 100) * len(_ADULT_RESIDUES), 1)

    def adult(self, k: Ints) -> Ints:
        """The person number of the k-th adult, round and round."""
        k = k % self.adults
        return k // len(_ADULT_RESIDUES) * 100 + _ADULT_RESIDUES[k % len(_ADULT_RESIDUES)]

    def school_leaver(self, k: Ints) -> Ints:
        """The person number of the k-th school leaver."""
        return k % (self.initial // 100) * 100 + _CANDIDATE_RESIDUE

    def insurable(self, k: Ints) -> Ints:
        """The person number of the k-th insurable person, outsiders among them, in mixed order."""
        total = self.initial + self.outsiders
        mixed = (k * _coprime(total) + self.draws.scalar("insurable", 0, total)) % total
        return np.where(mixed < self.initial, mixed, mixed - self.initial + self.persons.size)

    def entry_lag(self, n: Ints) -> Ints:
        """How late a person's arrival is told."""
        return lag(self.draws, "resident/enter", n)

    def is_newborn(self, n: Ints) -> Bools:
        """Whether a person came into the world within the world's days."""
        block = self.persons.block(n)
        arrives = ((block == 0) & (n >= self.initial)) | (block == 4)
        return np.asarray(arrives & self.draws.chance("newborn", n, 0.4), dtype=np.bool_)

    def dies(self, n: Ints) -> Bools:
        """Whether a person who leaves the register does so by death."""
        return self.draws.below("resident/leave kind", n, 100) < _DEATHS

    def departed(self, k: Ints) -> Ints:
        """The person number of the k-th permanent resident who is dead by the anchor."""
        return self._departed[k % len(self._departed)]

    @cached_property
    def _departed(self) -> Ints:
        gone = np.arange(self.persons.bounds[1], self.persons.bounds[2], dtype=np.int64)
        dead = gone[self.dies(gone)]
        return dead if len(dead) else gone[:1]

    def is_founder(self, n: Ints) -> Bools:
        """Whether a person founds a household."""
        offset = n - self.heads
        formed = self.households.permanent.size - self.heads
        in_range = (offset >= 0) & (n < self.initial)
        in_turn = (offset % self.founder_stride == 0) & (offset // self.founder_stride < formed)
        return np.asarray(in_range & in_turn, dtype=np.bool_)

    def founded(self, n: Ints) -> Ints:
        """The household a founder founds."""
        number = self.heads + (n - self.heads) // self.founder_stride
        at_anchor = self.households.permanent.at_anchor
        return np.where(number < at_anchor, number, number - at_anchor + self.households.bounds[3])

    def founder(self, household: Ints) -> Ints:
        """The person who founds a household; the inverse of ``founded``."""
        at_anchor = self.households.permanent.at_anchor
        late = household - self.households.bounds[3] + at_anchor
        number = np.where(household < at_anchor, household, late)
        return self.heads + (number - self.heads) * self.founder_stride

    def first_home(self, n: Ints) -> Ints:
        """The household in which a person first lives."""
        block = self.persons.block(n)
        homes = self.households
        anyone = self.draws.below("home", n, self.settled)
        turn = np.where(self.is_founder(n), (n * 7) % self.settled, n % self.heads)
        home = np.where(n < self.initial, turn, anyone)
        temporary = homes.temporary.initial
        first = homes.bounds[0] + (n - self.persons.bounds[0]) % temporary
        home = np.where(block == 1, first, home)
        home = np.where(block == 5, homes.bounds[0] + anyone % temporary, home)
        serial = n - self.persons.bounds[1]
        in_gone = (block == GONE_PERMANENT) & (serial < 3 * homes.gone_permanent)
        gone = homes.bounds[1] + serial % max(homes.gone_permanent, 1)
        home = np.where(in_gone, gone, home)
        return np.where(block == GONE_TEMPORARY, homes.bounds[0] + anyone % temporary, home)

    def dissolved(self, household: Ints) -> Ints:
        """The day on which the end of a household is told, or never."""
        calendar = self.scenario.calendar
        before = GUARD + 4 + self.draws.below("dissolve", household, calendar.anchor - GUARD - 4)
        room = calendar.last - calendar.anchor - GUARD
        after = calendar.anchor + 1 + self.draws.below("dissolve", household, room)
        tail = (household >= self.settled) & (household < self.heads)
        day = np.where(self.households.is_gone(household), before, np.where(tail, after, NEVER))
        return np.asarray(day, dtype=np.int64)


def _coprime(total: int) -> int:
    """A multiplier near the golden section that shares no factor with the total."""
    multiplier = max(int(total * 0.6180339887), 1)
    while np.gcd(multiplier, total) != 1:
        multiplier += 1
    return multiplier
