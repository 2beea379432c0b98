"""Stage: landed files into one staging table per load, as text, in bulk.

Every record gets a row: readable ones their fields, unreadable ones their line and what is wrong
with it. Nothing is judged here except the shape: a delivery that is short, or lacks a required
field altogether, breaks the contract.
"""

import gzip
import logging
import re
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import IO

import pyarrow as pa
import pyarrow.compute as pc
from psycopg2 import sql

from dean06 import contract, sources
from dean06.contract import Column, Dataset
from dean06.copying import csv_of
from dean06.errors import ContractError, ManifestMismatchError
from dean06.load import landing, ledger, texts
from dean06.load.causes import noting_cause
from dean06.load.ledger import LandingFile, Load
from dean06.load.read_ahead import read_ahead
from dean06.load.staging import KINDS, PROBLEM, RAW, ROW, WITHDRAWN, drop_staging, staging_table
from dean06.load.steps import STAGE, State
from dean06.warehouse import Session, transaction
from dean06.wire import ndjson
from dean06.wire.encoding import require_utf8
from dean06.wire.records import Batch, Columns

log = logging.getLogger(__name__)

# Arrow's own pool keeps what it once took: 50 MB more in every task.
pa.set_memory_pool(pa.system_memory_pool())

_LONGEST_NAME, _MOST_NAMES = 60, 50
_WORKBOOK = ".xlsx"
"""A landed file of this name is no text."""

Copy = Callable[[list[str], Sequence[pa.Array]], None]
Parse = Callable[[Dataset, str, IO[bytes]], Iterator[Batch | Columns]]


@dataclass
class Tally:
    """What a load turned out to hold."""

    is_correction: bool = False
    """Whether its records are corrected ones, which name only what they hold."""
    received: int = 0
    last_row: int = 0
    fields: set[str] = field(default_factory=set)
    first_rows: dict[int, int] = field(default_factory=dict)
    """Of each piece, by its number."""


def stage(dataset: Dataset, run_key: str) -> None:
    """Fill the load's staging table, in one transaction; running again starts it over.

    Raises ManifestMismatchError naming both figures when a file holds another number of records
    than declared, ContractError when a required field is missing from the whole delivery, or one
    that is always sent from all records of a file.
    """
    load = ledger.current_load(dataset, run_key)
    tally = Tally(is_correction=load.corrects is not None)
    try:
        with noting_cause(load), transaction() as session:
            ledger.require(ledger.claim(session, load), STAGE)
            _drop_abandoned(session, dataset)
            _create_table(session, dataset, load)
            files = ledger.landing_files(session, load)
            with _copier(session, load) as copy:
                _stage_files(copy, dataset, files, tally, _parser(load))
            _check_fields(dataset, tally)
            _finish(session, dataset, load, tally)
    except ContractError as error:
        raise type(error)(f"{load}: {error}") from None
    log.info("%s: staged %d records", load, tally.received)


def _drop_abandoned(session: Session, dataset: Dataset) -> None:
    """What earlier attempts left in staging, now that their window is asked for anew."""
    for load in ledger.abandoned_loads(session, dataset):
        drop_staging(session, load)


def _create_table(session: Session, dataset: Dataset, load: Load) -> None:
    drop_staging(session, load)
    session.compose(
        # Unlogged: a crash loses it, landing has it, the next try stages again.
        """create unlogged table {table} (
            {row} bigint not null, {columns}, {kinds} text, {problem} text, {raw} text,
            {withdrawn} boolean not null default false)""",
        table=staging_table(load),
        row=sql.Identifier(ROW),
        columns=sql.SQL(", ").join(
            sql.SQL("{} text").format(sql.Identifier(column.name)) for column in dataset.staged
        ),
        kinds=sql.Identifier(KINDS),
        problem=sql.Identifier(PROBLEM),
        raw=sql.Identifier(RAW),
        withdrawn=sql.Identifier(WITHDRAWN),
    )


def _parser(load: Load) -> Parse:
    """How the load's files are read: as its source writes them, or as corrected records."""
    if load.corrects is None:
        return sources.module(load.source).parse
    return lambda dataset, _name, stream: ndjson.read(stream, project=texts.restored(dataset))


def _stage_files(
    copy: Copy, dataset: Dataset, files: Iterable[LandingFile], tally: Tally, parse: Parse
) -> None:
    for file, batches in read_ahead(files, partial(_batches, dataset, parse)):
        _stage_file(copy, dataset, file, tally, batches)


def _batches(dataset: Dataset, parse: Parse, file: LandingFile) -> Iterator[Batch | Columns]:
    with landing.opened(file) as stream:
        if not file.path.endswith(_WORKBOOK):
            require_utf8(stream, file.piece_name)
        yield from parse(dataset, file.piece_name, stream)


def _stage_file(
    copy: Copy,
    dataset: Dataset,
    file: LandingFile,
    tally: Tally,
    batches: Iterable[Batch | Columns],
) -> None:
    first_row, before = tally.last_row + 1, tally.received
    fields: set[str] = set()
    try:
        for batch in batches:
            if len(batch):
                tally.received += len(batch)
                if isinstance(batch, Columns):
                    fields.update(batch.table.column_names)
                    last_row = _copy_columns(copy, dataset, batch, first_row)
                else:
                    if not batch.is_withdrawal:
                        fields.update(*batch.records)
                    last_row = _copy(copy, dataset, batch, first_row)
                tally.last_row = max(tally.last_row, last_row)
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise ManifestMismatchError(
            f"{file.piece_name}: the compressed file is cut short or damaged "
            f"({type(error).__name__}). Ask the agency to send it again, then clear 'extract'"
        ) from None
    received = tally.received - before
    if received != file.declared_count:
        raise ManifestMismatchError(
            f"{file.piece_name}: the source declared {file.declared_count} records, the file holds "
            f"{received}; nothing of it is published. Ask the agency to send it again, then clear "
            "'extract'"
        )
    if not tally.is_correction:
        _check_sent(dataset, file.piece_name, fields)
    tally.fields |= fields
    tally.first_rows[file.piece_no] = first_row


@contextmanager
def _copier(session: Session, load: Load) -> Iterator[Copy]:
    """COPY into the load's table while the next batch is being read; one batch is in flight.

    Until the block ends nothing else may use the session.
    """
    pending: list[Future[None]] = []

    def settle() -> None:
        while pending:
            pending.pop().result()

    def copy(columns: list[str], arrays: Sequence[pa.Array]) -> None:
        buffer = csv_of(columns, arrays)
        settle()
        pending.append(pool.submit(session.copy_in, staging_table(load), columns, buffer))

    with ThreadPoolExecutor(max_workers=1) as pool:
        yield copy
        settle()


def _copy(copy: Copy, dataset: Dataset, batch: Batch, first_row: int) -> int:
    """COPY one batch; returns the highest row number it used."""
    last = 0
    if batch.records:
        rows = [first_row + line - 1 for line in batch.lines]
        table = texts.of_batch(dataset, batch)
        if batch.is_withdrawal:
            table[WITHDRAWN] = pa.array([True] * len(rows), pa.bool_())
        copy([ROW, *table], [pa.array(rows, pa.int64()), *table.values()])
        last = rows[-1]
    if batch.problems:
        rows = [first_row + problem.line - 1 for problem in batch.problems]
        arrays = [
            pa.array(rows, pa.int64()),
            pa.array([problem.code for problem in batch.problems], pa.string()),
            pa.array([problem.raw for problem in batch.problems], pa.string()),
        ]
        copy([ROW, PROBLEM, RAW], arrays)
        last = max(last, rows[-1])
    return last


def _copy_columns(copy: Copy, dataset: Dataset, batch: Columns, first_row: int) -> int:
    """COPY records that were read in bulk; returns the highest row number among them."""
    rows = pc.add(batch.lines, first_row - 1)
    table = texts.of_columns(dataset, batch)
    copy([ROW, *table], [rows, *table.values()])
    return int(rows[-1].as_py())


def _check_fields(dataset: Dataset, tally: Tally) -> None:
    columns = [column for column in dataset.staged if column.required]
    _hold_without(dataset, columns, tally.fields, f"{tally.received} records")


def _check_sent(dataset: Dataset, piece_name: str, fields: set[str]) -> None:
    """A column without values is sent nevertheless; one that is not there has another name now."""
    columns = [column for column in dataset.staged if column.always_sent and not column.required]
    _hold_without(dataset, columns, fields, f"the records of {piece_name}")


def _hold_without(
    dataset: Dataset, columns: Iterable[Column], fields: set[str], where: str
) -> None:
    missing = [column for column in columns if fields and column.wire_name not in fields]
    if missing:
        names = ", ".join(f"{column.name} ({column.wire_name})" for column in missing)
        version = contract.load(dataset.source).version
        raise ContractError(
            f"batch held: required field(s) {names} of contract {version} are in none of {where}. "
            "Ask the agency, or agree on a new contract version"
        )


def _presentable(names: set[str]) -> list[str]:
    """Unknown field names fit to be shown: a source may use a personal ID or a text as a name."""
    masked = {
        "".join(sign if sign.isprintable() else "#" for sign in re.sub(r"\d{4,}", "#", name))
        for name in names
    }
    masked = {name[:_LONGEST_NAME] for name in masked}
    return sorted(masked)[:_MOST_NAMES]


def _finish(session: Session, dataset: Dataset, load: Load, tally: Tally) -> None:
    known = {column.wire_name for column in dataset.staged}
    drift = _presentable(tally.fields - known)
    if drift:
        log.warning("%s: fields the contract does not know: %s", load, ", ".join(drift))
    session.compose("analyze {table}", table=staging_table(load))
    session.run(
        """update ops.landing_file set first_row = tally.row_no
           from unnest(cast(:pieces as int []), cast(:rows as bigint [])) as tally (piece, row_no)
           where load_id = :load_id and piece_no = tally.piece""",
        pieces=list(tally.first_rows),
        rows=list(tally.first_rows.values()),
        load_id=load.load_id,
    )
    session.run(
        """update ops.load set status = :status, received_count = :received, drift = :drift,
                  cause = null
           where load_id = :load_id""",
        status=State.STAGED,
        received=tally.received,
        drift=drift,
        load_id=load.load_id,
    )
