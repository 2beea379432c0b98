"""How the national portal's list differs from the province's dossiers, known before any list is.

The differences are worked out from what was planted in each dossier and from the days on which
things are told. No entry and no count is read. Kinds, in the order in which the first that applies
counts: ``twice not_synced_here not_known_there other_status other_period other_procedure late``
(another status comes before the others only where one side has cancelled the dossier, and last
otherwise). An effect is what a difference adds to the count of the national portal less the count
of the province, in one period and procedure.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from ..feeds.portal import PortalDossierFeed
from ..identity.world import World
from ..kernel.clock import DAY, calendar_day, month_starts, months
from ..kernel.draws import Bools, Ints
from ..world.portal_national import (
    ABSENT,
    CLOSING_DAYS,
    DELAYED,
    OTHER_PERIOD,
    OTHER_PROCEDURE,
    OTHER_STATUS,
    TWICE,
)
from .tally import Json, Tally

Place = tuple[int, int]
"""Period and procedure."""


@dataclass
class _Found:
    """What has been worked out so far."""

    keys: dict[str, list[Ints]] = field(default_factory=dict)
    """By kind, the dossiers; of strangers, their entries."""
    effects: Counter[tuple[str, Place]] = field(default_factory=Counter)

    def add(self, kind: str, n: Ints) -> None:
        """Dossiers that differ in this way."""
        self.keys.setdefault(kind, []).append(n)

    def count(self, kind: str, effect: int, period: Ints, procedure: Ints) -> None:
        """One effect in the cell of each dossier."""
        for cell in zip(period.tolist(), procedure.tolist(), strict=True):
            self.effects[kind, cell] += effect


@dataclass(frozen=True)
class ReconciliationTruth:
    """The differences that are known by the end of a day, in periods that are closed by then."""

    world: World
    known_by: int

    def rows(self) -> list[Json]:
        """Dossiers by kind, then the effect of each kind by period and procedure."""
        found = self._found()
        procedures = [a.procedure.procedure_id for a in self.world.scenario.portal.activities]
        rows: list[Json] = [
            {"kind": kind, "period": "", "procedure": "", "dossiers": sum(map(len, some))}
            for kind, some in sorted(found.keys.items())
        ]
        for (kind, (period, procedure)), effect in sorted(found.effects.items()):
            if effect and self._is_closed(np.array([period]))[0]:
                rows.append(
                    {
                        "kind": kind,
                        "period": _month(period),
                        "procedure": procedures[procedure],
                        "effect": effect,
                    }
                )
        return rows

    def keys(self) -> dict[str, list[str]]:
        """The codes of the dossiers of each kind, for tests."""
        feed, entries = PortalDossierFeed(self.world), self.world.national_list
        found: dict[str, list[str]] = {}
        for kind, some in self._found().keys.items():
            key = np.concatenate(some)
            like = np.where(entries.is_stranger(key), entries.dossier(key), key)
            found[kind] = sorted(str(code) for code in feed.codes(like, key))
        return {kind: codes for kind, codes in found.items() if codes}

    def _found(self) -> _Found:
        found, entries = _Found(), self.world.national_list
        for n in Tally(self.world).chunks(self.world.portal.size):
            n = n[self.world.portal.receive(n).told <= self.known_by]
            n = n[self._is_closed(self._period(n))]
            for kind, some in self._of_dossiers(found, n):
                found.add(kind, some)
        first = 2 * self.world.portal.size
        self._of_strangers(found, np.arange(first, first + entries.strangers, dtype=np.int64))
        return found

    def _of_dossiers(self, found: _Found, n: Ints) -> Iterator[tuple[str, Ints]]:
        """The dossiers of each kind, their effects counted."""
        cancelled = self._cancelled(n) <= self.known_by
        yield from self._cancelled_later(found, n[cancelled])
        n = n[~cancelled]
        plant, period = self.world.national_list.plant(n), self._period(n)
        procedure = self.world.portal.procedure(n)
        on_time = self.world.portal.receive(n).told < self._list_day(period)
        delayed = (plant == DELAYED) & (self._delayed_to(n) <= self.known_by)
        moved = (plant == OTHER_PERIOD) & self._is_closed(period + 1)
        unknown = (plant == ABSENT) | ((plant == DELAYED) & ~delayed)
        unknown |= (plant == OTHER_PERIOD) & ~moved
        other = plant == OTHER_PROCEDURE
        late = ~unknown & ~moved & ~other & (~on_time | delayed)
        twice = plant == TWICE
        status = (plant == OTHER_STATUS) & ~late
        for kind, chosen in (
            ("not_known_there", unknown), ("late", late), ("other_period", moved),
            ("other_procedure", other), ("twice", twice), ("other_status", status),
        ):  # fmt: skip
            yield kind, n[chosen]
        for kind, chosen in (
            ("not_known_there", unknown), ("late", late), ("other_period", moved),
            ("other_procedure", other),
        ):  # fmt: skip
            found.count(kind, -1, period[chosen], procedure[chosen])
        found.count("other_period", 1, period[moved] + 1, procedure[moved])
        again = twice & on_time
        found.count("twice", 1, period[again], procedure[again])
        counted = other & on_time
        turned = self.world.national_list.listed_procedure(n[counted])
        found.count("other_procedure", 1, period[counted], turned)

    def _cancelled_later(self, found: _Found, n: Ints) -> Iterator[tuple[str, Ints]]:
        """Cancelled on both sides, but after the list of the period was made."""
        listed = self._list_day(self._period(n))
        # On the day of the list itself cancelling comes after noon, the list before.
        is_counted = self.world.portal.receive(n).told < listed
        late = n[is_counted & (self._cancelled(n) >= listed)]
        found.count("late", 1, self._period(late), self.world.portal.procedure(late))
        yield "late", late

    def _of_strangers(self, found: _Found, k: Ints) -> None:
        portal, entries = self.world.portal, self.world.national_list
        n = entries.dossier(k)
        period, told = self._period(n), portal.receive(n).told
        is_known = self._is_closed(period) & (told <= self.known_by)
        found.add("not_synced_here", k[is_known])
        counted = is_known & (told < self._list_day(period))
        procedure = portal.procedure(n)
        found.count("not_synced_here", 1, period[counted], procedure[counted])

    def _period(self, n: Ints) -> Ints:
        return months(self.world.portal.received(n) // DAY)

    @staticmethod
    def _list_day(period: Ints) -> Ints:
        return month_starts(period + 1) + CLOSING_DAYS

    def _is_closed(self, period: Ints) -> Bools:
        """Whether the list of a period is out."""
        return np.asarray(self._list_day(period) <= self.known_by, dtype=np.bool_)

    def _delayed_to(self, n: Ints) -> Ints:
        """The day on which a delayed dossier is recorded."""
        return self._list_day(self._period(n)) + self.world.national_list.delay(n)

    def _cancelled(self, n: Ints) -> Ints:
        """The day on which a wrong entry is cancelled; far away for the others."""
        portal = self.world.portal
        receive = portal.receive(n)
        decide = portal.decide(n, receive, portal.supplement(n, receive))
        close = portal.close(n, receive, decide)
        return np.where(portal.is_erroneous(n), close.told, self.world.scenario.calendar.last + 1)


def _month(period: int) -> str:
    return f"{calendar_day(int(month_starts(np.array([period]))[0])):%Y-%m}"
