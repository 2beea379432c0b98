"""Held batches: why a load is held, in the ledger."""

from dean06.details.detail import Detail, detail, restored
from dean06.errors import Cause
from dean06.load import ledger
from dean06.load.ledger import Load
from dean06.load.steps import State
from dean06.warehouse import Session


def hold(session: Session, load: Load, rules: list[Detail]) -> None:
    """Hold a batch for the rules that it breaks."""
    found = detail("batch_held", rules=rules)
    session.run(
        "update ops.load set status = :status, cause = :cause where load_id = :load_id",
        status=State.HELD,
        cause=str(found),
        load_id=load.load_id,
    )
    ledger.note_code(session, load, Cause.BATCH_HELD, found)


def held_by(session: Session, load: Load) -> Detail | None:
    """Why a load is held, as ``hold`` wrote it; None for one from before there were codes."""
    row = session.one(
        "select detail_code, detail_parameters from ops.load_cause where load_id = :load_id",
        load_id=load.load_id,
    )
    return restored(row.detail_code, row.detail_parameters) if row else None
