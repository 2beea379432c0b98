"""Validation: one rule, two uses; no values in results."""

import gc
import json
import random
import string
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import great_expectations as gx
import pytest
from msgspec.structs import replace

from dean06 import contract
from dean06.errors import BatchHeldError, ContractError
from dean06.kpi.build import build_kpis
from dean06.load import scan, shards
from dean06.load import validate as validate_module
from dean06.load.ledger import Load
from dean06.load.quarantine import quarantine
from dean06.load.stage import stage
from dean06.load.staging import staged
from dean06.load.validate import validate
from dean06.rules.ahead import Request
from dean06.rules.compiler import compiled
from dean06.rules.suite import Rule, RuleMeta, Suite, read_suite
from dean06.warehouse import transaction
from tests.lib.great_expectations_itself import batch_of
from tests.lib.loading import land, lines_of, load_police, load_source, resident, rows

pytestmark = pytest.mark.usefixtures("warehouse")
BROKEN = ["birth_date_valid", "full_name_present", "personal_id_well_formed", "sex_code_known"]
RESIDENT = contract.load("police").dataset("resident")
CARD = {
    "soThe": "TC0000000001", "soDinhDanh": "082190000001", "maHoSo": "CC000000000001",
    "maXa": "28249", "ngayCap": "2022-05-01", "ngayHetHan": "2030-05-01", "ngayThuHoi": None,
    "daXoa": False, "capNhatLuc": "2022-10-31T08:30:00+07:00",
}  # fmt: skip


def test_an_unreadable_record_breaks_no_other_rule() -> None:
    load_police("one", "2022-10-31", [resident(), '{"soDinhDanh": ', resident(soDinhDanh=None)])
    found = rows(
        """select rule_code, expectation_type, element_count, unexpected_count
           from ops.validation_result where unexpected_count > 0 order by rule_code"""
    )
    assert found == [
        ("personal_id_well_formed", "expect_column_values_to_not_be_null", 2, 1),
        ("readable", "expect_column_values_to_be_null", 3, 1),
    ]


@pytest.mark.parametrize("name", ["encounter", "immunization"])
def test_an_id_that_no_index_could_hold_is_set_aside(name: str) -> None:
    path = Path(__file__).resolve().parents[1] / "fixtures" / "health" / f"{name}.json"
    resource = json.loads(json.loads(path.read_text("utf-8"))["given"]["lines"][0])
    letters = random.Random(5).choices(string.ascii_letters, k=5000)
    long, right = {**resource, "id": "".join(letters)}, {**resource, "id": "A-1.b"}
    load_source("health", "one", "2022-10-31", {name: (lines_of([long, right]), 2)})
    assert rows("select dataset_code, rule_codes from ops.quarantine") == [
        (name, [f"{name}_id_present"]),
    ]
    assert rows(f"select {name}_id from core.health__{name}") == [("A-1.b",)]


@pytest.mark.parametrize("most", [1, 500, 10**9])
def test_in_however_many_passes_the_same_is_found(
    most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of large suites not all expressions fit into memory at once."""
    monkeypatch.setattr(scan, "_NODES", most)
    bad = resident(soDinhDanh="abc", gioiTinh="9", ngaySinh="2022-13-01", hoTen=None)
    load_police(
        "one", "2022-10-31", [resident(), bad, '{"soDinhDanh": ', resident(soDinhDanh=None)]
    )
    assert rows("select row_no, rule_codes from ops.quarantine order by 1") == [
        (2, BROKEN),
        (3, ["readable"]),
        (4, ["personal_id_well_formed"]),
    ]


def test_validation_leaves_no_connection_open() -> None:
    gc.disable()  # collecting garbage would close what was left open
    try:
        load_police("one", "2022-10-31", [resident()])
        others = "select count(*) from pg_stat_activity where datname = current_database()"
        clients = f"{others} and backend_type = 'client backend'"
        assert rows(f"{clients} and pid <> pg_backend_pid()") == [(0,)]
    finally:
        gc.enable()


CASES: list[tuple[str, str | None, list[str]]] = [
    ("ngaySinh", "2022-02-31", ["birth_date_valid"]),
    ("ngaySinh", "31/12/1990", ["birth_date_valid"]),
    ("ngaySinh", "1890-01-01", ["birth_date_valid"]),
    ("ngaySinh", None, ["birth_date_valid"]),
    ("ngaySinh", "1950", []),
    ("soDinhDanh", "003190000001", ["personal_id_well_formed"]),
    ("soDinhDanh", "08219000001", ["personal_id_well_formed"]),
    ("soDinhDanh", "082490000001", ["personal_id_well_formed"]),
    ("hoTen", "  ", ["full_name_present"]),
    ("maXa", "99999", ["commune_code_known"]),
    ("gioiTinh", "4", ["sex_code_known"]),
    ("loaiCuTru", "khac", ["residence_type_known"]),
    ("trangThai", "", ["residence_status_known"]),
    ("ngayHieuLuc", "2022-13-01", ["effective_on_valid"]),
    ("daXoa", "maybe", ["is_deleted_known", "kinds_agreed"]),
    ("capNhatLuc", "2022-10-31T25:00:00+07:00", ["updated_at_clock", "updated_at_valid"]),
    ("capNhatLuc", "2022-10-31 08:00:00", ["updated_at_valid"]),
    ("capNhatLuc", "2022-10-31T08:00:00.123456789+07:00", []),
    ("capNhatLuc", "2022-10-31T01:00:00.5Z", []),
    ("capNhatLuc", "2022-10-31T08:00:0.+07:00", ["updated_at_valid"]),  # PostgreSQL would take it
    ("capNhatLuc", "2022-10-31T08:00:00+7:000", ["updated_at_valid"]),
    ("ngayHieuLuc", "2022-10- 1", ["effective_on_valid"]),
    ("ngayHieuLuc", "2022-10-1%", ["effective_on_valid"]),
    ("maHo", "H1", ["household_id_well_formed"]),
    ("maHo", "h00000000001", ["household_id_well_formed"]),
    ("maHo", "0H0000000001", ["household_id_well_formed"]),
    ("maHo", "H0000000000１", ["household_id_well_formed"]),  # a wide digit
    ("soDinhDanh", "08219000000x", ["personal_id_well_formed"]),
    ("soDinhDanh", "0821900000012", ["personal_id_well_formed"]),
    ("soDinhDanh", "082190000001\n", ["personal_id_well_formed"]),
    ("hoTen", "Nguyễn  Thị Thử", []),  # a warning is recorded, the row loads
]


def test_each_rule_quarantines_its_row_and_no_other() -> None:
    records = [
        resident(**{"soDinhDanh": f"0821900001{n:02d}", field: value})
        for n, (field, value, _) in enumerate(CASES)
    ]
    load_police("one", "2022-10-31", records)
    broken = dict(rows("select row_no, rule_codes from ops.quarantine"))
    for row, (field, value, rules) in enumerate(CASES, start=1):
        assert broken.get(row, []) == rules, (field, value)
    clean = sum(1 for _, _, rules in CASES if not rules)
    assert rows("select count(*) from core.police__resident") == [(clean,)]


OF_THEIR_DAY = [
    # 28252 ended with the reform, 28249 was given a new meaning, 03980 began in between.
    ("28252", "2022-10-31T08:30:00+07:00", True),
    ("28252", "2025-06-30T23:59:59+07:00", True),
    ("28252", "2025-06-30T23:59:59.9999999+07:00", True),
    ("28252", "2025-06-30T17:00:00Z", False),
    ("28252", "2025-06-30T16:59:59Z", True),
    ("28252", "2025-07-01T00:00:00+07:00", False),
    ("28252", "2025-07-01T00:30:00+09:00", True),
    ("28249", "2025-07-01T00:00:00+07:00", True),
    ("03980", "2022-12-31T23:59:59+07:00", False),
    ("03980", "2023-01-01T00:00:00+07:00", True),
    ("28252", "1999-01-01T00:00:00+07:00", True),
]


def test_a_commune_code_is_known_by_the_day_of_its_record() -> None:
    """One such code would otherwise stop the KPIs of its day and of every later one."""
    records = [
        resident(
            soDinhDanh=f"0821900001{n:02d}", maXa=code, capNhatLuc=moment, ngayHieuLuc="1999-01-01"
        )
        for n, (code, moment, _) in enumerate(OF_THEIR_DAY)
    ]
    load_police("one", "2025-07-02", records)
    refused = {n for (n,) in rows("select row_no from ops.quarantine")}
    assert refused == {n for n, (*_, is_known) in enumerate(OF_THEIR_DAY, 1) if not is_known}
    assert rows("select distinct rule_codes from ops.quarantine") == [(["commune_code_known"],)]
    build_kpis()
    assert rows("select distinct as_of_date from mart.kpi_value") == [(date(2025, 7, 2),)]


def test_a_record_whose_day_cannot_be_read_breaks_that_rule_alone() -> None:
    load_police("one", "2025-07-02", [resident(maXa="28252", capNhatLuc="x"), resident()])
    assert rows("select rule_codes from ops.quarantine") == [(["updated_at_valid"],)]


def test_warnings_are_recorded() -> None:
    load_police("one", "2022-10-31", [resident(hoTen="Nguyễn  Thị Thử")])
    assert rows(
        """select distinct rule_code, severity, unexpected_count from ops.validation_result
           where unexpected_count > 0"""
    ) == [("full_name_clean", "warning", 1)]


def test_every_rule_of_every_suite_has_both_languages_and_a_dimension() -> None:
    for source in contract.sources():
        for dataset in contract.load(source).datasets:
            suite = read_suite(dataset)
            assert suite.hold_from_records > 0
            assert "readable" in {rule.code for rule in suite.expectations}, dataset.code
            for rule in suite.expectations:
                contract.Bilingual.of(rule.description, dataset.code)
                assert rule.severity != "critical" or 0 < rule.kwargs["mostly"] <= 1


def test_rows_that_could_not_be_read_are_taken_out_of_the_share() -> None:
    good = [resident(soDinhDanh=f"0821900{n:05d}") for n in range(380)]
    bad = [resident(soDinhDanh=f"0821900{n:05d}", maXa="99999") for n in range(400, 421)]
    # 20 of 400 records are 5 %, as much as may fail; 21 are more, though not of all 421 lines.
    unreadable = ["no json"] * 20
    load_police("one", "2022-10-31", [*good, *bad[:20], *unreadable])
    with pytest.raises(BatchHeldError, match="commune_code_known fails for 21 of 400"):
        load_police("two", "2022-11-01", [*good[1:], *bad, *unreadable])


def test_a_share_is_one_of_all_records_also_in_a_column_that_is_mostly_empty() -> None:
    records = [{**CARD, "soThe": f"TC{n:010d}"} for n in range(1000)]
    for record in records[:30]:
        record["ngayThuHoi"] = "2022-02-31"
    dataset = contract.load("police").dataset("id_card")
    load = land(dataset, "one", "2022-10-31", lines_of(records), len(records))
    for step in (stage, validate, quarantine):
        step(dataset, "one")
    assert rows("select status from ops.load where load_id = :id", id=load.load_id) == [
        ("quarantined",)
    ]
    assert rows("select rule_codes, count(*) from ops.quarantine group by 1") == [
        (["revoked_on_valid"], 30)
    ]


def test_a_batch_in_which_every_row_fails_is_held_with_every_row() -> None:
    records = [resident(soDinhDanh="x", gioiTinh=None, maXa=str(n)) for n in range(3000)]
    with pytest.raises(BatchHeldError, match="personal_id_well_formed fails for 3000 of 3000"):
        load_police("one", "2022-10-31", records)
    assert rows("select rule_codes, count(*) from ops.quarantine group by 1") == [
        (["commune_code_known", "personal_id_well_formed", "sex_code_known"], 3000)
    ]


def copied_to_postgres(load: Load) -> str:
    """The staged records of a load as a table of the warehouse; its name."""
    with transaction() as session:
        parts = shards.of_load(session, load)
    with transaction() as session, staged(session, load, RESIDENT, parts) as connection:
        found = connection.execute("select * from staged").fetchall()
        columns = [description[0] for description in connection.description or ()]
    kinds = {"_row": "bigint", "_withdrawn": "boolean"}
    with transaction(role="") as session:
        defined = ", ".join(f"{name} {kinds.get(name, 'text')}" for name in columns)
        session.run(f"create table ops.copied ({defined})")
        session.run("grant select on ops.copied to dean06_loader")
        bound = ", ".join(f":{name}" for name in columns)
        for row in found:
            session.run(
                f"insert into ops.copied values ({bound})", **dict(zip(columns, row, strict=True))
            )
    return "copied"


WHOLE_LOAD = """
import sys
from dean06.kpi.build import build_kpis
from tests.lib.loading import load_police, resident, rows

load_police("one", "2022-10-31", [resident(), resident(soDinhDanh="x")])
build_kpis()
heavy = {"great_expectations", "pandas"} & set(sys.modules)
print(rows("select rule_codes from ops.quarantine"), sorted(heavy))
"""


def test_a_load_and_a_build_import_neither_great_expectations_nor_pandas() -> None:
    """They cost a task five seconds and 160 MB, a fifth of a second and 45 MB."""
    command = [sys.executable, "-c", WHOLE_LOAD]
    ran = subprocess.run(command, capture_output=True, text=True, check=True)
    assert ran.stdout.splitlines()[-1] == "[(['personal_id_well_formed'],)] []"


def test_row_rules_find_the_rows_that_great_expectations_finds() -> None:
    """One scan by DuckDB against Great Expectations on PostgreSQL: records that break each rule."""
    fields = [{field: value} for field, value, _ in CASES] * 3
    records = [resident(**{"soDinhDanh": f"0821900{n:05d}"} | c) for n, c in enumerate(fields)]
    load = load_police("one", "2022-10-31", [*records, "no json"], upto="quarantine")
    suite = read_suite(RESIDENT)
    known = {"commune_spans": [["2025-07-01", ["28249"]], [None, ["28270"]]],
             "window_after": "", "window_until": "2022-11-01T00:00:00+07:00"}  # fmt: skip
    with batch_of(copied_to_postgres(load), "ops") as batch:
        found = batch.validate(
            gx.ExpectationSuite(**suite.native()),
            result_format={
                "result_format": "COMPLETE",
                "unexpected_index_column_names": ["_row"],
                "exclude_unexpected_values": True,
                "partial_unexpected_count": 1000,
            },
            expectation_parameters=known,
        )
    severity = {rule.code: rule.severity for rule in suite.expectations}
    expected: dict[int, set[str]] = {}
    for item in found.results:
        config = item.expectation_config
        if severity[config.meta["rule"]] == "critical":
            for group in item.result.get("unexpected_index_list") or []:
                for row in group["_row"]:
                    expected.setdefault(row, set()).add(config.meta["rule"])
    expected[len(records) + 1] = {"readable"}
    kept = rows("select row_no, rule_codes from ops.quarantine")
    assert {row: set(codes) for row, codes in kept} == expected
    assert len(expected) == 3 * sum(1 for _, _, rules in CASES if rules) + 1


def with_kwargs(kwargs: dict[str, str]) -> Suite:
    """The suite of residents, with a regular expression about names that has other kwargs."""
    suite = read_suite(RESIDENT)
    rule = next(rule for rule in suite.expectations if rule.type.endswith("match_regex"))
    rule.kwargs.update(kwargs)
    return suite


@pytest.mark.parametrize(
    ("kwargs", "refused"),
    [
        ({"row_condition": 'col("_row") > 1'}, "full_name_present has a row_condition"),
        ({"column": "nobody_has_it"}, "full_name_present could not be evaluated"),
        ({"regex": "(?i)a"}, "full_name_present: regular expression"),
    ],
)
def test_a_rule_that_has_no_condition_is_refused_by_name(
    kwargs: dict[str, str], refused: str
) -> None:
    with pytest.raises(ContractError, match=refused):
        compiled(Request.of_dataset(RESIDENT, with_kwargs(kwargs)))


@pytest.mark.usefixtures("compiled_here")
def test_a_rule_that_the_engine_cannot_evaluate_is_refused_by_name(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(validate_module, "read_suite", lambda _: with_kwargs({"regex": "("}))
    with pytest.raises(ContractError, match="full_name_present could not be evaluated"):
        load_police("one", "2022-10-31", [resident()])


@pytest.mark.usefixtures("compiled_here")
def test_a_broken_rule_of_the_table_holds_the_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    def stricter(dataset: Any) -> Suite:
        suite = read_suite(dataset)
        rule = Rule(
            type="expect_table_row_count_to_be_between",
            kwargs={"min_value": 1000},
            severity="critical",
            description="At least 1,000 rows. | Ít nhất 1.000 dòng.",
            meta=RuleMeta(rule="enough_rows", dimension="đủ"),
        )
        return replace(suite, expectations=(*suite.expectations, rule))

    monkeypatch.setattr(validate_module, "read_suite", stricter)
    with pytest.raises(BatchHeldError, match="enough_rows"):
        load_police("one", "2022-10-31", [resident()])
