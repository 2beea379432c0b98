"""Missing is not zero: every publication has a row for each KPI of each unit, with a number or with
the reason why there is none.

What has to be there is read from the lists of units, of their successors and of members, not from
the statements that make the grid.
"""

import csv
from collections import defaultdict
from collections.abc import Iterable
from functools import cache
from typing import Any

import pytest

from dean06 import settings
from dean06.kpi import family
from dean06.kpi.build import build_kpis
from dean06.schema import dimensions
from tests.database.test_boundaries import _person, _visit
from tests.database.test_programme import TASKS, load_programme
from tests.lib.loading import lines_of, load_police, load_source, rows

pytestmark = pytest.mark.usefixtures("warehouse")
DAY, REFORM, AFTER = "2022-10-31", "2025-07-01", "2025-07-02"
Key = tuple[str, str, str, str, str, str]
"""KPI, boundaries, level, unit, breakdown, member."""
MERGED = {"82": ("82", {"82", "87"}), "34": ("33", {"33", "34"})}
"""Former province → the province that it is in now, with all that became it."""


def _reference(name: str) -> Iterable[dict[str, str]]:
    with (settings.REFERENCE / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(line for line in lines if not line.startswith("#"))


@cache
def _communes_on(day: str) -> dict[str, str]:
    """Communes of a day → their province."""
    found = {
        row["unit_code"]: row["province_code"]
        for row in _reference("admin_units")
        if row["unit_level"] == "commune" and row["valid_from"] <= day < (row["valid_to"] or "9999")
    }
    return found | {f"{province}:unknown": province for province in set(found.values())}


@cache
def _origins(day: str) -> dict[str, set[str]]:
    """Communes of today → former provinces that came to lie in them; of values of a day before the
    reform, those whose communes they were moved from: all of a divided one goes to one."""
    eve, origins = _communes_on("2025-06-30") | _communes_on("2022-01-01"), defaultdict(set)
    for row in _reference("admin_unit_successors"):
        if row["unit_level"] == "commune" and (row["is_default"] == "true" or day >= REFORM):
            now = row["successor_code"] or f"{row['successor_province_code']}:unknown"
            origins[now].add(eve[row["unit_code"]])
    return origins


def _units(day: str, provinces: set[str]) -> dict[str, set[tuple[str, str]]]:
    """Boundaries → units (level, code) of which these former provinces deliver."""
    current = {("province", MERGED[province][0]) for province in provinces}
    current |= {("commune", code) for code, origin in _origins(day).items() if origin & provinces}
    if day >= REFORM:
        return {"as_reported": current, "current": current}
    reported = {("province", province) for province in provinces}
    reported |= {("commune", code) for code, of in _communes_on(day).items() if of in provinces}
    return {"as_reported": reported, "current": current}


def _expected(day: str, provinces: set[str], kpis: Iterable[str]) -> set[Key]:
    members: dict[str, list[str]] = defaultdict(list)
    for row in dimensions.members():
        members[row.breakdown].append(row.member_code)
    wanted = set(kpis)
    return {
        (kpi.code, boundaries, level, unit, breakdown, member)
        for each in family.families()
        for kpi in each.kpis
        if kpi.code in wanted
        for boundaries, units in _units(day, provinces).items()
        for level, unit in units
        if level in ("province", kpi.grain)
        for breakdown in ("", *(kpi.breakdowns if level == "province" else ()))
        for member in (members[breakdown] if breakdown else [""])
    }


def _published(day: str) -> dict[Key, tuple[int | None, int | None, str | None]]:
    return {
        row[:6]: row[6:]
        for row in rows(
            """select kpi_code, boundary_version, unit_level, unit_code, breakdown, member_code,
                      numerator, denominator, missing_reason
               from mart.kpi_latest where as_of_date = :day""",
            day=day,
        )
    }


def _of_sources(*sources: str) -> list[str]:
    """KPIs that read these sources and no other."""
    return [
        code for each in family.families() if set(each.sources) == set(sources)
        for code in each.codes
    ]  # fmt: skip


def _scenario(day: str) -> None:
    """Residents in two provinces, a visit in one of them, a plan of the other; insurance came and
    brought nothing; portal and schools did not come."""
    written = {"capNhatLuc": f"{day}T08:00:00+07:00"}
    here, there = _commune_of("82", day), _commune_of("34", day)
    load_police(
        "one", day, [_person(n, place, **written) for n, place in enumerate((here, here, there))]
    )
    visit = _visit(1, "082190000001", there)
    visit["meta"]["lastUpdated"] = f"{day}T10:00:00+07:00"
    visit["period"]["start"] = f"{day}T07:30:00+07:00"
    load_source("health", "one", day, {"encounter": (lines_of([visit]), 1)})
    load_source("insurance", "one", day, {})
    load_programme("one", day, TASKS)
    build_kpis()
    assert rows("select * from ops.quarantine") == []


def _commune_of(province: str, day: str) -> str:
    """A commune of the day in which a former province lies alone."""
    if day < REFORM:
        return min(c for c, of in _communes_on(day).items() if of == province and ":" not in c)
    return min(code for code, of in _origins(day).items() if of == {province} and ":" not in code)


@pytest.mark.parametrize("least", ["1", "5"])
@pytest.mark.parametrize("day", [DAY, AFTER])
@pytest.mark.one_in(4)
def test_every_unit_has_every_kpi(day: str, least: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """On both boundaries, at every level, with every member that is declared."""
    monkeypatch.setenv("DEAN06_SMALLEST_SHOWN_COUNT", least)
    _scenario(day)
    every = [code for each in family.families() for code in each.codes]
    declared = {"", *(member.breakdown for member in dimensions.members())}
    found = {key for key in _published(day) if key[4] in declared}
    expected = _expected(day, {"34", "82"}, every)
    assert len(expected) > 11_000
    assert found - expected == set()
    assert expected - found == set()


@pytest.mark.parametrize("day", [DAY, AFTER])
@pytest.mark.one_in(2)
def test_what_is_known_is_a_number_and_the_rest_says_why(day: str) -> None:
    _scenario(day)
    with_number: dict[tuple[str, str], set[bool]] = defaultdict(set)
    reasons: dict[str, set[Any]] = defaultdict(set)
    for (code, boundaries, level, unit, *_), (numerator, _, reason) in _published(day).items():
        provinces = _provinces_of(level, unit, boundaries, day)
        for province in provinces:
            with_number[code, province].add(numerator is not None)
            reasons[code].add(reason)
    for code in _of_sources("police"):
        assert with_number[code, "82"] == with_number[code, "34"] == {True}
        assert reasons[code] <= {None, "nothing_to_count"}
    assert len(_of_sources("health", "police")) > 2
    for code in _of_sources("health", "police"):
        assert with_number[code, "34"] == {True}
        assert with_number[code, "82"] == {False}
        assert "no_records" in reasons[code]
    for code in _of_sources("insurance", "police"):
        assert reasons[code] == {"no_records"}
    late = (("portal",), ("education", "police"), ("health", "police", "portal"))
    for code in (code for sources in late for code in _of_sources(*sources)):
        assert reasons[code] == {"source_missing"}


def _provinces_of(level: str, unit: str, boundaries: str, day: str) -> set[str]:
    """The one former province of a unit; none where it is of several."""
    if boundaries == "as_reported" and day < REFORM:
        return {unit if level == "province" else _communes_on(day)[unit]}
    if level == "province":
        return {old for old, (new, _) in MERGED.items() if new == unit}
    return {old for old in MERGED if _origins(day)[unit] == {old}}


def test_members_that_are_declared_are_shown_of_totals_that_are_nothing() -> None:
    _scenario(DAY)
    campaigns = {
        key: value for key, value in _published(DAY).items() if key[0] == "programme.tasks_on_time"
    }
    assert {key[4] for key in campaigns} == {"", "owner"}
    groups = {
        key[5]: value[0]
        for key, value in _published(DAY).items()
        if key[:5] == ("programme.tasks", "as_reported", "province", "82", "group")
    }
    assert groups == {"1": 2, "2": 1, "3": 0, "4": 0, "5": 1}


@pytest.mark.campaign
def test_a_merged_province_names_the_part_that_it_covers() -> None:
    _scenario(DAY)
    shown = {
        (code, unit): (en, vi)
        for code, unit, en, vi in rows(
            """select kpi_code, unit_code, covered_en, covered_vi from mart.kpi_latest
               where as_of_date = :day and boundary_version = 'current' and breakdown = ''
                   and unit_level = 'province' and numerator is not null""",
            day=DAY,
        )
    }
    residents = "population.permanent_residents"
    assert shown[residents, "82"] == (
        "former Tiền Giang province only", "chỉ gồm Tỉnh Tiền Giang (cũ)",
    )  # fmt: skip
    assert shown[residents, "33"] == (
        "former Thái Bình province only", "chỉ gồm Tỉnh Thái Bình (cũ)",
    )  # fmt: skip
    assert rows(
        """select count(*) from mart.kpi_latest
           where boundary_version = 'as_reported' and covered_en is not null"""
    ) == [(0,)]


@pytest.mark.campaign
def test_both_parts_of_a_merged_province_are_all_of_it() -> None:
    there = min(c for c, of in _communes_on(DAY).items() if of == "87" and ":" not in c)
    load_police("one", DAY, [_person(1, _commune_of("82", DAY)), _person(2, there)])
    build_kpis()
    assert set(
        rows(
            """select numerator, covered_en from mart.kpi_latest
               where boundary_version = 'current' and unit_level = 'province'
                   and kpi_code = 'population.permanent_residents'"""
        )
    ) == {(2, None)}


def test_what_is_rounded_to_nothing_cannot_be_told_from_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A row that is there says no more than its absence did."""
    monkeypatch.setenv("DEAN06_SMALLEST_SHOWN_COUNT", "5")
    _scenario(DAY)
    shown = rows(
        """select distinct numerator, denominator, value, is_suppressed, is_rounded,
                  missing_reason, counted_on - as_of_date
           from mart.kpi_latest
           where unit_level = 'commune' and kpi_code = 'population.permanent_residents'
               and numerator = 0"""
    )
    assert len(shown) == 1
    exact = dict(
        rows(
            """select unit_code, numerator from ops.kpi_latest_exact
               where unit_level = 'commune' and boundary_version = 'as_reported'
                   and kpi_code = 'population.permanent_residents'"""
        )
    )
    assert set(exact.values()) >= {0, 1}
