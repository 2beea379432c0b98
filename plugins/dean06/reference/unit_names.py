"""Names of administrative units that tell apart the units of one name: a province had three
Phường 1."""

from datetime import date
from functools import cache

from dean06.reference import tables
from dean06.reference.rows import AdminUnit


def full_name(level: str, code: str, day: date, boundaries: str = "as_reported") -> str:
    """The name with district and province, as ``mart.unit_now.unit_full_name`` writes it; of a unit
    that no list has, its code.

    ``day``: a code can mean another unit on another day; ``boundaries``: ``current`` for the units
    of today.
    """
    unit = _unit(level, code, day, boundaries)
    if unit is None:
        return code
    if code == f"{unit.province_code}:{tables.UNKNOWN}":
        return unit.unit_name  # names its province itself
    above = []
    if level == "commune":
        above.append(_unit("district", unit.parent_code or "", day, boundaries))
    if level != "province":
        above.append(_unit("province", unit.province_code, day, boundaries))
    return ", ".join(each.unit_name for each in (unit, *above) if each is not None)


def _unit(level: str, code: str, day: date, boundaries: str) -> AdminUnit | None:
    of_code = _units().get((level, code), ())
    if boundaries == "current":
        return next((unit for unit in of_code if unit.valid_to is None), None)
    return next((unit for unit in of_code if unit.is_valid_on(day)), None)


@cache
def _units() -> dict[tuple[str, str], list[AdminUnit]]:
    found: dict[tuple[str, str], list[AdminUnit]] = {}
    for unit in (*tables.admin_units(), *tables.unknown_units()):
        found.setdefault((unit.unit_level, unit.unit_code), []).append(unit)
    return found
