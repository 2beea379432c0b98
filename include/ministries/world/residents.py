"""Police, residents: arriving, moving within the province, being corrected, leaving."""

from dataclasses import dataclass

import numpy as np

from ..kernel.clock import DAY, NEVER, moment
from ..kernel.draws import Bools, Draws, Ints, Slots
from . import names
from .people import People
from .places import Places
from .population import Population
from .timeline import GUARD, Fact, lag

ENTER, DRAFT, MOVE, FIX, LEAVE = range(5)
LIVING, MOVED_AWAY, DEAD, ERRONEOUS = range(4)
_MOVES, _FIXES, _LEAVES, _DRAFTS = 0.30, 0.55, 0.06, 0.05


@dataclass(frozen=True)
class ResidentRow:
    """What one version of each resident says."""

    person: Ints
    name: Ints
    is_temporary: Bools
    household: Ints
    commune: Ints
    status: Ints
    effective: Ints
    is_deleted: Bools
    is_corrected: Bools
    """Whether the name has been looked at when this version was written."""


@dataclass(frozen=True)
class Residents:
    """The residence register; its record number is the person number."""

    population: Population
    people: People
    places: Places
    draws: Draws

    @property
    def size(self) -> int:
        """How many true records there are."""
        return self.population.persons.size

    def arrived_through(self, _day: int, /) -> int:
        """An upper bound of record numbers told by a day: blocks are not in order."""
        return self.size

    def enter(self, n: Ints) -> Fact:
        """Being in the register: since long, by birth, or by moving in."""
        told = self.population.persons.entered(n)
        since = np.maximum(
            -1 - self.draws.below("resident since", n, 6000), self.people.birth_day(n)
        )
        day = np.where(told == 0, since, np.maximum(told - self.population.entry_lag(n), 0))
        return Fact(told, day, moment(told, self.draws.below("resident/enter at", n, 10**6), 0))

    def known_by(self, n: Ints, known_day: int) -> Bools:
        """Truth: whether the register knows of each by the end of a day, deleted or not."""
        return (self.population.persons.entered(n) <= known_day) & (n < self.size)

    def leave(self, n: Ints) -> Fact:
        """Death, moving away, or a record found to be wrong."""
        population, draws = self.population, self.draws
        calendar = population.scenario.calendar
        entered = population.persons.entered(n)
        before = GUARD + 4 + draws.below("resident/leave", n, calendar.anchor - GUARD - 3)
        dissolved = population.dissolved(population.first_home(n))
        before = np.where(dissolved < NEVER, dissolved, before)
        room = (calendar.last - calendar.anchor) / _LEAVES
        after = calendar.anchor + 1 + (draws.unit("resident/leave", n) * room).astype(np.int64)
        stays = (after > calendar.last) | (after < entered + GUARD + 4) | self._is_bound(n)
        told = np.where(population.persons.is_gone(n), before, np.where(stays, NEVER, after))
        told = np.where(n >= self.size, NEVER, told)
        effective = np.where(told < NEVER, told - lag(draws, "resident/leave", n, 0.25), NEVER)
        at = moment(told, draws.below("resident/leave at", n, 10**6), 3)
        return Fact(told, effective, at)

    def move(self, n: Ints) -> Fact:
        """Moving to another household: founders when theirs is formed, members when it ends."""
        population, draws = self.population, self.draws
        homes = population.households
        span = population.scenario.calendar.last - 2 * GUARD - 4
        told = GUARD + 2 + draws.below("resident/move", n, span)
        ordinary = (n >= population.heads) & ~population.persons.is_temporary(n) & (n < self.size)
        told = np.where(ordinary & draws.chance("resident/moves", n, _MOVES), told, NEVER)
        late = lag(draws, "resident/move", n)
        member = (n < population.initial) & (n % population.heads >= population.settled)
        member &= ~population.is_founder(n)
        told = np.where(member, population.dissolved(population.first_home(n)), told)
        founder = population.is_founder(n)
        formed = homes.entered(np.where(founder, population.founded(n), 0))
        told = np.where(founder, formed, told)
        late = np.where(founder | member, 0, late)
        entered, left = population.persons.entered(n), self.leave(n).told
        told = np.where((told < entered + GUARD) | (told + GUARD > left), NEVER, told)
        at = moment(told, draws.below("resident/move at", n, 10**6), 1, half=1)
        return Fact(told, np.where(told < NEVER, told - late, NEVER), at)

    def draft(self, n: Ints, move: Fact) -> Ints:
        """The moment of a wrong first version of a move, put right the same day."""
        drafted = move.happens & self.draws.chance("resident/drafts", n, _DRAFTS)
        day = np.where(drafted, move.told, NEVER)
        return moment(day, self.draws.below("resident/draft at", n, 10**6), 1, half=0)

    def fix(self, n: Ints, enter: Fact, leave: Fact) -> Ints:
        """The moment at which a record is reviewed; a name that was misspelt is put right then."""
        last = self.population.scenario.calendar.last
        day = 3 + self.draws.below("resident/fix", n, last - 4)
        wanted = self.draws.chance("resident/fixes", n, _FIXES) & (n < self.size)
        fits = wanted & (day > enter.told) & (day < leave.told)
        return moment(np.where(fits, day, NEVER), self.draws.below("resident/fix at", n, 10**6), 2)

    def updates(self, n: Ints) -> dict[int, Ints]:
        """The moment of each version slot."""
        enter, leave, move = self.enter(n), self.leave(n), self.move(n)
        return {
            ENTER: enter.at,
            DRAFT: self.draft(n, move),
            MOVE: move.at,
            FIX: self.fix(n, enter, leave),
            LEAVE: leave.at,
        }

    def row(self, n: Ints, at: Ints, slot: Slots) -> ResidentRow:
        """What the register says of each record at a moment."""
        enter, leave, move = self.enter(n), self.leave(n), self.move(n)
        is_draft = slot == DRAFT
        moved = move.known(at) | is_draft
        left = leave.known(at)
        home = np.where(moved, self.second_home(n), self.population.first_home(n))
        home = np.where(is_draft, (home + 1) % self.population.settled, home)
        kind = self.leave_kind(n)
        effective = np.where(moved, move.effective, enter.effective)
        name = self.people.name(n)
        fixed = self.fix(n, enter, leave)
        wrong = (fixed > at) & (fixed < NEVER * DAY) & self.was_misspelt(n)
        status = np.where(left & (kind == DEAD), DEAD, np.where(left, MOVED_AWAY, LIVING))
        return ResidentRow(
            person=n,
            name=np.where(wrong, names.misspelt(name), name),
            is_temporary=self.population.persons.is_temporary(n),
            household=home,
            commune=self.places.commune_of_household(home),
            status=status,
            effective=np.where(left, leave.effective, effective),
            is_deleted=left & (kind == ERRONEOUS),
            is_corrected=(slot == FIX) | (status != LIVING),
        )

    def second_home(self, n: Ints) -> Ints:
        """The household a person moves to."""
        other = self.draws.below("second home", n, self.population.settled)
        return np.where(self.population.is_founder(n), self.population.founded(n), other)

    def commune_on(self, n: Ints, day: int, known_day: int) -> Ints:
        """Truth: the commune index in which each lives on a day, -1 if in none."""
        lives = self.enter(n).holds(day, known_day) & ~self.leave(n).holds(day, known_day)
        moved = self.move(n).holds(day, known_day)
        home = np.where(moved, self.second_home(n), self.population.first_home(n))
        return np.where(lives, self.places.commune_of_household(home), -1)

    def _is_bound(self, n: Ints) -> Bools:
        """Heads, founders and members of dissolving households never leave the province."""
        population = self.population
        member = (n < population.initial) & (n % population.heads >= population.settled)
        return (n < population.heads) | member | population.is_founder(n)

    def was_misspelt(self, n: Ints) -> Bools:
        """Whether a name is wrong until the record is reviewed, if it ever is."""
        share = self.population.scenario.flagged_share("police", "misspelt_until_review")
        return self.draws.chance("resident/misspelt", n, share)

    def leave_kind(self, n: Ints) -> Ints:
        """Why a person would leave the register: ``ERRONEOUS`` deletes the record."""
        erroneous = self.draws.below("resident/leave kind", n, 100) >= 95
        kind = np.where(erroneous, ERRONEOUS, MOVED_AWAY)
        return np.where(self.population.dies(n), DEAD, kind)
