"""An officer who logs in to PostgreSQL themselves leaves statements in its log, and no number."""

import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from dean06.cli.app import app
from dean06.identity import tokens
from dean06.warehouse import sql_file, transaction
from tests.conftest import Cluster, name_of, pointed_at
from tests.lib.loading import load_police, resident, rows

PERSON = "082190008642"
WHY = "request 12/2026 of the person"
PASSWORD = "only-on-this-machine"  # of a login that lives for one test
_SECONDS = 20


@pytest.fixture
def officer(cluster: Cluster, warehouse: str) -> Iterator[str]:
    """A login of an officer's own, whose statements are logged; yields the warehouse's URL as
    theirs."""
    load_police("one", "2022-10-31", [resident(soDinhDanh=PERSON), resident(hoTen="")])
    tokens.give()
    server = cluster.server.url(name_of(warehouse))
    with pointed_at(server), transaction(role="") as session:
        session.run(f"create role kept_officer login password '{PASSWORD}'")
        session.run("grant dean06_loader to kept_officer")
        session.script(sql_file("audit/log_readers.sql"))
    yield f"postgresql+psycopg2://kept_officer:{PASSWORD}@{server.rpartition('@')[2]}"
    with pointed_at(server), transaction(role="") as session:
        session.run("drop role kept_officer")  # roles outlive the test's warehouse


def logged(cluster: Cluster, database: str) -> str:
    """All that the server logged of the officer, once it has been written as far as now."""
    mark = f"mark_{time.monotonic_ns()}"
    with transaction() as session:
        session.run(f"select '{mark}'")
    files = [path for path in cluster.server.logs() if path.suffix == ".json"]
    deadline = time.monotonic() + _SECONDS
    while not any(mark in path.read_text() for path in files):
        assert time.monotonic() < deadline, "the server does not log"
        time.sleep(0.02)
    lines = (line for path in files for line in path.read_text().splitlines())
    return "\n".join(
        line
        for line in lines
        if (entry := json.loads(line)).get("user") == "kept_officer"
        and entry.get("dbname") == database
    )


def test_no_command_of_an_officer_writes_the_number_into_the_log(
    officer: str, cluster: Cluster, warehouse: str, tmp_path: Path
) -> None:
    def run(*words: str) -> str:
        done = CliRunner().invoke(app, [*words, "--reason", WHY], input=f"{PERSON}\n")
        assert done.exit_code == 0, done.output
        return done.output

    with pointed_at(officer):
        run("subject-report", str(tmp_path / "answer.json"))
        run("subject-restrict")
        run("subject-restrict", "--lift")
        found = logged(cluster, name_of(warehouse))
    assert "ask_about_person" in found, "statements of the officer are logged"
    assert PERSON not in found
    assert PERSON in (tmp_path / "answer.json").read_text()
    assert rows("select distinct asked_by from ops.subject_request") == [("db:kept_officer",)]
