"""Printed statements of Project 06 and the published KPI values that answer them.

``include/reference/published_facts.csv`` holds what was printed, ``fact_measures.yaml`` which KPI
answers it. Nothing here computes a figure: values come from the warehouse's last publication.
"""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from typing import Any

import yaml

from onebox.config import PROJECT

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


@cache
def measures() -> dict[str, Any]:
    """``fact_measures.yaml``."""
    text = (_REFERENCE / "fact_measures.yaml").read_text(encoding="utf-8")
    document: dict[str, Any] = yaml.safe_load(text)
    return document


@cache
def statements() -> tuple[dict[str, str], ...]:
    """``published_facts.csv``."""
    with (_REFERENCE / "published_facts.csv").open(encoding="utf-8", newline="") as lines:
        return tuple(csv.DictReader(line for line in lines if not line.startswith("#")))


def provinces() -> dict[str, dict[str, Any]]:
    """Province code → scenario and the days to sync; the last one is the day of the statements."""
    found: dict[str, dict[str, Any]] = measures()["provinces"]
    return found


def findings(province: str, computed: Values, true: Values, scale: float) -> Iterator[Finding]:
    """Compare every statement of a province.

    At full scale a value must meet what was printed and the truth; below it, the truth alone.
    """
    last = provinces()[province]["days"][-1]
    for row in statements():
        if row["gso_province_code"] != province:
            continue
        measure = measures()["facts"][row["fact_id"]]
        if "kpi" not in measure:
            yield _finding(row, "–", "–", None, measure["where"])
            continue
        day = measure.get("as_of", last)
        value, expected = _take(measure, day, computed), _take(measure, day, true)
        agrees = None
        if row["kind"] in MUST_AGREE and row["value"]:
            agrees = value is not None and value == expected
            if scale == 1:
                agrees = agrees and _meets(row["operator"], row["value"], value)
        yield _finding(row, _text(value), _text(expected), agrees, _remark(row, measure, day))


def _finding(
    row: dict[str, str], computed: str, true: str, agrees: bool | None, remark: str
) -> Finding:
    printed = f"{row['operator']} {row['value']} {row['unit']}" if row["value"] else "–"
    return Finding(
        fact=row["fact_id"],
        kind=row["kind"],
        quote=row["statement_vi"],
        printed=printed.strip(),
        computed=computed,
        true=true,
        agrees=agrees,
        remark=remark,
    )


def _take(measure: dict[str, Any], day: str, values: Values) -> Decimal | str | None:
    """The measure's value; None when it is missing or its members differ."""
    kpi, breakdown = measure["kpi"], measure.get("breakdown", "")
    if measure["take"] == "members":
        return Decimal(sum(1 for key in values if key[:3] == (day, kpi, breakdown)))
    found = {
        _one(measure["take"], values.get((day, kpi, breakdown, member)))
        for member in measure.get("members", [""])
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


def _remark(row: dict[str, str], measure: dict[str, Any], day: str) -> str:
    member = ", ".join(measure.get("members", []))
    parts = [
        f"{measure['kpi']}{f' [{member}]' if member else ''} on {day}",
        measure.get("remark", ""),
        "a target, not an observation" if row["kind"] == "target" else "",
        "nothing printed to compare" if row["kind"] != "target" and not row["value"] else "",
    ]
    return "; ".join(part for part in parts if part)
