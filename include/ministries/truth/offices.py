"""KPI values of the portal's offices: listings, petitions, certified copies, synchronisation.

Each is counted from the state functions of the world, never from versions.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np

from ..identity.world import World
from ..kernel.clock import DAY, EPOCH, NEVER, calendar_day, day_number, end_of_day, months
from ..kernel.draws import Bools, Ints
from ..reference import days_made_up, days_off
from ..world.portal import ONLINE
from ..world.portal_national import ABSENT, list_day
from ..world.portal_petitions import SATISFIED
from .tally import Json, Tally

_REPORTED = ("DA06_25", "QD422")
_IN_TIME = 5
"""Working days from signing to effect, and at most from signing to publication."""
_IN_FORCE = date(2022, 6, 23)
"""First day of QĐ 766/QĐ-TTg: the periods that it lies in are counted from then on."""
_PETITIONS = ("petitions_in_time_share", "petitions_satisfied_share")


@dataclass(frozen=True)
class OfficeFigures:
    """The values of one day, as known by the end of another."""

    world: World
    as_of: int
    known_by: int

    def rows(self) -> Iterator[Json]:
        """Every KPI: the province, and communes that have a value."""
        yield from self._state_rows()
        for suffix, since in self._periods():
            yield from self._event_rows(suffix, since)

    def _periods(self) -> Iterator[tuple[str, int]]:
        """What the codes of KPIs of events end with, and the first day that counts."""
        today = calendar_day(self.as_of)
        law = day_number(_IN_FORCE)
        yield "", -NEVER
        for suffix, months_of in ((".month", 1), (".quarter", 3), (".year", 12)):
            begun = today.replace(month=(today.month - 1) // months_of * months_of + 1, day=1)
            first = day_number(begun)
            yield suffix, max(first, law) if law <= self.as_of else first

    def _state_rows(self) -> Iterator[Json]:
        """KPIs that are states of the day."""
        listings, k = self.world.listings, self._listed
        signed = listings.listed(k).effective
        published = listings.published_on(k, self.known_by)
        is_dated = signed >= 0  # the calendar of working days begins with the world
        judged = np.minimum(published, self.as_of)
        wait = _working_days(signed, listings.effective(k, listings.listed(k)))
        for code, considered, counted in (
            ("announced_in_time_share", is_dated, wait >= _IN_TIME),
            ("published_in_time_share", is_dated, _working_days(signed, judged) <= _IN_TIME),
            ("published_in_full_share", published <= self.as_of, listings.is_complete(k)),
            ("offered_online_share", listings.is_eligible(k), listings.is_offered(k)),
            ("payment_set_up_share", listings.has_fee(k), listings.has_payment(k)),
        ):
            above, below = self._counts(k, considered & counted), self._counts(k, considered)
            yield from self._tally.rows(f"service.{code}", above, below)
        yield from self._tally.rows("service.offices", self._offices.astype(np.int64))

    def _event_rows(self, suffix: str, since: int) -> Iterator[Json]:
        """KPIs of what happened since a day."""
        listings, k = self.world.listings, self._listed
        cell = listings.commune(k) * listings.procedures + listings.procedure(k)
        for code, offered, used in (
            ("procedures_used_online", listings.is_offered(k), self._used(since, online=True)),
            ("fee_procedures_used", listings.has_fee(k), self._used(since, online=False)),
        ):
            counts = self._counts(k, offered & used[cell])
            yield from self._tally.rows(f"service.{code}{suffix}", counts)
        rows = self._tally.rows
        yield from rows(f"service.offices_certifying{suffix}", self._certifying(since))
        yield from rows(f"service.synced_share{suffix}", *self._synced(since))
        for code, (above, below) in self._petitions(since).items():
            yield from rows(f"service.{code}{suffix}", above, below)

    @cached_property
    def _tally(self) -> Tally:
        return Tally(self.world)

    @cached_property
    def _all_listed(self) -> Ints:
        listings = self.world.listings
        k = np.arange(listings.size, dtype=np.int64)
        return k[listings.is_listed_on(k, self.as_of, self.known_by)]

    @cached_property
    def _listed(self) -> Ints:
        k = self._all_listed
        return k[self._is_reported[self.world.listings.procedure(k)]]

    @cached_property
    def _is_reported(self) -> Bools:
        activities = self.world.scenario.portal.activities
        return np.array([a.procedure.procedure_set in _REPORTED for a in activities])

    @cached_property
    def _offices(self) -> Bools:
        """By commune: whether its office lists anything, of whatever set."""
        found = np.zeros(len(self.world.places.communes), dtype=np.bool_)
        found[self.world.listings.commune(self._all_listed)] = True
        return found

    def _counts(self, k: Ints, chosen: Bools) -> Ints:
        """Listings by commune."""
        communes = len(self.world.places.communes)
        return np.bincount(self.world.listings.commune(k[chosen]), minlength=communes)

    def _dossiers(self, since: int) -> Iterator[Ints]:
        """Dossiers received since a day."""
        portal = self.world.portal
        for n in self._tally.chunks(portal.size):
            n = n[portal.counts_on(n, self.as_of, self.known_by)]
            yield n[portal.received(n) >= since * DAY]

    def _used(self, since: int, *, online: bool) -> Bools:
        """By office and procedure: whether a dossier was received there."""
        portal, procedures = self.world.portal, self.world.listings.procedures
        found = np.zeros(len(self.world.places.communes) * procedures, dtype=np.bool_)
        for n in self._dossiers(since):
            if online:
                n = n[portal.channel(n) == ONLINE]
            found[portal.commune(n) * procedures + portal.procedure(n)] = True
        return found

    def _synced(self, since: int) -> tuple[Ints, Ints]:
        """Dossiers of closed months by commune: those in the national list, and all."""
        portal, national = self.world.portal, self.world.national_list
        communes = len(self.world.places.communes)
        total = np.zeros((2, communes), dtype=np.int64)
        for n in self._dossiers(since):
            month = months(portal.received(n) // DAY)
            closed = list_day(month) <= self.known_by
            n = n[closed & self._is_reported[portal.procedure(n)]]
            there = ~np.equal(national.plant(n), ABSENT) & self._is_listed(n)
            for index, chosen in enumerate((n[there], n)):
                total[index] += np.bincount(portal.commune(chosen), minlength=communes)
        return total[0], total[1]

    def _is_listed(self, n: Ints) -> Bools:
        """Whether the national portal lists a dossier by now: a late one comes after the list."""
        national, until = self.world.national_list, end_of_day(self.known_by)
        period = national.period(n)
        late = national.recorded(n) > list_day(period) * DAY
        told = np.where(late, national.recorded(n), (list_day(period) + 1) * DAY)
        return told <= until

    def _certifying(self, since: int) -> Ints:
        """By commune: 1 where an office that lists procedures has certified a copy."""
        copies = self.world.copies
        found = np.zeros(len(self.world.places.communes), dtype=np.bool_)
        for k in self._tally.chunks(copies.size):
            k = k[copies.counts_on(k, self.as_of, self.known_by)]
            k = k[copies.certify(k).effective >= since]
            found[copies.commune(k)] = True
        return (found & self._offices).astype(np.int64)

    def _petitions(self, since: int) -> dict[str, Ints]:
        """By KPI, then counted and considered, then commune: petitions received since a day."""
        petitions, communes = self.world.petitions, len(self.world.places.communes)
        found = {code: np.zeros((2, communes), dtype=np.int64) for code in _PETITIONS}
        for k in self._tally.chunks(petitions.size):
            k = k[petitions.counts_on(k, self.as_of, self.known_by)]
            k = k[petitions.received(k) >= since * DAY]
            rated = k[self._is_rated(k)]
            satisfied = rated[np.equal(petitions.rating(rated), SATISFIED)]
            for total, parts in zip(
                found.values(), ((k[self._is_in_time(k)], k), (satisfied, rated)), strict=True
            ):
                for index, part in enumerate(parts):
                    total[index] += np.bincount(petitions.commune(part), minlength=communes)
        return found

    def _is_in_time(self, k: Ints) -> Bools:
        petitions = self.world.petitions
        known = petitions.answer(k, petitions.receive(k)).told <= self.known_by
        answered = np.where(known, petitions.answered(k), NEVER * DAY)
        return np.minimum(answered, end_of_day(self.as_of)) <= petitions.due(k)

    def _is_rated(self, k: Ints) -> Bools:
        petitions = self.world.petitions
        rate = petitions.rate(k, petitions.answer(k, petitions.receive(k)))
        return rate.holds(self.as_of, self.known_by)


def _working_days(after: Ints, until: Ints) -> Ints:
    """Working days behind a day, up to and including another."""
    first, last = (day + 1 + np.datetime64(EPOCH, "D") for day in (after, until))
    weekdays = np.busday_count(first, last, holidays=np.array(days_off(), "datetime64[D]"))
    for text in days_made_up():
        day = np.datetime64(text, "D")
        weekdays = weekdays + ((first <= day) & (day < last))
    return weekdays.astype(np.int64)
