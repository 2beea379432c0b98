"""Whose record a FHIR resource is: persons by reference, names and numbers by use and period."""

from collections.abc import Mapping
from typing import Any

import pytest

from tests.lib.loading import rows
from tests.lib.strangers_fhir import (
    EXTENSION,
    PATIENTS,
    Exports,
    core,
    patient,
    problems,
    sync_of,
    visit,
)
from tests.lib.strangers_http import (
    Answer,
)


@pytest.mark.usefixtures("warehouse")
def test_a_visit_is_of_the_patient_whom_its_subject_names() -> None:
    exports = Exports()
    exports.files["/file/1"] = Answer(PATIENTS)
    exports.manifest["output"][0]["count"] = 3
    sync_of(exports)
    person = ("082190000001", "Nguyễn Thị Thử", "1990", "28249")
    assert core("personal_id", "full_name", "birth_date", "commune_code") == [
        ("a-subject-first", *person), ("c-dup-extension", *person), ("d-half-patient", *person),
    ]  # fmt: skip
    ((drift,),) = rows("select drift from ops.load where dataset_code = 'encounter'")
    assert "contained Patient.birthDate" in drift
    assert any("https://other.example/facility-commune" in name for name in drift)


SYSTEM = "https://dean06.example/fhir/sid/"
NOW = {"start": "2022-01", "end": "2022-10-31"}
PAST = {"end": "2022-10-30"}


@pytest.mark.usefixtures("warehouse")
@pytest.mark.parametrize(
    ("numbers", "expected"),
    [
        ([("so-dinh-danh", "082190000001", {})], "082190000001"),
        ([("cmnd", "311111111", {}), ("so-dinh-danh", "082190000001", {})], "082190000001"),
        ([("cmnd", "311111111", {"use": "official"})], "311111111"),
        ([("ho-so-benh-an", "082190000009", {})], None),
        (
            [
                ("so-dinh-danh", "082190000009", {"use": "old"}),
                ("so-dinh-danh", "082190000001", {}),
            ],
            "082190000001",
        ),
        (
            [
                ("so-dinh-danh", "082190000009", {"period": PAST}),
                ("so-dinh-danh", "082190000001", {"period": NOW}),
            ],
            "082190000001",
        ),
        (
            [
                ("so-dinh-danh", "082190000009", {"use": "temp"}),
                ("so-dinh-danh", "082190000001", {"use": "official"}),
            ],
            "082190000001",
        ),
        (
            [
                ("so-dinh-danh", "082190000001", {"period": {"start": "2022-10"}}),
                ("so-dinh-danh", "082190000009", {"period": {"start": "2021"}}),
            ],
            "082190000001",
        ),
    ],
)
@pytest.mark.parametrize("order", [1, -1])
@pytest.mark.one_in(4)
def test_a_number_is_chosen_by_system_use_and_period(
    numbers: list[tuple[str, str, Mapping[str, Any]]], expected: str | None, order: int
) -> None:
    listed = [{"system": SYSTEM + kind, "value": value, **more} for kind, value, more in numbers]
    sync_of(Exports(visit("v", contained=[patient(identifier=listed[::order])])))
    assert core("personal_id") == [("v", expected)]


@pytest.mark.usefixtures("warehouse")
@pytest.mark.parametrize("order", [1, -1])
def test_a_name_is_chosen_by_use_and_period(order: int) -> None:
    names = [
        {"use": "maiden", "text": "Trần Thị Cũ"},
        {"use": "nickname", "text": "Tí"},
        {"text": "Lê Thị Trước", "period": PAST},
        {"use": "official", "family": "Nguyễn", "given": ["Thị", "Thu", "Hà"]},
        {"use": "temp", "text": "Nguyễn Thị Tạm"},
    ]
    sync_of(Exports(visit("v", contained=[patient(name=names[::order])])))
    assert core("full_name") == [("v", "Nguyễn Thị Thu Hà")]


@pytest.mark.usefixtures("warehouse")
def test_who_cannot_be_told_is_set_aside_and_the_others_are_published() -> None:
    one, other = (
        {"system": f"{SYSTEM}so-dinh-danh", "value": value}
        for value in ("082190000001", "082190000009")
    )
    communes = [
        {"url": f"{EXTENSION}facility-commune", "valueCode": code} for code in ("28249", "28252")
    ]
    given = visit("x")["extension"]
    sync_of(
        Exports(
            visit("good"),
            visit("elsewhere", subject={"reference": "Patient/p"}),
            visit("nobody", subject={}),
            visit("twice", contained=[patient(), patient(birthDate="1960")]),
            visit("no-patient", contained=[{"resourceType": "Practitioner", "id": "p"}]),
            visit("two-numbers", contained=[patient(identifier=[one, other])]),
            visit("two-names", contained=[patient(name=[{"text": "A Thử"}, {"text": "B Thử"}])]),
            visit("two-communes", extension=[*given[:2], *communes]),
            visit("negated", modifierExtension=[{"url": "https://other.example/not-done"}]),
            visit("other-type", resourceType="Procedure"),
        )
    )
    assert core("personal_id") == [("good", "082190000001")]
    assert problems() == [
        *["no_subject"] * 4, *["two_values"] * 3, "unknown_modifier", "wrong_resource_type",
    ]  # fmt: skip


def test_the_same_value_twice_is_one_value(warehouse: str) -> None:
    twice = [{"text": "Nguyễn Thị Thử"}, {"family": "Nguyễn", "given": ["Thị", "Thử"]}]
    sync_of(Exports(visit("v", contained=[patient(name=twice)])))
    assert core("full_name") == [("v", "Nguyễn Thị Thử")]
