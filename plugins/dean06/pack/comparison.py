"""What the values of a report are compared with: the last day of the previous period; where nothing
is published for it, a day of the period itself that lies a week or more back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from dean06.contract import Bilingual
from dean06.figures import changes, published
from dean06.figures.published import View
from dean06.figures.standing import Line
from dean06.kpi.periods import BOUNDED
from dean06.pack.span import ReportSpan
from dean06.warehouse import Session, sql_file


@dataclass(frozen=True)
class Basis:
    """The day that a report compares with, and what was published for it."""

    day: date | None
    """None: there is no such day."""
    rows: Mapping[str, Any]
    """Its totals by KPI."""
    is_previous: bool
    """Whether it is the last day of the previous period."""


def basis(
    session: Session, span: ReportSpan, view: View, day: date, days: Sequence[date], unit: str
) -> Basis:
    """The day to compare ``day`` with. ``days``: the published days of the period."""
    if rows := _totals(session, view, span.day_before, unit):
        return Basis(span.day_before, rows, True)
    earlier = [each for each in days if each <= day - changes.WEEK]
    while (found := changes.compared_day(earlier, day)) is not None:
        if rows := _totals(session, view, found, unit):
            return Basis(found, rows, False)
        earlier.remove(found)
    return Basis(None, {}, False)


def _totals(session: Session, view: View, day: date, unit: str) -> dict[str, Any]:
    rows = published.values(session, view, day, day, level="province", unit=unit)
    return {row.kpi_code: row for row in rows}


def of(
    session: Session,
    span: ReportSpan,
    view: View,
    day: date,
    province: Any,
    lines: Sequence[Line],
    compared: Basis,
) -> dict[str, Any]:
    """By KPI: a number, or Bilingual words where two values cannot be compared; nothing without a
    day to compare with."""
    if compared.day is None:
        return {}
    whole = _whole_periods(session, span, province) if compared.is_previous else {}
    formulas = _new_formulas(session, span, view, day, province)
    is_new_unit = province.valid_from > compared.day
    found: dict[str, Any] = {}
    for line in lines:
        code = line.value.kpi_code
        if code in formulas and formulas[code].starts_on > compared.day:
            found[code] = _new_formula(formulas[code].starts_on)
        elif is_new_unit:
            found[code] = OTHER_BOUNDARIES
        elif line.value.period == span.kind and code in whole:
            row = whole[code]
            reason = Bilingual(row.reason_en, row.reason_vi) if row.reason_vi else None
            found[code] = reason or row.change
        else:
            found[code] = _difference(span, day, line, compared.day)
    return found


def _whole_periods(session: Session, span: ReportSpan, province: Any) -> dict[str, Any]:
    rows = session.rows(
        sql_file("reports/period_before.sql"),
        period=span.kind, last_day=span.last_day, unit=province.unit_code,
    )  # fmt: skip
    return {row.kpi_code: row for row in rows}


def _new_formulas(
    session: Session, span: ReportSpan, view: View, day: date, province: Any
) -> dict[str, Any]:
    """The last version of each KPI whose formula changed within the period."""
    rows = session.rows(
        sql_file("reports/versions_in_period.sql"),
        first_day=span.first_day, last_day=day, moment=view.moment, unit=province.unit_code,
    )  # fmt: skip
    return {row.kpi_code: row for row in rows}


OTHER_BOUNDARIES = Bilingual(
    "not compared: the unit had other boundaries, or did not exist, on the day of comparison",
    "không so sánh: tại ngày so sánh, đơn vị chưa thành lập hoặc có địa giới hành chính khác",
)


def _new_formula(day: date) -> Bilingual:
    return Bilingual(
        f"not compared: the formula changed on {day:%d/%m/%Y}",
        f"không so sánh: công thức tính thay đổi từ ngày {day:%d/%m/%Y}",
    )


def _difference(span: ReportSpan, day: date, line: Line, compared: date) -> Any:
    now, then = line.value, line.before
    if then is None:
        return Bilingual(
            f"not compared: no value is published for {compared:%d/%m/%Y}",
            f"không so sánh: chưa công bố số liệu ngày {compared:%d/%m/%Y}",
        )
    if now.kpi_version != then.kpi_version:
        return Bilingual(
            "not compared: the formula has changed since the day of comparison",
            "không so sánh: công thức tính đã thay đổi so với ngày so sánh",
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
