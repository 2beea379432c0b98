"""Police: a campaign of some days on which the stations receive dossiers in long hours and shifts.

Campaign dossiers are among those granted after the anchor: their numbers begin where the granted
ones of the anchor end, so the figure of issued dossiers does not depend on them. Other dossiers
are received before the campaign instead of in it: what is received in it is exactly the figure.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ..kernel.arrivals import Arrivals
from ..kernel.draws import Bools, Draws, Ints
from ..scenario.terms import Campaign
from .calibration import bound
from .timeline import lag

FIGURE = "campaign_dossiers"
_LONGEST_WAIT = 28
_BUSIEST, _QUIETEST = 1.4, 0.6
"""Weight of the first and of the last shift of a day."""


@dataclass(frozen=True)
class CampaignDossiers:
    """Which dossiers are received in the campaign, and when."""

    granted: Arrivals
    terms: Campaign
    count: int
    draws: Draws

    @cached_property
    def _range(self) -> tuple[int, int]:
        """The numbers among which they are."""
        return self.granted.at_anchor, self.granted.through(self.terms.last_day + _LONGEST_WAIT)

    @cached_property
    def _bound(self) -> float:
        drawn = self.draws.unit("campaign/dossier", np.arange(*self._range, dtype=np.int64))
        return bound(f"figures.{FIGURE}", drawn, self.count)

    def chosen(self, d: Ints) -> Bools:
        """Whether a dossier is received in the campaign."""
        first, last = self._range
        drawn = self.draws.unit("campaign/dossier", d)
        return np.asarray((d >= first) & (d < last) & (drawn < self._bound), dtype=np.bool_)

    def day(self, d: Ints) -> Ints:
        """The day of receipt of a chosen one."""
        within = self.draws.below("campaign/day", d, self.terms.days)
        return np.asarray(self.terms.first_day + within, dtype=np.int64)

    def told(self, d: Ints) -> Ints:
        """The day on which the receipt of a chosen one is told: known by the anchor."""
        told = self.day(d) + 1 + lag(self.draws, "campaign/day", d)
        return np.asarray(np.minimum(told, self.granted.calendar.anchor), dtype=np.int64)

    def second(self, d: Ints) -> Ints:
        """The second of the day at which a chosen one is received: mornings are busiest."""
        weights = np.cumsum(np.linspace(_BUSIEST, _QUIETEST, self.terms.shifts))
        drawn = self.draws.unit("campaign/shift", d) * weights[-1]
        shift = np.searchsorted(weights, drawn, side="right")
        within = self.draws.below("campaign/second", d, self.terms.shift_seconds)
        opens = self.terms.opens_hour * 3600
        return np.asarray(opens + shift * self.terms.shift_seconds + within, dtype=np.int64)

    def brought_forward(self, day: Ints) -> Ints:
        """How many days earlier other dossiers of a day are received: none, or its length."""
        within = (day >= self.terms.first_day) & (day <= self.terms.last_day)
        return np.where(within, self.terms.days, 0)
