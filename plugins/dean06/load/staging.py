"""Staging: what a load received, as columnar files beside landing, and the engine that reads them.

Files hold every record as text, as it was received, with its landed file and line. They are made
from landed files and can be made again from them. DuckDB reads them in bulk, within bounds of
memory.
"""

import errno
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
from airflow.sdk import ObjectStoragePath
from duckdb import DuckDBPyConnection

from dean06 import settings, storage
from dean06.contract import Dataset
from dean06.details.detail import Detail, detail, within
from dean06.errors import Dean06Error, EngineError
from dean06.load import arrow
from dean06.load.ledger import Load
from dean06.load.shards import Shard, StoredFile
from dean06.rules.functions import define
from dean06.warehouse import Session, sql_file

arrow.prepare()

ROW, PROBLEM, RAW = "_row", "_problem", "_raw"
"""System columns of a staged record: its position in the load; why and what could not be read."""
PIECE, LINE = "_piece", "_line"
"""Where it stood: number of the landed file, and line in it. They give the row its number."""
KINDS = "_kinds"
"""System column too: the fields of a row that came as another kind than the contract lists."""
WITHDRAWN = "_withdrawn"
"""Whether the row only names a record that the source withdrew: it has a key and a version."""

_MEMORY = "100MB"
"""Of the engine: beyond it, it sorts in a private folder."""
_THREADS = 2
_LONG_ROWS = 500


def schema(dataset: Dataset) -> pa.Schema:
    """The columns of a file of staging: all text but the place of a record and whether it is one
    that the source withdrew."""
    texts = [*(column.name for column in dataset.staged), KINDS, PROBLEM, RAW]
    return pa.schema(
        [
            pa.field(PIECE, pa.int32()),
            pa.field(LINE, pa.int64()),
            *(pa.field(name, pa.string()) for name in texts),
            pa.field(WITHDRAWN, pa.bool_()),
        ]
    )


@contextmanager
def engine(about: Detail) -> Iterator[DuckDBPyConnection]:
    """A connection of the columnar engine; sorts larger than its memory go to a private folder.

    Raises EngineError for whatever the engine refuses: its messages quote values, so only the kind
    of error is passed on. ``about``: the load, for the beginning of that message.
    """
    with tempfile.TemporaryDirectory(prefix="dean06-") as folder:
        connection = duckdb.connect(
            config={
                "memory_limit": _MEMORY,
                "threads": _THREADS,
                "temp_directory": folder,
                "autoinstall_known_extensions": False,
                "autoload_known_extensions": False,
                "preserve_insertion_order": False,
            }
        )
        try:
            connection.execute(f"set timezone = '{settings.TIMEZONE}'")
            # It would be drawn into the task's log.
            connection.execute("set enable_progress_bar = false")
            define(connection)
            yield connection
        except duckdb.Error as error:
            failed = detail("engine_failed", kind=type(error).__name__)
            raise EngineError(within(about, failed)) from None
        finally:
            connection.close()


@contextmanager
def staged(
    session: Session, load: Load, dataset: Dataset, shards: Sequence[Shard]
) -> Iterator[DuckDBPyConnection]:
    """The engine with view ``staged``: every record of these shards, with its row number ``_row``.

    Raises Dean06Error when a staging file is missing or damaged.
    """
    files = [shard.staged for shard in shards if shard.staged]
    with _fetched(load, files) as paths, engine(load.named) as connection:
        pieces = _pieces(session, load)
        numbers = pa.table(
            {
                "piece_no": pa.array([row.piece_no for row in pieces], pa.int32()),
                "first_row": pa.array([row.first_row for row in pieces], pa.int64()),
            }
        )
        connection.register("numbers", numbers)
        connection.execute("create temp table pieces as from numbers")
        connection.unregister("numbers")
        if not paths:
            connection.register("nothing", schema(dataset).empty_table())
        columns = [name for name in schema(dataset).names if name not in (PIECE, LINE)]
        listed = ", ".join(f'file."{name}"' for name in columns)
        source = parquet(paths) if paths else "nothing"
        connection.execute(
            sql_file("staging/staged.sql").format(files=source, staged_columns=listed)
        )
        yield connection


def _pieces(session: Session, load: Load) -> list[Any]:
    """The landed files of a load whose rows are numbered."""
    return session.rows(
        """select piece_no, first_row from ops.landing_file
           where load_id = :load_id and first_row is not null""",
        load_id=load.load_id,
    )


@contextmanager
def accepted(
    session: Session, load: Load, dataset: Dataset, shards: Sequence[Shard]
) -> Iterator[DuckDBPyConnection]:
    """As ``staged``, with view ``accepted`` too: the records that are not in quarantine."""
    with staged(session, load, dataset, shards) as connection:
        accept(session, load, connection)
        yield connection


def accept(session: Session, load: Load, connection: DuckDBPyConnection) -> None:
    """Make view ``accepted`` of view ``staged``: the records that are not in quarantine now."""
    rejected = session.rows(
        "select row_no from ops.quarantine where load_id = :load_id", load_id=load.load_id
    )
    numbers = pa.table({"row_no": pa.array([row.row_no for row in rejected], pa.int64())})
    connection.register("numbers", numbers)
    connection.execute("create or replace temp table rejected as from numbers")
    connection.unregister("numbers")
    connection.execute(
        f"create or replace temp view accepted as from staged where {ROW} not in "
        "(select row_no from rejected)"
    )


def accept_nothing(connection: DuckDBPyConnection, dataset: Dataset) -> None:
    """Make view ``accepted`` without a record."""
    fields = [field for field in schema(dataset) if field.name not in (PIECE, LINE)]
    empty = pa.schema([pa.field(ROW, pa.int64()), *fields]).empty_table()
    connection.register("nothing", empty)
    connection.execute("create or replace temp table accepted as from nothing")
    connection.unregister("nothing")


@contextmanager
def failing_rows(load: Load, file: StoredFile) -> Iterator[Iterator[pa.RecordBatch]]:
    """Batches of the records that broke a critical rule: _row, rule_codes, payload as JSON text.

    Raises Dean06Error when the file is gone or damaged.
    """
    with _fetched(load, [file]) as [path], pq.ParquetFile(path, pre_buffer=False) as opened:
        yield _batches(opened)


@contextmanager
def unreadable_rows(
    session: Session, load: Load, file: StoredFile
) -> Iterator[Iterator[list[dict[str, Any]]]]:
    """Batches of the records that could not be read: _row, _problem and _raw (which may be long).

    Raises Dean06Error when the file is gone or damaged.
    """
    first_rows = {row.piece_no: row.first_row for row in _pieces(session, load)}
    with _fetched(load, [file]) as [path], pq.ParquetFile(path, pre_buffer=False) as opened:
        found = (
            batch.filter(batch[PROBLEM].is_valid()).to_pylist()
            for batch in _batches(opened, [PIECE, LINE, PROBLEM, RAW])
        )
        yield (
            [{**row, ROW: first_rows[row[PIECE]] + row[LINE] - 1} for row in rows]
            for rows in found
            if rows
        )


def _batches(
    file: pq.ParquetFile, columns: Sequence[str] | None = None
) -> Iterator[pa.RecordBatch]:
    """Batches of a file, one row group after the other, each read when it is asked for.

    A reader of all row groups, or one that reads ahead, keeps memory for those that it has read.
    """
    for group in range(file.num_row_groups):
        yield from file.iter_batches(
            _LONG_ROWS, row_groups=[group], columns=columns, use_threads=False
        )


def parquet(paths: Sequence[Path]) -> str:
    """Files as a table of the engine."""
    names = ", ".join("'" + str(path).replace("'", "''") + "'" for path in paths)
    return f"read_parquet([{names}])"


def payload(dataset: Dataset) -> str:
    """What quarantine keeps of a readable row of ``staged``, as JSON text: its fields, without
    empty ones; NULL for others, whose lines may be longer than the engine can hold."""
    fields = ", ".join(
        f"'{name}', \"{name}\"" for name in [*(column.name for column in dataset.staged), KINDS]
    )
    return f"case when {PROBLEM} is null then json_merge_patch('{{}}', json_object({fields})) end"


def keep(load: Load, shard: Shard, what: str, body: IO[bytes]) -> StoredFile:
    """Store a file of a shard's staging whole or not at all; only its owner can read it.

    It is named by its content, as landed files are. Raises Dean06Error when there is no room for
    it, or no right.
    """
    body.seek(0)
    sha256, size = storage.sha256_of(body)
    place = _folder(load) / f"{shard.number:05}-{what}-{sha256[:16]}.parquet"
    try:
        storage.private_folder(ObjectStoragePath(settings.landing_root()))
        storage.put(body, place, sha256)
    except OSError as error:
        kind = errno.errorcode.get(error.errno or 0, type(error).__name__)
        said = error.strerror or type(error).__name__
        raise Dean06Error(detail("staging_unwritable", said=said, kind=kind)) from None
    return StoredFile(str(place), sha256, size)


def is_lost(file: StoredFile | None) -> bool:
    """Whether the ledger has a file of staging that is not there, with its size."""
    if file is None:
        return False
    try:
        return bool(ObjectStoragePath(file.path).stat().st_size != file.byte_count)
    except FileNotFoundError:
        return True


def remove(parts: Iterable[Shard]) -> None:
    """Remove the files of staging that shards have."""
    for part in parts:
        for file in (part.staged, part.failing):
            if file:
                storage.remove(ObjectStoragePath(file.path))


def _folder(load: Load) -> ObjectStoragePath:
    of_dataset = ObjectStoragePath(settings.staging_root()) / load.source / load.dataset
    return of_dataset / str(load.load_id)


@contextmanager
def _fetched(load: Load, files: Sequence[StoredFile]) -> Iterator[list[Path]]:
    """Files of staging on this machine, each proven whole."""
    with tempfile.TemporaryDirectory(prefix="dean06-") as folder:
        paths = []
        for number, file in enumerate(files):
            stored = ObjectStoragePath(file.path)
            local = Path(stored.path)
            try:
                if not storage.is_local(stored):
                    local = Path(folder) / f"{number}.parquet"
                    with stored.open("rb") as remote, local.open("xb") as copy:
                        shutil.copyfileobj(remote, copy, storage.CHUNK)
                with local.open("rb") as body:
                    sha256, _ = storage.sha256_of(body)
            except FileNotFoundError:
                sha256 = ""
            if sha256 != file.sha256:
                raise Dean06Error(within(load.named, detail("staging_damaged")))
            paths.append(local)
        try:
            yield paths
        finally:
            arrow.return_freed_memory()
