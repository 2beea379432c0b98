"""Published figures hold exactly at every scale; contradictions are refused with the field."""

from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

from ministries.errors import InputError
from ministries.identity.judgement import Judgement
from ministries.identity.world import World
from ministries.kernel.clock import calendar_day, day_number, years
from ministries.scenario.load import FOLDER, load
from ministries.truth.figures import Figures
from ministries.truth.identity import IdentityFigures

PUBLISHED = {
    "tien_giang_2022": {
        ("population.permanent_residents", "2022-10-31"): 2_093_800,
        ("population.temporary_residents", "2022-10-31"): 19_129,
        ("population.permanent_households", "2022-10-31"): 484_609,
        ("population.temporary_households", "2022-10-31"): 8_625,
        ("id_card.dossiers_issued", "2022-10-31"): 1_471_302,
        ("id_card.cards_issued", "2022-10-31"): 1_452_600,
        ("eid.accounts", "2022-10-31"): 99_056,
    },
    "thai_binh_2023": {
        ("id_card.dossiers_received", "2023-05-09"): 1_600_001,
        ("id_card.dossiers_issued", "2023-05-09"): 1_535_000,
        ("id_card.cards_issued", "2023-05-09"): 1_500_001,
        ("id_card.campaign_dossiers", "2023-05-09"): 24_310,
        ("health.id_card_persons", "2023-05-09"): 532_001,
        ("health.id_card_visits_month", "2023-04-30"): 146_999,
        ("population.permanent_residents", "2023-05-09"): 1_862_000,
        ("population.temporary_households", "2023-05-09"): 6_000,
        ("eid.accounts", "2023-05-09"): 612_000,
    },
}
PARTICIPANTS = {"tien_giang_2022": 1_904_000, "thai_binh_2023": 1_595_746}
"""Participations that go on; some are of persons who have died (E24)."""
ANCHORS = {"tien_giang_2022": date(2022, 10, 31), "thai_binh_2023": date(2023, 5, 9)}
Change = Callable[[dict[str, Any]], object]


def province_rows(some: World, as_of: date, known_by: date) -> list[dict[str, Any]]:
    rows = Figures(some, day_number(as_of), day_number(known_by)).rows()
    return [row for row in rows if row["unit_level"] == "province"]


@pytest.mark.parametrize("seed", [3, 2022])
@pytest.mark.parametrize("scale", [0.001, 0.01, 0.0137])
@pytest.mark.parametrize("scenario", PUBLISHED)
@pytest.mark.one_in(4)
def test_published_figures_hold_exactly(scenario: str, scale: float, seed: int) -> None:
    some = World(load(scenario, scale), seed)
    published, anchor = PUBLISHED[scenario], day_number(ANCHORS[scenario])
    found = {
        (row["code"], day): row["numerator"]
        for day in {day for _, day in published}
        for row in province_rows(some, date.fromisoformat(day), ANCHORS[scenario])
        if not row["breakdown"]
    }
    identity = IdentityFigures(some, anchor, Judgement(some, anchor))
    found |= {
        (row["code"], ANCHORS[scenario].isoformat()): row["numerator"]
        for row in identity.rows()
        if row["unit_level"] == "province" and not row["breakdown"]
    }
    expected = {place: round(count * scale) for place, count in published.items()}
    assert {place: found[place] for place in published} == expected
    participants = some.participants
    q = np.arange(participants.size, dtype=np.int64)
    going_on = np.count_nonzero(participants.commune_on(q, anchor, anchor) >= 0)
    assert going_on == round(PARTICIPANTS[scenario] * scale)


def test_figures_do_not_depend_on_dirt() -> None:
    anchor = ANCHORS["thai_binh_2023"]
    rows = [
        [
            (row["code"], row["breakdown"], row["member_code"], row["numerator"])
            for row in province_rows(World(load("thai_binh_2023", 0.005, dirt), 4), anchor, anchor)
            if row["code"].split(".")[0] in ("population", "id_card", "eid")
        ]
        for dirt in (True, False)
    ]
    assert rows[0] == rows[1]


def test_the_campaign_keeps_its_hours_over_all_stations() -> None:
    some = World(load("thai_binh_2023", 0.05), 2)
    anchor = ANCHORS["thai_binh_2023"]
    counts: dict[str, Counter[str]] = {"station": Counter(), "hour": Counter(), "shift": Counter()}
    total = 0
    for row in province_rows(some, anchor, anchor):
        if row["code"] == "id_card.campaign_dossiers":
            if row["breakdown"]:
                counts[row["breakdown"]][row["member_code"]] = row["numerator"]
            else:
                total = row["numerator"]
    assert total == round(24_310 * 0.05)
    assert all(sum(found.values()) == total for found in counts.values())
    assert set(counts["hour"]) == {f"{hour:02}" for hour in range(7, 22)}
    assert list(counts["shift"]) == ["1", "2", "3"]
    assert set(counts["station"]) == set(some.places.station_codes)
    assert counts["shift"]["1"] > counts["shift"]["2"] > counts["shift"]["3"] > total / 8


def test_the_campaign_is_a_peak_and_not_the_only_life_around_it() -> None:
    some = World(load("thai_binh_2023", 0.02), 2)
    first = day_number(date(2023, 4, 29))
    d = np.arange(some.dossiers.size, dtype=np.int64)
    received = np.bincount(np.maximum(some.dossiers.receive(d).effective - first + 30, 0))
    around = [*received[10:30], *received[35:45]]
    assert min(received[30:35]) > 2 * np.median(around)
    assert min(around) > 0.3 * np.median(around)


def test_nothing_else_is_received_in_the_campaign() -> None:
    some = World(load("thai_binh_2023", 0.01), 5)
    d = np.arange(some.dossiers.size, dtype=np.int64)
    day = some.dossiers.receive(d).effective
    first, last = day_number(date(2023, 4, 29)), day_number(date(2023, 5, 3))
    assert np.count_nonzero((day >= first) & (day <= last)) == 243
    issued = some.dossiers.decide(d)
    assert (issued.effective >= day).all()
    assert (issued.told >= some.dossiers.receive(d).told).all()


def test_cards_gain_ground_month_by_month() -> None:
    some = World(load("thai_binh_2023", 0.01), 6)
    shares = []
    for month in ("2022-06-30", "2022-12-31", "2023-02-28", "2023-03-31", "2023-04-30"):
        rows = province_rows(some, date.fromisoformat(month), date(2023, 5, 9))
        visits = next(row for row in rows if row["code"] == "health.id_card_visits_month")
        shares.append(visits["numerator"] / visits["denominator"])
    assert shares == sorted(shares)
    assert shares[0] < 0.1
    assert shares[-1] < shares[-2] + 0.2


def test_accounts_grow_month_by_month_at_both_levels() -> None:
    some = World(load("thai_binh_2023", 0.01), 6)
    before: dict[str, int] = {}
    for month in ("2023-01-31", "2023-02-28", "2023-03-31", "2023-04-30"):
        day = date.fromisoformat(month)
        rows = province_rows(some, day, day + timedelta(days=7))
        now = {row["code"]: row["numerator"] for row in rows if row["code"].startswith("eid.")}
        assert now["eid.accounts"] == now["eid.accounts_level_1"] + now["eid.accounts_level_2"]
        assert 0.03 < now["eid.accounts_new_month"] / now["eid.accounts"] < 0.12
        if before:
            assert now["eid.accounts_level_2"] > before["eid.accounts_level_2"]
            grown = now["eid.accounts"] - before["eid.accounts"]
            assert abs(grown - now["eid.accounts_new_month"]) < 0.1 * grown
        before = now


@pytest.mark.parametrize(
    ("scenario", "year"), [("tien_giang_2022", 2022), ("thai_binh_2023", 2023)]
)
def test_the_exam_is_of_the_scenarios_year(scenario: str, year: int) -> None:
    some = World(load(scenario, 0.1), 1)
    exams, anchor = some.exams, day_number(ANCHORS[scenario])
    first = [calendar_day(exams.issues(council)[0].day) for council in range(exams.councils)]
    assert {day.year for day in first} == {year}
    assert max(first) < ANCHORS[scenario]
    candidates = np.arange(exams.size, dtype=np.int64)
    assert set(years(exams.registered(candidates)).tolist()) == {year}
    assert exams.registered(candidates).max() <= min(day_number(day) for day in first)
    born = years(some.people.birth_day(exams.person(candidates)))
    assert year - 20 < born.min() <= born.max() <= year - 17
    assert len(np.unique(exams.person(candidates))) == len(candidates)
    assert anchor < some.scenario.horizon <= some.scenario.calendar.last


def figure(name: str, count: object) -> Change:
    return lambda document: document["figures"][name].update(count=count)


def value(section: str, name: str, to: object) -> Change:
    return lambda document: document[section].update({name: to})


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (figure("cards_in_force", 1_535_001), "figures.cards_in_force: 1535001 is more than"),
        (figure("dossiers_issued", 1_600_002), "figures.dossiers_issued: 1600002 is more than"),
        (figure("campaign_dossiers", 1_600_002), "figures.campaign_dossiers: 1600002 is more"),
        (figure("id_card_visits_month", 3_300_001), "figures.id_card_visits_month: 3300001 is"),
        (figure("id_card_persons", 1_862_001), "figures.id_card_persons: 1862001 is more than"),
        (figure("participants_verified", 1_595_747), "figures.participants_verified: 1595747"),
        (figure("participants", 1_862_001), "figures.participants: 1862001 is more than"),
        (figure("eid_accounts", 0), "figures.eid_accounts: 0 is not a positive count"),
        (figure("eid_accounts", "many"), "figures.eid_accounts: many is not a positive count"),
        (figure("eid_accounts", 1.5), "figures.eid_accounts: 1.5 is not a positive count"),
        (lambda d: d["figures"].pop("participants"), "figures.participants: is missing from the"),
        (lambda d: d["daily"].pop("encounters"), "daily.encounters: is missing from the scenario"),
        (lambda d: d.pop("anchor"), "anchor: is missing from the scenario"),
        (lambda d: d.update(anchor="soon"), "anchor: soon is not a date (YYYY-MM-DD)"),
        (lambda d: d.update(anchor=date(2021, 5, 9)), "anchor: 2021-05-09 is before the world"),
        (lambda d: d.update(anchor=date(2023, 3, 9)), "anchor: 2023-03-09 is not after feeds_be"),
        (lambda d: d.update(last_day=date(2023, 5, 9)), "last_day: 2023-05-09 is not after anchor"),
        (lambda d: d.update(horizon=date(2024, 1, 1)), "horizon: 2024-01-01 is after last_day"),
        (lambda d: d.update(exam=3), "scenario: a section is not written as the known ones are"),
        (value("province", "colour", "red"), "scenario: a section is not written as the known"),
        (value("initial_share", "participants", 1.2), "initial_share.participants: 1.2 is not"),
        (value("daily", "participants", -1), "daily.participants: -1 is not a number of at lea"),
        (value("exam", "first_issue", date(2023, 5, 1)), "exam.first_issue: is before registrat"),
        (value("exam", "second_issue", date(2023, 5, 1)), "exam.second_issue: 2023-05-01 is not"),
        (value("campaign", "last_day", date(2023, 4, 2)), "campaign.last_day: is before"),
        (value("campaign", "last_day", date(2023, 5, 9)), "campaign.last_day: is not before the"),
        (value("campaign", "closes_hour", 25), "campaign.opens_hour: 7 to 25 are no opening"),
        (value("campaign", "shifts", 0), "campaign.shifts: 0 is not a positive count"),
    ],
)
def test_contradictions_are_refused_with_the_field(
    tmp_path: Path, change: Change, message: str
) -> None:
    with pytest.raises(InputError) as caught:
        load(_changed(tmp_path, change), 0.01)
    assert str(caught.value).startswith(message)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        (figure("id_card_visits_month", 2_900_000), "figures.id_card_visits_month"),
        (figure("id_card_persons", 1_800_000), "figures.id_card_persons"),
        (figure("id_card_persons", 2_000), "figures.id_card_persons"),
        (figure("campaign_dossiers", 600_000), "figures.campaign_dossiers"),
        (figure("dossiers_received", 1_536_000), "figures.dossiers_received"),
    ],
)
def test_figures_that_the_world_cannot_hold_are_named(
    tmp_path: Path, change: Change, field: str
) -> None:
    some = World(load(_changed(tmp_path, change), 0.005), 1)
    with pytest.raises(InputError) as caught:
        province_rows(some, ANCHORS["thai_binh_2023"], ANCHORS["thai_binh_2023"])
    assert caught.value.field == field


def _changed(tmp_path: Path, change: Change) -> str:
    path = FOLDER / "thai_binh_2023.yaml"
    document = yaml.safe_load(path.read_text(encoding="utf-8"))
    change(document)
    changed = tmp_path / "changed.yaml"
    changed.write_text(yaml.safe_dump(document), encoding="utf-8")
    return str(changed)
