"""Printed statements of Project 06 and the published KPI values that answer them.

``include/reference/published_facts.csv`` holds what was printed, ``fact_measures.yaml`` which KPI
answers it. Nothing here computes a figure: values come from the warehouse's last publication.
"""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from pathlib import Path
from typing import Literal, TypeVar

import msgspec
import yaml

from onebox.config import PROJECT, ConfigError

_REFERENCE = PROJECT / "include" / "reference"
MUST_AGREE = ("observed", "structure")
"""Kinds of statements that records can confirm; targets and flows are shown beside a value."""

Key = tuple[str, str, str, str]
"""(day, KPI, breakdown, member); totals have no breakdown and no member."""
Values = Mapping[Key, tuple[int, int | None]]
"""Numerator and denominator of a province's KPI values."""


@dataclass(frozen=True)
class Finding:
    """One statement, the value that answers it, and whether they agree."""

    fact: str
    kind: str
    quote: str
    printed: str
    computed: str
    true: str
    """The same measure of what the simulated world knows to be true."""
    agrees: bool | None
    """None where there is nothing to agree with."""
    remark: str


class Statement(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A row of ``published_facts.csv``: one statement as it was printed."""

    fact_id: str
    document: str
    province: str
    gso_province_code: str
    as_of: str
    as_of_note: str
    kind: Literal["observed", "structure", "target", "flow", "process", "quality"]
    statement_vi: str
    metric_code: str
    operator: Literal["=", ">", ">=", "<", ""]
    value: str
    """As printed; empty where nothing was counted."""
    unit: str
    grain: str
    source_system: str
    record_level_kpi: str
    notes: str


class Plan(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which scenario and days to sync for a province; the last is the day of the statements."""

    scenario: str
    days: tuple[str, ...]


class Measure(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which published value answers a statement, or where one without a figure appears."""

    kpi: str = ""
    take: Literal["count", "percent", "members", "not_applicable", ""] = ""
    breakdown: str = ""
    members: tuple[str, ...] = ("",)
    as_of: str = ""
    """Another day than the province's last one."""
    remark: str = ""
    where: str = ""

    def __post_init__(self) -> None:
        if bool(self.kpi) != bool(self.take) or bool(self.kpi) == bool(self.where):
            raise ValueError("give either 'kpi' and 'take', or 'where'")


class Measures(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``fact_measures.yaml``."""

    provinces: dict[str, Plan]
    facts: dict[str, Measure]


T = TypeVar("T")


@cache
def measures() -> Measures:
    """``fact_measures.yaml``. Raises ConfigError naming the file and the key that is wrong."""
    path = _REFERENCE / "fact_measures.yaml"
    return _typed(yaml.safe_load(path.read_text(encoding="utf-8")), Measures, path)


@cache
def statements() -> tuple[Statement, ...]:
    """``published_facts.csv``. Raises ConfigError naming the file and the column that is wrong."""
    path = _REFERENCE / "published_facts.csv"
    with path.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(line for line in lines if not line.startswith("#")))
    return _typed(rows, tuple[Statement, ...], path)


def _typed(value: object, kind: type[T], path: Path) -> T:
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        raise ConfigError(f"{path.name}: {error}") from None


def findings(province: str, computed: Values, true: Values, scale: float) -> Iterator[Finding]:
    """Compare every statement of a province.

    At full scale a value must meet what was printed and the truth; below it, the truth alone.
    """
    last = measures().provinces[province].days[-1]
    for row in statements():
        if row.gso_province_code != province:
            continue
        measure = measures().facts[row.fact_id]
        if not measure.kpi:
            yield _finding(row, "–", "–", None, measure.where)
            continue
        day = measure.as_of or last
        value, expected = _take(measure, day, computed), _take(measure, day, true)
        agrees = None
        if row.kind in MUST_AGREE and row.value:
            agrees = value is not None and value == expected
            if scale == 1:
                agrees = agrees and _meets(row.operator, row.value, value)
        yield _finding(row, _text(value), _text(expected), agrees, _remark(row, measure, day))


def _finding(row: Statement, computed: str, true: str, agrees: bool | None, remark: str) -> Finding:
    printed = f"{row.operator} {row.value} {row.unit}" if row.value else "–"
    return Finding(
        fact=row.fact_id,
        kind=row.kind,
        quote=row.statement_vi,
        printed=printed.strip(),
        computed=computed,
        true=true,
        agrees=agrees,
        remark=remark,
    )


def _take(measure: Measure, day: str, values: Values) -> Decimal | str | None:
    """The measure's value; None when it is missing or its members differ."""
    kpi, breakdown = measure.kpi, measure.breakdown
    if measure.take == "members":
        return Decimal(sum(1 for key in values if key[:3] == (day, kpi, breakdown)))
    found = {
        _one(measure.take, values.get((day, kpi, breakdown, member))) for member in measure.members
    }
    return found.pop() if len(found) == 1 else None


def _one(take: str, value: tuple[int, int | None] | None) -> Decimal | str | None:
    if value is None:
        return None
    numerator, denominator = value
    if take == "count":
        return Decimal(numerator)
    if not denominator:
        return "N/A"
    return Decimal(100 * numerator) / Decimal(denominator)


def _meets(operator: str, printed: str, value: Decimal | str | None) -> bool:
    """Whether a value is what was printed, to the digits printed."""
    if isinstance(value, str) or value is None:
        return printed == value
    wanted = Decimal(printed)
    if operator == ">":
        return value > wanted
    if operator == "<":
        return value < wanted
    return value.quantize(wanted, ROUND_HALF_UP) == wanted


def _text(value: Decimal | str | None) -> str:
    if value is None or isinstance(value, str):
        return value or "missing"
    if value == value.to_integral_value():
        return f"{int(value):,}".replace(",", " ")
    return f"{value:.4f} %"


def _remark(row: Statement, measure: Measure, day: str) -> str:
    member = ", ".join(measure.members)
    parts = [
        f"{measure.kpi}{f' [{member}]' if member else ''} on {day}",
        measure.remark,
        "a target, not an observation" if row.kind == "target" else "",
        "no printed figure to compare with" if row.kind != "target" and not row.value else "",
    ]
    return "; ".join(part for part in parts if part)
