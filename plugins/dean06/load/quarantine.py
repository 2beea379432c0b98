"""Quarantine: every failing row is kept with its position, every rule it broke, and its payload."""

import logging
from collections.abc import Iterable
from typing import Any

import msgspec
import pyarrow as pa
from psycopg2 import sql

from dean06.contract import Dataset
from dean06.copying import binary_of
from dean06.errors import BatchHeldError, around, at
from dean06.load import ledger, shards
from dean06.load.causes import noting_cause
from dean06.load.held import held_by
from dean06.load.ledger import Load
from dean06.load.shards import Shard
from dean06.load.staging import PROBLEM, RAW, ROW, failing_rows, unreadable_rows
from dean06.load.steps import QUARANTINE, State
from dean06.rules.suite import UNREADABLE
from dean06.warehouse import Session, transaction

log = logging.getLogger(__name__)

_COLUMNS = pa.schema(
    [
        pa.field("load_id", pa.int64()),
        pa.field("row_no", pa.int64()),
        pa.field("source_code", pa.string()),
        pa.field("dataset_code", pa.string()),
        pa.field("rule_codes", pa.list_(pa.string())),
        pa.field("payload", pa.string()),
    ]
)


def quarantine(dataset: Dataset, run_key: str) -> None:
    """Set the failing rows aside; running again writes the same rows.

    Raises BatchHeldError when the suite holds the whole batch: its rows are set aside for the
    agency all the same, none of it is published.
    """
    load = ledger.current_load(dataset, run_key)
    with noting_cause(load), transaction() as session:
        load = ledger.claim(session, load)
        ledger.require(load, QUARANTINE)
        session.run("delete from ops.quarantine where load_id = :load_id", load_id=load.load_id)
        rows = sum(_set_aside(session, load, shard) for shard in shards.of_load(session, load))
        if load.status is not State.HELD:
            session.run(
                "update ops.load set status = :status, cause = null where load_id = :load_id",
                status=State.QUARANTINED,
                load_id=load.load_id,
            )
        why = held_by(session, load) if load.status is State.HELD else None
    log.info("%s: %d records quarantined", load, rows)
    if load.status is State.HELD:
        held = around(
            "held_see_quarantine",
            BatchHeldError(why or load.cause or ""),
            source=load.source,
            load=load.load_id,
        )
        raise BatchHeldError(at(load.named, BatchHeldError(held)))


def _set_aside(session: Session, load: Load, shard: Shard) -> int:
    rows = 0
    if shard.failing:
        with failing_rows(load, shard.failing) as batches:
            rows += set_aside(session, load, batches)
    if shard.staged and shard.unreadable:
        with unreadable_rows(session, load, shard.staged) as found:
            rows += set_aside(session, load, map(_unreadable, found))
    return rows


def _unreadable(rows: list[dict[str, Any]]) -> pa.RecordBatch:
    """Records that could not be read, with their line and what is wrong with it."""
    payloads = [msgspec.json.encode({name: row[name] for name in (PROBLEM, RAW)}) for row in rows]
    return pa.RecordBatch.from_pydict(
        {
            ROW: [row[ROW] for row in rows],
            "rule_codes": [[UNREADABLE]] * len(rows),
            "payload": [payload.decode() for payload in payloads],
        }
    )


def set_aside(session: Session, load: Load, batches: Iterable[pa.RecordBatch]) -> int:
    """Put rejected rows into quarantine: batches of _row, rule_codes and payload (JSON text).

    Returns how many they are.
    """
    return session.copy_in(
        sql.Identifier("ops", "quarantine"),
        _COLUMNS.names,
        binary_of(_COLUMNS, (_of_load(load, batch) for batch in batches), jsonb={"payload"}),
        "format binary",
    )


def _of_load(load: Load, batch: pa.RecordBatch) -> pa.RecordBatch:
    size = len(batch)
    return pa.RecordBatch.from_arrays(
        [
            pa.repeat(pa.scalar(load.load_id, pa.int64()), size),
            batch[ROW],
            pa.repeat(load.source, size),
            pa.repeat(load.dataset, size),
            batch["rule_codes"],
            batch["payload"],
        ],
        schema=_COLUMNS,
    )
