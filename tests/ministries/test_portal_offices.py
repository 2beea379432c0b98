"""What the portal sends of its offices adds up to the truth, which never looks at versions."""

from collections import defaultdict
from datetime import date

import pytest

from ministries.feeds.catalogue import feeds
from ministries.identity.world import World
from ministries.kernel.clock import day_number, end_of_day
from ministries.kernel.draws import Ints
from ministries.scenario.load import load
from ministries.servers.content import Content
from ministries.truth.offices import OfficeFigures
from ministries.world.portal_copies import Copies
from ministries.world.portal_listings import Listings
from ministries.world.portal_petitions import Petitions
from tests.lib.reference.office_kpi import Counts, office_kpis
from tests.lib.reference.reader import Reading

ANCHOR = date(2022, 10, 31)


def world(seed: int, scenario: str = "tien_giang_2022") -> World:
    return World(load(scenario, 0.05), seed)


def read(some: World, known_by: date) -> Reading:
    reading, until = Reading(some), end_of_day(day_number(known_by))
    for dataset, feed in feeds(some).items():
        if dataset.startswith("portal."):
            content = Content.of(feed, feed.order(None, until), [])
            reading.read(dataset, content.lines(0, len(content)))
    return reading


def truth(some: World, as_of: date, known_by: date) -> dict[str, Counts]:
    found: dict[str, Counts] = defaultdict(dict)
    for row in OfficeFigures(some, day_number(as_of), day_number(known_by)).rows():
        place = row["unit_level"], row["unit_code"]
        found[row["code"]][place] = row["numerator"], row["denominator"]
    return found


@pytest.mark.parametrize(
    ("scenario", "seed", "as_of", "known_by"),
    [
        ("tien_giang_2022", 1, ANCHOR, ANCHOR),
        ("tien_giang_2022", 2, date(2022, 6, 30), date(2022, 11, 5)),
        ("tien_giang_2022", 3, date(2022, 2, 10), date(2022, 2, 12)),
        ("thai_binh_2023", 4, date(2023, 5, 9), date(2023, 5, 9)),
    ],
)
@pytest.mark.one_in(4)
def test_what_is_read_to_the_end_is_the_truth(
    scenario: str, seed: int, as_of: date, known_by: date
) -> None:
    some = world(seed, scenario)
    said = truth(some, as_of, known_by)
    assert office_kpis(read(some, known_by), as_of) == said
    assert len(said) == 6 + 4 * 6
    province = "province", some.scenario.province.code
    assert said["service.announced_in_time_share"][province][0] > 0


def _a_month_later(self: Petitions, k: Ints) -> Ints:
    return _DUE(self, k) + 30 * 86_400


def _never_repealed(self: Listings, k: Ints) -> dict[int, Ints]:
    return {slot: at for slot, at in _UPDATES(self, k).items() if slot != 2}


def _elsewhere(self: Copies, k: Ints) -> Ints:
    return (_COMMUNE(self, k) + 1) % len(self.places.communes)


_DUE, _UPDATES, _COMMUNE = Petitions.due, Listings.updates, Copies.commune


@pytest.mark.parametrize(
    ("owner", "name", "broken"),
    [
        (Petitions, "due", _a_month_later),
        (Listings, "updates", _never_repealed),
        (Copies, "commune", _elsewhere),
    ],
)
@pytest.mark.campaign
def test_the_comparison_notices_a_break(
    monkeypatch: pytest.MonkeyPatch, owner: type, name: str, broken: object
) -> None:
    some = world(1)
    sound = truth(some, ANCHOR, ANCHOR)
    monkeypatch.setattr(owner, name, broken)
    assert office_kpis(read(some, ANCHOR), ANCHOR) != sound
