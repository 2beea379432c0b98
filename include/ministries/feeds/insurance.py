"""The dataset of the insurance agency."""

from functools import cached_property

import numpy as np
from typing_extensions import override

from ..kernel.clock import Texts, iso_days, iso_moments, slash_days
from ..kernel.draws import Ints
from ..reference import insurance_subjects
from .feed import Column, Feed
from .order import Order
from .persons import Persons, nullable
from .police import chosen, numbered

_HUNDRED_MILLION = 10**8


class ParticipantFeed(Feed):
    """insurance.participant"""

    dataset = "insurance.participant"
    resends_last = True

    @cached_property
    def persons(self) -> Persons:
        """How the agency writes persons."""
        return Persons(self.world, "insurance", "participant")

    @cached_property
    def _card_starts(self) -> Texts:
        """What stands before the number of a card: group, level of benefits, province."""
        province = self.world.scenario.province.code
        subjects = enumerate(insurance_subjects())
        return np.array([f"{s}{1 + i % 5}{province}" for i, s in subjects], dtype=object)

    @override
    def base(self, g: Ints, _day: Ints, /) -> Ints:
        initial = max(self.world.participants.arrivals.initial, 1)
        return self.world.draws.below("bad base/participant", g, initial)

    @override
    def render(self, part: Order, key: Ints, /) -> dict[str, Column]:
        world, persons = self.world, self.persons
        row = world.participants.row(part.number, part.at)
        n, clean = row.participant, row.is_corrected.astype(np.int64)
        code = numbered("%010d", self._code(key))
        kind = persons.id_classes(n, clean)
        born = world.people.birth_day(row.person)
        card: Column = [
            start + number if has_card else None
            for start, number, has_card in zip(
                self._card_starts[row.subject].tolist(), code, row.has_card.tolist(), strict=True
            )
        ]
        return {
            "bhxh_code": code,
            "full_name": persons.full_names(n, world.people.name(row.person), clean),
            "birth_date": persons.birth_dates(n, born, slash_days, ("%d", "00/00/%d"), clean),
            "sex_code": numbered("%d", persons.sexes(row.person, kind)),
            "personal_id": persons.personal_ids(row.person, kind),
            "insurance_card_no": card,
            "subject_code": chosen(row.subject, *insurance_subjects()),
            "commune_code": list(world.places.commune_codes[row.commune].tolist()),
            "participates_from": list(iso_days(row.begins)),
            "participates_to": nullable(iso_days, row.ends),
            "participation_status": chosen(row.is_stopped, "dang_tham_gia", "da_dung"),
            "change_type": chosen(row.is_deleted, "U", "D"),
            "effective_on": list(iso_days(row.effective)),
            "updated_at": list(iso_moments(part.at)),
        }

    def _code(self, key: Ints) -> Ints:
        province = int(self.world.scenario.province.code)
        offset = self.world.draws.scalar("bhxh offset", 0, _HUNDRED_MILLION)
        return province * _HUNDRED_MILLION + (key * 61_803_399 + offset) % _HUNDRED_MILLION
