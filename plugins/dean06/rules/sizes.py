"""Sizes: how large the engine's expressions of rules are, once their macros are written out."""

from collections.abc import Sequence
from dataclasses import replace

import duckdb

from dean06.rules.compiled import ScanRule
from dean06.rules.functions import define, named

_NODE = '"expression_class"'


def measured(columns: Sequence[str], rules: Sequence[ScanRule]) -> tuple[ScanRule, ...]:
    """The rules with their sizes, for a relation that has these columns of text."""
    with duckdb.connect() as connection:
        define(connection)
        listed = ", ".join(f'"{name}" text' for name in columns)
        connection.execute(f"create temp table staged ({listed})")
        for name in named(rules):
            connection.execute(f'set variable "{name}" = null')
        return tuple(replace(rule, nodes=_nodes(connection, rule)) for rule in rules)


def _nodes(connection: duckdb.DuckDBPyConnection, rule: ScanRule) -> int:
    """0 for a rule that the engine cannot read: whoever evaluates it names it."""
    query = f"select 1 from staged where {rule.broken}"
    [(plan,)] = connection.execute(
        "select json_serialize_plan($1, optimize := false)", [query]
    ).fetchall()
    return int(plan.count(_NODE))
