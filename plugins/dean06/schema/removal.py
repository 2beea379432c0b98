"""Removal of a source: its records leave core, all of them or none.

What was published stays explainable, so a source that a published KPI counts stays. The ledger
stays too: that a load brought records, and that they were removed, remains in the audit trail.
Received files and rejected records go when their period is over, as those of any source.
"""

import logging
from dataclasses import dataclass

from psycopg2 import sql

from dean06.details.detail import detail
from dean06.errors import Dean06Error
from dean06.schema import relations
from dean06.warehouse import Lock, Session, sql_file, transaction

log = logging.getLogger(__name__)

_BY_DATASET = (
    "identity_verdict", "identity_verdict_history", "identity_candidate", "replaced_version",
    "replaced_verdict", "correction_record",
)  # fmt: skip
"""Tables of core about records of every dataset."""


@dataclass(frozen=True)
class Removed:
    """What a removal took out of core."""

    records: dict[str, int]
    """Versions of records by dataset."""


def stored(source: str) -> Removed:
    """What core holds of a source: the versions of its records, by dataset."""
    with transaction(role="") as session:
        return Removed({name: _count(session, table) for name, table in _tables(session, source)})


def require_unpublished(source: str) -> None:
    """Raise Dean06Error naming the published KPIs that count the source, if there are any."""
    with transaction(role="") as session:
        _require_unpublished(session, source)


def remove(source: str, by: str) -> Removed:
    """Take the records, verdicts and tables of a source out of core; returns what was taken.

    ``by``: who has it done. One transaction. Raises Dean06Error when a published KPI counts the
    source, WarehouseError when something of somebody else's stands on a table.
    """
    with transaction(role="") as session:
        session.lock(Lock.MIGRATE)
        session.lock(Lock.PUBLISH, source)
        _require_unpublished(session, source)
        records = {}
        for name, table in _tables(session, source):
            records[name] = _remove_table(session, source, name, table, by)
        session.run(sql_file("removal/end_loads.sql"), source=source)
        for table in ("watermark", "agreed_table", "replay_binding", "source_credential"):
            session.compose(
                "delete from {table} where source_code = {source}",
                table=sql.Identifier("ops", table), source=sql.Literal(source),
            )  # fmt: skip
    log.info("%s: removed from core", source)
    return Removed(records)


def _require_unpublished(session: Session, source: str) -> None:
    found = session.rows(sql_file("removal/published_kpis.sql"), source=source)
    if found:
        kpis = [row.kpi_code for row in found]
        raise Dean06Error(detail("source_is_published", source=source, kpis=kpis))


def _tables(session: Session, source: str) -> list[tuple[str, str]]:
    rows = session.rows(sql_file("removal/tables.sql"), source=source)
    return [(row.dataset_code, row.table_name) for row in rows]


def _count(session: Session, table: str) -> int:
    [(count,)] = session.compose_rows(
        "select count(*) from {table}", table=sql.Identifier("core", table)
    )
    return int(count)


def _remove_table(session: Session, source: str, dataset: str, table: str, by: str) -> int:
    """Drop a table with the fact that stands on it; returns how many versions it held."""
    records = _count(session, table)
    [(size,)] = session.compose_rows(
        "select pg_total_relation_size({name}::regclass)", name=sql.Literal(f"core.{table}")
    )
    fact = f"mart.fact_{dataset}"
    relations.drop_those_on(session, f"core.{table}", {fact})
    session.run("delete from ops.applied_relation where relation_name = :name", name=fact)
    session.compose("drop table {table}", table=sql.Identifier("core", table))
    for each in _BY_DATASET:
        session.compose(
            "delete from {table} where dataset_code = {code}",
            table=sql.Identifier("core", each), code=sql.Literal(f"{source}.{dataset}"),
        )  # fmt: skip
    if records:
        session.run(
            sql_file("removal/note.sql"),
            source=source, dataset=dataset, records=records, bytes=size, by=by,
        )  # fmt: skip
    return records
