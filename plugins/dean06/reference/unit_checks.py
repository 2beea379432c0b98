"""What must hold between the reference files of administrative units, checked when they are read.

``valid_to`` and ``replaced_on`` are exclusive.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import groupby, pairwise

from dean06.errors import ContractError
from dean06.reference.rows import AdminUnit, Successor

_UNITS = "admin_units.csv"
_SUCCESSORS = "admin_unit_successors.csv"


def check_units(units: Iterable[AdminUnit]) -> None:
    """Refuse a code that means two units on one day. Raises ContractError naming the file."""
    ordered = sorted(units, key=lambda row: (*_unit(row), row.valid_from))
    for (level, code), group in groupby(ordered, key=_unit):
        spans = [(row.valid_from, row.valid_to or date.max) for row in group]
        if any(start >= end for start, end in spans):
            raise ContractError(f"{_UNITS}: {level} {code} ends before it begins")
        for (start, end), (next_start, _) in pairwise(spans):
            if next_start < end:
                raise ContractError(
                    f"{_UNITS}: {level} {code} is valid twice on one day: from {start} to before "
                    f"{end}, and from {next_start}"
                )


def check_successors(successors: Sequence[Successor], units: Iterable[AdminUnit]) -> None:
    """Refuse a crosswalk that loses, doubles or misplaces a unit.

    Raises ContractError naming the file: a successor that is no unit on the day, no default
    target for a unit that ended, or two.
    """
    newest: dict[tuple[str, str], str] = {}
    ended = set()
    for unit in units:
        if unit.valid_to is None:
            newest[_unit(unit)] = unit.province_code
        elif unit.unit_level != "district":
            ended.add(_unit(unit))
    for row in successors:
        _check_target(row, newest)
    defaults = Counter(_unit(row) for row in successors if row.is_default)
    for level, code in sorted(ended | {_unit(row) for row in successors}):
        if defaults[level, code] != 1:
            raise ContractError(
                f"{_SUCCESSORS}: {level} {code} has {defaults[level, code]} default successors, "
                "expected one"
            )
        if (level, code) not in ended:
            raise ContractError(
                f"{_SUCCESSORS}: {level} {code} has not ended according to {_UNITS}"
            )


def _check_target(row: Successor, newest: Mapping[tuple[str, str], str]) -> None:
    level, code = _unit(row)
    target, province = row.successor_code or "", row.successor_province_code
    is_unknown = row.relation == "unknown"
    wanted = ("province", province) if is_unknown else (level, target)
    if newest.get(wanted) != province or bool(target) == is_unknown:
        raise ContractError(
            f"{_SUCCESSORS}: the successor of {level} {code}, "
            f"{target or 'unknown'} in province {province}, "
            f"is not a unit on {row.replaced_on}"
        )


def _unit(row: AdminUnit | Successor) -> tuple[str, str]:
    return row.unit_level, row.unit_code
