"""Police, e-ID accounts: registered, raised to level 2, activated, locked."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ..kernel.arrivals import Arrivals, is_striped, retirement_day
from ..kernel.clock import DAY, NEVER, moment
from ..kernel.draws import Bools, Draws, Ints
from .places import Places
from .population import Population
from .timeline import Fact, lag, seconds_of_day, stamp

REGISTER, RAISE, LOCK = range(3)
STRIPE = 150


@dataclass(frozen=True)
class AccountRow:
    """What one version of each account says."""

    account: Ints
    person: Ints
    commune: Ints
    registered: Ints
    level2: Ints
    activated: Ints
    locked: Ints
    is_deleted: Bools


@dataclass(frozen=True)
class Accounts:
    """e-ID accounts in the order in which their registration is told."""

    population: Population
    places: Places
    draws: Draws

    @cached_property
    def arrivals(self) -> Arrivals:
        """When accounts are registered."""
        return self.population.scenario.arrivals("eid_accounts", STRIPE)

    @property
    def size(self) -> int:
        """How many true records there are."""
        return self.arrivals.size

    def arrived_through(self, day: int, /) -> int:
        """An upper bound of record numbers told by a day."""
        return min(self.arrivals.through(day), self.size)

    def register(self, a: Ints) -> Fact:
        """The account is registered, at level 1."""
        told = self.arrivals.day(a)
        at = moment(told, self.draws.below("eid/register at", a, 10**6), 0, half=0)
        return Fact(told, told - lag(self.draws, "eid/register", a), at)

    def upgrade(self, a: Ints, register: Fact, lock: Fact) -> Fact:
        """The account is raised to level 2."""
        told = register.told + 1 + self.draws.below("eid/raise", a, 45)
        wanted = self.draws.chance("eid/raises", a, 0.78) & (told < lock.told)
        told = np.where(wanted, told, NEVER)
        at = moment(told, self.draws.below("eid/raise at", a, 10**6), 1)
        return Fact(told, told, at)

    def lock(self, a: Ints, register: Fact) -> Fact:
        """The account is locked, or found to be entered in error."""
        calendar = self.arrivals.calendar
        striped = retirement_day(self.draws, "eid/lock", a, register.told, calendar)
        later = np.maximum(register.told + 5, calendar.anchor + 1)
        later = later + self.draws.below("eid/lock", a, 400)
        chosen = self.draws.chance("eid/locks", a, 0.03) & (later <= calendar.last)
        told = np.where(is_striped(a, STRIPE), striped, np.where(chosen, later, NEVER))
        day = np.maximum(told - lag(self.draws, "eid/lock", a), register.effective)
        at = moment(told, self.draws.below("eid/lock at", a, 10**6), 3, half=1)
        return Fact(told, np.where(told < NEVER, day, NEVER), at)

    def updates(self, a: Ints) -> dict[int, Ints]:
        """The moment of each version slot."""
        register = self.register(a)
        lock = self.lock(a, register)
        return {
            REGISTER: register.at,
            RAISE: self.upgrade(a, register, lock).at,
            LOCK: lock.at,
        }

    def row(self, a: Ints, at: Ints) -> AccountRow:
        """What the source says of each account at a moment."""
        register = self.register(a)
        lock = self.lock(a, register)
        upgrade = self.upgrade(a, register, lock)
        raised, locked = upgrade.known(at), lock.known(at)
        erroneous = self._is_erroneous(a)
        second = seconds_of_day(self.draws, "eid/second", a)
        level2 = stamp(np.where(raised, upgrade.effective, NEVER), second)
        level2 = np.where(raised, np.minimum(level2, upgrade.at), level2)
        active = raised & self._is_activated(a)
        shut = np.where(locked & ~erroneous, lock.effective, NEVER)
        return AccountRow(
            account=a,
            person=self.person(a),
            commune=self.commune(a),
            registered=np.minimum(stamp(register.effective, second), register.at),
            level2=level2,
            activated=np.where(active, level2, NEVER * DAY),
            locked=np.where(shut < NEVER, np.minimum(stamp(shut, second), lock.at), NEVER * DAY),
            is_deleted=locked & erroneous,
        )

    def person(self, a: Ints) -> Ints:
        """The holder: adults in mixed order, one account each."""
        return self.population.adult(a * 77_777_777 % _prime_to(self.population.adults))

    def commune(self, a: Ints) -> Ints:
        """The commune index in which the holder lived at first."""
        return self.places.commune_of_household(self.population.first_home(self.person(a)))

    def level_on(self, a: Ints, day: int, known_day: int) -> Ints:
        """Truth: 0 when no account counts on a day, else its level."""
        register = self.register(a)
        lock = self.lock(a, register)
        upgrade = self.upgrade(a, register, lock)
        deleted = self._is_erroneous(a) & (lock.told <= known_day)
        counts = register.holds(day, known_day) & ~lock.holds(day, known_day) & ~deleted
        return np.where(counts, 1 + upgrade.holds(day, known_day), 0)

    def activated_on(self, a: Ints, day: int, known_day: int) -> Bools:
        """Truth: whether the holder of an account has activated it by a day: on being raised."""
        register = self.register(a)
        upgrade = self.upgrade(a, register, self.lock(a, register))
        return np.asarray(upgrade.holds(day, known_day) & self._is_activated(a), dtype=np.bool_)

    def _is_activated(self, a: Ints) -> Bools:
        """Whether the holder activates the account once it is of level 2."""
        return self.draws.chance("eid/activated", a, 0.85)

    def _is_erroneous(self, a: Ints) -> Bools:
        return self.draws.below("eid/erroneous", a, 100) < 12


def _prime_to(total: int) -> int:
    """The largest modulus up to the total that 77,777,777 shares no factor with."""
    while np.gcd(77_777_777, total) != 1:
        total -= 1
    return total
