"""KPI values of the portal's dossiers and of the programme's tasks, from their state functions."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from ..identity.world import World
from ..kernel.draws import Bools, Ints
from ..world.portal import ONLINE, WITHOUT_DIGITISING
from ..world.portal_handling import Handling
from ..world.tasks import GROUPS, OWNERS, PHASES
from .tally import Count, Json, Tally

ESSENTIAL = "DA06_25"
"""The 25 essential procedures of QĐ 06/QĐ-TTg."""
_REPORTED = (ESSENTIAL, "QD422")
"""With those of QĐ 422/QĐ-TTg: the procedures whose online share is reported (TB07)."""


@dataclass(frozen=True)
class ServiceFigures:
    """The values of one day, as known by the end of another."""

    world: World
    as_of: int
    known_by: int

    def rows(self) -> Iterator[Json]:
        """Every KPI: the province, communes that have a value, members of breakdowns."""
        received, considered, online, digitised = self._counts()
        essential = self._is_of(ESSENTIAL)
        tally = Tally(self.world)
        code = "service.dossiers_essential"
        yield from tally.rows(code, received[essential].sum(axis=0))
        counts = self._by_procedure(received, None, essential)
        yield from tally.member_rows(code, "essential_procedure", counts)
        for code, part, whole in (
            ("service.online_share", online, received),
            ("service.digitised_share", digitised, considered),
        ):
            reported = self._is_of(*_REPORTED)
            above, below = part[reported].sum(axis=0), whole[reported].sum(axis=0)
            yield from tally.rows(code, above, below)
            counts = self._by_procedure(part, whole, reported)
            yield from tally.member_rows(code, "procedure", counts)
        yield from self._handling_rows()
        yield from self._task_rows()

    def _counts(self) -> tuple[Ints, Ints, Ints, Ints]:
        """By procedure and commune: dossiers received, those that might be digitised; of these
        the ones handed in online, and the digitised ones."""
        portal, tally = self.world.portal, Tally(self.world)
        communes = len(self.world.places.communes)
        total = np.zeros((3, len(self._procedures) * communes), dtype=np.int64)
        for n in tally.chunks(portal.size):
            n = n[portal.counts_on(n, self.as_of, self.known_by)]
            cell = portal.procedure(n) * communes + portal.commune(n)
            is_online = portal.channel(n) == ONLINE
            is_digitised = portal.is_digitised_on(n, self.known_by)
            for index, chosen in enumerate((cell, cell[is_online], cell[is_digitised])):
                total[index] += np.bincount(chosen, minlength=total.shape[1])
        received, online, digitised = total.reshape(3, len(self._procedures), communes)
        possible = np.array([[p not in WITHOUT_DIGITISING] for p in self._procedures])
        return received, received * possible, online, digitised

    def _handling_rows(self) -> Iterator[Json]:
        """How the reported dossiers were handled, by procedure."""
        portal, tally = self.world.portal, Tally(self.world)
        shape = len(self._procedures), len(self.world.places.communes)
        reported = self._is_of(*_REPORTED)
        handling = Handling(portal, self.as_of, self.known_by)
        found: dict[str, Ints] = {}
        for n in tally.chunks(portal.size):
            n = n[portal.counts_on(n, self.as_of, self.known_by)]
            cell = portal.procedure(n) * shape[1] + portal.commune(n)
            for code, (considered, counted) in handling.parts(n).items():
                total = found.setdefault(code, np.zeros((2, *shape), dtype=np.int64))
                for index, chosen in enumerate((considered & counted, considered)):
                    counts = np.bincount(cell[chosen], minlength=shape[0] * shape[1])
                    total[index] += counts.reshape(shape)
        for code, (part, whole) in found.items():
            yield from tally.rows(code, part[reported].sum(axis=0), whole[reported].sum(axis=0))
            by_procedure = self._by_procedure(part, whole, reported)
            yield from tally.member_rows(code, "procedure", by_procedure)

    @property
    def _procedures(self) -> list[str]:
        return [a.procedure.procedure_id for a in self.world.scenario.portal.activities]

    def _is_of(self, *sets: str) -> Bools:
        activities = self.world.scenario.portal.activities
        return np.array([a.procedure.procedure_set in sets for a in activities], dtype=np.bool_)

    def _by_procedure(self, part: Ints, whole: Ints | None, chosen: Bools) -> dict[str, Count]:
        """Every procedure of a set, also those without any dossier."""
        return {
            self._procedures[index]: (
                int(part[index].sum()),
                None if whole is None else int(whole[index].sum()),
            )
            for index in np.flatnonzero(chosen).tolist()
        }

    def _task_rows(self) -> Iterator[Json]:
        tasks, tally = self.world.tasks, Tally(self.world)
        t = tasks.numbers[tasks.known_on(min(self.as_of, self.known_by))]
        code = "programme.tasks"
        yield tally.province_row(code, (len(t), None))
        groups = {str(group): 0 for group in range(1, GROUPS + 1)}
        phases = dict.fromkeys(PHASES, 0)
        owners = _counted([OWNERS[o] for o in tasks.owner(t).tolist()], {})
        groups = _counted([str(g) for g in tasks.group(t).tolist()], groups)
        phases = _counted([PHASES[p] for p in tasks.phase(t).tolist()], phases)
        for breakdown, found in (("group", groups), ("owner", owners), ("phase", phases)):
            counts: dict[str, Count] = {name: (count, None) for name, count in found.items()}
            yield from tally.member_rows(code, breakdown, counts)
        yield from self._on_time_rows(t)

    def _on_time_rows(self, t: Ints) -> Iterator[Json]:
        """Of the tasks that are due, those completed by their deadline."""
        tasks, tally = self.world.tasks, Tally(self.world)
        deadline = tasks.deadline_on(self.known_by)
        in_time = tasks.completed_on(self.known_by) <= deadline
        due = t[deadline[t] <= self.as_of]
        whole = _counted([OWNERS[o] for o in tasks.owner(due).tolist()], {})
        part = _counted([OWNERS[o] for o in tasks.owner(due[in_time[due]]).tolist()], {})
        code = "programme.tasks_on_time"
        yield tally.province_row(code, (sum(part.values()), sum(whole.values())))
        counts: dict[str, Count] = {name: (part.get(name, 0), n) for name, n in whole.items()}
        yield from tally.member_rows(code, "owner", counts)


def _counted(names: list[str], found: dict[str, int]) -> dict[str, int]:
    for name in names:
        found[name] = found.get(name, 0) + 1
    return found
