"""Stage: landed files into columnar files of text, in bulk.

Every record gets a row: readable ones their fields, unreadable ones their line and what is wrong
with it. Nothing is judged here except the shape: a delivery that is short, or lacks a required
field altogether, breaks the contract. A large load is staged in shards, by several workers.
"""

import gzip
import logging
import re
import tempfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from typing import IO, cast

import pyarrow as pa
import pyarrow.parquet as pq

from dean06 import contract, sources
from dean06.contract import Column, Dataset
from dean06.errors import ContractError, ManifestMismatchError
from dean06.load import landing, ledger, shards, staging, texts
from dean06.load.causes import noting_cause
from dean06.load.ledger import LandingFile, Load
from dean06.load.read_ahead import read_ahead
from dean06.load.shards import Shard
from dean06.load.staging import LINE, PIECE, PROBLEM, RAW, WITHDRAWN
from dean06.load.steps import STAGE, State
from dean06.warehouse import Session, sql_file, transaction
from dean06.wire import ndjson
from dean06.wire.encoding import require_utf8
from dean06.wire.records import Batch, Columns

log = logging.getLogger(__name__)

# Arrow's own pool keeps what it once took: 50 MB more in every task.
pa.set_memory_pool(pa.system_memory_pool())

_LONGEST_NAME, _MOST_NAMES = 60, 50
_WORKBOOK = ".xlsx"
"""A landed file of this name is no text."""

_GROUP_ROWS = 60_000
"""Rows that a file of staging holds in one group: what is read, and kept in memory, at once."""

Write = Callable[[int, Mapping[str, pa.Array]], None]
"""Takes columns of records of a landed file, by its number."""
Parse = Callable[[Dataset, str, IO[bytes]], Iterator[Batch | Columns]]


@dataclass
class Tally:
    """What a shard turned out to hold."""

    is_correction: bool = False
    """Whether its records are corrected ones, which name only what they hold."""
    received: int = 0
    withdrawn: int = 0
    fields: set[str] = field(default_factory=set)
    last_lines: dict[int, int] = field(default_factory=dict)
    """Of each piece, by its number: its last line that holds a record."""


def stage(dataset: Dataset, run_key: str, shard_no: int | None = None) -> None:
    """Write the load's files of staging; running again makes them again.

    ``shard_no``: of that shard only. Whoever stages the last one numbers the rows of the load.

    Raises ManifestMismatchError naming both figures when a file holds another number of records
    than declared, ContractError when a required field is missing from the whole delivery, or one
    that is always sent from all records of a file.
    """
    load = ledger.current_load(dataset, run_key)
    with noting_cause(load):
        with transaction() as session:
            ledger.require(ledger.claim(session, load), STAGE)
            wanted = [s for s in shards.plan(session, load) if shard_no in (None, s.number)]
            files = ledger.landing_files(session, load)
        for shard in wanted:
            _stage_shard(dataset, load, shard, files)


def make_again(dataset: Dataset, load: Load, shard: Shard) -> Shard:
    """Make a shard's lost file of staging again from its landed files; its load stays where it is.

    What the rules found in it still counts, for it is the same records.
    """
    with transaction() as session:
        files = ledger.landing_files(session, load)
    made, tally = _written(dataset, load, shard, files)
    with transaction() as session:
        ledger.claim(session, load)
        shards.store_staged(session, made, tally.last_lines)
        if shard.failing:
            shards.store_validated(session, made, shard.failing, shard.broken)
    return replace(made, failing=shard.failing, broken=shard.broken)


def _stage_shard(dataset: Dataset, load: Load, shard: Shard, files: list[LandingFile]) -> None:
    made, tally = _written(dataset, load, shard, files)
    with transaction() as session:
        ledger.require(ledger.claim(session, load), STAGE)
        shards.store_staged(session, made, tally.last_lines)
        found = shards.of_load(session, load)
        if all(each.staged for each in found):
            _finish(session, dataset, load, found)
    log.info("%s: staged %d records of shard %d", load, made.received, made.number)


def _written(
    dataset: Dataset, load: Load, shard: Shard, files: list[LandingFile]
) -> tuple[Shard, Tally]:
    """Parse a shard's landed files into its file of staging."""
    own = [file for file in files if shard.first_piece <= file.piece_no <= shard.last_piece]
    tally = Tally(is_correction=load.corrects is not None)
    with tempfile.TemporaryFile() as body:
        try:
            with _writer(dataset, body) as write:
                _stage_files(write, dataset, own, tally, _parser(load))
        except ContractError as error:
            raise type(error)(f"{load}: {error}") from None
        stored = staging.keep(
            cast("IO[bytes]", body), staging.target(load, f"{shard.number:05}-staged")
        )
    known = {column.wire_name for column in dataset.staged}
    made = replace(
        shard,
        staged=stored,
        failing=None,
        received=tally.received,
        withdrawn=tally.withdrawn,
        known_fields=frozenset(name for name in tally.fields if name in known),
        unknown_fields=_presentable(tally.fields - known),
        broken={},
    )
    return made, tally


def _parser(load: Load) -> Parse:
    """How the load's files are read: as its source writes them, or as corrected records."""
    if load.corrects is None:
        return sources.module(load.source).parse
    return lambda dataset, _name, stream: ndjson.read(stream, project=texts.restored(dataset))


def _stage_files(
    write: Write, dataset: Dataset, files: Iterable[LandingFile], tally: Tally, parse: Parse
) -> None:
    for file, batches in read_ahead(files, partial(_batches, dataset, parse)):
        _stage_file(write, dataset, file, tally, batches)


def _batches(dataset: Dataset, parse: Parse, file: LandingFile) -> Iterator[Batch | Columns]:
    with landing.opened(file) as stream:
        if not file.path.endswith(_WORKBOOK):
            require_utf8(stream, file.piece_name)
        yield from parse(dataset, file.piece_name, stream)


def _stage_file(
    write: Write,
    dataset: Dataset,
    file: LandingFile,
    tally: Tally,
    batches: Iterable[Batch | Columns],
) -> None:
    received = last_line = 0
    fields: set[str] = set()
    try:
        for batch in batches:
            received += len(batch)
            for columns in _columns_of(dataset, batch):
                write(file.piece_no, columns)
                last_line = max(last_line, columns[LINE][-1].as_py())
            if isinstance(batch, Columns):
                fields.update(batch.table.column_names)
            elif batch.is_withdrawal:
                tally.withdrawn += len(batch.records)
            else:
                fields.update(*batch.records)
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise ManifestMismatchError(
            f"{file.piece_name}: the compressed file is cut short or damaged "
            f"({type(error).__name__}). Ask the agency to send it again, then clear 'extract'"
        ) from None
    if received != file.declared_count:
        raise ManifestMismatchError(
            f"{file.piece_name}: the source declared {file.declared_count} records, the file holds "
            f"{received}; nothing of it is published. Ask the agency to send it again, then clear "
            "'extract'"
        )
    if not tally.is_correction:
        _check_sent(dataset, file.piece_name, fields)
    tally.received += received
    tally.fields |= fields
    tally.last_lines[file.piece_no] = last_line


@contextmanager
def _writer(dataset: Dataset, body: IO[bytes]) -> Iterator[Write]:
    """Write columns to a file while the next records are being read; one group is in flight."""
    schema = staging.schema(dataset)
    held: list[pa.Table] = []
    pending: list[Future[None]] = []

    def settle() -> None:
        while pending:
            pending.pop().result()

    def flush() -> None:
        table = pa.concat_tables(held)
        held.clear()
        settle()
        pending.append(pool.submit(file.write_table, table, row_group_size=_GROUP_ROWS))

    def write(piece_no: int, columns: Mapping[str, pa.Array]) -> None:
        held.append(_complete(schema, piece_no, columns))
        if sum(map(len, held)) >= _GROUP_ROWS:
            flush()

    with (
        pq.ParquetWriter(body, schema, compression="zstd", compression_level=1) as file,
        ThreadPoolExecutor(max_workers=1) as pool,
    ):
        yield write
        if held:
            flush()
        settle()


def _complete(schema: pa.Schema, piece_no: int, columns: Mapping[str, pa.Array]) -> pa.Table:
    """Columns as a file of staging has them: what is not given is empty."""
    size = len(columns[LINE])
    given = {
        PIECE: pa.repeat(pa.scalar(piece_no, pa.int32()), size),
        WITHDRAWN: pa.repeat(pa.scalar(value=False), size),
        **columns,
    }
    arrays = [
        given[each.name] if each.name in given else pa.nulls(size, each.type) for each in schema
    ]
    return pa.Table.from_arrays(arrays, schema=schema)


def _columns_of(dataset: Dataset, batch: Batch | Columns) -> Iterator[Mapping[str, pa.Array]]:
    """A batch as columns of text, in the order of their lines: its records, then its problems."""
    if isinstance(batch, Columns):
        if len(batch):
            yield {LINE: batch.lines, **texts.of_columns(dataset, batch)}
        return
    if batch.records:
        columns = {LINE: pa.array(batch.lines, pa.int64()), **texts.of_batch(dataset, batch)}
        if batch.is_withdrawal:
            columns[WITHDRAWN] = pa.repeat(pa.scalar(value=True), len(batch.records))
        yield columns
    if batch.problems:
        yield {
            LINE: pa.array([problem.line for problem in batch.problems], pa.int64()),
            PROBLEM: pa.array([problem.code for problem in batch.problems], pa.string()),
            RAW: pa.array([problem.raw for problem in batch.problems], pa.string()),
        }


def _check_fields(dataset: Dataset, received: int, fields: set[str]) -> None:
    columns = [column for column in dataset.staged if column.required]
    _hold_without(dataset, columns, fields, f"{received} records")


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


def _presentable(names: set[str]) -> frozenset[str]:
    """Unknown field names fit to be shown: a source may use a personal ID or a text as a name."""
    masked = {
        "".join(sign if sign.isprintable() else "#" for sign in re.sub(r"\d{4,}", "#", name))
        for name in names
    }
    return frozenset(sorted({name[:_LONGEST_NAME] for name in masked})[:_MOST_NAMES])


def _finish(session: Session, dataset: Dataset, load: Load, found: list[Shard]) -> None:
    """Number the rows of a load whose every shard is staged, and look at it as a whole."""
    received = sum(shard.received for shard in found)
    known = {name for shard in found for name in shard.known_fields}
    drift = sorted({name for shard in found for name in shard.unknown_fields})[:_MOST_NAMES]
    try:
        _check_fields(dataset, received, known | set(drift))
    except ContractError as error:
        raise type(error)(f"{load}: {error}") from None
    if drift:
        log.warning("%s: fields the contract does not know: %s", load, ", ".join(drift))
    session.run(sql_file("protocol/number_rows.sql"), load_id=load.load_id)
    session.run(
        """update ops.load set status = :status, received_count = :received, drift = :drift,
                  cause = null
           where load_id = :load_id""",
        status=State.STAGED,
        received=received,
        drift=drift,
        load_id=load.load_id,
    )
