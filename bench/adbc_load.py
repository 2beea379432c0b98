"""The same residents by Arrow's database driver: parquet in, merged into PostgreSQL by SQL.

    python adbc_load.py DSN FOLDER

What an engineer writes who wants no loading tool: the driver's ``adbc_ingest`` (binary COPY of
Arrow batches, as its documentation recommends for bulk ingestion) fills a table, and one ``insert
… on conflict`` merges the newest version of each key. Prints the rows of the table and the seconds.
"""

import sys
import time

import pyarrow.dataset as ds
from adbc_driver_postgresql import dbapi

CREATE = "create table resident as select * from arrived with no data"
KEY = "alter table resident add primary key (personal_id)"
MERGE = """
    insert into resident
    select distinct on (personal_id) * from arrived order by personal_id, updated_at desc
    on conflict (personal_id) do update set ({names}) = row ({excluded})
"""


def main() -> None:
    """Merge every parquet file of the folder into table ``resident``, by its key."""
    dsn, folder = sys.argv[1:]
    begun = time.monotonic()
    with dbapi.connect(dsn) as connection, connection.cursor() as cursor:
        arrived = ds.dataset(folder).scanner().to_reader()
        names = arrived.schema.names
        cursor.adbc_ingest("arrived", arrived, mode="create")
        cursor.execute(CREATE)
        cursor.execute(KEY)
        excluded = ", ".join(f"excluded.{name}" for name in names)
        cursor.execute(MERGE.format(names=", ".join(names), excluded=excluded))
        cursor.execute("drop table arrived")
        connection.commit()
        seconds = time.monotonic() - begun
        cursor.execute("select count(*) from resident")
        print(cursor.fetchone()[0])
    print(seconds)


if __name__ == "__main__":
    main()
