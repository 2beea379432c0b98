"""Health: at which visits an identity card is shown, bent to the published figures.

Two figures can be calibrated: the checked visits with an identity card in one month, and the
distinct persons who ever showed one and agree with the residence register. Each visit has one
draw. In the calibrated month the card is shown where the draw is below a bound; at all other visits
where the draw, divided by the share that is usual on the day, is below another bound (near one).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np

from ..kernel.arrivals import Arrivals
from ..kernel.clock import calendar_day, day_number
from ..kernel.draws import Bools, Draws, Floats, Ints
from ..scenario.load import Scenario
from .calibration import bound
from .timeline import Fact

_CHUNK = 1 << 17
MONTH, PERSONS = "id_card_visits_month", "id_card_persons"


class Visits(Protocol):
    """What the choice needs to know of visits."""

    @property
    def arrivals(self) -> Arrivals:
        """When visits are first told."""

    def start(self, e: Ints, /) -> Fact:
        """The visit."""

    def person(self, e: Ints, /) -> Ints:
        """The patient."""

    def is_check_made(self, e: Ints, /) -> Bools:
        """Whether the insurance is checked where a document is shown."""

    def is_identified(self, e: Ints, /) -> Bools:
        """Whether the person agrees with the residence register where a card is read."""

    def valid_on(self, e: Ints, day: int, known_day: int, /) -> Bools:
        """Truth: whether a visit counts by a day."""


@dataclass(frozen=True)
class CardUse:
    """Which visits show an identity card."""

    visits: Visits
    scenario: Scenario
    draws: Draws
    known: int
    """How many persons there are."""

    def is_shown(self, e: Ints) -> Bools:
        """Whether an identity card is shown at each visit."""
        if self._month is None and PERSONS not in self.scenario.counts:
            return np.asarray(self._drawn(e) < self._share(e), dtype=np.bool_)
        usual = self._drawn(e) / self._share(e) < self._usual_bound
        if self._month is None:
            return np.asarray(usual, dtype=np.bool_)
        in_month = self._drawn(e) < self._month_bound
        return np.asarray(np.where(self._is_in_month(e), in_month, usual), dtype=np.bool_)

    def _drawn(self, e: Ints) -> Floats:
        return self.draws.unit("encounter/document", e)

    def _share(self, e: Ints) -> Floats:
        return self.scenario.card_use.share(self.visits.arrivals.day(e))

    @cached_property
    def _month(self) -> tuple[int, int] | None:
        """The first and last day of the calibrated month."""
        if MONTH not in self.scenario.counts:
            return None
        first = calendar_day(self.scenario.month_of(MONTH))
        following = first.replace(year=first.year + first.month // 12, month=first.month % 12 + 1)
        return day_number(first), day_number(following) - 1

    def _is_in_month(self, e: Ints) -> Bools:
        if self._month is None:
            return np.zeros(len(e), dtype=np.bool_)
        first, last = self._month
        day = self.visits.start(e).effective
        return np.asarray((day >= first) & (day <= last), dtype=np.bool_)

    def _counted(self) -> Iterator[Ints]:
        """The visits that count at the anchor."""
        anchor = self.scenario.calendar.anchor
        size = self.visits.arrivals.at_anchor
        for start in range(0, size, _CHUNK):
            e = np.arange(start, min(start + _CHUNK, size), dtype=np.int64)
            yield e[self.visits.valid_on(e, anchor, anchor)]

    @cached_property
    def _month_bound(self) -> float:
        drawn = []
        for counted in self._counted():
            e = counted[self._is_in_month(counted)]
            drawn.append(self._drawn(e[self.visits.is_check_made(e)]))
        return bound(f"figures.{MONTH}", np.concatenate(drawn), self.scenario.counts[MONTH])

    @cached_property
    def _usual_bound(self) -> float:
        """Of persons without a card in the month, so many show one on another day."""
        if PERSONS not in self.scenario.counts:
            return 1.0
        least = np.full(self.known, np.inf)
        for e in self._counted():
            key = self._drawn(e) / self._share(e)
            if self._month is not None:
                in_month = self._is_in_month(e)
                shown = in_month & (self._drawn(e) < self._month_bound)
                key = np.where(shown, -1.0, np.where(in_month, np.inf, key))
            key = np.where(self.visits.is_identified(e), key, np.inf)
            np.minimum.at(least, self.visits.person(e), key)
        already = int(np.count_nonzero(least < 0))
        others = least[(least >= 0) & np.isfinite(least)]
        return bound(f"figures.{PERSONS}", others, self.scenario.counts[PERSONS] - already)
