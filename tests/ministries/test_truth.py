"""The feeds, read to the end and folded, agree with the truth."""

import dataclasses
from datetime import date, timedelta

import numpy as np
import pytest

from ministries.feeds.feed import Column
from ministries.feeds.order import Order
from ministries.feeds.police import DossierFeed
from ministries.kernel.clock import day_number
from ministries.kernel.draws import Ints, Slots
from ministries.scenario import load
from ministries.truth import Document, Truth
from ministries.world.eid_accounts import Accounts
from ministries.world.residents import ResidentRow, Residents
from ministries.world.world import World

from .kpi import kpi
from .reader import Reading

ANCHOR = date(2022, 10, 31)


def world(seed: int = 1, scale: float = 0.001, dirt: bool = True) -> World:
    return World(load("tien_giang_2022", scale, dirt), seed)


def truth(some: World, as_of: date, known_by: date) -> Document:
    return Truth(some, day_number(as_of), day_number(known_by)).document()


def assert_agree(some: World, reading: Reading, as_of: date, known_by: date) -> None:
    """Every KPI, quarantine count and feed count of the truth is what was read."""
    said = truth(some, as_of, known_by)
    read = kpi(reading, as_of)
    expected: dict[str, dict[tuple[str, str], tuple[int, int | None]]] = {}
    for row in said["kpi"]:
        unit = row["unit_level"], row["unit_code"]
        expected.setdefault(row["code"], {})[unit] = row["numerator"], row["denominator"]
    assert read.keys() == expected.keys()
    for code, counts in expected.items():
        got = read[code]
        if counts["province", "82"][1] == 0:
            got = {("province", "82"): (0, 0)}
        assert got == counts, code
    quarantine: dict[tuple[str, str], int] = {}
    for row in said["quarantine"]:
        rule = row["dataset"], row["rule"]
        quarantine[rule] = quarantine.get(rule, 0) + row["records"]
    assert {rule: len(found) for rule, found in reading.quarantined.items()} == quarantine
    assert dict(reading.lines) == {row["dataset"]: row["records"] for row in said["feeds"]}


@pytest.mark.parametrize(
    ("seed", "dirt", "as_of", "known_by"),
    [
        (1, True, ANCHOR, ANCHOR),
        (2, False, ANCHOR, ANCHOR + timedelta(days=3)),
        (3, True, date(2022, 11, 3), date(2022, 11, 5)),
        (4, True, date(2022, 5, 20), date(2022, 5, 20)),
        (5, False, date(2022, 12, 31), date(2022, 12, 31)),
        (6, True, date(2022, 9, 30), date(2023, 2, 1)),
        (7, True, date(2022, 11, 30), date(2022, 11, 28)),
    ],
)
def test_feeds_folded_are_the_truth(seed: int, dirt: bool, as_of: date, known_by: date) -> None:
    some = world(seed, dirt=dirt)
    assert_agree(some, Reading.of(some, known_by), as_of, known_by)


def test_daily_windows_add_up_to_the_truth_of_each_day() -> None:
    some = world(11, 0.002)
    days = [ANCHOR + timedelta(days=k) for k in range(6)]
    reading = Reading(some)
    for known_by in days:
        reading.go_on(known_by)
        assert_agree(some, reading, known_by, known_by)
    for as_of in days:
        assert_agree(some, reading, as_of, days[-1])


def _no_moves(self: Residents, n: Ints, at: Ints, slot: Slots) -> ResidentRow:
    """A broken register: versions forget that anybody moved."""
    row = _SOUND_ROW(self, n, at, slot)
    home = self.population.first_home(n)
    return dataclasses.replace(row, commune=self.places.commune_of_household(home))


def _nobody_is_deleted(feed: DossierFeed, part: Order, key: Ints) -> dict[str, Column]:
    """A broken feed: nothing is ever deleted."""
    return _SOUND_RENDER(feed, part, key) | {"is_deleted": ["false"] * len(part)}


def _told_a_day_late(self: Accounts, a: Ints) -> dict[int, Ints]:
    """A broken register: every version comes a day later than it should."""
    return {slot: at + 86_400 for slot, at in _SOUND_UPDATES(self, a).items()}


_SOUND_ROW, _SOUND_RENDER, _SOUND_UPDATES = Residents.row, DossierFeed.render, Accounts.updates


@pytest.mark.parametrize(
    ("owner", "name", "broken"),
    [
        (Residents, "row", _no_moves),
        (DossierFeed, "render", _nobody_is_deleted),
        (Accounts, "updates", _told_a_day_late),
    ],
)
def test_the_comparison_notices_a_break(
    monkeypatch: pytest.MonkeyPatch, owner: type, name: str, broken: object
) -> None:
    some = world(1, 0.002)
    monkeypatch.setattr(owner, name, broken)
    with pytest.raises(AssertionError):
        assert_agree(some, Reading.of(some, ANCHOR), ANCHOR, ANCHOR)


def test_late_arrivals_change_the_past() -> None:
    some = world(1, 0.01)
    day = date(2022, 11, 2)
    then, later = truth(some, day, day)["kpi"], truth(some, day, day + timedelta(days=6))["kpi"]
    changed = {a["code"] for a, b in zip(then, later, strict=False) if a != b}
    assert {"population.permanent_residents", "health.id_card_visits_month"} <= changed


def test_quarantined_records_never_count() -> None:
    clean, dirty = world(9, dirt=False), world(9, dirt=True)
    counts = [
        {
            r["code"]: r["numerator"]
            for r in truth(w, ANCHOR, ANCHOR)["kpi"]
            if r["unit_level"] == "province" and not r["code"].endswith("with_personal_id")
        }
        for w in (clean, dirty)
    ]
    assert counts[0] == counts[1]
    assert truth(clean, ANCHOR, ANCHOR)["quarantine"] == []


@pytest.mark.parametrize("scale", [0.001, 0.01, 0.0137])
def test_published_figures_hold_exactly_at_the_anchor(scale: float) -> None:
    some = world(3, scale)
    anchor = day_number(ANCHOR)
    found = {
        r["code"]: r["numerator"]
        for r in truth(some, ANCHOR, ANCHOR)["kpi"]
        if r["unit_level"] == "province"
    }
    published = {
        "population.permanent_residents": 2_093_800,
        "population.temporary_residents": 19_129,
        "population.permanent_households": 484_609,
        "population.temporary_households": 8_625,
        "eid.accounts": 99_056,
        "id_card.cards_issued": 1_452_600,
        "insurance.participants": 1_904_000,
    }
    assert {code: found[code] for code in published} == {
        code: round(count * scale) for code, count in published.items()
    }
    dossiers = np.arange(some.dossiers.size, dtype=np.int64)
    granted = np.count_nonzero(some.dossiers.granted_by(dossiers, anchor))
    assert granted == round(1_471_302 * scale)


def test_share_of_quarantined_records_is_small_and_every_class_occurs() -> None:
    some = world(1, 0.01)
    said = truth(some, ANCHOR, ANCHOR)
    bad, all_lines = (
        {row["dataset"]: 0 for row in said["feeds"]},
        {r["dataset"]: r["records"] for r in said["feeds"]},
    )
    for row in said["quarantine"]:
        bad[row["dataset"]] += row["records"]
    shares = {dataset: bad[dataset] / all_lines[dataset] for dataset in bad}
    assert 0.004 < sum(bad.values()) / sum(all_lines.values()) < 0.008
    assert all(0.003 < share < 0.015 for share in shares.values()), shares
    classes = {row["class"] for row in said["quarantine"]}
    assert {
        "E16",
        "E21",
        "missing_value",
        "impossible_date",
        "unknown_code",
        "malformed_key",
        "malformed_json",
        "invalid_utf8",
        "nul_byte",
        "wrong_field_count",
        "bad_workbook_row",
    } <= classes
