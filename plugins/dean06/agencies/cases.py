"""Cases: what an agency was sent to correct, until a delivery proves that it is right.

Every record of a list is a case (``ops.correction_case``); which record it is stands in core
(``core.correction_record``). What happens to a case is an event with the load or the run of
verification that proves it; from when to when the record was wrong, and whether in time, follows
from the events (``ops.correction_spell``). So the same list makes its cases once, whatever is
killed and run again, and nobody closes a case by hand (docs/decisions).
"""

import logging
from datetime import date, datetime

from psycopg2 import sql

from dean06 import contract
from dean06.contract import Dataset
from dean06.identity.parts import record_key
from dean06.kpi import disclosure
from dean06.warehouse import Session, sql_file, transaction

log = logging.getLogger(__name__)


def update() -> int:
    """Note what published loads and runs of verification say about cases that no update has taken
    into account yet; returns how many cases were opened.

    One transaction; whoever writes lists holds their lock (``lists``), so one update runs at once.
    """
    with transaction(isolation="REPEATABLE READ") as session:
        session.sort_in_memory()
        session.run(sql_file("agency/broken_records.sql"))
        session.run("analyze broken_record")
        opened = session.run(sql_file("agency/open_cases.sql"))
        session.run(sql_file("agency/note_broken.sql"))
        for dataset in _concerned(session):
            _note_proofs(session, dataset)
        session.run(sql_file("agency/cover.sql"))
        _publish_counts(session)
    log.info("%d correction cases opened", opened)
    return opened


def note_differences(session: Session, day: date, as_of: datetime, load_id: int) -> None:
    """Note which dossiers differ from the national portal at the end of ``day``, and which no
    longer do; table ``difference`` has all that differ, ``load_id`` is the last load that it reads.

    What a case says already is not said again: the same list twice makes nothing new.
    """
    about = {"day": day, "as_of": as_of, "load": load_id}
    session.run(sql_file("agency/differing_records.sql"), **about)
    session.run("analyze broken_record")
    repaired = session.run(sql_file("agency/note_repaired.sql"), **about)
    opened = session.run(sql_file("agency/open_cases.sql"))
    session.run(sql_file("agency/note_broken.sql"))
    log.info("%s: %d cases of differences opened, %d closed", day, opened, repaired)


def _publish_counts(session: Session) -> None:
    """For readers of mart, through the disclosure step."""
    last = session.one("select max(day) as day from ops.load where status = 'published'").day
    if last is not None:
        disclosure.publish_corrections(session, last, contract.sources())
        disclosure.publish_errors(session, last)


def _concerned(session: Session) -> list[Dataset]:
    """Datasets with cases of which something new is known."""
    codes = {row.dataset_code for row in session.rows(sql_file("agency/concerned.sql"))}
    return [dataset for dataset in contract.datasets() if dataset.code in codes]


def _note_proofs(session: Session, dataset: Dataset) -> None:
    """What came right, was withdrawn, or agrees with the registry now."""
    parts: dict[str, sql.Composable] = {
        "dataset": sql.Literal(dataset.code),
        "core": sql.Identifier("core", dataset.table),
        "record_key": record_key(dataset),
        "version": sql.Identifier(dataset.version),
        "deleted": sql.SQL("coalesce({}, false)").format(sql.Identifier("record", dataset.deleted))
        if dataset.deleted
        else sql.SQL("false"),
    }
    # First what a repeated delivery says: it is as late as its window, whatever its versions are.
    for step in ("note_delivered_again", "note_arrived", "note_verified"):
        session.compose(sql_file(f"agency/{step}.sql"), **parts)
