"""How numbers are dealt out to residents and to households.

Six blocks of consecutive numbers: those there at the anchor (permanent, temporary), those gone by
the anchor (permanent, temporary), those that come after it (permanent, temporary). The size of the
first two blocks is the calibrated count: that is why counts at the anchor are exact.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ..kernel.arrivals import Arrivals
from ..kernel.draws import Bools, Ints

GONE_PERMANENT, GONE_TEMPORARY = 2, 3


@dataclass(frozen=True)
class Cohorts:
    """The numbering of one population of residents or households."""

    permanent: Arrivals
    temporary: Arrivals
    gone_permanent: int
    gone_temporary: int

    @cached_property
    def bounds(self) -> Ints:
        """Where each of the blocks 1–6 begins; block 6 holds outsiders and ghosts."""
        sizes = [
            self.permanent.at_anchor,
            self.temporary.at_anchor,
            self.gone_permanent,
            self.gone_temporary,
            self.permanent.size - self.permanent.at_anchor,
            self.temporary.size - self.temporary.at_anchor,
        ]
        return np.cumsum(np.array(sizes, dtype=np.int64))

    @property
    def size(self) -> int:
        """How many numbers the six blocks hold."""
        return int(self.bounds[-1])

    def block(self, n: Ints) -> Ints:
        """The block, 0–6, of each number."""
        return np.searchsorted(self.bounds, n, side="right")

    def is_temporary(self, n: Ints) -> Bools:
        """Whether a number is a temporary resident or household."""
        return np.isin(self.block(n), (1, GONE_TEMPORARY, 5))

    def is_gone(self, n: Ints) -> Bools:
        """Whether a number is gone by the anchor."""
        block = self.block(n)
        return np.isin(block, (GONE_PERMANENT, GONE_TEMPORARY))

    def entered(self, n: Ints) -> Ints:
        """The day on which a number first appears in the register."""
        block = self.block(n)
        bounds = self.bounds
        permanent = np.where(block == 0, n, n - bounds[3] + self.permanent.at_anchor)
        temporary = np.where(block == 1, n - bounds[0], n - bounds[4] + self.temporary.at_anchor)
        day = np.zeros_like(n)
        chosen = (block == 0) | (block == 4)
        day[chosen] = self.permanent.day(permanent[chosen])
        chosen = (block == 1) | (block == 5)
        day[chosen] = self.temporary.day(temporary[chosen])
        return day
