"""What database tests share beside the warehouse."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from dean06 import settings
from dean06.kpi import family
from dean06.rules import ahead
from tests.conftest import Cluster, pointed_at
from tests.lib import prometheus
from tests.lib.histories import prepare_small_country

if not prometheus.is_here():
    collect_ignore = ["test_metrics_scraped.py"]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An otherwise empty folder of KPI files."""
    monkeypatch.setattr(family, "_FOLDER", tmp_path)
    family.families.cache_clear()
    yield tmp_path
    family.families.cache_clear()


@pytest.fixture
def sql_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of include/sql that a test may edit."""
    copy = tmp_path / "sql"
    shutil.copytree(settings.SQL, copy)
    monkeypatch.setattr(settings, "SQL", copy)
    return copy


@pytest.fixture
def superuser(cluster: Cluster, warehouse: str) -> Iterator[str]:
    """Has dean06 use the test's warehouse as PostgreSQL's superuser; yields its name."""
    with pointed_at(cluster.server.url(warehouse.rsplit("/", 1)[1])):
        yield "postgres"


@pytest.fixture
def lists_root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The agencies' lists of the test's own."""
    monkeypatch.setenv("DEAN06_AGENCY_LISTS", (tmp_path / "lists").as_uri())
    return tmp_path / "lists"


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lists_root: Path) -> Path:
    """Holds a landing and a folder of lists of the test's own."""
    monkeypatch.setenv("DEAN06_LANDING", (tmp_path / "landing").as_uri())
    return lists_root.parent


@pytest.fixture
def heads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Key and signed heads of the audit chain of the test's own; the heads' folder."""
    monkeypatch.setenv("DEAN06_AUDIT_KEYFILE", str(tmp_path / "audit_key.pem"))
    monkeypatch.setenv("DEAN06_AUDIT_HEADS", (tmp_path / "heads").as_uri())
    return tmp_path / "heads"


@pytest.fixture
def compiled_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Suites that a test edits are compiled in this process, which imports Great Expectations once.

    A compiler in a process of its own, as ``test_ahead`` runs it, imports it for each suite.
    """

    def answered(_: str, given: bytes) -> bytes:
        from dean06.rules import compiler

        requests = msgspec.json.decode(given, type=list[ahead.Request])
        return msgspec.json.encode([compiler.answer(request) for request in requests])

    monkeypatch.setattr(ahead, "run_with_great_expectations", answered)


@pytest.fixture(scope="module")
def small_country(cluster: Cluster, migrated: str) -> Iterator[str]:
    """Name of a warehouse in which a build of a day takes a third of a second."""
    with cluster.prepared(migrated, prepare_small_country) as (name, _):
        yield name
