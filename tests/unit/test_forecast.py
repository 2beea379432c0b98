"""Forecasts: the pace of the last four weeks, and nothing where there is too little to say."""

from datetime import date, timedelta

import pytest

from dean06.figures.forecast import at_pace

START, DUE = date(2022, 1, 6), date(2022, 12, 31)


def course(first: date, values: list[float]) -> list[tuple[date, float]]:
    return [(first + timedelta(days=n), value) for n, value in enumerate(values)]


def test_the_pace_goes_on_to_the_deadline() -> None:
    found = at_pace(course(date(2022, 12, 1), [100 + 5 * n for n in range(11)]), START, DUE, "card")
    assert found is not None
    assert (found.per_day, found.value) == (5.0, 150 + 20 * 5)


def test_only_the_last_four_weeks_count() -> None:
    points = course(date(2022, 10, 1), [1000.0] * 30 + [1000 + 2 * n for n in range(29)])
    found = at_pace(points, START, DUE, "card")
    assert found is not None
    assert found.pace_from == points[-1][0] - timedelta(days=28)
    assert found.per_day == 2.0


def test_days_before_the_period_do_not_count() -> None:
    points = course(date(2022, 10, 25), [500.0] * 7 + [0.0, 10, 20, 30, 40, 50])
    found = at_pace(points, date(2022, 11, 1), date(2022, 11, 30), "dossier")
    assert found is not None
    assert (found.pace_from, found.value) == (date(2022, 11, 1), 50 + 10 * 24)


@pytest.mark.parametrize(
    ("rate", "unit", "value"), [(0.05, "share", 1.0), (-0.05, "share", 0.0), (-9, "card", 0.0)]
)
def test_a_share_stays_a_share_and_a_count_a_count(rate: float, unit: str, value: float) -> None:
    points = course(date(2022, 11, 1), [0.5 + rate * n for n in range(8)])
    found = at_pace(points, START, DUE, unit)
    assert found is not None
    assert found.value == value


@pytest.mark.parametrize(
    "points",
    [
        [],
        course(date(2022, 11, 1), [1.0]),
        course(date(2022, 11, 1), [1.0, 2.0, 3.0, 4.0, 5.0]),
        course(date(2022, 12, 26), [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]),
    ],
    ids=["nothing", "one day", "four days", "due"],
)
def test_too_little_or_too_late(points: list[tuple[date, float]]) -> None:
    assert at_pace(points, START, DUE, "card") is None
