"""Replay: corrected records go through the whole protocol, as a load of their own."""

import json
import subprocess
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from dean06 import contract
from dean06.cli.app import app
from dean06.errors import BatchHeldError, Dean06Error
from dean06.kpi.build import build_kpis
from dean06.load import ledger, replay
from dean06.reports.digest import warehouse_digest
from dean06.ui import reading
from dean06.warehouse import transaction
from tests.lib.loading import approved, books, load_police, load_source, resident, rows

pytestmark = pytest.mark.usefixtures("warehouse")
DAY = "2022-10-31"
GOOD = [resident(soDinhDanh=f"0821900{n:05d}") for n in range(30)]
RIGHT_ID = "082190000999"


def rejected() -> int:
    """A published load that left row 31 behind; its number."""
    return load_police("one", DAY, [*GOOD, resident(soDinhDanh="999")]).load_id


def payload(load_id: int, row_no: int = 31) -> dict[str, Any]:
    return dict(
        rows(
            "select payload from ops.quarantine where load_id = :id and row_no = :row",
            id=load_id, row=row_no,
        )[0][0]
    )  # fmt: skip


def asked(load_id: int, **changes: str | None) -> int:
    """Of another key than the rejected record's: approved by a second person."""
    with transaction(reading.ROLE) as session:
        number = replay.ask(
            session, load_id, {31: {**payload(load_id), **changes}}, "lan", "theo hồ sơ giấy"
        )
    return approved(number)


def outcome() -> list[tuple[Any, ...]]:
    return rows("select row_no, outcome from ops.replay_outcome order by replay_id")


def marks() -> list[tuple[Any, ...]]:
    return rows("select * from ops.watermark order by source_code, dataset_code")


def test_a_corrected_record_comes_into_core_with_books_of_its_own() -> None:
    first = rejected()
    before = marks()
    number = asked(first, personal_id=RIGHT_ID)
    assert outcome() == [(31, "waiting")]
    load = replay.load(number)
    assert (load.status, load.corrects, load.run_key) == ("published", first, f"replay__{number}")
    assert {name: count for name, count in books(load).items() if count} == {
        "received": 1, "inserted": 1,
    }  # fmt: skip
    assert rows(
        "select full_name, _load_id from core.police__resident where personal_id = :id", id=RIGHT_ID
    ) == [("Nguyễn Thị Thử", load.load_id)]
    assert outcome() == [(31, "accepted")]
    assert marks() == before
    assert len(rows("select * from ops.quarantine")) == 1  # the evidence stays
    assert rows("select count(*) from ops.landing_file where load_id = :id", id=load.load_id) == [
        (1,)
    ]


def test_it_ends_as_if_the_record_had_come_right() -> None:
    number = asked(rejected(), personal_id=RIGHT_ID)
    replay.load(number)
    replayed = warehouse_digest()["core.police__resident"]
    with transaction(role="") as session:
        session.run("delete from core.police__resident")
    load_police("three", DAY, [*GOOD, resident(soDinhDanh=RIGHT_ID)])
    assert warehouse_digest()["core.police__resident"] == replayed


def test_again_changes_nothing() -> None:
    number = asked(rejected(), personal_id=RIGHT_ID)
    load = replay.load(number)
    before = warehouse_digest()
    assert replay.load(number) == load
    assert replay.due() == []
    second = asked(load.corrects or 0, personal_id=RIGHT_ID)
    assert books(replay.load(second))["unchanged"] == 1
    assert warehouse_digest() == before


def test_a_record_that_still_breaks_a_rule_is_quarantined_again() -> None:
    number = asked(rejected(), personal_id="998", commune_code=None)
    load = replay.load(number)
    assert books(load)["quarantined"] == 1
    assert outcome() == [(31, "rejected")]
    broken = rows("select rule_codes from ops.quarantine where load_id = :id", id=load.load_id)
    assert "personal_id_well_formed" in broken[0][0]


def test_many_that_are_still_wrong_are_set_aside_and_the_others_published() -> None:
    """As many as would hold an agency's batch; but nobody would send this one again."""
    many = [resident(soDinhDanh=f"0821900{n:05d}") for n in range(700)]
    wrong = [resident(soDinhDanh=f"{n:03d}") for n in range(30)]
    first = load_police("one", DAY, [*many, *wrong]).load_id
    corrected = {row: payload(first, row) for row in range(701, 731)}
    corrected[701] |= {"personal_id": RIGHT_ID}
    with transaction(reading.ROLE) as session:
        number = replay.ask(session, first, corrected, "lan", "theo hồ sơ giấy")
    load = replay.load(approved(number))
    assert (load.status, books(load)["inserted"], books(load)["quarantined"]) == (
        "published", 1, 29,
    )  # fmt: skip
    assert {row for row, told in outcome() if told == "accepted"} == {701}
    assert replay.due() == []


def test_a_newer_version_of_the_agency_stays_the_newest() -> None:
    first = rejected()
    newer = resident(
        soDinhDanh=RIGHT_ID, hoTen="Nguyễn Thị Mới", capNhatLuc="2022-11-01T09:00:00+07:00"
    )
    load_police("two", "2022-11-01", [newer])
    load = replay.load(asked(first, personal_id=RIGHT_ID))
    assert books(load)["superseded"] == 1
    assert rows(
        "select full_name from core.police__resident where personal_id = :id and _is_current",
        id=RIGHT_ID,
    ) == [("Nguyễn Thị Mới",)]


@pytest.mark.parametrize("step", ["stage", "validate", "quarantine", "publish"])
@pytest.mark.one_in(4)
def test_a_replay_that_was_cut_short_is_due_and_ends_the_same(
    step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = asked(rejected(), personal_id=RIGHT_ID)

    def cut(*_: object) -> None:
        raise Dean06Error("cut short")

    with monkeypatch.context() as patch:
        patch.setattr(f"dean06.load.{step}.{step}", cut)
        with pytest.raises(Dean06Error, match=f"replay {number}: cut short"):
            replay.load_due()
    assert replay.due() == [number]
    assert replay.load_due() == 1
    assert outcome() == [(31, "accepted")]
    assert rows(
        "select count(*) from core.police__resident where personal_id = :i", i=RIGHT_ID
    ) == [(1,)]


def test_kpis_follow_and_say_why() -> None:
    first = rejected()
    for source in contract.sources():
        if source != "police":
            load_source(source, "one", DAY, {})
    build_kpis()
    replay.load(asked(first, personal_id=RIGHT_ID))
    build_kpis()
    assert rows(
        """select numerator_before, numerator from mart.kpi_revision
           where kpi_code = 'population.permanent_residents' and unit_level = 'province'
               and boundary_version = 'as_reported' and breakdown = ''"""
    ) == [(30, 31)]


def test_what_cannot_be_replayed_is_refused_in_words_without_values() -> None:
    first = rejected()
    with pytest.raises(BatchHeldError):
        load_police("bad", "2022-11-01", [{**each, "maXa": "99999"} for each in GOOD])
    (held,) = rows("select load_id from ops.load where status = 'held'")[0]
    secret = {"khong_lo_082190777777": "x"}
    cases = [
        (held, {1: {}}, "is held"), (999_999, {1: {}}, "there is no load"),
        (first, {1: {}}, "did not reject row.s. 1"), (first, {}, "between 1 and"),
        (first, {31: secret}, "a column that is not in the contract"),
        (first, {number: {} for number in range(100, 200)}, "109 and 90 more"),
        (first, {31: {"full_name": "x" * 100_001}}, "at most 100000 characters"),
    ]  # fmt: skip
    for load_id, corrected, told in cases:
        with pytest.raises(Dean06Error, match=told) as refused, transaction() as session:
            replay.ask(session, load_id, corrected, "lan", "theo hồ sơ")
        assert "082190777777" not in str(refused.value)
    assert rows("select count(*) from ops.replay") == [(0,)]


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ([b'{"_row": 31}', b'{"_row": 31, "full_name": "x"}'], "line 2: an earlier line corrects"),
        ([b'{"_row": 0}'], "line 1: must be a JSON object"),
        ([b'{"_row": -1}'], "line 1: must be a JSON object"),
        ([b'{"_row": 9223372036854775808}'], "line 1: must be a JSON object"),
        ([b'{"_row": "%s"}' % (b"9" * 4000)], "line 1: must be a JSON object"),
        ([b'{"_row": 1, "x": %s}' % (b"9" * 1_000_000)], "line 1: must be a JSON object"),
        ([b'{"_row": 1, "x": %s}' % (b"[" * 200_000)], "line 1: must be a JSON object"),
        ([b'{"_row": 1, "x": "\\ud800"}'], "line 1: must be a JSON object"),
        ([b'{"_row": NaN}'], "line 1: must be a JSON object"),
    ],
)
def test_odd_lines_of_a_file_are_refused_by_number(lines: list[bytes], told: str) -> None:
    with pytest.raises(Dean06Error, match=told):
        replay.from_lines("file", lines)


def test_a_file_without_an_end_is_read_up_to_the_most_that_is_loaded() -> None:
    lines = (b'{"_row": %d}' % number for number in count(1))
    with pytest.raises(Dean06Error, match="between 1 and 10000"):
        replay.from_lines("file", lines)


def test_the_command_replays_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    account = subprocess.run(["id", "-un"], capture_output=True, text=True, check=True).stdout[:-1]
    for variable in ("USER", "LOGNAME", "SUDO_USER"):
        monkeypatch.setenv(variable, "minh")  # whoever runs a command sets these as they like
    first = rejected()
    file = tmp_path / "corrected.ndjson"
    file.write_text(json.dumps({"_row": 31, **payload(first), "personal_id": RIGHT_ID}) + "\n")
    words = ["replay", "--load", str(first), "--file", str(file)]
    refused = CliRunner().invoke(app, words)
    assert refused.exit_code == 1
    done = CliRunner().invoke(app, [*words, "--why", "theo hồ sơ giấy"])
    assert done.exit_code == 0, done.output
    assert "1 records unapproved" in done.output
    assert CliRunner().invoke(app, ["approve-replay", "1", "--why", "đã xem"]).exit_code == 1
    replay.load(approved(1))
    assert outcome() == [(31, "accepted")]
    assert rows("select asked_by from ops.replay") == [(f"os:{account}",)]
    for line in ('{"_row": "Hoàng Thị Lộ"}', '{"_row": 31, "full_name": "Hoàng\\u0000"}'):
        file.write_text(line + "\n")
        bad = CliRunner().invoke(app, [*words, "--why", "theo hồ sơ giấy"])
        assert bad.exit_code == 1
        assert "line 1" in bad.output
        assert "Hoàng" not in bad.output


def test_a_load_of_the_source_is_still_read_as_the_source_writes() -> None:
    first = rejected()
    dataset = contract.load("police").dataset("resident")
    assert ledger.current_load(dataset, "one").corrects is None
    replay.load(asked(first, personal_id=RIGHT_ID))
    assert ledger.current_load(dataset, "one").load_id == first


def test_a_record_of_a_source_that_sends_csv_is_replayed_too() -> None:
    header = ",".join(
        str(c.wire_name) for c in contract.load("insurance").dataset("participant").staged
    )
    line = (
        "82000000{0:02d},Trần Văn Thử,01/02/1980,1,,,HT,{1},2022-01-01,,dang_tham_gia,U,"
        "2022-01-01,2022-10-31T08:00:00+07:00"
    )
    lines = [header, *(line.format(n, "28249") for n in range(30)), line.format(31, "99999")]
    load_source("insurance", "one", DAY, {"participant": ("\n".join(lines).encode(), 31)})
    ((first, row_no),) = rows("select load_id, row_no from ops.quarantine")
    corrected = {row_no: {**payload(first, row_no), "commune_code": "28249"}}
    with transaction(reading.ROLE) as session:
        number = replay.ask(session, first, corrected, "lan", "theo hồ sơ giấy")
    assert books(replay.load(number))["inserted"] == 1
    assert rows("select count(*) from core.insurance__participant") == [(31,)]
