"""What a column's type, codes and bounds say becomes rules; a contract that errs is refused."""

import json

import pytest

from dean06 import contract
from dean06.cli import scaffold
from dean06.errors import ContractError
from dean06.rules import derived
from dean06.rules.engine import check
from dean06.rules.suite import Suite
from tests.lib.scaffolded import scaffolded


def _rules(suite: Suite, column: str) -> set[tuple[str, str]]:
    short = "expect_column_values_to_"
    return {(r.type.removeprefix(short), r.code) for r in suite.expectations if r.column == column}


def _changed(old: str, new: str) -> contract.Dataset:
    text = scaffold.contract_text("land", "csv", "land_record")
    assert text.count(old) == 1
    return contract.parse(text.replace(old, new), "land.yaml").datasets[0]


def test_each_type_has_its_rules() -> None:
    suite = derived.suite_of(scaffolded("csv"))
    assert _rules(suite, "record_id") == {
        ("not_be_null", "record_id_present"), ("match_regex", "record_id_well_formed"),
    }  # fmt: skip
    # It may be empty: no rule demands it.
    assert _rules(suite, "personal_id") == {("be_personal_ids", "personal_id_well_formed")}
    assert _rules(suite, "commune_code") == {
        ("not_be_null", "commune_code_present"), ("be_units_of_their_day", "commune_code_known"),
    }  # fmt: skip
    assert _rules(suite, "status_code") == {
        ("not_be_null", "status_code_present"), ("be_in_set", "status_code_known"),
    }  # fmt: skip
    assert _rules(suite, "amount") == {("be_numbers", "amount_well_formed")}
    assert _rules(suite, "is_urgent") == {
        ("not_be_null", "is_urgent_present"), ("be_in_set", "is_urgent_known"),
    }  # fmt: skip
    assert _rules(suite, "happened_on") == {
        ("not_be_null", "happened_on_present"), ("be_valid_dates", "happened_on_valid"),
    }  # fmt: skip
    assert _rules(suite, "updated_at") == {
        ("not_be_null", "updated_at_present"), ("be_valid_dates", "updated_at_valid"),
        ("be_clock_times", "updated_at_clock"), ("be_within_window", "updated_at_in_window"),
    }  # fmt: skip
    (numbers,) = (r.kwargs for r in suite.expectations if r.code == "amount_well_formed")
    # The column is numeric(14,2), and the contract says 0 or more.
    assert (numbers["digits"], numbers["decimals"], numbers["least"]) == (12, 2, "0")


def test_workbooks_write_days_first() -> None:
    suite = derived.suite_of(scaffolded("workbook"))
    (day,) = (r.kwargs for r in suite.expectations if r.code == "happened_on_valid")
    assert day["formats"] == ["DD/MM/YYYY"]


@pytest.mark.parametrize(("kind", "has_zone"), [("csv", True), ("workbook", False)])
def test_a_clock_time_has_a_time_zone_where_its_notation_has_one(kind: str, has_zone: bool) -> None:
    suite = derived.suite_of(scaffolded(kind))
    (about,) = (r.description for r in suite.expectations if r.code == "updated_at_clock")
    assert ("UTC offset" in about, "múi giờ" in about) == (has_zone, has_zone)


@pytest.mark.parametrize("kind", scaffold.KINDS)
def test_great_expectations_takes_what_was_derived(kind: str) -> None:
    suite = derived.suite_of(scaffolded(kind))
    check(suite)
    assert json.loads(derived.text_of(suite)) == json.loads(json.dumps(suite.native()))


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("{minimum: 0, maximum: 1000}", "{minimun: 0}", r"quantity: .*minimun .did you mean mini"),
        ("{minimum: 0, maximum: 1000}", "{minimum: few}", "quantity: minimum must be a number"),
        ("{format: personal_id}", "{format: email}", "personal_id: format must be one of person"),
        ('{pattern: "[A-Z]{2}[0-9]{6}"}', "{minimum: 0}", "record_id: logicalTypeOptions of str"),
    ],
)
def test_a_contract_that_errs_is_refused_by_column_and_key(old: str, new: str, told: str) -> None:
    with pytest.raises(ContractError, match=rf"^land\.yaml: land_record\.{told}"):
        _changed(old, new)


def test_a_type_without_rules_is_named() -> None:
    dataset = _changed("physicalType: boolean", "physicalType: interval")
    with pytest.raises(ContractError, match=r"land_record\.is_urgent: no rules can be derived"):
        derived.suite_of(dataset)


def test_units_are_found_by_the_name_of_their_column() -> None:
    dataset = _changed("name: commune_code", "name: ward_code")
    with pytest.raises(ContractError, match="ward_code: the column must have the name"):
        derived.suite_of(dataset)
