"""Arrow columns as what COPY reads: CSV, or PostgreSQL's binary format, made while it is read."""

import io
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import IO, cast

import pyarrow as pa
import pyarrow.csv as pa_csv
from pgpq import ArrowToPostgresBinaryEncoder
from pgpq.encoders import StringEncoderBuilder
from pgpq.schema import Jsonb


def csv_of(columns: list[str], arrays: Sequence[pa.Array]) -> IO[bytes]:
    """Columns as the CSV that COPY reads: NULL is empty, text is quoted where it must be."""
    sink = pa.BufferOutputStream()
    pa_csv.write_csv(
        pa.record_batch(list(arrays), names=columns),
        sink,
        pa_csv.WriteOptions(include_header=False, quoting_style="needed"),
    )
    return cast("IO[bytes]", pa.BufferReader(sink.getvalue()))


def binary_of(
    schema: pa.Schema, batches: Iterable[pa.RecordBatch], jsonb: Collection[str] = ()
) -> IO[bytes]:
    """Batches of ``schema`` in the binary format, each encoded when the one before was taken.

    Columns must have the very types of the table. ``jsonb``: text columns that go to such ones.
    """
    return cast("IO[bytes]", _Chunks(_encoded(schema, batches, jsonb)))


def packed(rows: pa.Table, jsonb: Collection[str] = ()) -> IO[bytes]:
    """As ``binary_of``, all of it made at once, so that whoever reads it does not wait."""
    return io.BytesIO(b"".join(_encoded(rows.schema, rows.to_batches(), jsonb)))


def _encoded(
    schema: pa.Schema, batches: Iterable[pa.RecordBatch], jsonb: Collection[str]
) -> Iterator[bytes]:
    encoder = ArrowToPostgresBinaryEncoder.new_with_encoders(
        schema,
        {
            field.name: StringEncoderBuilder.new_with_output(field, Jsonb())
            if field.name in jsonb
            else ArrowToPostgresBinaryEncoder.infer_encoder(field)
            for field in schema
        },
    )
    yield encoder.write_header()
    for batch in batches:
        yield encoder.write_batch(batch)
    yield encoder.finish()


class _Chunks(io.RawIOBase):
    """Bytes as they come; a reader gets no more than it asked for."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks, self._left = chunks, memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        while not self._left:
            chunk = next(self._chunks, None)
            if chunk is None:
                return 0
            self._left = memoryview(chunk)
        taken = min(len(buffer), len(self._left))
        buffer[:taken] = self._left[:taken]
        self._left = self._left[taken:]
        return taken
