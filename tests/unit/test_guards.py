"""Every column that a KPI reads, and every column of a type, is guarded by a rule of its suite."""

from collections.abc import Mapping

import pytest
from sqlglot import exp, parse_one
from sqlglot.optimizer.pushdown_projections import pushdown_projections
from sqlglot.optimizer.qualify import qualify
from sqlglot.optimizer.scope import traverse_scope

from dean06 import contract
from dean06.contract import Dataset
from dean06.kpi.family import families
from dean06.reports.lineage_columns import origins_of_core
from dean06.rules.suite import read_suite
from dean06.schema.core_tables import SYSTEM_COLUMNS

DATASETS = contract.datasets()
SCHEMA = {
    "core": {
        dataset.table: {
            **{column.name: column.type for column in dataset.columns},
            **dict.fromkeys(SYSTEM_COLUMNS, "text"),
        }
        for dataset in DATASETS
    }
}
NO_VALUE = {"expect_column_values_to_be_null", "expect_column_values_to_not_be_null"}
"""Rules that a value is there, or is not: they say nothing of the value."""
MAY_BE_EMPTY = {("programme.task", "is_synthetic")}
"""Required columns in which an empty value means something: a task that is real."""


def read_of_core(query: str) -> dict[str, set[str]]:
    """Columns of core that a query needs, by table."""
    tree = qualify(
        parse_one(query, dialect="postgres"),
        schema=SCHEMA,
        dialect="postgres",
        validate_qualify_columns=False,
    )
    found: dict[str, set[str]] = {}
    for scope in traverse_scope(pushdown_projections(tree)):
        for column in scope.columns:
            source = scope.sources.get(column.table)
            if isinstance(source, exp.Table) and source.db == "core":
                found.setdefault(source.name, set()).add(column.name)
    return found


def read_by_kpis() -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for family in families():
        for table, columns in read_of_core(family.query).items():
            found.setdefault(table, set()).update(columns)
    return found


def cast_by_core(dataset: Dataset) -> set[str]:
    """Staged columns that core SQL casts, or reads by a function of schema core."""
    path = contract.load(dataset.source).tables_sql_path / f"{dataset.name}.sql"
    tree = parse_one(path.read_text(encoding="utf-8"), dialect="duckdb")
    staged = {column.name for column in dataset.staged}
    inside = {
        column.name
        for node in tree.find_all(exp.Cast, exp.Dot)
        for column in node.find_all(exp.Column)
    }
    return inside & staged


def guarded(dataset: Dataset, *severities: str) -> set[str]:
    """Columns whose value some rule speaks of."""
    return {
        rule.column
        for rule in read_suite(dataset).expectations
        if rule.severity in severities and rule.type not in NO_VALUE
    }


def origins(dataset: Dataset) -> dict[str, set[str]]:
    """Core column → the staged columns it is made of."""
    name_of = {column.wire_name: column.name for column in dataset.staged}
    found = origins_of_core(contract.load(dataset.source), dataset)
    return {core: {name_of[wire] for _, wire in wires} for core, wires in found.items()}


def unguarded(dataset: Dataset, read: Mapping[str, set[str]]) -> set[str]:
    made_of = origins(dataset)
    typed = cast_by_core(dataset).union(
        *(made_of[column.name] for column in dataset.columns if column.type != "text")
    )
    wanted = read.get(dataset.table, set()) & made_of.keys()
    counted = set().union(*(made_of[name] for name in wanted))
    return (typed - guarded(dataset, "critical")) | (
        counted - guarded(dataset, "critical", "warning")
    )


@pytest.fixture(scope="module")
def read() -> dict[str, set[str]]:
    return read_by_kpis()


@pytest.mark.parametrize("dataset", DATASETS, ids=lambda d: d.code)
def test_typed_columns_and_those_that_kpis_read_have_rules(
    dataset: Dataset, read: dict[str, set[str]]
) -> None:
    assert unguarded(dataset, read) == set()


@pytest.mark.parametrize("dataset", DATASETS, ids=lambda d: d.code)
def test_what_a_contract_requires_may_not_be_empty(dataset: Dataset) -> None:
    given = {
        rule.column
        for rule in read_suite(dataset).expectations
        if rule.type == "expect_column_values_to_not_be_null" and rule.severity == "critical"
    }
    required = {column.name for column in dataset.staged if column.required}
    assert {name for name in required - given if (dataset.code, name) not in MAY_BE_EMPTY} == set()


@pytest.mark.parametrize("dataset", DATASETS, ids=lambda d: d.code)
def test_every_suite_asks_whether_a_record_is_readable_and_of_the_agreed_kinds(
    dataset: Dataset,
) -> None:
    assert {
        rule.column: (rule.code, rule.severity)
        for rule in read_suite(dataset).expectations
        if rule.type == "expect_column_values_to_be_null"
    } == {"_problem": ("readable", "critical"), "_kinds": ("kinds_agreed", "critical")}


def test_the_walk_sees_what_is_read(read: dict[str, set[str]]) -> None:
    assert {"fee_total", "rating", "reused_component_count"} <= read["portal__dossier"]
    assert "return_method" not in read["portal__dossier"]
    assert {"document_used", "started_at"} <= read["health__encounter"]
    dossier = contract.load("portal").dataset("dossier")
    assert {"components", "fees", "supplement_count", "due_at"} <= cast_by_core(dossier)
    assert origins(dossier)["fee_total"] == {"fees"}
    everything = {name: {"field_code"} for name in ("portal__dossier",)}
    assert unguarded(dossier, everything) == {"field_code"}
