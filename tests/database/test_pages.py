"""What the pages read, against deliveries whose right answers are known; what they cannot read."""

from contextlib import suppress
from datetime import datetime, timedelta

import pytest

from dean06 import contract, settings
from dean06.errors import BatchHeldError, WarehouseError
from dean06.figures.published import View
from dean06.kpi.build import build_kpis
from dean06.ui import kpis, quality, reading, records, today
from dean06.ui.kpis import Choice
from dean06.ui.today import DatasetToday
from dean06.warehouse import transaction
from dean06.watch.problem import Kind
from tests.lib.loading import land, lines_of, load_police, load_source, resident, rows

pytestmark = pytest.mark.usefixtures("warehouse")
DAY = "2022-10-31"
ON_REQUEST = "2100-01-01"
BAD = {"soDinhDanh": "999", "hoTen": "Hoàng Thị Không Lộ"}
RESIDENTS = 25


@pytest.fixture(autouse=True)
def _nothing_is_owed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEAN06_SCHEDULE_FROM", ON_REQUEST)


def now() -> datetime:
    return datetime.now(settings.TIMEZONE)


def people(count: int, **changes: object) -> list[dict[str, object]]:
    return [resident(**{"soDinhDanh": f"0821900{n:05d}", **changes}) for n in range(count)]


def resident_today() -> DatasetToday:
    with reading.warehouse() as session:
        page = today.read(session, now())
    (police,) = (source for source in page.sources if source.agreed.source == "police")
    return police.datasets[0]


def test_a_day_with_rejects_is_fine_and_its_books_are_shown() -> None:
    load_police("one", DAY, [*people(RESIDENTS), {**resident(**BAD), "laLam": "1"}])
    found = resident_today()
    assert (found.state, found.stop) == ("fine", None)
    books = found.books
    assert (books.received_count, found.loaded, books.quarantined_count) == (26, 25, 1)
    assert books.is_balanced is True
    assert books.drift == ["laLam"]
    assert [cell.state for cell in found.strip] == ["none"] * 29 + ["rejects"]
    assert str(found.strip[-1].day) == DAY
    assert books.reached == settings.end_of(found.strip[-1].day)


def test_books_that_do_not_balance_are_red() -> None:
    load_police("one", DAY, people(3))
    with transaction(role="") as session:
        session.run("alter table ops.load disable trigger published_load_is_final")
        session.run("alter table ops.load drop constraint load_balances")
        session.run("update ops.load set inserted_count = 2 where dataset_code = 'resident'")
    assert resident_today().state == "red"
    with reading.warehouse() as session:
        page = today.read(session, now())
    assert page.state == "red"
    assert [problem.kind for problem in page.problems] == [Kind.UNBALANCED]


def test_a_held_batch_is_red_until_a_later_one_is_in() -> None:
    load_police("one", "2022-10-30", people(3, capNhatLuc="2022-10-30T08:30:00+07:00"))
    with pytest.raises(BatchHeldError):
        load_police("two", DAY, people(40, maXa="99999"))
    found = resident_today()
    assert found.state == "red"
    assert found.stop is not None
    assert (found.stop.name, found.stop.clear) == (
        "sync_police.resident.quarantine", "resident.extract",
    )  # fmt: skip
    assert "commune_code_known fails for 40 of 40" in found.books.pending_cause
    assert [cell.state for cell in found.strip[-2:]] == ["published", "held"]
    assert str(found.books.day) == "2022-10-30"
    load_police("three", DAY, people(3))
    assert resident_today().state == "fine"


def test_a_load_without_an_end_is_red_after_six_hours() -> None:
    load = land(contract.load("police").dataset("resident"), "one", DAY, b"", 0)
    with transaction() as session:
        session.run(
            "update ops.load set opened_at = now() - interval '6 hours 1 minute' "
            "where load_id = :id",
            id=load.load_id,
        )
    assert resident_today().state == "red"


def test_a_source_beyond_its_service_level_is_red(monkeypatch: pytest.MonkeyPatch) -> None:
    load_police("one", DAY, people(3))
    monkeypatch.setenv("DEAN06_SCHEDULE_FROM", DAY)
    with reading.warehouse() as session:
        early = today.read(session, datetime(2022, 11, 2, 1, 59, tzinfo=settings.TIMEZONE))
        late = today.read(session, datetime(2022, 11, 2, 2, 1, tzinfo=settings.TIMEZONE))
    police = [page.sources[3] for page in (early, late)]
    assert [source.agreed.source for source in police] == ["police", "police"]
    assert [source.state for source in police] == ["fine", "red"]
    # A day that was expected and never requested shows as empty.
    assert [cell.state for cell in police[1].datasets[0].strip[-2:]] == ["published", "none"]


def publish_twice() -> datetime:
    """A day published with 25 residents and then with 26; returns a moment between the two."""
    load_police("one", DAY, people(RESIDENTS))
    for source in contract.sources():
        if source != "police":
            load_source(source, "one", DAY, {})
    build_kpis()
    between = rows("select max(published_at) + interval '1 microsecond' from mart.kpi_publication")
    load_police("two", DAY, people(RESIDENTS + 1))
    build_kpis()
    return between[0][0]  # type: ignore[no-any-return]


def residents(view: View) -> list[tuple[str, int, int]]:
    """Name, value, and of how many days (not publications) the trend is."""
    with reading.warehouse() as session:
        page = kpis.overview(session, Choice(view, False))
        return [
            (line.value.unit_name, line.value.numerator, len(line.trend))
            for line in page.lines
            if line.value.kpi_code == "population.permanent_residents"
        ]


def test_values_are_those_of_the_moment_asked_for() -> None:
    between = publish_twice()
    assert residents(View(now(), "as_reported")) == [("Tỉnh Tiền Giang", 26, 1)]
    assert residents(View(between, "as_reported")) == [("Tỉnh Tiền Giang", 25, 1)]
    assert residents(View(between - timedelta(days=1), "as_reported")) == []
    assert residents(View(now(), "current")) == [("Tỉnh Đồng Tháp", 26, 1)]


def test_one_kpi_has_its_communes_publications_and_revision() -> None:
    publish_twice()
    choice = Choice(View(now(), "as_reported"), False)
    with reading.warehouse() as session:
        page = kpis.detail(session, choice, "population.permanent_residents")
        assert kpis.detail(session, choice, "no.such_kpi") is None
    assert page is not None
    assert [row.numerator for row in page.series] == [26]
    assert page.ranking is not None
    communes = [place.row for place in page.ranking.places if place.row is not None]
    assert [(row.unit_code, row.numerator) for row in communes if row.numerator] == [("28249", 26)]
    assert len(page.publications) == 2
    (revision,) = page.revisions
    assert (revision.row.numerator_before, revision.row.numerator) == (25, 26)
    late = [cause for cause in revision.causes if cause.words.en == "late records"]
    assert [(cause.dataset, cause.row_count) for cause in late if cause.dataset] == [
        (contract.load("police").dataset("resident").label, 1)
    ]


def test_a_commune_can_be_chosen_and_what_is_unknown_falls_back() -> None:
    publish_twice()
    view = View(now(), "as_reported")
    with reading.warehouse() as session:
        commune = kpis.overview(session, Choice(view, False, level="commune", unit="28249"))
        other = kpis.overview(session, Choice(view, False, level="commune", unit="99999"))
    assert (commune.choice.level, commune.choice.unit) == ("commune", "28249")
    assert (other.choice.level, other.choice.unit) == ("province", "82")


def test_rejects_are_counted_by_rule_with_reasons_in_both_languages() -> None:
    bad = [resident(**{**BAD, "maXa": "99999"}), resident(**BAD)]
    load = load_police("one", DAY, [*people(RESIDENTS * 2), *bad])
    view = View(now(), "as_reported")
    with reading.warehouse() as session:
        page = quality.read(session, view, None)
        detail = quality.rejected(session, load.load_id, None, 1)
        filtered = quality.rejected(session, load.load_id, "commune_code_known", 1)
        assert quality.rejected(session, 0, None, 1) is None
    critical = {row.rule_code: row.unexpected_count for row in page.rules}
    assert critical["personal_id_well_formed"] == 2
    assert critical["commune_code_known"] == 1
    assert [(row.load_id, row.quarantined_count) for row in page.loads] == [(load.load_id, 2)]
    assert detail is not None
    assert filtered is not None
    assert {row.rule_code: row.record_count for row in detail.rules} == {
        "personal_id_well_formed": 2, "commune_code_known": 1,
    }  # fmt: skip
    assert all(row.reason_en and row.reason_vi for row in detail.rules)
    assert [row.row_no for row in detail.records] == [51, 52]
    assert [row.row_no for row in filtered.records] == [51]


def test_a_page_repeats_no_words_of_its_address() -> None:
    load = load_police("one", DAY, [*people(RESIDENTS), resident(**BAD)])
    with reading.warehouse() as session:
        shown = quality.rejected(session, load.load_id, "gọi 0900 \u202e", 1)
    assert shown is not None
    assert (shown.rule, len(shown.records)) == (None, 1)
    with pytest.raises(ValueError, match="ASCII"):
        kpis.moment_of("2022-10-31\u202e08:00", now())


def test_a_record_is_read_only_after_its_reader_is_written_down() -> None:
    load = load_police("one", DAY, [*people(RESIDENTS), resident(**BAD)])
    found = records.read(load.load_id, 26, "lan", "đối chiếu hồ sơ giấy")
    assert found is not None
    assert {column.name: value for column, value in found.fields}["full_name"] == BAD["hoTen"]
    assert [row.rule_code for row in found.reasons] == ["personal_id_well_formed"]
    assert rows("select reader, reason, load_id, row_no from ops.payload_read") == [
        ("lan", "đối chiếu hồ sơ giấy", load.load_id, 26)
    ]
    with pytest.raises(WarehouseError, match="payload_read"):
        records.read(load.load_id, 26, "lan", "  x  ")
    assert records.read(load.load_id, 1, "lan", "không có trong cách ly") is None
    assert rows("select count(*) from ops.payload_read") == [(2,)]


def test_nobody_rewrites_who_has_read() -> None:
    load = load_police("one", DAY, [*people(RESIDENTS), resident(**BAD)])
    records.read(load.load_id, 26, "lan", "đối chiếu")
    for statement in (
        "update ops.payload_read set reader = 'x'",
        "delete from ops.payload_read",
        "truncate ops.payload_read",
    ):
        for role in ("", "dean06_loader", "dean06_ui"):
            with pytest.raises(WarehouseError), transaction(role) as session:
                session.run(statement)
    assert rows("select reader from ops.payload_read") == [("lan",)]


def test_the_pages_role_sees_no_record() -> None:
    load_police("one", DAY, [*people(RESIDENTS), resident(**BAD)])
    for statement in (
        "select payload from ops.quarantine",
        "select * from core.police__resident",
        "select * from ops.landing_file",
        "insert into ops.payload_read (reader, reason, load_id, row_no) values ('x','xxxxx',1,1)",
        "update ops.load set cause = 'x'",
        "create table ops.x (a int)",
    ):
        with pytest.raises(WarehouseError, match="42501"), transaction(reading.ROLE) as session:
            session.run(statement)
    with suppress(BatchHeldError):
        load_police("two", "2022-11-01", people(40, maXa="99999"))
    with transaction(reading.ROLE) as session:
        told = str(
            [
                session.rows(f"select * from {name}")
                for name in ("ops.load", "ops.quarantine_reason", "ops.quarantine_count")
            ]
        )
    assert BAD["hoTen"] not in told
    assert "commune_code_known" in told


def test_lines_that_could_not_be_read_are_shown_as_they_came() -> None:
    load = load_police("one", DAY, [*people(RESIDENTS), '{"soDinhDanh": '])
    found = records.read(load.load_id, 26, "lan", "xem dòng lỗi")
    assert found is not None
    assert (found.is_readable, found.problem) == (False, "malformed_json")
    assert found.problem_words.vi == "Bản ghi không đúng cú pháp JSON."
    assert found.raw == lines_of(['{"soDinhDanh": ']).decode().rstrip("\n")
