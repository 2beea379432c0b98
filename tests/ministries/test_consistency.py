"""Disagreements that are planted through the dirt are found, exactly those, and no other."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import numpy as np

from ministries.dirt.blemishes import BIRTH_CLASSES, ID_CLASSES, NAME_CLASSES
from ministries.identity.judgement import Judgement
from ministries.identity.shown_values import births
from ministries.identity.world import World
from ministries.kernel.clock import day_number
from ministries.kernel.draws import Bools, Ints
from ministries.scenario.load import load
from ministries.truth.consistency import ConsistencyFigures
from ministries.truth.identity import IdentityFigures

DAY = day_number(date(2022, 10, 31))
FIGURES = (
    "quality.consistent_name_share", "quality.consistent_birth_date_share",
    "quality.consistent_sex_share",
)  # fmt: skip


def world(planted: Mapping[str, float]) -> World:
    """A small province in which insurance shows these classes of dirt and nothing else is wrong."""
    scenario = load("tien_giang_2022", 0.003, dirt=True)
    dirt = replace(scenario.dirt, flagged={"insurance": dict(planted)})
    return World(replace(scenario, dirt=dirt), 7)


def disagreeing(some: World) -> dict[str, int]:
    """Persons on whom sources disagree, by KPI, and by pair and attribute where any do."""
    identity = IdentityFigures(some, DAY, Judgement(some, DAY))
    found = {}
    for row in ConsistencyFigures(identity).rows():
        if row["unit_level"] != "province":
            continue
        if row["code"] in FIGURES:
            found[row["code"]] = row["denominator"] - row["numerator"]
        elif row["breakdown"] == "disagreement" and row["numerator"]:
            found[row["member_code"]] = row["numerator"]
    return found


def planted_on(some: World, shows: Bools, q: Ints) -> int:
    """Participants of the day who live in the province, are not put right yet and show the dirt."""
    participants, residents = some.participants, some.residents
    person = participants.person(q)
    counts = (participants.commune_on(q, DAY, DAY) >= 0) & ~participants.corrected_by(q, DAY)
    lives = np.zeros(len(q), dtype=np.bool_)
    is_resident = person < residents.size
    lives[is_resident] = residents.commune_on(person[is_resident], DAY, DAY) >= 0
    return int(np.count_nonzero(shows & counts & lives))


def test_without_dirt_sources_disagree_on_nothing_but_where_people_have_moved() -> None:
    found = disagreeing(world({}))
    assert found.pop("insurance/police/commune") > 0
    assert found == dict.fromkeys(FIGURES, 0)


def test_swapped_birth_dates_are_found_and_nothing_else() -> None:
    some = world({"E13": 0.05})
    q = np.arange(some.participants.size, dtype=np.int64)
    dirt = some.blemishes("insurance").of_birth("participant", q)
    born = some.people.birth_day(some.participants.person(q))
    shows = (dirt == BIRTH_CLASSES.index("E13")) & (births(born, dirt).day != born)
    found, expected = disagreeing(some), planted_on(some, shows, q)
    assert expected > 50
    assert found["quality.consistent_birth_date_share"] == expected
    assert found["insurance/police/birth_date"] == expected
    assert found["quality.consistent_name_share"] == 0
    assert found["quality.consistent_sex_share"] == 0


def test_another_sex_is_found_and_nothing_else() -> None:
    some = world({"E17_sex": 0.05})
    q = np.arange(some.participants.size, dtype=np.int64)
    dirt = some.blemishes("insurance").of_id("participant", q)
    found = disagreeing(some)
    expected = planted_on(some, dirt == ID_CLASSES.index("E17_sex"), q)
    assert expected > 50
    assert found["quality.consistent_sex_share"] == found["insurance/police/sex"] == expected
    assert found["quality.consistent_name_share"] == 0


def test_dropped_middle_names_are_found_and_other_spellings_are_not() -> None:
    some = world({"E09": 0.05, "E02": 0.1, "E06": 0.1, "E10": 0.1})
    q = np.arange(some.participants.size, dtype=np.int64)
    dirt = some.blemishes("insurance").of_name("participant", q)
    found = disagreeing(some)
    most = planted_on(some, dirt == NAME_CLASSES.index("E09"), q)
    # A few names have no middle name to lose.
    assert 0.9 * most < found["quality.consistent_name_share"] <= most
    assert found["quality.consistent_birth_date_share"] == 0
