"""Scan: every row rule of a suite evaluated for every staged row, in one pass inside PostgreSQL."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from psycopg2 import sql
from sqlalchemy.dialects.postgresql import array

from dean06.load.ledger import Load
from dean06.load.staging import PLACE, ROW, failing_rows_table
from dean06.rules.conditions import UNREADABLE, RowRule
from dean06.warehouse import Session, sql_file


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
        sql_file("protocol/failing_rows.sql"),
        table=table,
        place=sql.Identifier(PLACE),
        numbers=sql.Literal(list(critical)),
        codes=sql.Literal(list(critical.values())),
    )
