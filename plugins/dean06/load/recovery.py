"""Recovery: missing staging files are made again from the landed files.

The ledger knows how far a load had come; what was found and decided stays.
"""

import logging

from dean06 import contract
from dean06.contract import Dataset
from dean06.load import ledger, shards
from dean06.load.ledger import Load
from dean06.load.shards import Shard
from dean06.load.staging import is_lost
from dean06.load.steps import PUBLISH, STAGE, VALIDATE, taken
from dean06.warehouse import transaction

log = logging.getLogger(__name__)


def restore(dataset: Dataset, run_key: str, shard_no: int | None = None) -> None:
    """Make the files that a load in progress should have and has not; ``shard_no``: of one."""
    load = ledger.current_load(dataset, run_key)
    steps = taken(load.status)
    if STAGE not in steps or PUBLISH in steps:
        return
    with transaction() as session:
        found = [s for s in shards.plan(session, load) if shard_no in (None, s.number)]
    for shard in found:
        restored = shard
        if shard.received is None or is_lost(shard.staged):
            log.warning("%s: shard %d was lost; staging it again", load, shard.number)
            from dean06.load.stage import make_again

            restored = make_again(dataset, load, shard)
        if VALIDATE in steps and _lacks_findings(restored):
            _find_again(dataset, load, restored)


def restore_source(source: str, run_key: str) -> None:
    """The same for every dataset of a source."""
    for dataset in contract.load(source).datasets:
        restore(dataset, run_key)


def _lacks_findings(shard: Shard) -> bool:
    return shard.broken is None or is_lost(shard.failing)


def _find_again(dataset: Dataset, load: Load, shard: Shard) -> None:
    """Find the failing records of a shard again: the rules are those of before, so are they."""
    log.warning("%s: failing records of shard %d were lost", load, shard.number)
    from dean06.load.validate import find
    from dean06.rules import ahead
    from dean06.rules.suite import read_suite

    failing, broken = find(dataset, load, ahead.of_dataset(dataset, read_suite(dataset)), shard)
    with transaction() as session:
        ledger.claim(session, load)
        shards.store_validated(session, shard, failing, broken)
