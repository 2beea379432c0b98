"""The national portal's list: every planted difference is in it, and no other."""

from collections import Counter, defaultdict
from datetime import date, datetime
from typing import Any

import numpy as np
import pytest

from ministries.feeds.catalogue import feeds
from ministries.identity.world import World
from ministries.kernel.clock import day_number, end_of_day
from ministries.scenario.load import load
from ministries.servers import Running
from ministries.servers.content import Content
from ministries.truth.reconciliation import ReconciliationTruth
from ministries.world import portal_national
from ministries.world.portal_national import SHARES, NationalList
from tests.lib.clients import Portal, local
from tests.lib.reference.reader import Reading
from tests.lib.reference.rulebook import Record
from tests.lib.reference.service_rules import portal_moment, portal_record, procedure_codes

DOSSIER, LISTED, COUNT = "portal.dossier", "portal.national_dossier", "portal.national_count"
KINDS = {
    "not_synced_here", "not_known_there", "twice", "late", "other_period", "other_status",
    "other_procedure",
}  # fmt: skip
CODES = procedure_codes()
Cell = tuple[str, str]


def world(seed: int, scale: float = 0.05, scenario: str = "tien_giang_2022") -> World:
    return World(load(scenario, scale), seed)


def read(some: World, known_by: date) -> Reading:
    reading, until = Reading(some), end_of_day(day_number(known_by))
    for dataset in (DOSSIER, LISTED, COUNT):
        feed = feeds(some)[dataset]
        content = Content.of(feed, feed.order(None, until), [])
        reading.read(dataset, content.lines(0, len(content)))
    return reading


def newest(versions: dict[str, Record], until: datetime | None = None) -> Record | None:
    """The last version, or the last one by a moment."""
    known = [
        record
        for at, record in versions.items()
        if until is None or datetime.fromisoformat(at) <= until
    ]
    return max(known, key=lambda r: str(r["updated_at"]), default=None)


def period_of(dossier: Record) -> str:
    return f"{portal_moment(dossier['received_at']):%m/%Y}"


def cell_of(period: str, record: Record) -> Cell:
    return period, CODES[str(record["procedure_code"])]


class Compared:
    """Two lists laid side by side, with nothing but what was read."""

    def __init__(self, reading: Reading) -> None:
        self.kinds: dict[str, list[str]] = defaultdict(list)
        self.effects: Counter[tuple[str, Cell]] = Counter()
        self.counts: dict[Cell, int] = {}
        self.here: Counter[Cell] = Counter()
        self.closed: dict[str, datetime] = {}
        for versions in reading.versions[COUNT].values():
            record = newest(versions) or {}
            period = str(record["period_code"])
            self.counts[cell_of(period, record)] = int(str(record["dossier_count"]))
            self.closed[period] = portal_moment(record["closed_at"])
        entries: dict[str, list[Record]] = defaultdict(list)
        for _, versions in sorted(reading.versions[LISTED].items()):
            record = newest(versions) or {}
            entries[str(record["dossier_code"])].append(record)
        dossiers = reading.versions[DOSSIER]
        for code, some in entries.items():
            self._compare(code, some[0], dossiers.get(code, {}))
            for again in some[1:]:
                self._note(code, "twice", self._effect(again), cell_of_entry(again))
        for code, versions in dossiers.items():
            dossier = newest(versions) or {}
            if dossier["dossier_status"] == "9" or period_of(dossier) not in self.closed:
                continue
            self.here[cell_of(period_of(dossier), dossier)] += 1
            if code not in entries:
                self._note(code, "not_known_there", -1, cell_of(period_of(dossier), dossier))

    def _effect(self, entry: Record) -> int:
        closed = self.closed[str(entry["period_code"])]
        return int(portal_moment(entry["recorded_at"]) <= closed)

    def _note(self, code: str, kind: str, effect: int, cell: Cell) -> None:
        self.kinds[kind].append(code)
        self.effects[kind, cell] += effect

    def _compare(self, code: str, entry: Record, versions: dict[str, Record]) -> None:
        there, counted = cell_of_entry(entry), self._effect(entry)
        dossier = newest(versions)
        if dossier is None:
            self._note(code, "not_synced_here", counted, there)
            return
        here = cell_of(period_of(dossier), dossier)
        gone = entry["dossier_status"] == "9", dossier["dossier_status"] == "9"
        if all(gone):
            if counted:
                self._note(code, "late", counted, there)
            return
        assert not any(gone)
        if kind := _kind(entry, versions, there, here, counted):
            self._note(code, kind, counted, there)
            self.effects[kind, here] -= 1


def cell_of_entry(entry: Record) -> Cell:
    return cell_of(str(entry["period_code"]), entry)


def _kind(
    entry: Record, versions: dict[str, Record], there: Cell, here: Cell, counted: int
) -> str | None:
    if there[0] != here[0]:
        return "other_period"
    if there[1] != here[1]:
        return "other_procedure"
    if not counted:
        return "late"
    then = newest(versions, datetime.fromisoformat(str(entry["updated_at"]))) or {}
    return "other_status" if then["dossier_status"] != entry["dossier_status"] else None


def effects_of(rows: list[dict[str, Any]]) -> dict[tuple[str, Cell], int]:
    return {
        (row["kind"], (f"{row['period'][5:]}/{row['period'][:4]}", row["procedure"])): row["effect"]
        for row in rows
        if row["period"]
    }


@pytest.mark.parametrize(
    ("scenario", "seed", "known_by"),
    [
        ("tien_giang_2022", 1, date(2022, 10, 31)),
        ("tien_giang_2022", 2, date(2022, 10, 3)),
        ("tien_giang_2022", 3, date(2022, 11, 20)),
        ("tien_giang_2022", 4, date(2023, 6, 30)),
        ("thai_binh_2023", 5, date(2023, 5, 9)),
    ],
)
@pytest.mark.campaign
def test_the_list_differs_in_what_was_planted(scenario: str, seed: int, known_by: date) -> None:
    some = world(seed, 0.02 if scenario == "thai_binh_2023" else 0.05, scenario)
    truth = ReconciliationTruth(some, day_number(known_by))
    compared = Compared(read(some, known_by))
    found = {kind: sorted(codes) for kind, codes in compared.kinds.items()}
    assert found == truth.keys()
    assert found.keys() == KINDS
    told = {row["kind"]: row["dossiers"] for row in truth.rows() if not row["period"]}
    assert told == {kind: len(codes) for kind, codes in found.items()}
    effects = {place: n for place, n in compared.effects.items() if n}
    assert {p: n for p, n in effects.items() if p[1][0] in compared.closed} == effects_of(
        truth.rows()
    )


@pytest.mark.parametrize("seed", [1, 7])
@pytest.mark.one_in(2)
def test_counts_less_differences_are_the_dossiers(seed: int) -> None:
    some = world(seed)
    compared = Compared(read(some, date(2022, 12, 31)))
    explained: Counter[Cell] = Counter()
    for (_, cell), effect in compared.effects.items():
        explained[cell] += effect
    for cell, count in compared.counts.items():
        assert count - explained[cell] == compared.here[cell], cell
    assert sum(compared.counts.values()) > 2000
    assert 0 in compared.counts.values(), "procedures without dossiers are counted too"


def test_a_list_without_plants_differs_by_strangers_and_late_dossiers_only(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(NationalList, "plant", lambda _self, n: np.full(len(n), -1))
    compared = Compared(read(world(3), date(2022, 10, 31)))
    assert compared.kinds.keys() == {"not_synced_here", "late"}


def test_the_comparison_notices_a_break(monkeypatch: pytest.MonkeyPatch) -> None:
    some, day = world(1), date(2022, 10, 31)
    sound = ReconciliationTruth(some, day_number(day)).keys()
    monkeypatch.setattr(NationalList, "_has", lambda _self, k, _plant: np.zeros(len(k), bool))
    found = {kind: sorted(codes) for kind, codes in Compared(read(some, day)).kinds.items()}
    assert found != sound


def test_shares_of_plants_come_out() -> None:
    some = world(2, 1.0)
    n = np.arange(int(some.portal.blocks.bounds[-2]), dtype=np.int64)
    counts = np.bincount(some.national_list.plant(n) + 1, minlength=len(SHARES) + 1)[1:]
    assert np.allclose(counts / len(n), SHARES, rtol=0.15)


def test_the_list_is_on_the_wire_in_pages(servers: Running) -> None:
    portal, until = Portal(servers), local("2022-11-01")
    found: dict[str, list[Record]] = {}
    for path, dataset in (("doi-soat-ho-so", LISTED), ("doi-soat-so-luong", COUNT)):
        url, records = f"{portal.url}/dvc/v1/{path}", []
        assert portal.http.get(url, params={"capNhatDen": until}).status_code == 401
        pages = total = 1
        number = 0
        while number < pages:
            number += 1
            query = {"capNhatDen": until, "trang": number, "soLuong": 40}
            page = portal.http.get(url, params=query, headers=portal.headers).json()
            pages, total = page["tongTrang"], page["tongSo"]
            records += page["duLieu"]
        assert len(records) == total > 80
        found[dataset] = [r for e in records if (r := portal_record(e, dataset))]
    months = {str(r["period_code"]) for r in found[COUNT]}
    assert months == {f"{month:02}/2022" for month in range(1, 10)}
    assert sum(int(str(r["dossier_count"])) for r in found[COUNT]) > 80


def test_a_period_closes_after_two_days_of_the_next_month() -> None:
    period = np.array([8, 11, 13], dtype=np.int64)
    days = portal_national.list_day(period).tolist()
    assert days == [day_number(d) for d in (date(2022, 10, 3), date(2023, 1, 3), date(2023, 3, 3))]
