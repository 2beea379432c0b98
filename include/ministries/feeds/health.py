"""The two datasets of the health service."""

from functools import cached_property

import numpy as np
from typing_extensions import override

from ..dirt.blemishes import OLD_ID
from ..identity.world import World
from ..kernel.clock import iso_days, iso_moments
from ..kernel.draws import Ints
from ..world.health import CARD, VNEID
from .feed import Column, Feed
from .order import Order
from .persons import Persons
from .police import chosen, flags, numbered

_GENDERS = ("", "male", "female")
VACCINES = ("208", "207", "210", "510", "218")
"""CVX codes of the COVID-19 vaccines given in Vietnam in 2022."""


class EncounterFeed(Feed):
    """health.encounter"""

    dataset = "health.encounter"
    resends_last = True

    @cached_property
    def persons(self) -> Persons:
        """How facilities write patients."""
        return Persons(self.world, "health", "encounter")

    @override
    def base(self, g: Ints, day: Ints, /) -> Ints:
        arrived = _arrived_before(self.world.encounters.arrivals.at_anchor, self.world, day)
        return self.world.draws.below("bad base/encounter", g, arrived)

    @override
    def render(self, part: Order, key: Ints, /) -> dict[str, Column]:
        world, persons = self.world, self.persons
        row = world.encounters.row(part.number, part.at)
        n, person = row.encounter, row.person
        # The id is read from the document itself, so it is right.
        shows_id = (row.document == CARD) | (row.document == VNEID)
        kind = np.where(shows_id, -1, persons.id_classes(n))
        birth = world.people.birth_day(person)
        facility = row.facility
        return {
            "encounter_id": numbered("enc-%010d", key),
            "personal_id": persons.personal_ids(person, kind),
            "id_type": id_types(kind),
            "full_name": persons.full_names(n, world.people.name(person)),
            "name_form": persons.name_forms(n),
            "birth_date": persons.birth_dates(n, birth, iso_days),
            "sex_code": chosen(persons.sexes(person, kind), *_GENDERS),
            "document_used": chosen(row.document, "cccd", "bhyt", "vneid", "none"),
            "is_insurance_checked": flags(row.is_checked),
            "facility_code": list(world.places.facility_codes[facility].tolist()),
            "commune_code": _facility_communes(self.world, facility),
            "started_at": list(iso_moments(row.started)),
            "encounter_status": chosen(row.status, "in-progress", "finished", "entered-in-error"),
            "updated_at": list(iso_moments(part.at)),
        }


class ImmunizationFeed(Feed):
    """health.immunization"""

    dataset = "health.immunization"
    resends_last = True

    @cached_property
    def persons(self) -> Persons:
        """How facilities write patients."""
        return Persons(self.world, "health", "immunization")

    @override
    def base(self, g: Ints, day: Ints, /) -> Ints:
        arrived = _arrived_before(self.world.immunizations.arrivals.at_anchor, self.world, day)
        return self.world.draws.below("bad base/immunization", g, arrived)

    @override
    def render(self, part: Order, key: Ints, /) -> dict[str, Column]:
        world, persons = self.world, self.persons
        row = world.immunizations.row(part.number, part.at)
        n, person = row.immunization, row.person
        kind = persons.id_classes(n, row.is_corrected.astype(np.int64))
        birth = world.people.birth_day(person)
        return {
            "immunization_id": numbered("imm-%010d", key),
            "personal_id": persons.personal_ids(person, kind),
            "id_type": id_types(kind),
            "full_name": persons.full_names(n, world.people.name(person)),
            "name_form": persons.name_forms(n),
            "birth_date": persons.birth_dates(n, birth, iso_days),
            "sex_code": chosen(persons.sexes(person, kind), *_GENDERS),
            "vaccine_code": chosen(row.vaccine, *VACCINES),
            "dose_number": numbered("%d", row.dose),
            "facility_code": list(world.places.facility_codes[row.facility].tolist()),
            "commune_code": _facility_communes(self.world, row.facility),
            "occurred_on": list(iso_days(row.occurred)),
            "immunization_status": chosen(row.status, "completed", "not-done", "entered-in-error"),
            "updated_at": list(iso_moments(part.at)),
        }


def id_types(id_class: Ints) -> Column:
    """Which kind of number the personal id is said to be."""
    return chosen(id_class == OLD_ID, "so-dinh-danh", "cmnd")


def _facility_communes(world: World, facility: Ints) -> Column:
    places = world.places
    return list(places.commune_codes[places.facility_communes[facility]].tolist())


def _arrived_before(at_anchor: int, world: World, day: Ints) -> Ints:
    """A number of records that have surely arrived before each day (arrival is linear)."""
    calendar = world.scenario.calendar
    days = np.clip(day - 1, 0, calendar.anchor)
    return np.maximum(at_anchor * days // (calendar.anchor + 1), 1)
