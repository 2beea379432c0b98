"""Cases of records to correct: opened by lists, closed by deliveries, over Tết of 2023.

Lists of Tuesday 17/01/2023 are sent on the 18th. Five working days from then, by notice
5034/TB-LĐTBXH: 19/1, 27/1, 30/1, 31/1, 1/2.
"""

import os
import signal
from collections.abc import Callable
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from dean06.agencies import cases, lists
from dean06.errors import WarehouseError
from dean06.identity.verify import verify_identities
from dean06.warehouse import transaction
from tests.lib.agency_list_files import PARTICIPANT, lines
from tests.lib.corrections import WRONG, content, deliver, person, sent, spells
from tests.lib.loading import load_police, rows
from tests.lib.persons import load, record

pytestmark = pytest.mark.usefixtures("warehouse", "lists_root")
IN_TIME, LATE, CLAIMS, AGAIN = 1, 2, 3, 4
LISTED_ON = date(2023, 1, 17)


def _listed() -> None:
    """Four records are wrong on 17/1, one is right."""
    day = "2023-01-17"
    wrong = [sent(number, day, **WRONG) for number in (IN_TIME, LATE, CLAIMS, AGAIN)]
    deliver(day, *wrong, sent(5, day))


def test_four_agencies_over_tet_end_as_they_must() -> None:
    _listed()
    assert spells() == {
        person(n): [("17/01", "01/02", None, None, False, False)] for n in (1, 2, 3, 4)
    }
    # The first working day after Tết. Who claims sends the record again, otherwise wrong.
    day = "2023-01-27"
    deliver(
        day, sent(IN_TIME, day), sent(AGAIN, day), sent(CLAIMS, day, **WRONG, ngaySinh="1990-02-30")
    )
    # Corrected, and wrong again: the same case, another spell; five working days from 1/2.
    day = "2023-01-31"
    deliver(day, sent(AGAIN, day, **WRONG))
    deliver("2023-02-01", sent(6, "2023-02-01"))
    assert [spell[-1][4] for spell in spells().values()] == [False] * 4
    deliver("2023-02-02", sent(6, "2023-02-02"))
    assert [spell[-1][4] for spell in spells().values()] == [False, True, True, False]
    day = "2023-02-06"
    deliver(day, sent(LATE, day))
    deliver("2023-02-09", sent(6, "2023-02-09"))
    assert spells() == {
        person(IN_TIME): [("17/01", "01/02", "27/01", "corrected", False, False)],
        person(LATE): [("17/01", "01/02", "06/02", "corrected", False, True)],
        person(CLAIMS): [("17/01", "01/02", None, None, True, False)],
        person(AGAIN): [
            ("17/01", "01/02", "27/01", "corrected", False, False),
            ("31/01", "08/02", None, None, True, False),
        ],
    }
    assert rows("select count(*) from ops.correction_case") == [(4,)]
    assert rows(
        """select codes, listed_count from ops.correction_spell
           where is_overdue order by listed_count"""
    ) == [(["commune_code_known"], 1), (["birth_date_valid", "commune_code_known"], 2)]


def test_the_list_shows_case_and_deadline(lists_root: Path) -> None:
    _listed()
    found = {line["Mã bản ghi"]: line for line in lines(lists_root, "police", "2023-01-17")}
    (case,) = rows("select case_id from core.correction_record where record_key = :key",
                   key=person(LATE))  # fmt: skip
    assert found[person(LATE)]["Yêu cầu số"] == str(case[0])
    assert {line["Hạn chỉnh sửa"] for line in found.values()} == {"01/02/2023"}
    # Listed again, it keeps its first deadline; the list of the first day stays what it was.
    first = (lists_root / "police" / "police_2023-01-17.csv").read_bytes()
    day = "2023-01-30"
    deliver(day, sent(LATE, day, **WRONG), sent(7, day, **WRONG))
    again = {line["Mã bản ghi"]: line for line in lines(lists_root, "police", day)}
    assert again[person(LATE)]["Hạn chỉnh sửa"] == "01/02/2023"
    assert again[person(7)]["Hạn chỉnh sửa"] == "07/02/2023"
    lists.write_day(LISTED_ON, "police")
    assert (lists_root / "police" / "police_2023-01-17.csv").read_bytes() == first


def test_the_most_severe_error_sets_the_deadline() -> None:
    with transaction("") as session:
        session.run(
            """insert into ops.correction_deadline
               values ('rejected', 'commune_code_known', 'minor', 15, 'Minor', 'Nhẹ')"""
        )
    day = "2023-01-17"
    deliver(day, sent(1, day, **WRONG), sent(2, day, **WRONG, ngaySinh="1990-02-30"))
    assert [spell[0][1] for spell in spells().values()] == ["15/02", "01/02"]
    assert rows("select severity from ops.correction_spell order by case_id") == [
        ("minor",), ("severe",),
    ]  # fmt: skip


def test_a_record_that_is_withdrawn_closes_its_case() -> None:
    _listed()
    day = "2023-01-27"
    deliver(day, sent(IN_TIME, day, daXoa=True))
    assert spells()[person(IN_TIME)] == [("17/01", "01/02", "27/01", "withdrawn", False, False)]


def test_the_same_window_delivered_again_proves_what_it_no_longer_has() -> None:
    day = "2023-01-17"
    unreadable = '{"soDinhDanh": '
    deliver(day, sent(1, day, **WRONG), sent(2, day, **WRONG), unreadable, sent(5, day))
    assert sorted(len(each) for each in spells().values()) == [1, 1, 1]
    # The run is cleared: it asks for its window again. One record came right, under its old moment;
    # one is still wrong; the line nobody could read is gone.
    deliver(day, sent(1, day), sent(2, day, **WRONG), sent(5, day))
    outcomes = {record: spell[-1][3] for record, spell in spells().items()}
    assert outcomes.pop(person(1)) == "corrected"
    assert outcomes.pop(person(2)) is None
    assert list(outcomes.values()) == ["withdrawn"]


def test_within_one_delivery_the_later_version_counts() -> None:
    day = "2023-01-17"
    early, late = (f"{day}T{hour}:00:00+07:00" for hour in ("08", "09"))
    deliver(
        day,
        sent(1, day, **WRONG) | {"capNhatLuc": early}, sent(1, day) | {"capNhatLuc": late},
        sent(2, day) | {"capNhatLuc": early}, sent(2, day, **WRONG) | {"capNhatLuc": late},
    )  # fmt: skip
    assert {record: spell[-1][3] for record, spell in spells().items()} == {
        person(1): "corrected",
        person(2): None,
    }


def test_a_day_that_is_loaded_late_does_not_open_what_came_right_since() -> None:
    deliver("2023-01-27", sent(1, "2023-01-27"))
    deliver("2023-01-17", sent(1, "2023-01-17", **WRONG))
    (spell,) = spells()[person(1)]
    assert spell[2:4] == ("27/01", "corrected")


def test_the_same_list_makes_its_cases_once() -> None:
    _listed()
    before = content()
    for again in range(2):
        lists.write_due()
        lists.write_day(LISTED_ON)
        assert content() == before, again
    assert rows("select count(*) from ops.correction_case") == [(4,)]


def _dying(at: int, kept: Callable[..., Any]) -> Callable[..., Any]:
    """A function whose process is killed at its ``at``-th call."""
    calls = iter(range(1, 1000))

    def call(*arguments: Any, **named: Any) -> Any:
        if next(calls) == at:
            os.kill(os.getpid(), signal.SIGKILL)
        return kept(*arguments, **named)

    return call


def _is_killed(place: ModuleType, name: str, at: int) -> bool:
    """Write the lists in a process of its own, which dies at a call; whether it did."""
    pid = os.fork()
    if not pid:
        try:
            setattr(place, name, _dying(at, getattr(place, name)))
            lists.write_due()
        finally:
            os._exit(0)  # nothing of pytest's may run in the copy
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == -signal.SIGKILL


def _history() -> None:
    _listed()
    day = "2023-01-27"
    load_police(f"run-{day}", day, [sent(IN_TIME, day), sent(CLAIMS, day, **WRONG)])


@pytest.mark.campaign
def test_killed_anywhere_and_run_again_it_is_as_if_never_killed() -> None:
    _history()
    before = content()
    at = 1
    while _is_killed(cases, "sql_file", at):
        # One transaction: whatever had been written is gone.
        assert content() == before
        at += 1
    assert at > 8
    undisturbed = content()
    assert len(undisturbed) == len(before) + 2
    for name in ("stored_file", "_remember"):
        with transaction("") as session:
            session.run("update ops.agency_list set load_ids = '{}'")
        assert _is_killed(lists, name, 1)
        assert not _is_killed(lists, name, 1000)
        assert content() == undisturbed
    assert rows("select count(*) from ops.correction_case") == [(4,)]


def test_no_event_without_the_load_or_run_that_proves_it() -> None:
    _listed()
    deliver("2023-01-27", sent(6, "2023-01-27"))
    (case,) = rows("select min(case_id) from ops.correction_case")[0]
    (other,) = rows("select min(load_id) from ops.load where dataset_code = 'household'")[0]
    (held,) = rows("select max(load_id) from ops.load where dataset_code = 'resident'")[0]
    with transaction("") as session:
        session.run("alter table ops.load disable trigger user")
        session.run("update ops.load set status = 'quarantined' where load_id = :id", id=held)
        session.run("alter table ops.load enable trigger user")
    insert = """insert into ops.correction_event (case_id, event, day, moment, load_id)
                values (:case, 'corrected', '2023-01-27', now(), :load)"""
    for load_id, refused in ((None, "correction_event_has_evidence"), (other, "23514"),
                             (held, "23514")):  # fmt: skip
        with pytest.raises(WarehouseError, match=refused), transaction() as session:
            session.run(insert, case=case, load=load_id)
    with transaction("") as session:
        session.run("create schema of_loader authorization dean06_loader")
    # Operators of one's own, ahead of PostgreSQL's, make no other comparison of it.
    with pytest.raises(WarehouseError, match="23514"), transaction() as session:
        session.run(
            """create function of_loader.never(text, text) returns boolean
               language sql immutable return false"""
        )
        session.run(
            "create operator of_loader.<> (leftarg = text, rightarg = text, "
            "function = of_loader.never)"
        )
        session.run("set local search_path = of_loader, pg_catalog")
        session.run(insert, case=case, load=held)
    for statement in (
        "update ops.correction_event set event = 'corrected'", "delete from ops.correction_event",
        "update ops.correction_case set kind = 'mismatch'",
    ):  # fmt: skip
        with pytest.raises(WarehouseError, match="42501"), transaction() as session:
            session.run(statement)
    with pytest.raises(WarehouseError, match="55000"), transaction("") as session:
        session.run("delete from ops.correction_event")


def test_a_mismatch_ends_when_the_record_or_the_registry_comes_right() -> None:
    load("police.resident", *(record("police.resident", personal_id=person(n)) for n in (1, 2, 3)))
    load(
        PARTICIPANT,
        *(record(PARTICIPANT, bhxh_code=f"000000000{n}", personal_id=person(n),
                 full_name="Lê Văn Tám") for n in (1, 2, 3)),
    )  # fmt: skip
    verify_identities()
    lists.write_due()
    assert [spell[0][2:4] for spell in spells().values()] == [(None, None)] * 3
    load(
        PARTICIPANT,
        record(PARTICIPANT, version=2, bhxh_code="0000000001", personal_id=person(1)),
        record(PARTICIPANT, version=2, bhxh_code="0000000003", is_deleted=True),
    )
    load("police.resident", record("police.resident", version=2, personal_id=person(2),
                                   full_name="Lê Văn Tám"))  # fmt: skip
    verify_identities()
    lists.write_due()
    assert [spell[0][3] for spell in spells().values()] == [
        "corrected", "registry_changed", "withdrawn",
    ]  # fmt: skip
    verify_identities(everything=True)
    lists.write_due()
    assert all(len(spell) == 1 for spell in spells().values())
    load(PARTICIPANT, record(PARTICIPANT, version=3, bhxh_code="0000000001", personal_id=None))
    verify_identities()
    lists.write_due()
    assert [spell[3] for spell in spells()["0000000001"]] == ["corrected", None]
    assert rows("select count(*) from ops.correction_case") == [(3,)]


def test_only_core_knows_whose_case_it_is() -> None:
    _listed()
    kept = "".join(
        str(rows(f"select * from {table}"))
        for table in (
            "ops.correction_case", "ops.correction_event", "ops.correction_step",
            "ops.correction_spell", "ops.correction_coverage",
        )
    )  # fmt: skip
    for number in (1, 2, 3, 4):
        assert person(number) not in kept
    with pytest.raises(WarehouseError, match="42501"), transaction("dean06_ui") as session:
        session.run("select * from core.correction_record")


def test_a_year_without_a_calendar_has_no_deadline_yet() -> None:
    _listed()
    with transaction("") as session:
        session.run("delete from ops.calendar_day where day >= '2023-01-28'")
    assert {spell[0][1] for spell in spells().values()} == {None}
    deliver("2023-03-01", sent(6, "2023-03-01"))
    assert {spell[0][4] for spell in spells().values()} == {False}
