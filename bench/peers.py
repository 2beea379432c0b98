"""What dean06 is compared with: raw COPY, and other programs, each in its own environment."""

import gzip
import io
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import psycopg2
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from bench import landed
from bench.place import Place


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


AS_LINES = r"with (format csv, quote e'\x01', delimiter e'\x02')"
"""Neither quote nor delimiter occurs: a line is one value, as it is."""


def raw_copy(place: Place, database: str, listed: Path) -> float:
    """COPY the lines of landed files as text; returns seconds to the commit."""
    return copy_lines(place, database, _Joined(listed))


def copy_lines(place: Place, database: str, lines: io.RawIOBase | IO[bytes]) -> float:
    """COPY lines into an unlogged table of one text column; returns seconds to the commit."""
    connection = psycopg2.connect(place.dsn(database))
    begun = time.monotonic()
    with connection.cursor() as cursor:
        cursor.execute("create unlogged table raw (line text)")
        cursor.copy_expert(f"copy raw from stdin {AS_LINES}", lines)
    connection.commit()
    seconds = time.monotonic() - begun
    connection.close()
    return seconds


def parquet(place: Place, database: str, listed: Path) -> Path:
    """The accepted residents as typed parquet, so that no peer need parse or judge them."""
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


@dataclass(frozen=True)
class Peer:
    """A program that loads the typed parquet, in an environment of its own."""

    name: str
    package: str
    version: str
    """Of ``package``, which the others go with."""
    extras: str = ""
    beside: tuple[str, ...] = ()
    keeps_versions: bool = False
    """Whether it appends every version instead of merging by key."""

    def load(self, place: Place, database: str, folder: Path, *words: str) -> float:
        """Seconds in which the peer loads the residents.

        Raises RuntimeError when its table then holds another number of rows than it should.
        """
        script = Path(__file__).with_name(f"{self.name}_load.py")
        dsn = place.dsn(database)
        rows, seconds = place.peer(self._python(place), str(script), dsn, str(folder), *words)
        if rows != (expected := self._expected(folder)):
            raise RuntimeError(f"{self.name}: {rows:,} rows in the end, {expected:,} expected")
        return seconds

    def _expected(self, folder: Path) -> int:
        keys = pq.read_table(folder, columns=["personal_id"])["personal_id"]
        return len(keys) if self.keeps_versions else int(pc.count_distinct(keys).as_py())

    def _python(self, place: Place) -> Path:
        """The Python of its environment, made on first use."""
        python = place.cache / f"{self.name}-{self.version}" / "bin" / "python"
        if not python.exists():
            uv = Path(sys.executable).with_name("uv")
            subprocess.run([uv, "venv", "-q", python.parents[1]], check=True)
            packages = [f"{self.package}{self.extras}=={self.version}", *self.beside]
            subprocess.run([uv, "pip", "install", "-q", "--python", python, *packages], check=True)
        return python


DLT = Peer("dlt", "dlt", "1.31.0", "[postgres,parquet]")
ADBC = Peer("adbc", "adbc-driver-postgresql", "1.13.0", beside=("pyarrow==26.0.1",))
PANDAS = Peer(
    "pandas", "pandas", "3.1.1", keeps_versions=True,
    beside=("pyarrow==26.0.1", "sqlalchemy==2.1.9", "psycopg2-binary==2.9.13"),
)  # fmt: skip
ALL = (DLT, ADBC, PANDAS)


def tenth(folder: Path) -> Path:
    """The first tenth of the parquet's records, in a folder of its own."""
    part = folder.with_name(f"{folder.stem}-tenth.parquet")
    if not part.exists():
        records = pq.read_table(folder)
        part.mkdir()
        pq.write_table(records[: len(records) // landed.TENTH], part / "0000.parquet")
    return part
