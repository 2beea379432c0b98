"""How the numbers of portal dossiers are dealt out.

Dossiers of one procedure and one channel form a block of numbers in order of arrival; those
entered in error form the last block. Block sizes at the anchor are the calibrated counts.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ..kernel.arrivals import Calendar
from ..kernel.draws import Bools, Draws, Ints
from ..scenario.portal import PortalPlan

_CHANNELS = 3


@dataclass(frozen=True)
class Blocks:
    """The blocks of one plan, an array element each."""

    plan: PortalPlan
    calendar: Calendar
    draws: Draws

    @cached_property
    def at_anchor(self) -> Ints:
        """How many arrive by the anchor."""
        counts = [n for a in self.plan.activities for n in (a.direct, a.online, a.post)]
        return np.array([*counts, round(sum(counts) * self.plan.entered_in_error)], dtype=np.int64)

    @cached_property
    def bounds(self) -> Ints:
        """Where each block ends; all of it arrives within the world's days."""
        return np.cumsum(self.at_anchor + self._after_anchor)

    @property
    def size(self) -> int:
        """How many dossiers there are."""
        return int(self.bounds[-1])

    def is_last(self, n: Ints) -> Bools:
        """Whether a dossier was entered in error."""
        return np.equal(self._block(n), len(self.at_anchor) - 1)

    def activity(self, n: Ints) -> Ints:
        """An index into the plan's activities; a wrong entry is of a frequent procedure."""
        return self._like(n) // _CHANNELS

    def channel(self, n: Ints) -> Ints:
        """0 at the counter, 1 online, 2 by post."""
        return self._like(n) % _CHANNELS

    def arrival_day(self, n: Ints) -> Ints:
        """Evenly from the first day to the anchor, then at the block's rate."""
        block = self._block(n)
        offset = n - self._begins[block]
        count, phase, anchor = self.at_anchor[block], self._phase[block], self.calendar.anchor
        early = 1 + (offset * anchor + phase * anchor // 1000) // np.maximum(count, 1)
        late = ((offset - count) * 1000 + phase) // np.maximum(self._rate[block], 1)
        return np.where(offset < count, early, anchor + 1 + late)

    def arrived_before(self, g: Ints, day: Ints) -> Ints:
        """Any dossier that is there on a day, for each number ``g``."""
        block = self._drawn("bad base/portal", g, self.at_anchor)
        offset = self.draws.below("bad base/portal/offset", g, self.at_anchor[block])
        offset = offset * np.clip(day - 1, 0, self.calendar.anchor) // self.calendar.anchor
        return np.asarray(self._begins[block] + offset, dtype=np.int64)

    @cached_property
    def _begins(self) -> Ints:
        return np.concatenate([np.zeros(1, dtype=np.int64), self.bounds[:-1]])

    @cached_property
    def _rate(self) -> Ints:
        """Arrivals after the anchor in 1000 days."""
        pace = 1000 * self.plan.pace_after / self.calendar.anchor
        return (self.at_anchor * pace).astype(np.int64)

    @cached_property
    def _phase(self) -> Ints:
        """0–999, so that blocks with few dossiers do not all begin on the same day."""
        return self.draws.below("portal/phase", np.arange(len(self.at_anchor)), 1000)

    @cached_property
    def _after_anchor(self) -> Ints:
        room = (self.calendar.last - self.calendar.anchor) * self._rate - self._phase
        return np.where(self._rate > 0, np.maximum(-(-room // 1000), 0), 0)

    def _block(self, n: Ints) -> Ints:
        last = len(self.at_anchor) - 1
        return np.minimum(np.searchsorted(self.bounds, n, side="right"), last)

    def _like(self, n: Ints) -> Ints:
        """The block, or the one a wrong entry looks like."""
        common = self._drawn("portal/erroneous", n, self.at_anchor[:-1])
        return np.where(self.is_last(n), common, self._block(n))

    def _drawn(self, stream: str, n: Ints, weight: Ints) -> Ints:
        """A block for each number, more often one with many dossiers."""
        bounds = np.cumsum(weight)
        drawn = self.draws.below(stream, n, int(bounds[-1]))
        return np.minimum(np.searchsorted(bounds, drawn, side="right"), len(weight) - 1)
