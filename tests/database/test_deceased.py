"""Records of the deceased: from which day on, by which of the registry's states, in which KPIs."""

from datetime import date
from typing import Any

import pytest

from dean06.errors import WarehouseError
from dean06.identity.verify import verify_identities
from dean06.warehouse import transaction
from tests.lib.facts import counted
from tests.lib.loading import rows
from tests.lib.persons import load, record, verdicts

pytestmark = pytest.mark.usefixtures("warehouse")
PERSON, PARTICIPANT = "police.resident", "insurance.participant"
DIED = "2022-06-10"
_EVENTS = {
    "health.encounter": ("encounter_id", "started_at"),
    "health.immunization": ("immunization_id", "occurred_on"),
    "education.exam_registration": ("registration_no", "registered_on"),
    "portal.dossier": ("dossier_code", "received_at"),
}


def dies(version: int = 2, on: str = DIED, **changes: Any) -> dict[str, Any]:
    return record(PERSON, version=version, effective_on=on, residence_status="da_chet", **changes)


def stored() -> dict[str, tuple[str, str, date | None]]:
    """``{record key: (verdict, verdict in life, deceased from)}``."""
    found = rows("select record_key, verdict, verdict_in_life, deceased_from "
                 "from core.identity_verdict")  # fmt: skip
    return {key: rest for key, *rest in found}


def test_a_participant_is_deceased_and_one_who_was_ended_is_not() -> None:
    load(PERSON, record(PERSON), dies())
    load(
        PARTICIPANT,
        record(PARTICIPANT, bhxh_code="goes on"),
        record(PARTICIPANT, bhxh_code="ended", participation_status="da_dung"),
    )
    verify_identities()
    assert verdicts() == {"goes on": ("deceased", None), "ended": ("verified", None)}


def test_what_the_comparison_came_to_stays_beside_it() -> None:
    load(PERSON, record(PERSON), dies())
    load(PARTICIPANT, record(PARTICIPANT, personal_id="82190000001"))
    verify_identities()
    assert list(stored().values()) == [
        ["deceased", "verified_after_normalisation", date(2022, 6, 10)]
    ]
    assert list(verdicts().values()) == [("deceased", "padded")]


@pytest.mark.parametrize(
    ("changes", "verdict"),
    [
        ({"full_name": "Lê Văn Tám"}, "mismatch_name"),
        ({"birth_date": "1990"}, "mismatch_birth_date_year_only"),
        ({"sex_code": "1"}, "mismatch_sex"),
        ({"personal_id": None}, "missing_id"),
    ],
)
def test_who_a_record_is_about_comes_first(changes: dict[str, Any], verdict: str) -> None:
    load(PERSON, record(PERSON), dies())
    load(PARTICIPANT, record(PARTICIPANT, **changes))
    verify_identities()
    assert list(stored().values()) == [[verdict, verdict, None]]


@pytest.mark.parametrize("code", _EVENTS)
def test_an_event_in_life_stays_verified_and_one_after_it_does_not(code: str) -> None:
    key, dated_by = _EVENTS[code]
    load(PERSON, record(PERSON), dies())
    days = {"before": "2022-06-09", "same day": "2022-06-10", "after": "2022-06-11"}
    for year, (name, day) in enumerate(days.items()):
        other = {"exam_year": 2022 + year} if code.startswith("education") else {}
        load(code, record(code, **{key: name, dated_by: day, **other}))
    verify_identities()
    found = {key.split("|")[-1]: tuple(rest) for key, rest in stored().items()}
    agrees = "verified_by_name" if code == "portal.dossier" else "verified"
    assert found == {
        "before": (agrees, agrees, None),
        "same day": (agrees, agrees, None),
        "after": ("deceased", agrees, date(2022, 6, 11)),
    }


def test_an_event_late_in_the_day_of_death_is_of_that_day_in_vietnam() -> None:
    load(PERSON, record(PERSON), dies())
    visits = {"23:30": "2022-06-10 23:30+07", "00:30": "2022-06-11 00:30+07"}
    for name, moment in visits.items():
        load("health.encounter", record("health.encounter", encounter_id=name, started_at=moment))
    verify_identities()
    assert verdicts() == {"23:30": ("verified", None), "00:30": ("deceased", None)}


@pytest.mark.parametrize(
    ("states", "died_on"),
    [
        ([dies()], date(2022, 6, 10)),
        # The same death written again, with a name put right: the first says from when.
        ([dies(), dies(3, "2022-07-01", full_name="Nguyễn Thị Hòa")], date(2022, 6, 10)),
        ([dies(), dies(3, "2022-06-08")], date(2022, 6, 8)),
        # Withdrawn by a later state, and by one of the same day.
        ([dies(), record(PERSON, version=3, effective_on="2022-06-20")], None),
        ([dies(), record(PERSON, version=3, effective_on=DIED)], None),
        ([dies(), record(PERSON, version=3, effective_on="2022-06-20"), dies(4, "2022-08-01")],
         date(2022, 8, 1)),
        # Reported late, of the time before the death: no one rises by that.
        ([dies(), record(PERSON, version=3, effective_on="2022-03-01")], date(2022, 6, 10)),
        ([record(PERSON, version=2, effective_on=DIED, residence_status="da_chuyen_di")], None),
    ],
)  # fmt: skip
def test_the_day_is_that_of_the_first_state_that_no_later_one_withdraws(
    states: list[dict[str, Any]], died_on: date | None
) -> None:
    load(PERSON, record(PERSON), *states)
    load(PARTICIPANT, record(PARTICIPANT))
    verify_identities()
    ((verdict, in_life, since),) = stored().values()
    assert (in_life, since) == ("verified", died_on)
    assert verdict == ("deceased" if died_on else "verified")


def test_a_record_of_the_registry_that_is_withdrawn_lets_nobody_die() -> None:
    load(PERSON, record(PERSON), dies(), dies(3, is_deleted=True))
    load(PARTICIPANT, record(PARTICIPANT))
    verify_identities()
    assert list(stored().values()) == [["not_found", "not_found", None]]


def test_a_death_that_becomes_known_is_kept_with_its_history_and_can_be_withdrawn() -> None:
    load(PERSON, record(PERSON))
    load(PARTICIPANT, record(PARTICIPANT))
    verify_identities()
    load(PERSON, dies())
    verify_identities()
    assert list(stored().values()) == [["deceased", "verified", date(2022, 6, 10)]]
    load(PERSON, record(PERSON, version=3, effective_on="2022-06-20"))
    verify_identities()
    assert list(stored().values()) == [["verified", "verified", None]]
    assert rows("select verdict, valid_from, valid_to from core.identity_verdict_history") == [
        ("verified", 1, 2), ("deceased", 2, 3)
    ]  # fmt: skip


def test_days_before_the_death_are_not_affected() -> None:
    load(PERSON, record(PERSON))
    load(
        PARTICIPANT,
        record(PARTICIPANT, bhxh_code="goes on", effective_on="2020-01-01"),
        record(PARTICIPANT, bhxh_code="ended", participation_status="da_dung"),
    )
    load("health.immunization", record("health.immunization", occurred_on="2022-03-01"))
    verify_identities()
    load(PERSON, dies())
    verify_identities()
    load(PERSON, dies(3, "2022-06-08"))
    verify_identities()
    load(PERSON, dies(4, "2022-07-01", full_name="Khác"))
    verify_identities()
    assert rows("select affects_from from ops.verification order by verification_id") == [
        (date(2020, 1, 1),), (date(2022, 6, 10),), (date(2022, 6, 8),), (date(2020, 1, 1),)
    ]  # fmt: skip
    changed = rows("""select verification_id, dataset_code, changed_count
                      from ops.verification_dataset where verification_id in (2, 3)
                          and changed_count > 0""")  # fmt: skip
    assert changed == [(2, PARTICIPANT, 2), (3, PARTICIPANT, 2)]


def test_kpis_of_the_days_before_come_out_as_they_did() -> None:
    load(PERSON, record(PERSON), dies())
    load(PARTICIPANT, record(PARTICIPANT, effective_on="2022-01-01"))
    verify_identities()
    member, day_before = f"dataset:{PARTICIPANT}", "2022-06-09"
    assert counted("insurance", day_before) == {("insurance.participants",): (1, 1)}
    assert counted("insurance_verified", day_before) == {
        ("insurance.verified_share",): (1, 1),
        ("insurance.verdicts", "verdict:verified"): (1, 1),
    }
    assert counted("quality", day_before) == {
        ("quality.compared_records", f"outcome:{PARTICIPANT}/verified"): (1, 1),
        ("quality.accurate_share", member): (1, 1),
        ("quality.complete_share", member): (1, 1),
        ("quality.clean_share", member): (1, 1),
    }


def test_from_the_day_of_death_on_no_share_and_no_count_of_persons_has_the_record() -> None:
    load(PERSON, record(PERSON), dies())
    load(PARTICIPANT, record(PARTICIPANT, effective_on="2022-01-01"))
    verify_identities()
    assert counted("insurance", DIED) == {}
    assert counted("insurance_verified", DIED) == {}
    assert counted("quality", DIED) == {
        ("quality.deceased_records", f"dataset:{PARTICIPANT}"): (1, 1)
    }


def test_a_participant_who_was_ended_late_is_deceased_on_the_days_between() -> None:
    load(PERSON, record(PERSON), dies())
    load(
        PARTICIPANT,
        record(PARTICIPANT, effective_on="2022-01-01"),
        record(PARTICIPANT, version=2, effective_on="2022-08-01", participation_status="da_dung"),
    )
    with transaction(role="") as session:
        session.run("""update core.insurance__participant set _valid_to = '2022-08-01'
                       where participation_status = 'dang_tham_gia'""")  # fmt: skip
    verify_identities()
    assert list(verdicts().values()) == [("verified", None)]
    share = ("insurance.verified_share",)
    assert counted("insurance_verified", "2022-06-09")[share] == (1, 1)
    assert share not in counted("insurance_verified", "2022-07-31")
    assert share not in counted("insurance_verified", "2022-08-01")


@pytest.mark.parametrize(
    ("code", "family", "kpi"),
    [
        ("health.immunization", "health_verified", "health.vaccinations_verified"),
        ("health.immunization", "health_visits", "health.vaccinations_with_personal_id"),
        ("health.encounter", "health_visits", "health.id_card_visits_month"),
        ("health.encounter", "health_persons", "health.id_card_persons"),
        ("education.exam_registration", "education", "education.registrations_with_personal_id"),
        ("education.exam_registration", "education_verified", "education.registrations_verified"),
    ],
)
def test_events_in_life_stay_in_the_shares_and_later_ones_leave_them(
    code: str, family: str, kpi: str
) -> None:
    key, dated_by = _EVENTS[code]
    load(PERSON, record(PERSON), dies())
    load(code, record(code, **{key: "1", dated_by: "2022-06-01"}))
    verify_identities()
    assert counted(family, "2022-06-30") == {(kpi,): (1, 1)}
    load(code, record(code, version=2, **{key: "1", dated_by: "2022-06-11"}))
    verify_identities()
    assert counted(family, "2022-06-30") == {}
    assert [in_life for _, in_life, _ in stored().values()] == ["verified"]


def test_the_table_refuses_a_deceased_without_a_day_and_of_someone_unknown() -> None:
    load(PERSON, record(PERSON), dies())
    load(PARTICIPANT, record(PARTICIPANT))
    verify_identities()
    for change in ("deceased_from = null", "verdict_in_life = 'mismatch_name'"):
        with (
            pytest.raises(WarehouseError, match="identity_verdict_known"),
            transaction(role="") as session,
        ):
            session.run(f"update core.identity_verdict set {change}")
