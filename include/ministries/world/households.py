"""Police, households: formed, headed by another member, dissolved."""

from dataclasses import dataclass

import numpy as np

from ..kernel.clock import NEVER, moment
from ..kernel.draws import Bools, Draws, Ints
from .places import Places
from .population import Population
from .timeline import Fact, lag

ENTER, FIX, LEAVE = range(3)
_FIXES = 0.60


@dataclass(frozen=True)
class HouseholdRow:
    """What one version of each household says."""

    household: Ints
    head: Ints
    """Person number, -1 when the head is not known."""
    is_temporary: Bools
    commune: Ints
    is_dissolved: Bools
    effective: Ints
    is_deleted: Bools


@dataclass(frozen=True)
class Households:
    """The register of households; its record number is the household number."""

    population: Population
    places: Places
    draws: Draws

    @property
    def size(self) -> int:
        """How many true records there are."""
        return self.population.households.size

    def arrived_through(self, _day: int, /) -> int:
        """An upper bound of record numbers told by a day: they are not in order."""
        return self.size

    def enter(self, h: Ints) -> Fact:
        """The household exists."""
        told = self.population.households.entered(h)
        since = -1 - self.draws.below("household since", h, 6000)
        late = lag(self.draws, "household/enter", h)
        founded = ~self.population.households.is_temporary(h)
        effective = np.where(founded, told, np.maximum(told - late, 0))
        effective = np.where(told == 0, since, effective)
        return Fact(told, effective, moment(told, self._second("enter", h), 0))

    def leave(self, h: Ints) -> Fact:
        """The household is dissolved, or was entered in error."""
        told = np.where(h < self.size, self.population.dissolved(h), NEVER)
        return Fact(told, told, moment(told, self._second("leave", h), 3))

    def fix(self, h: Ints, enter: Fact, leave: Fact) -> Ints:
        """The moment at which another head is entered."""
        last = self.population.scenario.calendar.last
        day = 3 + self.draws.below("household/fix", h, last - 4)
        wanted = self.draws.chance("household/fixes", h, _FIXES) & (h < self.size)
        fits = wanted & (day > enter.told) & (day < leave.told)
        return moment(np.where(fits, day, NEVER), self._second("fix", h), 2)

    def updates(self, h: Ints) -> dict[int, Ints]:
        """The moment of each version slot."""
        enter, leave = self.enter(h), self.leave(h)
        return {ENTER: enter.at, FIX: self.fix(h, enter, leave), LEAVE: leave.at}

    def row(self, h: Ints, at: Ints) -> HouseholdRow:
        """What the register says of each household at a moment."""
        enter, leave = self.enter(h), self.leave(h)
        left = leave.known(at)
        erroneous = self.draws.below("household/leave kind", h, 100) < 8
        return HouseholdRow(
            household=h,
            head=self._head(h, self.fix(h, enter, leave) <= at),
            is_temporary=self.population.households.is_temporary(h),
            commune=self.places.commune_of_household(h),
            is_dissolved=left,
            effective=np.where(left, leave.effective, enter.effective),
            is_deleted=left & erroneous,
        )

    def commune_on(self, h: Ints, day: int, known_day: int) -> Ints:
        """Truth: the commune index of each household that exists on a day, else -1."""
        exists = self.enter(h).holds(day, known_day) & ~self.leave(h).holds(day, known_day)
        return np.where(exists, self.places.commune_of_household(h), -1)

    def _head(self, h: Ints, changed: Bools) -> Ints:
        population = self.population
        founded = (h >= population.heads) & (h < population.households.bounds[0])
        founded |= population.households.block(h) == 4
        has_second = h + population.heads < population.initial
        second = np.where(changed & has_second, population.heads, 0)
        head = np.where(h < population.heads, h + second, -1)
        head = np.where(founded, population.founder(np.where(founded, h, 0)), head)
        first = h - population.households.bounds[0] + population.persons.bounds[0]
        temporary = population.households.block(h) == 1
        resident = temporary & (first < population.persons.bounds[1])
        return np.where(resident, first, head)

    def _second(self, fact: str, h: Ints) -> Ints:
        return self.draws.below(f"household/{fact} at", h, 10**6)
