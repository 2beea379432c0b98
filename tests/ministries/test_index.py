"""The file of all versions says of every window what sorting the window alone would say."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from ministries.feeds import order as orders
from ministries.feeds.catalogue import feeds
from ministries.feeds.index import Index
from ministries.feeds.order import Order, Rearranged
from ministries.identity.world import World
from ministries.kernel.clock import DAY, end_of_day
from ministries.scenario.load import load

WORLD = World(load("tien_giang_2022", 0.002), 5)
ANCHOR = WORLD.scenario.calendar.anchor
DATASETS = (
    "police.resident",
    "police.household",
    "insurance.participant",
    "health.encounter",
    "portal.dossier",
)


def same(one: Order, two: Order) -> bool:
    pairs = ((one.number, two.number), (one.slot, two.slot), (one.at, two.at), (one.bad, two.bad))
    return all(np.array_equal(a, b) for a, b in pairs)


def sorted_at_once(dataset: str, since: int | None, until: int) -> Order:
    """The window without blocks and files: everything in memory, one sort."""
    feed = feeds(WORLD)[dataset]
    told = feed.told(-(10**12) if since is None else since, until)
    whole = feed.unpacked(np.concatenate(told.parts))
    ranked = whole.take(np.lexsort((whole.slot, feed.sort_key(whole.number), whole.at)))
    again = [feed.unpacked(part) for part in told.resent]
    return Order(
        *(
            np.concatenate([getattr(part, name) for part in (ranked, *again)])
            for name in ("number", "slot", "at", "bad")
        )
    )


@pytest.mark.parametrize("dataset", DATASETS)
@pytest.mark.parametrize("days", [None, 1, 20])
def test_a_window_is_what_sorting_it_would_give(
    dataset: str, days: int | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(orders, "_BLOCK", 256)  # many blocks, as at full scale
    index = Index(feeds(WORLD)[dataset], tmp_path / "all.versions", end_of_day(ANCHOR + 30))
    until = end_of_day(ANCHOR)
    since = None if days is None else until - days * DAY
    expected = sorted_at_once(dataset, since, until)
    window = index.window(since, until)
    assert len(window) == len(expected)
    assert len(expected) or days == 1
    assert same(window.take(slice(0, len(window))), expected)
    assert same(feeds(WORLD)[dataset].order(since, until), expected)
    pieces = [window.take(slice(start, start + 7)) for start in range(0, min(len(window), 70), 7)]
    assert [n for piece in pieces for n in piece.number] == expected.number[:70].tolist()
    last = window.take(slice(max(len(window) - 5, 0), len(window) + 5))
    assert same(last, expected.take(slice(len(expected) - 5, None)))
    mixed = np.random.default_rng(1).permutation(len(window))
    assert same(Rearranged(window, mixed).take(slice(3, 90)), expected.take(mixed[3:90]))


def test_windows_beside_each_other_hold_every_version_once(tmp_path: Path) -> None:
    feed = feeds(WORLD)["police.resident"]
    index = Index(feed, tmp_path / "all.versions", end_of_day(ANCHOR))
    cuts = [None, 40 * DAY, end_of_day(ANCHOR - 1), end_of_day(ANCHOR)]
    sizes = [len(index.window(a, b)) for a, b in pairwise(cuts) if b]
    assert sum(sizes) == len(index.window(None, end_of_day(ANCHOR)))
    assert len(index.window(end_of_day(ANCHOR), end_of_day(ANCHOR))) == 0


def test_the_file_is_written_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    feed = feeds(WORLD)["police.household"]
    index = Index(feed, tmp_path / "all.versions", end_of_day(ANCHOR))
    size = len(index.window(None, end_of_day(ANCHOR)))
    monkeypatch.setattr(type(feed), "told", None)
    assert len(index.window(None, end_of_day(ANCHOR))) == size
    assert sorted(path.name for path in tmp_path.iterdir()) == ["all.resent", "all.versions"]
