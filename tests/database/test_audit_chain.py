"""What was done cannot be rewritten unseen, not even by a superuser."""

import gzip
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from dean06.cli.app import app
from dean06.errors import WarehouseError
from dean06.load import replay
from dean06.schema import migrate
from dean06.trail import chain
from dean06.ui import records
from dean06.warehouse import sql_file, transaction
from tests.conftest import Cluster, pointed_at
from tests.lib.loading import approved, load_police, resident, rows

PEOPLE = [resident(soDinhDanh=f"0821900{n:05d}") for n in range(30)]
_PAST = Path(__file__).parents[1] / "fixtures" / "warehouse" / "revision_0028.sql.gz"
READERS = ("lan", "minh", "hoa")


@pytest.fixture
def heads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DEAN06_AUDIT_KEYFILE", str(tmp_path / "audit_key.pem"))
    monkeypatch.setenv("DEAN06_AUDIT_HEADS", (tmp_path / "heads").as_uri())
    return tmp_path / "heads"


@pytest.fixture
def rejected(warehouse: str, heads: Path) -> int:
    """A load with a rejected record that three people have read; everything is sealed."""
    assert warehouse
    load_id = load_police("one", "2022-10-31", [*PEOPLE, resident(soDinhDanh="999")]).load_id
    for reader in READERS:
        records.read(load_id, 31, reader, "đối chiếu hồ sơ")
    chain.seal()
    assert list(heads.glob("*.json"))
    return load_id


@pytest.fixture
def superuser(cluster: Cluster, warehouse: str) -> Iterator[None]:
    with pointed_at(cluster.server.url(warehouse.rsplit("/", 1)[1])):
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


@pytest.mark.usefixtures("superuser")
@pytest.mark.parametrize(
    ("statements", "told"),
    [
        (["update ops.payload_read set reader = 'x' where read_id = 1"], "payload_read 1: changed"),
        (["delete from ops.payload_read where read_id = 2"], "payload_read 2: deleted"),
        (
            ["""insert into ops.payload_read (reader, reason, load_id, row_no)
                values ('hoa', 'made up', 1, 1)"""],
            "payload_read 4: not noted",
        ),
        (["update ops.audit_note set body = replace(body, 'lan', 'hoa')"], "the chain is broken"),
        (["delete from ops.audit_note where note_id = 2"], "the chain is broken"),
        (
            ["delete from ops.audit_link where entry_no >= 6",
             "delete from ops.audit_note where note_id >= 6",
             "delete from ops.payload_read"],
            "another history, or a shorter one",
        ),
        (["delete from ops.audit_link", "delete from ops.audit_note"], "not noted"),
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
    assert any("signature is not of this key" in each for each in chain.verify()[1])
    for head in heads.glob("*.json"):
        head.unlink()
    assert any("no signed head" in each for each in chain.verify()[1])


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
