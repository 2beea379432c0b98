"""What a data protection officer asks for: one person's data, a restriction, who has seen what."""

import json
import stat
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from dean06 import contract, settings
from dean06.cli.app import app
from dean06.errors import Dean06Error, WarehouseError
from dean06.identity import tokens
from dean06.identity.verify import verify_identities
from dean06.kpi.build import build_kpis
from dean06.load import approval, replay
from dean06.privacy import breach, subject
from dean06.reports.digest import warehouse_digest
from dean06.ui import records
from dean06.warehouse import transaction
from tests.conftest import Cluster
from tests.lib import persons
from tests.lib.loading import load_police, resident, rows

pytestmark = pytest.mark.usefixtures("warehouse")
PERSON, OTHER = "082190000001", "082190000002"
WHY = "request 12/2026 of the person"


def command(*words: str, typed: str = PERSON) -> Result:
    return CliRunner().invoke(app, list(words), input=f"{typed}\n")


def make_known() -> None:
    """A person with two versions in the registry, a participation under a shortened number, and a
    rejected record; and somebody else."""
    first, second = resident(), resident(maXa="28252", capNhatLuc="2022-10-31T10:00:00+07:00")
    other = resident(soDinhDanh=OTHER)
    bad = resident(capNhatLuc="2022-10-31T11:00:00+07:00", hoTen="", trangThai="khong_ro")
    load_police("one", "2022-10-31", [first, second, other, bad])
    name = rows("select full_name from core.police__resident where personal_id = :id", id=PERSON)
    persons.load(
        "insurance.participant",
        persons.record("insurance.participant", full_name=name[0][0], personal_id=PERSON[1:]),
    )
    verify_identities()


@pytest.fixture(scope="module")
def known_once(cluster: Cluster, migrated: str) -> Iterator[str]:
    with cluster.prepared(migrated, make_known) as (prepared, _):
        yield prepared


@pytest.fixture
def known(cluster: Cluster, known_once: str) -> Iterator[None]:
    """A copy of the warehouse with the person, and tokens under a key of its own."""
    with cluster.copy(known_once):
        tokens.give()
        yield


def test_a_report_holds_all_of_the_person_and_nothing_of_others(
    known: None, tmp_path: Path
) -> None:
    file = tmp_path / "answer.json"
    done = command("subject-report", str(file), "--reason", WHY)
    assert done.exit_code == 0, done.output
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    found = json.loads(file.read_text())
    assert len(found["core"]["police.resident"]) == 2
    assert len(found["core"]["insurance.participant"]) == 1
    assert [verdict["dataset_code"] for verdict in found["verdicts"]] == ["insurance.participant"]
    assert len(found["quarantine"]) == 1
    assert OTHER not in file.read_text()
    assert PERSON not in done.output
    asked = rows("select kind, reason, person_token is not null from ops.subject_request")
    assert asked == [("report", WHY, True)]


def test_a_report_holds_corrections_that_name_the_person_and_who_read_them(
    known: None, tmp_path: Path
) -> None:
    ((load_id, row_no),) = rows("select load_id, row_no from ops.quarantine")
    for number in (PERSON, OTHER):
        with transaction("dean06_ui") as session:
            corrected = {row_no: {"personal_id": number, "full_name": "Khác"}}
            asked = replay.ask(session, load_id, corrected, "lan", "theo hồ sơ giấy")
            approval.read(session, asked, "minh", "duyệt bản sửa")
            approval.decide(session, asked, approval.Decision.DECLINED, "minh", "không phải")
    file = tmp_path / "answer.json"
    assert command("subject-report", str(file), "--reason", WHY).exit_code == 0
    (correction,) = json.loads(file.read_text())["corrections"]
    assert correction["payload"] == {"personal_id": PERSON, "full_name": "Khác"}
    assert (correction["asked_by"], correction["decision"]) == ("lan", "declined")
    assert [reading["reader"] for reading in correction["readings"]] == ["minh"]


def test_a_report_names_every_column_in_which_core_holds_numbers() -> None:
    """By the classified columns of core itself, not by the contracts that the report reads."""
    held = rows(
        """select table_name || '.' || column_name from information_schema.columns
           where table_schema = 'core' and column_name ~ '(^|_)personal_id$'
               and table_name like '%\\_\\_%'"""
    )
    asked = {
        f"{dataset.table}.{name}"
        for dataset in contract.datasets()
        for name in subject._numbers(dataset)
    }
    assert {name for (name,) in held} <= asked


def test_a_file_that_is_there_is_not_written_over(tmp_path: Path) -> None:
    file = tmp_path / "answer.json"
    file.write_text("kept")
    done = command("subject-report", str(file), "--reason", WHY)
    assert (done.exit_code, file.read_text()) == (1, "kept")


@pytest.mark.parametrize("typed", ["", "08219", "082190000001x", "' or true --"])
def test_what_is_no_number_is_refused_and_not_repeated(typed: str, tmp_path: Path) -> None:
    done = command("subject-report", str(tmp_path / "a.json"), "--reason", WHY, typed=typed)
    assert done.exit_code == 1
    assert rows("select count(*) from ops.subject_request") == [(0,)]


def facts() -> list[Any]:
    return rows(
        """select person_token is null, count(*) from mart.fact_participant group by 1
           union all select person_token is null, count(*) from mart.dim_person group by 1"""
    )


def test_a_restriction_takes_the_person_out_of_facts_and_leaves_every_kpi(known: None) -> None:
    build_kpis()
    before, kept = facts(), rows("select * from mart.kpi_latest order by 1, 2, 6, 7, 9, 11")
    done = command("subject-restrict", "--reason", WHY)
    assert done.exit_code == 0, done.output
    assert "token removed; 1 payloads emptied" in done.output.replace("\n", " ")
    assert facts() != before
    named = "select count(*) from ops.person_token where personal_id = :id"
    tokens.give()
    assert rows(named, id=PERSON) == [(0,)]
    assert rows(named, id=OTHER) == [(1,)]
    tokens.rotate()
    assert rows(named, id=PERSON) == [(0,)]
    build_kpis()
    assert rows("select * from mart.kpi_latest order by 1, 2, 6, 7, 9, 11") == kept
    assert rows("select payload, purged_at is null from ops.quarantine") == [(None, False)]
    assert rows("select item_count from ops.purge") == [(1,)]
    again = command("subject-restrict", "--reason", WHY)
    assert "there was no token; 0 payloads emptied" in again.output.replace("\n", " ")


def test_a_restriction_ends_a_correction_that_is_due_and_stops_no_other() -> None:
    """What was emptied can be loaded no more; the corrections after it wait for nothing."""
    good = [resident(soDinhDanh=f"0821900001{n:02d}") for n in range(30)]
    bad = [resident(soDinhDanh=number, maXa="99999") for number in (PERSON, OTHER)]
    load_id = load_police("one", "2022-10-31", [*good, *bad]).load_id
    with transaction("dean06_ui") as session:
        emptied, other = (
            replay.ask(session, load_id, {row_no: payload}, "lan", "theo hồ sơ giấy")
            for row_no, payload in rows(
                """select row_no, payload || '{"commune_code": "28249"}' from ops.quarantine
                   order by row_no"""
            )
        )
    subject.restrict(PERSON, "os:hoa", WHY)
    assert replay.load_due() == 1
    outcomes = rows("select replay_id, outcome from ops.replay_outcome order by 1")
    assert outcomes == [(emptied, "emptied"), (other, "accepted")]
    with pytest.raises(Dean06Error, match="a person whose data are restricted"):
        replay.load(emptied)


def test_a_restriction_ends_as_it_was_before(known: None) -> None:
    before = warehouse_digest()
    token = rows("select person_token from ops.person_token where personal_id = :id", id=PERSON)
    command("subject-restrict", "--reason", WHY)
    subject.release(PERSON, "os:hoa", WHY)
    assert subject.release(PERSON, "os:minh", WHY)
    tokens.give()
    assert warehouse_digest() == before
    assert token == rows(
        "select person_token from ops.person_token where personal_id = :id", id=PERSON
    )
    again = command("subject-restrict", "--lift", "--reason", WHY)
    assert (again.exit_code, "not restricted" in again.stderr) == (1, True)


def test_a_restriction_is_lifted_by_two_persons(known: None) -> None:
    command("subject-restrict", "--reason", WHY)
    for _ in range(2):
        done = command("subject-restrict", "--lift", "--reason", WHY)
        assert (done.exit_code, "a second person must run this too" in done.output) == (0, True)
    proposed = rows("select proposed_by from ops.restricted_person")[0][0]
    for same in (proposed, f"db:{proposed}", f" {proposed.upper()}\u200b"):
        assert not subject.release(PERSON, same, WHY)
    tokens.give()
    held = "select count(*) from ops.person_token where personal_id = :id"
    assert rows(held, id=PERSON) == [(0,)]
    assert subject.release(PERSON, "os:hoa", WHY)
    tokens.give()
    assert rows(held, id=PERSON) == [(1,)]
    assert rows("select personal_id, salt, lifted_by from ops.restricted_person") == [
        (None, None, "os:hoa")
    ]
    again = subject.restrict(PERSON, "os:hoa", WHY)
    assert (again.had_token, rows(held, id=PERSON)) == (True, [(0,)])


def test_the_warehouse_itself_takes_no_second_person_who_is_the_first(known: None) -> None:
    command("subject-restrict", "--reason", WHY)
    with pytest.raises(WarehouseError, match="two_persons_lift"), transaction(role="") as session:
        session.run(
            """update ops.restricted_person set personal_id = null, salt = null, lifted_at = now(),
               proposed_by = 'os:hoa', proposed_at = now(), lifted_by = 'db:Hoa'"""
        )


@pytest.mark.parametrize(
    "statement",
    [
        "delete from ops.restricted_person",
        "update ops.restricted_person set lifted_by = 'x'",
        "insert into ops.restricted_person (personal_id, request_id) values ('082190000002', 1)",
        "truncate ops.restricted_person cascade",
        """insert into ops.subject_request (kind, asked_by, reason)
           values ('release', 'os:minh', 'by hand')""",
        "select ops.restrict_person(99, '082190000002')",
        "select ops.lift_restriction(1)",
    ],
)
@pytest.mark.parametrize("role", ["dean06_loader", "dean06_ui", "dean06_steward"])
@pytest.mark.one_in(3)
def test_no_service_restricts_or_releases_past_a_request(
    known: None, role: str, statement: str
) -> None:
    command("subject-restrict", "--reason", WHY)
    before = rows("select * from ops.restricted_person")
    with pytest.raises(WarehouseError), transaction(role) as session:
        session.run(statement)
    assert rows("select * from ops.restricted_person") == before


@pytest.mark.parametrize(
    "change",
    [
        "update ops.subject_request set asked_by = 'x'",
        "delete from ops.subject_request",
        "truncate ops.subject_request cascade",
    ],
)
def test_a_request_is_not_unwritten(known: None, change: str) -> None:
    command("subject-restrict", "--reason", WHY)
    with pytest.raises(WarehouseError, match=r"55000|42501"), transaction() as session:
        session.run(change)
    assert rows("select count(*) from ops.subject_request") == [(1,)]


def test_a_payload_of_somebody_who_is_not_restricted_stays(known: None) -> None:
    with transaction() as session:
        assert session.one("select ops.purge_payloads(:id) as n", id=PERSON).n == 0
    assert rows("select count(*) from ops.quarantine where payload is not null") == [(1,)]


@pytest.mark.parametrize("number", [PERSON[:9], PERSON[1:10], PERSON[3:], PERSON[1:]])
def test_a_number_within_the_number_of_somebody_else_names_nobody(known: None, number: str) -> None:
    """An old number of 9 digits, and one without its zero, may stand in the number of another."""
    assert subject.report(number, "os:hoa", WHY)["quarantine"] == []
    assert subject.restrict(number, "os:hoa", WHY).emptied == 0
    assert rows("select count(*) from ops.quarantine where payload is null") == [(0,)]


@pytest.mark.parametrize("number", ["", "0", '"', "Nguyễn", "("])
def test_what_is_no_number_empties_nothing(known: None, number: str) -> None:
    with transaction(role="") as session:
        session.run(
            """insert into ops.subject_request (kind, asked_by, reason)
               values ('restrict', 'os:hoa', 'by hand')"""
        )
        session.run(
            "insert into ops.restricted_person (personal_id, request_id) values (:number, 1)",
            number=number,
        )
        assert session.one("select ops.purge_payloads(:number) as n", number=number).n == 0


@pytest.mark.parametrize("reason", ["because [/of] it", "because\x1b[2K of [conceal]it"])
def test_a_reason_hides_nothing_in_a_breach_report(known: None, reason: str) -> None:
    ((load, row),) = rows("select load_id, row_no from ops.quarantine")
    records.read(load, row, "lan", reason)
    done = command("breach-report", "--since", f"{datetime.now(settings.TIMEZONE):%Y-%m-%d}")
    assert done.exit_code == 0, done.output
    assert reason.replace("\x1b", "\ufffd") in done.output


def test_a_breach_report_names_readers_requests_and_statements(known: None, tmp_path: Path) -> None:
    ((load, row),) = rows("select load_id, row_no from ops.quarantine")
    records.read(load, row, "lan", "the agency called")
    subject.report(PERSON, "os:hoa", WHY)
    now = datetime.now(settings.TIMEZONE)
    log = tmp_path / "day.json"
    name = rows("select current_database()")[0][0]
    entry = {
        "timestamp": f"{now.astimezone(UTC):%Y-%m-%d %H:%M:%S.000} UTC",
        "user": "minh", "dbname": name, "remote_host": "10.0.0.7", "session_id": "1.1",
        "message": "statement: select * from core.police__resident",
    }  # fmt: skip
    log.write_text(json.dumps(entry) + "\n")
    hour = timedelta(hours=1)
    found = breach.report(now - hour, now + hour, [log])
    assert sorted((each.what, each.who, each.dataset, each.records) for each in found) == [
        ("read", "lan", "police.resident", 1),
        ("sql", "minh", "core.police__resident", None),
        ("subject report", "os:hoa", "", 1),
    ]
    assert breach.report(now + hour, now + 2 * hour, [log]) == []
    day = f"{now:%Y-%m-%d}"
    done = command("breach-report", "--since", day, "--save", str(tmp_path / "b.json"))
    assert done.exit_code == 0, done.output
    assert len(json.loads((tmp_path / "b.json").read_text())) == 2
    assert "--log" in done.output
