"""The dataset of the insurance agency."""

from functools import cached_property

import numpy as np
from typing_extensions import override

from ..kernel.clock import iso_days, iso_moments, slash_days
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

    @override
    def base(self, g: Ints, _day: Ints, /) -> Ints:
        initial = max(self.world.participants.arrivals.initial, 1)
        return self.world.draws.below("bad base/participant", g, initial)

    @override
    def render(self, part: Order, key: Ints, /) -> dict[str, Column]:
        world, persons = self.world, self.persons
        row = world.participants.row(part.number, part.at)
        n, clean = row.participant, row.is_corrected.astype(np.int64)
        code = self._code(key)
        born = world.people.birth_day(row.person)
        subject = np.array(insurance_subjects(), dtype=object)[row.subject]
        card: Column = [
            f"{group}{level}{world.scenario.province.code}{number:010d}" if has_card else None
            for group, level, number, has_card in zip(
                subject.tolist(),
                (1 + row.subject % 5).tolist(),
                code.tolist(),
                row.has_card.tolist(),
                strict=True,
            )
        ]
        return {
            "bhxh_code": numbered("%010d", code),
            "full_name": persons.full_names(n, world.people.name(row.person), clean),
            "birth_date": persons.birth_dates(n, born, slash_days, ("%d", "00/00/%d"), clean),
            "sex_code": numbered("%d", world.people.sex(row.person)),
            "personal_id": persons.personal_ids(row.person, persons.id_classes(n, clean)),
            "insurance_card_no": card,
            "subject_code": list(subject.tolist()),
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
