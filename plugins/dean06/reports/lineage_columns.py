"""Column lineage: from which columns a query's columns come, as far as sqlglot reads it."""

from collections.abc import Mapping

from sqlglot import exp, parse_one
from sqlglot.lineage import Node, lineage

from dean06.contract import Contract, Dataset
from dean06.kpi.front_matter import Family

Tables = Mapping[str, Mapping[str, Mapping[str, str]]]
"""Schema → table → column → type, so that unqualified columns find their table."""
Origin = tuple[str, str]
"""``(table, column)``; a table of the warehouse with its schema."""
Origins = dict[str, list[Origin]]
"""Column of the result → what it comes from, sorted."""

_VALUES = {
    "numerator": {"is_counted", "person_id"},
    "denominator": {"is_counted", "person_id"},
    "unit_code": {"commune_code", "province_code", "written_on"},
    "member_code": {"members"},
}
"""Columns of ``mart.kpi_value`` and the facts' columns that counting makes them of."""


def origins_of_core(agreed: Contract, dataset: Dataset) -> Origins:
    """Core columns of a dataset → ``(wire, field as the source names it)``.

    Where sqlglot loses the thread (a subquery over an array), the contract says what it is made of.
    """
    staged = {column.name: column.wire_name or column.name for column in dataset.staged}
    query = (agreed.tables_sql_path / f"{dataset.name}.sql").read_text(encoding="utf-8")
    known = {"accepted": dict.fromkeys((*staged, "_row", "_withdrawn"), "text")}
    found = _origins(query, known, "duckdb")
    made_of = {
        column.name: staged.keys() & {name for _, name in found[column.name]}
        or set(column.derived_from)
        for column in dataset.columns
    }
    return {
        column: sorted(("wire", staged[name]) for name in names)
        for column, names in made_of.items()
    }


def origins_of_values(family: Family, tables: Tables) -> Origins:
    """Columns of ``mart.kpi_value`` → columns of core that a family's query reads for them."""
    facts = _origins(family.query, tables, "postgres")
    return {
        value: sorted({origin for fact in made_of & facts.keys() for origin in facts[fact]})
        for value, made_of in _VALUES.items()
    }


def _origins(query: str, tables: Mapping[str, object], dialect: str) -> Origins:
    graph = lineage(None, parse_one(query, dialect=dialect), dict(tables), dialect=dialect)
    return {column: sorted(set(_leaves(node))) for column, node in graph.items()}


def _leaves(node: Node) -> list[Origin]:
    return [
        (_table(leaf.source), leaf.name.rpartition(".")[2])
        for leaf in node.walk()
        if not leaf.downstream and isinstance(leaf.source, exp.Table)
    ]


def _table(table: exp.Table) -> str:
    return f"{table.db}.{table.name}" if table.db else table.name
