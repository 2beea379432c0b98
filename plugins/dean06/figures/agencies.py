"""Agencies that are behind: by the tasks of the programme that they complete on time."""

from collections.abc import Sequence
from typing import Any

from dean06.figures import published
from dean06.figures.published import View
from dean06.warehouse import Session

KPI = "programme.tasks_on_time"
"""The KPI that compares agencies, by ``owner``."""


def of(session: Session, view: View, province: Any) -> list[Any]:
    """Owners of tasks with the share done on time: the lowest first, those without one last."""
    rows = published.values(
        session, view, province.as_of_date, province.as_of_date, kpi=KPI, breakdown="owner",
        level="province", unit=province.unit_code,
    )  # fmt: skip
    return sorted(
        rows, key=lambda row: (row.value is None, row.value or 0, -(row.denominator or 0))
    )


def late(rows: Sequence[Any]) -> list[tuple[Any, int]]:
    """Of these the agencies that did not complete every due task on time, with how many they did
    not: the most first."""
    found = [(row, row.denominator - row.numerator) for row in rows if row.value is not None]
    return sorted(
        ((row, count) for row, count in found if count), key=lambda pair: (-pair[1], pair[0].value)
    )
