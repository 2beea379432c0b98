"""Contracts: what they must say, and the error that names what they do not."""

import pytest

from dean06 import contract, settings
from dean06.errors import ContractError

POLICE = (settings.CONTRACTS / "police.yaml").read_text(encoding="utf-8")


def _broken(old: str, new: str) -> str:
    assert old in POLICE
    return POLICE.replace(old, new, 1)


def test_the_contracts_hold_the_agreed_datasets_and_keys() -> None:
    datasets = {d.code for s in contract.sources() for d in contract.load(s).datasets}
    assert datasets >= {
        "police.resident", "police.household", "police.id_card_dossier", "police.id_card",
        "police.eid_account", "insurance.participant", "health.encounter", "health.immunization",
        "education.exam_registration", "portal.dossier", "programme.task",
    }  # fmt: skip
    resident = contract.load("police").dataset("resident")
    assert resident.key == ("personal_id",)
    assert (resident.version, resident.dated_by) == ("updated_at", "effective_on")
    assert resident.history == "state"


def test_identities_are_classified_as_personal() -> None:
    identities = {
        "personal_id", "full_name", "birth_date", "born_on", "birth_year", "card_no", "bhxh_code",
        "insurance_card_no", "household_id", "head_personal_id", "account_id",
        "applicant_name", "dossier_code",
    }  # fmt: skip
    found = [
        (dataset.code, column.name, column.classification)
        for source in contract.sources()
        for dataset in contract.load(source).datasets
        for column in dataset.columns
        if column.name in identities
    ]
    assert len(found) > 20
    assert [item for item in found if item[2] != "personal"] == []


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            "{property: page_size, value: 5000}",
            "{property: page_sise, value: 5000}",
            "customProperties: unknown key page_sise .did you mean page_size",
        ),
        (
            "{property: page_size, value: 5000}",
            "{property: page_size, value: many}",
            "customProperties: page_size: expected `int`",
        ),
        (
            "{property: page_size, value: 5000}",
            "{property: timeout_seconds, value: 1}",
            "customProperties: timeout_seconds is given twice",
        ),
        (
            "{property: retry_attempts, value: 5}",
            "{property: retry_attempts, value: 0}",
            "customProperties: retry_attempts: expected `int` >= 1",
        ),
        (
            "{property: deleted, value: is_deleted}",
            "{property: delete, value: is_deleted}",
            "resident: customProperties: unknown key delete .did you mean deleted",
        ),
        ("registry: true", "registery: true", "person: unknown key registery"),
        ('male: "1"', 'mail: "1"', "person.sex: unknown key mail"),
        ("          birth_year: birth_year\n", "", "person: give both born_on and birth_year"),
        (
            "        classification: personal\n",
            "        classification: personal\n        customProperties: [{property: u}]\n",
            "resident.personal_id: customProperties: unknown key u",
        ),
        ("classification: personal", "classification: secret", "classification must be one of"),
        ("        classification: personal\n", "", "classification must be one of"),
        ("physicalName: soDinhDanh\n", "\n", "resident.personal_id: give either"),
        ("{property: version, value: updated_at}", "{property: version, value: x}", "column.s. x"),
        ("{property: history, value: state}", "{property: history, value: s}", "history must be"),
        ("apiVersion: v3.1.0", "apiVersion: v3.1.0\nsurprise: 1", "not a valid ODCS document"),
    ],
)
def test_a_broken_contract_is_refused_with_its_place(old: str, new: str, told: str) -> None:
    with pytest.raises(ContractError, match=told) as error:
        contract.parse(_broken(old, new), "police.yaml")
    assert "police.yaml" in str(error.value)


def test_a_text_in_one_language_is_refused() -> None:
    with pytest.raises(ContractError, match=r"English \| Tiếng Việt"):
        contract.Bilingual.of("Only English", "x")


def test_an_unknown_source_is_named() -> None:
    with pytest.raises(ContractError, match="no contract for source 'tax'"):
        contract.load("tax")
