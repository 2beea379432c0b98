"""Every dirty record and its end state: counted for the document, and by key for tests.

End states: ``quarantined:<rule>``; ``verdict:<verdict>`` for records of persons; for those of the
residence register, against which the others are judged, and for late ones, ``loaded`` or
``flagged:<rule>``.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from ..feeds.catalogue import feeds
from ..feeds.exams import DATASET as EXAM
from ..feeds.exams import ExamFeed
from ..feeds.order import part
from ..identity.classes import of_records
from ..identity.judgement import Judgement
from ..identity.records import DATASETS
from ..identity.verdicts import VERDICTS
from ..identity.world import World
from ..kernel.clock import end_of_day
from ..kernel.draws import Bools, Ints
from ..world.timeline import Fact
from .tally import Json, Tally

Facts = Callable[[Ints], list[Fact]]

_KEYS = {
    "insurance.participant": "bhxh_code",
    "health.encounter": "encounter_id",
    "health.immunization": "immunization_id",
    "portal.dossier": "dossier_code",
}


@dataclass(frozen=True)
class DirtyRecords:
    """The dirt that is known by the end of a day."""

    world: World
    judgement: Judgement

    def rows(self, quarantine: list[Json]) -> list[Json]:
        """Records by dataset, class and end state."""
        refused = [
            {
                "dataset": row["dataset"],
                "class": row["class"],
                "end_state": f"quarantined:{row['rule']}",
                "records": row["records"],
            }
            for row in quarantine
        ]
        late = [
            {"dataset": dataset, "class": "E23", "end_state": "loaded", "records": records}
            for dataset, records in self._late()
            if records
        ]
        return refused + self.judgement.dirty() + late

    def keys(self, dataset: str, error_class: str) -> list[str]:
        """The keys of current records of a dataset that show a class, for tests."""
        world, judgement = self.world, self.judgement
        found: list[str] = []
        for some in DATASETS[dataset].current(world, judgement.known_by):
            shows = dict(of_records(world, judgement.registry, dataset, some))
            if error_class in shows:
                found += self._keys(dataset, some.number[shows[error_class]])
        return found

    def verdicts(self, dataset: str) -> dict[str, str]:
        """The verdict on each current record of a dataset by its key, for tests."""
        codes = self.judgement.of(dataset)
        number = np.flatnonzero(codes >= 0).astype(np.int64)
        keys = self._keys(dataset, number)
        names = [VERDICTS[code] for code in codes[number].tolist()]
        return dict(zip(keys, names, strict=True))

    def _keys(self, dataset: str, number: Ints) -> list[str]:
        if dataset == EXAM:
            return [str(key) for key in ExamFeed(self.world).numbers(number)]
        at = np.full(len(number), end_of_day(self.judgement.known_by), dtype=np.int64)
        rows = feeds(self.world)[dataset].render(part(number, 0, at), number)
        return [str(key) for key in rows[_KEYS[dataset]]]

    def _late(self) -> Iterator[tuple[str, int]]:
        """Records of which something is told some days after it came true (E23)."""
        world = self.world
        residents, participants = world.residents, world.participants

        def of_participant(q: Ints) -> list[Fact]:
            enter = participants.enter(q)
            leave = participants.leave(q, enter)
            return [enter, leave, participants.change(q, enter, leave)]

        registers: dict[str, tuple[int, Facts]] = {
            "police.resident": (
                residents.size,
                lambda n: [residents.enter(n), residents.leave(n), residents.move(n)],
            ),
            "insurance.participant": (participants.size, of_participant),
            "health.encounter": (world.encounters.size, lambda n: [world.encounters.start(n)]),
            "health.immunization": (
                world.immunizations.size,
                lambda n: [world.immunizations.give(n)],
            ),
            "portal.dossier": (world.portal.size, lambda n: [world.portal.receive(n)]),
        }
        for dataset, (size, facts) in registers.items():
            records = 0
            for n in Tally(world).chunks(size):
                late = [self._is_late(fact) for fact in facts(n)]
                records += int(np.count_nonzero(np.logical_or.reduce(late)))
            yield dataset, records

    def _is_late(self, fact: Fact) -> Bools:
        """Told since the feeds began, and not on the day itself."""
        known = (fact.told >= self.world.scenario.calendar.feeds_begin) & (
            fact.told <= self.judgement.known_by
        )
        return known & (fact.effective < fact.told)
