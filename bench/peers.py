"""What dean06 is compared with: raw COPY, and dlt in an environment of its own."""

import gzip
import io
import subprocess
import sys
import time
from pathlib import Path

import psycopg2
import pyarrow as pa
import pyarrow.parquet as pq

from bench import landed
from bench.place import Place

DLT = "1.31.0"


class _Joined(io.RawIOBase):
    """The bytes of all landed files, one after another, unpacked while they are read.

    What PostgreSQL could not take as text is replaced; that is dean06's to notice, not COPY's.
    """

    def __init__(self, listed: Path) -> None:
        self._bodies = map(self._storable, landed.paths(listed))

    @staticmethod
    def _storable(path: str) -> bytes:
        body = gzip.decompress(Path(path).read_bytes()).replace(b"\0", b" ")
        try:
            body.decode()
        except UnicodeDecodeError:
            body = body.decode(errors="replace").encode()
        return body

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        del size  # libpq takes what it gets
        return next(self._bodies, b"")


def raw_copy(place: Place, database: str, listed: Path) -> float:
    """COPY the lines into an unlogged table of one text column; returns seconds to the commit."""
    connection = psycopg2.connect(place.dsn(database))
    begun = time.monotonic()
    with connection.cursor() as cursor:
        cursor.execute("create unlogged table raw (line text)")
        # Neither quote nor delimiter occurs: a line is one value, as it is.
        cursor.copy_expert(
            r"copy raw from stdin with (format csv, quote e'\x01', delimiter e'\x02')",
            _Joined(listed),
        )  # fmt: skip
    connection.commit()
    seconds = time.monotonic() - begun
    connection.close()
    return seconds


def parquet(place: Place, database: str, listed: Path) -> Path:
    """The accepted residents as typed parquet, so that dlt need neither parse nor judge them."""
    folder = listed.with_suffix(".parquet")
    if folder.exists():
        return folder
    folder.mkdir()
    connection = psycopg2.connect(place.dsn(database))
    with connection.cursor("residents") as cursor:
        cursor.itersize = 200_000
        cursor.execute(
            """select personal_id, full_name, birth_date, born_on, birth_year, sex_code,
                      household_id, residence_type, commune_code, residence_status, effective_on,
                      is_deleted, updated_at
               from core.police__resident order by updated_at, personal_id"""
        )
        number = 0
        while rows := cursor.fetchmany(200_000):
            names = [column.name for column in cursor.description or ()]
            columns = [pa.array(column) for column in zip(*rows, strict=True)]
            pq.write_table(pa.table(columns, names=names), folder / f"{number:04d}.parquet")
            number += 1
    connection.close()
    return folder


def dlt_python(place: Place) -> Path:
    """The Python of dlt's environment, made on first use."""
    python = place.cache / f"dlt-{DLT}" / "bin" / "python"
    if not python.exists():
        uv = Path(sys.executable).with_name("uv")
        subprocess.run([uv, "venv", "-q", python.parents[1]], check=True)
        packages = [f"dlt[postgres,parquet]=={DLT}"]
        subprocess.run([uv, "pip", "install", "-q", "--python", python, *packages], check=True)
    return python


def dlt(place: Place, database: str, folder: Path) -> float:
    """Seconds in which dlt merges the residents."""
    script = Path(__file__).with_name("dlt_load.py")
    return place.peer(dlt_python(place), str(script), place.dsn(database), str(folder))
