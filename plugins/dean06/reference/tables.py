"""Reference tables of ``include/reference``: CSV whose leading ``#`` lines tell provenance."""

from datetime import date
from functools import cache
from itertools import zip_longest

from msgspec.structs import replace

from dean06 import settings
from dean06.declaration import D, read_table
from dean06.errors import ContractError
from dean06.reference import service_checks, unit_checks
from dean06.reference.rows import (
    AdminUnit,
    Agency,
    Campaign,
    Correction,
    CorrectionDeadline,
    DifferenceKind,
    ErrorGroup,
    ErrorGroupCode,
    Member,
    PeriodDeadline,
    Procedure,
    ProcedureCode,
    PublicHoliday,
    QualityWeight,
    Retention,
    ServiceAssumption,
    ServiceMetric,
    ServiceRule,
    Successor,
)

UNKNOWN = "unknown"
"""Relation of a unit to a successor of which only the province is known."""


@cache
def admin_units() -> tuple[AdminUnit, ...]:
    """Provinces, districts and communes with the dates between which their codes hold.

    Raises ContractError naming the file where a code means two units on one day.
    """
    units = _rows("admin_units", AdminUnit)
    unit_checks.check_units(units)
    return units


@cache
def successors() -> tuple[Successor, ...]:
    """What became of provinces and communes; one default each, ``<province>:unknown`` if unknown.

    Raises ContractError naming the file where a unit has no successor, two, or one that is none.
    """
    rows = _rows("admin_unit_successors", Successor)
    unit_checks.check_successors(rows, _rows("admin_units", AdminUnit))
    return tuple(
        replace(row, successor_code=f"{row.successor_province_code}:{UNKNOWN}")
        if row.relation == UNKNOWN
        else row
        for row in rows
    )


def unknown_units() -> list[AdminUnit]:
    """One nameless commune per province, for what belongs to a commune that nobody can tell.

    Before the reform: a record of the time that was written again, with a new code, after it.
    Since the reform: what came from a commune whose successor nobody has published.
    """
    return [
        replace(
            province,
            unit_level="commune",
            unit_code=f"{province.unit_code}:{UNKNOWN}",
            unit_name=(
                f"Không rõ {'đơn vị tại thời điểm đó' if province.valid_to else 'đơn vị kế thừa'} "
                f"({province.unit_name})"
            ),
            parent_code=province.unit_code,
            province_code=province.unit_code,
        )
        for province in admin_units()
        if province.unit_level == "province"
    ]


@cache
def procedures() -> tuple[Procedure, ...]:
    """The procedures, in the order in which they are shown."""
    return _rows("procedures", Procedure)


@cache
def procedure_codes() -> tuple[ProcedureCode, ...]:
    """The codes of the procedures with the dates between which they hold."""
    return _rows("procedure_codes", ProcedureCode)


@cache
def campaigns() -> tuple[Campaign, ...]:
    """Campaigns of collecting identity-card dossiers."""
    return _rows("campaigns", Campaign)


@cache
def service_metrics() -> tuple[ServiceMetric, ...]:
    """The metrics of QĐ 766/QĐ-TTg, in the order in which they are shown."""
    return _rows("qd766_metrics", ServiceMetric)


@cache
def service_rules() -> tuple[ServiceRule, ...]:
    """How the metrics of QĐ 766/QĐ-TTg give points, by day.

    Raises ContractError naming the file and the metric where a part has two rules on one day, or
    a rule names no KPI and no reason, or an assumption that is not listed.
    """
    rows = _rows("qd766_rules", ServiceRule)
    service_checks.check_rules(rows, service_metrics(), service_assumptions())
    return rows


@cache
def service_assumptions() -> tuple[ServiceAssumption, ...]:
    """What this project assumes of QĐ 766/QĐ-TTg."""
    return _rows("qd766_assumptions", ServiceAssumption)


@cache
def period_deadlines() -> dict[str, int]:
    """Days after the last one of a period until which late records count in it, by period."""
    return {row.period: row.days_after for row in _rows("period_deadlines", PeriodDeadline)}


@cache
def members() -> tuple[Member, ...]:
    """Members of breakdowns that have no file of their own."""
    return _rows("members", Member)


@cache
def agencies() -> tuple[Agency, ...]:
    """Agencies that lead tasks, by the codes of the programme's list."""
    return _rows("agencies", Agency)


@cache
def difference_kinds() -> tuple[DifferenceKind, ...]:
    """Kinds of differences from the national portal, in the order in which lists show them."""
    return _rows("difference_kinds", DifferenceKind)


@cache
def corrections() -> tuple[Correction, ...]:
    """Texts of the lists for the agencies, by kind and code."""
    return _rows("corrections", Correction)


@cache
def retention() -> tuple[Retention, ...]:
    """How long what was received is kept outside core (decision 23)."""
    return _rows("retention", Retention)


@cache
def public_holidays() -> tuple[PublicHoliday, ...]:
    """Days that differ from the week; ``calendar`` says what follows from them."""
    return _rows("public_holidays", PublicHoliday)


@cache
def correction_deadlines() -> tuple[CorrectionDeadline, ...]:
    """Working days that agencies have, by kind of error."""
    return _rows("correction_deadlines", CorrectionDeadline)


@cache
def error_groups() -> tuple[ErrorGroup, ...]:
    """The eight groups of errors, in the order in which they are shown."""
    return _rows("error_groups", ErrorGroup)


@cache
def error_group_codes() -> tuple[ErrorGroupCode, ...]:
    """Rules and verdicts with their groups, as written; ``error_groups`` says what follows."""
    return _rows("error_group_codes", ErrorGroupCode)


@cache
def quality_weights() -> tuple[QualityWeight, ...]:
    """Weights of the data quality index, set by set.

    Raises ContractError naming the file where the weights of a set do not add up to 1 or a
    dimension stands twice in it.
    """
    rows = _rows("quality_weights", QualityWeight)
    for first_day in {row.valid_from for row in rows}:
        found = [row for row in rows if row.valid_from == first_day]
        if sum(row.weight for row in found) != 1:
            raise ContractError(
                f"quality_weights.csv: weights since {first_day} do not add up to 1"
            )
        if len({row.dimension for row in found}) < len(found):
            raise ContractError(f"quality_weights.csv: a dimension is listed twice for {first_day}")
    return rows


@cache
def unit_spans(level: str) -> tuple[tuple[str | None, frozenset[str]], ...]:
    """Which codes of a level hold until when, for the rules that a code is known.

    Spans follow each other: the first day after a span (ISO text; ``None``: still running), its
    codes. What was written before the first list of units is judged by that list.
    """
    units = [unit for unit in admin_units() if unit.unit_level == level]
    starts = sorted(
        {unit.valid_from for unit in units} | {unit.valid_to for unit in units if unit.valid_to}
    )
    return tuple(
        (end.isoformat() if end else None, _codes_on(units, start))
        for start, end in zip_longest(starts, starts[1:])
    )


def _codes_on(units: list[AdminUnit], day: date) -> frozenset[str]:
    return frozenset(unit.unit_code for unit in units if unit.is_valid_on(day))


@cache
def known_procedure_codes() -> frozenset[str]:
    """Every code a procedure has or had, for the rule ``procedure_code_known``."""
    return frozenset(row.code for row in procedure_codes())


def _rows(name: str, kind: type[D]) -> tuple[D, ...]:
    return tuple(read_table(settings.REFERENCE / f"{name}.csv", kind))
