"""Publish: all datasets of a source, their watermarks and their books, in one transaction.

Either everything the source delivered in this run is in core, or nothing is. Whatever happened
before (the same window again, windows out of order, an old day), core ends as the set of all
versions ever accepted: publishing is a union, so it can be repeated.
"""

import logging
from collections.abc import Sequence

import psycopg2
from psycopg2 import sql

from dean06 import contract
from dean06.contract import Contract, Dataset
from dean06.errors import AwaitsApprovalError, BatchHeldError, Dean06Error
from dean06.load import approval, ledger, unreadable
from dean06.load.causes import noting_cause
from dean06.load.ledger import Load
from dean06.load.staging import ROW, drop_staging, staging_table
from dean06.load.steps import PUBLISH, State
from dean06.warehouse import Lock, Session, names, sql_file, transaction

log = logging.getLogger(__name__)

_GROWN = 0.1
OUTCOMES = ("inserted", "updated", "unchanged", "deleted", "superseded")


def publish(source: str, run_key: str, datasets: Sequence[Dataset] | None = None) -> None:
    """Publish what the run loaded for every dataset of ``source``; a no-op when already done.

    ``datasets``: those that the run is about, when it is about some only (a replay).

    Raises BatchHeldError while any dataset is held, Dean06Error when a step is missing or a gap
    would open, AwaitsApprovalError when a correction needs a second person, WarehouseError when the
    books do not balance.
    """
    try:
        _publish(contract.load(source), run_key, datasets)
    except _TooManyUnreadableError as found:
        raise _hold(found) from None
    except AwaitsApprovalError as found:
        approval.hold(found)
        raise


class _TooManyUnreadableError(Dean06Error):
    """So many records of a load are unreadable by core that its batch is to be held."""

    def __init__(self, agreed: Contract, dataset: Dataset, load: Load, cause: str) -> None:
        super().__init__(f"{load}: {cause}")
        self.agreed, self.dataset, self.load, self.cause = agreed, dataset, load, cause


def _publish(agreed: Contract, run_key: str, datasets: Sequence[Dataset] | None) -> None:
    source = agreed.source
    with noting_cause() as cause, transaction() as session:
        session.lock(Lock.PUBLISH, source)
        found = [(d, ledger.load_of_run(session, d, run_key)) for d in datasets or agreed.datasets]
        loads = [(dataset, ledger.claim(session, load)) for dataset, load in found]
        if all(load.status is State.PUBLISHED for _, load in loads):
            log.info("%s: run %s is already published", source, run_key)
            return
        for dataset, load in loads:
            cause.of(load)
            _check_ready(session, dataset, load)
        for dataset, load in loads:
            if load.status is not State.PUBLISHED:
                cause.of(load)
                _publish_dataset(session, agreed, dataset, load)


def _check_ready(session: Session, dataset: Dataset, load: Load) -> None:
    session.about = str(load)
    if load.status is State.HELD:
        raise BatchHeldError(f"{load}: held, so nothing of {load.source} is published")
    ledger.require(load, PUBLISH)
    reached = session.one(
        "select reached from ops.watermark where source_code = :source and dataset_code = :dataset",
        source=dataset.source,
        dataset=dataset.name,
    )
    since = load.window.since
    if since is not None and (reached is None or reached.reached < since):
        raise Dean06Error(f"{load}: publishing would leave a gap before the window; sync first")


def _hold(found: _TooManyUnreadableError) -> BatchHeldError:
    """Write down that a batch is held and which records are unreadable; nothing is published."""
    with transaction() as session:
        load = ledger.claim(session, found.load)
        if load.status == State.QUARANTINED:
            _accept(session, load)
            unreadable.set_aside(
                session, found.dataset, load, _meaning(found.agreed, found.dataset)
            )
            session.run(
                "update ops.load set status = :held, cause = :cause where load_id = :load_id",
                held=State.HELD,
                cause=f"batch held: {found.cause}",
                load_id=load.load_id,
            )
    return BatchHeldError(f"{found}; nothing of {load.source} is published")


def _publish_dataset(session: Session, agreed: Contract, dataset: Dataset, load: Load) -> None:
    session.about = str(load)
    _accept(session, load)
    counts, affects_from = _merge_readable(session, agreed, dataset, load)
    session.compose("drop view decided")
    session.compose("drop table incoming")
    session.compose("drop view accepted")
    _close_books(session, load, counts, affects_from)
    drop_staging(session, load)
    told = ", ".join(f"{counts.get(outcome, 0)} {outcome}" for outcome in OUTCOMES)
    log.info("%s: published %s", load, told if counts else "an empty delivery (0 records)")


def _accept(session: Session, load: Load) -> None:
    """Make the view ``accepted``: the staged records that are not in quarantine."""
    session.compose(
        sql_file("protocol/accepted.sql"),
        staging=staging_table(load),
        load_id=sql.Literal(load.load_id),
        row=sql.Identifier(ROW),
    )


def _merge_readable(
    session: Session, agreed: Contract, dataset: Dataset, load: Load
) -> tuple[dict[str, int], object]:
    """As ``_merge``; records that core SQL cannot read go to quarantine first.

    Raises _TooManyUnreadableError when they are so many that the batch is to be held.
    """
    try:
        with session.connection.begin_nested():
            return _merge(session, agreed, dataset, load)
    except (psycopg2.DataError, psycopg2.errors.NotNullViolation):
        found, records = unreadable.set_aside(session, dataset, load, _meaning(agreed, dataset))
        if not found:
            raise
        if load.corrects is None and unreadable.hold(dataset, found, records):
            cause = f"rule {unreadable.RULE} fails for {found} of {records} records"
            raise _TooManyUnreadableError(agreed, dataset, load, cause) from None
    return _merge(session, agreed, dataset, load)


def _meaning(agreed: Contract, dataset: Dataset) -> str:
    return (agreed.tables_sql_path / f"{dataset.name}.sql").read_text(encoding="utf-8")


def _merge(
    session: Session, agreed: Contract, dataset: Dataset, load: Load
) -> tuple[dict[str, int], object]:
    """Merge the accepted rows; returns the outcome counts and the earliest day they can change."""
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
        "columns": names(columns),
        "assign": sql.SQL(", ").join(
            sql.SQL("{} = {}").format(sql.Identifier(name), sql.Identifier("decided", name))
            for name in content
        ),
        "load_id": sql.Literal(load.load_id),
    }  # fmt: skip
    same_key = _equal(dataset.key, "incoming", "newest")
    session.sort_in_memory()
    session.look_up_by_index()
    session.compose(
        sql_file("protocol/incoming.sql"),
        meaning=sql.SQL(_meaning(agreed, dataset)),
        same_version=_equal(identity, "incoming", "same"),
        same_key=same_key,
        **parts,
    )
    session.compose("analyze incoming")
    session.compose(sql_file("protocol/reorder_odd.sql"), **parts)
    if load.corrects is not None:
        approval.check(session, load, dataset, {**parts, "same_key": same_key})
    session.compose(sql_file("protocol/decided.sql"), **parts)
    found = session.compose_rows(sql_file("protocol/outcomes.sql"), **parts)
    stored = session.compose(sql_file("protocol/insert_versions.sql"), **parts)
    _keep_statistics(session, dataset, stored)
    counts = {outcome: records for outcome, records, *_ in found}
    _, _, overwrites, reorders, days = zip(*found, strict=True) if found else ((),) * 5
    if any(overwrites):
        session.compose(
            sql_file("protocol/overwrite_versions.sql"),
            same_version=_equal(identity, "core", "decided"),
            **parts,
        )
    if any(reorders):
        session.compose(
            sql_file("protocol/order_versions.sql"),
            same_version=_equal(identity, "core", "ordered"),
            **parts,
        )
    return counts, min((day for day in days if day), default=None)


def _keep_statistics(session: Session, dataset: Dataset, stored: int) -> None:
    """After a table has grown by more than a tenth: what follows in this transaction, or at once
    after it, would be planned for the size it had before (autovacuum comes a minute later)."""
    [(believed,)] = session.compose_rows(
        "select greatest(reltuples, 0) from pg_class where oid = {name}::regclass",
        name=sql.Literal(f"core.{dataset.table}"),
    )
    if stored > believed * _GROWN:
        session.compose("analyze {core}", core=sql.Identifier("core", dataset.table))


def _equal(columns: tuple[str, ...], left: str, right: str) -> sql.Composable:
    return sql.SQL(" and ").join(
        sql.SQL("{} = {}").format(sql.Identifier(left, name), sql.Identifier(right, name))
        for name in columns
    )


def _close_books(
    session: Session, load: Load, counts: dict[str, int], affects_from: object
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
