"""Rules over columns: what a suite means for the columnar engine.

The rules are those of ``conditions``; ``duckdb_sql`` writes them as DuckDB's SQL.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dean06.contract import Dataset
from dean06.errors import ContractError
from dean06.rules.conditions import RowRule
from dean06.rules.duckdb_sql import text_of
from dean06.rules.engine import rules_over
from dean06.rules.suite import Suite

_SYSTEM = ("_kinds", "_problem")
"""Columns of staging that rules speak of, beside those of the contract."""


@dataclass(frozen=True)
class ScanRule:
    """One rule about single rows, and when a row breaks it."""

    number: int
    """Its place in the suite, from 1."""
    code: str
    is_critical: bool
    broken: str
    """DuckDB's SQL, which names columns: true for a row that breaks it, else false; never NULL."""


def scan_rules(
    dataset: Dataset, suite: Suite, parameters: Mapping[str, Any]
) -> tuple[ScanRule, ...]:
    """The suite's rules about single rows, for any relation with the staged columns as text.

    The connection must know ``functions.define`` and be in the warehouse's time zone. Raises
    ContractError naming a rule that cannot be read, or that has no known spelling there.
    """
    columns = (*(column.name for column in dataset.staged), *_SYSTEM)
    return tuple(_written(suite, rule) for rule in rules_over(columns, suite, parameters))


def _written(suite: Suite, rule: RowRule) -> ScanRule:
    try:
        broken = text_of(rule.broken)
    except ContractError as error:
        raise ContractError(f"{suite.name}: rule {rule.code}: {error}") from None
    return ScanRule(rule.number, rule.code, rule.is_critical, broken)
