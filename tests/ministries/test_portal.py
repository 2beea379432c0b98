"""The provincial portal: pages of one document each, dossiers that add up to the truth."""

import json
from collections import Counter, defaultdict
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from ministries.errors import InputError
from ministries.feeds.catalogue import feeds
from ministries.feeds.feed import Column
from ministries.feeds.order import Order
from ministries.feeds.portal import PortalDossierFeed
from ministries.identity.world import World
from ministries.kernel.clock import day_number, end_of_day
from ministries.kernel.draws import Bools, Ints
from ministries.scenario.load import FOLDER, load
from ministries.scenario.portal import portal_plan
from ministries.servers.content import Content
from ministries.truth.services import ServiceFigures
from ministries.world.portal import PortalDossiers
from tests.lib.clients import local
from tests.lib.reference.reader import Reading, UnreadableError, parse
from tests.lib.reference.rulebook import Record
from tests.lib.reference.service_kpi import Counts, service_kpis
from tests.lib.reference.service_rules import broken_rules, portal_moment

_DATASET = "portal.dossier"
END = local("2022-11-01")
ANCHORS = {"tien_giang_2022": date(2022, 10, 31), "thai_binh_2023": date(2023, 5, 9)}


def world(scenario: str = "tien_giang_2022", seed: int = 1, scale: float = 0.01) -> World:
    return World(load(scenario, scale), seed)


def records(some: World, until: date) -> list[Record]:
    """All sound records told by the end of a day, in the order in which they are sent."""
    feed = feeds(some)[_DATASET]
    content = Content.of(feed, feed.order(None, end_of_day(day_number(until))), [])
    found = []
    for line in content.lines(0, len(content)):
        try:
            record = parse(_DATASET, line)
        except UnreadableError:
            continue
        if not broken_rules(_DATASET, record):
            found.append(record)
    return found


def read(some: World, *ends: date) -> Reading:
    """The portal and the programme office, read in windows that end with some days."""
    reading = Reading(some)
    for end in ends:
        go_on(reading, end)
    return reading


def go_on(reading: Reading, end: date) -> None:
    """Read the window from where reading stopped to the end of a day."""
    until = end_of_day(day_number(end))
    feed = feeds(reading.world)[_DATASET]
    content = Content.of(feed, feed.order(reading.since, until), [])
    reading.read(_DATASET, content.lines(0, len(content)))
    reading.read_tasks(until)
    reading.since = until


def truth(some: World, as_of: date, known_by: date) -> dict[str, Counts]:
    found: dict[str, Counts] = defaultdict(dict)
    for row in ServiceFigures(some, day_number(as_of), day_number(known_by)).rows():
        place: tuple[str, ...] = row["unit_level"], row["unit_code"]
        if row["breakdown"]:
            place = *place, row["breakdown"], row["member_code"]
        assert place not in found[row["code"]]
        found[row["code"]][place] = row["numerator"], row["denominator"]
    return found


@pytest.mark.parametrize(
    ("scenario", "as_of", "known_by"),
    [
        ("tien_giang_2022", date(2022, 10, 31), date(2022, 10, 31)),
        ("tien_giang_2022", date(2022, 11, 2), date(2022, 11, 8)),
        ("tien_giang_2022", date(2022, 6, 1), date(2022, 10, 31)),
        ("tien_giang_2022", date(2023, 10, 1), date(2023, 9, 30)),
        ("thai_binh_2023", date(2023, 5, 9), date(2023, 5, 9)),
        ("thai_binh_2023", date(2023, 4, 30), date(2023, 7, 31)),
    ],
)
@pytest.mark.one_in(3)
def test_dossiers_read_to_the_end_are_the_truth(scenario: str, as_of: date, known_by: date) -> None:
    some = world(scenario)
    assert service_kpis(read(some, known_by), as_of) == truth(some, as_of, known_by)


@pytest.mark.campaign
def test_daily_windows_add_up_to_the_truth_of_each_day() -> None:
    some, first = world(seed=4, scale=0.03), date(2022, 10, 28)
    days = [first + timedelta(days=k) for k in range(8)]
    reading, then = Reading(some), []
    for day in days:
        go_on(reading, day)
        then.append(truth(some, day, day))
        assert service_kpis(reading, day) == then[-1]
    for day in days:
        assert service_kpis(reading, day) == truth(some, day, days[-1])
    later = truth(some, days[3], days[-1])
    assert later["service.online_share"] != then[3]["service.online_share"], "nothing came late"


def _never_cancelled(feed: PortalDossierFeed, part: Order, key: Ints) -> dict[str, Column]:
    columns = _SOUND_RENDER(feed, part, key)
    return columns | {"dossier_status": ["5" if s == "9" else s for s in columns["dossier_status"]]}


def _told_a_day_late(self: PortalDossiers, n: Ints) -> dict[int, Ints]:
    return {slot: at + 86_400 for slot, at in _SOUND_UPDATES(self, n).items()}


def _always_scanned(self: PortalDossiers, n: Ints, _decided: Bools) -> Bools:
    return np.full(len(n), True)


def _one_request_is_enough(feed: PortalDossierFeed, part: Order, key: Ints) -> dict[str, Column]:
    columns = _SOUND_RENDER(feed, part, key)
    fewer = ["1" if count == "2" else count for count in columns["supplement_count"]]
    return columns | {"supplement_count": fewer}


def _everybody_is_satisfied(feed: PortalDossierFeed, part: Order, key: Ints) -> dict[str, Column]:
    columns = _SOUND_RENDER(feed, part, key)
    return columns | {"rating": [said and "1" for said in columns["rating"]]}


_SOUND_RENDER, _SOUND_UPDATES = PortalDossierFeed.render, PortalDossiers.updates


@pytest.mark.parametrize(
    ("owner", "name", "broken"),
    [
        (PortalDossierFeed, "render", _never_cancelled),
        (PortalDossierFeed, "render", _one_request_is_enough),
        (PortalDossierFeed, "render", _everybody_is_satisfied),
        (PortalDossiers, "updates", _told_a_day_late),
        (PortalDossiers, "_is_digitised", _always_scanned),
    ],
)
def test_the_comparison_notices_a_break(
    monkeypatch: pytest.MonkeyPatch, owner: type, name: str, broken: object
) -> None:
    some, anchor = world(scale=0.02), date(2022, 10, 31)
    sound = truth(some, anchor, anchor)
    monkeypatch.setattr(owner, name, broken)
    assert service_kpis(read(some, anchor), anchor) != sound


@pytest.mark.parametrize("scenario", list(ANCHORS))
@pytest.mark.parametrize("scale", [0.001, 0.0137, 0.2, 1.0])
def test_published_figures_hold_exactly_at_the_anchor(scenario: str, scale: float) -> None:
    document = yaml.safe_load((FOLDER / f"{scenario}.yaml").read_text(encoding="utf-8"))["portal"]
    some, anchor = world(scenario, 3, scale), day_number(ANCHORS[scenario])
    n = np.arange(some.portal.size, dtype=np.int64)
    n = n[some.portal.counts_on(n, anchor, anchor)]
    activities = some.scenario.portal.activities
    index = {a.procedure.procedure_id: k for k, a in enumerate(activities)}
    found = Counter(zip(some.portal.procedure(n).tolist(), some.portal.channel(n), strict=True))
    for procedure, figure in document["procedures"].items():
        by_channel = [found[index[procedure], channel] for channel in range(3)]
        wanted = round(figure["count"] * scale)
        if "fact" in figure:
            assert sum(by_channel) == wanted, procedure
            assert by_channel[1] == round(figure.get("online", 0) * scale), procedure
        assert abs(sum(by_channel) - wanted) <= 1, procedure
        assert abs(by_channel[1] - round(figure.get("online", 0) * scale)) <= 1, procedure
    essential = sum(
        found[index[p], channel] for p in index if p.startswith("DA06") for channel in range(3)
    )
    if "total" in document:
        assert essential == round(document["total"]["count"] * scale)


def test_the_published_shares_come_out() -> None:
    some, anchor = world("thai_binh_2023", 2, 1.0), ANCHORS["thai_binh_2023"]
    found = truth(some, anchor, anchor)["service.online_share"]
    shares = {
        place[-1]: 100 * count / (of or 1)
        for place, (count, of) in found.items()
        if len(place) == 4
    }
    for procedure in ("05", "06", "10", "11", "24", "25"):
        assert shares[f"DA06-{procedure}"] == 100
    assert round(shares["DA06-22"], 1) == 0.2
    assert round(shares["DA06-21"], 2) == 0.86
    assert round(shares["DA06-18"], 2) == 9.52
    tien_giang = truth(world(scale=1.0), ANCHORS["tien_giang_2022"], ANCHORS["tien_giang_2022"])
    essential = tien_giang["service.dossiers_essential"]
    assert essential["province", "82"] == (44_991, None)
    assert essential["province", "82", "essential_procedure", "DA06-06"] == (25_801, None)
    for procedure in ("15", "18", "22"):
        assert essential["province", "82", "essential_procedure", f"DA06-{procedure}"][0] == 0


@given(scale=st.floats(0.0005, 1))
@settings(max_examples=200, deadline=None)
@pytest.mark.campaign
def test_the_total_holds_at_every_scale(scale: float) -> None:
    document = yaml.safe_load((FOLDER / "tien_giang_2022.yaml").read_text(encoding="utf-8"))
    plan = portal_plan(document["portal"], scale)
    counts = {a.procedure.procedure_id: a.count for a in plan.activities}
    assert sum(n for p, n in counts.items() if p.startswith("DA06")) == round(44_991 * scale)
    assert counts["DA06-06"] == round(25_801 * scale)
    assert all(min(a.direct, a.online, a.post) >= 0 for a in plan.activities)


@pytest.mark.parametrize(
    ("procedure", "figure", "message"),
    [
        ("DA06-26", {"count": 3, "fact": "X"}, "portal.procedures.DA06-26: is no known procedure"),
        ("DA06-01", {"count": 412}, "portal.procedures.DA06-01: says neither fact nor assumption"),
        (
            "DA06-01",
            {"count": 412, "online": 413, "assumption": ""},
            "portal.procedures.DA06-01.online: 413 is more than count (412)",
        ),
        (
            "DA06-01",
            {"count": 412, "online": 400, "post": 20, "assumption": ""},
            "portal.procedures.DA06-01.post: with online it makes 420, more than count (412)",
        ),
        (
            "DA06-15",
            {"count": 0, "online": 2, "fact": "TG08"},
            "portal.procedures.DA06-15.online: 2, but the procedure has no dossiers",
        ),
        (
            "DA06-01",
            {"count": "many", "assumption": ""},
            "portal.procedures.DA06-01.count: many is no count",
        ),
        (
            "DA06-01",
            {"count": 413, "assumption": ""},
            "portal.total.count: 44991 is not the sum of its procedures (44992)",
        ),
    ],
)
def test_contradictions_are_refused_in_one_line(
    tmp_path: Path, procedure: str, figure: dict[str, Any], message: str
) -> None:
    document = yaml.safe_load((FOLDER / "tien_giang_2022.yaml").read_text(encoding="utf-8"))
    document["portal"]["procedures"][procedure] = figure
    path = tmp_path / "changed.yaml"
    path.write_text(yaml.safe_dump(document), encoding="utf-8")
    with pytest.raises(InputError) as refused:
        load(str(path), 0.01)
    assert str(refused.value) == message


def test_dossiers_go_through_a_plausible_life() -> None:
    some = world(scale=0.05)
    versions: dict[str, list[Record]] = defaultdict(list)
    seen: Counter[str] = Counter()
    for record in records(some, date(2023, 6, 30)):
        if record not in versions[str(record["dossier_code"])]:
            versions[str(record["dossier_code"])].append(record)
    for told in versions.values():
        states = [r["dossier_status"] for r in told]
        seen.update("".join(map(str, (a, b))) for a, b in pairwise(states))
        for record in told:
            _assert_consistent(record)
    for step in ("15", "13", "35", "14", "45", "19", "16", "17", "55", "25"):
        assert seen[step] > 0, step
    assert not any(step[0] in "679" for step in seen), "a closed dossier changed"


def _assert_consistent(record: Record) -> None:
    """A record that breaks no rule contradicts itself in nothing."""
    stamps = [
        portal_moment(record[c])
        for c in ("submitted_at", "received_at", "finished_at", "returned_at")
        if record[c] is not None
    ]
    assert stamps == sorted(stamps)
    components = json.loads(str(record["components"]))
    assert 1 <= len(components) <= 4
    digitised = any(c["DuocSoHoa"] == "1" for c in components)
    assert digitised == (record["has_digitised_components"] == "1")
    if record["applicant_type"] == "2":
        assert record["personal_id"] is None
    if record["dossier_status"] == "5":
        assert record["returned_at"] is not None
        assert json.loads(str(record["results"]))
    if record["dossier_status"] in "123":
        assert record["finished_at"] is None


def test_flagged_dirt_is_there() -> None:
    seen: Counter[str] = Counter()
    for record in records(world(scale=0.1), date(2022, 10, 31)):
        number, name = record["personal_id"], str(record["applicant_name"])
        if record["applicant_type"] == "1":
            seen["missing"] += number is None
            seen["E14"] += number is not None and len(number) == 11
            seen["E15"] += number is not None and len(number) == 9
            seen["E06"] += name.isascii() and name.isupper()
        else:
            seen["organisation with id"] += number is not None
        seen["no channel"] += record["channel_code"] is None
        seen["other code"] += record["procedure_code"] == "2.001195"
    assert all(seen[what] > 5 for what in ("missing", "E14", "E15", "E06", "no channel"))
    assert seen["other code"] > 2
    assert seen["organisation with id"] == 0
