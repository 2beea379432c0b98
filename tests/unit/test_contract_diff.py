"""Which changes of a contract break somebody: each is labelled by hand."""

from collections.abc import Callable
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner

from dean06 import contract, settings
from dean06.cli.app import app
from dean06.contract import Contract
from dean06.errors import ContractError
from dean06.schema import reach
from dean06.schema.contract_diff import changes, is_wider, wrong_version

BREAKING, COMPATIBLE = True, False
Document = dict[str, Any]


def document() -> Document:
    text = (settings.CONTRACTS / "education.yaml").read_text(encoding="utf-8")
    read: Document = yaml.safe_load(text)
    return read


def parsed(read: Document) -> Contract:
    return contract.parse(yaml.safe_dump(read, allow_unicode=True), "education.yaml")


def dataset(read: Document) -> Document:
    found: Document = read["schema"][0]
    return found


def column(read: Document, name: str) -> Document:
    return next(each for each in dataset(read)["properties"] if each["name"] == name)


def custom(part: Document, name: str, value: object) -> None:
    kept = [each for each in part.get("customProperties", []) if each["property"] != name]
    part["customProperties"] = [*kept, {"property": name, "value": value}]


def added(read: Document, **changes: Any) -> None:
    new = {**column(read, "full_name"), "name": "mark", "physicalName": "DIEM", **changes}
    dataset(read)["properties"].append(new)


def without(read: Document, name: str) -> None:
    dataset(read)["properties"].remove(column(read, name))


def service_level(read: Document, hours: int) -> None:
    for each in read["slaProperties"]:
        if each["property"] == "freshness":
            each["value"] = hours


def second_dataset(read: Document) -> None:
    read["schema"].append({**dataset(read), "name": "second"})


Edit = Callable[[Document], object]
CASES: list[tuple[str, Edit, bool]] = [
    ("a new optional column", lambda d: added(d, required=False), COMPATIBLE),
    ("a new required column", lambda d: added(d, required=True), BREAKING),
    ("a column is gone", lambda d: without(d, "school_code"), BREAKING),
    ("a column is called otherwise on the wire",
     lambda d: column(d, "full_name").update(physicalName="HO_TEN_MOI"), BREAKING),
    ("another label",
     lambda d: column(d, "full_name").update(businessName="Name | Tên"), COMPATIBLE),
    ("another description",
     lambda d: column(d, "full_name").update(description="Name. | Tên."), COMPATIBLE),
    ("text instead of a whole number",
     lambda d: column(d, "exam_year").update(physicalType="text"), BREAKING),
    ("a larger whole number",
     lambda d: column(d, "exam_year").update(physicalType="bigint"), COMPATIBLE),
    ("a smaller whole number",
     lambda d: column(d, "exam_year").update(physicalType="numeric(3)"), BREAKING),
    ("a moment instead of a day",
     lambda d: column(d, "registered_on").update(physicalType="timestamptz"), BREAKING),
    ("a column is required now",
     lambda d: column(d, "personal_id").update(required=True), BREAKING),
    ("a column is no longer required",
     lambda d: column(d, "full_name").update(required=False), COMPATIBLE),
    ("a column is in every delivery now",
     lambda d: custom(column(d, "withdrawn_mark"), "presence", "always"), BREAKING),
    ("a column comes as numbers too",
     lambda d: custom(column(d, "full_name"), "accepts", ["text", "number"]), COMPATIBLE),
    ("a column comes as numbers only",
     lambda d: custom(column(d, "full_name"), "accepts", ["number"]), BREAKING),
    ("a text means that there is no value",
     lambda d: custom(column(d, "full_name"), "accepts", {"null": ["-"]}), BREAKING),
    ("a column is less protected",
     lambda d: column(d, "full_name").update(classification="internal"), BREAKING),
    ("a column is more protected",
     lambda d: column(d, "exam_year").update(classification="personal"), BREAKING),
    ("another key",
     lambda d: column(d, "exam_year").update(primaryKey=False), BREAKING),
    ("records count from another day",
     lambda d: custom(dataset(d), "dated_by", "updated_at"), BREAKING),
    ("versions hold one after another",
     lambda d: custom(dataset(d), "history", "state"), BREAKING),
    ("records cannot be withdrawn",
     lambda d: custom(dataset(d), "deleted", None), BREAKING),
    ("the dataset is called otherwise on the wire",
     lambda d: dataset(d).update(physicalName="list"), BREAKING),
    ("another grain in words",
     lambda d: dataset(d).update(dataGranularityDescription="A candidate. | Thí sinh."),
     COMPATIBLE),
    ("a further dataset", second_dataset, COMPATIBLE),
    ("fresh for a shorter time", lambda d: service_level(d, 12), BREAKING),
    ("fresh for a longer time", lambda d: service_level(d, 48), BREAKING),
    ("more attempts", lambda d: custom(d, "retry_attempts", 9), COMPATIBLE),
    ("a delivery may have more files", lambda d: custom(d, "max_files", 20_000), COMPATIBLE),
    ("the source prepares deliveries", lambda d: custom(d, "delivery", "export"), BREAKING),
    ("another purpose",
     lambda d: d["description"].update(purpose="To count. | Để đếm."), COMPATIBLE),
    ("another legal basis", lambda d: d["authoritativeDefinitions"].pop(), COMPATIBLE),
]  # fmt: skip


@pytest.mark.parametrize(("said", "edit", "is_breaking"), CASES, ids=[case[0] for case in CASES])
def test_a_change_breaks_somebody_or_nobody(said: str, edit: Edit, is_breaking: bool) -> None:
    before, read = parsed(document()), document()
    edit(read)
    found = changes(before, parsed(read))
    assert found, said
    assert {change.is_breaking for change in found} == {is_breaking}
    due = "2.0.0" if is_breaking else "1.6.0"
    assert f"needs version {due}" in str(wrong_version(before, parsed(read), found))
    read["version"] = due
    assert wrong_version(before, parsed(read), found) is None


def test_nothing_changed() -> None:
    assert changes(parsed(document()), parsed(document())) == []


def test_other_sources_are_not_compared() -> None:
    with pytest.raises(ContractError, match="education and police are different sources"):
        changes(contract.load("education"), contract.load("police"))


@pytest.mark.parametrize(
    ("old", "new", "holds"),
    [
        ("numeric(10,2)", "numeric(12,2)", True), ("numeric(10,2)", "numeric(11,3)", True),
        ("numeric(10,2)", "numeric(10,3)", False), ("numeric(10,2)", "numeric", True),
        ("numeric(10,2)", "integer", False), ("varchar(5)", "text", True),
        ("varchar(5)", "varchar(4)", False), ("real", "double precision", True),
        ("bigint", "double precision", False), ("date", "text", False),
    ],
)  # fmt: skip
def test_a_wider_type_holds_every_value(old: str, new: str, holds: bool) -> None:
    assert is_wider(old, new) is holds


def test_what_a_column_reaches() -> None:
    registrations = contract.load("education").dataset("exam_registration")
    found = reach.of(registrations, "personal_id")
    assert found.core[0] == "core.education__exam_registration.personal_id"
    assert "education.registrations_with_personal_id" in found.kpis
    assert "population.permanent_residents" not in found.kpis
    assert found.rules
    assert found.facts == ()  # No fact shows a number of a person.
    year = reach.of(registrations, "exam_year")
    assert year.facts == ("mart.fact_exam_registration",)


def test_the_command_says_what_breaks(tmp_path: Any) -> None:
    read = document()
    column(read, "full_name").update(physicalName="TEN")
    (tmp_path / "education.yaml").write_text(yaml.safe_dump(read, allow_unicode=True))
    done = CliRunner().invoke(app, ["contract-diff", str(tmp_path)])
    assert done.exit_code == 1
    assert "breaking" in done.output
    assert "education: 1.5.0 → 1.5.0: a breaking change needs version 2.0.0" in done.output
    same = CliRunner().invoke(app, ["contract-diff", str(settings.CONTRACTS)])
    assert (same.exit_code, same.output) == (0, "")
