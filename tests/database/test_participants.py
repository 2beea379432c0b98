"""Insurance: persons who take part on a day, worked out by hand."""

import pytest

from dean06.identity.verify import verify_identities
from tests.lib.facts import counted, facts_of, family_of
from tests.lib.persons import load, record

pytestmark = pytest.mark.usefixtures("warehouse")
PERSON, PARTICIPANT = "police.resident", "insurance.participant"
DAY = "2022-10-31"


def persons(day: str = DAY) -> int:
    """How many different persons the facts of ``insurance.participants`` name."""
    assert family_of("insurance").counts == "persons"
    facts = facts_of("insurance", day)
    assert all(fact.is_counted for fact in facts)
    return len({fact.person_id for fact in facts})


def verified(day: str = DAY) -> tuple[int, int]:
    """Verified participations of all, and the same of ``quality``: they are of one population."""
    found = []
    for name, kpi in (
        ("insurance_verified", "insurance.verified_share"),
        ("quality", "quality.accurate_share"),
    ):
        mine = [counts for (code, *_), counts in counted(name, day).items() if code == kpi]
        found.append((sum(above for above, _ in mine), sum(whole for _, whole in mine)))
    assert found[0] == found[1]
    return found[0]


def test_two_codes_of_one_person_are_one_and_codes_without_an_id_are_one_each() -> None:
    load(PERSON, record(PERSON))
    shown = {
        "one": "082190000001", "again": "082190000001", "without its zero": "82190000001",
        "other": "082190000002", "none": None, "none either": None, "old": "310000001",
    }  # fmt: skip
    load(PARTICIPANT, *(record(PARTICIPANT, bhxh_code=k, personal_id=v) for k, v in shown.items()))
    verify_identities()
    assert persons() == 5


def test_a_person_who_is_not_verified_counts_too() -> None:
    load(PARTICIPANT, record(PARTICIPANT))
    assert persons() == 1
    load(PERSON, record(PERSON, full_name="Lê Văn Tám"))
    verify_identities()
    assert persons() == 1
    assert verified() == (0, 1)


@pytest.mark.parametrize(
    ("ends", "day", "takes_part"),
    [
        (None, "2022-10-31", True),
        ("2022-10-31", "2022-10-31", True),
        ("2022-10-30", "2022-10-31", False),
        ("2022-10-31", "2022-02-28", False),
        ("2022-10-31", "2022-03-01", True),
    ],
)
def test_a_participation_counts_from_its_first_day_to_its_last(
    ends: str | None, day: str, takes_part: bool
) -> None:
    load(PERSON, record(PERSON))
    of = {"participates_from": "2022-03-01", "participates_to": ends}
    load(PARTICIPANT, record(PARTICIPANT, **of))
    verify_identities()
    assert persons(day) == int(takes_part)
    assert verified(day) == (int(takes_part), int(takes_part))
