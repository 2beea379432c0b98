"""Behind PgBouncer in transaction mode, where each transaction may get another connection."""

from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest

from dean06.errors import Dean06Error, WarehouseError
from dean06.kpi.build import build_kpis
from dean06.reports.digest import warehouse_digest
from dean06.schema import backup
from dean06.warehouse import LOADER, transaction
from tests.conftest import Cluster, pointed_at
from tests.lib import counted_things
from tests.lib.loading import rows
from tests.lib.pgbouncer import pooled

DAY = "2022-10-31"
WHO = "select current_user, current_setting('timezone'), current_setting('search_path')"


@pytest.fixture
def pool_of_one(warehouse: str) -> Iterator[str]:
    """All transactions get the same connection; dean06 uses it. Yields its URL."""
    with pooled(warehouse, size=1) as url, pointed_at(url):
        yield url


def _fill() -> str:
    counted_things.load_all()
    counted_things.reach(DAY)
    build_kpis()
    return warehouse_digest()["total"]


def test_a_day_through_a_pool_ends_as_without(cluster: Cluster, migrated: str) -> None:
    with cluster.copy(migrated):
        without = _fill()
    with (
        cluster.copy(migrated) as url,
        pooled(url) as through,
        pointed_at(through),
    ):
        assert _fill() == without
        assert rows("select count(*) > 300 from mart.kpi_latest") == [(True,)]


@pytest.mark.parametrize("role", [LOADER, "dean06_bi", ""])
def test_settings_that_others_left_on_a_connection_change_nothing(
    pool_of_one: str, role: str
) -> None:
    careless = psycopg2.connect(pool_of_one.replace("+psycopg2", ""))
    careless.autocommit = True
    with careless.cursor() as cursor:
        cursor.execute("set role dean06_steward; set timezone = 'UTC'; set search_path = ops")
        cursor.execute("select current_user")
        assert cursor.fetchone() == ("dean06_steward",)
    careless.close()
    with transaction(role=role) as session:
        found = session.one(f"{WHO}, session_user")
    path = "pg_temp,public" if role == LOADER else "public"
    assert tuple(found) == (role or found.session_user, "Asia/Ho_Chi_Minh", path, "dean06_owner")


def test_a_role_lasts_no_longer_than_its_transaction(pool_of_one: str) -> None:
    with transaction(role="dean06_bi") as session:
        assert session.one(WHO)[0] == "dean06_bi"
    other = psycopg2.connect(pool_of_one.replace("+psycopg2", ""))
    with other.cursor() as cursor:
        cursor.execute("select current_user = session_user")
        assert cursor.fetchone() == (True,)
    other.close()


@pytest.mark.usefixtures("warehouse")
def test_nothing_runs_as_somebody_else() -> None:
    """Without a transaction, settings do not last: then no statement may follow."""
    with (
        pytest.raises(WarehouseError, match="runs as dean06_owner instead of dean06_loader"),
        transaction(isolation="AUTOCOMMIT"),
    ):
        pytest.fail("it ran")


def test_a_pool_by_statement_is_refused(warehouse: str) -> None:
    with (
        pooled(warehouse, mode="statement") as url,
        pointed_at(url),
        pytest.raises(WarehouseError),
        transaction() as session,
    ):
        session.run("select 1")


def test_a_backup_goes_around_the_pool(
    pool_of_one: str, warehouse: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(Dean06Error, match="set DEAN06_WAREHOUSE_DIRECT_DSN"):
        backup.backup(tmp_path / "saved.dump")
    assert not (tmp_path / "saved.dump").exists()
    monkeypatch.setenv("DEAN06_WAREHOUSE_DIRECT_DSN", warehouse)
    backup.backup(tmp_path / "saved.dump")
    assert (tmp_path / "saved.dump").stat().st_size > 10_000
