"""Reference tables of ``include/reference``: CSV whose leading ``#`` lines tell provenance."""

import csv
from functools import cache
from itertools import zip_longest
from pathlib import Path
from typing import TypedDict

from dean06 import settings, unit_checks

UNKNOWN = "unknown"
"""Relation of a unit to a successor of which only the province is known."""


class AdminUnit(TypedDict):
    """One administrative unit while its code means it (QĐ 124/2004/QĐ-TTg)."""

    unit_level: str
    unit_code: str
    unit_name: str
    parent_code: str
    province_code: str
    valid_from: str
    valid_to: str
    boundary_version: str
    is_valid_from_known: str
    is_valid_to_known: str


class Successor(TypedDict):
    """What became of one unit on the day its boundaries were drawn anew."""

    unit_level: str
    unit_code: str
    replaced_on: str
    successor_code: str
    successor_province_code: str
    relation: str
    is_default: str


class Procedure(TypedDict):
    """One administrative procedure (QĐ 06/QĐ-TTg, QĐ 422/QĐ-TTg, and some beside them)."""

    procedure_id: str
    procedure_set: str
    position: str
    name_en: str
    name_vi: str
    field_vi: str
    lead_agency: str
    is_digitisation_blocked: str
    blocked_reason_en: str
    blocked_reason_vi: str


class ProcedureCode(TypedDict):
    """One code of a procedure while it means it."""

    code: str
    procedure_id: str
    valid_from: str
    valid_to: str
    note: str


class Campaign(TypedDict):
    """One campaign of collecting identity-card dossiers: days, opening hours, shifts."""

    campaign_code: str
    province_code: str
    first_day: str
    last_day: str
    opens_hour: str
    closes_hour: str
    shifts: str
    name_en: str
    name_vi: str


class Member(TypedDict):
    """One member of a KPI breakdown."""

    breakdown: str
    member_code: str
    name_en: str
    name_vi: str
    position: str


class ServiceMetric(TypedDict):
    """One metric of the index of QĐ 766/QĐ-TTg, the KPI that answers it or why none does."""

    metric_id: str
    position: str
    group_no: str
    group_en: str
    group_vi: str
    name_en: str
    name_vi: str
    max_points: str
    full_at: str
    kpi_code: str
    na_reason_en: str
    na_reason_vi: str
    limit_en: str
    limit_vi: str
    ratio_vi: str
    rule_notes: str


class Correction(TypedDict):
    """What a list for an agency says about a kind of error, and how to correct it."""

    kind: str
    code: str
    reason_vi: str
    reason_en: str
    fix_vi: str
    fix_en: str


class Retention(TypedDict):
    """How long one kind of data of one classification is kept, what for and by which rule."""

    what: str
    classification: str
    days: str
    purpose_en: str
    purpose_vi: str
    basis: str


@cache
def admin_units() -> tuple[AdminUnit, ...]:
    """Provinces, districts and communes with the dates between which their codes hold.

    Raises ContractError naming the file where a code means two units on one day.
    """
    rows = _rows("admin_units")
    unit_checks.check_units(rows)
    return tuple(AdminUnit(**row) for row in rows)  # type: ignore[typeddict-item]


@cache
def successors() -> tuple[Successor, ...]:
    """What became of provinces and communes; one default each, ``<province>:unknown`` if unknown.

    Raises ContractError naming the file where a unit has no successor, two, or one that is none.
    """
    rows = _rows("admin_unit_successors")
    unit_checks.check_successors(rows, _rows("admin_units"))
    for row in rows:
        if row["relation"] == UNKNOWN:
            row["successor_code"] = f"{row['successor_province_code']}:{UNKNOWN}"
    return tuple(Successor(**row) for row in rows)  # type: ignore[typeddict-item]


def unknown_units() -> list[AdminUnit]:
    """One nameless commune per province, for what belongs to a commune that nobody can tell.

    Before the reform: a record of the time that was written again, with a new code, after it.
    Since the reform: what came from a commune whose successor nobody has published.
    """
    return [
        AdminUnit(
            unit_level="commune",
            unit_code=f"{province['unit_code']}:{UNKNOWN}",
            unit_name=(
                f"Không rõ {'đơn vị lúc đó' if province['valid_to'] else 'đơn vị kế thừa'} "
                f"({province['unit_name']})"
            ),
            parent_code=province["unit_code"],
            province_code=province["unit_code"],
            valid_from=province["valid_from"],
            valid_to=province["valid_to"],
            boundary_version=province["boundary_version"],
            is_valid_from_known=province["is_valid_from_known"],
            is_valid_to_known=province["is_valid_to_known"],
        )
        for province in admin_units()
        if province["unit_level"] == "province"
    ]


@cache
def procedures() -> tuple[Procedure, ...]:
    """The procedures, in the order in which they are shown."""
    return tuple(Procedure(**row) for row in _rows("procedures"))  # type: ignore[typeddict-item]


@cache
def procedure_codes() -> tuple[ProcedureCode, ...]:
    """The codes of the procedures with the dates between which they hold."""
    return tuple(
        ProcedureCode(**row)  # type: ignore[typeddict-item]
        for row in _rows("procedure_codes")
    )


@cache
def campaigns() -> tuple[Campaign, ...]:
    """Campaigns of collecting identity-card dossiers."""
    return tuple(Campaign(**row) for row in _rows("campaigns"))  # type: ignore[typeddict-item]


@cache
def service_metrics() -> tuple[ServiceMetric, ...]:
    """The metrics of QĐ 766/QĐ-TTg, in the order in which they are shown."""
    return tuple(
        ServiceMetric(**row)  # type: ignore[typeddict-item]
        for row in _rows("qd766_metrics")
    )


@cache
def members() -> tuple[Member, ...]:
    """Members of breakdowns that have no file of their own."""
    return tuple(Member(**row) for row in _rows("members"))  # type: ignore[typeddict-item]


@cache
def corrections() -> tuple[Correction, ...]:
    """Texts of the lists for the agencies, by kind and code."""
    return tuple(Correction(**row) for row in _rows("corrections"))  # type: ignore[typeddict-item]


@cache
def retention() -> tuple[Retention, ...]:
    """How long what was received is kept outside core (decision 23)."""
    return tuple(Retention(**row) for row in _rows("retention"))  # type: ignore[typeddict-item]


@cache
def unit_spans(level: str) -> tuple[tuple[str | None, frozenset[str]], ...]:
    """Which codes of a level hold until when, for the rules that a code is known.

    Spans follow each other: the first day after a span (``None``: still running), its codes. What
    was written before the first list of units is judged by that list.
    """
    units = [unit for unit in admin_units() if unit["unit_level"] == level]
    days = {unit["valid_from"] for unit in units} | {unit["valid_to"] for unit in units}
    starts = sorted(day for day in days if day)
    return tuple(
        (
            end,
            frozenset(
                unit["unit_code"]
                for unit in units
                if unit["valid_from"] <= start
                and (not unit["valid_to"] or unit["valid_to"] > start)
            ),
        )
        for start, end in zip_longest(starts, starts[1:])
    )


@cache
def known_procedure_codes() -> frozenset[str]:
    """Every code a procedure has or had, for the rule ``procedure_code_known``."""
    return frozenset(row["code"] for row in procedure_codes())


def reader(path: Path) -> "csv.DictReader[str]":
    """The rows of a reference file, below its comments and its header."""
    with path.open(encoding="utf-8", newline="") as lines:
        return csv.DictReader([line for line in lines if not line.startswith("#")])


def _rows(name: str) -> list[dict[str, str]]:
    return list(reader(settings.REFERENCE / f"{name}.csv"))
