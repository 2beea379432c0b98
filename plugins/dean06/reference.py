"""Reference tables of ``include/reference``: CSV whose leading ``#`` lines tell provenance."""

import csv
from functools import cache
from typing import TypedDict

from dean06 import settings


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


class Correction(TypedDict):
    """What a list for an agency says about a kind of error, and how to correct it."""

    kind: str
    code: str
    reason_vi: str
    reason_en: str
    fix_vi: str
    fix_en: str


@cache
def admin_units() -> tuple[AdminUnit, ...]:
    """Provinces, districts and communes with the dates between which their codes hold."""
    return tuple(AdminUnit(**row) for row in _rows("admin_units"))  # type: ignore[typeddict-item]


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
def members() -> tuple[Member, ...]:
    """Members of breakdowns that have no file of their own."""
    return tuple(Member(**row) for row in _rows("members"))  # type: ignore[typeddict-item]


@cache
def corrections() -> tuple[Correction, ...]:
    """Texts of the lists for the agencies, by kind and code."""
    return tuple(Correction(**row) for row in _rows("corrections"))  # type: ignore[typeddict-item]


@cache
def commune_codes() -> frozenset[str]:
    """Every commune code, for the rule ``commune_code_known``."""
    return _unit_codes("commune")


@cache
def province_codes() -> frozenset[str]:
    """Every province code, for the rule ``province_code_known``."""
    return _unit_codes("province")


@cache
def known_procedure_codes() -> frozenset[str]:
    """Every code a procedure has or had, for the rule ``procedure_code_known``."""
    return frozenset(row["code"] for row in procedure_codes())


def _unit_codes(level: str) -> frozenset[str]:
    return frozenset(unit["unit_code"] for unit in admin_units() if unit["unit_level"] == level)


def _rows(name: str) -> list[dict[str, str]]:
    with (settings.REFERENCE / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(line for line in lines if not line.startswith("#")))
