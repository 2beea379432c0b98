"""Published values, as they stood at a moment. The only place where pages read values of KPIs: it
reads views of mart that are meant for everybody (``include/sql/ui/published.sql``)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from dean06.reference import unit_names
from dean06.warehouse import Session, sql_file

Boundaries = Literal["as_reported", "current"]
_LEVELS = ("country", "province", "commune")


@dataclass(frozen=True)
class View:
    """Which of all that was published: as it stood when, on which boundaries."""

    moment: datetime
    boundaries: Boundaries


@dataclass(frozen=True)
class Unit:
    """A unit that a day has values of."""

    unit_level: str
    unit_code: str
    full_name: unit_names.FullName
    """With district and province: several communes share a name."""


def values(
    session: Session,
    view: View,
    first_day: date,
    last_day: date,
    *,
    kpi: str | None = None,
    level: str | None = None,
    unit: str | None = None,
    breakdown: str = "",
) -> Sequence[Any]:
    """Rows of ``published.sql`` between two days, in order of KPI, day, unit and member."""
    asked = {"kpi": kpi, "level": level, "unit": unit, "breakdown": breakdown}
    return session.rows(sql_file("ui/published.sql"), **_between(view, first_day, last_day) | asked)


def _between(view: View, first_day: date, last_day: date) -> dict[str, Any]:
    """Parameters of ``published.sql``: the totals of every KPI and unit between two days."""
    return {
        "moment": view.moment, "boundaries": view.boundaries, "first_day": first_day,
        "last_day": last_day, "kpi": None, "level": None, "unit": None, "breakdown": "",
    }  # fmt: skip


def days(session: Session, view: View) -> list[date]:
    """Days that something had been published for, newest first."""
    rows = session.rows(
        """select distinct as_of_date from mart.kpi_publication where published_at <= :moment
           order by as_of_date desc limit 730""",
        moment=view.moment,
    )
    return [row.as_of_date for row in rows]


def days_between(session: Session, view: View, first_day: date, last_day: date) -> list[date]:
    """Days of a span that something had been published for, newest first."""
    rows = session.rows(
        """select distinct as_of_date from mart.kpi_publication
           where as_of_date between :first_day and :last_day and published_at <= :moment
           order by as_of_date desc""",
        first_day=first_day,
        last_day=last_day,
        moment=view.moment,
    )
    return [row.as_of_date for row in rows]


def units(session: Session, view: View, day: date) -> list[Unit]:
    """The country, provinces, then communes, that the day has values of, by name."""
    rows = session.rows(
        f"""select distinct unit_level, unit_code
            from ({sql_file("ui/published.sql")}) as published
            where unit_level = any(:levels)""",
        levels=list(_LEVELS),
        **_between(view, day, day),
    )
    found = [
        Unit(level, code, unit_names.full_name(level, code, day, view.boundaries))
        for level, code in rows
    ]
    return sorted(
        found,
        key=lambda unit: (_LEVELS.index(unit.unit_level), unit.full_name.vi, unit.unit_code),
    )


def newest_day_with_values(
    session: Session, view: View, level: str, unit: str | None = None, kpi: str | None = None
) -> date | None:
    """The newest day on which a total of the unit (of any of its level) had a value, of this KPI
    where one is named."""
    found = session.one(
        sql_file("ui/newest_day_with_values.sql"),
        moment=view.moment, boundaries=view.boundaries, level=level, unit=unit, kpi=kpi,
    )  # fmt: skip
    return found.day if found else None


def publications(session: Session, day: date) -> list[Any]:
    """Every publication of a day, oldest first: when, and why there was something new to say."""
    return session.rows(
        """select publication_id, published_at, reason from mart.kpi_publication
           where as_of_date = :day order by publication_id""",
        day=day,
    )


def targets(session: Session, day: date, level: str, unit: str) -> list[Any]:
    """How the unit's latest values of a day stand to their targets, totals only."""
    return session.rows(
        sql_file("ui/targets.sql"),
        day=day,
        level=level,
        unit=unit,
    )


def definition(session: Session, kpi: str, version: int | None = None) -> Any:
    """What a KPI counts, of whom, by which rule; the newest version unless asked for another."""
    return session.one(
        """select * from mart.kpi_definition
           where kpi_code = :kpi and (cast(:version as int) is null or kpi_version = :version)
           order by kpi_version desc limit 1""",
        kpi=kpi,
        version=version,
    )


def periods(session: Session, base_code: str) -> list[Any]:
    """The KPIs that are one KPI of several periods, in the order of periods: code, words."""
    return session.rows(
        sql_file("ui/periods.sql"),
        base_code=base_code,
    )


def revisions(session: Session, kpi: str, level: str, unit: str, boundaries: str) -> list[Any]:
    """Values of the unit that later publications changed, newest first."""
    return session.rows(
        """select publication_id, kpi_code, as_of_date, published_at, numerator_before,
                  denominator_before, value_before, numerator, denominator, value
           from mart.kpi_revision
           where kpi_code = :kpi and unit_level = :level and unit_code = :unit
               and boundary_version = :boundaries and breakdown = ''
           order by published_at desc limit 20""",
        kpi=kpi,
        level=level,
        unit=unit,
        boundaries=boundaries,
    )


def revisions_of_days(
    session: Session, view: View, days: Sequence[date], level: str, unit: str
) -> list[Any]:
    """Values of the unit for these days that publications up to the moment changed, every KPI's,
    the newest first."""
    return session.rows(
        sql_file("ui/revisions_of_days.sql"),
        days=list(days),
        moment=view.moment,
        level=level,
        unit=unit,
        boundaries=view.boundaries,
    )


def grains(session: Session, kpis: Sequence[str]) -> dict[str, str]:
    """The smallest unit that each of these KPIs is published for."""
    rows = session.rows(
        """select distinct on (kpi_code) kpi_code, grain from mart.kpi_definition
           where kpi_code = any(cast(:kpis as text [])) order by kpi_code, kpi_version desc""",
        kpis=list(kpis),
    )
    return {row.kpi_code: row.grain for row in rows}
