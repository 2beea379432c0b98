"""The datasets of the national portal, which the provincial portal hands on."""

import numpy as np
from typing_extensions import override

from ..identity.world import World
from ..kernel.clock import DAY, calendar_day, month_starts, slash_moments
from ..kernel.draws import Ints
from ..world.portal_national import list_day
from .feed import Column, Feed
from .order import Order
from .police import chosen, numbered
from .portal import STATUS, PortalDossierFeed


class NationalDossierFeed(Feed):
    """portal.national_dossier"""

    dataset = "portal.national_dossier"

    @override
    def base(self, g: Ints, day: Ints, /) -> Ints:
        return self.world.portal.blocks.arrived_before(g, day)

    @override
    def render(self, part: Order, key: Ints, /) -> dict[str, Column]:
        entries = self.world.national_list
        row = entries.row(part.number, part.at)
        # A stranger's number is no dossier's, so its code is nobody else's.
        owner = np.where(entries.is_stranger(part.number), part.number, row.dossier)
        return {
            "entry_code": numbered(f"QG{self.world.scenario.province.code}-%09d", key + 1),
            "period_code": _periods(row.period),
            "dossier_code": PortalDossierFeed(self.world).codes(row.dossier, owner),
            "procedure_code": _codes(self.world, row.procedure),
            "dossier_status": chosen(row.status, *STATUS),
            "received_at": list(slash_moments(row.received)),
            "recorded_at": list(slash_moments(row.recorded)),
            "updated_at": list(slash_moments(part.at)),
        }


class NationalCountFeed(Feed):
    """portal.national_count"""

    dataset = "portal.national_count"

    @override
    def base(self, g: Ints, _day: Ints, /) -> Ints:
        return g % self.world.national_counts.procedures

    @override
    def render(self, part: Order, key: Ints, /) -> dict[str, Column]:
        counts, cell = self.world.national_counts, part.number
        period = counts.period(cell)
        return {
            "period_code": _periods(period),
            "procedure_code": _codes(self.world, cell % counts.procedures),
            "dossier_count": numbered("%d", counts.counts[cell]),
            "closed_at": list(slash_moments(list_day(period) * DAY)),
            "updated_at": list(slash_moments(part.at)),
        }


def _codes(world: World, procedure: Ints) -> Column:
    """The national code of each procedure, or the portal's own."""
    codes = np.array([a.procedure.code for a in world.scenario.portal.activities], dtype=object)
    return list(codes[procedure].tolist())


def _periods(period: Ints) -> Column:
    """10/2022 for each month."""
    return [f"{calendar_day(day):%m/%Y}" for day in month_starts(period).tolist()]
