"""The provincial portal: which procedures each office lists, and how it offers them.

A listing is a procedure at the one-stop office of a commune. Its decision is signed, takes effect
and is published; some offices publish late, and say until then that they have not. Some listings
are repealed, some were entered in error and are cancelled.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ..kernel.arrivals import Arrivals
from ..kernel.clock import NEVER, moment
from ..kernel.draws import Bools, Draws, Ints
from .places import Places
from .population import Population
from .portal_papers import FREE, Papers
from .timeline import Fact

LIST, PUBLISH, REPEAL, CANCEL = range(4)
_STEP = 7919
_ERRONEOUS, _REPEALED, _LATE = 0.015, 0.04, 0.10


@dataclass(frozen=True)
class ListingRow:
    """What one version of each listing says; days that are not known are ``NEVER``."""

    procedure: Ints
    commune: Ints
    signed: Ints
    effective: Ints
    published: Ints
    repealed: Ints
    is_complete: Bools
    is_eligible: Bools
    is_offered: Bools
    has_fee: Bools
    has_payment: Bools
    is_cancelled: Bools


@dataclass(frozen=True)
class Listings:
    """Listings by number: each another procedure of another office."""

    population: Population
    places: Places
    draws: Draws

    @cached_property
    def arrivals(self) -> Arrivals:
        """When listings are told."""
        return self.population.scenario.arrivals("listed_procedures")

    @property
    def size(self) -> int:
        """How many true records there are: at most one for each procedure of each office."""
        return min(self.arrivals.size, self._cells)

    def arrived_through(self, day: int, /) -> int:
        """An upper bound of record numbers told by a day."""
        return min(self.arrivals.through(day), self.size)

    @cached_property
    def procedures(self) -> int:
        """How many procedures there are."""
        return len(self.population.scenario.portal.activities)

    def procedure(self, k: Ints) -> Ints:
        """The index of the procedure."""
        return self._cell(k) % self.procedures

    def commune(self, k: Ints) -> Ints:
        """The commune index of the office."""
        return self._cell(k) // self.procedures

    def listed(self, k: Ints) -> Fact:
        """The office lists the procedure; ``effective`` is the day of signing."""
        told = self.arrivals.day(k)
        late, soon = self.draws.below("listing/late", k, 21), self.draws.below("listing/soon", k, 4)
        signed = told - np.where(self._is_late(k), 15 + late, soon)
        at = moment(told, self.draws.below("listing/list at", k, 10**6), LIST, half=0)
        return Fact(told, signed, at)

    def publish(self, k: Ints, listed: Fact) -> Fact:
        """A procedure that was not published when it was listed is."""
        told = listed.told + 1 + self.draws.below("listing/publish", k, 20)
        told = np.where(self._is_late(k) & ~self.is_erroneous(k), told, NEVER)
        at = moment(told, self.draws.below("listing/publish at", k, 10**6), PUBLISH)
        return Fact(told, told, at)

    def repeal(self, k: Ints, listed: Fact) -> Fact:
        """The procedure is no longer listed, from the day on which the portal says so."""
        wanted = self.draws.chance("listing/repealed", k, _REPEALED) & ~self.is_erroneous(k)
        told = listed.told + 30 + self.draws.below("listing/repeal", k, 300)
        told = np.where(wanted, told, NEVER)
        at = moment(told, self.draws.below("listing/repeal at", k, 10**6), REPEAL)
        return Fact(told, told, at)

    def cancel(self, k: Ints, listed: Fact) -> Fact:
        """A listing that was entered in error is cancelled."""
        told = listed.told + 1 + self.draws.below("listing/cancel", k, 12)
        told = np.where(self.is_erroneous(k), told, NEVER)
        at = moment(told, self.draws.below("listing/cancel at", k, 10**6), CANCEL)
        return Fact(told, told, at)

    def updates(self, k: Ints, /) -> dict[int, Ints]:
        """The moment of each version slot."""
        listed = self.listed(k)
        return {
            LIST: listed.at,
            PUBLISH: self.publish(k, listed).at,
            REPEAL: self.repeal(k, listed).at,
            CANCEL: self.cancel(k, listed).at,
        }

    def row(self, k: Ints, at: Ints) -> ListingRow:
        """What the portal says of each listing at a moment."""
        listed = self.listed(k)
        publish, repeal = self.publish(k, listed), self.repeal(k, listed)
        at_once = self.published_at_once(k, listed)
        later = np.where(publish.known(at), publish.effective, NEVER)
        return ListingRow(
            procedure=self.procedure(k),
            commune=self.commune(k),
            signed=listed.effective,
            effective=self.effective(k, listed),
            published=np.minimum(at_once, later),
            repealed=np.where(repeal.known(at), repeal.effective, NEVER),
            is_complete=self.is_complete(k),
            is_eligible=self.is_eligible(k),
            is_offered=self.is_offered(k),
            has_fee=self.has_fee(k),
            has_payment=self.has_payment(k),
            is_cancelled=self.cancel(k, listed).known(at),
        )

    def effective(self, k: Ints, listed: Fact) -> Ints:
        """The day on which it takes effect: of some too soon after signing."""
        hasty = self.draws.chance("listing/hasty", k, 0.12)
        soon, due = self.draws.below("listing/wait", k, 7), self.draws.below("listing/wait", k, 25)
        return listed.effective + np.where(hasty, soon, 6 + due)

    def published_at_once(self, k: Ints, listed: Fact) -> Ints:
        """The day of publication, of those published by the day on which they are listed."""
        span = listed.told - listed.effective + 1
        day = listed.effective + self.draws.below("listing/published", k, span)
        return np.where(self._is_late(k), NEVER, day)

    def is_complete(self, k: Ints) -> Bools:
        """Whether every field is published."""
        return self.draws.chance("listing/complete", k, 0.93)

    def is_eligible(self, k: Ints) -> Bools:
        """Whether it can be offered online."""
        return self.draws.chance("listing/eligible", k, 0.88)

    def is_offered(self, k: Ints) -> Bools:
        """Whether it is offered online."""
        return self.is_eligible(k) & self.draws.chance("listing/offered", k, 0.76)

    def has_fee(self, k: Ints) -> Bools:
        """Whether dossiers of the procedure have a fee above zero."""
        return np.asarray(Papers(self.draws).fee(self.procedure(k)) > FREE, dtype=np.bool_)

    def has_payment(self, k: Ints) -> Bools:
        """Whether the fee can be paid online."""
        return self.has_fee(k) & self.draws.chance("listing/payment", k, 0.7)

    def is_erroneous(self, k: Ints) -> Bools:
        """Whether it was entered in error."""
        return self.draws.chance("listing/erroneous", k, _ERRONEOUS)

    def is_listed_on(self, k: Ints, day: int, known_day: int) -> Bools:
        """Truth: whether it is announced and not repealed on a day, as known by another."""
        listed = self.listed(k)
        gone = self.repeal(k, listed).holds(day, known_day)
        return listed.holds(day, known_day) & ~gone & ~(self.cancel(k, listed).told <= known_day)

    def published_on(self, k: Ints, known_day: int) -> Ints:
        """Truth: the day of publication as known by a day; ``NEVER``: not published."""
        listed = self.listed(k)
        publish = self.publish(k, listed)
        later = np.where(publish.told <= known_day, publish.effective, NEVER)
        return np.minimum(self.published_at_once(k, listed), later)

    @property
    def _cells(self) -> int:
        return len(self.places.communes) * self.procedures

    def _cell(self, k: Ints) -> Ints:
        """A place in the table of offices and procedures: no two numbers have the same."""
        step = _STEP
        while np.gcd(step, self._cells) != 1:
            step += 2
        return (k * step + self.draws.scalar("listing offset", 0, self._cells)) % self._cells

    def _is_late(self, k: Ints) -> Bools:
        return self.draws.chance("listing/is late", k, _LATE)
