"""FHIR resources as flat records: names and numbers whose structure is not that of R4."""

import json
from typing import Any

import pytest

from dean06 import contract
from dean06.sources.health import flattener
from dean06.wire import fhir
from dean06.wire.records import RefusedRecordError
from tests.faults.hostile import fixture

ENCOUNTER = contract.load("health").dataset("encounter")
NUMBER = {"system": "https://dean06.example/fhir/sid/so-dinh-danh", "value": "082190000001"}


def flat(written: str = "2022-10-31T08:00:00+07:00", **patient: Any) -> dict[str, object]:
    """The fixture's check-in, flattened, with some elements of its Patient changed."""
    resource = json.loads(fixture(ENCOUNTER)["lines"][0])
    resource["meta"]["lastUpdated"] = written
    resource["contained"][0].update(patient)
    return dict(flattener(ENCOUNTER)(resource))


@pytest.mark.parametrize(
    "patient",
    [
        {"name": "Nguyễn Thị Thử"},
        {"name": {"text": "Nguyễn Thị Thử"}},
        {"name": ["Nguyễn Thị Thử"]},
        {"name": [{"text": "Nguyễn Thị Thử"}, None]},
        {"name": [{"given": "Thử"}]},
        {"name": [{"family": "Nguyễn", "given": ["Thị", 5]}]},
        {"name": [{"family": "Nguyễn", "given": {"value": "Thử"}}]},
        {"name": [{"text": "Nguyễn Thị Thử", "period": "2022"}]},
        {"name": [{"text": "Nguyễn Thị Thử", "period": {"start": 2022}}]},
        {"identifier": NUMBER},
        {"identifier": "082190000001"},
        {"identifier": [NUMBER, "311111111"]},
    ],
)
def test_a_name_or_number_of_another_structure_is_not_passed_over(patient: dict[str, Any]) -> None:
    with pytest.raises(RefusedRecordError, match="wrong_structure"):
        flat(**patient)


@pytest.mark.parametrize("nothing", [None, []])
def test_a_patient_may_have_no_name_and_no_number(nothing: object) -> None:
    found = flat(name=nothing, identifier=nothing)
    assert not any(path.startswith(("Patient.name", "Patient.identifier")) for path in found)


def test_null_keeps_the_place_of_a_given_name_that_has_extensions_alone() -> None:
    found = flat(name=[{"family": "Nguyễn", "given": ["Thị", None, "Thử"]}])
    assert [found[f"Patient.name.given[{n}]"] for n in (0, 1)] == ["Thị", "Thử"]


@pytest.mark.parametrize("wrong", [{"value": "Nguyễn"}, ["Nguyễn"]])
def test_an_agreed_value_of_another_structure_stays_for_the_rules(wrong: object) -> None:
    assert flat(name=[{"text": wrong}])["Patient.name.text"] == wrong
    assert flat(gender=wrong)["Patient.gender"] == wrong


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("2022-10-31T00:00:00+07:00", "Nguyễn Thị Thử"),
        ("2022-10-30T17:00:00Z", "Nguyễn Thị Thử"),
        ("2022-10-30T23:59:59.9999999+07:00", "Phạm Thị Cũ"),
        ("2022-10-30T16:59:59.999Z", "Phạm Thị Cũ"),
        ("2022-10-31T01:00:00+09:00", "Phạm Thị Cũ"),
    ],
)
def test_a_name_is_in_force_by_the_vietnamese_day_of_its_record(written: str, name: str) -> None:
    names = [
        {"text": "Phạm Thị Cũ", "period": {"end": "2022-10-30"}},
        {"text": "Nguyễn Thị Thử", "period": {"start": "2022-10-31"}},
    ]
    assert flat(written, name=names)["Patient.name.text"] == name


def test_names_that_are_new_in_each_resource_are_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fhir, "_MOST_PLACES", 50)
    flatten = flattener(ENCOUNTER)
    plain = dict(flatten(json.loads(fixture(ENCOUNTER)["lines"][0])))
    for number in range(200):
        resource = json.loads(fixture(ENCOUNTER)["lines"][0])
        resource[f"new {number}"] = number
        assert dict(flatten(resource)) == {**plain, f"new {number}": number}
    assert flatten._known_places == 50
