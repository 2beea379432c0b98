"""Core then: what a past build read, under other names, for statements that name core and mart.

Core keeps every version of every record, and who brought it. Versions that later loads brought are
left out, those that they overwrote are put back, and they are ordered as publishing orders them
(``touched``, as for the steps of KPIs). Verdicts are those after the run that the build saw.
Reference tables have the rows that were recorded.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from psycopg2 import sql
from sqlalchemy import Connection

from dean06 import contract
from dean06.kpi import touched
from dean06.kpi.front_matter import RECORD
from dean06.kpi.touched import VERDICTS, Touched
from dean06.warehouse import Session, sql_file

_QUALIFIED = re.compile(r"\b(?:core|mart|ops)\.[a-z_]+\b")
_VALUES = re.compile(r"(insert into )mart\.kpi_value\b|\bmart\.kpi_value( as published)\b")
"""Where the values that are computed again stand instead of published ones."""


class AsThen(Session):
    """A session whose statements read what a past build read, and publish nothing."""

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection)
        self._reference: dict[str, str] = {}
        self._moved: set[str] = set()

    def run(self, statement: str, **parameters: Any) -> int:
        """As of a session."""
        return super().run(self._then(statement), **parameters)

    def rows(self, statement: str, **parameters: Any) -> list[Any]:
        """As of a session."""
        return super().rows(self._then(statement), **parameters)

    def one(self, statement: str, **parameters: Any) -> Any:
        """As of a session."""
        return super().one(self._then(statement), **parameters)

    def refer_to(self, relations: Mapping[str, str]) -> None:
        """Have reference tables the rows that were recorded, as JSON by table."""
        for name, rows in relations.items():
            if self._reference.get(name) != rows:
                then = sql.Identifier("pg_temp", _then(name))
                self.compose("drop table if exists {then}", then=then)
                self.compose(
                    sql_file("recompute/relation_then.sql"),
                    past=then,
                    relation=sql.Identifier(*name.split(".")),
                    rows=sql.Literal(rows),
                )
                self.compose("analyze {then}", then=then)
        self._reference = dict(relations)

    @contextmanager
    def core_of(self, build_id: int, tables: Collection[str]) -> Iterator[None]:
        """Have these tables of core the rows that a build saw."""
        datasets = tuple(each for each in contract.datasets() if each.table in tables)
        plain = Session(self.connection)
        loads = plain.rows(sql_file("recompute/later_loads.sql"), build=build_id)
        found = Touched(RECORD, datasets, tuple(row.load_id for row in loads), 0)
        for parts in touched.prepare_versions(plain, found):
            plain.compose(sql_file("recompute/versions_then.sql"), **parts)
        _verdicts_of(plain, build_id)
        views = (VERDICTS, *(each.table for each in datasets))
        self._moved = {f"core.{table}" for table in views}
        yield
        self._moved = set()
        for table in views:
            plain.run(f"drop view then_{table}")
        plain.run("drop table replaced_since")
        touched.drop(plain, found)

    def _then(self, statement: str) -> str:
        statement = _VALUES.sub(r"\1pg_temp.then_kpi_value\2", statement)
        return _QUALIFIED.sub(lambda found: self._named(found[0]), statement)

    def _named(self, name: str) -> str:
        is_other = name in self._moved or name in self._reference
        return f"pg_temp.{_then(name)}" if is_other else name


def _then(name: str) -> str:
    return f"then_{name.partition('.')[2]}"


def _verdicts_of(session: Session, build_id: int) -> None:
    row = session.one(
        "select verification_id from ops.kpi_build_basis where build_id = :build", build=build_id
    )
    run = sql.Literal(row.verification_id)
    session.compose(sql_file("recompute/replaced_verdicts.sql"), verification=run)
    session.run("analyze replaced_since")
    session.compose(sql_file("recompute/verdicts_then.sql"), verification=run)
