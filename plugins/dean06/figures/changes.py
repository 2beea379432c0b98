"""What changed since last week, and why: values, statuses, formulas, and figures of the past that
were restated."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Literal, get_args

from dean06.contract import Bilingual
from dean06.figures import published, standing
from dean06.figures.published import View
from dean06.figures.standing import Line
from dean06.kpi.periods import BOUNDED
from dean06.warehouse import Session, sql_file

WEEK = timedelta(days=7)

Direction = Literal["worse", "better", "first_assessed", "no_longer_assessed"]
"""Of a change of status, in the order in which changes are told."""
_ASCENDING = {"missed": 0, "behind": 1, "on_track": 2, "met": 3}
"""Statuses that can be compared: a greater number is better."""


@dataclass(frozen=True)
class Cause:
    """One cause of changed values of a KPI between two publications."""

    words: Bilingual
    dataset: Bilingual | None
    row_count: int | None
    """None: too few to be shown, or no rows at all."""


@dataclass(frozen=True)
class Restated:
    """A value that a later publication changed."""

    row: Any
    """The newest publication that changed it."""
    causes: tuple[Cause, ...]
    value_before: Any
    """What was published before all that these causes changed."""


@dataclass(frozen=True)
class Change:
    """One KPI now and on the day compared with."""

    line: Line
    not_compared: Bilingual | None
    """Why the two cannot be compared."""
    status_before: Any
    """Row of the target's status on that day; None when the KPI has none."""
    status_now: Any
    restated: tuple[Restated, ...]

    @property
    def is_other_status(self) -> bool:
        """Whether the KPI now has another status."""
        before, now = self.status_before, self.status_now
        return before is not None and now is not None and before.status != now.status

    @property
    def direction(self) -> Direction | None:
        """Where another status leads. From or to one that is not assessed it is neither better
        nor worse; None: the status is the same, or neither is assessed."""
        if not self.is_other_status:
            return None
        before, now = (_ASCENDING.get(row.status) for row in (self.status_before, self.status_now))
        if before is None:
            return None if now is None else "first_assessed"
        if now is None:
            return "no_longer_assessed"
        return "better" if now > before else "worse"

    @property
    def difference(self) -> Any:
        """By what the value changed as readers see it, where a share has one decimal of a per cent:
        0 where both look alike; None where the two cannot be compared."""
        if self.not_compared:
            return None
        now, before = self.line.value, self.line.before
        change = now.value - before.value
        return 0 if now.unit == "share" and round(change, 3) == 0 else change


@dataclass(frozen=True)
class Week:
    """What changed since ``day``."""

    day: date | None
    """None: nothing was published before."""
    is_week: bool
    """Whether a week or more lies between."""
    changes: tuple[Change, ...] = field(default=())

    @property
    def by_direction(self) -> dict[Direction, list[Change]]:
        """KPIs whose status changed, by where the change leads; directions that occur."""
        found = {
            way: [c for c in self.changes if c.direction == way] for way in get_args(Direction)
        }
        return {way: changes for way, changes in found.items() if changes}


NOTHING = Week(None, False)
"""Nothing was published before."""


def compared_day(days: Iterable[date], day: date) -> date | None:
    """The last published day that lies a week or more back, but not three months; else the first
    one of the week."""
    earlier = sorted(each for each in days if day - timedelta(days=90) <= each < day)
    week_ago = [each for each in earlier if each <= day - WEEK]
    return week_ago[-1] if week_ago else next(iter(earlier), None)


def since(
    session: Session,
    view: View,
    lines: Sequence[Line],
    day: date,
    before: date | None,
    targets_before: Mapping[str, Any],
) -> Week:
    """What is not as it was on ``before``: KPIs with another status first, then those with targets,
    then in the order of the list. ``targets_before``: status rows of that day by target."""
    if before is None:
        return NOTHING
    revised = restated(session, view, lines, (before, day))
    now = {each.line.value.kpi_code: each.target.row for each in standing.of(lines)}
    found = [
        Change(
            line=line,
            not_compared=_not_compared(line),
            status_before=targets_before.get(target.target_id) if target else None,
            status_now=target,
            restated=revised.get(line.value.kpi_code, ()),
        )
        for line in _one_of_each(lines, now)
        for target in [now.get(line.value.kpi_code)]
    ]
    changed = [each for each in found if _is_news(each)]
    changed.sort(key=lambda each: (not each.is_other_status, each.status_now is None))
    return Week(before, day - before >= WEEK, tuple(changed))


def _one_of_each(lines: Sequence[Line], judged: Mapping[str, Any]) -> list[Line]:
    """Of a KPI of several periods the one with the deciding target, else the first."""
    chosen: dict[str, Line] = {}
    for line in lines:
        if line.value.base_code not in chosen or line.value.kpi_code in judged:
            chosen[line.value.base_code] = line
    return list(chosen.values())


def _is_news(change: Change) -> bool:
    if change.restated or change.is_other_status or change.difference:
        return True
    now, before = change.line.value, change.line.before
    return before is not None and (
        now.kpi_version != before.kpi_version or (now.value is None) != (before.value is None)
    )


def _not_compared(line: Line) -> Bilingual | None:
    """Why a value cannot be compared with the one before, in words."""
    now, then = line.value, line.before
    if then is None:
        return Bilingual("not published then", "chưa công bố số liệu của ngày đó")
    if now.kpi_version != then.kpi_version:
        return Bilingual(
            "the formula has changed: not comparable",
            "công thức tính đã thay đổi, không so sánh được",
        )
    if now.period in BOUNDED and now.period_starts_on != then.period_starts_on:
        return Bilingual(
            "a new period has begun: not comparable", "đã sang kỳ mới, không so sánh được"
        )
    for row in (now, then):
        if row.value is None:
            return Bilingual(str(row.reason_en), str(row.reason_vi))
    return None


def restated(
    session: Session, view: View, lines: Sequence[Line], days: tuple[date, ...]
) -> dict[str, tuple[Restated, ...]]:
    """Values of the lines, for these days, that later publications changed, by KPI."""
    unit = lines[0].value if lines else None
    if unit is None:
        return {}
    rows = published.revisions_of_days(session, view, days, unit.unit_level, unit.unit_code)
    units = {line.value.kpi_code: line.value.unit for line in lines}
    by_day: dict[tuple[str, date], list[Restated]] = {}
    for each in with_causes(session, rows):
        by_day.setdefault((each.row.kpi_code, each.row.as_of_date), []).append(each)
    found: dict[str, tuple[Restated, ...]] = {}
    for (kpi, _), each_time in by_day.items():
        whole = _as_one(each_time)
        if _is_seen(whole, units.get(kpi, "")):
            found[kpi] = (*found.get(kpi, ()), whole)
    return found


def _as_one(newest_first: Sequence[Restated]) -> Restated:
    """All that happened to one value: from the first number to the last, with every cause."""
    rows: Counter[tuple[Bilingual, Bilingual | None]] = Counter()
    few = set()
    for cause in (cause for each in newest_first for cause in each.causes):
        key = (cause.words, cause.dataset)
        rows[key] += cause.row_count or 0
        if cause.row_count is None:
            few.add(key)
    causes = (
        # A number beside a suppressed number would reveal it.
        Cause(words, dataset, None if (words, dataset) in few else count)
        for (words, dataset), count in rows.items()
    )
    return Restated(newest_first[0].row, tuple(causes), newest_first[-1].value_before)


def _is_seen(restated: Restated, unit: str) -> bool:
    """Whether a reader sees another number: shares have one decimal."""
    before, now = restated.value_before, restated.row.value
    if before is None or now is None:
        return bool(before != now)
    return bool(round(before, 3) != round(now, 3)) if unit == "share" else bool(before != now)


def with_causes(session: Session, rows: Sequence[Any]) -> tuple[Restated, ...]:
    """Restated values, each with its causes in words."""
    causes: dict[tuple[int, str], list[Cause]] = {}
    for row in session.rows(
        sql_file("ui/revision_causes.sql"),
        publications=sorted({row.publication_id for row in rows}),
    ):
        causes.setdefault((row.publication_id, row.kpi_code), []).append(_cause(row))
    return tuple(
        Restated(row, tuple(causes.get((row.publication_id, row.kpi_code), ())), row.value_before)
        for row in rows
    )


def _cause(row: Any) -> Cause:
    named = row.dataset_name_vi
    dataset = Bilingual(row.dataset_name_en, named) if named else None
    return Cause(Bilingual(row.cause_en, row.cause_vi), dataset, row.row_count)
