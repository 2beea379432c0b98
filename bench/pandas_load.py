"""The same residents by pandas, in an environment of its own: parquet in, appended to PostgreSQL.

    python pandas_load.py DSN FOLDER copy|multi

As a user would write it: a file is read, ``to_sql`` appends it. ``copy`` takes the insertion method
that pandas' guide gives for databases with COPY (user guide, "Insertion method"), in chunks;
``multi`` takes pandas' own ``method="multi"``. Prints the rows of the table and the seconds.
"""

import csv
import io
import sys
import time
from pathlib import Path

import pandas as pd
import sqlalchemy as sa

CHUNK = {"copy": 100_000, "multi": 1000}


def insert_by_copy(table, connection, names, rows):  # type: ignore[no-untyped-def]
    """Insert a chunk by COPY, as pandas' guide shows it."""
    buffer = io.StringIO()
    csv.writer(buffer).writerows(rows)
    buffer.seek(0)
    columns = ", ".join(f'"{name}"' for name in names)
    with connection.connection.cursor() as cursor:
        cursor.copy_expert(f"copy {table.name} ({columns}) from stdin with csv", buffer)


def main() -> None:
    """Append every parquet file of the folder to table ``resident``."""
    dsn, folder, method = sys.argv[1:]
    engine = sa.create_engine(dsn.replace("postgresql://", "postgresql+psycopg2://"))
    begun = time.monotonic()
    for path in sorted(Path(folder).glob("*.parquet")):
        pd.read_parquet(path).to_sql(
            "resident", engine, if_exists="append", index=False, chunksize=CHUNK[method],
            method=insert_by_copy if method == "copy" else "multi",
        )  # fmt: skip
    seconds = time.monotonic() - begun
    with engine.connect() as connection:
        print(connection.execute(sa.text("select count(*) from resident")).scalar_one())
    print(seconds)


if __name__ == "__main__":
    main()
