"""Targets: bad ones are refused, good ones are judged by value, target and day alone."""

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from dean06.errors import ContractError
from dean06.figures.words import Words
from dean06.kpi import family
from dean06.kpi.build import build_kpis
from dean06.reports import day as report
from dean06.schema import migrate, targets
from dean06.warehouse import sql_file, transaction
from tests.lib import values
from tests.lib.loading import load_police, resident, rows
from tests.lib.values import Value

pytestmark = pytest.mark.usefixtures("warehouse")
DAY = "2022-10-31"
ROW = {
    "target_id": "T1", "kpi_code": "population.permanent_residents", "breakdown": "",
    "member_code": "", "unit_level": "province", "unit_code": "82", "operator": ">=",
    "value": "10", "unit": "person", "base_kpi_code": "", "period": "once",
    "counted_from": "2022-10-22", "due_on": "2022-11-10", "has_daily_need": "true",
    "starts_from_zero": "true",
    "name_en": "N", "name_vi": "T", "reading_en": "R", "reading_vi": "Đ", "legal_basis": "L",
    "quote_vi": "Q",
}  # fmt: skip


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file of targets of one's own."""
    path = tmp_path / "kpi_targets.csv"
    monkeypatch.setattr(targets, "_FILE", path)
    return path


def write(path: Path, *changes: dict[str, str]) -> None:
    """A file with these targets, each the usual one with some fields changed."""
    lines = [",".join(ROW), *(",".join((ROW | change).values()) for change in changes)]
    path.write_text("# where it is from\n" + "\n".join(lines) + "\n", encoding="utf-8")


def store(path: Path, *changes: dict[str, str]) -> None:
    write(path, *changes)
    with transaction(role="") as session:
        targets.store(session)


def publish(day: str, **counted: tuple[int, int | None]) -> None:
    """A publication of the province with these values, of KPIs named with __ for the dot."""
    values.publish(
        day, [Value(name.replace("__", "."), *counts) for name, counts in counted.items()]
    )


def people(day: str, permanent: int) -> None:
    publish(day, population__permanent_residents=(permanent, None))


def status(day: str = DAY, target: str = "T1") -> dict[str, Any]:
    with transaction(role="dean06_bi") as session:
        found = session.rows(
            "select * from mart.kpi_status where as_of_date = :day and target_id = :target",
            day=day,
            target=target,
        )
    assert len(found) == 1, found
    return {
        name: float(value) if isinstance(value, Decimal) else value
        for name, value in found[0]._mapping.items()
    }


def test_the_targets_of_the_project_are_stored_when_it_is_migrated() -> None:
    assert rows(
        """select target_id, value::float, base_kpi_code, due_on::text from mart.kpi_target
           where target_id ~ '^T' order by 1"""
    ) == [
        ("TB07", 0.5, None, "2023-12-31"),
        ("TG17", 150000.0, None, "2022-12-31"),
        ("TG18A", 0.05, "population.permanent_residents", "2022-12-31"),
        ("TG18B", 0.05, "eid.accounts_before_month", "2022-12-31"),
        ("TG19", 1.0, None, "2022-12-31"),
    ]


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"kpi_code": "no.such"}, r"no KPI is called no\.such"),
        ({"unit_code": "99"}, "no province has the code 99 on 2022-10-22"),
        ({"unit_code": "34", "counted_from": "2025-07-02", "due_on": "2025-12-31"},
         "no province has the code 34 on 2025-07-02"),
        ({"unit_code": "34", "counted_from": "2021-01-01"}, "no province has the code 34 on 2021"),
        ({"unit_level": "district", "unit_code": "815"}, "unit_level must be one of province"),
        ({"kpi_code": "service.online_share", "unit": "share", "value": "0.5",
          "breakdown": "procedure", "member_code": "DA06-99"}, "no member of procedure is called"),
        ({"breakdown": "sex", "member_code": "1"}, "is not published by sex"),
        ({"member_code": "1"}, "go together"),
        ({"due_on": "2022-10-21"}, "is due on 2022-10-21, before its counted_from"),
        ({"due_on": "31/12/2022"}, r"due_on must be a date .YYYY-MM-DD"),
        ({"operator": ">"}, "operator must be one of >=, <=, ="),
        ({"period": "week"}, "period must be one of"),
        ({"value": "many"}, "value: invalid decimal string"),
        ({"has_daily_need": "maybe"}, "has_daily_need: expected `bool`"),
        ({"value": "NaN"}, "value must be at least 0"),
        ({"value": "-1"}, "value must be at least 0"),
        ({"unit": "household"}, "unit must be person"),
        ({"kpi_code": "service.online_share", "unit": "share", "value": "50"}, "between 0 and 1"),
        ({"base_kpi_code": "eid.accounts", "value": "5"}, "between 0 and 1"),
        ({"base_kpi_code": "service.online_share", "value": "0.5"}, "both KPIs must be counts"),
        ({"base_kpi_code": "no.such", "value": "0.5"}, "must be a KPI"),
        ({"legal_basis": ""}, "lacks legal_basis"),
        ({"kpi_code": "programme.tasks", "unit": "task", "unit_level": "commune",
          "unit_code": "28249"}, "for a commune, only totals"),
    ],
)  # fmt: skip
@pytest.mark.one_in(4)
def test_a_bad_target_is_refused_with_the_files_name(
    file: Path, change: dict[str, str], problem: str
) -> None:
    write(file, ROW, {"target_id": "T2", **change})
    with pytest.raises(ContractError, match=rf"kpi_targets\.csv(: T2|, line 4): .*{problem}"):
        targets.read()


def test_two_targets_with_one_id_and_a_missing_column_are_refused(file: Path) -> None:
    write(file, {}, {"value": "11"})
    with pytest.raises(ContractError, match=r"kpi_targets\.csv: T1: is the ID of two targets"):
        targets.read()
    file.write_text("target_id,kpi_code\nT1,eid.accounts\n", encoding="utf-8")
    with pytest.raises(ContractError, match=r"kpi_targets\.csv: the header lacks unit_level"):
        targets.read()


def test_a_misspelt_column_is_refused(file: Path) -> None:
    write(file, {})
    text = file.read_text(encoding="utf-8").replace("base_kpi_code", "base_kpi_cod")
    file.write_text(text, encoding="utf-8")
    misspelt = r"the header: unknown key base_kpi_cod \(did you mean base_kpi_code"
    with pytest.raises(ContractError, match=rf"^kpi_targets\.csv: {misspelt}"):
        targets.read()


def test_a_bad_target_stops_migrating(file: Path) -> None:
    write(file, {"kpi_code": "no.such"})
    with pytest.raises(ContractError, match=r"kpi_targets\.csv"):
        migrate.migrate()


def test_a_corrected_target_replaces_and_a_withdrawn_one_goes(file: Path) -> None:
    store(file, {}, {"target_id": "T2"})
    store(file, {"value": "12"})
    assert rows("select target_id, value::int from mart.kpi_target") == [("T1", 12)]


@pytest.mark.parametrize(
    ("have", "change", "expected"),
    [
        # Day 10 of 20: half of the time has gone by.
        (5, {}, ("on_track", 0.5, 5, 5, 10, 1)),
        (4, {}, ("behind", 0.4, 6, 6, 10, 1)),
        (3, {"due_on": "2022-11-03"}, ("behind", 0.3, 7, 7, 3, 3)),
        (10, {}, ("met", 1, 0, 0, 10, None)),
        (11, {}, ("met", 1.1, 0, 0, 10, None)),
        (9, {"due_on": DAY}, ("missed", 0.9, 1, 1, 0, None)),
        (10, {"due_on": DAY}, ("met", 1, 0, 0, 0, None)),
        (9, {"due_on": "2022-10-25"}, ("missed", 0.9, 1, 1, 0, None)),
        (9, {"counted_from": "2022-11-01"}, ("not_applicable", None, None, None, None, None)),
        (4, {"has_daily_need": "false"}, ("behind", 0.4, 6, 6, 10, None)),
        (9, {"operator": "<="}, ("on_track", None, 0, None, 10, None)),
        (12, {"operator": "<="}, ("behind", None, 2, None, 10, None)),
        (9, {"operator": "<=", "due_on": DAY}, ("met", None, 0, None, 0, None)),
        (12, {"operator": "<=", "due_on": DAY}, ("missed", None, 2, None, 0, None)),
        (10, {"operator": "="}, ("met", 1, 0, 0, 10, None)),
        (12, {"operator": "=", "due_on": DAY}, ("missed", 1.2, 2, 0, 0, None)),
    ],
)  # fmt: skip
@pytest.mark.one_in(4)
def test_status_distance_and_daily_need(
    file: Path, have: int, change: dict[str, str], expected: tuple[object, ...]
) -> None:
    store(file, change)
    people(DAY, have)
    found = status()
    names = (
        "status", "share_reached", "distance", "missing_count", "days_left", "needed_per_day",
    )  # fmt: skip
    assert tuple(found[name] for name in names) == pytest.approx(expected)
    assert found["status_vi"]
    assert (found["remark_vi"] is None) == (found["status"] != "not_applicable")


def test_a_month_begins_anew_and_ends_with_the_term(file: Path) -> None:
    store(file, {"period": "month", "counted_from": "2022-10-20", "due_on": "2022-11-10"})
    for day in (DAY, "2022-11-01", "2022-11-11"):
        people(day, 4)
    terms = ("starts_on", "ends_on", "days_left", "status")
    found = [tuple(str(status(day)[name]) for name in terms) for day in (DAY, "2022-11-01")]
    assert found == [
        ("2022-10-20", "2022-10-31", "0", "missed"),
        ("2022-11-01", "2022-11-10", "9", "on_track"),
    ]
    over = status("2022-11-11")
    said = (over["status"], over["remark_en"])
    assert said == ("not_applicable", "the target is no longer in force")


FROM_START = {"starts_from_zero": "false", "value": "20"}


@pytest.mark.parametrize(
    ("before", "have", "expected"),
    [
        # Day 10 of 20, from 10 to 20: half of the way is 15. From zero 14 would be 70 %.
        ({"2022-10-20": 10}, 15, ("on_track", 0.5, "2022-10-20", 10)),
        ({"2022-10-20": 10}, 14, ("behind", 0.4, "2022-10-20", 10)),
        ({"2022-10-20": 10}, 10, ("behind", 0, "2022-10-20", 10)),
        ({"2022-10-20": 10}, 9, ("behind", -0.1, "2022-10-20", 10)),
        ({"2022-10-20": 10}, 20, ("met", 1, "2022-10-20", 10)),
        # The newest day before the period counts, and its newest publication.
        ({"2022-10-01": 2, "2022-10-20": 10}, 14, ("behind", 0.4, "2022-10-20", 10)),
        # Nothing before the period: its first day, and the time since.
        ({"2022-10-26": 14}, 16, ("on_track", 0.333333, "2022-10-26", 14)),
        ({"2022-10-26": 14}, 15, ("behind", 0.166667, "2022-10-26", 14)),
        # Already there at the start and fallen back since: no way is left to measure.
        ({"2022-10-20": 21}, 19, ("behind", None, "2022-10-20", 21)),
        ({}, 14, ("open", None, None, None)),
    ],
)  # fmt: skip
def test_progress_is_measured_from_the_start(
    file: Path, before: dict[str, int], have: int, expected: tuple[Any, ...]
) -> None:
    store(file, FROM_START)
    for day, people_then in before.items():
        people(day, people_then + 1)  # restated below
        people(day, people_then)
    people(DAY, have)
    found = status()
    assert found["status"] == expected[0]
    assert found["progress"] == (None if expected[1] is None else pytest.approx(expected[1]))
    assert str(found["baseline_on"]) == str(expected[2])
    assert found["baseline_value"] == expected[3]
    assert (found["remark_vi"] is None) == (found["status"] != "open")


def test_two_readings_are_told_apart(file: Path) -> None:
    """One is met and the other missed: each says which reading it is."""
    base = {"kpi_code": "population.temporary_residents", "value": "0.4", "due_on": DAY}
    store(
        file,
        base | {"base_kpi_code": "population.permanent_residents", "reading_vi": "A"},
        base | {"target_id": "T2", "base_kpi_code": "population.permanent_households",
                "reading_vi": "B"},
    )  # fmt: skip
    publish(
        DAY, population__permanent_residents=(6, None), population__temporary_residents=(2, None),
        population__permanent_households=(3, None),
    )  # fmt: skip
    one, other = status(), status(target="T2")
    assert (one["status"], one["reading_vi"]) == ("missed", "A")
    assert (other["status"], other["reading_vi"]) == ("met", "B")
    console = Console(width=200, record=True)
    report.show(date.fromisoformat(DAY), console, Words("vi"))
    text = " ".join(console.export_text().split())
    assert "T1 không đạt" in text
    assert "T2 đạt" in text


def test_a_target_can_be_a_share_of_another_kpi(file: Path) -> None:
    base = {"kpi_code": "population.temporary_residents", "value": "0.4"}
    store(file, base | {"base_kpi_code": "population.permanent_residents"})
    publish(
        DAY, population__permanent_residents=(6, None), population__temporary_residents=(2, None)
    )
    found = status()
    assert (found["target"], found["status"]) == (2.4, "on_track")
    assert (found["missing_count"], found["needed_per_day"]) == (1, 1)
    store(file, base | {"base_kpi_code": "eid.accounts"})
    assert (status()["status"], status()["remark_vi"]) == (
        "not_applicable",
        "chưa công bố số liệu của chỉ tiêu dùng làm căn cứ tính mục tiêu",
    )


def test_a_value_that_is_not_published_is_not_applicable(file: Path) -> None:
    store(file, {"kpi_code": "eid.accounts", "unit": "account"})
    people(DAY, 3)
    assert (status()["status"], status()["remark_en"]) == (
        "not_applicable",
        "no value is published",
    )


def test_a_simulated_part_of_a_province_has_its_part_of_the_target(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEAN06_TARGET_SCALE", "0.01")
    share = {"kpi_code": "id_card.eligible_with_dossier", "unit": "share", "value": "0.5"}
    store(file, {"value": "500"}, {"target_id": "T2", **share})
    publish(DAY, population__permanent_residents=(5, None), id_card__eligible_with_dossier=(0, 5))
    assert (status()["target"], status()["status"]) == (5, "met")
    half = status(target="T2")
    assert (half["target"], half["distance"], half["missing_count"]) == (0.5, 0.5, 3)


def test_almost_all_is_not_all(file: Path) -> None:
    store(file, {"kpi_code": "id_card.eligible_with_dossier", "unit": "share", "value": "1"})
    # A province of three million with one person missing: six decimals would say 1.
    publish(DAY, id_card__eligible_with_dossier=(2_999_999, 3_000_000))
    assert (status()["status"], status()["missing_count"]) == ("on_track", 1)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of KPI files with the project's own in it."""
    copy = tmp_path / "kpi"
    copy.mkdir()
    for path in family._FOLDER.glob("*.sql"):
        (copy / path.name).write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    monkeypatch.setattr(family, "_FOLDER", copy)
    family.families.cache_clear()
    yield copy
    family.families.cache_clear()


WOMEN = """/*---
sources: [police]
counts: rows
kpis:
  - {code: population.women, version: 1, name_en: Women, name_vi: Nữ, unit: share, grain: commune,
     additivity: ratio, has_denominator: true, period: day, owner_agency: Công an tỉnh,
     legal_basis: L,
     formula_en: Women among residents., formula_vi: Tỷ lệ nữ.}
---*/
select 'population.women' as kpi_code, commune_code, sex_code = '2' as is_counted,
    effective_on as counts_from, null::date as counts_to, updated_at::date as written_on,
    'police.resident' as dataset_code, personal_id as record_key
from core.police__resident where _is_current
"""


def test_a_kpi_is_one_sql_file_and_a_target_one_row(folder: Path, file: Path) -> None:
    (folder / "women.sql").write_text(WOMEN, encoding="utf-8")
    family.families.cache_clear()
    write(file, {"kpi_code": "population.women", "unit": "share", "value": "0.9"})
    migrate.migrate()
    load_police("one", DAY, [resident(), resident(soDinhDanh="082190000002", gioiTinh="1")])
    build_kpis()
    found = status()
    assert (found["value"], found["target"], found["status"]) == (0.5, 0.9, "on_track")
    assert (found["distance"], found["missing_count"]) == (0.4, 1)


def test_of_nothing_there_is_no_share(file: Path) -> None:
    store(file, {"kpi_code": "service.online_share", "unit": "share", "value": "0.5"})
    publish(DAY, service__online_share=(0, 0))
    assert (status()["status"], status()["remark_en"]) == (
        "not_applicable",
        "not available: nothing to count, 0 of 0",
    )


def test_a_definition_that_changes_needs_another_version(folder: Path) -> None:
    def define(text: str) -> None:
        (folder / "women.sql").write_text(text, encoding="utf-8")
        family.families.cache_clear()
        with transaction(role="") as session:
            family.store_definitions(session)

    define(WOMEN)
    define(WOMEN.replace("---*/", "---*/\n-- Purpose: to count women."))
    changed = WOMEN.replace("where _is_current", "where _is_current and not is_deleted")
    with pytest.raises(ContractError, match=r"women\.sql: the definition of population\.women"):
        define(changed)
    define(changed.replace("version: 1", "version: 2"))
    assert rows(
        """select kpi_version, count(distinct digest) from mart.kpi_definition
           where kpi_code = 'population.women' group by 1 order by 1"""
    ) == [(1, 1), (2, 1)]


def test_definitions_stored_before_there_were_digests_are_adopted(folder: Path) -> None:
    with transaction(role="") as session:
        session.run("update mart.kpi_definition set digest = null")
        family.store_definitions(session)
        left = session.one("select count(*) as n from mart.kpi_definition where digest is null")
    assert left.n == 0


def test_the_report_counts_kpis_without_a_value_by_reason_and_names_them_on_demand() -> None:
    load_police("one", DAY, [resident()])
    build_kpis()
    told = {}
    for unavailable in (False, True):
        console = Console(width=400, record=True)
        report.show(date.fromisoformat(DAY), console, Words("vi"), unavailable=unavailable)
        told[unavailable] = console.export_text()
    with transaction() as session:
        found = session.rows(sql_file("reports/kpis.sql"), day=date.fromisoformat(DAY))
    missing = [f"{row.name_vi} ({row.unit_name})" for row in found if row.value is None]
    assert len(missing) > 1
    for text in told.values():
        assert f"Chưa có số liệu: {len(missing)} chỉ tiêu" in text
        assert sum(map(int, re.findall(r"^  – (\d+) · ", text, re.MULTILINE))) == len(missing)
    assert f"python -m dean06 report --day {DAY} --unavailable" in told[False]
    assert not [name for name in missing if name in told[False]]
    at_once = " ".join(told[True].split())  # a long list breaks its lines
    assert [name for name in missing if name not in at_once] == []


def test_the_report_shows_target_status_and_what_is_missing(file: Path) -> None:
    store(
        file,
        {"value": "10"},
        {"target_id": "T2", "value": "3"},
        {"target_id": "T3", "kpi_code": "service.online_share.year", "unit": "share",
         "value": "0.5", "period": "year"},
    )  # fmt: skip
    publish(DAY, population__permanent_residents=(4, None), service__online_share__year=(1, 4))
    console = Console(width=200, record=True)
    report.show(date.fromisoformat(DAY), console, Words("vi"))
    text = " ".join(console.export_text().split())
    assert "T1 chậm tiến độ (40,0% mục tiêu)" in text
    assert "T2 đạt (133,3% mục tiêu)" in text
    assert "25,0%" in text
    assert "T1 T: còn thiếu 6, từ nay đến 10/11/2022 mỗi ngày cần thêm 1" in text
    assert "T2 T" not in text
    assert not re.findall(r"\b(?:source|dataset|received|value|target|status|KPI)\b", text)
    # 1 of 4 dossiers online is half of the threshold of metric 3.3, which has six points.
    told = "3,00 trên 6 điểm của các chỉ số đã tính được (tổng số 100 điểm)"
    assert f"QĐ 766 · Tỉnh Tiền Giang: {told}" in text
