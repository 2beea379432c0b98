"""The dataset of the programme office: the whole list of tasks at one moment."""

from dataclasses import dataclass

import numpy as np

from ..dirt.bad_records import bad_value
from ..dirt.defects import DEFECTS, LINE
from ..identity.world import World
from ..kernel.clock import bad_moment, slash_days, slash_moments
from ..kernel.draws import Ints
from ..world.tasks import OWNERS, PHASES
from .catalogue import WIRE
from .feed import Column, Rows
from .lines import AS_AGREED, EXTRA_FIELD, EXTRA_VALUE, Shape
from .persons import nullable
from .police import chosen, numbered

DATASET = "programme.task"
_BETWEEN_BAD_ROWS = 75
_STATUS = ("chua_bat_dau", "dang_thuc_hien", "hoan_thanh")


@dataclass(frozen=True)
class BadTasks:
    """The rows of the list that must be quarantined. Once listed a bad row stays as it is."""

    world: World

    @property
    def first(self) -> int:
        """How many are there before the feeds begin."""
        scenario = self.world.scenario
        share = scenario.dirt.quarantined.get(DATASET, 0.0)
        return max(round(share * scenario.programme.tasks), 1) if share else 0

    def at(self) -> Ints:
        """The moment of each: some of the plan, now and then another one."""
        if not self.first:
            return np.array([], dtype=np.int64)
        calendar = self.world.scenario.calendar
        begins = np.full(self.first, self.world.scenario.programme.issued + 40, dtype=np.int64)
        later = np.arange(calendar.anchor + 2, calendar.last + 1, _BETWEEN_BAD_ROWS, dtype=np.int64)
        day = np.minimum(np.concatenate([begins, later]), calendar.last)
        g = np.arange(len(day), dtype=np.int64)
        return bad_moment(day, self.world.draws.below("bad at/task", g, 10**6))

    def known(self, until: int) -> Ints:
        """The numbers of the bad rows listed by a moment."""
        return np.flatnonzero(self.at() <= until).astype(np.int64)


@dataclass(frozen=True)
class TaskFeed:
    """The list, as of any moment."""

    world: World

    @property
    def bad(self) -> BadTasks:
        """The rows that must be quarantined."""
        return BadTasks(self.world)

    def rows(self, until: int) -> Rows:
        """Tasks listed by a moment in the order of the plan, then the bad rows."""
        tasks = self.world.tasks
        listed = tasks.numbers[tasks.create(tasks.numbers).known(until)]
        g = self.bad.known(until)
        number = np.concatenate([listed, self._base(g)])
        at = np.concatenate([np.full(len(listed), until, dtype=np.int64), self.bad.at()[g]])
        rows = Rows(self._render(number, at))
        for offset, bad in enumerate(g.tolist()):
            self._spoil(rows, len(listed) + offset, bad)
        return rows

    def _base(self, g: Ints) -> Ints:
        return self.world.draws.below("bad base/task", g, self.world.tasks.size)

    def _spoil(self, rows: Rows, index: int, g: int) -> None:
        """Half of them are a task nobody knows, the others a bad version of a known one."""
        if g % 2 == 0:
            rows.columns["task_id"][index] = f"NV{99 - g // 2}"
        at = self.bad.at()[g : g + 1]
        rows.columns["updated_at"][index] = slash_moments(at)[0]
        rows.odd.add(index)
        defect = DEFECTS[DATASET][g % len(DEFECTS[DATASET])]
        if defect.column == LINE:
            rows.unreadable[index] = defect.error_class
        else:
            rows.columns[defect.column][index] = bad_value(DATASET, g)

    def _render(self, t: Ints, at: Ints) -> dict[str, Column]:
        row = self.world.tasks.row(t, at)
        count = len(t)
        return {
            "task_id": numbered("NV%02d", t + 1),
            "province_code": [self.world.scenario.province.code] * count,
            "group_code": numbered("%d", row.group),
            "title": numbered("Nhiệm vụ số %02d (dữ liệu tổng hợp)", t + 1),
            "owner_agency": chosen(row.owner, *OWNERS),
            "partner_agencies": _partners(row.owner, row.partners),
            "phase": chosen(row.phase, *PHASES),
            "deadline": list(slash_days(row.deadline)),
            "completed_on": nullable(slash_days, row.completed),
            "task_status": chosen(row.status, *_STATUS),
            "is_synthetic": ["x"] * count,
            "updated_at": list(slash_moments(row.updated)),
        }


def _partners(owner: Ints, drawn: Ints) -> Column:
    """None, one or two other agencies, comma separated."""
    found: Column = []
    for own, mixed in zip(owner.tolist(), drawn.tolist(), strict=True):
        others = [name for index, name in enumerate(OWNERS) if index != own]
        first = others[mixed % len(others)]
        second = others[mixed // 16 % len(others)]
        chosen_ones = {0: [], 1: [first], 2: sorted({first, second})}[mixed // 256 % 3]
        found.append(",".join(chosen_ones) or None)
    return found


def csv_list(rows: Rows, shape: Shape = AS_AGREED) -> list[bytes]:
    """Header and rows, ``;`` between fields, without line ends. No field needs quotes."""
    wire = WIRE[DATASET]
    columns = [name for name in wire if name not in shape.dropped]
    header = [wire[name] for name in columns] + ([EXTRA_FIELD] if shape.extra else [])
    extra = [EXTRA_VALUE] if shape.extra else []
    lines = [";".join(header).encode()]
    for index in range(len(rows)):
        line = ";".join([*(rows.columns[name][index] or "" for name in columns), *extra])
        lines.append(unreadable_row(line.encode()) if index in rows.unreadable else line.encode())
    return lines


def unreadable_row(line: bytes) -> bytes:
    """The line with more fields than its header."""
    return line + b";thua;cot"
