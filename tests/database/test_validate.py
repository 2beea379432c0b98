"""Validation: one rule, two uses; no values in results."""

import pytest

from dean06 import contract
from dean06.validate import RuleResult
from tests.database.loading import load_police, resident, rows

pytestmark = pytest.mark.usefixtures("warehouse")


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
    ("daXoa", "maybe", ["is_deleted_known"]),
    ("capNhatLuc", "2022-10-31T25:00:00+07:00", ["updated_at_valid"]),
    ("capNhatLuc", "2022-10-31 08:00:00", ["updated_at_valid"]),
    ("maHo", "H1", ["household_id_well_formed"]),
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


def test_warnings_are_recorded() -> None:
    load_police("one", "2022-10-31", [resident(hoTen="Nguyễn  Thị Thử")])
    assert rows(
        """select distinct rule_code, severity, unexpected_count from ops.validation_result
           where unexpected_count > 0"""
    ) == [("full_name_clean", "warning", 1)]


def test_every_rule_of_every_suite_has_both_languages_and_a_dimension() -> None:
    from dean06.validate import read_suite

    for source in contract.sources():
        for dataset in contract.load(source).datasets:
            suite = read_suite(dataset)
            assert suite["name"] == dataset.code
            assert suite["meta"]["hold_from_records"] > 0
            rules = {item["meta"]["rule"] for item in suite["expectations"]}
            assert "readable" in rules, dataset.code
            for item in suite["expectations"]:
                contract.Bilingual.of(item["description"], dataset.code)
                assert item["meta"]["dimension"] in ("đúng", "đủ", "sạch", "sống")
                assert item["severity"] in ("critical", "warning", "info")
                assert item["severity"] != "critical" or 0 < item["kwargs"]["mostly"] <= 1


def test_rows_that_could_not_be_read_are_taken_out_of_the_share() -> None:
    result = RuleResult(
        rule="x", column="c", expectation="e", severity="critical", dimension="sạch",
        reason=contract.Bilingual("a", "b"), success=False, elements=100, unexpected=6,
        allowed_share=0.95, failing_rows=[1, 2, 3, 4, 5, 6],
    )  # fmt: skip
    without = result.without({1, 2})
    assert (without.elements, without.unexpected, without.success) == (98, 4, True)
