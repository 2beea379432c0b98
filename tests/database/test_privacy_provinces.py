"""Readers of one province see its rows, whatever they ask; readers without a province see none."""

from collections.abc import Iterator

import psycopg2
import pytest

from dean06.warehouse import transaction
from tests.conftest import Cluster

pytestmark = pytest.mark.usefixtures("warehouse")
DAY, PASSWORD = "2022-10-31", "of-a-reader"
LOGINS = {"reader_82": "82", "reader_34": "34", "reader_nowhere": None, "reader_both": "82"}
VIEWS = ("kpi_value", "kpi_latest", "kpi_history")


@pytest.fixture
def logins(cluster: Cluster, warehouse: str) -> Iterator[str]:
    """Values of two provinces, and logins; yields the address without its login."""
    with transaction(role="") as session:
        for login, province in LOGINS.items():
            session.run(f"create role {login} login password '{PASSWORD}' in role "
                        "dean06_bi_province")  # fmt: skip
            if province:
                session.run(
                    "insert into ops.province_reader values (:login, :province)",
                    login=login, province=province,
                )  # fmt: skip
        session.run("grant dean06_bi to reader_both")
        session.run(
            """insert into mart.kpi_publication (as_of_date, source_codes, reason)
               values (:day, '{police}', 'test')""",
            day=DAY,
        )
        session.run(
            """insert into mart.kpi_value (publication_id, as_of_date, kpi_code, kpi_version,
                   unit_level, unit_code, province_code, numerator, value)
               select 1, :day, 'eid.accounts', (
                       select max(kpi_version) from mart.kpi_definition
                       where kpi_code = 'eid.accounts'
                   ), level, unit, province, 7, 7
               from (values ('province', '82', '82'), ('commune', '28249', '82'),
                            ('province', '34', '34'), ('commune', '12454', '34'),
                            ('commune', '00001', null)) as told (level, unit, province)""",
            day=DAY,
        )
    yield f"host=127.0.0.1 port={cluster.server.port} dbname={warehouse.rsplit('/', 1)[1]}"
    with transaction(role="") as session:  # roles outlive the test's warehouse
        for login in LOGINS:
            session.run(f"drop role {login}")


def seen(address: str, login: str, view: str, before: str = "") -> set[str]:
    """Units that a login reads."""
    with psycopg2.connect(f"{address} user={login} password={PASSWORD}") as connection:
        cursor = connection.cursor()
        if before:
            cursor.execute(before)
        cursor.execute(f"select unit_code from mart.{view}")
        return {unit for (unit,) in cursor.fetchall()}


@pytest.mark.parametrize("view", VIEWS)
def test_each_sees_its_own_province(logins: str, view: str) -> None:
    assert seen(logins, "reader_82", view) == {"82", "28249"}
    assert seen(logins, "reader_34", view) == {"34", "12454"}
    assert seen(logins, "reader_nowhere", view) == set()


def test_sums_by_district_are_of_the_own_province(logins: str) -> None:
    """A district is made of communes when it is read: of those that the login sees."""
    assert seen(logins, "reader_82", "kpi_now") == {"82", "815", "28249"}
    assert seen(logins, "reader_34", "kpi_now") == {"34", "336", "12454"}
    assert seen(logins, "reader_nowhere", "kpi_now") == set()


def test_the_wider_role_and_another_name_open_nothing(logins: str) -> None:
    assert seen(logins, "reader_both", "kpi_latest") == {"82", "28249"}
    assert seen(logins, "reader_82", "kpi_latest", "set role dean06_bi_province") == {"82", "28249"}
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        seen(logins, "reader_82", "kpi_latest", "set session authorization reader_34")
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        seen(logins, "reader_82", "kpi_latest", "insert into ops.province_reader values ('a', 'b')")


@pytest.mark.parametrize("view", VIEWS)
def test_taking_on_the_wider_role_opens_nothing(logins: str, view: str) -> None:
    assert seen(logins, "reader_both", view, "set role dean06_bi") == set()
    assert seen(logins, "reader_both", view) == {"82", "28249"}


def test_causes_of_all_provinces_are_closed_to_who_has_one(logins: str) -> None:
    with transaction(role="") as session:
        session.run(
            """insert into mart.kpi_revision_cause
                   (publication_id, kpi_code, cause, dataset_code, row_count)
               values (1, 'eid.accounts', 'late_rows', 'police.eid_account', 7)"""
        )
    read = "select count(*) from mart.kpi_revision_cause"
    for before in ("", "set role dean06_bi;"):
        with psycopg2.connect(f"{logins} user=reader_both password={PASSWORD}") as connection:
            cursor = connection.cursor()
            cursor.execute(before + read)
            assert cursor.fetchall() == [(0,)]
    with transaction(role="dean06_bi") as session:
        assert session.one(read)[0] == 1


def test_readers_of_all_provinces_see_all(logins: str) -> None:
    for role in ("dean06_bi", "dean06_steward", "dean06_loader"):
        with transaction(role=role) as session:
            found = {row.unit_code for row in session.rows("select unit_code from mart.kpi_latest")}
        assert found == {"82", "28249", "34", "12454", "00001"}


def test_without_the_policy_the_other_province_is_seen(logins: str) -> None:
    with transaction(role="") as session:
        session.run("alter policy kpi_value_of_my_province on mart.kpi_value using (true)")
    assert "34" in seen(logins, "reader_82", "kpi_latest")


def test_every_view_over_rows_that_its_readers_do_not_reach_is_a_barrier() -> None:
    """A reader's own function in a condition would else see rows before the view has left them
    out. Views with the reader's own rights need none: policies come first."""
    with transaction(role="") as session:
        found = session.rows(
            """select oid::regclass::text as name, coalesce(reloptions, '{}') as options
               from pg_class
               where relkind = 'v' and relnamespace::regnamespace::text in ('core', 'ops', 'mart')
                   and exists (select from unnest(cast(:roles as text [])) as reader (name)
                               where has_table_privilege(reader.name, oid, 'select'))""",
            roles=["dean06_bi", "dean06_bi_province", "dean06_analyst", "dean06_ui"],
        )  # fmt: skip
    assert len(found) > 20
    safe = {"security_barrier=true", "security_invoker=true"}
    assert [row.name for row in found if not safe & set(row.options)] == []
