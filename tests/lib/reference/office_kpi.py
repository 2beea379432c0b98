"""The KPIs of the portal's offices, counted from what a reader knows."""

import csv
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from .reader import Reading
from .rulebook import Record, day_of
from .service_kpi import REPORTED
from .service_rules import portal_moment, procedure_codes

Counts = dict[tuple[str, ...], tuple[int, int | None]]
_HOLIDAYS = Path(__file__).parents[3] / "include" / "reference" / "public_holidays.csv"
_LAW = date(2022, 6, 23)
Choice = Callable[[Record], bool]


def office_kpis(reading: Reading, as_of: date) -> dict[str, Counts]:
    """Every KPI of listings, petitions, certified copies and synchronisation."""
    found = _states(reading, as_of)
    for suffix, first in _periods(as_of):
        events = _events(reading, as_of, first)
        found |= {f"{code}{suffix}": counts for code, counts in events.items()}
    return {f"service.{code}": counts for code, counts in found.items()}


def _periods(as_of: date) -> Iterator[tuple[str, date]]:
    yield "", date.min
    quarter = as_of.month - (as_of.month - 1) % 3
    for suffix, month in ((".month", as_of.month), (".quarter", quarter), (".year", 1)):
        first = date(as_of.year, month, 1)
        yield suffix, _LAW if first < _LAW <= as_of else first


def _day(text: str | None) -> date:
    day, month, year = str(text)[:10].split("/")
    return date(int(year), int(month), int(day))


def _by(day: str | None, as_of: date) -> bool:
    return day is not None and _day(day) <= as_of


def _all_listed(reading: Reading, as_of: date) -> list[Record]:
    return [
        record
        for record in reading.current("portal.listed_procedure", as_of)
        if _by(record["signed_on"], as_of) and not _by(record["repealed_on"], as_of)
    ]


def _listed(reading: Reading, as_of: date) -> list[Record]:
    codes = procedure_codes()
    return [
        record | {"procedure": codes[str(record["procedure_code"])]}
        for record in _all_listed(reading, as_of)
        if codes[str(record["procedure_code"])] in REPORTED
    ]


def _states(reading: Reading, as_of: date) -> dict[str, Counts]:
    listed = _listed(reading, as_of)
    dated = [r for r in listed if _day(r["signed_on"]).year >= 2022]

    def is_published_in_time(record: Record) -> bool:
        published = _day(record["published_on"]) if record["published_on"] else as_of
        return _wait(_day(record["signed_on"]), min(published, as_of)) <= 5

    shares: dict[str, tuple[Iterable[Record], Choice]] = {
        "announced_in_time_share": (
            dated, lambda r: _wait(_day(r["signed_on"]), _day(r["effective_on"])) >= 5
        ),
        "published_in_time_share": (dated, is_published_in_time),
        "published_in_full_share": (
            [r for r in listed if _by(r["published_on"], as_of)],
            lambda r: r["is_complete"] == "1",
        ),
        "offered_online_share": (
            [r for r in listed if r["is_eligible_online"] == "1"],
            lambda r: r["is_offered_online"] == "1",
        ),
        "payment_set_up_share": (
            [r for r in listed if r["has_fee"] == "1"], lambda r: r["has_online_payment"] == "1"
        ),
    }  # fmt: skip
    offices = {str(record["commune_code"]): record for record in _all_listed(reading, as_of)}
    return {
        **{code: _share(reading, some, counts) for code, (some, counts) in shares.items()},
        "offices": _count(reading, offices.values()),
    }


def _events(reading: Reading, as_of: date, first: date) -> dict[str, Counts]:
    def happened(record: Record, column: str) -> bool:
        return first <= _day(record[column]) <= as_of

    codes = procedure_codes()
    dossiers = [
        record | {"procedure": codes[str(record["procedure_code"])]}
        for record in reading.current("portal.dossier", as_of)
        if happened(record, "received_at")
    ]
    used = {(d["commune_code"], d["procedure"], d["channel_code"] == "2") for d in dossiers}
    listed = _listed(reading, as_of)
    online = [
        r for r in listed
        if r["is_offered_online"] == "1" and (r["commune_code"], r["procedure"], True) in used
    ]  # fmt: skip
    with_fee = [
        r for r in listed
        if r["has_fee"] == "1" and {w[:2] for w in used} >= {(r["commune_code"], r["procedure"])}
    ]  # fmt: skip
    certified = {
        record["commune_code"]
        for record in reading.current("portal.certified_copy", as_of)
        if happened(record, "certified_at")
    }
    offices = {str(r["commune_code"]): r for r in _all_listed(reading, as_of)}
    petitions = [
        record
        for record in reading.current("portal.petition", as_of)
        if happened(record, "received_at")
    ]
    closed = {record["period_code"] for record in reading.current("portal.national_count", as_of)}
    there = {str(r["dossier_code"]) for r in reading.current("portal.national_dossier", as_of)}
    considered = [
        d for d in dossiers
        if d["procedure"] in REPORTED and f"{_day(d['received_at']):%m/%Y}" in closed
    ]  # fmt: skip
    return {
        "procedures_used_online": _count(reading, online),
        "fee_procedures_used": _count(reading, with_fee),
        "offices_certifying": _count(
            reading, [r for code, r in offices.items() if code in certified]
        ),
        "synced_share": _share(reading, considered, lambda d: str(d["dossier_code"]) in there),
        "petitions_in_time_share": _share(reading, petitions, lambda p: _is_in_time(p, as_of)),
        "petitions_satisfied_share": _share(
            reading,
            [p for p in petitions if p["rating"] and _by(p["rated_at"], as_of)],
            lambda p: p["rating"] == "1",
        ),
    }


def _is_in_time(petition: Record, as_of: date) -> bool:
    judged = portal_moment((as_of + timedelta(days=1)).strftime("%d/%m/%Y 00:00:00"))
    if petition["answered_at"] is not None:
        judged = min(judged, portal_moment(petition["answered_at"]))
    return judged <= portal_moment(petition["due_at"])


def _count(reading: Reading, some: Iterable[Record]) -> Counts:
    return {place: (below, None) for place, (_, below) in _share(reading, some, bool).items()}


def _share(reading: Reading, some: Iterable[Record], counts: Choice) -> Counts:
    province = "province", reading.world.scenario.province.code
    above: dict[tuple[str, ...], int] = defaultdict(int)
    below: dict[tuple[str, ...], int] = {province: 0}
    for record in some:
        for place in (province, ("commune", str(record["commune_code"]))):
            below[place] = below.get(place, 0) + 1
            above[place] += counts(record)
    return {place: (above[place], count) for place, count in below.items()}


@cache
def _special_days() -> dict[date, bool]:
    lines = _HOLIDAYS.read_text(encoding="utf-8").splitlines()
    rows = csv.DictReader(line for line in lines if not line.startswith("#"))
    return {day_of(row["day"]): row["is_working"] == "true" for row in rows}


@cache
def _wait(after: date, until: date) -> int:
    """Working days behind a day, up to and including another."""
    days = (after + timedelta(days=k) for k in range(1, (until - after).days + 1))
    return sum(_special_days().get(day, day.weekday() < 5) for day in days)
