"""Identity verification: every verdict, from records made by hand."""

from typing import Any

import pytest

from dean06.identity.verify import verify_identities
from tests.lib import identity_page
from tests.lib.persons import load, record, verdicts

pytestmark = pytest.mark.usefixtures("warehouse")
PARTICIPANT, EXAM = "insurance.participant", "education.exam_registration"
VERIFIED, NORMALISED, BY_NAME = "verified", "verified_after_normalisation", "verified_by_name"


def verdict_on(code: str, changes: dict[str, Any], registry: dict[str, Any] | None = None) -> Any:
    """The only verdict there is when the registry holds one person and ``code`` one record."""
    load("police.resident", record("police.resident", **(registry or {})))
    load(code, record(code, **changes))
    verify_identities()
    (found,) = verdicts().values()
    return found


@pytest.mark.parametrize("example", identity_page.examples(), ids=lambda each: each["en"])
@pytest.mark.one_in(4)
def test_the_examples_of_the_page(example: dict[str, Any]) -> None:
    code = example["dataset"]
    own = record(code, **example["changes"])
    others = []
    if example["beside"] is not None:
        others = [record(code, **{"bhxh_code": "7900000002"} | example["beside"])]
    load("police.resident", record("police.resident", **example["registry"]))
    load(code, own, *others)
    verify_identities()
    found = verdicts()
    key = next(key for key in found if key != "7900000002")
    assert len(found) == 1 + len(others)
    assert found[key] == (example["verdict"], example["detail"])


@pytest.mark.parametrize(
    ("changes", "verdict", "detail"),
    [
        ({}, VERIFIED, None),
        # 1 to 3: what the id alone tells
        ({"personal_id": None}, "missing_id", None),
        ({"personal_id": ""}, "missing_id", None),
        ({"personal_id": "310123456"}, "id_is_cmnd", None),
        ({"personal_id": "12345678"}, "id_is_cmnd", None),
        ({"personal_id": "1234567"}, "invalid_id", "malformed"),
        ({"personal_id": "1190000001"}, "not_found", "padded"),
        ({"personal_id": "1190000001", "birth_date": "1991-02-03"}, "invalid_id", "malformed"),
        ({"personal_id": "1190000001", "sex_code": "1"}, "invalid_id", "malformed"),
        ({"personal_id": "3190000001"}, "invalid_id", "malformed"),
        ({"personal_id": "82190000001"}, NORMALISED, "padded"),
        ({"personal_id": "82190000001", "birth_date": "1990"}, "mismatch_birth_date_year_only",
         "padded"),
        ({"personal_id": "82190000001", "birth_date": "1991-02-03"}, "invalid_id", "malformed"),
        ({"personal_id": "82190000001", "sex_code": "1"}, "invalid_id", "malformed"),
        ({"personal_id": "82190000001", "sex_code": "3"}, NORMALISED, "padded"),
        ({"personal_id": "03190000001"}, "invalid_id", "malformed"),
        ({"personal_id": "003190000001"}, "invalid_id", "malformed"),
        # 5: nobody has the id
        ({"personal_id": "082190000002"}, "not_found", None),
        ({"personal_id": "82190000002"}, "not_found", "padded"),
        ({"personal_id": "082190000002", "birth_date": "1991-02-03"}, "invalid_id", "contradicts"),
        ({"personal_id": "082190000002", "sex_code": "1"}, "invalid_id", "contradicts"),
        # 6: names
        ({"full_name": "NGUYỄN THỊ  HOÀ"}, NORMALISED, "spacing,case,tone"),
        ({"full_name": "NguyÔn ThÞ Hßa"}, NORMALISED, "tcvn3"),
        ({"full_name": "Nguyeãn Thò Hoøa"}, NORMALISED, "vni"),
        ({"full_name": "NGUYEN THI HOA"}, NORMALISED, "unaccented"),
        ({"full_name": "NGUYEN THI HOA", "personal_id": "82190000001"}, NORMALISED,
         "padded,unaccented"),
        ({"full_name": "NGUYEN THI HOA", "birth_date": "1990-02-04"}, "mismatch_name",
         "unaccented"),
        ({"full_name": "NGUYEN THI HOA", "birth_date": "1990"}, "mismatch_name", "unaccented"),
        ({"full_name": "NGUYEN THI HOA", "sex_code": "1"}, "mismatch_name", "unaccented"),
        ({"full_name": "NGUYEN THI HOA", "sex_code": "3"}, "mismatch_name", "unaccented"),
        ({"full_name": "Nguyễn Hòa"}, "mismatch_name", "middle_dropped"),
        ({"full_name": "Hòa Thị Nguyễn"}, "mismatch_name", "reordered"),
        ({"full_name": "Lê Văn Tám", "birth_date": "1950-02-03"}, "mismatch_name", "other"),
        # 7: birth dates
        ({"birth_date": "1990"}, "mismatch_birth_date_year_only", None),
        ({"birth_date": "1991"}, "mismatch_birth_date", None),
        ({"birth_date": "1990-03-02"}, "mismatch_birth_date_swapped", None),
        ({"birth_date": "1991-03-02"}, "mismatch_birth_date", None),
        ({"birth_date": "1990-02-04"}, "mismatch_birth_date", None),
        ({"birth_date": "1990-01-01"}, "mismatch_birth_date", "placeholder"),
        ({"birth_date": "1990-03-02", "full_name": "Nguyễn Thị Hoà"},
         "mismatch_birth_date_swapped", "tone"),
        # 8: sex
        ({"sex_code": "1"}, "mismatch_sex", None),
        ({"sex_code": "3"}, VERIFIED, None),
    ],
)  # fmt: skip
@pytest.mark.one_in(3)
def test_the_first_rule_that_applies(
    changes: dict[str, Any], verdict: str, detail: str | None
) -> None:
    assert verdict_on(PARTICIPANT, changes) == (verdict, detail)


@pytest.mark.parametrize(
    ("changes", "verdict", "detail"),
    [
        ({}, NORMALISED, "padded"),
        ({"full_name": "NGUYEN THI HOA"}, NORMALISED, "padded,unaccented"),
        ({"full_name": "Lê Văn Tám"}, "mismatch_name", "padded,other"),
        ({"birth_date": "1990-02-04"}, "mismatch_birth_date", "padded"),
    ],
)
def test_an_id_that_lost_two_zeros_is_proven_like_one_that_lost_one(
    changes: dict[str, Any], verdict: str, detail: str
) -> None:
    written = {"personal_id": "1190000001", **changes}
    assert verdict_on(PARTICIPANT, written, {"personal_id": "001190000001"}) == (verdict, detail)


@pytest.mark.parametrize(
    ("registry", "changes", "verdict", "detail"),
    [
        ({"full_name": "NGUYEN THI HOA"}, {}, NORMALISED, "unaccented"),
        ({"full_name": "NGUYEN THI HOA"}, {"birth_date": "1990"}, "mismatch_name", "unaccented"),
        ({"full_name": "NGUYEN THI HOA"}, {"full_name": "NguyÔn ThÞ Hßa"}, "mismatch_name",
         "other"),
        ({"full_name": "Nguye\u0302\u0303n Thi\u0323 Ho\u0300a"}, {}, NORMALISED, "nfc"),
        ({"full_name": " Nguyễn\u00a0 Thị Hòa"}, {}, NORMALISED, "spacing"),
        ({"birth_date": "1990"}, {"birth_date": "1990"}, VERIFIED, None),
        ({"birth_date": "1990"}, {}, "mismatch_birth_date_year_only", None),
        ({"birth_date": "1990"}, {"birth_date": "1990", "full_name": "NGUYEN THI HOA"},
         NORMALISED, "unaccented"),
        ({"sex_code": "3"}, {"sex_code": "1"}, VERIFIED, None),
        ({"residence_status": "da_chuyen_di"}, {}, VERIFIED, None),
        ({"is_deleted": True}, {}, "not_found", None),
    ],
)  # fmt: skip
@pytest.mark.one_in(4)
def test_the_registry_has_its_spellings_too(
    registry: dict[str, Any], changes: dict[str, Any], verdict: str, detail: str | None
) -> None:
    assert verdict_on(PARTICIPANT, changes, registry) == (verdict, detail)


@pytest.mark.parametrize(
    ("code", "changes", "verdict"),
    [
        ("health.encounter", {}, VERIFIED),
        ("health.encounter", {"sex_code": "male"}, "mismatch_sex"),
        ("health.encounter", {"sex_code": "unknown"}, VERIFIED),
        ("health.immunization", {}, VERIFIED),
        # Education counts the sexes the other way round (E20).
        (EXAM, {}, VERIFIED),
        (EXAM, {"sex_code": "2"}, "mismatch_sex"),
        # The portal knows neither birth date nor sex.
        ("portal.dossier", {}, BY_NAME),
        ("portal.dossier", {"applicant_name": "NGUYEN THI HOA"}, BY_NAME),
        ("portal.dossier", {"personal_id": "82190000001"}, BY_NAME),
        ("portal.dossier", {"personal_id": "082390000002"}, "not_found"),
        ("portal.dossier", {"applicant_name": "Nguyễn Hòa"}, "mismatch_name"),
    ],
)
@pytest.mark.one_in(4)
def test_each_source_by_its_own_codes(code: str, changes: dict[str, Any], verdict: str) -> None:
    assert verdict_on(code, changes)[0] == verdict


def test_no_verdict_on_what_is_withdrawn_old_or_an_organisation() -> None:
    load("police.resident", record("police.resident"))
    load(
        PARTICIPANT,
        record(PARTICIPANT, bhxh_code="1", is_deleted=True),
        record(PARTICIPANT, bhxh_code="2", full_name="Cũ"),
        record(PARTICIPANT, bhxh_code="2", version=2),
    )
    load("portal.dossier", record("portal.dossier", applicant_type="2"))
    verify_identities()
    assert verdicts() == {"2": (VERIFIED, None)}


def test_one_id_on_several_records() -> None:
    load("police.resident", record("police.resident"))
    load(
        PARTICIPANT,
        record(PARTICIPANT, bhxh_code="whole"),
        record(PARTICIPANT, bhxh_code="padded", personal_id="82190000001"),
        record(PARTICIPANT, bhxh_code="stopped", participation_status="da_dung"),
        record(PARTICIPANT, bhxh_code="lost", personal_id="082190000009"),
        record(PARTICIPANT, bhxh_code="lost too", personal_id="082190000009", sex_code="1"),
    )
    load(
        EXAM,
        record(EXAM, registration_no="1"),
        record(EXAM, registration_no="2"),
        record(EXAM, registration_no="1", exam_year=2023),
    )
    load(
        "health.encounter",
        record("health.encounter", encounter_id="a"),
        record("health.encounter", encounter_id="b"),
    )
    verify_identities()
    assert {key: verdict for key, (verdict, _) in verdicts().items()} == {
        "whole": "duplicate_id", "padded": "duplicate_id", "stopped": VERIFIED,
        "lost": "duplicate_id", "lost too": "duplicate_id",
        "2022|1": "duplicate_id", "2022|2": "duplicate_id", "2023|1": VERIFIED,
        "a": VERIFIED, "b": VERIFIED,
    }  # fmt: skip
