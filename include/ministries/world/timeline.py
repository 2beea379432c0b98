"""The dated facts of a record: when each is true (effective) and when the source tells (updated).

A late arrival is a fact told some days after it came true.
"""

from dataclasses import dataclass

import numpy as np

from ..kernel.clock import DAY, NEVER
from ..kernel.draws import Bools, Draws, Ints

MAX_LAG = 6
GUARD = MAX_LAG + 4
"""Days kept free between two facts of one record, so that a late one never overtakes the next."""


@dataclass(frozen=True)
class Fact:
    """One fact of each of many records."""

    told: Ints
    """Day on which the source tells it; ``NEVER`` if it does not happen."""
    effective: Ints
    """Day on which it came true."""
    at: Ints
    """Second of the version that tells it."""

    def known(self, by: Ints | int) -> Bools:
        """Whether the version was written by a moment (feeds)."""
        return self.at <= by

    def holds(self, day: int, known_day: int) -> Bools:
        """Whether it is true on a day as known by the end of another (truth)."""
        return (self.effective <= day) & (self.told <= known_day)

    @property
    def happens(self) -> Bools:
        """Whether it happens at all within the world's days."""
        return self.told < NEVER


def lag(draws: Draws, stream: str, n: Ints, share: float = 0.12) -> Ints:
    """How many days late a fact is told: mostly none."""
    late = draws.chance(f"{stream}/late", n, share)
    return np.where(late, 1 + draws.below(f"{stream}/lag", n, MAX_LAG), 0)


def seconds_of_day(draws: Draws, stream: str, n: Ints) -> Ints:
    """A second within office hours, for event timestamps."""
    return 7 * 3600 + draws.below(stream, n, 10 * 3600)


def stamp(day: Ints, second: Ints) -> Ints:
    """The moment of an event on a day; ``NEVER`` stays beyond every moment."""
    return np.where(day >= NEVER, NEVER * DAY, day * DAY + second)
