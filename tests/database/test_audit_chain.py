"""What was done cannot be rewritten unseen, not even by a superuser."""

import gzip
import hashlib
import json
import os
import threading
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from pathlib import Path

import msgspec
import pytest
from airflow.sdk import ObjectStoragePath
from typer.testing import CliRunner

from dean06.api import tokens as api_tokens
from dean06.cli.app import app
from dean06.errors import AuditError, WarehouseError
from dean06.identity import tokens
from dean06.kpi import any_day, things
from dean06.kpi.things import Value
from dean06.load import replay
from dean06.privacy import retention, subject
from dean06.schema import migrate
from dean06.trail import chain
from dean06.ui import records
from dean06.warehouse import sql_file, transaction
from tests.conftest import Cluster, name_of, pointed_at
from tests.lib.loading import approved, load_police, resident, rows
from tests.lib.trail import tried

PERSON = "082190000007"
PEOPLE = [resident(soDinhDanh=f"0821900{n:05d}") for n in range(30)]
_PAST = Path(__file__).parents[1] / "fixtures" / "warehouse" / "revision_0028.sql.gz"
READERS = ("lan", "minh", "hoa")


def reject() -> int:
    """A load with a rejected record that three people have read."""
    load_id = load_police("one", "2022-10-31", [*PEOPLE, resident(soDinhDanh="999")]).load_id
    for reader in READERS:
        records.read(load_id, 31, reader, "đối chiếu hồ sơ")
    return load_id


@pytest.fixture(scope="module")
def rejected_once(cluster: Cluster, migrated: str) -> Iterator[tuple[str, int]]:
    with cluster.prepared(migrated, reject) as made:
        yield made


@pytest.fixture
def rejected(cluster: Cluster, rejected_once: tuple[str, int], heads: Path) -> Iterator[int]:
    """A copy of the warehouse with the load; everything is sealed."""
    prepared, load_id = rejected_once
    with cluster.copy(prepared):
        chain.seal()
        assert list(heads.glob("*.json"))
        yield load_id


@pytest.fixture
def superuser(cluster: Cluster, request: pytest.FixtureRequest) -> Iterator[None]:
    """Has dean06 use the warehouse of the test as PostgreSQL's superuser."""
    request.getfixturevalue("rejected" if "rejected" in request.fixturenames else "warehouse")
    with pointed_at(cluster.server.url(name_of(os.environ["DEAN06_WAREHOUSE_DSN"]))):
        yield


def as_superuser(*statements: str) -> None:
    """As somebody who may do everything in the warehouse, and knows how it is built."""
    with transaction(role="") as session:
        session.run("set local session_replication_role = replica")  # no trigger, no key
        for statement in statements:
            session.run(statement)


REWRITE = """
do $$
declare note record; place bigint := 0; last_hash bytea := '';
begin
    for note in select * from ops.audit_note order by note_id loop
        place := place + 1;
        last_hash := sha256(last_hash || convert_to(concat_ws(E'\n', place, note.note_id,
            note.kind, note.source_id, note.noted_by, note.noted_at::text, note.body), 'UTF8'));
        insert into ops.audit_link (entry_no, note_id, hash)
        values (place, note.note_id, last_hash);
    end loop;
end $$"""


def test_an_honest_history_holds(rejected: int) -> None:
    with transaction("dean06_ui") as session:
        corrected = {31: {"personal_id": "082190000999"}}
        number = replay.ask(session, rejected, corrected, "lan", "theo hồ sơ giấy")
    replay.load(approved(number))
    length, found = chain.verify()
    assert found == []
    kinds = {kind for (kind,) in rows("select distinct kind from ops.audit_note")}
    assert {"payload_read", "replay", "replay_decision", "load"} <= kinds
    assert rows("select count(*) from ops.audit_link") == [(length,)]
    assert {by for (by,) in rows("select distinct noted_by from ops.audit_note")} == {
        "dean06_owner"
    }
    assert CliRunner().invoke(app, ["verify-audit"]).exit_code == 0


@pytest.fixture
def whole(rejected: int) -> int:
    """As ``rejected``; a correction was approved and loaded, a person restricted and released, what
    was due removed, tokens were given another key, and everything is sealed."""
    with transaction("dean06_ui") as session:
        corrected = {31: {"personal_id": "082190000999"}}
        number = replay.ask(session, rejected, corrected, "lan", "theo hồ sơ giấy")
    replay.load(approved(number))
    with suppress(AuditError):  # an attempt is a reading too
        things.read(Value(1, "population.nobody", "province", "82"), "lan", "đối chiếu số liệu")
    any_day.read(any_day.Wanted(date(2022, 10, 31)), "lan", "đối chiếu số liệu")
    tokens.give()
    tokens.rotate()
    api_tokens.revoke(api_tokens.make("Sở Y tế", ["values"], 30, 60)[0])
    subject.restrict(PERSON, "os:hoa", "yêu cầu 12/2026")
    subject.restrict("082190000005", "os:hoa", "yêu cầu 13/2026")
    for officer in ("os:hoa", "os:minh"):
        subject.release("082190000005", officer, "yêu cầu 14/2026")
    with transaction(role="") as session:
        session.run("alter table ops.quarantine disable trigger user")
        session.run("update ops.quarantine set quarantined_at = now() - interval '800 days'")
        session.run("alter table ops.quarantine enable trigger user")
    retention.keep_house()
    chain.seal()
    return rejected


ROWS = {
    "payload_read": ("read_id", "reader = 'x'"),
    "value_read": ("read_id", "refused_because = null"),
    "day_read": ("read_id", "as_of_date = as_of_date + 1"),
    "replay": ("replay_id", "reason = 'made up'"),
    "replay_row": ("corrected_id", 'payload = payload || \'{"full_name"\\: "x"}\''),
    "replay_hold": ("hold_id", "cause = 'known_later'"),
    "replay_decision": ("replay_id", "decided_by = 'x'"),
    "subject_request": ("request_id", "kind = 'report'"),
    "restricted_person": ("restriction_id", "personal_id = '082190000009'"),
    "purge": ("purge_id", "item_count = item_count + 1"),
    "api_token": ("token_id", "scopes = '{values,proofs}'"),
    "token_key": ("key_version", "fingerprint = 'x'"),
    "load": ("load_id", "day = day + 1"),
}
"""Tables of ops that the chain covers: key, and what somebody might change of a row."""


OF_CASES = ("ops.correction_event", "ops.agency_receipt")
"""They decide nothing: loads in the chain make events of cases, and a receipt closes no case."""


OF_PUBLICATIONS = ("ops.publication_leaf", "ops.publication_head")
"""A log of their own, with signed heads of its own: ``test_signed_publications.py``."""
OF_BASES = (
    "ops.kpi_input", "ops.kpi_build_basis", "ops.kpi_publication_basis", "ops.replaced_purge"
)  # fmt: skip
"""What is computed again from them is compared with what was published, and with the log."""


def test_the_chain_covers_every_table_of_evidence(whole: int) -> None:
    """Whatever the warehouse lets nobody rewrite, but the trace itself, is in the trace."""
    assert whole
    kept, noted = (
        {
            table
            for (table,) in rows(
                """select tgrelid::regclass::text from pg_trigger
                   where tgfoid = cast(:function as regprocedure)""",
                function=function,
            )
        }
        for function in ("ops.refuse_rewriting()", "ops.note_act()")
    )
    own = {"ops.audit_note", "ops.audit_link", "ops.audit_head"}
    assert kept - noted == {*own, *OF_CASES, *OF_PUBLICATIONS, *OF_BASES}
    assert noted == {f"ops.{table}" for table in [*ROWS, "kpi_build", "recomputation"]} | {
        "mart.closed_period",
        "mart.kpi_publication",
    }
    assert {kind for (kind,) in rows("select distinct kind from ops.audit_note")} == {*ROWS}
    assert chain.verify()[1] == []


@pytest.mark.usefixtures("superuser")
def test_an_edit_a_deletion_and_a_truncation_of_each_is_found(whole: int) -> None:
    assert whole
    for table, (key, change) in ROWS.items():
        of_one = f"{key} = (select min({key}) from ops.{table} where {condition_of(table)})"
        ((number,),) = rows(f"select {key} from ops.{table} where {of_one}")
        for statement, told in (
            (f"update ops.{table} set {change} where {of_one}", f"{table} {number}: changed"),
            (f"delete from ops.{table} where {of_one}", f"{table} {number}: deleted"),
            (f"truncate ops.{table} cascade", f"{table} {number}: deleted"),
        ):
            assert told in tried(statement), statement


@pytest.mark.usefixtures("superuser")
def test_a_row_that_is_deleted_and_written_again_is_found(whole: int) -> None:
    """Its own trigger notes it: the last note says what the row says."""
    assert whole
    for table, (key, change) in ROWS.items():
        of_one = f"{key} = (select min({key}) from ops.{table} where {condition_of(table)})"
        ((number,),) = rows(f"select {key} from ops.{table} where {of_one}")
        found = tried(
            f"create temporary table again as select * from ops.{table} where {of_one}",
            f"update again set {change}",
            f"delete from ops.{table} where {of_one}",
            f"alter table ops.{table} disable trigger user",
            f"alter table ops.{table} enable always trigger {table}_is_noted",
            f"insert into ops.{table} overriding system value select * from again",
        )
        assert f"{table} {number}: recorded twice with different content" in found, table


@pytest.mark.usefixtures("superuser", "heads", "warehouse")
def test_what_is_added_to_a_list_and_a_decision_that_is_undone_are_found() -> None:
    source = "'2022-10-31', '{police}', 'test'"
    with transaction(role="") as session:
        session.run(
            f"""insert into mart.kpi_publication (as_of_date, source_codes, reason)
                values ({source})"""
        )
        session.run(
            f"""insert into ops.kpi_build (as_of_date, source_codes, reason, state, cause)
                values ({source}, 'held', 'test')"""
        )
        for step, by in (("propose", "lan"), ("reject", "minh")):
            session.run(f"select ops.decide_build(1, '{step}', '{by}', 'đã đối chiếu')")
    assert tried() == []
    widened = "update mart.kpi_publication set source_codes = source_codes || '{health}'"
    assert tried(widened) == ["kpi_publication 1: changed"]
    assert tried("update ops.kpi_build set state = 'held'") == ["kpi_build 1: changed"]


def condition_of(table: str) -> str:
    return {"load": "status = 'published'", "restricted_person": "personal_id is not null"}.get(
        table, "true"
    )


@pytest.mark.usefixtures("superuser")
@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("update ops.quarantine set payload = null, purged_at = now() where purged_at is null",
         "records emptied, not in the audit trail"),
        ("delete from ops.quarantine", "records deleted or added"),
        ("delete from ops.restricted_person where personal_id is null", "deleted"),
        ("""update ops.replay_row set payload = null, salt = null, purged_at = now()
            where payload is not null""", "changed"),
        ("update ops.replay_row set salt = gen_random_uuid() where salt is not null", "changed"),
    ],
    ids=["emptied", "deleted", "released", "correction emptied", "another salt"],
)  # fmt: skip
def test_what_is_removed_without_a_record_is_found(
    rejected: int, statement: str, told: str
) -> None:
    with transaction("dean06_ui") as session:
        replay.ask(session, rejected, {31: {"personal_id": "x"}}, "lan", "theo hồ sơ giấy")
    subject.restrict(PERSON, "os:hoa", "yêu cầu 12/2026")
    subject.restrict("082190000005", "os:hoa", "yêu cầu 13/2026")
    for officer in ("os:hoa", "os:minh"):
        subject.release("082190000005", officer, "yêu cầu 14/2026")
    assert tried() == []
    assert told in "; ".join(tried(statement))


def test_the_trace_holds_no_payload_and_no_number(whole: int) -> None:
    assert whole
    bodies = "\n".join(body for (body,) in rows("select body from ops.audit_note"))
    assert PERSON not in bodies
    assert "082190000999" not in bodies
    assert "082190000005" not in bodies
    digests = [
        json.loads(body).get("digest")
        for (body,) in rows("select body from ops.audit_note where kind = 'restricted_person'")
    ]
    assert [len(digest) if digest else None for digest in digests] == [64, 64, 64, None]
    assert hashlib.sha256(PERSON.encode()).hexdigest() not in digests


@pytest.mark.usefixtures("superuser")
@pytest.mark.parametrize(
    ("statements", "told"),
    [
        (["update ops.payload_read set reader = 'x' where read_id = 1"], "payload_read 1: changed"),
        (["delete from ops.payload_read where read_id = 2"], "payload_read 2: deleted"),
        (
            ["""insert into ops.payload_read (reader, reason, load_id, row_no)
                values ('hoa', 'made up', 1, 1)"""],
            "payload_read 4: not in the audit trail",
        ),
        (["update ops.audit_note set body = replace(body, 'lan', 'hoa')"], "the chain is broken"),
        (["delete from ops.audit_note where note_id = 2"], "the chain is broken"),
        (
            ["delete from ops.audit_link where entry_no >= 6",
             "delete from ops.audit_note where note_id >= 6",
             "delete from ops.payload_read"],
            "another history, or a shorter one",
        ),
        (["delete from ops.audit_link", "delete from ops.audit_note"], "not in the audit trail"),
        (
            ["update ops.audit_note set body = replace(body, '\"lan\"', '\"hoa\"')",
             "update ops.payload_read set reader = 'hoa' where reader = 'lan'",
             "delete from ops.audit_link", REWRITE.replace(":", "\\:")],
            "another history, or a shorter one",
        ),
    ],
    ids=["edit", "deletion", "insertion", "note", "note gone", "truncation", "all gone", "rewrite"],
)  # fmt: skip
def test_what_a_superuser_rewrites_is_found(
    rejected: int, statements: list[str], told: str
) -> None:
    assert rejected
    assert chain.verify()[1] == []
    as_superuser(*statements)
    assert told in "; ".join(chain.verify()[1])
    done = CliRunner().invoke(app, ["verify-audit"])
    assert done.exit_code == 1
    assert told in done.output


def test_a_head_that_was_signed_with_another_key_is_found(
    rejected: int, heads: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert rejected
    monkeypatch.setenv("DEAN06_AUDIT_KEYFILE", str(tmp_path / "other.pem"))
    assert any("signature was not made with this key" in each for each in chain.verify()[1])
    for head in heads.glob("*.json"):
        head.unlink()
        assert any("no signed head" in each for each in chain.verify()[1])
    monkeypatch.setenv("DEAN06_AUDIT_KEYFILE", str(tmp_path / "audit_key.pem"))
    records.read(rejected, 31, "lan", "đối chiếu hồ sơ")
    chain.seal()
    assert any("it was stored and is gone" in each for each in chain.verify()[1])
    for head in heads.glob("*.json"):
        head.unlink()
    assert any("no signed head" in each for each in chain.verify()[1])


def sign_all_again(heads: Path) -> None:
    """As somebody who has the machine's files and no superuser: a new key, and with it every head
    that is stored, of a moment long ago."""
    (heads.parent / "audit_key.pem").unlink()
    for file in heads.glob("*.json"):
        found = chain._head_in(ObjectStoragePath(file.as_uri()))
        assert found is not None
        old = msgspec.structs.replace(found, at="2020-01-01T00:00:00+00:00")
        signed = msgspec.structs.replace(old, signature=chain._key().sign(old.text).hex())
        file.write_bytes(msgspec.json.encode(signed))


def test_heads_that_were_all_signed_again_with_another_key_are_found(
    rejected: int, heads: Path
) -> None:
    assert rejected
    sign_all_again(heads)
    ((place,),) = rows("select max(entry_no) from ops.audit_head")
    assert chain.verify()[1] == [
        f"head of entry {place}: the copy in the warehouse was not signed with this key"
    ]


def test_a_head_that_nobody_signed_is_found_once_its_place_is_signed(rejected: int) -> None:
    records.read(rejected, 31, "lan", "đối chiếu hồ sơ")
    with transaction() as session:
        session.run("select ops.link_notes()")
        session.run(
            """select ops.record_head(entry_no, encode(hash, 'hex'), 'made up', now())
               from ops.audit_link order by entry_no desc limit 1"""
        )
    assert any("it was stored and is gone" in each for each in chain.verify()[1])
    chain.seal()
    assert any(
        "the copy in the warehouse was not signed with this key" in e for e in chain.verify()[1]
    )


@pytest.mark.parametrize(
    "left", [b"", b"{}", b"[1]", b"\xff", b'{"entry_no": "1", "hash": 1, "at": 1, "signature": 1}']
)
def test_a_file_among_the_heads_that_is_none_is_reported_and_stops_nothing(
    rejected: int, heads: Path, left: bytes
) -> None:
    (newest,) = heads.glob("*.json")
    (heads / "left.json").write_bytes(left)
    assert chain.last_head() is not None
    assert chain.verify()[1] == ["files in the heads folder that are not heads: 1"]
    newest.write_bytes(left)
    assert chain.last_head() is None
    chain.seal()
    assert chain.verify()[1] == ["files in the heads folder that are not heads: 1"]
    records.read(rejected, 31, "lan", "đối chiếu hồ sơ")
    chain.seal()
    newer = chain.last_head()
    assert newer is not None
    assert [(newer.entry_no,)] == rows("select count(*) from ops.audit_note")


@pytest.mark.usefixtures("heads")
def test_rows_from_before_the_chain_enter_it_as_they_are(cluster: Cluster) -> None:
    url = cluster.database()
    with pointed_at(url):
        with transaction(role="") as session:
            session.script(sql_file("roles.sql"))
            session.script(gzip.decompress(_PAST.read_bytes()).decode())
        migrate.migrate()
        noted = "select kind, noted_by, count(*) from ops.audit_note group by 1, 2 order by 1"
        assert ("load", "before the chain") in {row[:2] for row in rows(noted)}
        chain.seal()
        length, found = chain.verify()
        assert (length > 0, found) == (True, [])


@pytest.mark.parametrize("role", ["dean06_ui", "dean06_loader", "dean06_steward"])
@pytest.mark.parametrize(
    "statement",
    [
        """insert into ops.audit_note (kind, source_id, body, noted_by, noted_at)
           values ('load', 1, '{}', 'x', now())""",
        "update ops.audit_note set noted_by = 'x'",
        "delete from ops.audit_link",
        "truncate ops.audit_link, ops.audit_note",
        "insert into ops.audit_link values (99, 1, '', now())",
        "alter table ops.payload_read disable trigger all",
    ],
)
def test_no_service_writes_the_trace(rejected: int, role: str, statement: str) -> None:
    assert rejected
    with pytest.raises(WarehouseError, match="42501"), transaction(role) as session:
        session.run(statement)


def test_the_key_is_private_and_outside(rejected: int, tmp_path: Path) -> None:
    assert rejected
    key = tmp_path / "audit_key.pem"
    assert key.stat().st_mode & 0o777 == 0o600
    assert "PRIVATE KEY" in key.read_text()


def test_many_at_once_neither_wait_for_each_other_nor_fork_the_chain(rejected: int) -> None:
    """While one reader's transaction is open, others note and seal."""
    with transaction("dean06_ui") as open_one:
        open_one.run("select ops.read_payload(:id, 31, 'open', 'còn đang xem')", id=rejected)
        threads = [
            threading.Thread(
                target=lambda: (records.read(rejected, 31, "x", "nhiều"), chain.seal())
            )
            for _ in range(8)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        assert not any(thread.is_alive() for thread in threads)
        assert chain.verify()[1] == []
    chain.seal()
    assert chain.verify()[1] == []
    assert rows("select count(*), max(entry_no) = count(*) from ops.audit_link")[0][1]


@pytest.mark.usefixtures("warehouse")
@pytest.mark.parametrize(
    "table", ["subject_request", "restricted_person", "person_token", "audit_note", "audit_link"]
)
def test_a_steward_reads_no_requests_and_no_trail(table: str) -> None:
    with pytest.raises(WarehouseError, match="42501"), transaction("dean06_steward") as session:
        session.rows(f"select * from ops.{table}")
