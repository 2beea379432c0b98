"""Targets of KPIs: ``include/reference/kpi_targets.csv``, read, checked and stored.

A target says of one KPI, unit and (for a breakdown) member what value it is to have by when. How
values stand to their targets is ``mart.kpi_status``.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Literal

from msgspec.structs import asdict

from dean06 import settings
from dean06.declaration import Declaration, read_table
from dean06.errors import ContractError
from dean06.kpi import family, periods
from dean06.kpi.front_matter import Kpi
from dean06.reference import tables
from dean06.schema import dimensions
from dean06.warehouse import Session

_FILE = settings.REFERENCE / "kpi_targets.csv"


class Target(Declaration, frozen=True):
    """A row of the file."""

    target_id: str
    kpi_code: str
    unit_level: Literal["province", "commune"]
    unit_code: str
    operator: Literal[">=", "<=", "="]
    value: Decimal
    """In the KPI's unit (shares between 0 and 1), or a share of ``base_kpi_code``."""
    unit: str
    period: Literal["once", "month", "quarter", "year"]
    """``once``: one term, from ``counted_from`` to ``due_on``."""
    counted_from: date
    due_on: date
    has_daily_need: bool
    starts_from_zero: bool
    """Whether the KPI begins again in each period; else progress counts from the start's value."""
    name_en: str
    name_vi: str
    reading_en: str
    reading_vi: str
    legal_basis: str
    quote_vi: str
    breakdown: str = ""
    member_code: str = ""
    base_kpi_code: str | None = None

    @property
    def is_share(self) -> bool:
        """Whether the value lies between 0 and 1, of whatever it is a share."""
        return self.unit == "share" or self.base_kpi_code is not None


def read() -> list[Target]:
    """Every target. Raises ContractError naming the file, the target and what is wrong with it."""
    targets = read_table(_FILE, Target)
    known = {kpi.code: kpi for each in family.families() for kpi in each.kpis}
    for target in targets:
        _check(target)
        _check_kpi(target, known)
        _check_unit(target)
    ids = [target.target_id for target in targets]
    if twice := sorted({name for name in ids if ids.count(name) > 1}):
        raise _refused(", ".join(twice), "is the ID of two targets")
    return targets


def store(session: Session) -> None:
    """Make ``mart.kpi_target`` what the file says; one that is withdrawn there goes."""
    targets = read()
    session.run(
        "delete from mart.kpi_target where target_id <> all(:kept)",
        kept=[target.target_id for target in targets],
    )
    columns = [*Target.__struct_fields__, "scale"]
    for target in targets:
        session.run(
            f"""insert into mart.kpi_target ({", ".join(columns)})
                values ({", ".join(f":{name}" for name in columns)})
                on conflict (target_id) do update set
                ({", ".join(columns)}) = ({", ".join(f"excluded.{name}" for name in columns)})""",
            **asdict(target),
            scale=_scale(target),
        )


def _scale(target: Target) -> Decimal:
    """Shares, of whatever, are the same for a part of a province: counts are not."""
    return Decimal(1) if target.is_share else settings.target_scale()


def _check(target: Target) -> None:
    if target.due_on < target.counted_from:
        raise _refused(target.target_id, f"is due on {target.due_on}, before its counted_from")
    value = target.value
    if not value.is_finite() or value < 0 or (target.is_share and value > 1):
        bounds = "between 0 and 1" if target.is_share else "at least 0"
        raise _refused(target.target_id, f"value must be {bounds}")


def _check_kpi(target: Target, known: Mapping[str, Kpi]) -> None:
    """The KPI, what it is compared with, and the member of one of its breakdowns."""
    name, base = target.target_id, target.base_kpi_code
    kpi = known.get(target.kpi_code)
    if kpi is None:
        raise _refused(name, f"no KPI is called {target.kpi_code}")
    if target.unit != kpi.unit:
        raise _refused(name, f"unit must be {kpi.unit}, the unit of {target.kpi_code}")
    if not _is_of_period(target, kpi):
        raise _refused(
            name,
            f"period {target.period} does not match {kpi.code}, whose period is {kpi.period}",
        )
    if base and (base not in known or "share" in (kpi.unit, known[base].unit)):
        raise _refused(name, f"base_kpi_code {base} must be a KPI; both KPIs must be counts")
    _check_member(target, kpi)


def _is_of_period(target: Target, kpi: Kpi) -> bool:
    """Whether value and target can be of the same days: a KPI that begins again has targets of its
    period; one that counts since the beginning, of one term; a state, of any."""
    if kpi.period in periods.BOUNDED:
        return target.period == kpi.period
    return target.period == "once" or kpi.period != "since_start"


def _check_member(target: Target, kpi: Kpi) -> None:
    name, breakdown, member = target.target_id, target.breakdown, target.member_code
    if bool(breakdown) != bool(member):
        raise _refused(name, "breakdown and member_code go together")
    if breakdown and breakdown not in kpi.breakdowns:
        raise _refused(name, f"{target.kpi_code} is not published by {breakdown}")
    members = {m.member_code for m in dimensions.members() if m.breakdown == breakdown}
    if members and member not in members:
        raise _refused(name, f"no member of {breakdown} is called {member}")
    if target.unit_level == "commune" and (breakdown or kpi.grain != "commune"):
        raise _refused(name, "for a commune, only totals of KPIs by commune are published")


def _check_unit(target: Target) -> None:
    """A code means a unit between two dates; the target has to begin within them."""
    unit, day = (target.unit_level, target.unit_code), target.counted_from
    if not any(
        (known.unit_level, known.unit_code) == unit and known.is_valid_on(day)
        for known in tables.admin_units()
    ):
        raise _refused(target.target_id, f"no {unit[0]} has the code {unit[1]} on {day}")


def _refused(target: str, problem: str) -> ContractError:
    return ContractError(f"{_FILE.name}: {target}: {problem}")
