"""Rules over columns: what a suite means for the columnar engine.

The rules are those of ``conditions``; ``duckdb_sql`` writes them as DuckDB's SQL.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import duckdb
import great_expectations as gx
import msgspec
import sqlalchemy as sa
from duckdb import DuckDBPyConnection
from great_expectations.exceptions import GreatExpectationsError

from dean06.contract import Dataset
from dean06.errors import ContractError
from dean06.rules.conditions import RowRule
from dean06.rules.described import Columns, Described
from dean06.rules.duckdb_sql import compiled, text_of
from dean06.rules.engine import rules_over
from dean06.rules.quickly import shared_look
from dean06.rules.suite import Rule, Suite

_SYSTEM = ("_kinds", "_problem")
"""Columns of staging that rules speak of, beside those of the contract."""
_MOST_SPELLED = 4096
_BRIEFLY = {"result_format": "BOOLEAN_ONLY"}


@dataclass(frozen=True)
class ScanRule:
    """One rule about single rows, and when a row breaks it."""

    number: int
    """Its place in the suite, from 1."""
    code: str
    is_critical: bool
    broken: str
    """DuckDB's SQL, which names columns: true for a row that breaks it, else false; never NULL."""
    look: str | None = None
    """Likewise: true only for rows that keep this rule and others with the same look, cheaper than
    any of them."""


def scan_rules(
    dataset: Dataset, suite: Suite, parameters: Mapping[str, Any]
) -> tuple[ScanRule, ...]:
    """The suite's rules about single rows, for any relation with the staged columns as text.

    The connection must know ``functions.define`` and be in the warehouse's time zone. Raises as
    ``written``, and for a rule that Great Expectations cannot put into SQL.
    """
    rules = rules_over(_columns(dataset), suite, parameters)
    return tuple(written(suite, rule) for rule in rules)


def any_broken(rules: Sequence[ScanRule]) -> str:
    """DuckDB's SQL: whether a row breaks one of the rules. A look that several share is taken
    once."""
    by_look: dict[str | None, list[str]] = {}
    for rule in rules:
        by_look.setdefault(rule.look, []).append(f"({rule.broken})")
    return " or ".join(
        " or ".join(broken) if look is None else f"(not {look} and ({' or '.join(broken)}))"
        for look, broken in by_look.items()
    )


def keeps(connection: DuckDBPyConnection, dataset: Dataset, rule: Rule) -> bool:
    """Whether view ``staged`` meets a rule about the table as a whole.

    Raises ContractError naming the rule when it cannot be evaluated.
    """
    columns = _columns(dataset)
    table = Described("staged", columns, {}, lambda q: connection.execute(compiled(q)).fetchall())
    suite = gx.ExpectationSuite(name=dataset.code, expectations=[msgspec.to_builtins(rule)])
    [expectation] = suite.expectations
    try:
        needed = expectation.get_validation_dependencies(table, _BRIEFLY)
        metrics = table.values(needed.get_metric_configurations())
        found = expectation.metrics_validate(metrics, _BRIEFLY, table)
    except (GreatExpectationsError, KeyError, TypeError, duckdb.Error):
        # The exception text may quote row values: name the rule only.
        where = f"{dataset.code}: rule {rule.code}"
        raise ContractError(f"{where} could not be evaluated; check its suite") from None
    return bool(found.success)


def _columns(dataset: Dataset) -> Columns:
    return dict.fromkeys((*(column.name for column in dataset.staged), *_SYSTEM), sa.Text())


def written(suite: Suite, rule: RowRule) -> ScanRule:
    """A rule in DuckDB's SQL. Raises ContractError naming one that has no known spelling there."""
    try:
        broken, look = _spelled(rule)
    except ContractError as error:
        raise ContractError(f"{suite.name}: rule {rule.code}: {error}") from None
    return ScanRule(rule.number, rule.code, rule.is_critical, broken, look)


@lru_cache(maxsize=_MOST_SPELLED)
def _spelled(rule: RowRule) -> tuple[str, str | None]:
    shared = shared_look(rule.broken)
    return text_of(rule.broken), None if shared is None else text_of(shared)
