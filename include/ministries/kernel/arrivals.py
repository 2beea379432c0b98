"""How many records exist by which day, exactly, as a closed form.

Records are numbered in order of arrival. ``initial`` of them are there on day 0, exactly
``at_anchor`` by the end of the anchor day, then ``per_day`` a day. Where some records are retired
by the anchor, every ``stripe``-th number is, and ``striped_total`` finds how many must arrive for
the survivors to be exactly the calibrated count.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from .clock import NEVER
from .draws import Bools, Draws, Ints


@dataclass(frozen=True)
class Calendar:
    """The world's days: it begins on day 0 (2022-01-01)."""

    feeds_begin: int
    anchor: int
    last: int


@dataclass(frozen=True)
class Arrivals:
    """The day on which each record number first arrives."""

    initial: int
    at_anchor: int
    per_day: float
    calendar: Calendar
    first_day: int = 1

    def day(self, n: Ints) -> Ints:
        """The arrival day of each number: 0 for the initial ones, never decreasing."""
        span = self.calendar.anchor - self.first_day + 1
        before = self.at_anchor - self.initial
        early = self.first_day + (n - self.initial) * span // max(before, 1)
        rate = max(int(self.per_day * 1000), 1)
        late = self.calendar.anchor + 1 + (n - self.at_anchor) * 1000 // rate
        later = np.where(n < self.at_anchor, early, np.minimum(late, NEVER))
        return np.where(n < self.initial, 0, later)

    def through(self, day: int) -> int:
        """How many numbers have arrived by the end of a day."""
        if day < 0:
            return 0
        low, high = 0, self.at_anchor + max(int(self.per_day * 1000), 1) * (day + 1) // 1000 + 2
        while low < high:
            middle = (low + high) // 2
            arrived = int(self.day(np.array([middle], dtype=np.int64))[0]) <= day
            low, high = (middle + 1, high) if arrived else (low, middle)
        return low

    @cached_property
    def size(self) -> int:
        """How many numbers arrive within the world's days."""
        return self.through(self.calendar.last)


def striped_total(count: int, stripe: int) -> int:
    """The smallest total of which exactly ``count`` are no multiple of ``stripe``."""
    total = count + count // (stripe - 1)
    while total - -(-total // stripe) < count:
        total += 1
    while total > 0 and (total - 1) - -(-(total - 1) // stripe) == count:
        total -= 1
    return total


def is_striped(n: Ints, stripe: int) -> Bools:
    """Whether a number is one of those that are retired by the anchor."""
    return np.equal(n % stripe, 0)


def retirement_day(draws: Draws, stream: str, n: Ints, arrived: Ints, calendar: Calendar) -> Ints:
    """When a striped record is retired: by the anchor if it arrived by then, else within weeks."""
    room = np.where(arrived <= calendar.anchor, calendar.anchor - arrived + 1, 40)
    return np.where(arrived >= NEVER, NEVER, arrived + draws.below(stream, n, room))
