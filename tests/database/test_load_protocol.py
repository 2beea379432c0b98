"""The load protocol on a real warehouse: every row accounted for, running again changes nothing."""

import itertools
from typing import Any

import pytest

from dean06 import contract
from dean06.errors import (
    BatchHeldError,
    ContractError,
    Dean06Error,
    ManifestMismatchError,
    WarehouseError,
)
from dean06.load import ledger
from dean06.load.publish import publish
from dean06.load.quarantine import quarantine
from dean06.load.stage import stage
from dean06.load.validate import validate
from dean06.reports.digest import warehouse_digest
from dean06.warehouse import transaction
from tests.conftest import Cluster
from tests.lib.loading import books, land, lines_of, load_police, resident, rows

pytestmark = pytest.mark.usefixtures("warehouse")
DAY = "2022-10-31"
POLICE_RESIDENT = contract.load("police").dataset("resident")


def _at(clock: str, **changes: Any) -> dict[str, Any]:
    return resident(capNhatLuc=f"2022-10-{clock}:00+07:00", **changes)


def test_every_received_row_has_exactly_one_outcome() -> None:
    load_police("one", "2022-10-30", [_at("30T08:00"), _at("30T08:00", soDinhDanh="082190000009")])
    load = load_police(
        "two",
        DAY,
        [
            _at("31T09:00", hoTen="Nguyễn Thị Thử Hai"),  # newest of its key: updated
            _at("31T08:00"),  # older version in the batch: superseded
            _at("31T09:00", hoTen="Nguyễn Thị Thử Hai"),  # duplicate in the batch: superseded
            _at("30T08:00"),  # core has it: unchanged
            _at("31T08:00", soDinhDanh="082190000002"),  # inserted
            _at("31T08:00", soDinhDanh="082190000009", daXoa=True),  # deleted
            _at("31T08:00", soDinhDanh="00X190000003"),  # quarantined
            '{"soDinhDanh": ',  # quarantined
        ],
    )
    assert books(load) == {
        "received": 8, "inserted": 1, "updated": 1, "unchanged": 1, "deleted": 1, "superseded": 2,
        "quarantined": 2,
    }  # fmt: skip
    assert rows(
        """select personal_id, full_name, is_deleted, _is_current from core.police__resident
           order by personal_id, updated_at"""
    ) == [
        ("082190000001", "Nguyễn Thị Thử", False, False),
        ("082190000001", "Nguyễn Thị Thử", False, False),
        ("082190000001", "Nguyễn Thị Thử Hai", False, True),
        ("082190000002", "Nguyễn Thị Thử", False, True),
        ("082190000009", "Nguyễn Thị Thử", False, False),
        ("082190000009", "Nguyễn Thị Thử", True, True),
    ]


def test_versions_hold_one_after_another_by_the_day_they_count_from() -> None:
    load_police(
        "one",
        DAY,
        [
            _at("31T10:00", ngayHieuLuc="2022-10-20", maXa="28252"),
            _at("31T09:00", ngayHieuLuc="2022-10-05"),
            _at("31T11:00", ngayHieuLuc="2022-10-05", hoTen="Nguyễn Thị Sửa"),  # corrects the past
        ],
    )
    assert rows(
        """select effective_on::text, updated_at::time::text, _valid_to::text, _is_current
           from core.police__resident order by effective_on, updated_at"""
    ) == [
        ("2022-10-05", "09:00:00", "2022-10-05", False),
        ("2022-10-05", "11:00:00", "2022-10-20", True),
        ("2022-10-20", "10:00:00", None, False),
    ]


def test_a_corrupted_count_of_a_published_load_sees_the_transaction_refused() -> None:
    load = load_police("one", DAY, [resident()])
    before = warehouse_digest()
    for column in ("inserted_count", "received_count", "quarantined_count", "declared_count"):
        with (
            pytest.raises(WarehouseError, match=r"55000"),
            transaction() as session,
        ):
            session.run("update core.police__resident set commune_code = '28252'")
            session.run(
                f"update ops.load set {column} = {column} + 1 where load_id = :id", id=load.load_id
            )
    assert warehouse_digest() == before


def test_an_unbalanced_publication_publishes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    # The fault cannot be caused otherwise: a row that is lost on its way into core.
    from dean06.load import publish as module

    real = module._send

    def losing(*args: Any) -> Any:
        counts, affects_from = real(*args)
        return {**counts, "inserted": counts.get("inserted", 0) - 1}, affects_from

    monkeypatch.setattr(module, "_send", losing)
    with pytest.raises(
        WarehouseError, match=r"police\.resident .* \(load \d+, run one\): .*load_balances"
    ):
        load_police("one", DAY, [resident()])
    assert rows("select count(*) from core.police__resident") == [(0,)]
    assert rows("select count(*) from ops.watermark") == [(0,)]


def test_what_the_warehouse_refuses_is_told_of_the_load() -> None:
    with transaction(role="") as session:
        session.run("revoke insert on ops.shard from dean06_loader")
    with pytest.raises(
        WarehouseError,
        match=r"^police\.\w+ .* \(load \d+, run one\): PostgreSQL error 42501 .*shard",
    ):
        load_police("one", DAY, [resident()])


def test_the_same_run_again_changes_nothing() -> None:
    records = [resident(), resident(soDinhDanh="082190000002"), resident(soDinhDanh="bad")]
    load_police("one", DAY, records)
    before = warehouse_digest()
    publish("police", "one")  # cleared alone
    assert warehouse_digest() == before
    again = load_police("one", DAY, records)  # cleared from extract
    assert (again.attempt, books(again)["unchanged"], books(again)["quarantined"]) == (2, 2, 1)
    assert warehouse_digest() == before
    other = load_police("another run of the same day", DAY, records)
    assert str(other.window.since) == "2022-10-31 00:00:00+07:00"
    assert warehouse_digest() == before


def test_the_planner_knows_a_table_that_has_just_grown() -> None:
    people = [resident(soDinhDanh=f"0821900{number:05}") for number in range(200)]
    load_police("first", DAY, people)
    told = "select reltuples from pg_class where oid = 'core.police__resident'::regclass"
    assert rows(told) == [(200,)]
    few = [resident(soDinhDanh=f"0821901{number:05}") for number in range(5)]
    load_police("second", "2022-11-01", few)
    assert rows(told) == [(200,)], "a day's few records are not worth reading the table for"


DAYS = {
    "2022-10-29": [_at("29T08:00"), _at("29T08:00", soDinhDanh="082190000002")],
    "2022-10-30": [_at("30T08:00", maXa="28252", ngayHieuLuc="2022-10-28")],
    "2022-10-31": [
        _at("31T08:00", maXa="28255", ngayHieuLuc="2022-10-31"),
        _at("31T08:00", soDinhDanh="082190000002", daXoa=True, ngayHieuLuc="2022-10-31"),
        _at("31T08:00", soDinhDanh="bad"),
    ],
}


@pytest.mark.campaign
def test_three_days_in_every_order_end_in_the_same_digest(cluster: Cluster, migrated: str) -> None:
    digests = set()
    for order in itertools.permutations(DAYS):
        with cluster.copy(migrated):
            for day in order:
                # What the source answers depends on the window that the ledger asks for.
                since = ledger.open_load(
                    contract.load("police"), POLICE_RESIDENT, day, _date(day)
                ).window.since
                asked = [
                    d for d in sorted(DAYS) if d <= day and (not since or d >= str(since)[:10])
                ]
                load_police(day, day, [record for d in asked for record in DAYS[d]])
            digests.add(warehouse_digest()["total"])
            assert rows("select reached::text from ops.watermark limit 1") == [
                ("2022-11-01 00:00:00+07",)
            ]
    assert len(digests) == 1


def test_two_contents_of_one_version_end_alike_in_either_order(
    cluster: Cluster, migrated: str
) -> None:
    digests = set()
    versions = [resident(hoTen="Nguyễn Thị A"), resident(hoTen="Nguyễn Thị B")]
    for first, second in (versions, versions[::-1]):
        with cluster.copy(migrated):
            load_police("one", DAY, [first])
            load_police("two", DAY, [second])
            digests.add(warehouse_digest()["total"])
    assert len(digests) == 1


def test_windows_follow_the_watermark_and_a_retry_asks_for_the_same() -> None:
    police = contract.load("police")
    first = ledger.open_load(police, POLICE_RESIDENT, "run-1", _date("2022-10-31"))
    assert (first.window.since, str(first.window.until)) == (None, "2022-11-01 00:00:00+07:00")
    assert ledger.open_load(police, POLICE_RESIDENT, "run-1", _date("2022-10-31")) == first
    load_police("run-1", "2022-10-31", [resident()])
    later = ledger.open_load(police, POLICE_RESIDENT, "run-2", _date("2022-11-03"))
    assert str(later.window.since) == "2022-11-01 00:00:00+07:00"
    past = ledger.open_load(police, POLICE_RESIDENT, "run-3", _date("2022-09-15"))
    assert str(past.window.since) == "2022-09-15 00:00:00+07:00"
    assert str(past.window.until) == "2022-09-16 00:00:00+07:00"


def test_a_gap_before_the_window_is_refused() -> None:
    load_police("one", "2022-10-30", [])
    load_police("two", "2022-11-02", [], upto="quarantine")
    with transaction() as session:
        session.run("update ops.watermark set reached = reached - interval '1 day'")
    with pytest.raises(Dean06Error, match="gap"):
        publish("police", "two")


def test_a_short_delivery_names_both_figures_and_publishes_nothing() -> None:
    land(POLICE_RESIDENT, "one", DAY, lines_of([resident()]), declared=3)
    with pytest.raises(ManifestMismatchError, match=r"page-00001.*declared 3 records.*holds 1"):
        stage(POLICE_RESIDENT, "one")
    assert rows("select status, cause like '%declared 3%' from ops.load") == [("landed", True)]


def test_a_batch_without_a_required_field_is_held() -> None:
    record = resident()
    del record["maXa"]
    land(POLICE_RESIDENT, "one", DAY, lines_of([record]), declared=1)
    with pytest.raises(ContractError, match=r"required field\(s\) commune_code \(maXa\)"):
        stage(POLICE_RESIDENT, "one")


def test_an_unknown_field_loads_without_it_and_is_recorded() -> None:
    load = load_police("one", DAY, [resident(tonGiao="x")])
    assert books(load)["inserted"] == 1
    assert rows("select drift from ops.load where dataset_code = 'resident'") == [(["tonGiao"],)]


def test_an_empty_feed_is_a_successful_run_of_zero_rows() -> None:
    load = load_police("one", DAY, [])
    assert set(books(load).values()) == {0}
    assert rows("select distinct status from ops.load") == [("published",)]
    assert rows("select count(*) from ops.watermark") == [(5,)]


def test_a_batch_with_too_many_bad_rows_is_held_whole() -> None:
    good = [resident(soDinhDanh=f"0821900{n:05d}") for n in range(100)]
    load_police("one", "2022-10-30", [good[0] | {"capNhatLuc": "2022-10-30T08:30:00+07:00"}])
    bad = [resident(soDinhDanh=f"0821900{n:05d}", maXa="99999") for n in range(200, 230)]
    with pytest.raises(BatchHeldError, match=r"commune_code_known fails for 30 of 130.*load_id ="):
        load_police("two", DAY, [*good, *bad])
    with pytest.raises(Dean06Error, match="held"):
        publish("police", "two")
    assert rows("select count(*) from core.police__resident") == [(1,)]
    assert rows("select count(*) from ops.quarantine") == [(30,)]
    assert rows("select distinct reached::text from ops.watermark") == [("2022-10-31 00:00:00+07",)]


def test_a_few_bad_rows_of_a_small_batch_do_not_hold_it() -> None:
    load = load_police("one", DAY, [resident(), resident(soDinhDanh="082190000002", maXa="99999")])
    assert (books(load)["inserted"], books(load)["quarantined"]) == (1, 1)


def test_quarantine_keeps_all_rules_the_payload_and_the_place() -> None:
    load_police(
        "one",
        DAY,
        [
            resident(),
            resident(soDinhDanh="abc", maXa="99999", ngaySinh="2022-02-31"),
            '{"soDinhDanh": "082190000007", "hoTen": "cut off',
        ],
    )
    kept = rows("select row_no, rule_codes, payload from ops.quarantine order by row_no")
    assert [(row, rules) for row, rules, _ in kept] == [
        (2, ["birth_date_valid", "commune_code_known", "personal_id_well_formed"]),
        (3, ["readable"]),
    ]
    assert kept[0][2]["commune_code"] == "99999"
    assert kept[1][2] == {
        "_problem": "malformed_json", "_raw": '{"soDinhDanh": "082190000007", "hoTen": "cut off',
    }  # fmt: skip
    places = rows(
        """select distinct piece_name, line_no, reason_en <> '' and reason_vi <> ''
           from ops.quarantine_reason order by line_no"""
    )
    assert places == [("page-00001", 2, True), ("page-00001", 3, True)]


def test_steps_out_of_turn_say_which_task_to_clear() -> None:
    with pytest.raises(Dean06Error, match="clear the dataset's first task"):
        stage(POLICE_RESIDENT, "never opened")
    land(POLICE_RESIDENT, "one", DAY, lines_of([resident()]), declared=1)
    with pytest.raises(Dean06Error, match=r"validate needs a load in state staged"):
        validate(POLICE_RESIDENT, "one")
    with pytest.raises(Dean06Error, match=r"quarantine needs a load in state validated"):
        quarantine(POLICE_RESIDENT, "one")
    load_police("two", DAY, [resident(), resident(soDinhDanh="bad")], upto="validate")
    with pytest.raises(Dean06Error, match=r"publish needs a load in state quarantined"):
        publish("police", "two")


def test_a_damaged_landing_file_is_not_staged(home: Any) -> None:
    load = land(POLICE_RESIDENT, "one", DAY, lines_of([resident(hoTen="Chỉ Lần Này")]), declared=1)
    with transaction() as session:
        (file,) = ledger.landing_files(session, load)
    path = file.path.removeprefix("file://")
    with open(path, "ab") as stored:  # noqa: PTH123
        stored.write(b"\n")
    with pytest.raises(
        ContractError, match=r"resident .*altered or damaged.*load the dataset again"
    ):
        stage(POLICE_RESIDENT, "one")
    # Which is of use: the next attempt fetches anew, and the ledger says what was wrong.
    again = land(POLICE_RESIDENT, "one", DAY, lines_of([resident()]), declared=1)
    assert again.attempt == 2
    stage(POLICE_RESIDENT, "one")
    assert rows("select status, cause ~ 'damaged' from ops.load order by load_id") == [
        ("abandoned", True),
        ("staged", None),
    ]


def _date(day: str) -> Any:
    from datetime import date

    return date.fromisoformat(day)
