"""Two warehouses on one server, each with an owner, roles and readers of its own."""

from collections.abc import Iterator
from dataclasses import dataclass

import psycopg2
import pytest
from sqlalchemy import make_url

from dean06 import roles
from dean06.errors import Dean06Error, WarehouseError
from dean06.identity.verify import verify_identities
from dean06.privacy import readers
from dean06.schema import migrate
from dean06.warehouse import sql_file, transaction
from tests.conftest import Cluster, name_of, pointed_at
from tests.lib.loading import load_police, resident

PASSWORD = "only-on-this-machine"
OWNER, PREFIX, DATABASE = "second_owner", "second", "second_warehouse"
LOGINS = {"reader_of_first": "dean06_bi", "reader_of_second": "second_bi"}
RENAMED = "renamed"


@dataclass(frozen=True)
class Second:
    """The other warehouse of the server."""

    url: str
    """As its owner."""

    def __post_init__(self) -> None:
        assert name_of(self.url) == DATABASE


@pytest.fixture(scope="module")
def second(cluster: Cluster) -> Iterator[Second]:
    """A database of another owner, not migrated yet; its roles go with it."""
    for statement in (
        f"create role {OWNER} login createrole password '{PASSWORD}'",
        f"create database {DATABASE} owner {OWNER}",
    ):
        cluster.server.execute(statement)
    url = make_url(cluster.url(DATABASE)).set(username=OWNER, password=PASSWORD)
    yield Second(url.render_as_string(hide_password=False))
    cluster.server.execute(f"drop database {DATABASE} with (force)")
    for prefix in (PREFIX, RENAMED):
        for purpose in roles.PURPOSES:
            cluster.server.execute(f"drop role if exists {prefix}_{purpose}")
    cluster.server.execute(f"drop role {OWNER}")


@pytest.fixture
def migrated_second(second: Second, monkeypatch: pytest.MonkeyPatch) -> Iterator[Second]:
    """The other warehouse, which dean06 uses for the length of a test."""
    monkeypatch.setenv("DEAN06_ROLE_PREFIX", PREFIX)
    with pointed_at(second.url):
        migrate.migrate()
        yield second


def test_a_second_owner_is_told_to_choose_a_prefix(warehouse: str, second: Second) -> None:
    assert warehouse
    with pointed_at(second.url), pytest.raises(WarehouseError, match="DEAN06_ROLE_PREFIX") as told:
        migrate.migrate()
    assert "dean06_loader" in str(told.value)


@pytest.mark.parametrize("prefix", ["Second", "2nd", "a-b", "x; drop role", "p" * 41])
def test_a_prefix_that_begins_no_name_is_refused(
    monkeypatch: pytest.MonkeyPatch, prefix: str
) -> None:
    monkeypatch.setenv("DEAN06_ROLE_PREFIX", prefix)
    with pytest.raises(Dean06Error, match="DEAN06_ROLE_PREFIX"):
        roles.named("dean06_loader")


def test_both_load_and_neither_reads_the_other(
    cluster: Cluster, warehouse: str, migrated_second: Second, monkeypatch: pytest.MonkeyPatch
) -> None:
    load_police("one", "2022-10-31", [resident(), resident(soDinhDanh="082190000002")])
    verify_identities()
    with transaction() as session:
        assert session.one("select current_user as role").role == "second_loader"
    with pointed_at(warehouse), monkeypatch.context() as first:
        first.delenv("DEAN06_ROLE_PREFIX")
        load_police("one", "2022-10-31", [resident()])
        with transaction() as session:
            assert session.one("select current_user as role").role == "dean06_loader"
            assert session.one("select count(*) as n from core.police__resident").n == 1
    for login, role in LOGINS.items():
        cluster.server.execute(f"create role {login} login in role {role} password '{PASSWORD}'")
    try:
        databases = {"reader_of_first": name_of(warehouse), "reader_of_second": DATABASE}
        for login in LOGINS:
            for database in databases.values():
                if database == databases[login]:
                    assert _read(cluster, login, database) == [(0,)]
                    continue
                with pytest.raises(psycopg2.OperationalError, match="permission denied for data"):
                    _read(cluster, login, database)
    finally:
        for login in LOGINS:
            cluster.server.execute(f"drop role {login}")


def test_an_owner_enters_its_own_warehouse_only(
    cluster: Cluster, warehouse: str, migrated_second: Second
) -> None:
    with pytest.raises(psycopg2.OperationalError, match="permission denied for database"):
        _read(cluster, OWNER, name_of(warehouse))
    first_owner = make_url(warehouse)
    with pytest.raises(psycopg2.OperationalError, match="permission denied for database"):
        _read(cluster, str(first_owner.username), DATABASE, str(first_owner.password))
    assert migrated_second


def test_readers_of_a_prefix_reach_what_readers_of_the_usual_one_do(
    warehouse: str, migrated_second: Second, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every grant, policy and function of the files is under the names of the warehouse."""
    assert migrated_second
    found = {purpose: _reach(purpose) for purpose in roles.PURPOSES}
    with pointed_at(warehouse), monkeypatch.context() as first:
        first.delenv("DEAN06_ROLE_PREFIX")
        assert {purpose: _reach(purpose) for purpose in roles.PURPOSES} == found
    assert found["bi"]
    with transaction(role="") as session:
        named = session.rows(
            """select distinct grantee from information_schema.role_table_grants
               where grantee like 'dean06%'
               union all
               select policyname from pg_policies where roles::text like '%dean06%'
               union all
               select proname from pg_proc where prosrc like '%''dean06\\_%'"""
        )
    assert named == []


def test_the_files_of_a_superuser_name_the_roles_of_the_warehouse(
    cluster: Cluster, migrated_second: Second
) -> None:
    assert migrated_second
    texts = [sql_file(f"audit/{name}.sql") for name in ("limit_readers", "own_trail")]
    with pointed_at(cluster.server.url(DATABASE)), transaction(role="") as session:
        for text in texts:
            session.script(text)
        owner = session.one(
            "select relowner::regrole::text as name from pg_class where relname = 'audit_note'"
        ).name
        session.script(sql_file("audit/return_trail.sql"))
        session.run("drop owned by second_trail")
        session.run("drop role second_trail")
    assert owner == "second_trail"


def test_a_warehouse_follows_its_roles_when_they_are_renamed(
    cluster: Cluster, migrated_second: Second, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Last of the file: it renames the roles."""
    assert migrated_second
    monkeypatch.setenv("DEAN06_ROLE_PREFIX", RENAMED)
    with pytest.raises(WarehouseError, match="DEAN06_ROLE_PREFIX to the prefix that the warehouse"):
        migrate.migrate()
    for purpose in roles.PURPOSES:
        cluster.server.execute(f"alter role {PREFIX}_{purpose} rename to {RENAMED}_{purpose}")
    migrate.migrate()
    load_police("renamed", "2022-11-01", [])
    with transaction(role="") as session:
        left = session.rows("select proname from pg_proc where prosrc like '%''second\\_%'")
    assert left == []


def _reach(purpose: str) -> set[str]:
    found = readers.reachable(f"dean06_{purpose}")
    return {str(grant).replace(f"{PREFIX}_", "dean06_") for grant in found}


def _read(
    cluster: Cluster, login: str, database: str, password: str = PASSWORD
) -> list[tuple[object, ...]]:
    address = f"host=127.0.0.1 port={cluster.server.port} dbname={database} user={login}"
    with psycopg2.connect(address, password=password) as session, session.cursor() as cursor:
        cursor.execute("select count(*) from mart.kpi_latest")
        return cursor.fetchall()
