"""Publications: what is held and who releases it, why values were restated, what stays for ever."""

import logging
import re
from collections.abc import Iterator

import pytest

from dean06.errors import (
    AlreadyDecidedError,
    AuditError,
    Dean06Error,
    WarehouseError,
)  # fmt: skip
from dean06.kpi import family, release
from dean06.kpi.build import build_kpis
from dean06.kpi.release import Step
from dean06.warehouse import transaction
from tests.conftest import Cluster
from tests.lib.builds import OCTOBER_30, OCTOBER_31, OFFICIAL, REASON, held_build, people, published
from tests.lib.loading import lines_of, load_police, load_source, rows

pytestmark = pytest.mark.usefixtures("warehouse")
OCTOBER_29 = "2022-10-29"
DEPUTY = "Phó phòng thử"


def restate() -> int:
    """A day of 100 residents that 80 more would restate: beyond the bounds. Its held build."""
    load_police("one", OCTOBER_31, people(100))
    build_kpis()
    load_police("two", OCTOBER_31, people(80, first=100))
    (built,) = build_kpis()
    assert built.state == "held"
    return built.build_id


@pytest.fixture(scope="module")
def restated_once(cluster: Cluster, migrated: str) -> Iterator[tuple[str, int]]:
    with cluster.prepared(migrated, restate) as made:
        yield made


@pytest.fixture
def restated(cluster: Cluster, restated_once: tuple[str, int]) -> Iterator[int]:
    """A copy of the warehouse with the held build; yields the build."""
    prepared, build_id = restated_once
    with cluster.copy(prepared):
        yield build_id


def test_a_large_restatement_waits_and_readers_see_what_was_there(restated: int) -> None:
    assert published() == [100]
    assert held_build() == restated
    (row,) = rows("select rule_code, kpi_codes from ops.kpi_audit_result")
    assert row == ("restated_within_bounds", ["population.permanent_residents"])
    told = release.held_build_as_markdown(restated)
    assert "**31/10/2022** · có bản ghi gửi muộn hoặc được chỉnh sửa · late or" in told
    assert "bị điều chỉnh quá 20% (hoặc mức quy định tại định nghĩa chỉ tiêu)" in told
    assert build_kpis() == []  # asked once, not at every event


def test_pages_are_planned_for_the_values_that_were_published() -> None:
    """Autovacuum comes a minute later; until then a page of targets took five seconds."""
    load_police("one", OCTOBER_31, people(3))
    build_kpis()
    known = "select reltuples::int from pg_class where oid = cast(:name as regclass)"
    counted = {
        name: (rows(known, name=name)[0][0], rows(f"select count(*) from {name}")[0][0])
        for name in ("mart.kpi_value", "mart.kpi_publication")
    }
    assert counted["mart.kpi_value"][1] > 100
    assert all(believed == there for believed, there in counted.values()), counted


def test_two_persons_release_it_by_name_and_with_a_reason(restated: int) -> None:
    assert release.sign(restated, DEPUTY, REASON) is False
    assert published() == [100]
    assert release.sign(restated, OFFICIAL, REASON) is True
    assert published() == [100, 180]
    assert rows(
        """select state, proposed_by, decided_by, decision_reason, decided_at is not null
           from ops.kpi_build where build_id = :build""",
        build=restated,
    ) == [("released", DEPUTY, OFFICIAL, REASON, True)]
    assert rows(
        """select numerator_before, numerator, causes from mart.kpi_revision
           where unit_level = 'province' and kpi_code = 'population.permanent_residents'
               and boundary_version = 'as_reported'"""
    ) == [(100, 180, "late_rows police.resident 80")]
    assert build_kpis() == []
    with pytest.raises(AlreadyDecidedError, match="is released"):
        release.reject(restated, OFFICIAL, REASON)


def test_what_is_rejected_is_built_anew_when_something_else_comes(restated: int) -> None:
    release.reject(restated, OFFICIAL, REASON)
    assert published() == [100]
    assert build_kpis() == []
    load_police("three", OCTOBER_31, people(1, first=180))
    (built,) = build_kpis()
    assert built.state == "held"
    for person in (DEPUTY, OFFICIAL):
        release.sign(built.build_id, person, REASON)
    assert published() == [100, 181]
    causes = "select cause, row_count from mart.kpi_revision_cause where kpi_code = :code"
    assert rows(causes, code="population.permanent_residents") == [("late_rows", 81)]


@pytest.mark.parametrize("role", ["dean06_loader", ""])
def test_what_is_rejected_does_not_wait_again(restated: int, role: str) -> None:
    """Else who rejected it would be its second person, and the next run would publish it."""
    release.propose(restated, DEPUTY, REASON)
    release.reject(restated, OFFICIAL, REASON)
    with pytest.raises(WarehouseError, match="55000"), transaction(role) as session:
        session.run("update ops.kpi_build set state = 'held' where build_id = :id", id=restated)
    assert build_kpis() == []
    assert published() == [100]


@pytest.mark.parametrize("role", ["dean06_loader", ""])
@pytest.mark.parametrize(
    "statement",
    [
        "update ops.kpi_build_value set numerator = numerator + 1",
        "delete from ops.kpi_build_value",
        """insert into ops.kpi_build_value
           select (jsonb_populate_record(held, '{"unit_code": "x"}')).*
           from ops.kpi_build_value as held limit 1""",
        "update ops.kpi_build_cause set row_count = 1",
        """insert into ops.kpi_build_cause
           select build_id, kpi_code, 'late_rows', 'health.encounter', 7
           from ops.kpi_build_cause limit 1""",
    ],
)
@pytest.mark.one_in(3)
def test_what_is_released_is_what_was_held(restated: int, role: str, statement: str) -> None:
    release.propose(restated, DEPUTY, REASON)
    with pytest.raises(WarehouseError, match="55000"), transaction(role) as session:
        session.run(statement)
    release.sign(restated, OFFICIAL, REASON)
    assert published() == [100, 180]


def test_a_newer_version_of_a_build_takes_no_values_either(restated: int) -> None:
    """Whoever updates the build, or approves it, has made its row's newest version."""
    release.propose(restated, DEPUTY, REASON)
    added = """insert into ops.kpi_build_value
                select (jsonb_populate_record(held, '{"unit_code": "x"}')).*
                from ops.kpi_build_value as held limit 1"""
    for before in (
        "update ops.kpi_build set cause = cause where build_id = :id",
        "select ops.decide_build(:id, 'approve', 'minh', 'checked it')",
    ):
        with pytest.raises(WarehouseError, match="55000"), transaction() as session:
            session.run(before, id=restated)
            session.run(added)
    release.sign(restated, OFFICIAL, REASON)
    assert published() == [100, 180]


def test_a_newer_build_supersedes_the_one_that_waits(restated: int) -> None:
    load_police("three", OCTOBER_31, people(5, first=180))
    (built,) = build_kpis()
    assert held_build() == built.build_id != restated
    with pytest.raises(AlreadyDecidedError, match="is superseded"):
        release.sign(restated, OFFICIAL, REASON)


@pytest.mark.parametrize(("by", "why"), [("", REASON), (OFFICIAL, "  ")])
def test_nobody_decides_without_name_and_reason(restated: int, by: str, why: str) -> None:
    with pytest.raises(Dean06Error, match=r"a name is required|a reason of at least"):
        release.sign(restated, by, why)
    assert held_build() == restated


@pytest.mark.parametrize("again", ["lan", " Lan", "os:lan", "db:lan"])
def test_one_person_releases_nothing(restated: int, again: str) -> None:
    release.sign(restated, "lan", REASON)
    with pytest.raises(Dean06Error, match="another person must approve it"):
        release.sign(restated, again, REASON)
    for statement in (
        "select ops.decide_build(:build, 'approve', :by, 'x')",
        "update ops.kpi_build set decided_by = :by, state = 'released' where build_id = :build",
    ):
        for role in ("dean06_ui", "dean06_loader", ""):
            with pytest.raises(WarehouseError), transaction(role) as session:
                session.run(statement, build=restated, by=again)
    assert build_kpis() == []
    assert published() == [100]


@pytest.mark.parametrize("role", ["dean06_ui", "dean06_loader"])
def test_no_service_writes_who_proposed(restated: int, role: str) -> None:
    with pytest.raises(WarehouseError, match="42501"), transaction(role) as session:
        session.run("update ops.kpi_build set proposed_by = 'lan', proposal_reason = 'x'")


def test_what_is_approved_on_the_page_is_published_by_the_next_run(restated: int) -> None:
    release.propose(restated, "lan", REASON)
    with pytest.raises(AlreadyDecidedError, match="is already proposed"):
        release.propose(restated, "minh", REASON)
    with transaction("dean06_ui") as session:
        release.say(session, restated, Step.APPROVE, "minh", REASON)
    assert published() == [100]
    with pytest.raises(AlreadyDecidedError, match="is already approved"):
        release.reject(restated, "hoa", REASON)
    assert build_kpis() == []
    assert published() == [100, 180]


def test_a_build_that_never_was_is_refused_by_number() -> None:
    with pytest.raises(Dean06Error, match="there is no build 77"):
        release.sign(77, OFFICIAL, REASON)


@pytest.mark.campaign
def test_late_rows_restate_their_days_and_no_others(caplog: pytest.LogCaptureFixture) -> None:
    for day in (OCTOBER_29, OCTOBER_30, OCTOBER_31):
        load_police(day, day, people(100) if day == OCTOBER_29 else [])
        build_kpis()
    at = "2022-10-30T08:00:00+07:00"
    late = people(2, first=100, ngayHieuLuc=OCTOBER_30, capNhatLuc=at)
    load_police("late", OCTOBER_31, late)
    caplog.set_level(logging.INFO)
    caplog.clear()
    built = build_kpis()
    assert [str(each.day) for each in built] == [OCTOBER_30, OCTOBER_31]
    assert published(OCTOBER_29) == [100]
    assert published(OCTOBER_30) == published(OCTOBER_31) == [100, 102]
    computed = re.findall(r"(\d+) of (\d+) families computed", caplog.text)
    reading = [f for f in family.families() if "police__resident" in f.tables]
    assert {int(some) for some, _ in computed} == {
        len([f for f in reading if set(f.sources) <= {"police"}])
    }
    assert all(int(some) < int(every) for some, every in computed)


def test_corrected_and_withdrawn_rows_are_told_apart() -> None:
    load_police("one", OCTOBER_31, people(100))
    build_kpis()
    moved = people(3, capNhatLuc="2022-10-20T08:00:00+07:00", trangThai="da_chuyen_di")
    gone = people(2, first=10, capNhatLuc="2022-10-20T08:00:00+07:00", daXoa=True)
    load_police("two", OCTOBER_31, [*moved, *gone])
    build_kpis()
    assert published() == [100, 95]
    assert rows(
        """select cause, row_count from mart.kpi_revision_cause
           where kpi_code = 'population.permanent_residents' order by cause"""
    ) == [("corrected_rows", 3), ("deleted_rows", 2)]


def test_a_cause_of_few_rows_is_published_without_their_number(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DEAN06_SMALLEST_SHOWN_COUNT", "5")
    load_police("one", OCTOBER_31, people(100))
    build_kpis()
    moved = people(4, capNhatLuc="2022-10-20T08:00:00+07:00", trangThai="da_chuyen_di")
    load_police("two", OCTOBER_31, [*moved, *people(5, first=100)])
    build_kpis()
    assert rows(
        """select cause, row_count from mart.kpi_revision_cause
           where kpi_code = 'population.permanent_residents' order by cause"""
    ) == [("corrected_rows", None), ("late_rows", 5)]
    (causes,) = rows(
        """select distinct causes from mart.kpi_revision
           where kpi_code = 'population.permanent_residents' and unit_level = 'province'"""
    )
    assert causes == ("corrected_rows police.resident few; late_rows police.resident 5",)


def test_rows_that_would_tell_a_hidden_total_are_published_without_their_number(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Of 10, at most 6 have come: there were 4 at least, and a hidden count is 4 at most."""
    monkeypatch.setenv("DEAN06_SMALLEST_SHOWN_COUNT", "5")
    load_police("one", OCTOBER_31, people(4))
    build_kpis()
    load_police("two", OCTOBER_31, people(6, first=4))
    build_kpis()
    for build in release.held():
        release.sign(build.build_id, DEPUTY, REASON)
        release.sign(build.build_id, OFFICIAL, REASON)
    assert published() == [None, 10]
    told = "select distinct cause, row_count from mart.kpi_revision_cause where dataset_code > ''"
    assert rows(told) == [("late_rows", None)]


@pytest.mark.parametrize(
    ("days", "late"), [(3, 2), pytest.param(30, 10, marks=pytest.mark.campaign)]
)
def test_a_past_publication_reads_back_the_same_after_days(days: int, late: int) -> None:
    """Every ``late``-th day brings a record that belongs to the day before the first."""
    read = """select * from mart.kpi_value where publication_id = 1
              order by kpi_code, unit_level, unit_code, boundary_version, breakdown, member_code"""
    as_seen = """select kpi_code, unit_level, unit_code, numerator from mart.kpi_history
                 where as_of_date = '2022-10-01' and published_at <= :moment
                     and (superseded_at is null or superseded_at > :moment) order by 1, 2, 3"""
    load_police("2022-10-01", "2022-10-01", people(100, ngayHieuLuc="2022-09-01",
                capNhatLuc="2022-09-02T08:00:00+07:00"))  # fmt: skip
    build_kpis()
    before = rows(read)
    (moment,) = rows("select published_at from mart.kpi_publication")[0]
    seen = rows(as_seen, moment=moment)
    for number in range(2, days + 2):
        day = f"2022-10-{number:02d}"
        since = "2022-09-30" if number % late == 0 else day
        new = people(1, first=100 + number, ngayHieuLuc=since,
                     capNhatLuc=f"{day}T08:00:00+07:00")  # fmt: skip
        load_police(day, day, new)
        build_kpis()
    restated = (days + 1) // late
    assert published("2022-10-01") == [100 + n for n in range(restated + 1)]
    assert rows(read) == before
    assert rows(as_seen, moment=moment) == seen
    assert ("population.permanent_residents", "province", "82", 100) in seen


def test_cards_beyond_dossiers_are_refused() -> None:
    dossier = {
        "maHoSo": "CC000000000001", "soDinhDanh": "082190000001", "loaiCap": "cap_moi",
        "maDiemThuNhan": "D815", "maXa": "28249", "tiepNhanLuc": "2022-04-01T08:00:00+07:00",
        "capLuc": None, "trangThai": "da_tiep_nhan", "daXoa": False,
        "capNhatLuc": "2022-10-31T08:30:00+07:00",
    }  # fmt: skip
    card = {
        "soThe": "TC0000000001", "soDinhDanh": "082190000001", "maHoSo": "CC000000000001",
        "maXa": "28249", "ngayCap": "2022-05-01", "ngayHetHan": "2030-05-01", "ngayThuHoi": None,
        "daXoa": False, "capNhatLuc": "2022-10-31T08:30:00+07:00",
    }  # fmt: skip
    cards = [card, {**card, "soThe": "TC0000000002"}]  # two cards of one dossier
    load_source(
        "police", "one", OCTOBER_31,
        {"id_card_dossier": (lines_of([dossier]), 1), "id_card": (lines_of(cards), 2)},
    )  # fmt: skip
    with pytest.raises(AuditError, match=r"within_its_ceiling .* id_card\.cards_issued"):
        build_kpis()
    assert rows("select * from mart.kpi_publication") == []
    assert rows("select * from ops.kpi_build") == []


def test_a_day_on_which_no_unit_has_a_value_is_not_published() -> None:
    """Pages and dashboards begin at the newest publication; it comes when there is something."""

    def days() -> list[str]:
        found = rows("select as_of_date::text from mart.kpi_publication order by publication_id")
        return [day for (day,) in found]

    load_police("one", OCTOBER_30, people(7))
    load_source("insurance", "one", OCTOBER_30, {})
    build_kpis()
    load_source("insurance", "two", OCTOBER_31, {})
    build_kpis()
    assert days() == [OCTOBER_30]
    assert build_kpis() == []
    load_police("two", OCTOBER_31, people(8))
    build_kpis()
    assert set(days()) == {OCTOBER_30, OCTOBER_31}
