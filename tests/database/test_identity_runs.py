"""Runs of identity verification: what touches what, history, and that the order is irrelevant."""

import logging
import random
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from dean06.declaration import declared
from dean06.errors import ContractError, WarehouseError
from dean06.identity import verify
from dean06.identity.verify import verify_identities
from dean06.person_columns import Person
from dean06.warehouse import transaction
from tests.conftest import Cluster
from tests.lib.loading import rows
from tests.lib.persons import content, load, record, verdicts

pytestmark = pytest.mark.usefixtures("warehouse")
PARTICIPANT, EXAM, VISIT = (
    "insurance.participant", "education.exam_registration", "health.encounter",
)  # fmt: skip


def examined() -> dict[str, int]:
    """Verify; how many records were compared, by dataset."""
    return {each.dataset: each.records for each in verify_identities()}


def resident(number: int, **changes: Any) -> dict[str, Any]:
    return record("police.resident", personal_id=f"0821900000{number:02d}", **changes)


def participant(number: int, **changes: Any) -> dict[str, Any]:
    mine = {"bhxh_code": f"p{number}", "personal_id": f"0821900000{number:02d}"}
    return record(PARTICIPANT, **{**mine, **changes})


def test_a_load_is_verified_once() -> None:
    load("police.resident", resident(1))
    load(PARTICIPANT, participant(1))
    assert examined()[PARTICIPANT] == 1
    before = rows("select * from core.identity_verdict")
    assert verify_identities() == []
    assert rows("select count(*) from ops.verification") == [(1,)]
    assert rows("select * from core.identity_verdict") == before
    load(PARTICIPANT, participant(2))
    assert examined() == {PARTICIPANT: 1}


def test_a_changed_resident_touches_his_own_records_only() -> None:
    load("police.resident", *(resident(n) for n in range(20)))
    load(PARTICIPANT, *(participant(n) for n in range(20)), participant(7, bhxh_code="stopped",
         participation_status="da_dung"), participant(40, personal_id="82190000007",
         bhxh_code="short", participation_status="da_dung"))  # fmt: skip
    load(VISIT, *(record(VISIT, encounter_id=f"v{n}", personal_id=f"0821900000{n:02d}")
                  for n in range(20)))  # fmt: skip
    verify_identities()
    load("police.resident", resident(7, version=2, full_name="Nguyễn Thị Hoa"))
    assert {code: n for code, n in examined().items() if n} == {PARTICIPANT: 3, VISIT: 1}
    wrong = {key for key, (verdict, _) in verdicts().items() if verdict == "mismatch_name"}
    assert wrong == {"p7", "stopped", "short", "v7"}


def test_who_shares_an_id_is_judged_anew_when_the_sharing_ends_or_begins() -> None:
    load("police.resident", resident(1))
    load(PARTICIPANT, participant(1), participant(1, bhxh_code="two"), participant(3))
    verify_identities()
    assert [verdict for verdict, _ in verdicts().values()].count("duplicate_id") == 2
    load(PARTICIPANT, participant(1, bhxh_code="two", version=2, personal_id=None))
    assert examined() == {PARTICIPANT: 2}
    assert verdicts()["p1"] == ("verified", None)
    load(PARTICIPANT, participant(1, bhxh_code="three"))
    assert examined() == {PARTICIPANT: 2}
    assert verdicts()["p1"] == ("duplicate_id", None)
    load(PARTICIPANT, participant(1, bhxh_code="three", version=2, is_deleted=True))
    verify_identities()
    assert verdicts()["p1"] == ("verified", None)
    assert "three" not in verdicts()


def test_nobody_is_verified_before_the_registry_is_there() -> None:
    load(PARTICIPANT, participant(1))
    assert verify_identities() == []
    assert verdicts() == {}
    load("police.resident", resident(1))
    assert examined()[PARTICIPANT] == 1
    assert verdicts()["p1"] == ("verified", None)


def test_a_person_who_enters_or_leaves_the_registry() -> None:
    load("police.resident", resident(2))
    load(PARTICIPANT, participant(1))
    verify_identities()
    assert verdicts()["p1"] == ("not_found", None)
    load("police.resident", resident(1))
    verify_identities()
    assert verdicts()["p1"] == ("verified", None)
    load("police.resident", resident(1, version=2, is_deleted=True))
    verify_identities()
    assert verdicts()["p1"] == ("not_found", None)


def test_what_a_verdict_was_is_kept() -> None:
    load("police.resident", resident(1, full_name="Nguyễn Thị Hoa"))
    load(PARTICIPANT, participant(1), participant(2, effective_on="2022-03-01"))
    verify_identities()
    load("police.resident", resident(1, version=2))
    verify_identities()
    load(PARTICIPANT, participant(1, version=3, full_name="NGUYỄN THỊ HÒA"))
    verify_identities()
    load(PARTICIPANT, participant(1, version=4, is_deleted=True))
    verify_identities()
    history = rows(
        "select record_key, valid_from, valid_to, verdict, detail from "
        "core.identity_verdict_history order by valid_from"
    )
    assert history == [
        ("p1", 1, 2, "mismatch_name", "accents"),
        ("p1", 2, 3, "verified", None),
        ("p1", 3, 4, "verified_after_normalisation", "case"),
    ]
    assert verdicts() == {"p2": ("not_found", None)}
    assert rows("select verification_id from core.identity_verdict") == [(1,)]


def test_a_run_says_from_which_day_it_matters_and_days_are_covered() -> None:
    load("police.resident", resident(1), resident(2))
    load(PARTICIPANT, participant(1, effective_on="2022-03-01"), participant(2))
    verify_identities()
    load("police.resident", resident(1, version=2, residence_status="da_chuyen_di"))
    verify_identities()
    load("police.resident", resident(1, version=3, full_name="Khác"))
    verify_identities()
    assert rows("select affects_from from ops.verification order by verification_id") == [
        (date(2022, 1, 1),), (None,), (date(2022, 3, 1),)
    ]  # fmt: skip
    with transaction() as session:
        verify.cover_day(session, date(2022, 2, 1))
        verify.cover_day(session, date(2022, 10, 31))
    assert rows("select as_of_date, verification_id from ops.kpi_verification order by 1, 2") == [
        (date(2022, 2, 1), 1), (date(2022, 10, 31), 1), (date(2022, 10, 31), 3)
    ]  # fmt: skip


def test_counts_by_dataset_and_verdict_equal_the_verdicts() -> None:
    load("police.resident", *(resident(n) for n in range(5)))
    load(PARTICIPANT, *(participant(n) for n in range(8)))
    load(VISIT, record(VISIT, personal_id=None))
    verify_identities()
    load(PARTICIPANT, participant(1, version=2, personal_id=None), participant(9))
    verify_identities()
    counted = [tuple(row) for row in verify.counts()]
    assert sorted(counted) == rows(
        """select dataset_code, verdict, count(*) from core.identity_verdict
           group by 1, 2 order by 1, 2"""
    )
    assert (PARTICIPANT, "missing_id", 1) in counted


NAMES = ("Nguyễn Thị Hòa", "NGUYỄN THỊ HOÀ", "NGUYEN THI HOA", "NguyÔn ThÞ Hßa", "Nguyễn Hòa")
BIRTHS = ("1990-02-03", "1990-03-02", "1990", "1991-05-06")


def random_loads(draw: random.Random) -> list[tuple[str, list[dict[str, Any]]]]:
    """Loads of random versions of few keys and few ids, so that everything meets everything."""

    def an_id() -> str | None:
        whole = f"0821900000{draw.randrange(6):02d}"
        return draw.choice([whole, whole, whole, whole[1:], None, "310123456"])

    def shown(code: str, version: int, **key: Any) -> dict[str, Any]:
        sexes = {VISIT: ("male", "female", "unknown")}.get(code, ("1", "2"))
        return record(
            code, version=version, full_name=draw.choice(NAMES), birth_date=draw.choice(BIRTHS),
            sex_code=draw.choice(sexes), **key,
        )  # fmt: skip

    def gone() -> bool:
        return draw.random() < 0.15

    makers: list[tuple[str, Callable[[int], dict[str, Any]]]] = [
        ("police.resident", lambda v: shown(
            "police.resident", v, personal_id=f"0821900000{draw.randrange(6):02d}",
            is_deleted=gone(), effective_on=f"2022-0{draw.randrange(1, 9)}-01",
            residence_status=draw.choice(["dang_cu_tru", "da_chet"]))),
        (PARTICIPANT, lambda v: shown(
            PARTICIPANT, v, bhxh_code=f"p{draw.randrange(8)}", personal_id=an_id(),
            is_deleted=gone(),
            participation_status=draw.choice(["dang_tham_gia", "dang_tham_gia", "da_dung"]))),
        (EXAM, lambda v: shown(
            EXAM, v, registration_no=f"e{draw.randrange(5)}", personal_id=an_id(),
            exam_year=draw.choice([2022, 2023]))),
        (VISIT, lambda v: shown(
            VISIT, v, encounter_id=f"v{draw.randrange(5)}", personal_id=an_id(),
            is_deleted=gone(), started_at=f"2022-0{draw.randrange(1, 9)}-15")),
    ]  # fmt: skip
    loads = []
    for version in range(1, 25):
        code, make = draw.choice(makers)
        loads.append((code, [make(version) for _ in range(draw.randrange(1, 4))]))
    return loads


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.campaign
def test_however_loads_come_the_verdicts_are_those_of_comparing_everything(
    seed: int, cluster: Cluster, migrated: str
) -> None:
    draw = random.Random(seed)
    loads = random_loads(draw)
    for code, versions in loads:
        load(code, *versions)
        if draw.random() < 0.6:
            verify_identities()
    verify_identities()
    step_by_step = content()
    assert len(step_by_step) > 8
    again = verify_identities(everything=True)
    assert sum(each.changed for each in again) == 0
    assert content() == step_by_step
    shuffled = list(loads)
    draw.shuffle(shuffled)
    with cluster.copy(migrated):
        for code, versions in shuffled:
            load(code, *versions)
            if draw.random() < 0.3:
                verify_identities()
        verify_identities()
        assert content() == step_by_step


def test_changed_rules_compare_everything_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    load("police.resident", resident(1))
    load(PARTICIPANT, participant(1))
    verify_identities()
    monkeypatch.setattr(verify, "RULES_VERSION", verify.RULES_VERSION + 1)
    assert examined()[PARTICIPANT] == 1
    assert verify_identities() == []


def test_a_snapshot_sees_no_load_that_is_not_verified() -> None:
    load("police.resident", resident(1))
    load(PARTICIPANT, participant(1))
    with verify.verified_snapshot() as session:
        load(PARTICIPANT, participant(2))
        found = session.rows("select record_key from core.identity_verdict")
        known = session.rows("select bhxh_code from core.insurance__participant")
        assert [tuple(row) for row in found] == [tuple(row) for row in known] == [("p1",)]
    with verify.verified_snapshot() as session:
        assert len(session.rows("select 1 from core.identity_verdict")) == 2


def test_a_load_between_verification_and_snapshot_is_verified_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    real, late = verify_identities, [participant(1), participant(2)]

    def verify_then_something_is_published() -> None:
        real()
        if late:
            load(PARTICIPANT, late.pop())

    load("police.resident", resident(1))
    monkeypatch.setattr(verify, "verify_identities", verify_then_something_is_published)
    with verify.verified_snapshot() as session:
        assert len(session.rows("select 1 from core.identity_verdict")) == 2


def test_candidates_are_shown_and_never_taken() -> None:
    alike, unlike = "Nguyễn Thị Hoa", "Trần Văn Bé"
    load("police.resident", resident(1), resident(2, full_name=alike),
         resident(3, full_name=unlike), resident(4, full_name=alike, sex_code="1"),
         resident(5, full_name=alike, birth_date="1990-02-04"),
         *(resident(n, full_name=alike) for n in range(10, 15)))  # fmt: skip
    load(PARTICIPANT, participant(1, bhxh_code="other name", full_name="Nguyễn Hòa"),
         participant(99, bhxh_code="unknown id", full_name="Nguyễn Thị Hòa"),
         participant(3, bhxh_code="right", full_name=unlike))  # fmt: skip
    verify_identities()
    found = rows(
        """select record_key, rank, right(personal_id, 2), score > 0.4, basis
           from core.identity_candidate order by record_key, rank"""
    )
    birth = "same_birth_date_and_sex"
    # Accents aside, Hoa and Hòa are alike; a tie is broken by the id.
    assert found == [
        ("other name", 1, "01", True, "same_id"), ("other name", 2, "02", True, birth),
        ("other name", 3, "10", True, birth),
        ("unknown id", 1, "01", True, birth), ("unknown id", 2, "02", True, birth),
        ("unknown id", 3, "10", True, birth),
    ]  # fmt: skip
    assert verdicts()["unknown id"][0] == "not_found"
    # A person who is registered later becomes a candidate; one whose name is mended, no longer.
    load("police.resident", resident(0), resident(2, version=2, full_name=unlike))
    verify_identities()
    assert rows(
        """select right(personal_id, 2) from core.identity_candidate
           where record_key = 'unknown id' order by rank"""
    ) == [("00",), ("01",), ("10",)]


def test_identities_stay_in_core(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    load("police.resident", resident(1))
    load(PARTICIPANT, participant(1), participant(2, full_name="Nguyễn Hòa"))
    verify_identities()
    told = caplog.text
    for table in ("verification", "verification_load", "verification_dataset",
                  "verification_count", "kpi_verification"):  # fmt: skip
        told += str(rows(f"select * from ops.{table}"))
    assert "2 records compared" in told
    for secret in ("08219", "Nguy", "Hòa", "p1", "1990"):
        assert secret not in told
    stored = str(rows("select * from core.identity_verdict"))
    assert "Nguy" not in stored


def test_who_may_read_and_write_verdicts() -> None:
    load(PARTICIPANT, participant(1))
    verify_identities()
    tables = ("identity_verdict", "identity_verdict_history", "identity_candidate")
    for table in tables:
        with transaction("dean06_steward") as session:
            session.rows(f"select * from core.{table}")
        for role, statement in (
            ("dean06_bi", f"select * from core.{table}"),
            ("dean06_steward", f"delete from core.{table}"),
        ):
            with pytest.raises(WarehouseError, match="42501"), transaction(role) as session:
                session.run(statement)
    with pytest.raises(WarehouseError, match="42501"), transaction() as session:
        session.run("update core.identity_verdict_history set verdict = 'verified'")


def test_a_declaration_that_is_unclear_is_refused() -> None:
    for unclear in (None, {"id": "a"}, {"id": "a", "name": "b", "age": "c"},
                    {"id": "a", "name": "b", "born_on": "c"}):  # fmt: skip
        with pytest.raises(ContractError, match="here: person"):
            declared(unclear, Person, "here: person")
