"""Publish: all datasets of a source, their watermarks and row counts, in one transaction.

Either everything the source delivered in this run is in core, or nothing is. Whatever happened
before (the same window again, windows out of order, an old day), core ends as the set of all
versions ever accepted: publishing is a union, so it can be repeated.
"""

import logging
from collections.abc import Sequence
from datetime import date

import psycopg2
from duckdb import DuckDBPyConnection
from psycopg2 import sql

from dean06 import contract
from dean06.contract import Contract, Dataset
from dean06.details.detail import Detail, detail, within
from dean06.errors import AwaitsApprovalError, BatchHeldError, Dean06Error, around
from dean06.load import approval, held, ledger, shards, staging, streams, typed, unreadable
from dean06.load.causes import noting_cause
from dean06.load.ledger import Load
from dean06.load.shards import Shard
from dean06.load.steps import PUBLISH, State
from dean06.load.streams import equal
from dean06.warehouse import Lock, Session, names, sql_file, transaction

log = logging.getLogger(__name__)

OUTCOMES = ("inserted", "updated", "unchanged", "deleted", "superseded")


def publish(source: str, run_key: str, datasets: Sequence[Dataset] | None = None) -> None:
    """Publish what the run loaded for every dataset of ``source``; a no-op when already done.

    ``datasets``: those that the run is about, when it is about some only (a replay).

    Raises BatchHeldError while any dataset is held, Dean06Error when a step is missing or a gap
    would open, AwaitsApprovalError when a correction needs a second person, WarehouseError when the
    row counts do not add up.
    """
    try:
        published = _publish(contract.load(source), run_key, datasets)
    except _TooManyUnreadableError as found:
        raise _hold(found) from None
    except AwaitsApprovalError as found:
        approval.hold(found)
        raise
    _remove_staging(published)


class _TooManyUnreadableError(Dean06Error):
    """So many records of a load are unreadable by core that its batch is to be held."""

    def __init__(self, dataset: Dataset, load: Load, why: Detail) -> None:
        super().__init__(within(load.named, why))
        self.dataset, self.load, self.why = dataset, load, why


def _publish(agreed: Contract, run_key: str, datasets: Sequence[Dataset] | None) -> list[Shard]:
    """Publish in one transaction; returns the shards of what is published."""
    source = agreed.source
    with noting_cause() as cause, transaction() as session:
        session.lock(Lock.PUBLISH, source)
        found = [(d, ledger.load_of_run(session, d, run_key)) for d in datasets or agreed.datasets]
        loads = [(dataset, ledger.claim(session, load)) for dataset, load in found]
        if all(load.status is State.PUBLISHED for _, load in loads):
            log.info("%s: run %s is already published", source, run_key)
            # Whoever published may have been killed before the files of staging were removed.
            return [shard for _, load in loads for shard in shards.of_load(session, load)]
        for dataset, load in loads:
            cause.of(load)
            _check_ready(session, dataset, load)
        due = [(dataset, load) for dataset, load in loads if load.status is not State.PUBLISHED]
        published: list[Shard] = []
        for dataset, load in due:
            cause.of(load)
            parts = shards.of_load(session, load)
            _publish_dataset(session, dataset, load, parts)
            published += parts
    return published


def _check_ready(session: Session, dataset: Dataset, load: Load) -> None:
    session.about = load.named
    if load.status is State.HELD:
        why = detail("held_not_published", source=load.source)
        raise BatchHeldError(within(load.named, why))
    ledger.require(load, PUBLISH)
    reached = session.one(
        "select reached from ops.watermark where source_code = :source and dataset_code = :dataset",
        source=dataset.source,
        dataset=dataset.name,
    )
    since = load.window.since
    if since is not None and (reached is None or reached.reached < since):
        raise Dean06Error(within(load.named, detail("gap_before_window")))


def _hold(found: _TooManyUnreadableError) -> BatchHeldError:
    """Write down that a batch is held and which records are unreadable; nothing is published."""
    with transaction() as session:
        load = ledger.claim(session, found.load)
        if load.status == State.QUARANTINED:
            parts = shards.of_load(session, load)
            with staging.accepted(session, load, found.dataset, parts) as connection:
                unreadable.set_aside(session, connection, found.dataset, load)
            held.hold(session, load, [found.why])
    return BatchHeldError(around("held_now", found, source=load.source))


def _publish_dataset(
    session: Session, dataset: Dataset, load: Load, parts: Sequence[Shard]
) -> None:
    session.about = load.named
    counts: dict[str, int] = {}
    affects_from = None
    if received := sum(part.received or 0 for part in parts):
        with staging.accepted(session, load, dataset, parts) as connection:
            counts, affects_from = _send_readable(session, connection, dataset, load, received)
    _close_books(session, load, counts, affects_from)
    told = ", ".join(f"{counts.get(outcome, 0)} {outcome}" for outcome in OUTCOMES)
    log.info("%s: published %s", load, told if counts else "an empty delivery (0 records)")


def _remove_staging(published: Sequence[Shard]) -> None:
    """Whoever is killed before leaves the files to the next try, or to retention."""
    if any(shard.staged for shard in published):
        staging.remove(published)
        with transaction() as session:
            shards.forget_files(session, {shard.load_id for shard in published})


def _send_readable(
    session: Session, connection: DuckDBPyConnection, dataset: Dataset, load: Load, received: int
) -> tuple[dict[str, int], date | None]:
    """As ``_send``; records that core SQL cannot read go to quarantine first.

    Raises _TooManyUnreadableError when they are so many that the batch is to be held.
    """
    try:
        with session.connection.begin_nested():
            return _send(session, connection, dataset, load, received)
    except (typed.UnreadableError, psycopg2.DataError, psycopg2.errors.NotNullViolation):
        found, records = unreadable.set_aside(session, connection, dataset, load)
        if not found:
            raise
        if load.corrects is None and unreadable.hold(dataset, found, records):
            why = detail("rule_fails", rule=unreadable.RULE, failing=found, records=records)
            raise _TooManyUnreadableError(dataset, load, why) from None
    staging.accept(session, load, connection)
    return _send(session, connection, dataset, load, received)


def _send(
    session: Session, connection: DuckDBPyConnection, dataset: Dataset, load: Load, received: int
) -> tuple[dict[str, int], date | None]:
    """All accepted records into core, those of new keys straight, the others by the merge; returns
    the outcome counts and the earliest day they can change."""
    session.sort_in_memory()
    session.look_up_by_index()
    keys = typed.keys_in_order(session, connection, dataset, received)
    sent = streams.send(session, dataset, load, keys, received)
    session.keep_statistics(f"core.{dataset.table}", sent.stored)
    counts, days = sent.counts, [sent.affects_from]
    if sent.to_merge:
        merged, day = _merge(session, dataset, load)
        counts = {
            outcome: counts.get(outcome, 0) + merged.get(outcome, 0)
            for outcome in counts.keys() | merged.keys()
        }
        days.append(day)
    session.compose("drop table typed")
    return counts, min(filter(None, days), default=None)


def _merge(session: Session, dataset: Dataset, load: Load) -> tuple[dict[str, int], date | None]:
    """Merge the rows of ``typed``; returns the outcome counts and the earliest day they can
    change."""
    columns = tuple(column.name for column in dataset.columns)
    content = tuple(name for name in columns if name not in (*dataset.key, dataset.version))
    identity = (*dataset.key, dataset.version)
    parts: dict[str, sql.Composable] = {
        "core": sql.Identifier("core", dataset.table),
        "key": names(dataset.key),
        "core_key": names(dataset.key, "core"),
        "version": sql.Identifier(dataset.version),
        "dated_by": sql.Identifier(dataset.dated_by),
        "content": names(content),
        "incoming_content": names(content, "incoming"),
        "core_content": names(content, "same"),
        "deleted": sql.Identifier(dataset.deleted) if dataset.deleted else sql.SQL("false"),
        "core_deleted": sql.Identifier("core", dataset.deleted) if dataset.deleted
        else sql.SQL("false"),
        "newest_deleted": sql.Identifier("newest", dataset.deleted) if dataset.deleted
        else sql.SQL("false"),
        "columns": names(columns),
        "assign": sql.SQL(", ").join(
            sql.SQL("{} = {}").format(sql.Identifier(name), sql.Identifier("decided", name))
            for name in content
        ),
        "dataset": sql.Literal(dataset.code),
        "load_id": sql.Literal(load.load_id),
    }  # fmt: skip
    same_key = equal(dataset.key, "incoming", "newest")
    # What is joined by, and how many rows there are: more would cost a small day as much again.
    session.compose("analyze typed ({key}, {version})", **parts)
    session.compose(
        sql_file("protocol/incoming.sql"),
        same_version=equal(identity, "incoming", "same"),
        same_key=same_key,
        **parts,
    )
    session.compose("analyze incoming ({key}, {version})", **parts)
    session.compose(sql_file("protocol/reorder_odd.sql"), **parts)
    if load.corrects is not None:
        approval.check(session, load, dataset, {**parts, "same_key": same_key})
    session.compose(sql_file("protocol/decided.sql"), **parts)
    found = session.compose_rows(sql_file("protocol/outcomes.sql"), **parts)
    stored = session.compose(sql_file("protocol/insert_versions.sql"), **parts)
    session.keep_statistics(f"core.{dataset.table}", stored)
    counts = {outcome: records for outcome, records, *_ in found}
    _, _, overwrites, closes, reorders, days = zip(*found, strict=True) if found else ((),) * 6
    if any(overwrites):
        same_version = equal(identity, "core", "decided")
        for step in ("keep_replaced", "overwrite_versions"):
            session.compose(sql_file(f"protocol/{step}.sql"), same_version=same_version, **parts)
    if any(closes):
        session.compose(
            sql_file("protocol/close_newest.sql"),
            same_newest=sql.SQL("{} and core.{} = decided._newest_version").format(
                equal(dataset.key, "core", "decided"), sql.Identifier(dataset.version)
            ),
            **parts,
        )
    if any(reorders):
        session.compose(
            sql_file("protocol/order_versions.sql"),
            same_version=equal(identity, "core", "ordered"),
            ordered=_ordered(dataset, parts),
            **parts,
        )
    session.compose("drop view decided")
    session.compose("drop table incoming")
    return counts, min((day for day in days if day), default=None)


def _ordered(dataset: Dataset, parts: dict[str, sql.Composable]) -> sql.Composable:
    """The order of all versions of each record that the load stores a version of."""
    touched = sql.SQL(sql_file("protocol/touched_versions.sql")).format(**parts)
    shown = names((*dataset.key, dataset.version, "_is_current", "_valid_to"), "core")
    return sql.SQL(sql_file("protocol/ordered.sql")).format(versions=touched, shown=shown, **parts)


def _close_books(
    session: Session, load: Load, counts: dict[str, int], affects_from: date | None
) -> None:
    """Write counts and watermark. ops.load refuses counts that do not add up to what came."""
    session.run(
        sql_file("protocol/close_load.sql"),
        status=State.PUBLISHED,
        load_id=load.load_id,
        affects_from=affects_from,
        **{outcome: counts.get(outcome, 0) for outcome in OUTCOMES},
    )
    session.run(
        sql_file("protocol/move_watermark.sql"),
        source=load.source,
        dataset=load.dataset,
        until=load.window.until,
        load_id=load.load_id,
    )
