"""The provincial portal: petitions about offices, their answers, and what is thought of these."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ..kernel.arrivals import Arrivals
from ..kernel.clock import DAY, NEVER, moment
from ..kernel.draws import Bools, Draws, Ints
from .places import Places
from .population import Population
from .timeline import Fact, lag, seconds_of_day, stamp

RECEIVE, ANSWER, RATE, CANCEL = range(4)
HANDLED, ANSWERED, REFUSED, CANCELLED = range(4)
UNRATED, SATISFIED, NEUTRAL, DISSATISFIED = range(4)
_DAYS = 21
"""Calendar days of an answer; the portal states the deadline itself."""


@dataclass(frozen=True)
class PetitionRow:
    """What one version of each petition says."""

    commune: Ints
    received: Ints
    due: Ints
    answered: Ints
    status: Ints
    rating: Ints
    rated: Ints


@dataclass(frozen=True)
class Petitions:
    """Petitions in the order in which they are told."""

    population: Population
    places: Places
    draws: Draws

    @cached_property
    def arrivals(self) -> Arrivals:
        """When petitions are told."""
        return self.population.scenario.arrivals("petitions")

    @property
    def size(self) -> int:
        """How many true records there are."""
        return self.arrivals.size

    def arrived_through(self, day: int, /) -> int:
        """An upper bound of record numbers told by a day."""
        return min(self.arrivals.through(day), self.size)

    def commune(self, k: Ints) -> Ints:
        """The commune index of the office."""
        return self.places.anywhere("petition/commune", k)

    def receive(self, k: Ints) -> Fact:
        """The petition is received."""
        told = self.arrivals.day(k)
        at = moment(told, self.draws.below("petition/receive at", k, 10**6), RECEIVE, half=1)
        day = np.maximum(told - lag(self.draws, "petition/receive", k), 0)
        return Fact(told, day, at)

    def answer(self, k: Ints, receive: Fact) -> Fact:
        """It is answered or refused; some too late, some never."""
        wait = 2 + self.draws.below("petition/wait", k, _DAYS - 2)
        late = self.draws.chance("petition/overdue", k, 0.08)
        wait += np.where(late, _DAYS, 0)
        done = ~self.draws.chance("petition/forgotten", k, 0.02) & ~self.is_erroneous(k)
        day = np.where(done, receive.effective + wait, NEVER)
        told = np.where(done, np.maximum(day, receive.told + 1), NEVER)
        told += np.where(done, self.draws.below("petition/told", k, 3), 0)
        at = moment(told, self.draws.below("petition/answer at", k, 10**6), ANSWER, half=1)
        return Fact(told, day, at)

    def rate(self, k: Ints, answer: Fact) -> Fact:
        """The answer is rated."""
        wanted = answer.happens & self.draws.chance("petition/rated", k, 0.45)
        told = np.where(wanted, answer.told + 1 + self.draws.below("petition/rate", k, 9), NEVER)
        at = moment(told, self.draws.below("petition/rate at", k, 10**6), RATE, half=1)
        return Fact(told, told, at)

    def cancel(self, k: Ints, receive: Fact) -> Fact:
        """A petition that was entered in error is cancelled."""
        told = receive.told + 1 + self.draws.below("petition/cancel", k, 9)
        told = np.where(self.is_erroneous(k), told, NEVER)
        at = moment(told, self.draws.below("petition/cancel at", k, 10**6), CANCEL, half=1)
        return Fact(told, told, at)

    def updates(self, k: Ints, /) -> dict[int, Ints]:
        """The moment of each version slot."""
        receive = self.receive(k)
        answer = self.answer(k, receive)
        return {
            RECEIVE: receive.at,
            ANSWER: answer.at,
            RATE: self.rate(k, answer).at,
            CANCEL: self.cancel(k, receive).at,
        }

    def row(self, k: Ints, at: Ints) -> PetitionRow:
        """What the portal says of each petition at a moment."""
        receive = self.receive(k)
        answer = self.answer(k, receive)
        rate = self.rate(k, answer)
        answered, rated = answer.known(at), rate.known(at)
        done = np.where(self.is_refused(k), REFUSED, ANSWERED)
        status = np.where(answered, done, HANDLED)
        second = seconds_of_day(self.draws, "petition/rated second", k) // 2
        return PetitionRow(
            commune=self.commune(k),
            received=np.minimum(self.received(k), at),
            due=self.due(k),
            answered=np.where(answered, self.answered(k), NEVER * DAY),
            status=np.where(self.cancel(k, receive).known(at), CANCELLED, status),
            rating=np.where(rated, self.rating(k), UNRATED),
            rated=np.where(rated, stamp(rate.effective, second), NEVER * DAY),
        )

    def received(self, k: Ints) -> Ints:
        """The moment of receipt."""
        second = seconds_of_day(self.draws, "petition/second", k) // 2
        return stamp(self.receive(k).effective, second)

    def due(self, k: Ints) -> Ints:
        """The moment at which the answer is due."""
        return self.received(k) + _DAYS * DAY

    def answered(self, k: Ints) -> Ints:
        """The moment of the answer; it never comes where there is none."""
        answer = self.answer(k, self.receive(k))
        return stamp(answer.effective, seconds_of_day(self.draws, "petition/answered", k) // 2)

    def rating(self, k: Ints) -> Ints:
        """What is thought of the answer, if anything is said."""
        drawn = self.draws.below("petition/rating", k, 20)
        return np.where(drawn < 14, SATISFIED, np.where(drawn < 17, NEUTRAL, DISSATISFIED))

    def is_refused(self, k: Ints) -> Bools:
        """Whether the office is not the one to answer."""
        return self.draws.chance("petition/refused", k, 0.1)

    def is_erroneous(self, k: Ints) -> Bools:
        """Whether it was entered in error."""
        return self.draws.chance("petition/erroneous", k, 0.02)

    def counts_on(self, k: Ints, day: int, known_day: int) -> Bools:
        """Truth: whether it is received by a day and not cancelled, as known by another."""
        receive = self.receive(k)
        return receive.holds(day, known_day) & ~(self.cancel(k, receive).told <= known_day)
