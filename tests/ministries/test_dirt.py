"""Every class of person error is on the wire, and every dirty record knows where it must end up."""

import json
import re
import unicodedata
from collections import Counter, defaultdict
from datetime import date

import numpy as np
import pytest

from ministries.dirt.legacy_text import tcvn3, vni
from ministries.feeds.catalogue import feeds
from ministries.identity.judgement import Judgement
from ministries.identity.world import World
from ministries.kernel.clock import day_number, end_of_day
from ministries.scenario.load import load
from ministries.servers.content import Content
from ministries.truth.dirty_records import DirtyRecords
from ministries.truth.document import Truth
from ministries.world import names
from tests.lib.reference.identity_kpi import newest
from tests.lib.reference.reader import Reading
from tests.lib.reference.rulebook import Record
from tests.lib.reference.verdict_reference import (
    bare_key,
    birth,
    decode_tcvn3,
    decode_vni,
    is_bare,
    match_key,
)

ANCHOR = date(2022, 10, 31)
PERSONS = (
    "insurance.participant",
    "health.encounter",
    "health.immunization",
    "education.exam_registration",
    "portal.dossier",
)


def world(scale: float = 0.01) -> World:
    return World(load("tien_giang_2022", scale), 3)


@pytest.fixture(scope="module")
def some() -> World:
    return world()


@pytest.fixture(scope="module")
def reading(some: World) -> Reading:
    return Reading.of(some, ANCHOR)


@pytest.fixture(scope="module")
def dirty(some: World) -> DirtyRecords:
    return DirtyRecords(some, Judgement(some, day_number(ANCHOR)))


@pytest.mark.parametrize(
    ("text", "in_tcvn3", "in_vni"),
    [
        # Made with converters of others; vni writes ì as base and mark.
        ("Nguyễn Thị Hòa", "NguyÔn ThÞ Hßa", "Nguyeãn Thò Hoøa"),
        ("Đỗ Văn Được", "§ç V¨n §­îc", "Ñoã Vaên Ñöôïc"),
        ("Trần Quốc Việt", "TrÇn Quèc ViÖt", "Traàn Quoác Vieät"),
        ("Lê Thị Mỹ Hạnh", "Lª ThÞ Mü H¹nh", "Leâ Thò Myõ Haïnh"),
        ("Phạm Hữu Nghĩa", "Ph¹m H÷u NghÜa", "Phaïm Höõu Nghóa"),
        ("Thái Bình", "Th¸i B×nh", "Thaùi Biønh"),
        ("Tiền Giang", "TiÒn Giang", "Tieàn Giang"),
        ("xã Đông Thụy Anh", "x· §«ng Thôy Anh", "xaõ Ñoâng Thuïy Anh"),
    ],
)
def test_legacy_text_looks_as_it_does_in_old_files(text: str, in_tcvn3: str, in_vni: str) -> None:
    assert (tcvn3(text), vni(text)) == (in_tcvn3, in_vni)


def test_legacy_text_of_every_name_can_be_read_again() -> None:
    for text in names.texts(np.arange(0, names.count(), 7, dtype=np.int64)):
        assert decode_tcvn3(tcvn3(text)).title() == text
        assert decode_vni(vni(text)).title() == text


def test_a_conversion_without_proof_corrupts_what_is_in_capitals() -> None:
    assert decode_tcvn3("HÒA") == "HềA"


def test_all_classes_exist_and_have_an_end_state() -> None:
    day = day_number(ANCHOR)
    rows = Truth(world(0.02), day, day).document()["dirty"]
    classes = {row["class"] for row in rows}
    assert {f"E{number:02}" for number in range(1, 25)} <= classes
    kinds = {row["end_state"].split(":")[0] for row in rows}
    assert kinds == {"quarantined", "verdict", "flagged", "loaded"}
    assert all(row["records"] > 0 for row in rows)
    by_class = Counter()
    for row in rows:
        if row["end_state"].startswith("verdict:"):
            by_class[row["class"]] += row["records"]
    assert min(by_class.values()) >= 5, by_class


def test_without_dirt_there_is_none() -> None:
    day = day_number(ANCHOR)
    rows = Truth(World(load("tien_giang_2022", 0.002, dirt=False), 3), day, day).document()["dirty"]
    assert {row["class"] for row in rows} <= {"E20", "E22", "E23"}


def known_names() -> tuple[set[str], set[str]]:
    texts = names.texts(np.arange(names.count(), dtype=np.int64))
    return set(texts), {match_key(text) for text in texts}


def name_of(record: Record) -> str:
    return str(record.get("full_name") or record.get("applicant_name"))


def classes_of_name(text: str, texts: set[str], keys: set[str]) -> set[str]:
    """What is wrong with a name as it was received."""
    composed = unicodedata.normalize("NFC", text)
    if text in texts:
        return set()
    if composed != text:
        return {"E01"}
    if text.isupper():
        return {"E06"} if is_bare(text) else {"E05"}
    if re.search("  |\u00a0|\u200b", text):
        return {"E10"}
    if match_key(text) in keys:
        return {"E02"}
    if len(text.split()) == 2:
        return {"E09"}
    if " ".join(reversed(text.split())) in texts:
        return {"E08"}
    if match_key(decode_tcvn3(text)) in keys:
        return {"E03"}
    return {"E04"} if match_key(decode_vni(text)) in keys else {"unknown"}


@pytest.mark.parametrize("dataset", PERSONS)
@pytest.mark.one_in(5)
def test_names_show_the_classes_the_truth_says(
    reading: Reading, dirty: DirtyRecords, dataset: str
) -> None:
    texts, keys = known_names()
    found: dict[str, set[str]] = defaultdict(set)
    for key, record in newest(reading, dataset).items():
        if record.get("applicant_type") != "2":
            for error_class in classes_of_name(name_of(record), texts, keys):
                found[error_class].add(key)
    said = {c: set(dirty.keys(dataset, c)) for c in (*names.RESPELL, "unknown")}
    # Names without accents in capitals are of either class.
    for classes in (found, said):
        classes["E06"] |= classes.pop("E05", set())
    assert {c: k for c, k in found.items() if k} == {c: k for c, k in said.items() if k}
    assert dataset == "education.exam_registration" or len(found) >= 5


@pytest.mark.parametrize("dataset", PERSONS[:4])
def test_ids_and_birth_dates_show_the_classes_the_truth_says(
    reading: Reading, dirty: DirtyRecords, dataset: str
) -> None:
    found: dict[str, set[str]] = defaultdict(set)
    first_of_year = set()
    for key, record in newest(reading, dataset).items():
        number, born = record["personal_id"], birth(str(record["birth_date"]))
        lengths = {None: "missing_personal_id", 11: "E14", 9: "E15"}
        found[lengths.get(number and len(number), "whole")].add(key)
        if born.month is None:
            found["E11"].add(key)
        elif (born.month, born.day) == (1, 1):
            first_of_year.add(key)
        if number and len(number) == 12 and at_odds(record, dataset):
            found["at odds"].add(key)
    for error_class in ("missing_personal_id", "E14", "E15", "E11"):
        assert set(dirty.keys(dataset, error_class)) == found[error_class], error_class
    assert set(dirty.keys(dataset, "E17")) <= found["at odds"]
    assert found["at odds"] <= {*dirty.keys(dataset, "E17"), *dirty.keys(dataset, "E18")}
    assert set(dirty.keys(dataset, "E12")) <= first_of_year


def at_odds(record: Record, dataset: str) -> bool:
    """Whether year or sex in the personal id differ from those beside it."""
    number, sex = str(record["personal_id"]), str(record["sex_code"])
    women = ("1",) if dataset.startswith("education") else ("2", "female")
    year = 1900 + int(number[3]) // 2 * 100 + int(number[4:6])
    return int(number[3]) % 2 != (sex in women) or year != birth(str(record["birth_date"])).year


@pytest.mark.parametrize("dataset", ["health.encounter", "health.immunization"])
def test_whole_names_stand_in_other_fields(
    some: World, reading: Reading, dirty: DirtyRecords, dataset: str
) -> None:
    feed = feeds(some)[dataset]
    content = Content.of(feed, feed.order(None, end_of_day(day_number(ANCHOR))), [])
    current = newest(reading, dataset)
    forms: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for line in content.lines(0, len(content)):
        try:
            resource = json.loads(line)
        except ValueError:
            continue
        name = resource["contained"][0].get("name", [{}])[0]
        if resource.get("id") in current:
            forms[tuple(sorted(name))].add(resource["id"])
        if "family" in name:
            assert [len(name["family"].split()), *map(len, map(str.split, name["given"]))] == [
                1
            ] * 3
        elif "given" in name:
            assert [len(given.split()) for given in name["given"]] == [3]
    assert forms.keys() == {("text",), ("family", "given"), ("given",)}
    in_other_fields = forms["family", "given"] | forms[("given",)]
    assert in_other_fields == set(dirty.keys(dataset, "E07"))
    assert not in_other_fields & forms[("text",)]


def test_the_dead_who_are_still_insured(reading: Reading, dirty: DirtyRecords) -> None:
    dead = {
        number
        for number, record in newest(reading, "police.resident").items()
        if record["residence_status"] == "da_chet"
    }
    insured = {
        key
        for key, record in newest(reading, "insurance.participant").items()
        if str(record["personal_id"]).zfill(12) in dead
        and record["participation_status"] == "dang_tham_gia"
    }
    said = set(dirty.keys("insurance.participant", "E24"))
    assert len(insured) > 20
    foreign = set(dirty.keys("insurance.participant", "E18"))
    assert insured - foreign <= said
    assert len(said - insured) < len(said) / 4


def test_persons_with_two_insurance_codes(reading: Reading, dirty: DirtyRecords) -> None:
    """They come in pairs: the same person by name and year of birth."""
    records = newest(reading, "insurance.participant")
    persons = Counter(
        (bare_key(name_of(records[key])).split()[0], birth(str(records[key]["birth_date"])).year)
        for key in dirty.keys("insurance.participant", "E19")
    )
    assert sum(persons.values()) > 10
    assert all(count % 2 == 0 for count in persons.values())


def test_education_codes_sex_the_other_way_round(reading: Reading, dirty: DirtyRecords) -> None:
    registry = newest(reading, "police.resident")
    records = newest(reading, "education.exam_registration")
    assert set(dirty.keys("education.exam_registration", "E20")) == set(records)
    verified = [
        k for k, v in dirty.verdicts("education.exam_registration").items() if v == "verified"
    ]
    assert len(verified) > 100
    for key in verified:
        known = registry[str(records[key]["personal_id"])]
        assert {known["sex_code"], records[key]["sex_code"]} == {"1", "2"}


def test_counts_by_class_are_those_of_the_keys(dirty: DirtyRecords) -> None:
    counted: Counter[tuple[str, str]] = Counter()
    for row in dirty.judgement.dirty():
        counted[str(row["dataset"]), str(row["class"])] += int(row["records"])
    for (dataset, error_class), records in counted.items():
        if dataset in PERSONS:
            keys = dirty.keys(dataset, error_class)
            assert len(set(keys)) == len(keys) == records, (dataset, error_class)
