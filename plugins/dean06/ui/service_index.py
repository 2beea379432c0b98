"""The index of QĐ 766 of a unit: points by group and metric, and their basis."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any, Literal

from dean06 import settings
from dean06.figures import published
from dean06.figures.published import View
from dean06.warehouse import Session, sql_file

Period = Literal["month", "quarter", "year"]


@dataclass(frozen=True)
class Group:
    """One of the six groups: its parts of metrics in order."""

    parts: tuple[Any, ...]

    @property
    def first(self) -> Any:
        """A row that names the group."""
        return self.parts[0]

    @property
    def points(self) -> Any:
        """Points of the parts that are measured; None when none is."""
        measured = [part.points for part in self.parts if part.points is not None]
        return sum(measured) if measured else None

    @property
    def max_points(self) -> Any:
        """Maximum points of the group."""
        return sum(part.max_points for part in self.parts)


@dataclass(frozen=True)
class ServiceIndex:
    """The page."""

    days: Sequence[date]
    units: Sequence[Any]
    day: date | None
    level: str
    unit: str
    period: Period
    total: Any
    """Row of mart.service_index_total; None when the day has no index."""
    groups: tuple[Group, ...]
    other_day: date | None = None
    """The day that was asked for, where nothing is published of it."""
    other_unit: str = ""
    """The code of the unit that was asked for, where the day has no index of it."""


def read(session: Session, day: date | None, level: str, unit: str, period: Period) -> ServiceIndex:
    """The index of a unit, by default of the last published day and its first province."""
    days = published.days(session, View(datetime.now(settings.TIMEZONE), "as_reported"))
    asked_day, day = day, day if day in days else (days[0] if days else None)
    other_day = asked_day if asked_day != day else None
    units = session.rows(sql_file("ui/service_index_units.sql"), day=day) if day else []
    own = [row for row in units if (row.unit_level, row.unit_code) == (level, unit)]
    if not units:
        return ServiceIndex(days, units, day, level, "", period, None, (), other_day)
    chosen = (own or units)[0]
    asked = {
        "day": day, "level": chosen.unit_level, "unit": chosen.unit_code, "period": period,
    }  # fmt: skip
    rows = session.rows(sql_file("ui/service_index.sql"), **asked)
    total = session.one(
        """select * from mart.service_index_total
           where as_of_date = :day and unit_level = :level and unit_code = :unit
               and period = :period""",
        **asked,
    )
    groups = tuple(Group(tuple(parts)) for _, parts in groupby(rows, key=lambda row: row.group_no))
    return ServiceIndex(
        days, units, day, chosen.unit_level, chosen.unit_code, period, total, groups,
        other_day, "" if own else unit,
    )  # fmt: skip
