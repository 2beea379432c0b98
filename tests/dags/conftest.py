"""A real Airflow for DAG tests: its metadata database on the tests' PostgreSQL."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from ministries.servers import Running, running
from tests.conftest import Cluster
from tests.lib.syncing import SOURCES, connection


@pytest.fixture(scope="package")
def airflow(cluster: Cluster) -> Iterator[None]:
    """Airflow with an initialised metadata database; its session ends before its server does."""
    cluster.database(name="airflow")
    from airflow import settings
    from airflow.utils import db

    db.initdb()
    yield
    if settings.Session is not None:
        settings.Session.remove()


@pytest.fixture(scope="session")
def dag_ministries() -> Iterator[Running]:
    with running("tien_giang_2022", 0.001) as ministries:
        yield ministries


@pytest.fixture
def connected(
    airflow: None, dag_ministries: Running, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Running]:
    """Ministries that Airflow knows by connection; healthy again after the test."""
    for source in SOURCES:
        name = f"AIRFLOW_CONN_DEAN06_{source.upper()}"
        monkeypatch.setenv(name, connection(dag_ministries, source))
    yield dag_ministries
    dag_ministries.faults.clear()


@pytest.fixture
def heads(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Signed heads and publications of the test's own warehouse."""
    monkeypatch.setenv("DEAN06_AUDIT_HEADS", (tmp_path / "heads").as_uri())
    monkeypatch.setenv("DEAN06_PUBLICATION_KEYS", str(tmp_path / "publication_keys.json"))
    monkeypatch.setenv("DEAN06_SIGNED_PUBLICATIONS", (tmp_path / "publications").as_uri())
