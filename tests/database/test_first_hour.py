"""The ten questions of docs/first-hour.md: each query as it stands there, against our counts."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from dean06.reference import tables
from tests.conftest import Cluster
from tests.lib import first_hour, newest_day
from tests.lib.disclosure.made_up import Values
from tests.lib.first_hour import ACCOUNTS, VERIFIED, queries
from tests.lib.newest_day import BEFORE, BETWEEN, NEWEST, PROVINCE, told
from tests.lib.published import seen_by_bi

Answer = list[tuple[Any, ...]]


@pytest.fixture(scope="module")
def days(cluster: Cluster, migrated: str) -> Iterator[dict[date, Values]]:
    with newest_day.published(cluster, migrated) as found:
        yield found


@pytest.fixture(scope="module")
def answers(days: dict[date, Values]) -> dict[int, Answer]:
    return {number: seen_by_bi(query) for number, query in queries().items()}


@pytest.fixture(scope="module")
def names() -> dict[str, str]:
    return first_hour.names()


@pytest.fixture(scope="module")
def full_names() -> dict[str, str]:
    return first_hour.full_names()


def communes(kpi_code: str) -> dict[str, tuple[int, int | None, Decimal]]:
    """What communes are shown with: numerator, denominator, value."""
    return {
        unit: row[:3]
        for (code, level, unit), row in told(NEWEST).items()
        if (code, level) == (kpi_code, "commune")
    }


def province(kpi_code: str, day: date) -> Decimal:
    return told(day)[kpi_code, "province", PROVINCE][2]


def test_there_are_ten_questions() -> None:
    assert list(queries()) == list(range(1, 11))


def test_how_many_accounts(answers: dict[int, Answer], days: dict[date, Values]) -> None:
    now, then = (
        newest_day.exact(days[day], ACCOUNTS, "province")[PROVINCE][0] for day in (NEWEST, BEFORE)
    )
    assert now > then > 0
    assert answers[1] == [(NEWEST, "Tỉnh Tiền Giang", now, BEFORE, now - then)]


def test_communes_with_the_most(answers: dict[int, Answer], full_names: dict[str, str]) -> None:
    shown = communes(ACCOUNTS)
    first = sorted(shown, key=lambda unit: (-shown[unit][2], unit))[:10]
    assert [row[:2] for row in answers[2]] == [(full_names[u], shown[u][2]) for u in first]
    assert {row[2:] for row in answers[2]} == {(9, NEWEST)}


def test_accounts_by_district(
    answers: dict[int, Answer], days: dict[date, Values], names: dict[str, str]
) -> None:
    of_the_list = newest_day.districts()
    summed, many, true = Counter(), Counter(), Counter()
    for unit, (counted, _, _) in communes(ACCOUNTS).items():
        summed[of_the_list[unit]] += counted
        many[of_the_list[unit]] += 1
    for unit, (counted, _) in newest_day.exact(days[NEWEST], ACCOUNTS, "commune").items():
        true[names[of_the_list[unit]]] += counted
    expected = sorted(summed, key=lambda district: (-summed[district], district))
    assert answers[3] == [(names[d], summed[d], 9 * many[d], many[d], 0) for d in expected]
    assert all(abs(true[row[0]] - row[1]) <= row[2] for row in answers[3])


def test_communes_beside_the_province(answers: dict[int, Answer], days: dict[date, Values]) -> None:
    shown = communes(ACCOUNTS)
    exact = newest_day.exact(days[NEWEST], ACCOUNTS, "province")[PROVINCE][0]
    summed = sum(counted for counted, _, _ in shown.values())
    assert answers[4] == [(summed, 9 * len(shown), exact, 0)]
    assert abs(summed - exact) <= 9 * len(shown)


def test_targets_missed_or_behind(answers: dict[int, Answer]) -> None:
    accounts = next(row for row in answers[5] if row[0] == "e-ID accounts")
    assert accounts == (
        "e-ID accounts", "Tài khoản định danh điện tử", "Tỉnh Tiền Giang",
        province(ACCOUNTS, NEWEST), ">=", 150_000, date(2022, 12, 31), "behind", "chậm tiến độ",
    )  # fmt: skip
    assert all(value < target for _, _, _, value, _, target, *_ in answers[5])


def test_what_changed_most(answers: dict[int, Answer]) -> None:
    now, then = told(NEWEST), told(BEFORE)
    moved = {}
    for key in now:
        if key[1] == "province" and now[key][2] is not None and then[key][2]:
            change = now[key][2] - then[key][2]
            if change:
                moved[key[0]] = (then[key][2], now[key][2], change)
    first = sorted(moved, key=lambda code: (-abs(moved[code][2] / moved[code][0]), code))[:10]
    assert len(first) == 10
    assert [row[2:] for row in answers[6]] == [moved[code] for code in first]


def test_what_has_no_value(answers: dict[int, Answer]) -> None:
    of_the_list = newest_day.districts()
    expected: Counter[tuple[str, str]] = Counter()
    whole: dict[tuple[str, str], int] = defaultdict(int)
    many: Counter[tuple[str, str]] = Counter()
    for (code, level, unit), (_, denominator, value, reason) in told(NEWEST).items():
        if value is None:
            expected[level, reason] += 1
        if level == "commune" and denominator is not None:
            whole[code, of_the_list[unit]] += denominator
            many[code, of_the_list[unit]] += 1
    expected["district", "rounded_to_nothing"] = list(whole.values()).count(0)
    expected["district", "too_rough"] = sum(
        counted > 0 and 9 * many[place] > 0.05 * counted for place, counted in whole.items()
    )
    assert expected["district", "too_rough"] > 0
    assert {row[:2]: row[-1] for row in answers[7]} == +expected
    assert expected["commune", "rounded_to_nothing"] > 0
    assert all(row[2] and row[3] for row in answers[7])


def test_lowest_shares(answers: dict[int, Answer], full_names: dict[str, str]) -> None:
    shown = {unit: row for unit, row in communes(VERIFIED).items() if row[1] >= 50}
    first = sorted(shown, key=lambda unit: (shown[unit][2], unit))[:10]
    assert len(first) > 3
    assert answers[8] == [
        (
            full_names[unit],
            shown[unit][2],
            shown[unit][0],
            shown[unit][1],
            min(1, math.ceil(9_000_000 / shown[unit][1]) / Decimal(1_000_000)),
        )
        for unit in first
    ]


def test_share_of_several_communes(answers: dict[int, Answer], names: dict[str, str]) -> None:
    of_the_list = newest_day.districts()
    summed: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    many: Counter[str] = Counter()
    for unit, (numerator, denominator, _) in communes(VERIFIED).items():
        summed[names[of_the_list[unit]]][0] += numerator
        summed[names[of_the_list[unit]]][1] += denominator
        many[names[of_the_list[unit]]] += 1
    assert {row[0]: [row[1], row[2]] for row in answers[9]} == summed
    shares = [row[4] for row in answers[9] if row[4] is not None]
    assert shares == sorted(shares)
    for name, numerator, denominator, off_by, share in answers[9]:
        expected = min(1.0, 9 * many[name] / float(denominator)) if denominator else 1.0
        assert float(off_by) == pytest.approx(expected), name
        if expected > 0.05:
            assert share is None, name
        else:
            assert float(share) == pytest.approx(float(numerator / denominator)), name


@pytest.mark.usefixtures("days")
def test_a_breakdown() -> None:
    (query,) = first_hour.unnumbered()
    found = seen_by_bi(query)
    assert {row[1] for row in found} <= {each.name_vi for each in tables.procedures()}
    assert len({row[0] for row in found}) == len(found)
    # The made-up province has dossiers of four procedures.
    assert sum(row[2] is not None for row in found) == 4
    for name, _, value, numerator, denominator, reason_en, reason_vi in found:
        assert (value is None) == bool(reason_en) == bool(reason_vi), name
        assert value is None or value == round(Decimal(numerator) / denominator, 6), name


def test_how_it_developed(answers: dict[int, Answer]) -> None:
    assert answers[10] == [(day, province(ACCOUNTS, day)) for day in (BEFORE, BETWEEN, NEWEST)]
