"""KPI values of identity-card dossiers by their grant and in campaigns, and of new accounts."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from .kernel.clock import calendar_day
from .kernel.draws import Bools, Ints
from .scenario_terms import Campaign
from .tally import Count, Json, Tally
from .world.world import World

_HOUR = 3600


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

        def is_new(a: Ints) -> Bools:
            registered = accounts.register(a).effective >= month_begins
            return registered & (accounts.level_on(a, day, known) > 0)

        new = tally.count_where(accounts.size, is_new, accounts.commune)
        yield from tally.rows("eid.accounts_new_month", new)

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
