"""Arrow columns as the CSV that COPY reads."""

from collections.abc import Sequence
from typing import IO, cast

import pyarrow as pa
import pyarrow.csv as pa_csv


def csv_of(columns: list[str], arrays: Sequence[pa.Array]) -> IO[bytes]:
    """Columns as the CSV that COPY reads: NULL is empty, text is quoted where it must be."""
    sink = pa.BufferOutputStream()
    pa_csv.write_csv(
        pa.record_batch(list(arrays), names=columns),
        sink,
        pa_csv.WriteOptions(include_header=False, quoting_style="needed"),
    )
    return cast("IO[bytes]", pa.BufferReader(sink.getvalue()))
