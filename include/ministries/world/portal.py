"""The provincial portal: dossiers are received, sometimes sent back for supplements, decided,
returned; some were entered in error and are cancelled. Those are never counted, and a dossier is
never told before it is received: that is why counts at the anchor are the calibrated ones.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ..kernel.clock import DAY, NEVER, moment
from ..kernel.draws import Bools, Draws, Ints
from .places import Places
from .population import Population
from .portal_blocks import Blocks
from .portal_papers import Papers
from .timeline import Fact, seconds_of_day, stamp

RECEIVE, SUPPLEMENT, DECIDE, CLOSE = range(4)
DIRECT, ONLINE, POST = range(3)
GRANTED, REFUSED, WITHDRAWN = range(3)
NEW, IN_PROCESS, WAITING, HAS_RESULT, RETURNED, TURNED_DOWN, TAKEN_BACK, CANCELLED = range(8)

WITHOUT_DIGITISING = ("DA06-02", "DA06-09")
"""Not digitised, for want of guidance by the central government (TB20)."""
_AT_ONCE = ("DA06-05", "DA06-06", "DA06-08")
"""Notices and payments: nothing is promised for a later day."""
_OF_ORGANISATIONS = ("DA06-10", "DA06-11", "Q422-06", "Q422-07")
_LIMITS = (2, 3, 5, 7, 10, 15)
_OUTSIDER_SHARE, _BUSINESS_SHARE = 0.03, 0.02


@dataclass(frozen=True)
class DossierRow:
    """What one version of each dossier says."""

    dossier: Ints
    procedure: Ints
    channel: Ints
    person: Ints
    is_organisation: Bools
    commune: Ints
    submitted: Ints
    received: Ints
    due: Ints
    finished: Ints
    returned: Ints
    status: Ints
    is_digitised: Bools
    supplements: Ints
    supplement_days: Ints
    is_corrected: Bools
    """Whether name and personal id have been put right."""


@dataclass(frozen=True)
class PortalDossiers:
    """Dossiers by block."""

    population: Population
    places: Places
    draws: Draws

    @cached_property
    def blocks(self) -> Blocks:
        """The numbering."""
        scenario = self.population.scenario
        return Blocks(scenario.portal, scenario.calendar, self.draws)

    @property
    def size(self) -> int:
        """How many true records there are."""
        return self.blocks.size

    def arrived_through(self, _day: int, /) -> int:
        """An upper bound of record numbers told by a day: they are not in order."""
        return self.size

    def receive(self, n: Ints) -> Fact:
        """The dossier is received; ``effective`` is the day of reception."""
        told = self.blocks.arrival_day(n)
        share = np.where(self.channel(n) == ONLINE, 0.03, 0.15)
        late = self.draws.chance("portal/late", n, share)
        day = np.maximum(told - np.where(late, 1 + self.draws.below("portal/lag", n, 5), 0), 0)
        at = moment(told, self.draws.below("portal/receive at", n, 10**6), RECEIVE, half=0)
        return Fact(told, day, at)

    def supplement(self, n: Ints, receive: Fact) -> Fact:
        """The applicant is asked for what is missing."""
        wanted = self.draws.chance("portal/supplements", n, 0.07)
        wanted &= ~self.is_erroneous(n) & (self._limit(n) > 0)
        told = receive.told + 1 + self.draws.below("portal/supplement", n, 2)
        told = np.where(wanted, told, NEVER)
        at = moment(told, self.draws.below("portal/supplement at", n, 10**6), SUPPLEMENT)
        return Fact(told, told, at)

    def decide(self, n: Ints, receive: Fact, supplement: Fact) -> Fact:
        """There is a result, or the dossier is refused or withdrawn."""
        limit = self._limit(n)
        overdue = self.draws.chance("portal/overdue", n, 0.06)
        wait = self.draws.below("portal/wait", n, limit + 1) + np.where(overdue, limit, 0)
        wait += np.where(supplement.happens, 2 + self.supplement_days(n) + 1, 0)
        told = np.where(self.is_erroneous(n), NEVER, receive.told + wait)
        day = told - np.minimum(self.draws.below("portal/told", n, 2), wait)
        at = moment(told, self.draws.below("portal/decide at", n, 10**6), DECIDE, half=1)
        return Fact(told, np.where(told < NEVER, day, NEVER), at)

    def close(self, n: Ints, receive: Fact, decide: Fact) -> Fact:
        """The result is returned, data are corrected, or a wrong entry is cancelled."""
        calendar = self.population.scenario.calendar
        room = np.where(receive.told <= calendar.anchor, calendar.anchor - receive.told + 1, 21)
        cancelled = receive.told + self.draws.below("portal/cancel", n, np.minimum(room, 21))
        corrected = self.draws.chance("portal/corrected", n, 0.06)
        wanted = (self.outcome(n) == GRANTED) & (self.is_kept(n) | corrected)
        later = decide.told + 1 + self.draws.below("portal/close", n, 9)
        told = np.where(self.is_erroneous(n), cancelled, np.where(wanted, later, NEVER))
        at = moment(told, self.draws.below("portal/close at", n, 10**6), CLOSE, half=1)
        return Fact(told, told, at)

    def updates(self, n: Ints, /) -> dict[int, Ints]:
        """The moment of each version slot."""
        receive = self.receive(n)
        supplement = self.supplement(n, receive)
        decide = self.decide(n, receive, supplement)
        return {
            RECEIVE: receive.at,
            SUPPLEMENT: supplement.at,
            DECIDE: decide.at,
            CLOSE: self.close(n, receive, decide).at,
        }

    def row(self, n: Ints, at: Ints) -> DossierRow:
        """What the portal says of each dossier at a moment."""
        receive = self.receive(n)
        supplement = self.supplement(n, receive)
        decide = self.decide(n, receive, supplement)
        close = self.close(n, receive, decide)
        decided, closed, waited = decide.known(at), close.known(at), supplement.known(at)
        received = self.received(n)
        status = self._status(n, decided, closed, waited)
        again = decided & self.papers.is_asked_twice(n)
        return DossierRow(
            dossier=n,
            procedure=self.procedure(n),
            channel=self.channel(n),
            person=self.person(n),
            is_organisation=self.is_organisation(n),
            commune=self.commune(n),
            submitted=received - self.draws.below("portal/submitted", n, DAY),
            received=received,
            due=self.due(n, receive),
            finished=np.where(decided, self.finished(n, decide), NEVER * DAY),
            returned=np.where(status == RETURNED, self.returned(n, decide, close), NEVER * DAY),
            status=status,
            is_digitised=self._is_digitised(n, decided),
            supplements=waited * (1 + again),
            supplement_days=np.where(waited & decided, self.supplement_days(n), 0),
            is_corrected=self._is_corrected(n, closed),
        )

    def received(self, n: Ints) -> Ints:
        """The moment of reception."""
        receive, second = self.receive(n), seconds_of_day(self.draws, "portal/second", n)
        return np.minimum(stamp(receive.effective, second), receive.at)

    def due(self, n: Ints, receive: Fact) -> Ints:
        """The moment for which a result is promised; of some procedures none is."""
        limit = self._limit(n)
        return np.where(limit > 0, (receive.effective + limit) * DAY + 17 * 3600, NEVER * DAY)

    def finished(self, n: Ints, decide: Fact) -> Ints:
        """The moment at which handling ends, if it does."""
        second = seconds_of_day(self.draws, "portal/second", n)
        finish = np.minimum(stamp(decide.effective, second + 1800), decide.at)
        return np.maximum(finish, self.received(n) + 60)

    def returned(self, n: Ints, decide: Fact, close: Fact) -> Ints:
        """The moment at which the applicant gets the result, if there is one."""
        return np.where(self.is_kept(n), close.at - 900, decide.at)

    @cached_property
    def papers(self) -> Papers:
        """What goes with the dossiers."""
        return Papers(self.draws)

    def procedure(self, n: Ints) -> Ints:
        """An index into the plan's activities."""
        return self.blocks.activity(n)

    def channel(self, n: Ints) -> Ints:
        """How the dossier was handed in."""
        return self.blocks.channel(n)

    def person(self, n: Ints) -> Ints:
        """The applicant, if not an organisation; a few do not live in the province."""
        population = self.population
        adult = population.adult(self.draws.below("portal/adult", n, population.adults))
        outsider = population.persons.size + self.draws.below(
            "portal/outsider", n, population.outsiders
        )
        away = self.draws.chance("portal/away", n, _OUTSIDER_SHARE)
        return np.where(away, outsider, adult)

    def is_organisation(self, n: Ints) -> Bools:
        """Whether the applicant is an organisation."""
        share = np.where(self._is_one_of(n, _OF_ORGANISATIONS), 0.97, _BUSINESS_SHARE)
        return self.draws.chance("portal/organisation", n, share)

    def commune(self, n: Ints) -> Ints:
        """The commune index of the office."""
        return self.places.anywhere("portal/commune", n)

    def supplement_days(self, n: Ints) -> Ints:
        """How long the applicant takes."""
        return 1 + self.draws.below("portal/supplement days", n, 7)

    def is_erroneous(self, n: Ints) -> Bools:
        """Whether it was entered in error."""
        return self.blocks.is_last(n)

    def counts_on(self, n: Ints, day: int, known_day: int) -> Bools:
        """Truth: whether it is received by a day and not deleted, as known by another."""
        receive = self.receive(n)
        counts = receive.holds(day, known_day)
        wrong = np.flatnonzero(counts & self.is_erroneous(n))
        close = self.close(n[wrong], self.receive(n[wrong]), self._undecided(wrong))
        counts[wrong] = close.told > known_day
        return counts

    def is_digitised_on(self, n: Ints, known_day: int) -> Bools:
        """Truth: whether components were digitised, as known by the end of a day."""
        receive = self.receive(n)
        decide = self.decide(n, receive, self.supplement(n, receive))
        return self._is_digitised(n, decide.told <= known_day)

    def is_corrected_on(self, n: Ints, known_day: int) -> Bools:
        """Truth: whether name and personal id were put right by the end of a day."""
        receive = self.receive(n)
        decide = self.decide(n, receive, self.supplement(n, receive))
        return self._is_corrected(n, self.close(n, receive, decide).told <= known_day)

    @staticmethod
    def _undecided(n: Ints) -> Fact:
        never = np.full(len(n), NEVER, dtype=np.int64)
        return Fact(never, never, never * DAY)

    def _is_one_of(self, n: Ints, ids: tuple[str, ...]) -> Bools:
        chosen = np.array([a.procedure.procedure_id in ids for a in self.blocks.plan.activities])
        return np.asarray(chosen[self.procedure(n)], dtype=np.bool_)

    def _limit(self, n: Ints) -> Ints:
        """The days within which a result is promised, by procedure."""
        limits = np.array(_LIMITS, dtype=np.int64)[self.procedure(n) % len(_LIMITS)]
        return np.where(self._is_one_of(n, _AT_ONCE), 0, limits)

    def outcome(self, n: Ints) -> Ints:
        """What the office will decide."""
        drawn = self.draws.unit("portal/outcome", n)
        return np.where(drawn < 0.025, REFUSED, np.where(drawn < 0.035, WITHDRAWN, GRANTED))

    def is_kept(self, n: Ints) -> Bools:
        """Whether the result waits at the office for some days."""
        return self.draws.chance("portal/kept", n, 0.18)

    def _is_corrected(self, n: Ints, closed: Bools) -> Bools:
        return closed & ~self.is_erroneous(n) & self.draws.chance("portal/mended", n, 0.6)

    def _is_digitised(self, n: Ints, decided: Bools) -> Bools:
        """Some from the beginning, of others the result's papers are scanned at the end."""
        online = self.channel(n) == ONLINE
        first = self.draws.chance("portal/digitised", n, np.where(online, 0.78, 0.22))
        last = decided & self.draws.chance("portal/scanned", n, 0.4)
        return (first | last) & ~self._is_one_of(n, WITHOUT_DIGITISING)

    def _status(self, n: Ints, decided: Bools, closed: Bools, waited: Bools) -> Ints:
        begun = np.where(self.draws.chance("portal/begun", n, 0.3), IN_PROCESS, NEW)
        outcome = self.outcome(n)
        done = np.where(self.is_kept(n) & ~closed, HAS_RESULT, RETURNED)
        done = np.where(outcome == REFUSED, TURNED_DOWN, done)
        done = np.where(outcome == WITHDRAWN, TAKEN_BACK, done)
        status = np.where(decided, done, np.where(waited, WAITING, begun))
        return np.where(closed & self.is_erroneous(n), CANCELLED, status)
