"""The dataset of the education department: one council's whole list at one moment."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ..dirt.bad_records import BadRows, bad_rows, bad_value
from ..dirt.defects import DEFECTS
from ..identity.world import World
from ..kernel.clock import iso_moments, slash_days
from ..kernel.draws import Ints
from ..world.exams import Issue
from .feed import Rows
from .persons import Persons
from .police import chosen, numbered

DATASET = "education.exam_registration"


@dataclass(frozen=True)
class ExamFeed:
    """The lists of all councils."""

    world: World

    @cached_property
    def persons(self) -> Persons:
        """How schools write candidates."""
        return Persons(self.world, "education", "exam_registration")

    @cached_property
    def bad(self) -> BadRows:
        """The rows that must be quarantined."""
        return bad_rows(self.world.scenario, self.world.draws)

    def issues(self, since: int | None, until: int) -> list[Issue]:
        """The lists compiled in a window, oldest first."""
        exams = self.world.exams
        found = [
            issue
            for council in range(exams.councils)
            for issue in exams.issues(council)
            if (since is None or issue.at > since) and issue.at <= until
        ]
        return sorted(found, key=lambda issue: (issue.at, issue.council))

    def candidates(self, issue: Issue) -> Ints:
        """The true candidates an issue lists."""
        members = self.world.exams.members(issue.council)
        return members[self.world.exams.listed_from(members) <= issue.day]

    def rows(self, issue: Issue) -> Rows:
        """The rows of a list: candidates, then bad rows in between."""
        true, bad = self.candidates(issue), self.bad.shown(issue.council, issue.number)
        rows = Rows(self._render(issue, np.concatenate([true, true[bad % len(true)]]), len(true)))
        defects = DEFECTS[DATASET]
        for offset, g in enumerate(bad.tolist()):
            index = len(true) + offset
            rows.odd.add(index)
            rows.columns["registration_no"][index] = self._number(self.world.exams.size + g)
            defect = defects[g % len(defects)]
            rows.columns[defect.column][index] = bad_value(DATASET, g)
        return rows

    def _number(self, c: int) -> str:
        return str(self.numbers(np.array([c], dtype=np.int64))[0])

    def numbers(self, c: Ints) -> list[str | None]:
        """The registration numbers of candidates."""
        province = int(self.world.scenario.province.exam_code)
        return numbered("%08d", province * 10**6 + (c * 7_919 + 11) % 10**6)

    def _render(self, issue: Issue, c: Ints, true: int) -> dict[str, list[str | None]]:
        world, persons = self.world, self.persons
        row = world.exams.row(c)
        clean = (world.exams.mended_from(c) <= issue.number).astype(np.int64)
        clean[true:] = 1
        person, kind = row.person, persons.id_classes(c, clean)
        school_base = int(world.scenario.province.exam_code) * 10_000
        count = len(c)
        return {
            "exam_year": [str(world.exams.terms.year)] * count,
            "registration_no": self.numbers(c),
            "council_code": [world.exams.council_code(issue.council)] * count,
            "full_name": persons.full_names(c, world.people.name(person), clean),
            "birth_date": persons.birth_dates(
                c, world.people.birth_day(person), slash_days, clean=clean
            ),
            "sex_code": chosen(persons.sexes(person, kind), "", "2", "1"),
            "personal_id": persons.personal_ids(person, kind),
            "school_code": numbered("%06d", school_base + 1 + row.school),
            "commune_code": list(world.places.commune_codes[row.commune].tolist()),
            "registered_on": list(slash_days(row.registered)),
            "updated_at": list(iso_moments(np.full(count, issue.at, dtype=np.int64))),
        }
