"""What a steward might try with a correction, and what the warehouse makes of it."""

import json
from typing import Any

import pytest
from typer.testing import CliRunner

from dean06 import contract
from dean06.cli.app import app
from dean06.contract import Dataset
from dean06.errors import Dean06Error, WarehouseError
from dean06.load import approval, replay
from dean06.load.approval import Decision
from dean06.ui import reading
from dean06.warehouse import transaction
from tests.lib.loading import RESIDENT, load_police, resident, rows

pytestmark = pytest.mark.usefixtures("warehouse")
DAY = "2022-10-31"
VICTIM = "082190000007"
PEOPLE = [resident(soDinhDanh=f"0821900{n:05d}") for n in range(30)]
MAKES_DELETED = (
    "encounter_status", "immunization_status", "change_type", "dossier_status", "withdrawn_mark",
    "listing_status", "petition_status", "copy_status",
)  # fmt: skip
"""Columns as received from which core SQL tells that a record is withdrawn."""
REJECTED = resident(soDinhDanh="082190000555", maXa="99999")


def rejected() -> int:
    return load_police("one", DAY, [*PEOPLE, REJECTED]).load_id


def payload(load_id: int) -> dict[str, Any]:
    found = rows("select payload from ops.quarantine where load_id = :id", id=load_id)
    return dict(found[0][0])


def ask(load_id: int, **changes: str | None) -> int:
    with transaction(reading.ROLE) as session:
        corrected = {31: {**payload(load_id), "commune_code": "28249", **changes}}
        return replay.ask(session, load_id, corrected, "lan", "theo hồ sơ giấy")


def current(personal_id: str = VICTIM) -> list[tuple[Any, ...]]:
    return rows(
        """select full_name, updated_at::text from core.police__resident
           where personal_id = :id and _is_current""",
        id=personal_id,
    )


def test_one_person_cannot_rewrite_another_citizen() -> None:
    load_id = rejected()
    before = current()
    ask(
        load_id, personal_id=VICTIM, full_name="Kẻ Mạo Danh",
        updated_at="2022-10-31T23:00:00+07:00",
    )  # fmt: skip
    replay.load_due()
    assert current() == before
    assert outcomes() == {"unapproved"}


def outcomes() -> set[str]:
    return {outcome for (outcome,) in rows("select outcome from ops.replay_outcome")}


def causes() -> set[str]:
    return {cause for (cause,) in rows("select cause from ops.replay_hold")}


def decide(number: int, by: str, decision: Decision = Decision.APPROVED) -> None:
    with transaction(reading.ROLE) as session:
        approval.read(session, number, by, "duyệt bản sửa")
    with transaction(reading.ROLE) as session:
        approval.decide(session, number, decision, by, "đã đối chiếu")


def test_a_correction_that_changes_nothing_of_a_person_needs_nobody_else() -> None:
    ask(rejected())
    assert (outcomes(), causes()) == ({"waiting"}, set())
    assert replay.load_due() == 1
    assert outcomes() == {"accepted"}


@pytest.mark.parametrize(
    ("changes", "cause"),
    [
        ({"personal_id": VICTIM}, "key_changed"),
        ({"personal_id": "082190000556"}, "key_changed"),
        ({"personal_id": None}, "key_changed"),
        ({"updated_at": "2022-10-31T23:00:00+07:00"}, "moment_changed"),
        ({"updated_at": "2022-10-31T08:30:00.000001+07:00"}, "moment_changed"),
        ({"updated_at": None}, "moment_changed"),
        ({"full_name": "Kẻ Mạo Danh"}, "person_changed"),
        ({"birth_date": "1991-02-03"}, "person_changed"),
        ({"sex_code": "1"}, "person_changed"),
        ({"sex_code": None}, "person_changed"),
        ({"household_id": "H28249000002"}, "person_changed"),
        ({"is_deleted": "true"}, "person_changed"),
        ({"residence_status": "da_chet"}, "person_changed"),
        ({"effective_on": "1990-01-01"}, "person_changed"),
    ],
)
@pytest.mark.one_in(3)
def test_a_change_of_key_moment_or_person_waits(changes: dict[str, str | None], cause: str) -> None:
    ask(rejected(), **changes)
    assert (outcomes(), causes()) == ({"unapproved"}, {cause})
    assert replay.due() == []


def test_a_record_without_a_key_that_can_be_read_waits() -> None:
    load_id = load_police("one", DAY, [*PEOPLE, '{"soDinhDanh": "0821']).load_id
    good = {"personal_id": VICTIM, "updated_at": "2022-10-31T23:00:00+07:00"}
    with transaction(reading.ROLE) as session:
        replay.ask(session, load_id, {31: good}, "lan", "theo hồ sơ giấy")
    assert (outcomes(), causes()) == ({"unapproved"}, {"key_unread", "moment_changed"})


@pytest.mark.parametrize("moment", ["2022-10-31T08:30:00+07:00", "2022-10-31T09:00:00+07:00"])
def test_a_record_that_core_knows_from_then_or_later_waits(moment: str) -> None:
    load_id = rejected()
    load_police("two", DAY, [resident(soDinhDanh="082190000555", capNhatLuc=moment)])
    before = current("082190000555")
    number = ask(load_id, commune_code="28252")
    assert outcomes() == {"waiting"}
    assert replay.load_due() == 1
    assert (outcomes(), causes()) == ({"unapproved"}, {"known_later"})
    assert replay.due() == []
    assert current("082190000555") == before
    decide(number, "minh")
    replay.load_due()
    assert outcomes() == {"accepted"}


def test_a_record_that_core_knows_as_somebody_else_waits_and_shows_both() -> None:
    """The source itself sent the other name, in a record that was rejected."""
    other = {**REJECTED, "hoTen": "Kẻ Mạo Danh", "gioiTinh": "1"}
    load_id = load_police("one", DAY, [*PEOPLE, other]).load_id
    before = resident(soDinhDanh="082190000555", capNhatLuc="2022-10-31T08:00:00+07:00")
    load_police("two", DAY, [before])
    number = ask(load_id)
    assert outcomes() == {"waiting"}
    assert replay.load_due() == 1
    assert (outcomes(), causes()) == ({"unapproved"}, {"differs_from_core"})
    assert current("082190000555")[0][0] == RESIDENT["hoTen"]
    with transaction(reading.ROLE) as session:
        shown = {tuple(row)[1:] for row in approval.read(session, number, "minh", "duyệt bản sửa")}
    assert shown >= {
        ("full_name", "Kẻ Mạo Danh", "Kẻ Mạo Danh", RESIDENT["hoTen"]),
        ("sex_code", "1", "1", "2"),
        ("commune_code", "99999", "28249", "28249"),
    }
    decide(number, "minh")
    replay.load_due()
    assert (outcomes(), current("082190000555")[0][0]) == ({"accepted"}, "Kẻ Mạo Danh")


def test_a_key_that_cannot_be_read_shows_nothing_of_core() -> None:
    number = ask(rejected(), personal_id="kẻ mạo danh")
    with transaction(reading.ROLE) as session:
        shown = approval.read(session, number, "minh", "duyệt bản sửa")
    assert {row.in_core for row in shown} == {None}


@pytest.mark.parametrize("dataset", contract.datasets(), ids=lambda dataset: dataset.code)
def test_whatever_a_contract_calls_personal_waits(dataset: Dataset) -> None:
    """By the comments of core, not by the contracts that the bindings are made from."""
    personal = {
        name
        for (name,) in rows(
            r"""select attname::text from pg_attribute
               where attrelid = to_regclass(:name) and attnum > 0
                   and col_description(attrelid, attnum) ~ '\[(personal|sensitive)\]$'""",
            name=f"core.{dataset.table}",
        )
    }
    ((keys, about),) = rows(
        """select key_columns, person_columns from ops.replay_binding
           where source_code = :source and dataset_code = :dataset""",
        source=dataset.source, dataset=dataset.name,
    )  # fmt: skip
    received = {column.name for column in dataset.staged}
    assert personal & received <= {*keys, *about} <= received
    assert (dataset.deleted is None) or {dataset.deleted, *MAKES_DELETED} & {*about}


@pytest.mark.parametrize(
    ("source", "dataset", "column"),
    [
        ("police", "resident", "residence_status"),
        ("police", "resident", "effective_on"),
        ("police", "household", "effective_on"),
        ("insurance", "participant", "participation_status"),
        ("insurance", "participant", "effective_on"),
        ("portal", "dossier", "applicant_type"),
    ],
)
def test_whether_a_person_is_meant_and_lives_and_since_when_waits(
    source: str, dataset: str, column: str
) -> None:
    """One person could otherwise declare a citizen dead, in all sources and all KPIs."""
    bound = """select :column = any(person_columns) from ops.replay_binding
               where source_code = :source and dataset_code = :dataset"""
    assert rows(bound, source=source, dataset=dataset, column=column) == [(True,)]


def test_a_second_person_who_has_read_the_change_approves() -> None:
    load_id = rejected()
    number = ask(load_id, personal_id="082190000556")
    with (
        pytest.raises(Dean06Error, match="before you approve"),
        transaction(reading.ROLE) as session,
    ):
        approval.decide(session, number, Decision.APPROVED, "minh", "đã đối chiếu")
    with transaction(reading.ROLE) as session:
        shown = approval.read(session, number, "minh", "duyệt bản sửa")
    assert {tuple(row) for row in shown} == {
        (31, "personal_id", "082190000555", "082190000556", None),
        (31, "commune_code", "99999", "28249", None),
    }
    assert rows("select reader, load_id, row_no, replay_id from ops.payload_read") == [
        ("minh", load_id, 31, number)
    ]
    decide(number, "minh")
    assert replay.load_due() == 1
    assert outcomes() == {"accepted"}
    assert rows("select decided_by, asked_by from ops.replay_decision") == [("minh", "lan")]


def test_who_read_another_correction_of_the_record_has_not_read_this_one() -> None:
    load_id = rejected()
    harmless, other = ask(load_id, sex_code="1"), ask(load_id, personal_id=VICTIM)
    with transaction(reading.ROLE) as session:
        approval.read(session, harmless, "minh", "duyệt bản sửa")
        session.run("select ops.read_payload(:id, 31, 'minh', 'đối chiếu hồ sơ')", id=load_id)
    with (
        pytest.raises(Dean06Error, match="before you approve"),
        transaction(reading.ROLE) as session,
    ):
        approval.decide(session, other, Decision.APPROVED, "minh", "đã đối chiếu")
    decide(harmless, "os:Minh")
    assert rows("select replay_id, decided_by from ops.replay_decision") == [(harmless, "os:Minh")]


@pytest.mark.parametrize(
    "same",
    [
        "lan", "Lan ", "os:lan", "db:LAN", "os:os:lan", "os: db: lan", "la\u200bn", "\ufeffl a n",
        "\uff4c\uff41\uff4e", "os\uff1alan", "l\u00ada\u2060n\t", "\u202elan\u2069",
    ],
)  # fmt: skip
@pytest.mark.one_in(3)
def test_who_corrected_does_not_approve(same: str) -> None:
    number = ask(rejected(), personal_id="082190000556")
    with pytest.raises(Dean06Error, match="you made correction"):
        decide(number, same)
    with transaction(reading.ROLE) as session:
        session.run("select ops.read_correction(:n, :who, 'duyệt bản sửa')", n=number, who=same)
    with (
        pytest.raises(WarehouseError, match="a_second_person_approves"),
        transaction(reading.ROLE) as session,
    ):
        session.run("select ops.decide_replay(:n, 'approved', :who, 'x y z')", n=number, who=same)
    assert outcomes() == {"unapproved"}


def test_what_was_declined_is_never_loaded() -> None:
    number = ask(rejected(), personal_id="082190000556")
    decide(number, "lan", Decision.DECLINED)  # who asked may take it back
    assert (outcomes(), replay.due()) == ({"declined"}, [])
    with pytest.raises(Dean06Error, match="was declined"):
        replay.load(number)
    with pytest.raises(Dean06Error, match="is not waiting"):
        decide(number, "minh")


@pytest.mark.parametrize(
    "statement",
    [
        "delete from ops.replay_hold",
        "update ops.replay_hold set cause = 'key_unread'",
        "update ops.replay_decision set decided_by = 'minh'",
        """insert into ops.replay_decision (replay_id, asked_by, decision, decided_by, reason)
           values (1, 'minh', 'approved', 'hoa', 'đã đối chiếu')""",
        """insert into ops.replay_row (replay_id, row_no, position, payload)
           values (1, 5, 2, '{"personal_id": "082190000007"}')""",
        """insert into ops.payload_read (reader, reason, load_id, row_no, replay_id)
           values ('minh', 'duyệt bản sửa', 1, 31, 1)""",
        "update ops.replay_binding set key_columns = '{commune_code}'",
    ],
)
@pytest.mark.parametrize("role", ["dean06_ui", "dean06_loader"])
@pytest.mark.one_in(2)
def test_no_service_goes_past_it(role: str, statement: str) -> None:
    ask(rejected(), personal_id=VICTIM)
    with pytest.raises(WarehouseError), transaction(role) as session:
        session.run(statement)


@pytest.mark.parametrize("is_loaded", [False, True])
def test_nothing_is_added_to_what_was_approved_or_loaded(is_loaded: bool) -> None:
    """By the pages' own role: the approval would cover a record that nobody has read."""
    other = resident(soDinhDanh="082190000777", maXa="99999")
    load_id = load_police("one", DAY, [*PEOPLE, REJECTED, other]).load_id
    number = ask(load_id, personal_id="082190000556")
    decide(number, "minh")
    if is_loaded:
        replay.load_due()
    before = current()
    with pytest.raises(WarehouseError, match="55000"), transaction(reading.ROLE) as session:
        session.run(
            """insert into ops.replay_row (replay_id, row_no, position, payload)
               values (:number, 32, 2, cast(:payload as jsonb))""",
            number=number,
            payload=json.dumps(
                {**payload(load_id), "commune_code": "28249", "personal_id": VICTIM,
                 "updated_at": "2022-10-31T23:00:00+07:00"}
            ),
        )  # fmt: skip
    replay.load_due()
    assert current() == before


def test_a_value_hides_nothing_from_who_reads_the_change() -> None:
    number = ask(
        rejected(), personal_id="082190000556", full_name="Kẻ [/mạo] danh\x1b[1A\x1b[2K[conceal]x"
    )
    done = CliRunner().invoke(app, ["replay-changes", str(number), "--why", "duyệt bản sửa"])
    assert done.exit_code == 0, done.output
    assert "Kẻ [/mạo] danh\ufffd[1A\ufffd[2K[conceal]x" in done.output


def test_the_warehouse_itself_publishes_no_correction_without_approval() -> None:
    """As if the program had a mistake, or the loader wrote by hand."""
    load_id = rejected()
    number = ask(load_id, personal_id=VICTIM)
    for run_key in (f"replay__{number}", "replay__999", "by-hand"):
        with (
            pytest.raises(WarehouseError, match=r"42501.*(second person|no such correction)"),
            transaction() as session,
        ):
            session.run(
                """insert into ops.load (source_code, dataset_code, run_key, attempt, day,
                       window_until, contract_version, status, declared_count, received_count,
                       inserted_count, updated_count, unchanged_count, deleted_count,
                       superseded_count, quarantined_count, corrects_load_id)
                   select source_code, dataset_code, :run_key, 1, day, window_until,
                       contract_version, 'published', 0, 0, 0, 0, 0, 0, 0, 0, load_id
                   from ops.load where load_id = :load_id""",
                run_key=run_key,
                load_id=load_id,
            )
