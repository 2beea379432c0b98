"""Groups of rows in a file of staging: small enough that two threads of the engine share a day."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from dean06 import contract
from dean06.load import columns
from dean06.load.staging import LINE

RESIDENT = contract.load("police").dataset("resident")
DAY, PAGE = 30_000, 5_000
"""Records of a day that changes 1 % of a province of three million, and of a landed page."""


def test_a_day_of_a_province_is_no_single_group(tmp_path: Path) -> None:
    file = tmp_path / "day.parquet"
    with file.open("wb") as body, columns.writer(RESIDENT, body) as write:
        for piece in range(DAY // PAGE):
            write(piece, {LINE: pa.array(range(1, PAGE + 1), pa.int64())})
    groups = pq.ParquetFile(file).metadata
    sizes = [groups.row_group(number).num_rows for number in range(groups.num_row_groups)]
    assert sum(sizes) == DAY
    # What one thread has to read at most, with two of them.
    assert max(sizes) <= DAY // 2
