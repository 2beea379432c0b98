"""Recovery: staging tables are unlogged, so a crash of the database server empties them.

Landing has the bytes and the ledger knows how far a load had come; the steps are simply taken
again before the next one goes on.
"""

import logging

from dean06 import contract
from dean06.contract import Dataset
from dean06.load import ledger
from dean06.load.ledger import Load
from dean06.load.staging import staging_table
from dean06.load.steps import PUBLISH, QUARANTINE, STAGE, VALIDATE, taken
from dean06.warehouse import transaction

log = logging.getLogger(__name__)


def restore(dataset: Dataset, run_key: str) -> None:
    """Take a load's steps again when staging no longer holds what was received."""
    load = ledger.current_load(dataset, run_key)
    steps = taken(load.status)
    if STAGE not in steps or PUBLISH in steps or _is_intact(load):
        return
    log.warning("%s: staging was lost in a crash; staging it again", load)
    from dean06.load.quarantine import quarantine
    from dean06.load.stage import stage

    stage(dataset, run_key)
    if VALIDATE in steps:
        from dean06.load.validate import validate

        validate(dataset, run_key)
    if QUARANTINE in steps:
        quarantine(dataset, run_key)


def restore_source(source: str, run_key: str) -> None:
    """The same for every dataset of a source."""
    for dataset in contract.load(source).datasets:
        restore(dataset, run_key)


def _is_intact(load: Load) -> bool:
    with transaction() as session:
        received = session.one(
            "select received_count from ops.load where load_id = :id", id=load.load_id
        ).received_count
        present = session.one(
            "select to_regclass(:name) is not null as present",
            name=f'staging."{load.staging_table}"',
        ).present
        if not present:
            return False
        rows = session.compose_rows("select count(*) from {table}", table=staging_table(load))
    return bool(rows[0][0] == received)
