"""Whether sources agree on the persons that they hold, on records with answers written by hand."""

from datetime import date
from typing import Any

import pytest

from dean06.identity.verify import verify_identities
from dean06.kpi import counting
from dean06.warehouse import transaction
from tests.lib.facts import counted, family_of
from tests.lib.persons import load, record

pytestmark = pytest.mark.usefixtures("warehouse")
RESIDENT, PARTICIPANT = "police.resident", "insurance.participant"
VISIT, VACCINATION = "health.encounter", "health.immunization"
EXAM, DOSSIER = "education.exam_registration", "portal.dossier"
DAY = "2022-10-31"
ATTRIBUTES = ("name", "birth_date", "sex", "commune")


def of_sources(*loads: dict[str, Any], day: str = DAY, **registry: Any) -> dict[str, Any]:
    """What comes of a resident and records of other sources: of each attribute whether sources
    agree (None: not comparable), and the disagreements."""
    load(RESIDENT, record(RESIDENT, **registry))
    for each in loads:
        load(each.pop("dataset"), each)
    verify_identities()
    return read(day)


def read(day: str = DAY) -> dict[str, Any]:
    found = counted("quality_consistent", day)
    agrees: dict[str, Any] = {}
    for name in ATTRIBUTES:
        share = found.get((f"quality.consistent_{name}_share",))
        missing = found.get((f"quality.not_comparable_{name}",))
        assert share is None or missing is None
        agrees[name] = share and share == (1, 1)
    total = found.get(("quality.consistent_share",))
    return {
        "all": total and total == (1, 1),
        **agrees,
        "between": {
            member[1].removeprefix("disagreement:"): number
            for member, (number, _) in found.items()
            if member[0] == "quality.disagreements"
        },
        "by": {
            member[1].removeprefix("source:"): number
            for member, (number, _) in found.items()
            if member[0] == "quality.consistent_by_source_share"
        },
    }


def said(dataset: str, **changes: Any) -> dict[str, Any]:
    return {"dataset": dataset, **record(dataset, **changes)}


def expected(*, by: dict[str, int], between: tuple[str, ...] = (), **agrees: Any) -> dict[str, Any]:
    usual = {"all": not between, "name": True, "birth_date": True, "sex": True, "commune": True}
    return usual | agrees | {"between": dict.fromkeys(between, 1), "by": by}


def test_a_person_whom_only_the_registry_holds_does_not_count() -> None:
    assert of_sources() == {
        "all": None, "name": None, "birth_date": None, "sex": None, "commune": None,
        "between": {}, "by": {},
    }  # fmt: skip
    assert counted("quality_reused", DAY) == {("quality.reused_share",): (0, 1)}


def test_all_sources_say_the_same() -> None:
    every = (PARTICIPANT, VISIT, VACCINATION, EXAM, DOSSIER)
    assert of_sources(*map(said, every)) == expected(
        by={"insurance": 1, "health": 1, "education": 1, "portal": 1}
    )
    assert counted("quality_reused", DAY) == {("quality.reused_share",): (1, 1)}


@pytest.mark.parametrize(
    ("dataset", "changes", "answer"),
    [
        # Spelled otherwise is the same name; so is one without accents.
        (VISIT, {"full_name": "NGUYỄN  THỊ HOÀ"}, {"commune": None}),
        (DOSSIER, {"applicant_name": "Nguyen Thi Hoa"},
         {"birth_date": None, "sex": None, "commune": None}),
        (PARTICIPANT, {"full_name": "Nguyễn Hòa"},
         {"name": False, "between": ("insurance/police/name",)}),
        (PARTICIPANT, {"birth_date": "1990-03-02"},
         {"birth_date": False, "between": ("insurance/police/birth_date",)}),
        (PARTICIPANT, {"birth_date": "1991"},
         {"birth_date": False, "between": ("insurance/police/birth_date",)}),
        # A year beside a date of that year says neither yes nor no.
        (PARTICIPANT, {"birth_date": "1990"}, {"birth_date": None}),
        (PARTICIPANT, {"sex_code": "1"}, {"sex": False, "between": ("insurance/police/sex",)}),
        (VISIT, {"sex_code": "unknown"}, {"sex": None, "commune": None}),
        # Education numbers sexes the other way round.
        (EXAM, {"sex_code": "2"},
         {"sex": False, "commune": None, "between": ("education/police/sex",)}),
        (PARTICIPANT, {"commune_code": "28252"},
         {"commune": False, "between": ("insurance/police/commune",)}),
        # Where a facility, a school or an office lies is not where the person lives.
        (VISIT, {"commune_code": "28252"}, {"commune": None}),
        (EXAM, {"commune_code": "28252"}, {"commune": None}),
        (DOSSIER, {"commune_code": "28252"}, {"birth_date": None, "sex": None, "commune": None}),
        (PARTICIPANT, {"personal_id": "82190000001"}, {}),
    ],
)  # fmt: skip
@pytest.mark.one_in(3)
def test_what_agrees_with_the_registry(
    dataset: str, changes: dict[str, Any], answer: dict[str, Any]
) -> None:
    by = {dataset.split(".")[0]: int("between" not in answer)}
    assert of_sources(said(dataset, **changes)) == expected(by=by, **answer)


def test_two_years_of_birth_agree() -> None:
    found = of_sources(said(PARTICIPANT, birth_date="1990"), birth_date="1990")
    assert found == expected(by={"insurance": 1})


def test_sources_that_agree_against_the_registry_disagree_with_it_alone() -> None:
    found = of_sources(
        said(PARTICIPANT, full_name="Nguyễn Thị Hoa"),
        said(VISIT, full_name="NGUYỄN THỊ HOA"),
    )
    assert found == expected(
        by={"insurance": 0, "health": 0}, name=False,
        between=("insurance/police/name", "health/police/name"),
    )  # fmt: skip


def test_two_sources_disagree_where_the_registry_says_nothing() -> None:
    found = of_sources(
        said(PARTICIPANT, birth_date="1990-02-03"),
        said(VISIT, birth_date="1990-02-04"),
        birth_date="1990",
    )
    assert found == expected(
        by={"insurance": 0, "health": 0}, birth_date=False,
        between=("health/insurance/birth_date",),
    )  # fmt: skip


def test_a_source_says_all_that_its_records_say() -> None:
    found = of_sources(
        said(VISIT),
        said(VISIT, encounter_id="e2", full_name="Nguyễn Thị Huệ"),
        said(VACCINATION, birth_date="1990-02-04"),
        said(DOSSIER),
    )
    assert found == expected(
        by={"health": 0, "portal": 0}, name=False, birth_date=False, commune=None,
        between=("health/police/name", "health/police/birth_date", "health/portal/name"),
    )  # fmt: skip


NOT_LINKED: list[tuple[str, list[dict[str, Any]], dict[str, Any]]] = [
    ("no ID", [said(PARTICIPANT, personal_id=None)], {}),
    ("an old ID", [said(PARTICIPANT, personal_id="310123456")], {}),
    ("an impossible ID", [said(PARTICIPANT, personal_id="1234567")], {}),
    ("unknown", [said(PARTICIPANT, personal_id="082190000009")], {}),
    ("used twice", [said(PARTICIPANT), said(PARTICIPANT, bhxh_code="7900000002")], {}),
    ("dead", [said(PARTICIPANT)], {"residence_status": "da_chet"}),
    ("moved away", [said(PARTICIPANT)], {"residence_status": "da_chuyen_di"}),
    ("withdrawn", [said(PARTICIPANT)], {"is_deleted": True}),
    ("stopped", [said(PARTICIPANT, participation_status="da_dung")], {}),
    ("not yet", [said(VISIT, started_at="2022-11-01")], {}),
]


@pytest.mark.parametrize(
    ("loads", "registry"), [each[1:] for each in NOT_LINKED], ids=[each[0] for each in NOT_LINKED]
)
@pytest.mark.one_in(3)
def test_who_is_not_held_by_two_sources_does_not_count(
    loads: list[dict[str, Any]], registry: dict[str, Any]
) -> None:
    assert of_sources(*map(dict, loads), **registry)["all"] is None


def test_a_change_of_commune_counts_from_its_day_on() -> None:
    load(
        RESIDENT,
        record(RESIDENT, _valid_to="2022-10-15"),
        record(RESIDENT, version=2, effective_on="2022-10-15", commune_code="28252"),
    )
    load(PARTICIPANT, record(PARTICIPANT))
    verify_identities()
    assert read("2022-10-14")["commune"] is True
    assert read("2022-10-15")["between"] == {"insurance/police/commune": 1}


@pytest.mark.parametrize(
    ("old", "new", "agrees"),
    [
        # Phường 5 went into phường Đạo Thạnh, which has its code now; phường 4 went into two.
        ("28249", "28249", True),
        ("28282", "28249", True),
        ("28252", "28249", True),
        ("28252", "29869", True),
        ("28252", "28285", False),
        # Nobody has published what became of it.
        ("28255", "28249", None),
    ],
)
@pytest.mark.parametrize("is_turned", [False, True])
@pytest.mark.one_in(3)
def test_codes_of_two_boundaries_are_mapped(
    old: str, new: str, *, agrees: bool | None, is_turned: bool
) -> None:
    codes = (new, old) if is_turned else (old, new)
    written = ["2022-10-01 08:00+07", "2025-08-01 08:00+07"][:: -1 if is_turned else 1]
    for dataset, code, moment in zip((RESIDENT, PARTICIPANT), codes, written, strict=True):
        load(dataset, {**record(dataset, commune_code=code), "updated_at": moment})
    verify_identities()
    assert read("2025-08-02")["commune"] is agrees


def by_commune(family: str, day: str, kpi: str) -> dict[tuple[str, str], tuple[int, int]]:
    """``{(boundaries, commune): (counted, of all)}`` as a build of the day counts a KPI."""
    with transaction() as session:
        counting.prepare(session, date.fromisoformat(day), [family_of(family)])
        found = session.rows(
            f"""select * from ({counting.statement(family_of(family), from_spans=True)}) as built
                where kpi_code = :kpi and unit_level = 'commune' and breakdown = ''""",
            as_of=date.fromisoformat(day),
            kpi=kpi,
        )
    return {
        (row.boundary_version, row.unit_code): (row.numerator, row.denominator) for row in found
    }


@pytest.mark.parametrize(
    ("family", "kpi"),
    [
        ("quality", "quality.accurate_share"), ("quality", "quality.complete_share"),
        ("quality", "quality.clean_share"), ("quality_consistent", "quality.consistent_share"),
        ("quality_consistent", "quality.consistent_by_source_share"),
        ("quality_consistent", "quality.consistent_commune_share"),
        ("quality_reused", "quality.reused_share"),
    ],
)  # fmt: skip
@pytest.mark.one_in(3)
def test_merged_communes_hold_what_their_old_codes_held(family: str, kpi: str) -> None:
    """Phường 5 (28249) and xã Đạo Thạnh (28282) have become one commune with the code 28249."""
    for number, commune in ((1, "28249"), (2, "28282"), (3, "28282")):
        who = {"personal_id": f"08219000000{number}", "commune_code": commune}
        load(RESIDENT, record(RESIDENT, **who))
        load(PARTICIPANT, record(PARTICIPANT, bhxh_code=f"790000000{number}", **who))
    verify_identities()
    assert by_commune(family, DAY, kpi) == {
        ("as_reported", "28249"): (1, 1), ("as_reported", "28282"): (2, 2),
        ("current", "28249"): (3, 3),
    }  # fmt: skip
    assert by_commune(family, "2025-08-02", kpi) == {
        ("as_reported", "28249"): (3, 3), ("current", "28249"): (3, 3),
    }  # fmt: skip
