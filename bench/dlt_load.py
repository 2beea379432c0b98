"""The same residents by dlt, in dlt's own environment: parquet in, merged into PostgreSQL.

    python dlt_load.py DSN FOLDER

Prints the seconds of ``pipeline.run``. Everything is dlt's default but the file format: ``csv``,
which dlt's documentation recommends for PostgreSQL as the fastest, for it is loaded by COPY.
"""

import sys
import tempfile
import time
from pathlib import Path

import dlt
import pyarrow.parquet as pq


def main() -> None:
    """Merge every parquet file of the folder into table ``resident``, by its key."""
    dsn, folder = sys.argv[1:]

    @dlt.resource(name="resident", write_disposition="merge", primary_key="personal_id")
    def residents():  # type: ignore[no-untyped-def]
        for path in sorted(Path(folder).glob("*.parquet")):
            yield pq.read_table(path)

    with tempfile.TemporaryDirectory() as state:
        pipeline = dlt.pipeline(
            "bench",
            pipelines_dir=state,
            destination=dlt.destinations.postgres(credentials=dsn),
            dataset_name="dlt_core",
        )
        begun = time.monotonic()
        pipeline.run(residents(), loader_file_format="csv")
        seconds = time.monotonic() - begun
        with pipeline.sql_client() as client:
            rows = client.execute_sql("select count(*) from resident")[0][0]
    print(rows)
    print(seconds)


if __name__ == "__main__":
    main()
