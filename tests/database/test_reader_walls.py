"""What a reader's login might try beside reading: other databases, files, statistics, estimates."""

import re
from collections.abc import Iterator

import psycopg2
import pytest

from dean06.warehouse import sql_file, transaction
from tests.conftest import Cluster, pointed_at
from tests.lib.loading import load_police, resident

PASSWORD = "of-a-reader"  # of a login that lives for one test
_LOGINS = ("walled_bi", "walled_nobody")


@pytest.fixture
def address(cluster: Cluster, warehouse: str) -> Iterator[str]:
    """A warehouse as a superuser has bounded it, a reader of it and a login without any role."""
    name = warehouse.rsplit("/", 1)[1]
    with pointed_at(cluster.server.url(name)), transaction(role="") as session:
        for login in _LOGINS:
            session.run(f"create role {login} login password '{PASSWORD}'")
        session.run("grant dean06_bi to walled_bi")
        session.script(sql_file("audit/limit_readers.sql"))
    yield f"host=127.0.0.1 port={cluster.server.port} dbname={name} password={PASSWORD}"
    with pointed_at(cluster.server.url(name)), transaction(role="") as session:
        for login in _LOGINS:  # roles outlive the test's warehouse
            session.run(f"drop role {login}")


def asked(address: str, statement: str, login: str = "walled_bi") -> list[tuple[object, ...]]:
    with psycopg2.connect(f"{address} user={login}") as connection, connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall() if cursor.description else []


def test_a_login_without_a_role_does_not_come_in(address: str) -> None:
    with pytest.raises(psycopg2.OperationalError, match="permission denied for database"):
        asked(address, "select 1", "walled_nobody")


@pytest.mark.parametrize(
    "statement",
    [
        "create temporary table mine (a int)",
        "create temporary view mine as select 1",
        "create function pg_temp.leak(text) returns boolean language sql return true",
        "select lo_creat(-1)",
        "select lo_create(0)",
        "select lo_from_bytea(0, 'x')",
        "select pg_logical_emit_message(false, 'x', repeat('x', 10000000))",
        "select pg_advisory_lock(hashtext('publish:police'))",
        "select pg_try_advisory_xact_lock_shared(hashtext('watch'))",
        "select relname, n_live_tup from pg_stat_user_tables",
        "select * from pg_stat_all_tables",
        "select * from pg_stat_xact_user_tables",
        "select * from pg_statio_user_tables",
        "select pg_stat_get_live_tuples('core.police__resident'::regclass)",
        "select pg_stat_get_tuples_inserted('core.police__resident'::regclass)",
        "set temp_file_limit = -1",
    ],
)
def test_a_reader_is_refused(address: str, statement: str) -> None:
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        asked(address, statement)


def test_a_reader_has_bounds_and_the_service_has_none(address: str, warehouse: str) -> None:
    shown = "select current_setting('statement_timeout'), current_setting('temp_file_limit')"
    assert asked(address, shown) == [("5min", "2GB")]
    (limit,) = asked(address, "select rolconnlimit from pg_roles where rolname = session_user")[0]
    assert limit == 20
    with pointed_at(warehouse), transaction() as session:
        assert tuple(session.one(shown)) == ("0", "-1")


def test_the_service_still_works(address: str, warehouse: str) -> None:
    with pointed_at(warehouse):
        load_police("one", "2022-10-31", [resident()])
        with transaction(role="") as session:
            assert session.rows("select relname from pg_stat_user_tables limit 1")
    assert asked(address, "select count(*) from mart.kpi_latest") == [(0,)]


def test_estimates_do_not_tell_values(address: str, warehouse: str) -> None:
    """A number that 900 of 1,000 rows have is estimated as one that no row has."""
    with pointed_at(warehouse), transaction(role="") as session:
        session.run(
            """insert into mart.kpi_publication (as_of_date, source_codes, reason)
               values ('2022-10-31', '{police}', 'test')"""
        )
        session.run(
            """insert into mart.kpi_value (publication_id, as_of_date, kpi_code, kpi_version,
                   unit_level, unit_code, province_code, numerator, value)
               select 1, '2022-10-31', 'eid.accounts', (
                       select max(kpi_version) from mart.kpi_definition
                       where kpi_code = 'eid.accounts'
                   ), 'commune', no::text, '82', n, n
               from generate_series(1, 1000) as no
               cross join lateral (select case when no <= 900 then 7 else no end as n) as told"""
        )
        session.run("analyze mart.kpi_value")

    def estimate(condition: str) -> int:
        plan = asked(address, f"explain select * from mart.kpi_value where {condition}")
        return int(re.findall(r"rows=(\d+)", str(plan[0]))[0])

    for column in ("numerator", "value"):
        assert estimate(f"{column} = 7") == estimate(f"{column} = 123456")
