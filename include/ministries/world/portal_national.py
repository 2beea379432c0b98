"""The national portal: its own list of the province's dossiers, and its counts of them.

A period is a month, of the dossiers received in it. It is closed at the end of the second day of
the next month: what the national portal had recorded by then is in the period's counts. On the
third day the list of the period appears; what is recorded later is added to the list and never to
the counts. A dossier that was entered in error stays in the list, marked as cancelled.

Some dossiers are wrong in the list on purpose. Which ones, and in which way, is drawn by dossier
number (``plant``) before there is a list. Others are late by themselves: the province told of them
after the period was closed.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ..kernel.clock import DAY, NEVER, moment, month_starts, months
from ..kernel.draws import Bools, Draws, Ints
from .portal import CANCELLED, PortalDossiers

ABSENT, TWICE, DELAYED, OTHER_PERIOD, OTHER_STATUS, OTHER_PROCEDURE = range(6)
NOTHING = -1
SHARES = (0.010, 0.008, 0.012, 0.008, 0.010, 0.008)
"""Of dossiers, by plant: assumptions."""
STRANGER_SHARE = 0.008
"""Dossiers in the list that the province's portal never sent, as a share of the others."""
LIST, CANCEL = 0, 3
"""Version slots: the entry appears; its dossier is cancelled."""
CLOSING_DAYS = 2
"""Days of the next month after which a period is closed."""
_LONGEST_DELAY = 20
_CHUNK = 1 << 17


@dataclass(frozen=True)
class EntryRow:
    """What one version of each entry says."""

    period: Ints
    dossier: Ints
    procedure: Ints
    status: Ints
    received: Ints
    recorded: Ints


def list_day(period: Ints) -> Ints:
    """The day on which the list and the counts of a period appear."""
    return month_starts(period + 1) + CLOSING_DAYS


@dataclass(frozen=True)
class NationalList:
    """Entries by number: one for each dossier, a second one for each, then those of strangers."""

    portal: PortalDossiers
    draws: Draws

    @property
    def size(self) -> int:
        """How many numbers there are; of most seconds there is no version."""
        return 2 * self.portal.size + self.strangers

    @cached_property
    def strangers(self) -> int:
        """How many dossiers the province never sent."""
        return round(self.portal.size * STRANGER_SHARE)

    def arrived_through(self, _day: int, /) -> int:
        """An upper bound of record numbers told by a day: they are not in order."""
        return self.size

    def plant(self, n: Ints) -> Ints:
        """What is wrong with the entry of a dossier; ``NOTHING`` of most and of wrong entries."""
        drawn = np.searchsorted(np.cumsum(SHARES), self.draws.unit("national/plant", n), "right")
        planted = (drawn < len(SHARES)) & ~self.portal.is_erroneous(n)
        return np.where(planted, drawn, NOTHING)

    def is_stranger(self, k: Ints) -> Bools:
        """Whether the province never sent the dossier of an entry."""
        return k >= 2 * self.portal.size

    def dossier(self, k: Ints) -> Ints:
        """The dossier of an entry; for a stranger, the one it looks like."""
        sound = int(self.portal.blocks.bounds[-2])
        like = self.draws.below("national/stranger", k, sound)
        return np.where(self.is_stranger(k), like, k % self.portal.size)

    def period(self, k: Ints) -> Ints:
        """The month under which an entry is listed."""
        month = months(self.portal.received(self.dossier(k)) // DAY)
        return month + self._has(k, OTHER_PERIOD)

    def recorded(self, k: Ints) -> Ints:
        """The moment at which the national portal recorded the dossier."""
        n = self.dossier(k)
        delayed = list_day(self.period(k)) + self.delay(n)
        at = moment(delayed, self.draws.below("national/delayed at", n, 10**6), LIST)
        return np.where(self._has(k, DELAYED), at, self.portal.receive(n).at)

    def delay(self, n: Ints) -> Ints:
        """By how many days a delayed dossier comes after the list of its period."""
        return self.draws.below("national/delay", n, _LONGEST_DELAY)

    def listed_procedure(self, n: Ints) -> Ints:
        """The other procedure under which a dossier is listed, if it is."""
        procedures = len(self.portal.blocks.plan.activities)
        turn = 1 + self.draws.below("national/procedure", n, procedures - 1)
        return (self.portal.procedure(n) + turn) % procedures

    def is_counted(self, k: Ints) -> Bools:
        """Whether an entry is in the counts of its period."""
        at = self.updates(k)[LIST]
        return (at < NEVER * DAY) & self._is_on_time(k)

    def updates(self, k: Ints, /) -> dict[int, Ints]:
        """The moment of each version slot."""
        n, never = self.dossier(k), NEVER * DAY
        draw = self.draws.below("national/listed at", k, 10**6)
        first = moment(list_day(self.period(k)), draw, LIST, half=0)
        at = np.where(self._is_on_time(k), first, self.recorded(k))
        cancelled = self._cancelled(n)
        is_second = (k >= self.portal.size) & ~self.is_stranger(k)
        is_there = ~self._has(k, ABSENT) & (~is_second | self._has(k, TWICE))
        at = np.where(is_there & (cancelled > at), at, never)
        return {LIST: at, CANCEL: np.where(at < never, cancelled, never)}

    def row(self, k: Ints, at: Ints) -> EntryRow:
        """What the list says of each entry at a moment."""
        n = self.dossier(k)
        told = self.portal.row(n, at)
        shift = 1 + self.draws.below("national/status", n, CANCELLED - 1)
        status = np.where(
            self._has(k, OTHER_STATUS), (told.status + shift) % CANCELLED, told.status
        )
        return EntryRow(
            period=self.period(k),
            dossier=n,
            procedure=np.where(
                self._has(k, OTHER_PROCEDURE), self.listed_procedure(n), told.procedure
            ),
            status=status,
            received=told.received,
            recorded=self.recorded(k),
        )

    def _has(self, k: Ints, plant: int) -> Bools:
        return np.equal(self.plant(self.dossier(k)), plant) & ~self.is_stranger(k)

    def _is_on_time(self, k: Ints) -> Bools:
        return self.recorded(k) <= list_day(self.period(k)) * DAY

    def _cancelled(self, n: Ints) -> Ints:
        """When the dossier is cancelled as entered in error, if it is."""
        receive = self.portal.receive(n)
        decide = self.portal.decide(n, receive, self.portal.supplement(n, receive))
        close = self.portal.close(n, receive, decide)
        return np.where(self.portal.is_erroneous(n), close.at, NEVER * DAY)


@dataclass(frozen=True)
class NationalCounts:
    """Counts by period and procedure: a cell is a number, procedures of a period in a row."""

    entries: NationalList

    @cached_property
    def procedures(self) -> int:
        """How many procedures there are; those without dossiers are counted too."""
        return len(self.entries.portal.blocks.plan.activities)

    @property
    def size(self) -> int:
        """A cell for each procedure in every month of the world."""
        last = np.array([self.entries.portal.blocks.calendar.last], dtype=np.int64)
        return int(months(last)[0] + 1) * self.procedures

    def arrived_through(self, _day: int, /) -> int:
        """An upper bound of cells told by a day."""
        return self.size

    def period(self, cell: Ints) -> Ints:
        """The month of a cell."""
        return cell // self.procedures

    def updates(self, cell: Ints, /) -> dict[int, Ints]:
        """The moment of each version slot: counts are published once."""
        draw = self.entries.draws.below("national/counted at", cell, 10**6)
        return {LIST: moment(list_day(self.period(cell)), draw, LIST, half=0)}

    @cached_property
    def counts(self) -> Ints:
        """Entries in the counts, by cell."""
        found = np.zeros(self.size, dtype=np.int64)
        for start in range(0, self.entries.size, _CHUNK):
            k = np.arange(start, min(start + _CHUNK, self.entries.size), dtype=np.int64)
            k = k[self.entries.is_counted(k)]
            row = self.entries.row(k, self.entries.updates(k)[LIST])
            cell = row.period * self.procedures + row.procedure
            cell = cell[cell < self.size]
            found += np.bincount(cell, minlength=self.size)
        return found
