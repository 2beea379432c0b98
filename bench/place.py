"""Where the bench works: a PostgreSQL of its own, a landing zone, a cache; all in ``.bench/``."""

import multiprocessing
import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import psycopg2
from psycopg2 import sql

from bench import step
from onebox.ports import free_port
from onebox.postgres import PostgresServer

PROJECT = Path(__file__).resolve().parents[1]
CACHE = PROJECT / ".bench"


@dataclass(frozen=True)
class Cost:
    """What one step cost, in a process of its own: without the interpreter's start and imports,
    which a worker pays once."""

    seconds: float
    peak_megabytes: float
    processor_seconds: float
    """Of the process itself; what PostgreSQL does for it is not among them."""


class Place:
    """One run of the bench. Durability is that of production: fsync stays on."""

    def __init__(self, cache: Path, scale: float, repeat: int) -> None:
        self.cache, self.scale, self.repeat = cache, scale, repeat
        self._server = PostgresServer(cache / "postgres", free_port())
        self._databases = 0
        self.shard_bytes: int | None = None
        """``DEAN06_SHARD_BYTES``, where it is not the default."""
        self._forks = multiprocessing.get_context("forkserver")
        self._forks.set_forkserver_preload(["bench.step"])
        self._begun = time.monotonic()

    def __enter__(self) -> "Place":
        self.cache.mkdir(parents=True, exist_ok=True)
        self._server.remove()
        self._server.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.remove()

    @cached_property
    def landing(self) -> Path:
        """The landing zone that all warehouses of the bench share."""
        return self.cache / "landing"

    @cached_property
    def migrated(self) -> str:
        """A migrated warehouse, to be copied."""
        self._execute("create database migrated")
        self.step("migrated", "migrate")
        return "migrated"

    @contextmanager
    def warehouse(self, template: str | None = None) -> Iterator[str]:
        """An empty warehouse, or a copy of another; dropped afterwards."""
        name = self.keep(template)
        try:
            yield name
        finally:
            self.drop(name)

    def keep(self, template: str | None = None) -> str:
        """As ``warehouse``, until it is dropped."""
        self._databases += 1
        name = f"bench_{self._databases}"
        self._execute(
            "create database {} template {}", name, self.migrated if template is None else template
        )
        return name

    def drop(self, name: str) -> None:
        """Drop a database, and have whatever it left behind written out."""
        self._execute("drop database {} with (force)", name)

    def say(self, what: str) -> None:
        """Tell how far the run is."""
        print(f"{time.monotonic() - self._begun:6.0f} s  {what}", flush=True)

    def settle(self) -> None:
        """Write dirty pages out, so that no case pays for the one before."""
        self._execute("checkpoint")

    def url(self, database: str) -> str:
        """The SQLAlchemy URL of a database, as superuser."""
        return self._server.url(database)

    def dsn(self, database: str) -> str:
        """The same for libpq."""
        return self.url(database).replace("+psycopg2", "")

    def step(self, database: str, *words: str) -> Cost:
        """Run one step of ``bench.step`` in a process of its own."""
        receiver, sender = self._forks.Pipe(duplex=False)
        child = self._forks.Process(
            target=step.run, args=(self._environment(database), words, sender)
        )
        child.start()
        sender.close()
        try:
            seconds, peak, processor, wrong = receiver.recv()
        except EOFError:
            wrong = "the process died"
        child.join()
        if wrong:
            raise RuntimeError(f"{words[0]}: {wrong}")
        return Cost(seconds, peak, processor)

    def log_position(self, database: str) -> int:
        """Bytes that PostgreSQL has ever written to its write-ahead log."""
        position = "select pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')"
        return int(str(self.rows(database, position)[0][0]))

    def server_seconds(self) -> float:
        """Processor seconds of PostgreSQL, with all its processes that have ended."""
        leader = (self._server.data / "postmaster.pid").read_text().split()[0]
        children = Path(f"/proc/{leader}/task/{leader}/children").read_text().split()
        return sum(map(_processor_seconds, [leader, *children]))

    def peer(self, python: Path, *words: str) -> tuple[int, float]:
        """Run a program of a peer's own environment; returns the rows and seconds it states."""
        done = subprocess.run(
            [str(python), *words], capture_output=True, text=True, check=False, cwd=self.cache,
            env={k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "VIRTUAL"))},
        )  # fmt: skip
        if done.returncode:
            raise RuntimeError(f"{words[0]} failed:\n{done.stdout[-2000:]}{done.stderr[-4000:]}")
        rows, seconds = done.stdout.splitlines()[-2:]
        return int(rows), float(seconds)

    def rows(self, database: str, query: str) -> list[tuple[object, ...]]:
        """Rows of a query."""
        with psycopg2.connect(self.dsn(database)) as connection, connection.cursor() as cursor:
            cursor.execute(query)
            found = cursor.fetchall()
        connection.close()
        return found

    def change(self, database: str, statement: str) -> None:
        """Run a statement in a database, as superuser."""
        connection = psycopg2.connect(self.dsn(database))
        connection.autocommit = True  # VACUUM runs in no transaction
        with connection.cursor() as cursor:
            cursor.execute(statement)
        connection.close()

    def _environment(self, database: str) -> dict[str, str]:
        """What dean06 reads."""
        sharded = {"DEAN06_SHARD_BYTES": str(self.shard_bytes)} if self.shard_bytes else {}
        return {
            **sharded,
            "DEAN06_WAREHOUSE_DSN": self.url(database),
            "DEAN06_LANDING": self.landing.as_uri(),
            "GX_ANALYTICS_ENABLED": "false",
        }

    def _execute(self, statement: str, *identifiers: str) -> None:
        self._server.execute(sql.SQL(statement).format(*map(sql.Identifier, identifiers)))


def _processor_seconds(process: str) -> float:
    """Of a process and of its children that have ended; 0 of one that has just ended itself: then
    its parent has them."""
    try:
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")
