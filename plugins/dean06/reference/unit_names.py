"""Names of administrative units that tell apart the units of one name: a province had three
Phường 1."""

from datetime import date
from functools import cache
from typing import NamedTuple

from dean06.reference import tables
from dean06.reference.rows import AdminUnit

KINDS = {
    "Tỉnh": "province",
    "Thành phố": "city",
    "Thị xã": "town",
    "Thị trấn": "township",
    "Quận": "urban district",
    "Huyện": "district",
    "Xã": "commune",
    "Phường": "ward",
    "Đặc khu": "special zone",
}
"""Kinds of units: the word that opens an official name → English."""
_NOBODY_CAN_TELL = "unknown commune"
COUNTRY = AdminUnit(
    unit_level="country",
    unit_code="VN",
    unit_name="Cả nước",
    province_code="VN",
    valid_from=date(1976, 7, 2),
    boundary_version="2022",
    is_valid_from_known=True,
    is_valid_to_known=True,
)
"""The unit of a national installation."""


class FullName(NamedTuple):
    """A name with district and province."""

    en: str
    vi: str


def in_english(unit: AdminUnit) -> str:
    """The name with the kind of unit in English: "Mỹ Tho city", "ward 1". A name that opens with
    no kind stays as it is."""
    if is_unknown(unit):
        return _NOBODY_CAN_TELL
    if unit is COUNTRY:
        return "Viet Nam"
    for kind, english in KINDS.items():
        if unit.unit_name.startswith(f"{kind} "):
            own = unit.unit_name.removeprefix(f"{kind} ")
            return f"{english} {own}" if own.isdecimal() else f"{own} {english}"
    return unit.unit_name


def is_unknown(unit: AdminUnit) -> bool:
    """Whether it is not a commune, but records of a province whose commune nobody can tell."""
    return unit.unit_code == f"{unit.province_code}:{tables.UNKNOWN}"


def full_name(level: str, code: str, day: date, boundaries: str = "as_reported") -> FullName:
    """The name with district and province, as ``mart.unit_now.unit_full_name`` writes it; of a unit
    that no list has, its code.

    ``day``: a code can mean another unit on another day; ``boundaries``: ``current`` for the units
    of today.
    """
    unit = _unit(level, code, day, boundaries)
    if unit is None:
        return FullName(code, code)
    if is_unknown(unit):
        province = _unit("province", unit.province_code, day, boundaries)
        within = f", {in_english(province)}" if province else ""
        return FullName(f"{_NOBODY_CAN_TELL}{within}", unit.unit_name)  # names its province itself
    above = []
    if level == "commune":
        above.append(_unit("district", unit.parent_code or "", day, boundaries))
    if level in ("district", "commune"):
        above.append(_unit("province", unit.province_code, day, boundaries))
    named = [each for each in (unit, *above) if each is not None]
    return FullName(", ".join(map(in_english, named)), ", ".join(each.unit_name for each in named))


def _unit(level: str, code: str, day: date, boundaries: str) -> AdminUnit | None:
    of_code = _units().get((level, code), ())
    if boundaries == "current":
        return next((unit for unit in of_code if unit.valid_to is None), None)
    return next((unit for unit in of_code if unit.is_valid_on(day)), None)


@cache
def _units() -> dict[tuple[str, str], list[AdminUnit]]:
    found: dict[tuple[str, str], list[AdminUnit]] = {}
    for unit in (COUNTRY, *tables.admin_units(), *tables.unknown_units()):
        found.setdefault((unit.unit_level, unit.unit_code), []).append(unit)
    return found
