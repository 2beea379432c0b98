"""What tests share: one private PostgreSQL, a fresh warehouse for each test that asks, Airflow.

Airflow reads its settings at import, so they are set here before anything imports it. Each process
of pytest-xdist imports this file, and so has a home, ports and a database server of its own.
"""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from onebox import ports
from onebox.postgres import PostgresServer

# Of two processes that look for a free port in the same moment, each looks at its own.
_PROCESS = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
_PROCESSES = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
ports._BELOW_OUTGOING = ports._BELOW_OUTGOING[_PROCESS::_PROCESSES]

_OWNER, _PASSWORD = "dean06_owner", "only-on-this-machine"
_PORT = ports.free_port()
_MEMORY, _ROOM = Path("/dev/shm"), 4 << 30  # noqa: S108  # mkdtemp makes a folder of our own


def _in_memory() -> Path | None:
    """Where files cost no disk, if this machine has it: a thousand files make a database, and a
    database is made and dropped for every test."""
    if not _MEMORY.is_dir():
        return None
    found = os.statvfs(_MEMORY)
    can_run = not found.f_flag & os.ST_NOEXEC  # the server's binaries may have to be copied
    return _MEMORY if can_run and found.f_bavail * found.f_frsize >= _ROOM else None


_HOME = Path(tempfile.mkdtemp(prefix="dean06-tests-", dir=_in_memory()))
_HOME.chmod(0o755)
_PROJECT = Path(__file__).resolve().parents[1]
os.environ |= {
    "AIRFLOW_HOME": str(_HOME / "airflow"),
    "AIRFLOW__CORE__DAGS_FOLDER": str(_PROJECT / "dags"),
    "AIRFLOW__CORE__PLUGINS_FOLDER": str(_PROJECT / "plugins"),
    "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
    "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": (
        f"postgresql+psycopg2://{_OWNER}:{_PASSWORD}@127.0.0.1:{_PORT}/airflow"
    ),
    "AIRFLOW__LOGGING__BASE_LOG_FOLDER": str(_HOME / "task-logs"),
    "DEAN06_LANDING": (_HOME / "landing").as_uri(),
    "DEAN06_AGENCY_LISTS": (_HOME / "agency_lists").as_uri(),
    "DEAN06_LINEAGE": str(_HOME / "lineage.jsonl"),
    "DEAN06_TOKEN_KEYS": str(_HOME / "token_keys.json"),
    "DEAN06_AUDIT_KEYFILE": str(_HOME / "audit_key.pem"),
    "DEAN06_AUDIT_HEADS": (_HOME / "audit_heads").as_uri(),
    "DEAN06_PUBLICATION_KEYS": str(_HOME / "publication_keys.json"),
    "DEAN06_SIGNED_PUBLICATIONS": (_HOME / "signed_publications").as_uri(),
    "DEAN06_OPEN_DATA": (_HOME / "open_data").as_uri(),
    "DEAN06_DATA_DOCS": str(_HOME / "data_docs"),
    "DEAN06_RETRY_SECONDS": "0.1",
    "DEAN06_SCHEDULE_FROM": "2022-01-06",
    # Tests that count three people look at all three; tests/disclosure and end_to_end hide them.
    "DEAN06_SMALLEST_SHOWN_COUNT": "1",
    "GX_ANALYTICS_ENABLED": "false",
}

import pytest  # noqa: E402
from psycopg2 import sql  # noqa: E402

from tests.lib import engines, logs, prometheus, scopes, sessions, tiers  # noqa: E402

T = TypeVar("T")
_FIRST = ("tests/browser", "tests/end_to_end", "tests/dags", "tests/faults")
"""Folders with the longest tests: begun first, so that no process ends long after the others."""


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> scopes.ByFile:
    """Not by ``xdist_group``, which does nothing with pytest 9.2 (xdist 3.8)."""
    return scopes.ByFile(config, log)


def pytest_addoption(parser: pytest.Parser) -> None:
    """``--part``."""
    parser.addoption("--part", default="1/1", help="campaigns of a part of the files only: 2/3")


@pytest.hookimpl(tryfirst=True)  # before pytest chooses by marks
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Variants that the daily tier leaves out are campaigns; the longest tests first."""
    for item in items:
        if tiers.is_left_to_campaigns(item):
            item.add_marker("campaign")
    items.sort(key=lambda item: not str(item.path.relative_to(_PROJECT)).startswith(_FIRST))
    tiers.keep_part(config, items)


def can_show_pages() -> bool:
    """Whether tests of pages can run; a machine with nothing but Python tests everything else."""
    return bool(shutil.which("chromium") or os.environ.get("CI"))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say what was not tested."""
    if not can_show_pages():
        terminalreporter.write_line("NOT TESTED: the pages; put a chromium on the path", red=True)
    if not prometheus.is_here():
        terminalreporter.write_line(
            "NOT TESTED: dashboard and alert rules; put a prometheus on the path", red=True
        )
    if skipped := _skipped_in_ci(terminalreporter):
        terminalreporter.write_line(f"FAILED: CI accepts no skipped test: {skipped}", red=True)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail a run of continuous integration in which a test was skipped."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter and _skipped_in_ci(reporter):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def _skipped_in_ci(reporter: pytest.TerminalReporter) -> int:
    return len(reporter.stats.get("skipped", ())) if os.environ.get("CI") else 0


def pytest_unconfigure() -> None:
    shutil.rmtree(_HOME, ignore_errors=True)


_SAME_LIMITS = sql.SQL(
    """update pg_database set datacl = limited.datacl from pg_database as limited
    where pg_database.datname = {} and limited.datname = {}"""
)
"""Who may connect and make temporary tables: a copy has not got it from its template."""


class Cluster:
    """The session's PostgreSQL server: makes databases, copies them from templates."""

    def __init__(self, server: PostgresServer) -> None:
        self.server = server
        self._count = 0
        # The server hashes passwords once, not 4,096 times: tests open 34,000 sessions, and so
        # each costs half the processor time.
        for statement, name, password in (
            ("create role {} login createrole password {}", _OWNER, _PASSWORD),
            ("alter role {} password {}", "postgres", server.password),
        ):
            server.execute(sql.SQL(statement).format(sql.Identifier(name), sql.Literal(password)))

    def database(self, template: str = "template1", name: str | None = None) -> str:
        """A new database; returns its SQLAlchemy URL."""
        self._count += 1
        name = name or f"test_{self._count}"
        # By file: without fsync a third cheaper than through the log, and a suite makes 2,000.
        made = sql.SQL("create database {} owner {} template {} strategy file_copy").format(
            sql.Identifier(name), sql.Identifier(_OWNER), sql.Identifier(template)
        )
        limited = _SAME_LIMITS.format(sql.Literal(name), sql.Literal(template))
        self.server.execute(made, *([limited] if template != "template1" else []))
        return self.url(name)

    def migrated(self) -> str:
        """Name of a new database with everything that ``dean06 migrate`` makes."""
        from dean06.schema import migrate

        url = self.database()
        with pointed_at(url):
            migrate.migrate()
        return name_of(url)

    @contextmanager
    def copy(self, template: str) -> Iterator[str]:
        """A copy of a database that dean06 uses for the length of the block; yields its URL.

        It is dropped at the end: 1,500 tests would leave 14 GB, and a day's files to delete.
        """
        with self._for_a_while(template) as url, pointed_at(url):
            yield url

    @contextmanager
    def prepared(self, template: str, prepare: Callable[[], T]) -> Iterator[tuple[str, T]]:
        """A database to be copied: a copy of the template in which something was done once. Yields
        its name and what was made of it."""
        with self._for_a_while(template) as url:
            with pointed_at(url):
                made = prepare()
            yield name_of(url), made

    @contextmanager
    def _for_a_while(self, template: str) -> Iterator[str]:
        url = self.database(template)
        try:
            yield url
        finally:
            name = sql.Identifier(name_of(url))
            self.server.execute(sql.SQL("drop database {} with (force)").format(name))

    def url(self, name: str) -> str:
        return f"postgresql+psycopg2://{_OWNER}:{_PASSWORD}@127.0.0.1:{self.server.port}/{name}"


@pytest.fixture(scope="session", autouse=True)
def home() -> Iterator[Path]:
    """A folder that goes with the tests, readable by the database's account."""
    sessions.keep()
    engines.keep(_HOME / "duckdb")
    yield _HOME
    shutil.rmtree(_HOME, ignore_errors=True)


@pytest.fixture(autouse=True)
def log_as_before() -> Iterator[None]:
    """A command that a test runs in this process sets up the log. Left so, every later message is
    written to a stream that pytest has closed, with a traceback: a fifth of a suite's time."""
    with logs.as_before():
        yield


@contextmanager
def private_cluster() -> Iterator[Cluster]:
    """The server of these tests, for the length of the block; campaigns use it without pytest."""
    # Durability is what tests of crashes are about; these restart from nothing.
    # A database that is made or dropped, and a temporary table that goes, each walks all pages of
    # the buffer: with 2 GB these were a seventh of the server's processor time.
    options = {"fsync": "off", "max_wal_size": "512MB", "shared_buffers": "128MB"}
    with cluster_at(_HOME / "postgres", _PORT, **options) as cluster:
        yield cluster


@contextmanager
def cluster_at(home: Path, port: int, **options: str) -> Iterator[Cluster]:
    """A server that is gone at the end of the block, with all it held."""
    server = PostgresServer(home, port, {"scram_iterations": "1", **options})
    server.start()
    try:
        yield Cluster(server)
    finally:
        server._pg_ctl("stop", "-m", "immediate", "-w", check=False)
        server.remove()


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    with private_cluster() as cluster:
        yield cluster


@pytest.fixture(scope="session")
def migrated(cluster: Cluster) -> str:
    """Name of a database that has been migrated once, to be copied."""
    return cluster.migrated()


@pytest.fixture
def warehouse(cluster: Cluster, migrated: str) -> Iterator[str]:
    """A fresh, empty warehouse that dean06 uses for the length of a test; yields its URL."""
    with cluster.copy(migrated) as url:
        yield url


def name_of(url: str) -> str:
    """The database's name in a URL."""
    return url.rsplit("/", 1)[1]


def _forget_engines() -> None:
    """The next transaction asks which warehouse; nobody is left in the one before."""
    from dean06 import warehouse

    warehouse.engine.cache_clear()
    sessions.dispose()


class pointed_at:  # noqa: N801  # reads as a statement
    """Has dean06 use another warehouse while the block lasts."""

    def __init__(self, url: str) -> None:
        self._url = url

    def __enter__(self) -> None:
        self._before = os.environ.get("DEAN06_WAREHOUSE_DSN")
        _forget_engines()
        os.environ["DEAN06_WAREHOUSE_DSN"] = self._url

    def __exit__(self, *_: object) -> None:
        _forget_engines()
        del os.environ["DEAN06_WAREHOUSE_DSN"]
        if self._before is not None:
            os.environ["DEAN06_WAREHOUSE_DSN"] = self._before


@pytest.fixture
def signed_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keys and signed publications of the test's own; the folder of the publications."""
    monkeypatch.setenv("DEAN06_PUBLICATION_KEYS", str(tmp_path / "publication_keys.json"))
    monkeypatch.setenv("DEAN06_SIGNED_PUBLICATIONS", (tmp_path / "publications").as_uri())
    return tmp_path / "publications"
