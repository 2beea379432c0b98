"""Where a value comes to by a deadline if the last weeks' pace goes on: arithmetic, no model."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

WINDOW = timedelta(days=28)
"""The pace is that of the last four weeks: whole weeks, since offices close on Sundays."""
SHORTEST = timedelta(days=5)
"""No pace is computed from a shorter time."""


@dataclass(frozen=True)
class Forecast:
    """What the pace between two days comes to on the day the target is due."""

    pace_from: date
    pace_to: date
    per_day: float
    due_on: date
    value: float


def at_pace(
    points: Sequence[tuple[date, float]], starts_on: date, due_on: date, unit: str
) -> Forecast | None:
    """The forecast from (day, value) in order of days; None when there is too little to say.

    Only days of the target's own period count. A share stays between 0 and 1, a count above 0.
    """
    if not points or points[-1][0] >= due_on:
        return None
    last_day, last = points[-1]
    earliest = max(starts_on, last_day - WINDOW)
    first_day, first = next(
        point for point in points if point[0] >= earliest or point[0] == last_day
    )
    if last_day - first_day < SHORTEST:
        return None
    per_day = (last - first) / (last_day - first_day).days
    value = max(0.0, last + per_day * (due_on - last_day).days)
    return Forecast(
        first_day, last_day, per_day, due_on, min(1.0, value) if unit == "share" else value
    )
