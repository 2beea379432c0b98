"""Police, applications for identity cards: dossiers are received, then granted or refused."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ..errors import InputError
from ..kernel.arrivals import Arrivals
from ..kernel.clock import NEVER, moment
from ..kernel.draws import Bools, Draws, Ints
from .calibration import bound
from .campaign import FIGURE, CampaignDossiers
from .places import Places
from .population import Population
from .timeline import Fact, lag, seconds_of_day, stamp

RECEIVE, DECIDE, DELETE = range(3)
RECEIVED, GRANTED, REFUSED = range(3)
_MAX_WAIT = 25
_REFUSED_SHARE, _DELETED_SHARE = 1 / 150, 0.25


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
    def _campaign(self) -> CampaignDossiers | None:
        scenario = self.population.scenario
        if scenario.campaign is None:
            return None
        count = scenario.counts.get(FIGURE, 0)
        return CampaignDossiers(self.granted, scenario.campaign, count, self.draws)

    @cached_property
    def _refused_in_force(self) -> int | None:
        """Of the calibrated received dossiers, those that are refused and not deleted."""
        counts = self.population.scenario.counts
        if "dossiers_received" not in counts:
            return None
        anchor = self.granted.calendar.anchor
        last = self.granted.through(anchor + 2 * _MAX_WAIT)
        d = np.arange(self.granted.at_anchor, last, dtype=np.int64)
        told, _ = self._receipt(d)
        others = self.granted.at_anchor + int(np.count_nonzero(told <= anchor))
        if others > counts["dossiers_received"]:
            problem = f"at this scale {others} are granted or pending already"
            raise InputError("figures.dossiers_received", problem)
        return counts["dossiers_received"] - others

    @cached_property
    def _refused(self) -> Arrivals:
        granted = self.granted
        total = round(granted.at_anchor * _REFUSED_SHARE)
        if self._refused_in_force is not None:
            total = round(self._refused_in_force / (1 - _DELETED_SHARE))
        return Arrivals(0, total, granted.per_day * _REFUSED_SHARE, granted.calendar)

    @cached_property
    def _deleted_bound(self) -> float:
        """The share of refused dossiers that are deleted, or exactly so many by the anchor."""
        if self._refused_in_force is None:
            return _DELETED_SHARE
        total = self._refused.at_anchor
        d = np.arange(self._granted_size, self._granted_size + total, dtype=np.int64)
        d = d[self._deletion_day(d) <= self.granted.calendar.anchor]
        drawn = self.draws.unit("dossier/deleted", d)
        return bound("figures.dossiers_received", drawn, total - self._refused_in_force)

    @property
    def size(self) -> int:
        """How many true records there are."""
        return self._granted_size + self._refused.size

    def arrived_through(self, _day: int, /) -> int:
        """An upper bound of record numbers told by a day: they are not in order."""
        return self.size

    def receive(self, d: Ints) -> Fact:
        """The application is received; ``effective`` is the day of receipt."""
        told, day = self._receipt(d)
        refused = d >= self._granted_size
        late = self._refused.day(np.maximum(d - self._granted_size, 0))
        late_day = late - lag(self.draws, "dossier/receive", d)
        forward = 0 if self._campaign is None else self._campaign.brought_forward(late_day)
        told = np.where(refused, late - forward, told)
        day = np.where(refused, late_day - forward, day)
        initial = (self.granted.day(d) == 0) & ~refused
        day = np.where(initial, -30 - self.draws.below("dossier/old", d, 330), day)
        at = moment(told, self.draws.below("dossier/receive at", d, 10**6), 0, half=0)
        return Fact(told, day, np.where(initial, moment(told, d, 1, half=1), at))

    def _receipt(self, d: Ints) -> tuple[Ints, Ints]:
        """The days on which the receipt of granted dossiers is told and came true."""
        told = np.maximum(self.granted.day(d) - self._wait(d), 0)
        day = told - lag(self.draws, "dossier/receive", d)
        if self._campaign is None:
            return told, day
        forward = self._campaign.brought_forward(day)
        chosen = self._campaign.chosen(d)
        told = np.where(chosen, self._campaign.told(d), told - forward)
        return told, np.where(chosen, self._campaign.day(d), day - forward)

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
        refused = d >= self._granted_size
        chosen = refused & self.draws.chance("dossier/deleted", d, self._deleted_bound)
        return np.where(chosen, self._deletion_day(d), NEVER)

    def _deletion_day(self, d: Ints) -> Ints:
        return self.decide(d).told + 1 + d % 9

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
        second = self.received_second(d)
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

    def received_second(self, d: Ints) -> Ints:
        """The second of the day of receipt."""
        second = seconds_of_day(self.draws, "dossier/received second", d)
        if self._campaign is None:
            return second
        return np.where(self._campaign.chosen(d), self._campaign.second(d), second)

    def person(self, d: Ints) -> Ints:
        """The applicant."""
        return self.population.adult(np.where(d < self._granted_size, d, d * 31))

    def commune(self, d: Ints) -> Ints:
        """The commune index in which the applicant lived at first."""
        return self.places.commune_of_household(self.population.first_home(self.person(d)))

    def received_on(self, d: Ints, day: int, known_day: int) -> Bools:
        """Truth: whether a dossier counts as received by a day."""
        return self.receive(d).holds(day, known_day) & ~(self.delete(d) <= known_day)

    def issued_on(self, d: Ints, day: int, known_day: int) -> Bools:
        """Truth: whether a dossier counts as granted by a day."""
        return (d < self._granted_size) & self.decide(d).holds(day, known_day)

    def _wait(self, d: Ints) -> Ints:
        return 3 + self.draws.below("dossier/wait", d, _MAX_WAIT - 4)

    def _deleted_at(self, d: Ints) -> Ints:
        return moment(self.delete(d), self.draws.below("dossier/delete at", d, 10**6), 2)
