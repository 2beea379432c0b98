"""The provincial portal: copies that offices certify electronically."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ..kernel.arrivals import Arrivals
from ..kernel.clock import NEVER, moment
from ..kernel.draws import Bools, Draws, Ints
from .places import Places
from .population import Population
from .timeline import Fact, lag, seconds_of_day, stamp

CERTIFY, CANCEL = 0, 3
_SHARE_OF_OFFICES = 0.7
"""Offices that certify electronically at all."""


@dataclass(frozen=True)
class CopyRow:
    """What one version of each copy says."""

    commune: Ints
    certified: Ints
    is_cancelled: Bools


@dataclass(frozen=True)
class Copies:
    """Certified copies in the order in which they are told."""

    population: Population
    places: Places
    draws: Draws

    @cached_property
    def arrivals(self) -> Arrivals:
        """When copies are told."""
        return self.population.scenario.arrivals("certified_copies")

    @property
    def size(self) -> int:
        """How many true records there are."""
        return self.arrivals.size

    def arrived_through(self, day: int, /) -> int:
        """An upper bound of record numbers told by a day."""
        return min(self.arrivals.through(day), self.size)

    @cached_property
    def _offices(self) -> Ints:
        office = np.arange(len(self.places.communes), dtype=np.int64)
        chosen = self.draws.chance("copy/office", office, _SHARE_OF_OFFICES)
        return office[chosen] if chosen.any() else office

    def commune(self, k: Ints) -> Ints:
        """The commune index of the office."""
        return self._offices[self.draws.below("copy/commune", k, len(self._offices))]

    def certify(self, k: Ints) -> Fact:
        """The copy is certified."""
        told = self.arrivals.day(k)
        at = moment(told, self.draws.below("copy/certify at", k, 10**6), CERTIFY, half=1)
        return Fact(told, np.maximum(told - lag(self.draws, "copy/certify", k), 0), at)

    def cancel(self, k: Ints, certify: Fact) -> Fact:
        """A copy that was entered in error is cancelled."""
        wanted = self.draws.chance("copy/erroneous", k, 0.01)
        told = certify.told + 1 + self.draws.below("copy/cancel", k, 9)
        told = np.where(wanted, told, NEVER)
        at = moment(told, self.draws.below("copy/cancel at", k, 10**6), CANCEL, half=1)
        return Fact(told, told, at)

    def updates(self, k: Ints, /) -> dict[int, Ints]:
        """The moment of each version slot."""
        certify = self.certify(k)
        return {CERTIFY: certify.at, CANCEL: self.cancel(k, certify).at}

    def row(self, k: Ints, at: Ints) -> CopyRow:
        """What the portal says of each copy at a moment."""
        certify = self.certify(k)
        second = seconds_of_day(self.draws, "copy/second", k) // 2
        return CopyRow(
            commune=self.commune(k),
            certified=np.minimum(stamp(certify.effective, second), at),
            is_cancelled=self.cancel(k, certify).known(at),
        )

    def counts_on(self, k: Ints, day: int, known_day: int) -> Bools:
        """Truth: whether it is certified by a day and not cancelled, as known by another."""
        certify = self.certify(k)
        return certify.holds(day, known_day) & ~(self.cancel(k, certify).told <= known_day)
