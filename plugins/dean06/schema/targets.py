"""Targets of KPIs: ``include/reference/kpi_targets.csv``, read, checked and stored.

A target says of one KPI, unit and (for a breakdown) member what value it is to have by when. How
values stand to their targets is ``mart.kpi_status``.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from dean06 import reference, settings
from dean06.errors import ContractError
from dean06.kpi import family
from dean06.kpi.front_matter import Kpi
from dean06.schema import dimensions
from dean06.warehouse import Session

_FILE = settings.REFERENCE / "kpi_targets.csv"
OPERATORS = (">=", "<=", "=")
PERIODS = ("once", "month", "year")
_COLUMNS = (
    "target_id", "kpi_code", "breakdown", "member_code", "unit_level", "unit_code", "operator",
    "value", "unit", "base_kpi_code", "period", "counted_from", "due_on", "has_daily_need",
    "name_en", "name_vi", "reading_en", "reading_vi", "legal_basis", "quote_vi",
)  # fmt: skip
_MAY_BE_EMPTY = {"breakdown", "member_code", "base_kpi_code"}

Target = dict[str, Any]


def read() -> list[Target]:
    """Every target. Raises ContractError naming the file, the target and what is wrong with it."""
    reader = reference.reader(_FILE)
    rows = list(reader)
    if missing := [column for column in _COLUMNS if column not in (reader.fieldnames or ())]:
        raise _refused("the header", f"lacks {', '.join(missing)}")
    known = {kpi.code: kpi for each in family.families() for kpi in each.kpis}
    found = [_checked(row, known) for row in rows]
    ids = [target["target_id"] for target in found]
    if twice := sorted({name for name in ids if ids.count(name) > 1}):
        raise _refused(", ".join(twice), "is the id of two targets")
    return found


def store(session: Session) -> None:
    """Make ``mart.kpi_target`` what the file says; one that is withdrawn there goes."""
    targets = read()
    session.run(
        "delete from mart.kpi_target where target_id <> all(:kept)",
        kept=[target["target_id"] for target in targets],
    )
    columns = [*_COLUMNS, "scale"]
    for target in targets:
        session.run(
            f"""insert into mart.kpi_target ({", ".join(columns)})
                values ({", ".join(f":{name}" for name in columns)})
                on conflict (target_id) do update set
                ({", ".join(columns)}) = ({", ".join(f"excluded.{name}" for name in columns)})""",
            **target,
            scale=_scale(target),
        )


def _scale(target: Target) -> Decimal:
    """Shares, of whatever, are the same for a part of a province: counts are not."""
    is_share = target["unit"] == "share" or target["base_kpi_code"] is not None
    return Decimal(1) if is_share else settings.target_scale()


def _checked(row: Mapping[str, str | None], known: Mapping[str, Kpi]) -> Target:
    name = row["target_id"] or "a row without target_id"
    if empty := [c for c in _COLUMNS if c not in _MAY_BE_EMPTY and not (row[c] or "").strip()]:
        raise _refused(name, f"has no {', '.join(empty)}")
    target: Target = {column: row[column] or "" for column in _COLUMNS}
    _check_kpi(name, target, known)
    target["counted_from"] = _day(name, target["counted_from"])
    target["due_on"] = _day(name, target["due_on"])
    if target["due_on"] < target["counted_from"]:
        raise _refused(name, f"is due on {target['due_on']}, before it is counted")
    for column, choices in (
        ("operator", OPERATORS), ("period", PERIODS), ("has_daily_need", ("true", "false"))
    ):  # fmt: skip
        if target[column] not in choices:
            raise _refused(name, f"{column} must be one of {' '.join(choices)}")
    _check_unit(name, target)
    target["value"] = _value(name, target)
    target["base_kpi_code"] = target["base_kpi_code"] or None
    return target


def _check_kpi(name: str, target: Target, known: Mapping[str, Kpi]) -> None:
    """The KPI, what it is compared with, and the member of one of its breakdowns."""
    kpi, base = known.get(target["kpi_code"]), target["base_kpi_code"]
    if kpi is None:
        raise _refused(name, f"no KPI is called {target['kpi_code']}")
    if target["unit"] != kpi.unit:
        raise _refused(name, f"unit must be {kpi.unit}, as of {target['kpi_code']}")
    if base and (base not in known or "share" in (kpi.unit, known[base].unit)):
        raise _refused(name, f"base_kpi_code {base} must be a KPI, and both be counts")
    breakdown, member = target["breakdown"], target["member_code"]
    if bool(breakdown) != bool(member):
        raise _refused(name, "breakdown and member_code go together")
    if breakdown and breakdown not in kpi.breakdowns:
        raise _refused(name, f"{target['kpi_code']} is not published by {breakdown}")
    members = {m["member_code"] for m in dimensions.members() if m["breakdown"] == breakdown}
    if members and member not in members:
        raise _refused(name, f"no member of {breakdown} is called {member}")
    if target["unit_level"] == "commune" and (breakdown or kpi.grain != "commune"):
        raise _refused(name, "of a commune only totals of KPIs by commune are published")


def _check_unit(name: str, target: Target) -> None:
    """A code means a unit between two dates; the target has to begin within them."""
    unit, day = (target["unit_level"], target["unit_code"]), str(target["counted_from"])
    validity = [
        (known["valid_from"], known["valid_to"])
        for known in reference.admin_units()
        if (known["unit_level"], known["unit_code"]) == unit
    ]
    if unit[0] not in ("province", "commune") or not any(
        begin <= day and (not end or day < end) for begin, end in validity
    ):
        raise _refused(name, f"no {unit[0]} has the code {unit[1]} on {day}")


def _value(name: str, target: Target) -> Decimal:
    try:
        value = Decimal(target["value"])
    except InvalidOperation:
        raise _refused(name, "value is no number") from None
    is_share = target["unit"] == "share" or bool(target["base_kpi_code"])
    if not value.is_finite() or value < 0 or (is_share and value > 1):
        raise _refused(name, f"value must be {'between 0 and 1' if is_share else 'at least 0'}")
    return value


def _day(name: str, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise _refused(name, f"{text} is no date (YYYY-MM-DD)") from None


def _refused(target: str, problem: str) -> ContractError:
    return ContractError(f"{_FILE.name}: {target}: {problem}")
