"""Columns: records on their way into a file of staging, as Arrow columns of text."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import IO

import pyarrow as pa
import pyarrow.parquet as pq

from dean06.contract import Dataset
from dean06.load import texts
from dean06.load.in_flight import one_in_flight
from dean06.load.staging import LINE, PIECE, PROBLEM, RAW, WITHDRAWN
from dean06.load.staging import schema as schema_of
from dean06.wire.records import Batch, Columns

_GROUP_ROWS = 10_000
"""Rows that a file of staging holds in one group: what is read, and kept in memory, at once. One
thread of the engine reads a group, so a day of more groups is read by two."""
_DICTIONARY_BYTES = 64 << 10
"""A column whose different values take more is written plainly: a list of keys is no shorter."""

Write = Callable[[int, Mapping[str, pa.Array]], None]
"""Takes columns of records of a landed file, by its number."""


@contextmanager
def writer(dataset: Dataset, body: IO[bytes]) -> Iterator[Write]:
    """Write columns to a file while the next records are being read; one group is in flight."""
    schema = schema_of(dataset)
    held: list[pa.Table] = []

    def flush() -> None:
        table = pa.concat_tables(held)
        held.clear()
        writing.submit(file.write_table, table, row_group_size=_GROUP_ROWS)

    def write(piece_no: int, columns: Mapping[str, pa.Array]) -> None:
        held.append(_complete(schema, piece_no, columns))
        if sum(map(len, held)) >= _GROUP_ROWS:
            flush()

    with (
        pq.ParquetWriter(
            body,
            schema,
            compression="lz4",
            dictionary_pagesize_limit=_DICTIONARY_BYTES,
            write_statistics=False,  # No reader of staging leaves rows out by them.
        ) as file,
        one_in_flight() as writing,
    ):
        yield write
        if held:
            flush()


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


def columns_of(dataset: Dataset, batch: Batch | Columns) -> Iterator[Mapping[str, pa.Array]]:
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
