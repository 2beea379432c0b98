"""Verdicts are those of the agreement's text, record by record, however dirty both sides are."""

import dataclasses
from collections import Counter
from datetime import date
from typing import NamedTuple

import numpy as np
import pytest

from ministries.dirt.blemishes import BIRTH_CLASSES, ID_CLASSES, NAME_CLASSES
from ministries.errors import InputError
from ministries.identity.judgement import Judgement
from ministries.identity.records import DATASETS
from ministries.identity.registry import Registry
from ministries.identity.spellings import DIFFERENT, EXACT, NORMALISED, Spellings, compare
from ministries.identity.verdicts import DECEASED, VERDICTS
from ministries.identity.world import World
from ministries.kernel.clock import day_number
from ministries.scenario.load import Dirt, Scenario, load
from ministries.truth.dirty_records import DirtyRecords
from ministries.truth.document import Truth
from ministries.truth.identity import IdentityFigures
from ministries.world import names
from tests.lib.reference.identity_kpi import verdicts
from tests.lib.reference.reader import Reading
from tests.lib.reference.verdict_reference import (
    bare_key,
    compare_names,
    decode_tcvn3,
    decode_vni,
    is_bare,
    match_key,
)

ANCHOR = date(2022, 10, 31)
_ALWAYS = ("E01", "E02", "E05", "E06", "E10", "E11")
_FILTH: dict[str, dict[str, float]] = {
    "police": {**dict.fromkeys(_ALWAYS, 0.08), "E09": 0.02, "E12": 0.03, "E13": 0.05}
    | {"misspelt_until_review": 0.2},
    "insurance": dict.fromkeys((*NAME_CLASSES, *BIRTH_CLASSES, *ID_CLASSES, "E19", "E24"), 0.06),
    "health": dict.fromkeys((*NAME_CLASSES, *BIRTH_CLASSES, *ID_CLASSES), 0.07),
    "education": dict.fromkeys(
        ("E01", "E03", "E04", "E05", "E06", "E08", "E09", "E12", "E13", *ID_CLASSES), 0.07
    ),
    "portal": dict.fromkeys((*NAME_CLASSES, *ID_CLASSES), 0.06),
}


def filthy(scale: float, name: str = "tien_giang_2022") -> Scenario:
    """A scenario in which every class meets every other."""
    scenario = load(name, scale)
    return dataclasses.replace(scenario, dirt=Dirt(scenario.dirt.quarantined, _FILTH))


def told(world: World, known_by: date, dataset: str) -> dict[str, str]:
    judgement = Judgement(world, day_number(known_by))
    return DirtyRecords(world, judgement).verdicts(dataset)


@pytest.mark.parametrize(
    ("seed", "scale", "known_by"),
    [(1, 0.003, ANCHOR), (2, 0.001, date(2022, 6, 5)), (3, 0.001, date(2023, 4, 2))],
)
@pytest.mark.campaign
def test_verdicts_are_those_of_the_agreement_record_by_record(
    seed: int, scale: float, known_by: date
) -> None:
    some = World(filthy(scale), seed)
    reading = Reading.of(some, known_by)
    for dataset in DATASETS:
        read = verdicts(reading, dataset)
        said = told(some, known_by, dataset)
        assert said.keys() == read.keys(), dataset
        wrong = Counter((read[key], said[key]) for key in read if read[key] != said[key])
        assert not wrong, dataset


def test_every_verdict_is_reached() -> None:
    some = World(filthy(0.003), 1)
    rows = Judgement(some, day_number(ANCHOR)).verdicts()
    reached = {
        dataset: {r["verdict"] for r in rows if r["dataset"] == dataset} for dataset in DATASETS
    }
    assert reached["insurance.participant"] == set(VERDICTS) - {"verified_by_name"}
    assert "verified_by_name" in reached["portal.dossier"]
    assert not reached["portal.dossier"] & {"verified", "verified_after_normalisation"}
    assert reached["health.encounter"] == reached["health.immunization"]
    missed = set(VERDICTS) - reached["health.encounter"] - {"mismatch_birth_date_swapped"}
    assert missed == {"duplicate_id", "deceased", "verified_by_name"}, (
        "nobody is seen after the death"
    )
    assert "duplicate_id" not in reached["health.encounter"] | reached["portal.dossier"]
    assert not any("birth" in str(verdict) for verdict in reached["portal.dossier"])


@pytest.mark.parametrize("scenario", ["tien_giang_2022", "thai_binh_2023"])
@pytest.mark.one_in(2)
def test_verdicts_of_the_scenarios_as_they_are(scenario: str) -> None:
    some = World(load(scenario, 0.002), 7)
    known_by = date(2023, 6, 1)
    reading = Reading.of(some, known_by)
    expected = {
        (dataset, verdict): count
        for dataset in DATASETS
        for verdict, count in Counter(verdicts(reading, dataset).values()).items()
    }
    day = day_number(known_by)
    rows = Truth(some, day, day).document()["verdicts"]
    assert {(row["dataset"], row["verdict"]): row["records"] for row in rows} == expected


def test_without_dirt_only_strangers_are_not_verified() -> None:
    some = World(load("tien_giang_2022", 0.005, dirt=False), 3)
    rows = Judgement(some, day_number(ANCHOR)).verdicts()
    assert {row["verdict"] for row in rows} == {"verified", "verified_by_name", "not_found"}


def test_the_comparison_notices_a_break(monkeypatch: pytest.MonkeyPatch) -> None:
    some = World(filthy(0.001), 1)
    read = verdicts(Reading.of(some, ANCHOR), "insurance.participant")
    spellings = Registry.spellings

    def always_clean(self: Registry, person: np.ndarray) -> Spellings:
        found = spellings(self, person)
        return Spellings(found.name, np.full_like(found.dirt, -1))

    monkeypatch.setattr(Registry, "spellings", always_clean)
    assert told(some, ANCHOR, "insurance.participant") != read


def test_spellings_agree_as_their_letters_do() -> None:
    """All classes of dirt against all of the register's, over many names."""
    rng = np.random.default_rng(4)
    one = rng.integers(0, names.count(), 8_000)
    other = np.where(rng.random(len(one)) < 0.8, one, rng.integers(0, names.count(), len(one)))
    dirt = rng.integers(-1, len(NAME_CLASSES), len(one))
    registered = rng.choice(
        [-1, *map(NAME_CLASSES.index, _FILTH["police"].keys() & names.RESPELL)], len(one)
    )
    found = compare(Spellings(one, dirt), Spellings(other, registered))
    for index, verdict in enumerate(found.tolist()):
        mine, theirs = spelled(one[index], dirt[index]), spelled(other[index], registered[index])
        same, changed = compare_names(mine, theirs, rest_agrees=False)
        if same:
            assert verdict == (NORMALISED if changed else EXACT), (mine, theirs)
        else:
            weak = bare_key(mine) == bare_key(theirs) and (is_bare(mine) or is_bare(theirs))
            assert (verdict < DIFFERENT) == weak, (mine, theirs)


def spelled(name: int, dirt: int) -> str:
    text = names.texts(np.array([name]))[0]
    return text if dirt < 0 else names.RESPELL.get(NAME_CLASSES[dirt], str)(text)


def test_hardly_any_name_is_another_one_in_a_legacy_encoding() -> None:
    """Hoàng, a man's name, is how VNI writes Hồng, a woman's: the truth leaves that aside."""
    texts = names.texts(np.arange(names.count(), dtype=np.int64))
    keys = {match_key(text) for text in texts}
    for text in texts:
        for decode in (decode_tcvn3, decode_vni):
            read = match_key(decode(text))
            other = read in keys and read != match_key(text)
            assert not other or "Hoàng" in text, (text, read)


@pytest.mark.parametrize("seed", [1, 2022])
@pytest.mark.parametrize("scale", [0.001, 0.004, 0.0137, 0.05])
@pytest.mark.one_in(4)
def test_the_published_share_of_verified_participants_holds_exactly(
    scale: float, seed: int
) -> None:
    some = World(load("thai_binh_2023", scale), seed)
    found = verified(some)
    assert (found.verified, found.records) == (
        round(1_500_001 * scale), round(1_595_746 * scale)
    )  # fmt: skip
    assert 0 < found.living < found.records, "a few go on after the death of their person"
    assert round(100 * found.verified / found.living) == 94


class Share(NamedTuple):
    verified: int
    living: int
    """Participations of the living: what the verified ones are a share of."""
    records: int
    """With those that go on after the death of their person."""


def verified(some: World) -> Share:
    anchor = some.scenario.calendar.anchor
    judgement = Judgement(some, anchor)
    (row,) = [
        row
        for row in IdentityFigures(some, anchor, judgement).rows()
        if (row["code"], row["unit_level"]) == ("insurance.verified_share", "province")
    ]
    dead = np.count_nonzero(judgement.of("insurance.participant") == DECEASED)
    return Share(row["numerator"], row["denominator"], row["denominator"] + int(dead))


def test_the_share_holds_where_many_ids_are_shared() -> None:
    scenario = filthy(0.004, "thai_binh_2023")
    for wanted in (2_900, 2_500, 2_000, 1_500):
        counts = scenario.counts | {"participants_verified": wanted}
        some = World(dataclasses.replace(scenario, counts=counts), 5)
        found = verified(some)
        assert (found.verified, found.records) == (wanted, scenario.counts["participants"])


def test_a_share_out_of_reach_is_refused_with_the_figure() -> None:
    scenario = filthy(0.001, "thai_binh_2023")
    with pytest.raises(InputError) as caught:
        verified(World(scenario, 5))
    assert str(caught.value).startswith("figures.participants_verified: 1500 is not within")
