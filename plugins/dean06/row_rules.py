"""Row rules: what each rule of a suite means for one row, and the one scan that asks them all.

Great Expectations says what a rule means: the SQL condition of its metric, with every parameter
resolved. Left to itself it would fetch the rows that break it in a scan per rule, through Python;
here one scan of the staging table asks all rules of each row, and failing rows stay in PostgreSQL.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import great_expectations as gx
import sqlalchemy as sa
from great_expectations.exceptions import GreatExpectationsError
from great_expectations.expectations.expectation import ColumnMapExpectation
from great_expectations.expectations.registry import get_metric_kwargs
from great_expectations.validator.metric_configuration import MetricConfiguration
from psycopg2 import sql
from sqlalchemy.dialects.postgresql import array

from dean06.errors import ContractError
from dean06.ledger import Load
from dean06.staging import PLACE, ROW, failing_rows_table
from dean06.warehouse import Session

UNREADABLE = "readable"
"""The rule that an unreadable record breaks, in every suite."""


@dataclass(frozen=True)
class RowRule:
    """One rule about single rows, and when a row breaks it."""

    number: int
    """Its place in the suite, from 1."""
    code: str
    is_critical: bool
    broken: sa.ColumnElement[bool]


def read(
    validator: Any, suite: gx.ExpectationSuite, parameters: Mapping[str, Any]
) -> list[RowRule]:
    """The suite's rules about single rows, as Great Expectations understands them.

    Raises ContractError naming a rule that it cannot put into SQL.
    """
    configurations = validator.process_expectations_for_validation(
        suite.expectation_configurations, parameters
    )
    numbered = [
        (number, configuration)
        for number, configuration in enumerate(configurations, start=1)
        if is_about_rows(configuration.type)
    ]
    metrics = [_metric(suite.name, configuration) for _, configuration in numbered]
    conditions = _conditions(validator, suite.name, metrics, [c for _, c in numbered])
    return [
        RowRule(
            number=number,
            code=str(configuration.meta["rule"]),
            is_critical=getattr(configuration.severity, "value", configuration.severity)
            == "critical",
            broken=condition,
        )
        for (number, configuration), condition in zip(numbered, conditions, strict=True)
    ]


def is_about_rows(expectation_type: str) -> bool:
    """Whether an expectation asks something of every row."""
    kind = gx.expectations.registry.get_expectation_impl(expectation_type)
    return issubclass(kind, ColumnMapExpectation)


def _metric(suite: str, configuration: Any) -> MetricConfiguration:
    """What Great Expectations calls the condition of a rule."""
    if configuration.kwargs.get("row_condition"):
        raise ContractError(
            f"{_named(suite, configuration)} has a row_condition, which quarantine does not know"
        )
    name = f"{configuration.to_domain_obj().map_metric}.condition"
    kwargs = get_metric_kwargs(name, configuration=configuration)
    return MetricConfiguration(name, kwargs["metric_domain_kwargs"], kwargs["metric_value_kwargs"])


def _conditions(
    validator: Any, suite: str, metrics: list[MetricConfiguration], configurations: list[Any]
) -> list[sa.ColumnElement[bool]]:
    """All in one question: asked for one after another, each would count the rows of the table."""
    ask = validator.metrics_calculator.compute_metrics
    try:
        found, _ = ask(metrics)
        return [found[metric.id][0] for metric in metrics]
    except (GreatExpectationsError, KeyError):
        for metric, configuration in zip(metrics, configurations, strict=True):
            try:
                ask([metric])[0][metric.id]
            except (GreatExpectationsError, KeyError):
                rule = _named(suite, configuration)
                raise ContractError(f"{rule} could not be evaluated; check its suite") from None
        raise


def _named(suite: str, configuration: Any) -> str:
    return f"{suite}: rule {configuration.meta['rule']}"


def scan(session: Session, load: Load, rules: Sequence[RowRule]) -> dict[int, int]:
    """Ask every rule of every row; returns how many rows break each rule, by its number.

    Rows that break a critical rule stay, with the codes of those rules, in the load's table of
    failing rows. Of an unreadable record nothing else is asked.
    """
    _mark(session, load, rules)
    _keep(session, load, {rule.number: rule.code for rule in rules if rule.is_critical})
    return {
        row.number: row.count
        for row in session.rows(
            "select number, count(*) as count from marked, unnest(broken) as number group by number"
        )
    }


def _mark(session: Session, load: Load, rules: Sequence[RowRule]) -> None:
    """The rows that break some rule, with the numbers of those rules, as a temporary table."""
    cases: list[Any] = [sa.case((rule.broken, rule.number)) for rule in rules]
    numbers: sa.ColumnElement[Any] = sa.func.array_remove(
        array(cases, type_=sa.SmallInteger()), None
    )
    for rule in rules:
        if rule.code == UNREADABLE:
            numbers = sa.case(
                (rule.broken, array([rule.number], type_=sa.SmallInteger())), else_=numbers
            )
    table = sa.table(load.staging_table, sa.column(ROW), sa.column("ctid"), schema="staging")
    marked = (
        sa.select(table.c[ROW], table.c.ctid.label(PLACE), numbers.label("broken"))
        .select_from(table)
        .where(sa.or_(sa.false(), *(rule.broken for rule in rules)))
    ).compile(session.connection, compile_kwargs={"render_postcompile": True})
    session.run("drop table if exists marked")
    # The planner takes most rows for bad ones, and workers that hand them on for dear: few are, and
    # asking all rules of a row costs more than anything else here.
    session.run("set local parallel_tuple_cost = 0")
    session.connection.exec_driver_sql(
        f"create temporary table marked on commit drop as {marked}", marked.params
    )


def _keep(session: Session, load: Load, critical: dict[int, str]) -> None:
    table = failing_rows_table(load)
    session.compose("drop table if exists {table}", table=table)
    session.compose(
        """
        create unlogged table {table} as
        select _row, {place}, rule_codes from (
            select _row, {place}, array(
                select distinct code from unnest(broken) as number
                inner join unnest({numbers}::smallint [], {codes}::text []) as rule (critical, code)
                    on number = rule.critical
                order by code
            ) as rule_codes
            from marked
        ) as found
        where rule_codes <> '{{}}'
        """,
        table=table,
        place=sql.Identifier(PLACE),
        numbers=sql.Literal(list(critical)),
        codes=sql.Literal(list(critical.values())),
    )
