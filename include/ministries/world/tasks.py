"""The programme office: the tasks of the province's plan, begun, put off, completed, or not.

The plan is no statistic: it is as long at every scale, and all its tasks are there before the
feeds begin.
"""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np

from ..kernel.arrivals import Calendar
from ..kernel.clock import NEVER, day_number, moment
from ..kernel.draws import Bools, Draws, Ints
from ..scenario.programme import ProgrammePlan
from .timeline import GUARD, MAX_LAG, Fact

CREATE, START, MOVE, COMPLETE = range(4)
NOT_STARTED, STARTED, COMPLETED = range(3)
GROUPS = 5
PHASES = ("2022", "2023-2025", "2030")
OWNERS = (
    "cong_an_tinh",
    "so_tttt",
    "so_y_te",
    "so_gddt",
    "so_tu_phap",
    "bhxh_tinh",
    "so_ldtbxh",
    "vp_ubnd_tinh",
    "so_tnmt",
    "so_gtvt",
)
_PHASES_BEGIN = (0.46, 0.85)
"""The shares of tasks at which the second and the third phase begin."""
_ADDED_SHARE, _ADDED_WITHIN = 0.08, 30


@dataclass(frozen=True)
class TaskRow:
    """What the list says of each task at a moment."""

    task: Ints
    group: Ints
    owner: Ints
    partners: Ints
    phase: Ints
    deadline: Ints
    completed: Ints
    status: Ints
    updated: Ints


@dataclass(frozen=True)
class Tasks:
    """Tasks in the order of the plan."""

    plan: ProgrammePlan
    calendar: Calendar
    draws: Draws

    @property
    def size(self) -> int:
        """How many tasks the plan lists."""
        return self.plan.tasks

    @cached_property
    def numbers(self) -> Ints:
        """All tasks."""
        return np.arange(self.size, dtype=np.int64)

    def create(self, t: Ints) -> Fact:
        """The task is listed; a few are added to the plan later."""
        added = self.draws.chance("task/added", t, _ADDED_SHARE)
        room = min(_ADDED_WITHIN, self.calendar.feeds_begin - self.plan.issued)
        told = self.plan.issued + np.where(added, self.draws.below("task/create", t, room), 0)
        return self._told("create", t, told, CREATE)

    def start(self, t: Ints, create: Fact) -> Fact:
        """Work begins; on some tasks of later phases only after years."""
        wait = 7 + self.draws.below("task/start", t, np.array([60, 400, 1500])[self.phase(t)])
        return self._told("start", t, create.told + wait, START)

    def move(self, t: Ints, start: Fact) -> Fact:
        """The deadline is put off."""
        first = self.first_deadline(t)
        room = first - start.told - 2 * GUARD
        wanted = self.draws.chance("task/moves", t, 0.2) & (room > 0)
        told = start.told + GUARD + self.draws.below("task/move", t, np.maximum(room, 1))
        return self._told("move", t, np.where(wanted, told, NEVER), MOVE)

    def complete(self, t: Ints, start: Fact, move: Fact) -> Fact:
        """The task is completed: early, late, or never. It may be told some days later."""
        deadline = self.deadline(t, move.happens)
        drawn = self.draws.unit("task/completes", t)
        early = deadline - self.draws.below("task/early", t, 45)
        late = deadline + 1 + self.draws.below("task/late", t, 75)
        day = np.where(drawn < 0.66, early, late)
        earliest = np.where(move.happens, move.told, start.told) + 1
        day = np.maximum(day, earliest)
        lag = self.draws.below("task/lag", t, MAX_LAG)
        told = np.where(drawn < 0.86, day + lag, NEVER)
        fact = self._told("complete", t, told, COMPLETE)
        return Fact(fact.told, np.where(fact.happens, day, NEVER), fact.at)

    def updates(self, t: Ints, /) -> dict[int, Ints]:
        """The moment of each version slot."""
        create = self.create(t)
        start = self.start(t, create)
        move = self.move(t, start)
        complete = self.complete(t, start, move)
        return {CREATE: create.at, START: start.at, MOVE: move.at, COMPLETE: complete.at}

    def row(self, t: Ints, at: Ints) -> TaskRow:
        """What the list says of each task at a moment."""
        create = self.create(t)
        start = self.start(t, create)
        move = self.move(t, start)
        complete = self.complete(t, start, move)
        completed, moved = complete.known(at), move.known(at)
        updated = create.at
        for fact in (start, move, complete):
            updated = np.where(fact.known(at), fact.at, updated)
        status = np.where(start.known(at), STARTED, NOT_STARTED)
        return TaskRow(
            task=t,
            group=self.group(t),
            owner=self.owner(t),
            partners=self.draws.below("task/partners", t, 1 << 16),
            phase=self.phase(t),
            deadline=self.deadline(t, moved),
            completed=np.where(completed, complete.effective, NEVER),
            status=np.where(completed, COMPLETED, status),
            updated=updated,
        )

    def group(self, t: Ints) -> Ints:
        """The group of tasks, from 1 (TG02: there are five)."""
        return 1 + t * GROUPS // self.size

    def owner(self, t: Ints) -> Ints:
        """An index into the agencies; the police more often than the others."""
        drawn = self.draws.below("task/owner", t, len(OWNERS) + 3)
        return np.where(drawn < len(OWNERS), drawn, 0)

    def phase(self, t: Ints) -> Ints:
        """An index into the phases (TG03), in mixed order."""
        drawn = self.draws.unit("task/phase", t)
        return np.searchsorted(np.array(_PHASES_BEGIN), drawn, side="right")

    def first_deadline(self, t: Ints) -> Ints:
        """The deadline set at first: the end of a month of the phase."""
        first = np.array([2022 * 12 + 5, 2023 * 12 + 2, 2030 * 12 + 11])[self.phase(t)]
        months = np.array([7, 34, 1])[self.phase(t)]
        return _month_end(first + self.draws.below("task/deadline", t, months))

    def deadline(self, t: Ints, moved: Bools) -> Ints:
        """The deadline, before or after it is put off."""
        first = self.first_deadline(t)
        return np.where(moved, first + 30 + self.draws.below("task/put off", t, 90), first)

    def known_on(self, known_day: int) -> Bools:
        """Truth: the tasks listed by the end of a day."""
        return self.create(self.numbers).told <= known_day

    def deadline_on(self, known_day: int) -> Ints:
        """Truth: each task's deadline as known by the end of a day."""
        t = self.numbers
        move = self.move(t, self.start(t, self.create(t)))
        return self.deadline(t, move.told <= known_day)

    def completed_on(self, known_day: int) -> Ints:
        """Truth: the day each task was completed on, as known by the end of a day, or never."""
        t = self.numbers
        start = self.start(t, self.create(t))
        complete = self.complete(t, start, self.move(t, start))
        return np.where(complete.told <= known_day, complete.effective, NEVER)

    def _told(self, what: str, t: Ints, told: Ints, slot: int) -> Fact:
        told = np.minimum(told, NEVER)
        at = moment(told, self.draws.below(f"task/{what} at", t, 10**6), slot)
        return Fact(told, told, at)


def _month_end(month: Ints) -> Ints:
    """The last day of each month, counted from the year 0."""
    following = [date((m + 1) // 12, (m + 1) % 12 + 1, 1) for m in month.tolist()]
    return np.array([day_number(day) - 1 for day in following], dtype=np.int64)
