"""Columns: what a rule about single rows means for the columnar engine.

The rules are those of ``conditions``; ``duckdb_sql`` writes them as DuckDB's SQL.
"""

from dean06.errors import ContractError
from dean06.rules.compiled import ScanRule
from dean06.rules.conditions import RowRule
from dean06.rules.duckdb_sql import text_of
from dean06.rules.quickly import shared_look
from dean06.rules.suite import Suite


def written(suite: Suite, rule: RowRule) -> ScanRule:
    """A rule in DuckDB's SQL. Raises ContractError naming one that has no known spelling there."""
    shared = shared_look(rule.broken)
    try:
        broken, look = text_of(rule.broken), None if shared is None else text_of(shared)
    except ContractError as error:
        raise ContractError(f"{suite.name}: rule {rule.code}: {error}") from None
    return ScanRule(rule.number, rule.code, rule.is_critical, broken, look, rule.column)
