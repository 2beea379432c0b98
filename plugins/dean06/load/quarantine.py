"""Quarantine: every failing row is kept: where it stood, all rules it broke, its payload."""

import logging

from psycopg2 import sql

from dean06.contract import Dataset
from dean06.errors import BatchHeldError
from dean06.load import ledger
from dean06.load.causes import noting_cause
from dean06.load.ledger import Load
from dean06.load.staging import (
    PLACE,
    PROBLEM,
    RAW,
    ROW,
    WITHDRAWN,
    failing_rows_table,
    staging_table,
)
from dean06.load.steps import QUARANTINE, State
from dean06.warehouse import Session, sql_file, transaction

log = logging.getLogger(__name__)


def quarantine(dataset: Dataset, run_key: str) -> None:
    """Set the failing rows aside; running again writes the same rows.

    Raises BatchHeldError when the suite holds the whole batch: its rows are set aside for the
    agency all the same, nothing of it is published.
    """
    load = ledger.current_load(dataset, run_key)
    with noting_cause(load), transaction() as session:
        load = ledger.claim(session, load)
        ledger.require(load, QUARANTINE)
        session.run("delete from ops.quarantine where load_id = :load_id", load_id=load.load_id)
        session.look_up_by_index()
        rows = _set_aside(session, load)
        if load.status is not State.HELD:
            session.run(
                "update ops.load set status = :status, cause = null where load_id = :load_id",
                status=State.QUARANTINED,
                load_id=load.load_id,
            )
    log.info("%s: %d records quarantined", load, rows)
    if load.status is State.HELD:
        raise BatchHeldError(
            f"{load}: {load.cause}. Nothing of {load.source} was published, so yesterday's "
            "data stays. "
            f"See ops.quarantine_reason where load_id = {load.load_id}; when the agency has "
            "corrected the data, clear 'extract'"
        )


def _set_aside(session: Session, load: Load) -> int:
    return session.compose(
        sql_file("protocol/set_aside.sql"),
        load_id=sql.Literal(load.load_id),
        source=sql.Literal(load.source),
        dataset=sql.Literal(load.dataset),
        row=sql.Identifier(ROW),
        problem=sql.Identifier(PROBLEM),
        raw=sql.Identifier(RAW),
        row_name=sql.Literal(ROW),
        withdrawn_name=sql.Literal(WITHDRAWN),
        problem_name=sql.Literal(PROBLEM),
        raw_name=sql.Literal(RAW),
        failed=failing_rows_table(load),
        place=sql.Identifier(PLACE),
        staging=staging_table(load),
    )
