"""Who logs in and reads what is not for everybody leaves a trace: whatever they try."""

import json
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import psycopg2
import pytest
from typer.testing import CliRunner

from dean06.cli.app import app
from dean06.errors import Dean06Error
from dean06.privacy import restricted_reads
from dean06.privacy.restricted_reads import UNCLEAR
from dean06.warehouse import sql_file, transaction
from tests.conftest import Cluster, pointed_at
from tests.lib.loading import load_police, resident, rows

_SECONDS = 20
RESIDENT = "core.police__resident"


class People:
    """Logins of a test's warehouse: what they run, and what is known of it afterwards."""

    def __init__(self, cluster: Cluster, database: str) -> None:
        self._cluster, self._database = cluster, database

    def try_(
        self, login: str, *statements: str, end: str = "rollback", options: str = ""
    ) -> list[Any]:
        """Run statements as a login, each in the same transaction; what the last one returned."""
        connection = psycopg2.connect(
            host="127.0.0.1", port=self._cluster.server.port, dbname=self._database,
            user=login, password="only-on-this-machine", options=options,
        )  # fmt: skip
        try:
            with connection.cursor() as cursor:
                for statement in statements:
                    cursor.execute(statement)
                return list(cursor.fetchall()) if cursor.description else []
        finally:
            getattr(connection, end)()
            connection.close()

    @property
    def logs(self) -> list[Path]:
        return [path for path in self._cluster.server.logs() if path.suffix == ".json"]

    def listed(self, login: str) -> list[tuple[str, bool]]:
        """What is told of a login, once the log has been written as far as now."""
        mark = f"mark_{time.monotonic_ns()}"
        self.try_("kept_steward", f"select '{mark}'")
        deadline = time.monotonic() + _SECONDS
        while not any(mark in path.read_text() for path in self.logs):
            assert time.monotonic() < deadline, "the server does not log"
            time.sleep(0.02)
        return [
            (", ".join(read.relations), read.is_refused)
            for read in restricted_reads.listed(self.logs)
            if read.login == login
        ]


@pytest.fixture
def people(cluster: Cluster, warehouse: str) -> Iterator[People]:
    """A steward and an analyst with logins of their own; the warehouse's readers are logged."""
    database = warehouse.rsplit("/", 1)[1]
    with pointed_at(cluster.server.url(database)), transaction(role="") as session:
        session.compose(
            "create role kept_steward login in role dean06_steward password 'only-on-this-machine'"
        )
        session.compose(
            "create role kept_analyst login in role dean06_bi password 'only-on-this-machine'"
        )
        session.compose(sql_file("audit/log_readers.sql"))
    yield People(cluster, database)
    # Roles outlive the test's warehouse.
    with pointed_at(cluster.server.url(database)), transaction(role="") as session:
        session.compose("drop role kept_steward, kept_analyst")


def test_a_read_leaves_its_trace_also_when_it_is_rolled_back(people: People) -> None:
    secret = "082190777777"
    load_police("one", "2022-10-31", [resident(), resident(soDinhDanh="998")])
    assert people.try_("kept_steward", f"select * from {RESIDENT} where personal_id = '{secret}'",
                       f"select count(*) from {RESIDENT}") == [(1,)]  # fmt: skip
    people.try_("kept_steward", "select payload from ops.quarantine", end="commit")
    assert people.listed("kept_steward") == [
        (RESIDENT, False), (RESIDENT, False), ("ops.quarantine", False),
    ]  # fmt: skip
    told = CliRunner().invoke(app, ["restricted-reads", *map(str, people.logs)])
    assert told.exit_code == 0, told.output
    assert "kept_steward" in told.output
    assert secret not in told.output


def test_an_analyst_is_refused_and_told_of(people: People) -> None:
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        people.try_("kept_analyst", f"select * from {RESIDENT}")
    people.try_("kept_analyst", "select count(*) from mart.kpi_latest", "show server_version")
    assert people.listed("kept_analyst") == [(RESIDENT, True)]


OF_ITS_OWN_NAME = "with police__resident as (table police__resident) table police__resident"
WAYS_ROUND = [
    ("do $$ begin execute 'select * from co' || 're.police__resi' || 'dent'; end $$", UNCLEAR),
    (f"do $$ begin perform 1 from {RESIDENT}; end $$", f"{RESIDENT}, {UNCLEAR}"),
    ("select query_to_xml('table co'||'re.police__resi'||'dent', true, true, '')", UNCLEAR),
    (f"copy (select * from {RESIDENT} limit 0) to '/nowhere'", RESIDENT),
    (f"prepare p as select * from {RESIDENT}; execute p", f"{RESIDENT}, {UNCLEAR}"),
    (f"declare c cursor for select * from {RESIDENT}; fetch all from c", f"{RESIDENT}, {UNCLEAR}"),
    ("set search_path = core; select count(*) from police__resident", RESIDENT),
    (f"with mine as (select * from {RESIDENT}) select 1 from mine", RESIDENT),
    (f"select 1; select 1 from mart.kpi_latest, {RESIDENT}", RESIDENT),
    ("explain analyze select * from core.police__resident", f"{RESIDENT}, {UNCLEAR}"),
    ('select * from core."Nguyễn Thị Thử"', "core.*"),
    ("select * from \"082190777777\"", UNCLEAR),
    # A name of an expression is the table itself within that expression.
    (f"set search_path = core; {OF_ITS_OWN_NAME}", RESIDENT),
    # To PostgreSQL the string ends at --; to a parser of standard strings a comment begins there.
    (rf"set standard_conforming_strings = off; select '\' --', 1 from {RESIDENT} --'",
     f"{RESIDENT}, {UNCLEAR}"),
    ("select most_common_vals from pg_stats where schemaname = 'core'", UNCLEAR),
    ("select most_common_vals from pg_catalog.pg_stats", UNCLEAR),
]  # fmt: skip


def test_ways_round_are_told_of(people: People) -> None:
    for statement, _ in WAYS_ROUND:
        with suppress(psycopg2.Error):
            people.try_("kept_steward", statement)
    found = [told for told, _ in people.listed("kept_steward")]
    assert list(zip([way for way, _ in WAYS_ROUND], found, strict=True)) == WAYS_ROUND


def test_what_reads_mart_alone_is_not_listed(people: People) -> None:
    for statement in (
        "begin", "set datestyle = 'ISO'", "show timezone", "select 1", "select current_user",
        "select kpi_code, count(*) from mart.kpi_latest group by kpi_code order by 2 desc",
        "set search_path = mart; select date_trunc('month', as_of_date) from kpi_latest",
        "select relname from pg_catalog.pg_class", "select count(*) from pg_class",
    ):  # fmt: skip
        people.try_("kept_analyst", statement)
    assert people.listed("kept_analyst") == []


@pytest.mark.parametrize(
    ("message", "told"),
    [
        (f"execute x: select 1; --: select * from {RESIDENT}", f"{RESIDENT}, {UNCLEAR}"),
        ("execute x: select 1; --: select query_to_xml(…)", UNCLEAR),
        (f"execute a:b: select * from {RESIDENT}", f"{RESIDENT}, {UNCLEAR}"),
        (f"execute <unnamed>: select * from {RESIDENT}", RESIDENT),
        ('fastpath function call: "query_to_xml" (OID 2924)', UNCLEAR),
    ],
)
def test_neither_names_of_statements_nor_calls_without_one_hide_a_read(
    warehouse: str, tmp_path: Path, message: str, told: str
) -> None:
    """As PostgreSQL writes it when a client speaks its protocol without SQL's PREPARE."""
    log = tmp_path / "day.json"
    entry = {"timestamp": "2026-11-27 08:00:00.000 UTC", "user": "lan", "session_id": "1.1"}
    entry |= {"dbname": warehouse.rsplit("/", 1)[1], "message": message}
    log.write_text(json.dumps(entry) + "\n")
    assert [", ".join(read.relations) for read in restricted_reads.listed([log])] == [told]


def test_a_statement_that_cannot_be_parsed_is_not_quoted(
    people: People, caplog: pytest.LogCaptureFixture
) -> None:
    secret = "082190777777"
    people.try_("kept_steward", f"prepare p(text) as select 1 from {RESIDENT} where personal_id = "
                "$1", f"execute p('{secret}')")  # fmt: skip
    assert len(people.listed("kept_steward")) == 2
    assert secret not in caplog.text


def test_who_reads_cannot_switch_it_off(people: People) -> None:
    tries = (
        "set log_statement = 'none'",
        "set local log_min_messages = 'panic'",
        "alter role kept_steward set log_statement = 'none'",
        "select set_config('log_statement', 'none', false)",
        "reset log_statement",
    )
    for statement in tries:
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            people.try_("kept_steward", statement, end="commit")
    people.try_("kept_steward", f"select 1 from {RESIDENT}")
    assert (RESIDENT, False) in people.listed("kept_steward")
    with pytest.raises(psycopg2.OperationalError, match="permission denied"):
        people.try_("kept_steward", "select 1", options="-c log_statement=none")


def test_the_work_of_the_service_is_not_logged(people: People) -> None:
    load_police("two", "2022-11-01", [resident(soDinhDanh="082190000002")])
    people.listed("kept_steward")
    service = rows("select session_user")[0][0]
    for path in people.logs:
        entries = [json.loads(line) for line in path.read_text().splitlines()]
        assert not [
            entry for entry in entries
            if entry.get("user") == service and entry.get("dbname") == people._database
            and "statement: " in entry["message"]
        ]  # fmt: skip
        assert path.stat().st_mode & 0o077 == 0, "the log may hold what people typed"


def test_that_it_is_logged_is_checked(people: People, cluster: Cluster) -> None:
    restricted_reads.require_logged()
    with pointed_at(cluster.server.url(people._database)), transaction(role="") as session:
        session.run("alter role kept_steward set log_statement = 'none'")
    with pytest.raises(Dean06Error, match="kept_steward are not logged"):
        restricted_reads.require_logged()
    with pointed_at(cluster.server.url(people._database)), transaction(role="") as session:
        session.run(f"alter database {people._database} reset log_statement")
    told = CliRunner().invoke(app, ["restricted-reads"])
    assert told.exit_code == 1
    assert "log_readers.sql" in told.output


def test_a_file_that_is_no_such_log_is_named(people: People, tmp_path: Path) -> None:
    other = tmp_path / "other.log"
    other.write_text('2026-11-22 LOG: statement: select * from core."082190777777"\n')
    with pytest.raises(Dean06Error, match=r"other\.log, line 1") as refused:
        restricted_reads.listed([other])
    assert "0821907" not in str(refused.value)
