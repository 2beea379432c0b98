"""The datasets of the provincial portal that are about its offices, not about dossiers."""

import numpy as np
from typing_extensions import override

from ..identity.world import World
from ..kernel.arrivals import Arrivals
from ..kernel.clock import DAY, NEVER, slash_days, slash_moments
from ..kernel.draws import Ints
from .feed import Column, Feed
from .order import Order
from .persons import nullable
from .police import chosen, numbered

_NEVER_MOMENT = NEVER * DAY


class ListedProcedureFeed(Feed):
    """portal.listed_procedure"""

    dataset = "portal.listed_procedure"

    @override
    def base(self, g: Ints, day: Ints, /) -> Ints:
        return _before(self.world, self.world.listings.arrivals, g, day)

    @override
    def render(self, part: Order, key: Ints, /) -> dict[str, Column]:
        row = self.world.listings.row(part.number, part.at)
        codes = [a.procedure.code for a in self.world.scenario.portal.activities]
        return {
            "listing_code": _codes(self.world, "NY", key),
            "commune_code": _communes(self.world, row.commune),
            "procedure_code": list(np.array(codes, dtype=object)[row.procedure].tolist()),
            "signed_on": list(slash_days(row.signed)),
            "effective_on": list(slash_days(row.effective)),
            "published_on": nullable(slash_days, row.published),
            "repealed_on": nullable(slash_days, row.repealed),
            "is_complete": chosen(row.is_complete, "0", "1"),
            "is_eligible_online": chosen(row.is_eligible, "0", "1"),
            "is_offered_online": chosen(row.is_offered, "0", "1"),
            "has_fee": chosen(row.has_fee, "0", "1"),
            "has_online_payment": chosen(row.has_payment, "0", "1"),
            "listing_status": chosen(row.is_cancelled, "1", "9"),
            "updated_at": list(slash_moments(part.at)),
        }


class PetitionFeed(Feed):
    """portal.petition"""

    dataset = "portal.petition"

    @override
    def base(self, g: Ints, day: Ints, /) -> Ints:
        return _before(self.world, self.world.petitions.arrivals, g, day)

    @override
    def render(self, part: Order, key: Ints, /) -> dict[str, Column]:
        row = self.world.petitions.row(part.number, part.at)
        ratings = chosen(row.rating, "", "1", "2", "3")
        return {
            "petition_code": _codes(self.world, "PA", key),
            "commune_code": _communes(self.world, row.commune),
            "received_at": list(slash_moments(row.received)),
            "due_at": list(slash_moments(row.due)),
            "answered_at": nullable(slash_moments, row.answered, _NEVER_MOMENT),
            "petition_status": chosen(row.status, "1", "2", "3", "9"),
            "rating": [rating or None for rating in ratings],
            "rated_at": nullable(slash_moments, row.rated, _NEVER_MOMENT),
            "updated_at": list(slash_moments(part.at)),
        }


class CertifiedCopyFeed(Feed):
    """portal.certified_copy"""

    dataset = "portal.certified_copy"

    @override
    def base(self, g: Ints, day: Ints, /) -> Ints:
        return _before(self.world, self.world.copies.arrivals, g, day)

    @override
    def render(self, part: Order, key: Ints, /) -> dict[str, Column]:
        row = self.world.copies.row(part.number, part.at)
        return {
            "copy_code": _codes(self.world, "CT", key),
            "commune_code": _communes(self.world, row.commune),
            "certified_at": list(slash_moments(row.certified)),
            "copy_status": chosen(row.is_cancelled, "1", "9"),
            "updated_at": list(slash_moments(part.at)),
        }


def _codes(world: World, kind: str, key: Ints) -> Column:
    """Kind, province and number: NY82-000000001."""
    return numbered(f"{kind}{world.scenario.province.code}-%09d", key + 1)


def _communes(world: World, commune: Ints) -> Column:
    return list(world.places.commune_codes[commune].tolist())


def _before(world: World, arrivals: Arrivals, g: Ints, day: Ints) -> Ints:
    """Any record that arrived before a day, for each number ``g``: arrivals are even."""
    anchor = arrivals.calendar.anchor
    known = world.draws.below("bad base/office", g, max(arrivals.at_anchor, 1))
    return known * np.clip(day - 2, 0, anchor) // anchor
