"""Retention: who may remove, what is recorded of removals, the rules and the command."""

from datetime import date
from itertools import product
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from dean06 import contract
from dean06.agencies import lists
from dean06.cli.app import app
from dean06.errors import Dean06Error, WarehouseError
from dean06.load import replay
from dean06.privacy import retention
from dean06.reference import tables
from dean06.ui import records
from dean06.warehouse import transaction
from tests.lib.aging import files, pass_days, payloads, purged
from tests.lib.loading import approved, load_police, resident, rows

pytestmark = pytest.mark.usefixtures("warehouse")
DAY = "2022-10-31"
GOOD = [resident(soDinhDanh=f"0821900{n:05d}") for n in range(30)]
BAD = resident(soDinhDanh="998", hoTen="Người Trong Cách Ly")
LONG = 800
"""Days: longer than any period."""


def test_what_a_replay_waits_for_stays(root: Path) -> None:
    load = load_police("one", DAY, [*GOOD, BAD])
    with transaction() as session:
        number = replay.ask(session, load.load_id, {31: {"personal_id": "x"}}, "lan", "theo hồ sơ")
    pass_days(LONG, root)
    stays = [each for each in retention.keep_house() if each.is_needed]
    assert {each.what for each in stays} == {"quarantine", "replay"}
    assert payloads() == 1
    replay.load(approved(number))
    pass_days(LONG, root)
    retention.keep_house()
    assert payloads() == 0
    assert rows("select count(*), count(payload) from ops.replay_row") == [(1, 0)]
    assert [row.outcome for row in replay.outcomes()] == ["rejected"]
    assert files(root) == []


def test_a_replay_that_was_cut_short_keeps_what_it_has(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    load = load_police("one", DAY, [*GOOD, BAD])
    with transaction() as session:
        number = replay.ask(session, load.load_id, {31: {"personal_id": "x"}}, "lan", "theo hồ sơ")

    approved(number)

    def cut(*_: object) -> None:
        raise Dean06Error("cut short")

    with monkeypatch.context() as patch:
        patch.setattr("dean06.load.publish.publish", cut)
        with pytest.raises(Dean06Error, match="cut short"):
            replay.load(number)
    pass_days(LONG, root)
    stays = {each.what for each in retention.keep_house() if each.is_needed}
    assert stays == {"landing", "staging", "quarantine", "replay"}
    assert replay.load(number).status == "published"


def test_a_purged_record_is_told_of_and_not_replayed(root: Path) -> None:
    load = load_police("one", DAY, [*GOOD, BAD])
    lists.write_due()
    pass_days(LONG, root)
    retention.keep_house()
    found = records.read(load.load_id, 31, "lan", "đối chiếu hồ sơ")
    assert found is not None
    assert found.purged_at is not None
    assert not found.is_replayable
    assert {value for _, value in found.fields} == {None}
    assert [row.rule_code for row in found.reasons] == ["personal_id_well_formed"]
    with pytest.raises(Dean06Error, match=r"row.s. 31 of load .* are purged"), transaction() as s:
        replay.ask(s, load.load_id, {31: {}}, "lan", "theo hồ sơ giấy")
    with transaction() as session:
        session.run("update ops.agency_list set load_ids = '{}'")
    assert lists.write_due() == [], "a list is not written again without its records"
    with pytest.raises(Dean06Error, match="police: records rejected on 2022-10-31 are purged"):
        lists.write_day(date.fromisoformat(DAY))


def test_nobody_empties_a_payload_before_its_time(root: Path) -> None:
    load_police("one", DAY, [*GOOD, BAD])
    pass_days(89, root)
    emptied = "update ops.quarantine set payload = null, purged_at = now()"
    for role, statement, state in (
        ("dean06_loader", emptied, "42501"),
        ("", emptied, "55000"),
        ("", "update ops.quarantine set payload = '{}'", "55000"),
        ("dean06_loader", "update ops.retention set kept_days = 1", "42501"),
        ("dean06_loader", "delete from ops.retention", "42501"),
        ("dean06_ui", "select ops.purge_payloads()", "42501"),
        ("dean06_steward", "select ops.purge_payloads()", "42501"),
    ):
        with pytest.raises(WarehouseError, match=state), transaction(role) as session:
            session.run(statement)
    with transaction() as session:
        assert session.one("select ops.purge_payloads() as n").n == 0
    pass_days(2)
    for statement in (
        emptied.replace("now()", "now(), rule_codes = '{x}'"),
        "update ops.quarantine set rule_codes = '{x}'",
    ):
        with pytest.raises(WarehouseError, match="55000"), transaction(role="") as session:
            session.run(statement)
    with transaction() as session:
        assert session.one("select ops.purge_payloads() as n").n == 1
    for role in ("", "dean06_loader"):
        for statement in ("update ops.purge set item_count = 9", "delete from ops.purge"):
            with pytest.raises(WarehouseError, match=r"55000|42501"), transaction(role) as session:
                session.run(statement)


def test_a_corrected_record_is_only_emptied(root: Path) -> None:
    load = load_police("one", DAY, [*GOOD, BAD])
    with transaction() as session:
        number = replay.ask(session, load.load_id, {31: {"personal_id": "x"}}, "lan", "theo hồ sơ")
    replay.load(approved(number))
    for statement in (
        "update ops.replay_row set payload = null, purged_at = now()",
        "update ops.replay_row set payload = '{}'",
        "delete from ops.replay_row",
        "truncate ops.replay_row cascade",
    ):
        with pytest.raises(WarehouseError, match="55000"), transaction(role="") as session:
            session.run(statement)


def test_the_rules_cover_every_kind_and_classification() -> None:
    given = [(rule.what, rule.classification) for rule in tables.retention()]
    assert sorted(given) == sorted(product(retention.KINDS, contract.CLASSIFICATIONS))
    assert all(rule.days > 0 for rule in tables.retention())
    assert rows("select count(*) from ops.retention") == [
        (len(retention.KINDS) * len(contract.datasets()),)
    ]


def test_the_command_tells_removes_and_proves(root: Path) -> None:
    def command(*words: str) -> Result:
        return CliRunner().invoke(app, ["keep-house", *words])

    load_police("one", DAY, [*GOOD, BAD])
    assert "Nothing is past its retention period" in command("--dry-run").output
    pass_days(LONG, root)
    before = files(root)
    told = command("--dry-run")
    assert "would be removed" in told.output
    assert (files(root), payloads(), purged()) == (before, 1, {})
    proof = command("--prove")
    assert proof.exit_code == 1
    assert "quarantined records of police.resident: 1" in proof.output
    done = command()
    assert done.exit_code == 0, done.output
    assert "Người Trong" not in told.output + proof.output + done.output
    assert (files(root), payloads()) == ([], 0)
    assert command("--prove").exit_code == 0
