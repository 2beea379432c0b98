"""Data of charts, as ``static/charts.js`` draws them with Chart.js; small trends as points."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby, pairwise
from math import ceil
from typing import Any

from dean06.ui.kpis import Detail

_WIDTH, _HEIGHT, _EDGE = 100.0, 26.0, 3.0
_MOST_POINTS = 31
"""Of a small trend: one for every three pixels of its width."""


def spark(points: Sequence[tuple[date, float]]) -> str:
    """Values by day as a polyline 100 wide and 26 high; empty below two days. Of many days every
    second, third … is drawn, counted back from the last."""
    if len(points) < 2:
        return ""
    points = points[:: -ceil(len(points) / _MOST_POINTS)][::-1]
    first, last = points[0][0], points[-1][0]
    low, high = min(value for _, value in points), max(value for _, value in points)
    step = (_WIDTH - 2 * _EDGE) / (last - first).days
    height = (_HEIGHT - 2 * _EDGE) / ((high - low) or 1)
    return " ".join(
        f"{_EDGE + (day - first).days * step:.1f},{_HEIGHT - _EDGE - (value - low) * height:.1f}"
        for day, value in points
    )


def kpi(page: Detail, language: str) -> dict[str, Any]:
    """Values of one KPI over time, its targets as level lines, forecasts as dashed lines;
    each of several targets by its name."""
    lines = [_line("value", [(row.as_of_date, row.value) for row in page.series])]
    drawn = [
        target
        for target in page.targets
        if target.row.target is not None and target.row.status != "not_applicable"
    ]
    for target in drawn:
        row = target.row
        name = getattr(row, f"name_{language}") if len(drawn) > 1 else ""
        level = float(row.target)
        first = page.series[0].as_of_date if page.series else row.starts_on
        ends = [(max(first, row.starts_on), level), (row.ends_on, level)]
        lines.append(_line("target", ends, name=name))
        if target.forecast:
            ahead = target.forecast
            last = page.series[-1]
            points = [(last.as_of_date, last.value), (ahead.due_on, ahead.value)]
            lines.append(_line("forecast", points, name=name))
    return {"isShare": page.definition.unit == "share", "lines": lines}


@dataclass(frozen=True)
class Gap:
    """Days in a row without a value, for one reason."""

    first_day: date
    last_day: date
    reason_en: str
    reason_vi: str


def gaps(series: Sequence[Any]) -> list[Gap]:
    """Where a line is broken, and why; ``series`` by day."""
    return [
        Gap(days[0].as_of_date, days[-1].as_of_date, days[0].reason_en, days[0].reason_vi)
        for reason, group in groupby(series, key=lambda row: row.missing_reason)
        if reason is not None
        for days in [list(group)]
    ]


def formula_changes(series: Sequence[Any]) -> list[date]:
    """Days from which on another version of the formula holds; ``series`` by day."""
    return [
        row.as_of_date for before, row in pairwise(series) if before.kpi_version != row.kpi_version
    ]


def shares_by_member(rows: Sequence[Any], language: str) -> dict[str, Any]:
    """Shares over time, one line per member of a breakdown."""
    names = {row.member_code: getattr(row, f"member_{language}") for row in rows}
    return {
        "isShare": True,
        "lines": [
            _line(
                "series",
                [(row.as_of_date, row.value) for row in rows if row.member_code == code],
                name=name,
            )
            for code, name in names.items()
        ],
    }


def _line(kind: str, points: Sequence[tuple[date, Any]], name: str = "") -> dict[str, Any]:
    """A line of (day, value); a value that is not there leaves a gap."""
    return {
        "kind": kind,
        "name": name,
        "points": [
            {"x": day.isoformat(), "y": None if value is None else float(value)}
            for day, value in points
        ],
    }
