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


@cache
def admin_units() -> tuple[AdminUnit, ...]:
    """Provinces, districts and communes with the dates between which their codes hold."""
    with (settings.REFERENCE / "admin_units.csv").open(encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(line for line in lines if not line.startswith("#"))
        return tuple(AdminUnit(**row) for row in rows)  # type: ignore[typeddict-item]


@cache
def commune_codes() -> frozenset[str]:
    """Every commune code, for the rule ``commune_code_known``."""
    return frozenset(unit["unit_code"] for unit in admin_units() if unit["unit_level"] == "commune")
