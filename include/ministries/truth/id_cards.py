"""KPI values of identity-card dossiers (issued, in campaigns, of eligible persons) and accounts."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np

from ..identity.shown_values import births
from ..identity.world import World
from ..kernel.clock import calendar_day, day_number, years
from ..kernel.draws import Bools, Ints
from ..scenario.terms import Campaign
from .tally import Count, Json, Tally

_HOUR = 3600
_CARD_AGE = 14
"""From this age on a citizen gets an identity card (Luật Căn cước công dân 2014, Điều 19)."""


@dataclass(frozen=True)
class IdCardFigures:
    """The values of one day, as known by the end of another."""

    world: World
    as_of: int
    known_by: int

    def rows(self) -> Iterator[Json]:
        """Every KPI for the province and for each commune that has a value."""
        tally, dossiers, accounts = Tally(self.world), self.world.dossiers, self.world.accounts
        day, known = self.as_of, self.known_by
        issued = tally.count_where(
            dossiers.size, lambda d: dossiers.issued_on(d, day, known), dossiers.commune
        )
        yield from tally.rows("id_card.dossiers_issued", issued)
        yield from self._campaign_rows("id_card.campaign_dossiers")
        month_begins = day - calendar_day(day).day + 1

        by_age = tally.count(
            accounts.size,
            lambda a: np.where(accounts.level_on(a, day, known) > 0, accounts.commune(a), -1),
            lambda a: (accounts.register(a).effective >= month_begins) + 0,
            2,
        )
        yield from tally.rows("eid.accounts_new_month", by_age[1])
        yield from tally.rows("eid.accounts_before_month", by_age[0])
        by_use = tally.count(
            accounts.size,
            lambda a: np.where(accounts.level_on(a, day, known) > 0, accounts.commune(a), -1),
            lambda a: accounts.activated_on(a, day, known) + 0,
            2,
        )
        yield from tally.rows("eid.accounts_activated", by_use[1])
        yield from tally.rows("eid.accounts_not_activated", by_use[0])
        yield from self._coverage_rows("id_card.eligible_with_dossier")

    def _coverage_rows(self, code: str) -> Iterator[Json]:
        """Permanent residents of card age who live here on the day; those who have applied."""
        tally, residents, dossiers = Tally(self.world), self.world.residents, self.world.dossiers
        has_applied = np.zeros(self.world.population.known, dtype=np.bool_)
        for d in tally.chunks(dossiers.size):
            d = d[dossiers.received_on(d, self.as_of, self.known_by)]
            has_applied[dossiers.person(d)] = True

        def home(n: Ints) -> Ints:
            eligible = ~self.world.population.persons.is_temporary(n) & self._is_of_card_age(n)
            return np.where(eligible, residents.commune_on(n, self.as_of, self.known_by), -1)

        counts = tally.count(residents.size, home, lambda n: has_applied[n] + 0, 2)
        yield from tally.rows(code, counts[1], counts[0] + counts[1])

    def _is_of_card_age(self, n: Ints) -> Bools:
        """By the birth date the register shows; by the year alone only who surely is."""
        today = calendar_day(self.as_of)
        last = day_number(_years_before(today, _CARD_AGE))
        shown = births(
            self.world.people.birth_day(n), self.world.blemishes("police").of_birth("resident", n)
        )
        surely = years(shown.day) < today.year - _CARD_AGE
        return np.where(shown.is_year_only, surely, shown.day <= last)

    def _campaign_rows(self, code: str) -> Iterator[Json]:
        """Dossiers received on the campaign's days in its hours: by station, hour and shift."""
        tally, terms, places = Tally(self.world), self.world.scenario.campaign, self.world.places
        communes = np.zeros(len(places.communes), dtype=np.int64)
        hours = np.zeros(24, dtype=np.int64)
        if terms is None:
            yield from tally.rows(code, communes)
            return
        for d in tally.chunks(self.world.dossiers.size):
            d = d[self._is_received(d, terms)]
            communes += np.bincount(self.world.dossiers.commune(d), minlength=len(communes))
            hour = self.world.dossiers.received_second(d) // _HOUR
            hours += np.bincount(hour, minlength=len(hours))
        yield from tally.rows(code, communes)
        stations, shifts, by_hour = Counter[str](), Counter[str](), Counter[str]()
        for index in np.flatnonzero(communes).tolist():
            stations[str(places.station_codes[index])] += int(communes[index])
        for h in np.flatnonzero(hours).tolist():
            by_hour[f"{h:02}"] += int(hours[h])
            shifts[str(terms.shift_of(h))] += int(hours[h])
        for breakdown, found in (("station", stations), ("hour", by_hour), ("shift", shifts)):
            counts: dict[str, Count] = {member: (count, None) for member, count in found.items()}
            yield from tally.member_rows(code, breakdown, counts)

    def _is_received(self, d: Ints, terms: Campaign) -> Bools:
        dossiers = self.world.dossiers
        day = dossiers.receive(d).effective
        hour = dossiers.received_second(d) // _HOUR
        in_campaign = (day >= terms.first_day) & (day <= terms.last_day)
        in_hours = (hour >= terms.opens_hour) & (hour < terms.closes_hour)
        counts = dossiers.received_on(d, self.as_of, self.known_by)
        return np.asarray(counts & in_campaign & in_hours, dtype=np.bool_)


def _years_before(day: date, count: int) -> date:
    """The same day of an earlier year; 28 February for a 29th that it does not have."""
    is_leap_day = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year - count, day=28 if is_leap_day else day.day)
