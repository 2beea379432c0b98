"""Retention: what is old and done goes, what is young or needed stays, and no number changes."""

import io
import shutil
from datetime import date
from pathlib import Path
from threading import Thread

import pytest

from dean06 import contract
from dean06.agencies import lists
from dean06.errors import BatchHeldError, Cause, Dean06Error, RetentionError
from dean06.kpi.build import build_kpis
from dean06.load import landing, ledger, recovery
from dean06.load.publish import publish
from dean06.load.stage import stage
from dean06.privacy import retention
from dean06.reports.digest import warehouse_digest
from dean06.sources import Piece
from dean06.warehouse import Lock, transaction
from tests.faults.interleaving import advisory, wait_for_blocked
from tests.lib.aging import STAGING, files, pass_days, payloads, purged, staged_files, told
from tests.lib.loading import land, lines_of, load_police, load_source, resident, rows

pytestmark = pytest.mark.usefixtures("warehouse")
DAY, NEXT = "2022-10-31", "2022-11-01"
RESIDENT = contract.load("police").dataset("resident")
GOOD = [resident(soDinhDanh=f"0821900{n:05d}") for n in range(30)]
BAD = resident(soDinhDanh="998", hoTen="Người Trong Cách Ly")
LONG = 800
"""Days: longer than any period."""


def test_what_is_young_stays(root: Path) -> None:
    load_police("one", DAY, [*GOOD, BAD])
    pass_days(6, root)
    before = files(root)
    assert retention.keep_house() == []
    assert (files(root), payloads(), purged()) == (before, 1, {})


def test_what_is_old_goes_and_no_number_changes(root: Path) -> None:
    for source in contract.sources():
        load_source(source, "none", DAY, {})
    load = load_police("one", NEXT, [*GOOD, BAD])
    build_kpis()
    lists.write_due()
    received = rows("select count(distinct landed_path) from ops.landing_file")[0][0]
    assert (len(files(root / "landing")), len(files(root / "lists"))) == (received, 14)
    before = told(), warehouse_digest()
    pass_days(LONG, root)
    due = retention.keep_house()
    assert sum(each.items for each in due if each.what == "landing") == received
    assert sum(each.items for each in due if each.what.startswith("agency_list")) == 14
    assert [(each.what, each.dataset, each.items) for each in due if each.what == "quarantine"] == [
        ("quarantine", "police.resident", 1)
    ]
    assert not any(each.is_needed for each in due)
    assert files(root) == []
    assert payloads() == 0
    assert (told(), warehouse_digest()) == before
    assert rows(
        """select source_code, dataset_code, load_id, item_count, classification, kept_days,
                  byte_count > 0
           from ops.purge where load_id = :load_id order by what""",
        load_id=load.load_id,
    ) == [
        ("police", "resident", load.load_id, 1, "personal", 30, True),
        ("police", "resident", load.load_id, 1, "personal", 90, True),
    ]
    removals = purged()
    assert retention.keep_house() == []
    assert purged() == removals, "again: nothing to do, nothing written"


@pytest.mark.parametrize(("days", "left"), [(8, (1, 1)), (31, (0, 1)), (91, (0, 0))])
def test_each_kind_has_its_own_period(root: Path, days: int, left: tuple[int, int]) -> None:
    load_police("one", DAY, [*GOOD, BAD])
    pass_days(days, root)
    retention.keep_house()
    kept = [path for path in files(root) if path.parent.parent.name == "resident"]
    assert (len(kept), payloads()) == left


def test_what_holds_no_identities_is_kept_longer(root: Path) -> None:
    header = (
        "Mã nhiệm vụ;Mã tỉnh;Nhóm;Tên nhiệm vụ;Đơn vị chủ trì;Đơn vị phối hợp;Giai đoạn;Thời hạn;"
        "Ngày hoàn thành;Trạng thái;Tổng hợp;Cập nhật lúc"
    )
    line = "NV01;82;1;Nhiệm vụ;cong_an_tinh;;2022;31/10/2022;;hoan_thanh;x;x"
    load_source("programme", "one", DAY, {"task": (f"{header}\n{line}\n".encode(), 1)})
    assert contract.load("programme").dataset("task").classification == "public"
    pass_days(364, root)
    assert retention.keep_house() == []
    assert (len(files(root)), payloads()) == (1, 1)
    pass_days(2, root)
    retention.keep_house()
    assert (len(files(root)), payloads()) == (0, 1)


@pytest.mark.parametrize("upto", ["stage", "validate", "quarantine"])
def test_what_is_not_published_stays_until_it_is(root: Path, upto: str) -> None:
    load_police("one", DAY, [*GOOD, BAD], upto=upto)
    staged, landed = staged_files(root), files(root)
    pass_days(LONG, root)
    due = retention.keep_house()
    assert {"landing", "staging"} <= {each.what for each in due if each.is_needed}
    assert all(each.is_needed for each in due)
    assert (staged_files(root), files(root), purged()) == (staged, landed, {})
    assert staged
    shutil.rmtree(root / "landing" / STAGING)
    recovery.restore_source("police", "one")
    if upto == "quarantine":
        publish("police", "one")
        assert rows("select count(*) from core.police__resident") == [(30,)]
        pass_days(LONG, root)
        retention.keep_house()
        assert (staged_files(root), files(root), payloads()) == ([], [], 0)


def test_a_held_batch_goes_once_its_window_came_by_another_load(root: Path) -> None:
    with pytest.raises(BatchHeldError):
        load_police("bad", DAY, [{**each, "maXa": "99999"} for each in GOOD])
    pass_days(LONG, root)
    assert all(each.is_needed for each in retention.keep_house())
    assert payloads() == 30
    assert any(name.startswith("police/resident/") for name in staged_files(root))
    load_police("good", NEXT, GOOD)
    retention.keep_house()
    assert payloads() == 0
    assert staged_files(root) == []


def test_staging_of_an_attempt_that_was_given_up_goes(root: Path) -> None:
    given_up = load_police("one", DAY, GOOD, upto="stage")
    ledger.note_cause(given_up, "x", Cause.PROGRAM_ERROR)
    agreed = contract.load("police")
    again = ledger.open_load(agreed, RESIDENT, "one", given_up.day)
    assert again.load_id != given_up.load_id
    stray = root / "landing" / STAGING / "police" / "resident" / "999999" / "00001-staged.parquet"
    stray.parent.mkdir()
    stray.write_bytes(b"x")
    mine = f"police/resident/{given_up.load_id}/00001-staged-"
    assert staged_files(root)[0].startswith(mine)
    retention.keep_house()
    assert staged_files(root) == ["police/resident/999999/00001-staged.parquet"], "it is young"
    pass_days(8, root)
    retention.keep_house()
    assert staged_files(root) == []
    assert purged()["staging"] == (2, 2)


def test_a_file_of_two_loads_stays_for_the_younger(root: Path) -> None:
    load_police("one", DAY, GOOD)
    pass_days(31, root)
    load_police("two", NEXT, GOOD)
    (path,) = {path for (path,) in rows(
        "select landed_path from ops.landing_file inner join ops.load using (load_id)"
        " where dataset_code = 'resident'"
    )}  # fmt: skip
    retention.keep_house()
    assert Path(path.removeprefix("file://")).exists()
    pass_days(31)
    retention.keep_house()
    assert not Path(path.removeprefix("file://")).exists()
    assert rows(
        "select count(*) from ops.purge where what = 'landing' and dataset_code = 'resident'"
    ) == [(2,)]


def test_files_that_no_load_counts_on_go_by_their_own_age(root: Path) -> None:
    load = land(RESIDENT, "one", DAY, lines_of(GOOD), 30)
    ledger.forget_landing_files(load)
    part = root / "landing" / "police" / "resident" / "ab" / ".abc.part"
    part.parent.mkdir()
    part.write_text("một nửa")
    elsewhere = root / "landing" / "of_somebody_else" / "file"
    elsewhere.parent.mkdir()
    elsewhere.write_text("x")
    retention.keep_house()
    assert len(files(root)) == 3
    pass_days(LONG, root)
    with pytest.raises(RetentionError, match=r"landing files of police\.resident: 2") as left:
        retention.prove()
    assert str(root) not in str(left.value)
    retention.keep_house()
    assert files(root) == [elsewhere]
    assert purged() == {"landing": (2, 2)}


def test_a_landing_that_finds_old_bytes_keeps_them(root: Path) -> None:
    """Equal bytes lie there from long ago, and keep-house comes just before the ledger has them."""
    ledger.forget_landing_files(land(RESIDENT, "old", DAY, lines_of(GOOD), 30))
    pass_days(LONG, root)
    with landing.nothing_removed():
        housekeeper = Thread(target=retention.keep_house)
        housekeeper.start()
        wait_for_blocked(1)
        load = land(RESIDENT, "new", DAY, lines_of(GOOD), 30)
    housekeeper.join()
    stage(RESIDENT, "new")
    assert rows("select status from ops.load where load_id = :id", id=load.load_id) == [("staged",)]


def test_payloads_are_not_emptied_while_a_list_is_written(root: Path) -> None:
    with advisory(Lock.AGENCY_LISTS):
        housekeeper = Thread(target=retention._empty_payloads)
        housekeeper.start()
        wait_for_blocked(1, "advisory")
    housekeeper.join()


def test_what_was_emptied_leaves_the_disk_also_when_it_was_killed_before(root: Path) -> None:
    with transaction() as session:
        session.run("select ops.purge_payloads()")
    retention.keep_house()
    assert rows(
        """select relname from pg_stat_user_tables
           where schemaname = 'ops' and last_vacuum is not null order by 1"""
    ) == [("quarantine",), ("replay_row",)]


def test_a_load_whose_files_are_gone_is_fetched_again(root: Path) -> None:
    load_police("first", NEXT, [])
    land(RESIDENT, "late", DAY, lines_of(GOOD), 30)  # its window is in core: nobody waits for it
    pass_days(LONG, root)
    retention.keep_house()
    with pytest.raises(Dean06Error, match=r"load .* no longer exists.*load the dataset again"):
        stage(RESIDENT, "late")
    again = land(RESIDENT, "late", DAY, lines_of(GOOD), 30)
    assert again.attempt == 2
    stage(RESIDENT, "late")


def test_an_extraction_that_lost_a_file_starts_over(root: Path) -> None:
    load_police("first", NEXT, [])
    agreed = contract.load("police")
    load = ledger.open_load(agreed, RESIDENT, "late", date.fromisoformat(DAY))
    for number in (1, 2):
        piece = Piece(f"page-{number}", "ndjson", io.BytesIO(lines_of(GOOD[number:])), 30 - number)
        ledger.add_landing_file(load, landing.land(RESIDENT, piece, number))
        pass_days(20, root)
    retention.keep_house()
    with transaction() as session:
        assert ledger.landing_files(session, load) == []
