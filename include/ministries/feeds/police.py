"""The five datasets of the police."""

from functools import cached_property

import numpy as np
from typing_extensions import override

from ..kernel.clock import DAY, NEVER, iso_days, iso_moments
from ..kernel.draws import Bools, Ints
from .feed import Column, Feed
from .order import Order
from .persons import Persons, nullable, twelve_digits

_NEVER_MOMENT = NEVER * DAY


def flags(values: Bools) -> Column:
    """JSON booleans."""
    return ["true" if value else "false" for value in values.tolist()]


def chosen(values: Ints | Bools, *texts: str) -> Column:
    """A coded text for each number."""
    return list(np.array(texts, dtype=object)[values.astype(np.int64)].tolist())


def numbered(form: str, values: Ints) -> Column:
    """Keys with their digits."""
    return list(map(form.__mod__, values.tolist()))


def household_ids(numbers: Ints) -> Column:
    """Texts of household numbers."""
    return numbered("H%011d", numbers)


class ResidentFeed(Feed):
    """police.resident"""

    dataset = "police.resident"

    @cached_property
    def persons(self) -> Persons:
        """How the register writes persons."""
        return Persons(self.world, "police", "resident")

    @override
    def base(self, g: Ints, _day: Ints, /) -> Ints:
        known = self.world.draws.below("bad base/resident", g, self.world.population.initial)
        ghost = self.world.population.known + g
        return np.where(self.bad_records.is_ghost(g), ghost, known)

    @override
    def sort_key(self, number: Ints) -> Ints:
        return self.world.people.personal_id(number)

    @override
    def render(self, part: Order, _key: Ints, /) -> dict[str, Column]:
        world = self.world
        row = world.residents.row(part.number, part.at, part.slot)
        birth = world.people.birth_day(row.person)
        return {
            "personal_id": twelve_digits(world.people.personal_id(row.person)),
            "full_name": self.persons.full_names(row.person, row.name, row.is_corrected),
            "birth_date": self.persons.birth_dates(row.person, birth, iso_days),
            "sex_code": numbered("%d", world.people.sex(row.person)),
            "household_id": household_ids(world.places.household_number(row.household)),
            "residence_type": chosen(row.is_temporary, "thuong_tru", "tam_tru"),
            "commune_code": list(world.places.commune_codes[row.commune].tolist()),
            "residence_status": chosen(row.status, "dang_cu_tru", "da_chuyen_di", "da_chet"),
            "effective_on": list(iso_days(row.effective)),
            "is_deleted": flags(row.is_deleted),
            "updated_at": list(iso_moments(part.at)),
        }


class HouseholdFeed(Feed):
    """police.household"""

    dataset = "police.household"

    @override
    def base(self, g: Ints, _day: Ints, /) -> Ints:
        known = self.world.draws.below("bad base/household", g, self.world.population.settled)
        return np.where(self.bad_records.is_ghost(g), self.register.size + g, known)

    @override
    def sort_key(self, number: Ints) -> Ints:
        return self.world.places.household_number(number)

    @override
    def render(self, part: Order, _key: Ints, /) -> dict[str, Column]:
        world = self.world
        row = world.households.row(part.number, part.at)
        heads = twelve_digits(world.people.personal_id(np.maximum(row.head, 0)))
        for index in np.flatnonzero(row.head < 0).tolist():
            heads[index] = None
        return {
            "household_id": household_ids(world.places.household_number(row.household)),
            "head_personal_id": heads,
            "residence_type": chosen(row.is_temporary, "thuong_tru", "tam_tru"),
            "commune_code": list(world.places.commune_codes[row.commune].tolist()),
            "household_status": chosen(row.is_dissolved, "dang_hoat_dong", "da_giai_the"),
            "effective_on": list(iso_days(row.effective)),
            "is_deleted": flags(row.is_deleted),
            "updated_at": list(iso_moments(part.at)),
        }


class DossierFeed(Feed):
    """police.id_card_dossier"""

    dataset = "police.id_card_dossier"

    @override
    def base(self, g: Ints, _day: Ints, /) -> Ints:
        initial = max(self.world.dossiers.granted.initial, 1)
        return self.world.draws.below("bad base/dossier", g, initial)

    @override
    def render(self, part: Order, key: Ints, /) -> dict[str, Column]:
        world = self.world
        row = world.dossiers.row(part.number, part.at)
        return {
            "dossier_id": numbered("CC%012d", key),
            "personal_id": twelve_digits(world.people.personal_id(row.person)),
            "procedure_type": chosen(row.procedure, "cap_moi", "cap_doi", "cap_lai"),
            "station_code": list(world.places.station_codes[row.commune].tolist()),
            "commune_code": list(world.places.commune_codes[row.commune].tolist()),
            "received_at": list(iso_moments(row.received)),
            "issued_at": nullable(iso_moments, row.issued, _NEVER_MOMENT),
            "dossier_status": chosen(row.status, "da_tiep_nhan", "da_cap", "tu_choi"),
            "is_deleted": flags(row.is_deleted),
            "updated_at": list(iso_moments(part.at)),
        }


class CardFeed(Feed):
    """police.id_card"""

    dataset = "police.id_card"

    @override
    def base(self, g: Ints, _day: Ints, /) -> Ints:
        initial = max(self.world.cards.arrivals.initial, 1)
        return self.world.draws.below("bad base/card", g, initial)

    @override
    def render(self, part: Order, key: Ints, /) -> dict[str, Column]:
        world = self.world
        row = world.cards.row(part.number, part.at)
        return {
            "card_no": numbered("TC%010d", key),
            "personal_id": twelve_digits(world.people.personal_id(row.person)),
            "dossier_id": numbered("CC%012d", row.dossier),
            "commune_code": list(world.places.commune_codes[row.commune].tolist()),
            "issued_on": list(iso_days(row.issued)),
            "expires_on": nullable(iso_days, row.expires),
            "revoked_on": nullable(iso_days, row.revoked),
            "is_deleted": flags(row.is_deleted),
            "updated_at": list(iso_moments(part.at)),
        }


class AccountFeed(Feed):
    """police.eid_account"""

    dataset = "police.eid_account"

    @override
    def base(self, g: Ints, _day: Ints, /) -> Ints:
        initial = max(self.world.accounts.arrivals.initial, 1)
        return self.world.draws.below("bad base/account", g, initial)

    @override
    def render(self, part: Order, key: Ints, /) -> dict[str, Column]:
        world = self.world
        row = world.accounts.row(part.number, part.at)
        return {
            "account_id": numbered("E%011d", key),
            "personal_id": twelve_digits(world.people.personal_id(row.person)),
            "commune_code": list(world.places.commune_codes[row.commune].tolist()),
            "registered_at": list(iso_moments(row.registered)),
            "level2_at": nullable(iso_moments, row.level2, _NEVER_MOMENT),
            "activated_at": nullable(iso_moments, row.activated, _NEVER_MOMENT),
            "locked_at": nullable(iso_moments, row.locked, _NEVER_MOMENT),
            "is_deleted": flags(row.is_deleted),
            "updated_at": list(iso_moments(part.at)),
        }
