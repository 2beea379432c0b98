"""Police, identity cards: issued from dossiers, revoked."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ..kernel.arrivals import Arrivals, is_striped, retirement_day
from ..kernel.clock import NEVER, moment
from ..kernel.draws import Bools, Draws, Ints
from .id_card_dossiers import Dossiers
from .people import People
from .timeline import Fact, lag

ISSUE, REVOKE = range(2)
CARD_STRIPE = 400


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
