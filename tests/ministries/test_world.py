"""The world: persons are unique and consistent, days are alive, the same seed is the same world."""

import unicodedata
from collections import Counter, defaultdict
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ministries.dirt.defects import DEFECTS
from ministries.feeds.catalogue import feeds
from ministries.identity.world import World
from ministries.kernel.arrivals import Arrivals, Calendar, is_striped, striped_total
from ministries.kernel.clock import day_number, end_of_day, iso_days, years
from ministries.scenario.load import load
from ministries.servers.content import Content
from ministries.world import names
from tests.lib.reference.reader import Reading, UnreadableError, parse
from tests.lib.reference.rulebook import is_well_formed_id

ANCHOR = date(2022, 10, 31)
TIEN_GIANG, THAI_BINH = "tien_giang_2022", "thai_binh_2023"
ANCHORS = {TIEN_GIANG: ANCHOR, THAI_BINH: date(2023, 5, 9)}


def world(
    seed: int = 1, scale: float = 0.01, dirt: bool = True, scenario: str = TIEN_GIANG
) -> World:
    return World(load(scenario, scale, dirt), seed)


def lines(some: World, dataset: str, since: int | None, until: int) -> list[bytes]:
    feed = feeds(some)[dataset]
    content = Content.of(feed, feed.order(since, until), [])
    return content.lines(0, len(content))


@pytest.mark.parametrize("scenario", ANCHORS)
@pytest.mark.campaign
def test_personal_ids_are_unique_over_the_whole_province(scenario: str) -> None:
    some = world(scale=1.0, scenario=scenario)
    seen = [
        some.people.personal_id(np.arange(n, min(n + 500_000, some.population.known)))
        for n in range(0, some.population.known, 500_000)
    ]
    ids = np.concatenate(seen)
    assert len(np.unique(ids)) == len(ids) == some.population.known


@pytest.mark.parametrize("scenario", ANCHORS)
def test_personal_ids_agree_with_birth_date_and_sex(scenario: str) -> None:
    some = world(scenario=scenario)
    n = np.arange(some.population.known, dtype=np.int64)
    ids, born, sex = some.people.personal_id(n), some.people.birth_day(n), some.people.sex(n)
    assert all(is_well_formed_id(f"{value:012d}") for value in ids.tolist())
    year = years(born)
    assert (ids // 10**6 % 100 == year % 100).all()
    assert (ids // 10**8 % 10 == (year // 100 - 19) * 2 + sex - 1).all()
    local = Counter((ids // 10**9).tolist())
    assert local[int(some.scenario.province.code)] / len(ids) > 0.8
    assert len(local) == 63


def test_names_are_composed_vietnamese() -> None:
    some = world()
    n = np.arange(2_000, dtype=np.int64)
    found = names.texts(some.people.name(n))
    assert all(unicodedata.is_normalized("NFC", name) for name in found)
    assert all(len(name.split()) == 3 for name in found)
    assert len(set(found)) > 1_200
    assert names.unaccented("Đỗ Thị Hòa") == "DO THI HOA"
    assert names.tone_moved("Nguyễn Thị Hòa") == "Nguyễn Thị Hoà"
    assert names.decomposed("Hòa") != "Hòa"


@pytest.mark.parametrize("scenario", ANCHORS)
@pytest.mark.campaign
def test_residents_live_in_households_that_exist(scenario: str) -> None:
    some = world(scale=0.003, dirt=False, scenario=scenario)
    day = ANCHORS[scenario] + timedelta(days=60)
    reading = Reading.of(some, day)
    homes = {
        str(h["household_id"]): h
        for h in reading.current("police.household", day)
        if h["household_status"] == "dang_hoat_dong"
    }
    heads = {h["head_personal_id"] for h in homes.values()}
    people = {
        str(r["personal_id"]): r
        for r in reading.current("police.resident", day)
        if r["residence_status"] == "dang_cu_tru"
    }
    assert {str(r["household_id"]) for r in people.values()} <= homes.keys()
    for resident in people.values():
        home = homes[str(resident["household_id"])]
        assert home["commune_code"] == resident["commune_code"]
    assert len(heads - people.keys() - {None}) / len(heads) < 0.02


@pytest.mark.parametrize(("scenario", "anchor"), ANCHORS.items())
def test_every_day_is_alive(scenario: str, anchor: date) -> None:
    some = world(scenario=scenario)
    least = {
        "police.resident": 15,
        "police.household": 1,
        "police.id_card_dossier": 12,
        "police.id_card": 8,
        "police.eid_account": 6,
        "insurance.participant": 12,
        "health.encounter": 30,
        "health.immunization": 12,
    }
    for day in range(day_number(anchor) + 1, day_number(anchor) + 8):
        for dataset, count in least.items():
            order = feeds(some)[dataset].order(end_of_day(day - 1), end_of_day(day))
            assert len(order) >= count, (dataset, day)
    busy = feeds(some)["insurance.participant"]
    for day in range(day_number(anchor) + 1, day_number(anchor) + 8):
        assert (busy.order(end_of_day(day - 1), end_of_day(day)).bad >= 0).any()


def test_what_makes_daily_sync_hard_does_happen() -> None:
    some = world()
    until = end_of_day(day_number(date(2022, 12, 31)))
    found: Counter[str] = Counter()
    versions: dict[str, set[str]] = defaultdict(set)
    seen: set[bytes] = set()
    for line in lines(some, "police.resident", None, until):
        found["resent"] += line in seen
        seen.add(line)
        try:
            row = parse("police.resident", line)
        except UnreadableError:
            continue
        found[f"deleted {row['is_deleted']}"] += 1
        found[str(row["residence_status"])] += 1
        found["late"] += str(row["effective_on"]) < str(row["updated_at"])[:10]
        versions[str(row["personal_id"])].add(str(row["updated_at"]))
    days = [Counter(stamp[:10] for stamp in stamps) for stamps in versions.values()]
    found["twice a day"] = sum(any(c > 1 for c in counts.values()) for counts in days)
    for what in ("resent", "deleted true", "da_chet", "da_chuyen_di", "late", "twice a day"):
        assert found[what] > 5, what
    encounters = b"\n".join(lines(some, "health.encounter", None, until))
    for status in (b"entered-in-error", b"in-progress", b"finished"):
        assert encounters.count(b'"status":"' + status) > 5


def test_flagged_dirt_is_there_and_can_be_switched_off() -> None:
    until = end_of_day(day_number(ANCHOR))
    found: dict[bool, Counter[str]] = {True: Counter(), False: Counter()}
    for dirt, seen in found.items():
        for line in lines(world(dirt=dirt), "insurance.participant", None, until):
            try:
                row = parse("insurance.participant", line)
            except UnreadableError:
                seen["bad"] += 1
                continue
            name, birth, number = row["full_name"] or "", row["birth_date"], row["personal_id"]
            seen["E01"] += not unicodedata.is_normalized("NFC", name)
            seen["E06"] += name.isascii() and name.isupper()
            seen["E10"] += "  " in name or "\u00a0" in name or "\u200b" in name
            seen["E11"] += bool(birth and (len(birth) == 4 or birth.startswith("00/00/")))
            seen["E14"] += bool(number and len(number) == 11)
            seen["E15"] += bool(number and len(number) == 9)
            seen["missing"] += number is None
    assert not any(found[False].values())
    assert all(found[True][name] > 10 for name in ("E01", "E06", "E10", "E11", "E14", "E15"))
    assert found[True]["missing"] > 300


@pytest.mark.parametrize("scenario", ANCHORS)
def test_every_declared_defect_is_sent_somewhere(scenario: str) -> None:
    some = world(scale=0.02, scenario=scenario)
    until = end_of_day(day_number(date(2023, 12, 31)))
    for dataset, feed in feeds(some).items():
        g = feed.order(None, until).bad
        sent = set((g[g >= 0] % len(DEFECTS[dataset])).tolist())
        assert sent == set(range(len(DEFECTS[dataset]))), dataset


def test_the_same_seed_is_the_same_world_and_another_is_another() -> None:
    until = end_of_day(day_number(ANCHOR))
    one, two, other = world(1, 0.001), world(1, 0.001), world(2, 0.001)
    for dataset in feeds(one):
        assert lines(one, dataset, None, until) == lines(two, dataset, None, until)
        assert lines(one, dataset, None, until) != lines(other, dataset, None, until)


@pytest.mark.parametrize("dataset", ["police.resident", "insurance.participant"])
def test_windows_are_cut_without_gap_or_overlap(dataset: str) -> None:
    some = world(4, 0.002)
    ends = [end_of_day(day_number(ANCHOR) + k) for k in (0, 1, 2, 5)]
    pieces = [
        line
        for since, until in zip([None, *ends[:-1]], ends, strict=True)
        for line in lines(some, dataset, since, until)
    ]
    assert Counter(pieces) == Counter(lines(some, dataset, None, ends[-1]))


@given(count=st.integers(1, 3_000_000), stripe=st.integers(2, 500))
@settings(max_examples=100, deadline=None)
def test_stripes_leave_exactly_the_count(count: int, stripe: int) -> None:
    total = striped_total(count, stripe)
    striped = -(-total // stripe)
    assert total - striped == count
    if total < 5_000:
        n = np.arange(total, dtype=np.int64)
        assert int(np.count_nonzero(~is_striped(n, stripe))) == count


@given(
    initial=st.integers(0, 5_000),
    more=st.integers(0, 5_000),
    rate=st.floats(0.01, 40),
    day=st.integers(0, 729),
)
@settings(max_examples=100, deadline=None)
def test_arrivals_are_exact_at_the_anchor_and_counted_by_day(
    initial: int, more: int, rate: float, day: int
) -> None:
    arrivals = Arrivals(initial, initial + more, rate, Calendar(273, 303, 729))
    assert arrivals.through(303) == initial + more
    n = np.arange(arrivals.size, dtype=np.int64)
    days = arrivals.day(n)
    assert (np.diff(days) >= 0).all()
    assert arrivals.through(day) == int(np.count_nonzero(days <= day))


def test_days_are_written_as_the_calendar_has_them() -> None:
    days = np.array([-400, 0, 303, 729], dtype=np.int64)
    assert iso_days(days) == ["2020-11-27", "2022-01-01", "2022-10-31", "2023-12-31"]
