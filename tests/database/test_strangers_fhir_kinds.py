"""FHIR elements as other kinds than R4 writes them, and codes of several systems, up to core."""

from typing import Any

import pytest

from tests.lib import strangers
from tests.lib.loading import lines_of, load_source, rows

DAY = "2022-10-31"
SYSTEM, EXTENSION = (f"https://dean06.example/fhir/{p}/" for p in ("sid", "StructureDefinition"))
CVX, NATIONAL = "http://hl7.org/fhir/sid/cvx", "urn:oid:1.2.704.9.1"
NUMBER = {"system": f"{SYSTEM}so-dinh-danh", "value": "082190000001"}
FACILITY = {"system": f"{SYSTEM}co-so-kham-chua-benh", "value": "82175"}
PATIENT: dict[str, Any] = {
    "resourceType": "Patient", "id": "p", "gender": "female", "birthDate": "1990",
    "identifier": [NUMBER], "name": [{"text": "Nguyễn Thị Thử"}],
}  # fmt: skip
COMMUNE = {"url": f"{EXTENSION}facility-commune", "valueCode": "28249"}
SHARED: dict[str, Any] = {
    "meta": {"lastUpdated": "2022-10-31T08:00:00+07:00"}, "contained": [PATIENT],
}  # fmt: skip
VISIT: dict[str, Any] = {
    **SHARED, "resourceType": "Encounter", "status": "finished", "subject": {"reference": "#p"},
    "extension": [
        {"url": f"{EXTENSION}check-in-document", "valueCode": "cccd"},
        {"url": f"{EXTENSION}insurance-checked", "valueBoolean": True},
        COMMUNE,
    ],
    "period": {"start": "2022-10-31T08:00:00+07:00"}, "serviceProvider": {"identifier": FACILITY},
}  # fmt: skip
DOSE: dict[str, Any] = {
    **SHARED, "resourceType": "Immunization", "status": "completed", "extension": [COMMUNE],
    "patient": {"reference": "#p"}, "occurrenceDateTime": "2022-10-30",
    "vaccineCode": {"coding": [{"system": CVX, "code": "218"}]},
    "performer": [{"actor": {"identifier": FACILITY}}],
    "protocolApplied": [{"doseNumberPositiveInt": 2}],
}  # fmt: skip

pytestmark = pytest.mark.usefixtures("warehouse")


def visits(*changes: dict[str, Any]) -> None:
    records = [{**VISIT, "id": f"v{n}", **change} for n, change in enumerate(changes)]
    load_source("health", "one", DAY, {"encounter": (lines_of(records), len(records))})


def doses(*changes: dict[str, Any]) -> None:
    records = [{**DOSE, "id": f"v{n}", **change} for n, change in enumerate(changes)]
    load_source("health", "one", DAY, {"immunization": (lines_of(records), len(records))})


def of_patient(**changes: Any) -> dict[str, Any]:
    return {"contained": [{**PATIENT, **changes}]}


@pytest.mark.parametrize(
    ("change", "noted"),
    [
        (of_patient(name=[{"text": ["Nguyễn", "Thử"]}]), "Patient.name.text: list"),
        (of_patient(name=[{"text": {"vi": "Nguyễn Thử"}}]), "Patient.name.text: object"),
        (of_patient(name=[{"text": [], "family": "Nguyễn"}]), "Patient.name.text: list"),
        (of_patient(name=[{"family": {}}]), "Patient.name.family: object"),
        (of_patient(name=[{"family": {"x": "Nguyễn"}}]), "Patient.name.family: object"),
        (of_patient(identifier=[{**NUMBER, "value": {}}]), "Patient.identifier.value: object"),
        (of_patient(identifier=[{**NUMBER, "value": ["0"]}]), "Patient.identifier.value: list"),
        (of_patient(gender=["female"]), "Patient.gender: list"),
        ({"status": {"value": "finished"}}, "status: object"),
        ({"id": ["v"]}, "id: list"),
        (
            {"extension": [*VISIT["extension"][:2], {**COMMUNE, "valueCode": ["28249"]}]},
            f"extension {EXTENSION}facility-commune valueCode: list",
        ),
    ],
)  # fmt: skip
@pytest.mark.one_in(4)
def test_a_list_or_object_in_place_of_a_value_is_set_aside_with_column_and_kind(
    change: dict[str, Any], noted: str
) -> None:
    visits({}, change)
    ((row, rules, problem, kinds),) = strangers.rejected("health", "encounter")
    assert (row, problem, kinds) == (2, None, noted)
    assert "kinds_agreed" in rules
    assert rows("select full_name, personal_id from core.health__encounter") == [
        ("Nguyễn Thị Thử", "082190000001")
    ]


@pytest.mark.parametrize(
    "change",
    [
        of_patient(name={"text": "Nguyễn Thị Thử"}),
        of_patient(name="Nguyễn Thị Thử"),
        of_patient(name=["Nguyễn Thị Thử"]),
        of_patient(name=[{"family": "Nguyễn", "given": "Thị Thử"}]),
        of_patient(name=[{"family": "Nguyễn", "given": [{"v": "Thử"}]}]),
        of_patient(name=[{"text": "Nguyễn Thị Thử", "use": ["official"]}]),
        of_patient(name=[{"text": "Nguyễn Thị Thử", "period": "2019"}]),
        of_patient(name=[{"text": "Nguyễn Thị Thử", "period": {"end": 2019}}]),
        of_patient(identifier=NUMBER),
        of_patient(identifier=[NUMBER, "082190000001"]),
        of_patient(identifier=[{**NUMBER, "system": [NUMBER["system"]]}]),
        {"contained": PATIENT},
        {"extension": COMMUNE},
        {"period": [VISIT["period"]]},
        {"meta": [VISIT["meta"]]},
        {"serviceProvider": [VISIT["serviceProvider"]]},
    ],
)
@pytest.mark.one_in(4)
def test_a_list_where_fhir_has_none_or_the_reverse_says_nothing(change: dict[str, Any]) -> None:
    visits({}, change)
    assert strangers.rejected("health", "encounter") == [(2, ["readable"], "wrong_structure", None)]
    assert rows("select count(*) from core.health__encounter") == [(1,)]


def test_null_among_given_names_is_no_name() -> None:
    visits(of_patient(name=[{"family": "Nguyễn", "given": ["Thị", None, "Thử"]}]))
    assert rows("select full_name from core.health__encounter") == [("Nguyễn Thị Thử",)]


def test_a_name_is_in_force_on_the_day_in_vietnam() -> None:
    names = [
        {"text": "Nguyễn Thị Cũ", "period": {"end": "2022-10-30"}},
        {"text": "Nguyễn Thị Thử", "period": {"start": "2022-10-31"}},
    ]
    visits({**of_patient(name=names), "meta": {"lastUpdated": "2022-10-30T23:30:00Z"},
            "period": {"start": "2022-10-30T23:00:00Z"}})  # fmt: skip
    assert rows("select full_name from core.health__encounter") == [("Nguyễn Thị Thử",)]


def coding(*codes: tuple[str | None, str]) -> dict[str, Any]:
    listed = [{"code": code, **({"system": s} if s else {})} for s, code in codes]
    return {"vaccineCode": {"coding": listed}}


def by(*actors: dict[str, Any]) -> dict[str, Any]:
    return {"performer": [{"actor": {"identifier": actor}} for actor in actors]}


def protocols(*numbers: int) -> dict[str, Any]:
    return {"protocolApplied": [{"doseNumberPositiveInt": number} for number in numbers]}


DOCTOR = {"system": "urn:cchn", "value": "12345"}


@pytest.mark.parametrize(
    ("change", "vaccine", "facility", "dose"),
    [
        (coding((NATIONAL, "207"), (CVX, "210")), "210", "82175", 2),
        (coding((CVX, "210"), (NATIONAL, "207")), "210", "82175", 2),
        (coding((None, "207"), (CVX, "210")), "210", "82175", 2),
        (coding((None, "210")), "210", "82175", 2),
        (coding((CVX, "210"), (CVX, "210")), "210", "82175", 2),
        (by(DOCTOR, FACILITY), "218", "82175", 2),
        (by(FACILITY, DOCTOR), "218", "82175", 2),
        (by(DOCTOR, {"value": "82034"}), "218", "82034", 2),
        (protocols(3, 3), "218", "82175", 3),
        ({"protocolApplied": [{"series": "x"}, {"doseNumberPositiveInt": 3}]}, "218", "82175", 3),
    ],
)
@pytest.mark.one_in(3)
def test_codes_are_those_of_the_agreed_system_in_whatever_order(
    change: dict[str, Any], vaccine: str, facility: str, dose: int
) -> None:
    doses(change)
    assert rows(
        "select vaccine_code, facility_code, dose_number from core.health__immunization"
    ) == [(vaccine, facility, dose)]


def test_codes_of_no_agreed_system_and_contradictions_are_set_aside() -> None:
    doses(
        {}, coding((NATIONAL, "207")), by(DOCTOR), coding((CVX, "207"), (CVX, "210")),
        by(FACILITY, {**FACILITY, "value": "82034"}), protocols(1, 3),
        {"performer": {"actor": {"identifier": FACILITY}}},
    )  # fmt: skip
    assert strangers.rejected("health", "immunization") == [
        (2, ["vaccine_code_present"], None, None),
        (3, ["facility_code_well_formed"], None, None),
        *((row, ["readable"], "two_values", None) for row in (4, 5, 6)),
        (7, ["readable"], "wrong_structure", None),
    ]


def test_a_visit_is_of_the_facility_of_the_agreed_system() -> None:
    visits({}, {"serviceProvider": {"identifier": DOCTOR}})
    assert strangers.rejected("health", "encounter") == [
        (2, ["facility_code_well_formed"], None, None)
    ]
