"""KPI values of the portal's dossiers and of the programme's tasks, from their state functions."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np

from ..identity.world import World
from ..kernel.clock import NEVER, calendar_day, day_number
from ..kernel.draws import Bools, Ints
from ..world.portal import ONLINE, WITHOUT_DIGITISING
from ..world.portal_handling import Handling, Parts
from ..world.tasks import GROUPS, OWNERS, PHASES
from .tally import Count, Json, Tally

_ESSENTIAL_DOSSIERS = "service.dossiers_essential"
ESSENTIAL = "DA06_25"
"""The 25 essential procedures of QĐ 06/QĐ-TTg."""
_REPORTED = (ESSENTIAL, "QD422")
"""With those of QĐ 422/QĐ-TTg: the procedures whose online share is reported (TB07)."""
_IN_FORCE = date(2022, 6, 23)
"""First day of QĐ 766/QĐ-TTg: shares of the periods that it lies in are counted from then on."""


@dataclass(frozen=True)
class ServiceFigures:
    """The values of one day, as known by the end of another."""

    world: World
    as_of: int
    known_by: int

    def rows(self) -> Iterator[Json]:
        """Every KPI: the province, communes that have a value, members of breakdowns."""
        tally = Tally(self.world)
        essential, reported = self._is_of(ESSENTIAL), self._is_of(*_REPORTED)
        for code, (part, whole) in self._counts().items():
            if code.startswith(_ESSENTIAL_DOSSIERS):
                yield from tally.rows(code, part[essential].sum(axis=0))
                counts = self._by_procedure(part, None, essential)
                yield from tally.member_rows(code, "essential_procedure", counts)
            else:
                yield from tally.rows(code, part[reported].sum(axis=0), whole[reported].sum(axis=0))
                counts = self._by_procedure(part, whole, reported)
                yield from tally.member_rows(code, "procedure", counts)
        yield from self._task_rows()

    def _counts(self) -> dict[str, Ints]:
        """By KPI, then procedure and commune: the dossiers that count, and those considered."""
        portal, tally = self.world.portal, Tally(self.world)
        shape = len(self._procedures), len(self.world.places.communes)
        found: dict[str, Ints] = {}
        for n in tally.chunks(portal.size):
            n = n[portal.counts_on(n, self.as_of, self.known_by)]
            cell = portal.procedure(n) * shape[1] + portal.commune(n)
            day = portal.receive(n).effective
            for code, (considered, counted) in self._parts(n).items():
                for suffix, first_day in self._periods(code):
                    total = found.setdefault(code + suffix, np.zeros((2, *shape), dtype=np.int64))
                    within = considered & (day >= first_day)
                    for index, chosen in enumerate((within & counted, within)):
                        counts = np.bincount(cell[chosen], minlength=shape[0] * shape[1])
                        total[index] += counts.reshape(shape)
        return found

    def _parts(self, n: Ints) -> Parts:
        """By KPI: the dossiers considered, and those of them that count."""
        portal = self.world.portal
        everyone = np.full(len(n), True)
        blocked = np.array([p in WITHOUT_DIGITISING for p in self._procedures], dtype=np.bool_)
        return {
            _ESSENTIAL_DOSSIERS: (everyone, everyone),
            "service.online_share": (everyone, portal.channel(n) == ONLINE),
            "service.digitised_share": (
                ~blocked[portal.procedure(n)],
                portal.is_digitised_on(n, self.known_by),
            ),
            **Handling(portal, self.as_of, self.known_by).parts(n),
        }

    def _periods(self, code: str) -> Iterator[tuple[str, int]]:
        """What the codes of a KPI end with, by period, and the first day that counts."""
        today = calendar_day(self.as_of)
        month = today.month - 1
        yield "", -NEVER
        for suffix, months in ((".month", 1), (".quarter", 3), (".year", 12)):
            first_day = day_number(date(today.year, month // months * months + 1, 1))
            if code != _ESSENTIAL_DOSSIERS and day_number(_IN_FORCE) <= self.as_of:
                first_day = max(first_day, day_number(_IN_FORCE))
            yield suffix, first_day

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
