"""``mart.kpi_now``: the newest day by KPI, unit and period, and sums that do not mislead."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from dean06.figures import standing
from dean06.kpi import family
from dean06.privacy import readers
from dean06.reference import unit_names
from dean06.warehouse import transaction
from tests.conftest import Cluster
from tests.lib import newest_day
from tests.lib.disclosure.made_up import Values
from tests.lib.newest_day import BEFORE, COMMUNES, NEWEST, PROVINCE
from tests.lib.published import seen_by_bi

ACCOUNTS, SHARE, PERSONS = "eid.accounts", "insurance.verified_share", "insurance.participants"
LEVELS = ("province", "district", "commune")


@pytest.fixture(scope="module")
def days(cluster: Cluster, migrated: str) -> Iterator[dict[date, Values]]:
    with newest_day.published(cluster, migrated) as found:
        yield found


@pytest.fixture(scope="module")
def now(days: dict[date, Values]) -> list[Any]:
    """The whole view, as a BI tool reads it."""
    with transaction(role=readers.BI) as session:
        return list(session.rows("select * from mart.kpi_now"))


def test_every_value_is_the_newest_one_on_the_boundaries_of_its_day(now: list[Any]) -> None:
    told = newest_day.told(NEWEST)
    assert Counter(level for _, level, _ in told) > Counter(province=20, commune=20 * COMMUNES)
    assert {row.as_of_date for row in now} == {NEWEST}
    found = {
        (row.kpi_code, row.unit_level, row.unit_code): (
            row.numerator, row.denominator, row.value, row.missing_reason,
        )
        for row in now
        if row.unit_level != "district"
    }  # fmt: skip
    assert found == told


def test_a_kpi_has_one_row_a_unit(now: list[Any]) -> None:
    found = Counter((row.kpi_code, row.unit_level, row.unit_code) for row in now)
    assert {key for key, count in found.items() if count > 1} == set()


def test_names_tell_all_units_apart(now: list[Any]) -> None:
    names: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in now:
        for name in (row.unit_full_name, row.unit_full_name_en):
            names[row.unit_level, name].add(row.unit_code)
            assert row.province_name in ("Tỉnh Tiền Giang",)
    assert {name for name, units in names.items() if len(units) > 1} == set()
    with transaction(role=readers.BI) as session:
        wards = session.rows(
            """select unit_full_name, unit_full_name_en from mart.unit_now
               where province_code = '82' and unit_name = 'Phường 1' order by 1"""
        )
    assert [tuple(row) for row in wards] == [
        ("Phường 1, Thành phố Mỹ Tho, Tỉnh Tiền Giang",
         "ward 1, Mỹ Tho city, Tiền Giang province"),
        ("Phường 1, Thị xã Cai Lậy, Tỉnh Tiền Giang",
         "ward 1, Cai Lậy town, Tiền Giang province"),
        ("Phường 1, Thị xã Gò Công, Tỉnh Tiền Giang",
         "ward 1, Gò Công town, Tiền Giang province"),
    ]  # fmt: skip


def test_pages_name_units_as_the_view_does(now: list[Any]) -> None:
    with transaction(role=readers.BI) as session:
        units = session.rows(
            """select unit_level, unit_code, unit_full_name, unit_full_name_en from mart.unit_now
               where not is_unknown"""
        )
    assert len(units) > 10_000
    named = {(level, code): (vi, en) for level, code, vi, en in units}
    day = newest_day.NEWEST
    pages = {unit: unit_names.full_name(*unit, day) for unit in named}
    assert named == {unit: (name.vi, name.en) for unit, name in pages.items()}


def test_the_district_of_a_commune_is_that_of_the_list(now: list[Any]) -> None:
    of_the_list = newest_day.districts()
    found = {row.unit_code: row.district_code for row in now if row.unit_level == "commune"}
    assert len(found) == COMMUNES
    assert found == {unit: of_the_list[unit] for unit in found}


def test_a_district_is_the_sum_of_what_its_communes_are_shown_with(now: list[Any]) -> None:
    """Of published numbers and of nothing else, so it reveals nothing that they do not."""
    of_the_list = newest_day.districts()
    adds_up = {kpi.code for each in family.families() for kpi in each.kpis
               if kpi.additivity != "non_additive"}  # fmt: skip
    summed: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    for (code, level, unit), (numerator, denominator, *_) in newest_day.told(NEWEST).items():
        if level == "commune" and code in adds_up:
            summed[code, of_the_list[unit]][0] += numerator
            summed[code, of_the_list[unit]][1] += denominator or 0
    found = {
        (row.kpi_code, row.unit_code): [row.numerator, row.denominator or 0]
        for row in now
        if row.unit_level == "district"
    }
    assert len({unit for _, unit in found}) > 1
    assert found == dict(summed)


def test_persons_have_no_district_for_they_do_not_add_up(now: list[Any]) -> None:
    levels = {row.unit_level for row in now if row.kpi_code == PERSONS}
    assert levels == {"province", "commune"}


@pytest.mark.parametrize("code", [ACCOUNTS, SHARE])
def test_no_count_is_off_by_more_than_the_view_says(
    now: list[Any], days: dict[date, Values], code: str
) -> None:
    of_the_list = newest_day.districts()
    true: Counter[tuple[str, str]] = Counter()
    for level in ("province", "commune"):
        for unit, (counted, _) in newest_day.exact(days[NEWEST], code, level).items():
            true[level, unit] += counted
            if level == "commune":
                true["district", of_the_list[unit]] += counted
    seen = dict.fromkeys(LEVELS, 0)
    for row in now:
        if row.kpi_code == code and row.counted_on == NEWEST:
            assert abs(row.numerator - true[row.unit_level, row.unit_code]) <= row.off_by_at_most
            assert (row.off_by_at_most > 0) == row.is_rounded == (row.unit_level != "province")
            seen[row.unit_level] += 1
    assert seen["province"] == 1
    assert seen["district"] > 1
    assert seen["commune"] == COMMUNES


def test_change_is_against_the_day_a_week_or_more_before(now: list[Any]) -> None:
    before, told = newest_day.told(BEFORE), newest_day.told(NEWEST)
    assert {row.compared_on for row in now} == {BEFORE}
    compared = Counter()
    for row in now:
        key = (row.kpi_code, row.unit_level, row.unit_code)
        if row.change is not None and row.unit_level != "district":
            assert (row.value_before, row.change) == (before[key][2], told[key][2] - before[key][2])
        compared[row.unit_level, row.not_compared is None] += 1
        assert (row.not_compared is None) == (row.change is not None)
        assert (row.not_compared is None) == (row.not_compared_en is None)
        assert (row.not_compared is None) == (row.not_compared_vi is None)
    assert all(compared[level, True] for level in LEVELS), compared


def test_a_district_changes_by_what_its_communes_change(now: list[Any]) -> None:
    communes: dict[str, list[Any]] = defaultdict(list)
    for row in now:
        if row.kpi_code == ACCOUNTS and row.unit_level == "commune":
            communes[row.district_code].append(row.change)
    found = {row.unit_code: row.change for row in now
             if row.kpi_code == ACCOUNTS and row.unit_level == "district"}  # fmt: skip
    assert found == {unit: sum(changes) for unit, changes in communes.items()}


def test_communes_behind_a_total_are_counted(now: list[Any]) -> None:
    row = next(r for r in now if (r.kpi_code, r.unit_level) == (SHARE, "province"))
    assert (row.commune_count, row.hidden_commune_count) == (COMMUNES, 0)
    nothing = [r for r in now if (r.kpi_code, r.unit_level, r.value) == (SHARE, "commune", None)]
    assert row.no_value_commune_count == len(nothing)
    by_district = Counter(
        {r.unit_code: r.commune_count for r in now
         if (r.kpi_code, r.unit_level) == (SHARE, "district")}
    )  # fmt: skip
    assert sum(by_district.values()) == COMMUNES


def test_a_kpi_has_the_status_that_its_page_shows(now: list[Any]) -> None:
    with transaction(role=readers.BI) as session:
        targets = session.rows("select * from mart.kpi_status where as_of_date = :day", day=NEWEST)
    shown = {row.target_id: row.status for row in targets}
    assert "behind" in shown.values()
    lines: dict[str, list[standing.Target]] = defaultdict(list)
    for row in targets:
        if row.unit_code == PROVINCE and not row.breakdown:
            lines[row.kpi_code].append(standing.Target(row, None))
    expected = {}
    for code, its_targets in lines.items():
        value = SimpleNamespace(base_code=code, position=0)
        (each,) = standing.of([standing.Line(value, (), tuple(its_targets))])
        expected[code] = (each.target.row.target_id, each.status, len(its_targets))
    found = {
        row.kpi_code: (row.target_id, row.status, row.target_count)
        for row in now
        if row.unit_level == "province" and row.target_id
    }
    assert found == {code: each for code, each in expected.items() if code in
                     {row.kpi_code for row in now}}  # fmt: skip
    assert (ACCOUNTS in found, len(found) > 1) == (True, True)


def _publish(day: str, values: list[tuple[Any, ...]]) -> None:
    """KPI, level, unit, numerator, whether hidden, boundaries, day of a rounded count or None."""
    with transaction() as session:
        session.run(
            """insert into mart.kpi_publication (as_of_date, source_codes, reason, smallest_shown)
               values (:day, '{police}', 'test', 5)""",
            day=day,
        )
        for code, level, unit, numerator, boundaries, counted_on in values:
            session.run(
                """insert into mart.kpi_value (publication_id, as_of_date, kpi_code, kpi_version,
                       unit_level, unit_code, boundary_version, province_code, numerator, value,
                       is_suppressed, is_rounded, counted_on)
                   select max(publication_id), :day, :code, :version, :level, :unit, :boundaries,
                       '82', :n, :n, cast(:n as bigint) is null, cast(:on as date) is not null,
                       cast(:on as date)
                   from mart.kpi_publication""",
                day=day, code=code, version=family.versions()[code], level=level, unit=unit,
                boundaries=boundaries, n=numerator, on=counted_on,
            )  # fmt: skip


def _seen(code: str) -> dict[str, tuple[Any, ...]]:
    return {
        unit: tuple(rest)
        for unit, *rest in seen_by_bi(
            """select unit_code, numerator, missing_reason, hidden_commune_count, change,
                      not_compared
               from mart.kpi_now where kpi_code = :code""",
            code=code,
        )
    }


@pytest.mark.usefixtures("warehouse")
def test_what_is_hidden_is_counted_and_leaves_its_district_without_a_number() -> None:
    reported, current = "as_reported", "current"
    _publish("2022-10-24", [(ACCOUNTS, "province", "82", 60, reported, None)])
    _publish("2022-10-31", [
        (ACCOUNTS, "province", "82", 70, reported, None),
        (ACCOUNTS, "province", "82", 70, current, None),
        (ACCOUNTS, "commune", "28249", 40, reported, "2022-10-31"),
        (ACCOUNTS, "commune", "28252", None, reported, None),
        (ACCOUNTS, "commune", "28249", 90, current, "2022-10-31"),
    ])  # fmt: skip
    assert _seen(ACCOUNTS) == {
        "82": (70, None, 1, 10, None),
        "28249": (40, None, None, None, "not_published"),
        "28252": (None, "hidden", None, None, "not_published"),
        "815": (None, "hidden", 1, None, "not_published"),
    }


@pytest.mark.usefixtures("warehouse")
def test_what_begins_again_or_is_not_counted_again_has_no_change() -> None:
    month = "eid.accounts_new_month"
    places = (("province", "82", None), ("commune", "28249", "2022-10-28"))
    told = [
        (code, level, unit, 20, "as_reported", on)
        for code in (ACCOUNTS, month)
        for level, unit, on in places
    ]
    _publish("2022-10-28", told)
    _publish("2022-11-05", told)
    assert _seen(ACCOUNTS) == {
        "82": (20, None, 0, 0, None),
        "28249": (20, None, None, None, "not_counted_again"),
        "815": (20, None, 0, None, "not_counted_again"),
    }
    assert {row[-1] for row in _seen(month).values()} == {"other_period"}
