"""KPIs: what the page of all KPIs of a unit and the page of one KPI show."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

from dean06.ui import published
from dean06.ui.forecast import Forecast, at_pace
from dean06.ui.published import View
from dean06.warehouse import Session

TREND = timedelta(days=90)
"""How far back the small trends of the list go."""
HISTORY = timedelta(days=730)
"""How far back the chart of one KPI goes."""


@dataclass(frozen=True)
class Choice:
    """What the reader chose; what was left open is filled from what is published."""

    view: View
    is_past: bool
    """Whether a moment was chosen: targets are judged for the latest publication only."""
    day: date | None = None
    level: str = "province"
    unit: str = ""
    unit_name: str = ""


@dataclass(frozen=True)
class Target:
    """One target of a KPI, how the value stands to it, and where it is heading."""

    row: Any
    forecast: Forecast | None


@dataclass(frozen=True)
class Line:
    """One KPI of the list."""

    value: Any
    trend: tuple[tuple[date, float], ...]
    targets: tuple[Target, ...]


@dataclass(frozen=True)
class Overview:
    """The list of KPIs."""

    choice: Choice
    days: Sequence[date]
    units: Sequence[Any]
    lines: tuple[Line, ...]

    @property
    def groups(self) -> list[list[Line]]:
        """The lines of each KPI: of all its periods, in the order in which KPIs are shown."""
        found: dict[str, list[Line]] = {}
        for line in self.lines:
            found.setdefault(line.value.base_code, []).append(line)
        return list(found.values())


@dataclass(frozen=True)
class Detail:
    """One KPI."""

    choice: Choice
    days: Sequence[date]
    units: Sequence[Any]
    definition: Any
    value: Any
    series: tuple[Any, ...]
    targets: tuple[Target, ...]
    communes: tuple[Any, ...]
    members: dict[str, tuple[Any, ...]]
    publications: Sequence[Any]
    revisions: Sequence[Any]
    periods: Sequence[Any] = ()
    """The same KPI of all its periods."""


def overview(session: Session, asked: Choice) -> Overview:
    """Every KPI of a unit on a day."""
    choice, days, units = _complete(session, asked)
    if choice.day is None:
        return Overview(choice, days, units, ())
    rows = published.values(
        session, choice.view, choice.day - TREND, choice.day, level=choice.level, unit=choice.unit
    )
    judged = _targets_of(session, choice)
    lines = []
    for code, group in groupby(rows, key=lambda row: row.kpi_code):
        series = list(group)
        if series[-1].as_of_date == choice.day:
            own = [row for row in judged if row.kpi_code == code]
            lines.append(Line(series[-1], _points(series), _with_forecast(own, series)))
    return Overview(choice, days, units, tuple(lines))


def detail(session: Session, asked: Choice, kpi: str) -> Detail | None:
    """One KPI of a unit: over time, by commune, by member; None when nobody knows the KPI."""
    definition = published.definition(session, kpi)
    if definition is None:
        return None
    choice, days, units = _complete(session, asked)
    if choice.day is None:
        return Detail(choice, days, units, definition, None, (), (), (), {}, (), ())
    day, view, place = choice.day, choice.view, {"level": choice.level, "unit": choice.unit}
    series = tuple(published.values(session, view, day - HISTORY, day, kpi=kpi, **place))
    value = next((row for row in reversed(series) if row.as_of_date == day), None)
    if value is not None:
        definition = published.definition(session, kpi, value.kpi_version)
    return Detail(
        choice=choice,
        days=days,
        units=units,
        definition=definition,
        value=value,
        series=series,
        targets=_with_forecast(
            [row for row in _targets_of(session, choice) if row.kpi_code == kpi], series
        ),
        communes=tuple(published.values(session, view, day, day, kpi=kpi, level="commune")),
        members={
            breakdown: tuple(
                published.values(session, view, day, day, kpi=kpi, breakdown=breakdown, **place)
            )
            for breakdown in definition.breakdowns
        },
        publications=published.publications(session, day),
        revisions=published.revisions(
            session, kpi, choice.level, choice.unit, choice.view.boundaries
        ),
        periods=published.periods(session, definition.base_code),
    )


def _complete(session: Session, asked: Choice) -> tuple[Choice, Sequence[date], Sequence[Any]]:
    """The choice with day and unit that exist, and what else can be chosen."""
    days = published.days(session, asked.view)
    if not days:
        return replace(asked, day=None), days, []
    day = asked.day if asked.day in days else days[0]
    units = published.units(session, asked.view, day)
    own = [row for row in units if (row.unit_level, row.unit_code) == (asked.level, asked.unit)]
    if not (own or units):
        return replace(asked, day=None), days, units
    unit = (own or units)[0]
    name = unit.unit_name or unit.unit_code
    return (
        replace(asked, day=day, level=unit.unit_level, unit=unit.unit_code, unit_name=name),
        days,
        units,
    )


def _targets_of(session: Session, choice: Choice) -> Sequence[Any]:
    """Targets of the chosen unit; none where they were not judged: in the past, on boundaries that
    are not those of the day."""
    if choice.is_past or choice.view.boundaries != "as_reported" or choice.day is None:
        return []
    return published.targets(session, choice.day, choice.level, choice.unit)


def _points(series: Sequence[Any]) -> tuple[tuple[date, float], ...]:
    """What was published, by day; days without a value are left out."""
    return tuple((row.as_of_date, float(row.value)) for row in series if row.value is not None)


def _with_forecast(judged: Sequence[Any], series: Sequence[Any]) -> tuple[Target, ...]:
    points = _points(series)
    return tuple(
        Target(
            row,
            at_pace(points, row.starts_on, row.ends_on, row.unit)
            if row.has_daily_need and row.status in ("on_track", "behind")
            else None,
        )
        for row in judged
    )


def moment_of(text: str, now: datetime) -> tuple[datetime, bool]:
    """The moment a reader asked for (``2022-11-01T08:00``, Vietnamese time) and whether they did.

    Raises ValueError for what is no moment. Python takes any sign between day and time.
    """
    if not text:
        return now, False
    if not text.isascii():
        raise ValueError("a moment has digits and signs of ASCII only")
    return datetime.fromisoformat(text).replace(tzinfo=now.tzinfo), True
