"""What a report is about: published figures of a province at the end of a period, how they stand to
their targets, what they were before, who is behind. Read from mart by the role of BI tools."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from dean06.contract import Bilingual
from dean06.details.detail import detail
from dean06.errors import Dean06Error
from dean06.figures import changes, published, ranking, standing
from dean06.figures.changes import Restated
from dean06.figures.published import View
from dean06.figures.ranking import Ranking
from dean06.figures.standing import Line, Standing, Target
from dean06.kpi.periods import BOUNDED
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
    publication: Any
    """The newest publication of that day: number, moment."""
    closing: Any
    """When the period was closed, and with which publication; None: it is not."""
    lines: tuple[Line, ...]
    """Every total that was published for the province."""
    changes: Mapping[str, Any]
    """By KPI: by what the value changed since the previous period, or why that cannot be said."""
    restated: Mapping[str, tuple[Restated, ...]]
    rankings: tuple[tuple[Standing, Ranking], ...]
    communes: tuple[tuple[Line, Ranking], ...]
    """Every KPI that is published by commune."""

    @property
    def standings(self) -> list[Standing]:
        """One for each KPI that has a target, the worst first."""
        return standing.of(self.lines)


def read(span: ReportSpan, unit: str = "") -> list[Content]:
    """The reports of a period, one for each province, or of the province ``unit`` alone.

    Raises Dean06Error where nothing was published of the period, or for the unit.
    """
    with transaction(ROLE, "REPEATABLE READ") as session:
        day, publication = _newest(session, span)
        view = View(publication.published_at, "as_reported")
        provinces = session.rows(
            sql_file("reports/provinces_of_day.sql"), day=day, moment=view.moment
        )
        chosen = [row for row in provinces if unit in {"", row.unit_code}]
        if not chosen:
            known = ", ".join(row.unit_code for row in provinces) or "none"
            raise Dean06Error(
                detail("report_without_province", period=span.key, unit=unit, day=day, known=known)
            )
        return [_of(session, span, view, day, publication, row) for row in chosen]


def _newest(session: Session, span: ReportSpan) -> tuple[date, Any]:
    """The newest published day of a period and its newest publication."""
    now = session.one("select now() as moment").moment
    days = published.days_between(session, View(now, "as_reported"), span.first_day, span.last_day)
    if not days:
        raise Dean06Error(
            detail(
                "report_not_published", period=span.key, first=span.first_day, last=span.last_day
            )
        )
    return days[0], published.publications(session, days[0])[-1]


def _of(
    session: Session, span: ReportSpan, view: View, day: date, publication: Any, province: Any
) -> Content:
    unit = province.unit_code
    judged = published.targets(session, day, "province", unit)
    before = {
        row.kpi_code: row
        for row in _totals(session, view, span.day_before, unit)
    }  # fmt: skip
    lines = tuple(
        Line(
            row,
            (),
            tuple(Target(each, None) for each in judged if each.kpi_code == row.kpi_code),
            before.get(row.kpi_code),
        )
        for row in _totals(session, view, day, unit)
    )
    by_target = standing.of(lines)
    grains = published.grains(session, [line.value.kpi_code for line in lines])
    by_commune = [line for line in lines if grains.get(line.value.kpi_code) == "commune"]
    return Content(
        span=span,
        province=province,
        day=day,
        publication=publication,
        closing=session.one(
            sql_file("reports/closing_of.sql"), period=span.kind, first_day=span.first_day
        ),
        lines=lines,
        changes=_changes(session, span, view, day, province, lines),
        restated=changes.restated(session, view, lines, (span.day_before, day)),
        rankings=tuple(
            (each, ranking.of(session, view, each.line.value, each.target.row))
            for each in by_target
            if grains.get(each.line.value.kpi_code) == "commune"
        ),
        communes=tuple((line, ranking.of(session, view, line.value)) for line in by_commune),
    )


def _totals(session: Session, view: View, day: date, unit: str) -> Sequence[Any]:
    return published.values(session, view, day, day, level="province", unit=unit)


def _changes(
    session: Session,
    span: ReportSpan,
    view: View,
    day: date,
    province: Any,
    lines: Sequence[Line],
) -> dict[str, Any]:
    """By KPI: a number, or Bilingual words where two values cannot be compared."""
    whole = {
        row.kpi_code: row
        for row in session.rows(
            sql_file("reports/period_before.sql"),
            period=span.kind, last_day=span.last_day, unit=province.unit_code,
        )
    }  # fmt: skip
    formulas: dict[str, Any] = {}
    for row in session.rows(
        sql_file("reports/versions_in_period.sql"),
        first_day=span.first_day, last_day=day, moment=view.moment, unit=province.unit_code,
    ):  # fmt: skip
        formulas[row.kpi_code] = row  # the last version
    is_new_unit = province.valid_from >= span.first_day
    found: dict[str, Any] = {}
    for line in lines:
        code = line.value.kpi_code
        if code in formulas:
            found[code] = _new_formula(formulas[code].starts_on)
        elif is_new_unit:
            found[code] = OTHER_BOUNDARIES
        elif line.value.period == span.kind and code in whole:
            row = whole[code]
            reason = Bilingual(row.reason_en, row.reason_vi) if row.reason_vi else None
            found[code] = reason or row.change
        else:
            found[code] = _difference(span, day, line)
    return found


OTHER_BOUNDARIES = Bilingual(
    "not compared: the unit had other boundaries, or did not exist, in the previous period",
    "không so sánh: ở kỳ trước đơn vị chưa thành lập hoặc có địa giới hành chính khác",
)


def _new_formula(day: date) -> Bilingual:
    return Bilingual(
        f"not compared: the formula changed on {day:%d/%m/%Y}",
        f"không so sánh: công thức tính thay đổi từ ngày {day:%d/%m/%Y}",
    )


def _difference(span: ReportSpan, day: date, line: Line) -> Any:
    now, then = line.value, line.before
    if then is None:
        return Bilingual(
            f"not compared: no value is published for {span.day_before:%d/%m/%Y}",
            f"không so sánh: chưa công bố số liệu ngày {span.day_before:%d/%m/%Y}",
        )
    if now.kpi_version != then.kpi_version:
        return Bilingual(
            "not compared: the formula has changed since the previous period",
            "không so sánh: công thức tính đã thay đổi so với kỳ trước",
        )
    if now.covered_vi != then.covered_vi:
        return OTHER_BOUNDARIES
    if now.period in BOUNDED and now.period_starts_on != then.period_starts_on:
        if now.period == span.kind and day < span.last_day:
            return Bilingual(
                "not compared: the period has not ended",
                "không so sánh: kỳ chưa kết thúc",
            )
        return Bilingual(
            "not compared: a new period has begun",
            "không so sánh: đã sang kỳ mới",
        )
    for row in (now, then):
        if row.value is None:
            return Bilingual(str(row.reason_en), str(row.reason_vi))
    return now.value - then.value


def moment_of(content: Content) -> datetime:
    """What is written into files as their time: that of the publication, never the clock's."""
    moment: datetime = content.publication.published_at
    return moment
