"""Steps: by how much each count of a family goes up or down on a day, kept in ``ops.kpi_step``.

One scan of a family's spans serves every day: the counts of a day are the sum of the steps up to
it. Steps are counted again when what they were counted from has changed: the query, the loads and
verdicts that it reads, or reference data. They are kept in the transaction that uses them, so they
always say what its snapshot holds. A build of a day or two counts from spans instead.
"""

import hashlib
import json
import logging
from collections.abc import Sequence
from datetime import date

from psycopg2 import sql

from dean06.kpi import counting
from dean06.kpi.family import families
from dean06.kpi.front_matter import Family
from dean06.warehouse import Session, sql_file

log = logging.getLogger(__name__)

_BOUNDARIES = frozenset({"mart.admin_unit_successor", "mart.dim_admin_unit"})
"""What every family's steps depend on: eras and the first day."""
_WORTH_DAYS = 3
"""All days together cost about three times as much as one (docs/decisions/0047-steps.md)."""


def count(session: Session, day: date, wanted: Sequence[Family], days: int) -> None:
    """Add the values of the families on the day to ``built``.

    ``days``: how many of them the caller is going to count, this one among them. Raises AuditError
    naming a family's file when PostgreSQL cannot run its query.
    """
    session.sort_in_memory()
    with session.grouping_by_hash():
        kept = keep(session, day, wanted, days)
        for family in wanted:
            counting.count(session, day, family, from_spans=family.name not in kept)


def keep(session: Session, day: date, wanted: Sequence[Family], days: int) -> frozenset[str]:
    """Names of the families whose kept steps are of this snapshot.

    Those that are not are counted again when they will serve enough ``days``, this one among
    them. ``day`` is named in errors: raises AuditError when PostgreSQL cannot run a query.
    """
    kept, are_worth = _kept(session), days >= _WORTH_DAYS
    if not (kept or are_worth):
        return frozenset()  # Nothing is kept that a digest could be compared with.
    by_rows, states, stale = _stale(session, wanted, kept)
    if stale and are_worth:
        for family in stale:
            _count_again(session, day, family, states[family.name])
        session.run("analyze ops.kpi_step")
        log.info("%s: steps of %d of %d families counted", day, len(stale), len(by_rows))
        stale = []
    return frozenset(states) - {family.name for family in stale}


def current(session: Session) -> tuple[list[Family], int]:
    """The families whose kept steps are of this snapshot, and the number of those that are due."""
    kept = _kept(session)
    by_rows, _, stale = _stale(session, families(), kept)
    up_to_date = [family for family in by_rows if family not in stale]
    return up_to_date, len(kept) - len(up_to_date)


def query_of(family: Family) -> str:
    """The query that counts a family's steps; its parameters are ``family`` and ``borders``."""
    return (
        sql_file("kpi_build/steps.sql")
        .replace("{place}", f"{family.located_by}_code")
        .replace("{facts}", family.spans)
    )


def borders() -> list[date]:
    """Days from which KPIs count, and so begin their first period."""
    return sorted({kpi.counts_from for f in families() for kpi in f.kpis if kpi.counts_from})


def forget(session: Session) -> None:
    """Have the next build count all steps again."""
    session.run("delete from ops.kpi_step_family")


def _stale(
    session: Session, wanted: Sequence[Family], kept: dict[str, str]
) -> tuple[list[Family], dict[str, str], list[Family]]:
    """The families that count rows, their states, and those whose kept steps are of another."""
    by_rows = [family for family in wanted if family.counts == "rows"]
    states = _states(session, by_rows)
    stale = [family for family in by_rows if kept.get(family.name) != states[family.name]]
    return by_rows, states, stale


def _kept(session: Session) -> dict[str, str]:
    rows = session.rows("select family, state_digest from ops.kpi_step_family")
    return {row.family: row.state_digest for row in rows}


def _count_again(session: Session, day: date, family: Family, state: str) -> None:
    session.run("delete from ops.kpi_step where family = :family", family=family.name)
    text = f"insert into ops.kpi_step {query_of(family)}"
    counting.run(session, day, family, text, borders=borders())
    session.run(
        """insert into ops.kpi_step_family (family, state_digest) values (:family, :state)
           on conflict (family) do update set state_digest = :state, counted_at = now()""",
        family=family.name,
        state=state,
    )


def _states(session: Session, wanted: Sequence[Family]) -> dict[str, str]:
    """Of each family, a digest of all that its steps are counted from."""
    read = {
        row.relation: row.digest for row in session.rows(sql_file("kpi_build/read_of_core.sql"))
    }
    read |= _digests(session, _BOUNDARIES.union(*(family.relations for family in wanted)))
    how = sql_file("kpi_build/steps.sql") + json.dumps([str(day) for day in borders()])
    return {
        family.name: hashlib.sha256(
            json.dumps(
                [how, family.spans]
                + [
                    [name, read.get(name)]
                    for name in sorted(family.tables | family.relations | _BOUNDARIES)
                ]
            ).encode()
        ).hexdigest()
        for family in wanted
    }


def _digests(session: Session, relations: frozenset[str]) -> dict[str, str]:
    """Digests of the rows of reference tables, in whatever order they are."""
    found: dict[str, str] = {}
    for relation in sorted(relations):
        [(found[relation],)] = session.compose_rows(
            "select concat(count(*), ':', sum(hashtextextended(t::text, 0))) from {relation} as t",
            relation=sql.Identifier(*relation.split(".")),
        )
    return found
