"""Parts: typed records divided by ranges of keys, so that each part is put in order in memory.

The records are read once. Where they are more than one part, they wait in private files that have
no name: nothing of them stays behind, whoever is killed.
"""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from itertools import chain
from typing import IO, cast

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

PART_BYTES = 2 << 20
"""Of typed records that are put in order at once, about. Twice as many cost 10 MB to 20 MB more
memory and save no time."""
_DIVIDED_BYTES = 3 << 20
"""Of records that are divided at once, about: each part of them is written by itself, so smaller
pieces cost more."""
_MOST_PARTS = 500
"""A part waits in an open file, and a process may open 1,024 by default. Where a load is larger,
its parts are."""


def in_parts(
    batches: Iterator[pa.RecordBatch], sampled: pa.Table | None, records: int
) -> Iterator[pa.Table]:
    """All rows of ``batches``, about ``records``, in parts; all rows of a key are in one part, and
    parts follow each other in the order of one key column.

    ``sampled``: key columns of some rows, as they come; without them the rows are one part. Parts
    are of about one size as far as the values of a key column differ.
    """
    first = next((batch for batch in batches if len(batch)), None)
    if first is None:
        return
    batches = chain([first], batches)
    count = min(-(-records * first.nbytes // (len(first) * PART_BYTES)), _MOST_PARTS)
    if sampled is None or count < 2:
        yield pa.Table.from_batches(batches).combine_chunks()
        return
    name = max(sampled.column_names, key=lambda each: int(pc.count_distinct(sampled[each]).as_py()))
    yield from _divided(batches, name, _bounds(sampled[name], count))


def _bounds(sampled: pa.ChunkedArray, count: int) -> pa.Array:
    """Values that divide the sampled ones into so many ranges, as far as they differ."""
    values = sampled.drop_null().combine_chunks()
    values = values.take(pc.sort_indices(values))
    places = {number * len(values) // count for number in range(1, count)} if len(values) else ()
    return values.take(pa.array(sorted(places), pa.int64())).unique()


def _divided(batches: Iterator[pa.RecordBatch], name: str, bounds: pa.Array) -> Iterator[pa.Table]:
    """The rows of each range of the values of a column; rows without a value are in the first."""
    with ExitStack() as stack:
        files = [
            cast("IO[bytes]", stack.enter_context(tempfile.TemporaryFile()))
            for _ in range(len(bounds) + 1)
        ]
        first = next(batches)
        for file in files:
            file.write(first.schema.serialize())
        for rows in _gathered(chain([first], batches)):
            _divide(rows, pc.search_sorted(bounds, rows[name], side="right"), files)
        for file in files:
            file.seek(0)
            part = pa.ipc.open_stream(file.read()).read_all().combine_chunks()
            file.close()
            if len(part):
                yield part


def _gathered(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """The same rows in batches large enough to be divided."""
    held: list[pa.RecordBatch] = []
    size = 0
    for batch in batches:
        held.append(batch)
        size += batch.nbytes
        if size >= _DIVIDED_BYTES:
            yield pa.concat_batches(held)
            held, size = [], 0
    if held:
        yield pa.concat_batches(held)


def _divide(rows: pa.RecordBatch, numbers: pa.Array, files: Sequence[IO[bytes]]) -> None:
    of_row = numbers.fill_null(0).to_numpy().astype(np.uint16)  # which numpy sorts by its digits
    order = np.argsort(of_row, kind="stable")
    ordered = rows.take(pa.array(order))
    ends = np.searchsorted(of_row[order], np.arange(len(files)), side="right").tolist()
    for file, start, end in zip(files, [0, *ends], ends, strict=False):
        if end > start:
            # Whole: a writer of Arrow would call the file for each buffer of each column.
            file.write(ordered.slice(start, end - start).serialize())
