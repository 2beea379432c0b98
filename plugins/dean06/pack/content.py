"""What a report is about: published figures of a province at the end of a period, how they stand to
their targets, what they were before, who is behind. Read from mart by the role of BI tools."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from dean06.details.detail import detail
from dean06.errors import Dean06Error
from dean06.figures import published, ranking, standing
from dean06.figures.published import View
from dean06.figures.ranking import Ranking
from dean06.figures.standing import Line, Standing, Target
from dean06.pack import comparison, restatements
from dean06.pack.comparison import Basis
from dean06.pack.restatements import Restatement
from dean06.pack.span import ReportSpan
from dean06.warehouse import Session, sql_file, transaction

ROLE = "dean06_bi"
"""Reads mart and nothing else."""


@dataclass(frozen=True)
class Content:
    """The figures of one report."""

    span: ReportSpan
    province: Any
    day: date
    """The newest published day of the period."""
    publications: tuple[Any, ...]
    """Every publication of days of the period: number, day, moment; the last one last."""
    closing: Any
    """When the period was closed, and with which publication; None: it is not."""
    lines: tuple[Line, ...]
    """Every total that was published for the province."""
    compared: Basis
    """The day that values are compared with."""
    changes: Mapping[str, Any]
    """By KPI: by what the value changed since that day, or why that cannot be said."""
    restated: tuple[Restatement, ...]
    """Of every published day of the period and the day compared with."""
    rankings: tuple[tuple[Standing, Ranking], ...]
    communes: tuple[tuple[Line, Ranking], ...]
    """Every KPI that is published by commune."""
    agencies: tuple[Any, ...]
    """Agencies with their tasks of the plan, the lowest share on time first."""

    @property
    def publication(self) -> Any:
        """The newest publication of the report's day."""
        return next(row for row in reversed(self.publications) if row.as_of_date == self.day)

    @property
    def published_days(self) -> list[date]:
        """Days of the period that something was published for, the first one first."""
        return sorted({row.as_of_date for row in self.publications})

    @property
    def standings(self) -> list[Standing]:
        """One for each KPI that has a target, the worst first."""
        return standing.of(self.lines)


def read(span: ReportSpan, unit: str = "") -> list[Content]:
    """The reports of a period, one for each province, or of the province ``unit`` alone.

    Raises Dean06Error where nothing was published of the period, or for the unit.
    """
    with transaction(ROLE, "REPEATABLE READ") as session:
        made = _publications(session, span)
        day = max(row.as_of_date for row in made)
        provinces = session.rows(
            sql_file("reports/provinces_of_day.sql"), day=day, moment=made[-1].published_at
        )
        chosen = [row for row in provinces if unit in {"", row.unit_code}]
        if not chosen:
            known = ", ".join(row.unit_code for row in provinces) or "none"
            raise Dean06Error(
                detail("report_without_province", period=span.key, unit=unit, day=day, known=known)
            )
        return [_of(session, span, made, day, row) for row in chosen]


def _publications(session: Session, span: ReportSpan) -> tuple[Any, ...]:
    """Every publication of days of the period, the last one last."""
    found = session.rows(
        sql_file("reports/publications_of_days.sql"),
        first_day=span.first_day, last_day=span.last_day,
    )  # fmt: skip
    if not found:
        raise Dean06Error(
            detail(
                "report_not_published", period=span.key, first=span.first_day, last=span.last_day
            )
        )
    return tuple(found)


def _of(
    session: Session, span: ReportSpan, made: tuple[Any, ...], day: date, province: Any
) -> Content:
    unit = province.unit_code
    view = View(made[-1].published_at, "as_reported")
    days = sorted({row.as_of_date for row in made})
    compared = comparison.basis(session, span, view, day, days, unit)
    judged = published.targets(session, day, "province", unit)
    lines = tuple(
        Line(
            row,
            (),
            tuple(Target(each, None) for each in judged if each.kpi_code == row.kpi_code),
            compared.rows.get(row.kpi_code),
        )
        for row in published.values(session, view, day, day, level="province", unit=unit)
    )
    grains = published.grains(session, [line.value.kpi_code for line in lines])
    by_commune = [line for line in lines if grains.get(line.value.kpi_code) == "commune"]
    looked_at = {*days, compared.day or day}
    return Content(
        span=span,
        province=province,
        day=day,
        publications=made,
        closing=session.one(
            sql_file("reports/closing_of.sql"), period=span.kind, first_day=span.first_day
        ),
        lines=lines,
        compared=compared,
        changes=comparison.of(session, span, view, day, province, lines, compared),
        restated=restatements.read(session, view, lines, sorted(looked_at)),
        rankings=tuple(
            (each, ranking.of(session, view, each.line.value, each.target.row))
            for each in standing.of(lines)
            if grains.get(each.line.value.kpi_code) == "commune"
        ),
        communes=tuple((line, ranking.of(session, view, line.value)) for line in by_commune),
        agencies=tuple(session.rows(sql_file("reports/agencies_of_day.sql"), day=day, unit=unit)),
    )


def moment_of(content: Content) -> datetime:
    """What is written into files as their time: that of the last publication, never the clock's."""
    moment: datetime = content.publications[-1].published_at
    return moment
