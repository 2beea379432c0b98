"""What tests share: one private PostgreSQL, a fresh warehouse for each test that asks, Airflow.

Airflow reads its settings at import, so they are set here before anything imports it.
"""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from onebox.ports import free_port
from onebox.postgres import PostgresServer

_OWNER, _PASSWORD = "dean06_owner", "only-on-this-machine"
_PORT = free_port()
_HOME = Path(tempfile.mkdtemp(prefix="dean06-tests-"))
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
    "DEAN06_DATA_DOCS": str(_HOME / "data_docs"),
    "DEAN06_RETRY_SECONDS": "0.1",
    "DEAN06_SCHEDULE_FROM": "2022-01-06",
    # Tests that count three people look at all three; tests/disclosure and end_to_end hide them.
    "DEAN06_SMALLEST_SHOWN_COUNT": "1",
    "GX_ANALYTICS_ENABLED": "false",
}

import pytest  # noqa: E402
from psycopg2 import sql  # noqa: E402


class Cluster:
    """The session's PostgreSQL server: makes databases, copies them from templates."""

    def __init__(self, server: PostgresServer) -> None:
        self.server = server
        self._count = 0
        server.execute(
            sql.SQL("create role {} login createrole password {}").format(
                sql.Identifier(_OWNER), sql.Literal(_PASSWORD)
            )
        )

    def database(self, template: str = "template1", name: str | None = None) -> str:
        """A new database; returns its SQLAlchemy URL."""
        self._count += 1
        name = name or f"test_{self._count}"
        self.server.execute(
            sql.SQL("create database {} owner {} template {}").format(
                sql.Identifier(name), sql.Identifier(_OWNER), sql.Identifier(template)
            )
        )
        return self.url(name)

    def url(self, name: str) -> str:
        return f"postgresql+psycopg2://{_OWNER}:{_PASSWORD}@127.0.0.1:{self.server.port}/{name}"


@pytest.fixture(scope="session")
def home() -> Path:
    """A folder that goes with the machine, readable by the database's account."""
    return _HOME


@contextmanager
def private_cluster() -> Iterator[Cluster]:
    """The server of these tests, for the length of the block; campaigns use it without pytest."""
    # Durability is what the fault tests are about; these restart from nothing.
    server = PostgresServer(_HOME / "postgres", _PORT, {"fsync": "off"})
    server.start()
    try:
        yield Cluster(server)
    finally:
        server.remove()


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    with private_cluster() as cluster:
        yield cluster


@pytest.fixture(scope="session")
def migrated(cluster: Cluster) -> str:
    """Name of a database that has been migrated once, to be copied."""
    from dean06.schema import migrate

    url = cluster.database()
    with pointed_at(url):
        migrate.migrate()
    return url.rsplit("/", 1)[1]


@pytest.fixture
def warehouse(cluster: Cluster, migrated: str) -> Iterator[str]:
    """A fresh, empty warehouse that dean06 uses for the length of a test; yields its URL."""
    url = cluster.database(template=migrated)
    with pointed_at(url):
        yield url


class pointed_at:  # noqa: N801  # reads as a statement
    """Has dean06 use another warehouse while the block lasts."""

    def __init__(self, url: str) -> None:
        self._url = url

    def __enter__(self) -> None:
        from dean06 import warehouse

        self._before = os.environ.get("DEAN06_WAREHOUSE_DSN")
        warehouse.engine.cache_clear()
        os.environ["DEAN06_WAREHOUSE_DSN"] = self._url

    def __exit__(self, *_: object) -> None:
        from dean06 import warehouse

        warehouse.engine.cache_clear()
        del os.environ["DEAN06_WAREHOUSE_DSN"]
        if self._before is not None:
            os.environ["DEAN06_WAREHOUSE_DSN"] = self._before
