"""Police, identity cards: dossiers are received, then granted or refused; cards follow."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ..kernel.arrivals import Arrivals, is_striped, retirement_day
from ..kernel.clock import NEVER, moment
from ..kernel.draws import Bools, Draws, Ints
from .people import People
from .places import Places
from .population import Population
from .timeline import Fact, lag, seconds_of_day, stamp

RECEIVE, DECIDE, DELETE = range(3)
ISSUE, REVOKE = range(2)
RECEIVED, GRANTED, REFUSED = range(3)
_MAX_WAIT = 25
_REFUSED_SHARE = 1 / 150
CARD_STRIPE = 400


@dataclass(frozen=True)
class DossierRow:
    """What one version of each dossier says."""

    dossier: Ints
    person: Ints
    procedure: Ints
    commune: Ints
    received: Ints
    issued: Ints
    status: Ints
    is_deleted: Bools


@dataclass(frozen=True)
class Dossiers:
    """Applications for an identity card; first those that are granted, then the refused ones."""

    population: Population
    places: Places
    draws: Draws

    @cached_property
    def granted(self) -> Arrivals:
        """The dossiers in order of the day on which their grant is told."""
        return self.population.scenario.arrivals("dossiers_issued")

    @cached_property
    def _granted_size(self) -> int:
        return self.granted.through(self.granted.calendar.last + _MAX_WAIT)

    @cached_property
    def _refused(self) -> Arrivals:
        granted = self.granted
        return Arrivals(
            0,
            round(granted.at_anchor * _REFUSED_SHARE),
            granted.per_day * _REFUSED_SHARE,
            granted.calendar,
        )

    @property
    def size(self) -> int:
        """How many true records there are."""
        return self._granted_size + self._refused.size

    def arrived_through(self, _day: int, /) -> int:
        """An upper bound of record numbers told by a day: they are not in order."""
        return self.size

    def receive(self, d: Ints) -> Fact:
        """The application is received; ``effective`` is the day of receipt."""
        granted = self.granted.day(d)
        wait = self._wait(d)
        told = np.maximum(granted - wait, 0)
        refused = d >= self._granted_size
        told = np.where(refused, self._refused.day(np.maximum(d - self._granted_size, 0)), told)
        day = told - lag(self.draws, "dossier/receive", d)
        initial = (granted == 0) & ~refused
        day = np.where(initial, -30 - self.draws.below("dossier/old", d, 330), day)
        at = moment(told, self.draws.below("dossier/receive at", d, 10**6), 0, half=0)
        return Fact(told, day, np.where(initial, moment(told, d, 1, half=1), at))

    def decide(self, d: Ints) -> Fact:
        """The card is granted or refused."""
        received = self.receive(d)
        granted = self.granted.day(d)
        refused = d >= self._granted_size
        told = np.where(refused, received.told + self._wait(d), granted)
        day = np.maximum(told - self.draws.below("dossier/grant lag", d, 3), received.told)
        initial = (granted == 0) & ~refused
        day = np.where(initial, received.effective + self._wait(d), day)
        at = moment(told, self.draws.below("dossier/decide at", d, 10**6), 1, half=1)
        return Fact(told, day, np.where(initial, received.at, at))

    def delete(self, d: Ints) -> Ints:
        """The day on which a refused dossier is withdrawn as entered in error, or never."""
        chosen = (d >= self._granted_size) & self.draws.chance("dossier/deleted", d, 0.25)
        return np.where(chosen, self.decide(d).told + 1 + d % 9, NEVER)

    def updates(self, d: Ints) -> dict[int, Ints]:
        """The moment of each version slot."""
        receive, decide = self.receive(d), self.decide(d)
        at_once = receive.at == decide.at
        return {
            RECEIVE: np.where(at_once, moment(np.full_like(d, NEVER), d, 0), receive.at),
            DECIDE: decide.at,
            DELETE: self._deleted_at(d),
        }

    def row(self, d: Ints, at: Ints) -> DossierRow:
        """What the source says of each dossier at a moment."""
        receive, decide = self.receive(d), self.decide(d)
        decided = decide.known(at)
        refused = d >= self._granted_size
        person = self.person(d)
        second = seconds_of_day(self.draws, "dossier/received second", d)
        issued_on = np.where(decided & ~refused, decide.effective, NEVER)
        issued = stamp(issued_on, second + 1800)
        issued = np.where(decided & ~refused, np.minimum(issued, decide.at), issued)
        again = self.draws.below("dossier/procedure", d, 100)
        procedure = np.where(again < 90, 0, np.where(again < 96, 1, 2))
        return DossierRow(
            dossier=d,
            person=person,
            procedure=np.where(d < self.population.adults, procedure, 1 + d % 2),
            commune=self.commune(d),
            received=np.minimum(stamp(receive.effective, second), receive.at),
            issued=issued,
            status=np.where(decided, np.where(refused, REFUSED, GRANTED), RECEIVED),
            is_deleted=self._deleted_at(d) <= at,
        )

    def person(self, d: Ints) -> Ints:
        """The applicant."""
        return self.population.adult(np.where(d < self._granted_size, d, d * 31))

    def commune(self, d: Ints) -> Ints:
        """The commune index in which the applicant lived at first."""
        return self.places.commune_of_household(self.population.first_home(self.person(d)))

    def received_on(self, d: Ints, day: int, known_day: int) -> Bools:
        """Truth: whether a dossier counts as received by a day."""
        return self.receive(d).holds(day, known_day) & ~(self.delete(d) <= known_day)

    def granted_by(self, d: Ints, known_day: int) -> Bools:
        """Truth: whether a dossier is known to be granted (the calibrated figure)."""
        return (d < self._granted_size) & (self.decide(d).told <= known_day)

    def _wait(self, d: Ints) -> Ints:
        return 3 + self.draws.below("dossier/wait", d, _MAX_WAIT - 4)

    def _deleted_at(self, d: Ints) -> Ints:
        return moment(self.delete(d), self.draws.below("dossier/delete at", d, 10**6), 2)


@dataclass(frozen=True)
class CardRow:
    """What one version of each card says."""

    card: Ints
    person: Ints
    dossier: Ints
    commune: Ints
    issued: Ints
    expires: Ints
    revoked: Ints
    is_deleted: Bools


@dataclass(frozen=True)
class Cards:
    """Identity cards; card c comes from dossier c."""

    dossiers: Dossiers
    people: People
    draws: Draws

    @cached_property
    def arrivals(self) -> Arrivals:
        """The cards in the order in which their issue is told."""
        return self.dossiers.population.scenario.arrivals("cards_in_force", CARD_STRIPE)

    @property
    def size(self) -> int:
        """How many true records there are."""
        return min(self.arrivals.size, self.dossiers.size)

    def arrived_through(self, day: int, /) -> int:
        """An upper bound of record numbers told by a day."""
        return min(self.arrivals.through(day), self.size)

    def issue(self, c: Ints) -> Fact:
        """The card is issued."""
        told = self.arrivals.day(c)
        granted = self.dossiers.decide(c)
        day = np.maximum(told - self.draws.below("card/lag", c, 3), np.minimum(granted.told, told))
        day = np.where(told == 0, np.minimum(granted.effective + 5, -1), day)
        return Fact(told, day, moment(told, self.draws.below("card/issue at", c, 10**6), 0, half=0))

    def retire(self, c: Ints, issue: Fact) -> Fact:
        """The card is revoked, or found to be entered in error."""
        calendar = self.arrivals.calendar
        striped = retirement_day(self.draws, "card/retire", c, issue.told, calendar)
        later = np.maximum(issue.told + 5, calendar.anchor + 1)
        later = later + self.draws.below("card/retire", c, 400)
        chosen = self.draws.chance("card/retires", c, 0.006) & (later <= calendar.last)
        told = np.where(is_striped(c, CARD_STRIPE), striped, np.where(chosen, later, NEVER))
        day = np.maximum(told - lag(self.draws, "card/retire", c, 0.4), issue.effective)
        at = moment(told, self.draws.below("card/retire at", c, 10**6), 3, half=1)
        return Fact(told, np.where(told < NEVER, day, NEVER), at)

    def updates(self, c: Ints) -> dict[int, Ints]:
        """The moment of each version slot."""
        issue = self.issue(c)
        return {ISSUE: issue.at, REVOKE: self.retire(c, issue).at}

    def row(self, c: Ints, at: Ints) -> CardRow:
        """What the source says of each card at a moment."""
        issue = self.issue(c)
        retire = self.retire(c, issue)
        retired = retire.known(at)
        erroneous = self._is_erroneous(c)
        person = self.dossiers.person(c)
        return CardRow(
            card=c,
            person=person,
            dossier=c,
            commune=self.dossiers.commune(c),
            issued=issue.effective,
            expires=self._expires(person, issue.effective),
            revoked=np.where(retired & ~erroneous, retire.effective, NEVER),
            is_deleted=retired & erroneous,
        )

    def in_force(self, c: Ints, day: int, known_day: int) -> Bools:
        """Truth: whether a card is in force on a day."""
        issue = self.issue(c)
        retire = self.retire(c, issue)
        deleted = self._is_erroneous(c) & (retire.told <= known_day)
        return issue.holds(day, known_day) & ~retire.holds(day, known_day) & ~deleted

    def _is_erroneous(self, c: Ints) -> Bools:
        return self.draws.below("card/erroneous", c, 100) < 12

    def _expires(self, person: Ints, issued: Ints) -> Ints:
        """The 25th, 40th or 60th birthday at least two years away; none for the elderly."""
        born = self.people.birth_day(person)
        expires = np.full_like(issued, NEVER)
        for age in (60, 40, 25):
            birthday = born + age * 36_525 // 100
            expires = np.where(birthday >= issued + 730, birthday, expires)
        return expires
