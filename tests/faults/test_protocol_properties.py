"""The load protocol against a model: any history of deliveries ends where one delivery of all ends.

The model below is written from the decisions alone (docs/decisions/0001), in dictionaries, and
knows no SQL. Hypothesis draws histories: several versions of a key, two contents of one version,
withdrawals, days corrected backwards, copies, records nobody can read, deliveries sent again and
out of order. ``--hypothesis-profile campaign`` draws many more.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dean06 import contract
from dean06.load import ledger
from tests.conftest import Cluster
from tests.lib.loading import books, load_source, rows

pytestmark = pytest.mark.campaign

_COMMON = {
    "database": None,
    "deadline": None,
    "suppress_health_check": [HealthCheck.too_slow, HealthCheck.data_too_large],
}
settings.register_profile("repeatable", max_examples=10, derandomize=True, **_COMMON)
settings.register_profile("campaign", max_examples=600, **_COMMON)
if settings.get_current_profile_name() != "campaign":
    settings.load_profile("repeatable")

HEADER = (
    "ma_so_bhxh,ho_ten,ngay_sinh,gioi_tinh,so_dinh_danh,ma_the_bhyt,ma_doi_tuong,ma_xa,tu_ngay,"
    "den_ngay,trang_thai,loai_thay_doi,ngay_hieu_luc,cap_nhat_luc"
)
OUTCOMES = ("inserted", "updated", "unchanged", "deleted", "superseded", "quarantined")


@dataclass(frozen=True)
class Record:
    """One version of one participant as a delivery says it; ``key`` None is one nobody can read."""

    key: int | None
    version: int
    day: int
    withdrawn: bool
    content: int

    @property
    def line(self) -> str:
        if self.key is None:
            return "820000000X,cut off"
        change = "D" if self.withdrawn else "U"
        return (
            f"82000000{self.key:02},Nguyễn Thị Thử {chr(65 + self.content)},01/02/1980,2,,,HT,"
            f"28249,2022-01-01,,dang_tham_gia,{change},2022-10-{self.day:02},"
            f"2022-10-{self.version:02}T08:00:00+07:00"
        )


Core = dict[int, dict[int, Record]]
"""Key → version → what it says."""


class Model:
    """What decision 0001 says becomes of deliveries. ``greater``: contents that win a version."""

    def __init__(self, greater: frozenset[Record]) -> None:
        self._greater = greater
        self.core: Core = {}

    def take(self, delivery: Iterable[Record]) -> Counter[str]:
        """Accept a delivery; returns how many of its records came to what."""
        told: Counter[str] = Counter()
        known = {key: dict(versions) for key, versions in self.core.items()}
        by_version: dict[tuple[int, int], list[Record]] = {}
        for record in delivery:
            if record.key is None:
                told["quarantined"] += 1
            else:
                by_version.setdefault((record.key, record.version), []).append(record)
        for (key, version), copies in by_version.items():
            told["superseded"] += len(copies) - 1
            kept = max(copies, key=self._rank)
            before = known.get(key, {}).get(version)
            if before is None or self._rank(kept) > self._rank(before):
                self.core.setdefault(key, {})[version] = kept
        for (key, _), copies in by_version.items():
            kept = max(copies, key=self._rank)
            told[self._outcome(kept, known.get(key, {}), max(self.core[key]))] += 1
        return told

    def _outcome(self, kept: Record, known: dict[int, Record], newest: int) -> str:
        before = known.get(kept.version)
        if before == kept:
            return "unchanged"
        lost = before is not None and self._rank(before) > self._rank(kept)
        if lost or kept.version < newest:
            return "superseded"
        if kept.withdrawn:
            return "deleted"
        return "updated" if known else "inserted"

    def _rank(self, record: Record) -> bool:
        return record in self._greater

    def said(self) -> list[tuple[str, int, str, int, bool, bool, int | None]]:
        """Core as it must read: which version is current, until which day each one holds."""
        found = []
        for key, versions in sorted(self.core.items()):
            newest = versions[max(versions)]
            in_turn = sorted(versions.values(), key=lambda v: (v.day, v.version))
            for version, following in zip(in_turn, [*in_turn[1:], None], strict=True):
                ends = [following.day] if following else []
                if newest.withdrawn and version is not newest:
                    ends.append(newest.day)
                found.append(
                    (
                        f"82000000{key:02}", version.version, chr(65 + version.content),
                        version.day, version.withdrawn, version is newest,
                        min(ends) if ends else None,
                    )
                )  # fmt: skip
        return sorted(found)


def _core() -> list[tuple[object, ...]]:
    return rows(
        """select bhxh_code, extract(day from updated_at)::int, right(full_name, 1),
                  extract(day from effective_on)::int, is_deleted, _is_current,
                  extract(day from _valid_to)::int
           from core.insurance__participant order by bhxh_code, updated_at"""
    )


@st.composite
def _records(draw: st.DrawFn) -> list[Record]:
    """Every record that exists: some keys, some versions of each, up to two contents of each."""
    found = []
    for key in range(draw(st.integers(2, 6))):
        for version in draw(st.sets(st.integers(1, 28), min_size=1, max_size=4)):
            found += [
                Record(key, version, draw(st.integers(1, 28)), draw(st.booleans()), content)
                for content in range(draw(st.integers(1, 2)))
            ]
    return found


@st.composite
def histories(draw: st.DrawFn) -> list[list[Record]]:
    """Deliveries of those records: overlapping, with copies, in any order, some sent again."""
    existing = st.sampled_from(draw(_records()))
    unreadable = st.just(Record(None, 0, 0, withdrawn=False, content=0))
    one = st.one_of(existing, existing, existing, existing, unreadable)
    deliveries = draw(st.lists(st.lists(one, max_size=24), min_size=2, max_size=3))
    again = draw(st.lists(st.sampled_from(deliveries), max_size=1))
    return [*deliveries, *again]


def _load(run: str, day: int, delivery: list[Record]) -> dict[str, int]:
    body = "\n".join([HEADER, *(record.line for record in delivery), ""]).encode()
    load_source("insurance", run, f"2022-10-{day}", {"participant": (body, len(delivery))})
    return books(ledger.current_load(contract.load("insurance").dataset("participant"), run))


def _greater(records: Iterable[Record]) -> frozenset[Record]:
    """Of two contents of one version, the one that core kept: which one is the loader's choice."""
    kept = {(code, version): content for code, version, content, *_ in _core()}
    return frozenset(
        record
        for record in records
        if record.key is not None
        and kept[f"82000000{record.key:02}", record.version] == chr(65 + record.content)
    )


@given(histories(), st.permutations((28, 29, 30, 31)))
def test_any_history_ends_as_one_delivery_of_everything(
    cluster: Cluster, migrated: str, history: list[list[Record]], days: list[int]
) -> None:
    union = [record for delivery in history for record in delivery]
    with cluster.copy(migrated):
        at_once = _load("at once", 31, union)
        expected, greater = _core(), _greater(union)
    model = Model(greater)
    _agrees(at_once, len(union), model.take(union))
    assert expected == model.said()

    model = Model(greater)
    with cluster.copy(migrated):
        for number, delivery in enumerate(history):
            counts = _load(f"run {number}", days[number], delivery)
            _agrees(counts, len(delivery), model.take(delivery))
            assert _core() == model.said()
        assert _core() == expected


def _agrees(counts: dict[str, int], received: int, told: Counter[str]) -> None:
    assert counts["received"] == received == sum(counts[outcome] for outcome in OUTCOMES)
    assert {outcome: counts[outcome] for outcome in OUTCOMES} == {
        outcome: told[outcome] for outcome in OUTCOMES
    }
