"""KPIs: what the page of all KPIs of a unit and the page of one KPI show."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

from dean06.figures import agencies, changes, published, ranking, standing
from dean06.figures.changes import Restated, Week
from dean06.figures.forecast import at_pace
from dean06.figures.published import View
from dean06.figures.ranking import Ranking
from dean06.figures.standing import Line, Standing, Target, Verdict
from dean06.reference.unit_names import FullName
from dean06.ui import kpi_groups
from dean06.ui.kpi_groups import Group
from dean06.warehouse import Session

TREND = timedelta(days=90)
"""How far back the small trends of the list go."""
_NO_UNIT = FullName("", "")
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
    unit_name: FullName = _NO_UNIT
    other_day: date | None = None
    """The day that was asked for, where nothing is published of it."""
    other_unit: str = ""
    """The code of the unit that was asked for, where nothing is published of it on the day."""


@dataclass(frozen=True)
class Overview:
    """The page of all KPIs: how many are met, who is behind, what changed."""

    choice: Choice
    days: Sequence[date]
    units: Sequence[Any]
    lines: tuple[Line, ...] = ()
    week: Week = changes.NOTHING
    ranking: Ranking | None = None
    rankable: tuple[Standing, ...] = ()
    """KPIs that communes can be ranked by, the worst first."""
    agencies: Sequence[Any] = ()
    newest_day: date | None = None
    """The newest day with values, where the day has none."""

    @property
    def standings(self) -> list[Standing]:
        """One for each KPI that has a target, the worst first."""
        return standing.of(self.lines)

    @property
    def verdict(self) -> Verdict:
        """Whether the unit is on track."""
        return standing.verdict(self.standings)

    @property
    def kpi_count(self) -> int:
        """KPIs of the list, with a target or without; one of several periods counts once."""
        return len({line.value.base_code for line in self.lines})

    @property
    def late_agencies(self) -> list[tuple[Any, int]]:
        """Agencies with due tasks not completed on time, and how many."""
        return agencies.late(self.agencies)

    @property
    def groups(self) -> list[Group]:
        """The groups that have KPIs here, in their order."""
        return kpi_groups.of(self.lines, self.standings)


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
    ranking: Ranking | None
    members: dict[str, tuple[Any, ...]]
    publications: Sequence[Any]
    revisions: Sequence[Restated]
    periods: Sequence[Any] = ()
    """The same KPI of all its periods."""
    newest_day: date | None = None
    """The newest day with a value, where the day has none."""


def overview(session: Session, asked: Choice, ranked_by: str = "") -> Overview:
    """Every KPI of a unit on a day, and who is behind by the KPI ``ranked_by``, or by the share
    that is farthest from its target."""
    choice, days, units = _complete(session, asked)
    if choice.day is None:
        return Overview(choice, days, units, newest_day=_newest_day(session, choice, []))
    lines, week = _lines(session, choice, choice.day, days)
    return Overview(
        choice,
        days,
        units,
        lines,
        week,
        *_who_is_behind(session, choice, lines, ranked_by),
        newest_day=_newest_day(session, choice, [line.value for line in lines]),
    )


def _lines(
    session: Session, choice: Choice, day: date, days: Sequence[date]
) -> tuple[tuple[Line, ...], Week]:
    """The lines of the list, and what changed in them since last week."""
    rows = published.values(
        session, choice.view, day - TREND, day, level=choice.level, unit=choice.unit
    )
    before = changes.compared_day(days, day)
    judged = _targets_of(session, choice)
    lines = []
    for code, group in groupby(rows, key=lambda row: row.kpi_code):
        series = list(group)
        if series[-1].as_of_date == day:
            own = [row for row in judged if row.kpi_code == code]
            then = next((row for row in series if row.as_of_date == before), None)
            lines.append(Line(series[-1], _points(series), _with_forecast(own, series), then))
    earlier = _targets_of(session, replace(choice, day=before)) if before else []
    week = changes.since(
        session, choice.view, lines, day, before, {row.target_id: row for row in earlier}
    )
    return tuple(lines), week


def _who_is_behind(
    session: Session, choice: Choice, lines: Sequence[Line], ranked_by: str
) -> tuple[Ranking | None, tuple[Standing, ...], Sequence[Any]]:
    """The ranking of communes, what they can be ranked by, and the agencies; nothing for a commune,
    nor where targets are not judged."""
    if choice.level != "province":
        return None, (), ()
    by_code = {line.value.kpi_code: line.value for line in lines}
    owners = (
        agencies.of(session, choice.view, by_code[agencies.KPI]) if agencies.KPI in by_code else ()
    )
    judged = standing.of(lines)
    grains = published.grains(session, [each.line.value.kpi_code for each in judged])
    rankable = [each for each in judged if grains.get(each.line.value.kpi_code) == "commune"]
    if not rankable:
        return None, (), owners
    named = [each for each in rankable if each.line.value.kpi_code == ranked_by]
    # A share needs no explanation of what it is compared with.
    shares = [each for each in rankable if each.line.value.unit == "share"]
    chosen = (named or shares or rankable)[0]
    found = ranking.of(session, choice.view, chosen.line.value, chosen.target.row)
    return found, tuple(rankable), owners


def detail(session: Session, asked: Choice, kpi: str) -> Detail | None:
    """One KPI of a unit: over time, by commune, by member; None when nobody knows the KPI."""
    definition = published.definition(session, kpi)
    if definition is None:
        return None
    choice, days, units = _complete(session, asked)
    if choice.day is None:
        return Detail(
            choice, days, units, definition, None, (), (), None, {}, (), (),
            newest_day=_newest_day(session, choice, [], kpi),
        )  # fmt: skip
    day, view, place = choice.day, choice.view, {"level": choice.level, "unit": choice.unit}
    series = tuple(published.values(session, view, day - HISTORY, day, kpi=kpi, **place))
    value = next((row for row in reversed(series) if row.as_of_date == day), None)
    if value is not None:
        definition = published.definition(session, kpi, value.kpi_version)
    judged = [row for row in _targets_of(session, choice) if row.kpi_code == kpi]
    return Detail(
        choice=choice,
        days=days,
        units=units,
        definition=definition,
        value=value,
        series=series,
        targets=_with_forecast(judged, series),
        ranking=_communes(session, choice, definition),
        members={
            breakdown: tuple(
                published.values(session, view, day, day, kpi=kpi, breakdown=breakdown, **place)
            )
            for breakdown in definition.breakdowns
        },
        publications=published.publications(session, day),
        revisions=changes.with_causes(
            session,
            published.revisions(session, kpi, choice.level, choice.unit, choice.view.boundaries),
        ),
        periods=published.periods(session, definition.base_code),
        newest_day=_newest_day(session, choice, [value] if value is not None else [], kpi),
    )


def _newest_day(
    session: Session, choice: Choice, rows: Sequence[Any], kpi: str | None = None
) -> date | None:
    """The newest day with values, where these rows of the chosen day have none; a suppressed value
    is one."""
    if any(row.value is not None or row.is_suppressed for row in rows):
        return None
    return published.newest_day_with_values(
        session, choice.view, choice.level, choice.unit or None, kpi
    )


def _communes(session: Session, choice: Choice, definition: Any) -> Ranking | None:
    """The communes of the province by the KPI; None where it is not published by commune."""
    if choice.day is None or choice.level == "country" or definition.grain != "commune":
        return None
    place: dict[str, Any] = {"kpi": definition.kpi_code, "level": "province"}
    if choice.level == "province":
        place["unit"] = choice.unit
    rows = published.values(session, choice.view, choice.day, choice.day, **place)
    if not rows:
        return None
    own = replace(choice, level="province", unit=rows[0].unit_code)
    judged = [r for r in _targets_of(session, own) if r.kpi_code == definition.kpi_code]
    decides = standing.of([Line(rows[0], (), tuple(Target(row, None) for row in judged))])
    return ranking.of(session, choice.view, rows[0], decides[0].target.row if decides else None)


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
    chosen = replace(
        asked,
        day=day,
        level=unit.unit_level,
        unit=unit.unit_code,
        unit_name=unit.full_name,
        other_day=asked.day if asked.day != day else None,
        other_unit=asked.unit if not own else "",
    )
    return chosen, days, units


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
        raise ValueError("a time must consist of ASCII digits and signs")
    return datetime.fromisoformat(text).replace(tzinfo=now.tzinfo), True
