"""Nobody computes a small count, or a small change, from all that was ever published.

Solved for by linear programming over every publication of made-up days together: both boundaries,
all KPIs, revisions. Protected are counts of persons from one to four, and changes by one to four
from one day to the next and from one publication of a day to the next. None may have one answer.
"""

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest

from dean06.kpi import disclosure
from dean06.warehouse import transaction
from tests.lib.disclosure import made_up
from tests.lib.disclosure.made_up import State
from tests.lib.disclosure.protected import SMALLEST, attacked, changes

pytestmark = pytest.mark.usefixtures("warehouse")
DOSSIERS = "id_card.dossiers_received"


@pytest.fixture(autouse=True)
def hide_below_five(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEAN06_SMALLEST_SHOWN_COUNT", str(SMALLEST))


@pytest.fixture(params=[6, 7])
def day(request: pytest.FixtureRequest) -> State:
    return State(made_up.DAY, made_up.publish(seed=request.param))


def test_no_small_number_of_a_day_is_told(day: State) -> None:
    found, asked = attacked([day])
    assert len(asked) > 300
    assert found == []


def test_ones_that_fill_their_total_are_not_told() -> None:
    ones = Counter({(DOSSIERS, "", "", str(commune), "counted"): 1 for commune in range(6)})
    values = made_up.publish(communes=6, found=ones)
    assert values[DOSSIERS, "as_reported", "province", "82", "", ""] == (6, None)
    found, asked = attacked([State(made_up.DAY, values)])
    assert len(asked) >= 6
    assert found == []


@pytest.mark.campaign
def test_no_small_change_is_told_by_days_and_revisions() -> None:
    states = made_up.history(days=4, communes=10, late=1)
    found, asked = attacked(states)
    assert changes(asked) > 100
    assert len(asked) - changes(asked) > 500
    assert found == []


@pytest.mark.campaign
def test_thirty_days_and_their_revisions_tell_nothing() -> None:
    states = made_up.history(days=30, communes=5, late=2)
    found, asked = attacked(states)
    assert changes(asked) > 500
    assert found == []


def test_without_rounding_much_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(disclosure, "ROUNDED_TO", 0)
    found, _ = attacked([State(made_up.DAY, made_up.publish())])
    assert len(found) > 100


def one_more_every_day(days: int) -> list[State]:
    """Days on each of which one person more counts in the whole province, in the same commune."""
    found = Counter(
        {(DOSSIERS, "", "", str(commune), "counted"): 20 + commune for commune in range(6)}
    )
    states = []
    for number in range(days):
        day = made_up.DAY + timedelta(number)
        states.append(State(day, made_up.publish(communes=6, found=found, day=day)))
        found = found + Counter({(DOSSIERS, "", "", "0", "counted"): 1})
    return states


def test_where_one_more_counts_is_not_told() -> None:
    found, asked = attacked(one_more_every_day(12))
    assert changes(asked) == 2 * 11
    assert found == []


@pytest.mark.campaign
def test_shown_again_at_every_change_where_one_more_counts_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(disclosure, "ENOUGH_CHANGE", 0)
    found, _ = attacked(one_more_every_day(12))
    assert changes(found) > 0


def few_of_a_total() -> list[State]:
    """A day with two accounts of level 1 in the province, of 62."""
    found: made_up.Counts = Counter()
    for code, many in (
        ("", 62), ("_level_1", 2), ("_level_2", 60), ("_new_month", 30), ("_before_month", 32),
        ("_activated", 50), ("_not_activated", 12),
    ):  # fmt: skip
        made_up.add(found, "0", f"eid.accounts{code}", many)
    return [State(made_up.DAY, made_up.publish(communes=6, found=found))]


def test_few_in_a_province_are_not_told() -> None:
    found, asked = attacked(few_of_a_total())
    assert len(asked) == 4
    assert found == []


def test_without_complements_few_in_a_province_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(disclosure, "_complement", lambda *_: None)
    found, _ = attacked(few_of_a_total())
    assert len(found) >= 2


def few_not_comparable() -> list[State]:
    """A day on which two of 62 persons cannot be compared by sex, and seven differ in name."""
    found: made_up.Counts = Counter()
    for code, counted, uncounted in (
        ("quality.consistent_share", 55, 7), ("quality.consistent_name_share", 55, 7),
        ("quality.consistent_sex_share", 60, 0), ("quality.not_comparable_sex", 2, 0),
        ("quality.disagreements", 7, 0),
    ):  # fmt: skip
        made_up.add(found, "0", code, counted)
        made_up.add(found, "0", code, uncounted, "uncounted")
    return [State(made_up.DAY, made_up.publish(communes=6, found=found))]


def test_how_few_cannot_be_compared_is_not_told() -> None:
    found, asked = attacked(few_not_comparable())
    assert len(asked) == 4
    assert found == []


def test_without_complements_how_few_cannot_be_compared_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(disclosure, "_complement", lambda *_: None)
    found, _ = attacked(few_not_comparable())
    assert len(found) >= 2


def test_totals_of_provinces_are_exact_and_the_rest_is_near(day: State) -> None:
    with transaction(role="dean06_bi") as session:
        rows = session.rows(
            """select kpi_code, boundary_version, unit_level, unit_code, breakdown, member_code,
                      numerator, denominator, is_suppressed, is_rounded from mart.kpi_value"""
        )
    shown: dict[Any, Any] = {tuple(row[:6]): row for row in rows}
    rounded = 0
    for cell, (counted, rest) in day.values.items():
        row = shown.get(cell)
        whole = None if rest is None else counted + rest
        if cell[2] == "province" and not cell[4]:
            small = 1 <= counted < SMALLEST or 1 <= (rest or 0) < SMALLEST
            assert row is not None
            assert row.is_suppressed or ((row.numerator, row.denominator) == (counted, whole))
            assert row.is_suppressed or not small
        else:
            numerator, denominator = (row.numerator, row.denominator) if row else (0, 0)
            assert row is None or row.is_rounded
            assert numerator % 10 == 0
            assert abs(numerator - counted) < 10
            assert rest is None or abs(denominator - numerator - rest) < 10
            rounded += 1
    assert rounded > 1000
    exact = {(row.unit_level, row.breakdown) for row in rows if not row.is_rounded}
    assert exact == {("province", "")}


def test_rounding_adds_nothing_on_the_mean(day: State) -> None:
    with transaction(role="dean06_bi") as session:
        rows = session.rows(
            """select sum(numerator) as shown from mart.kpi_value
               where unit_level = 'commune' and kpi_code = 'quality.compared_records'"""
        )
    exact = sum(
        counted
        for cell, (counted, _) in day.values.items()
        if cell[0] == "quality.compared_records" and cell[2] == "commune"
    )
    assert abs(rows[0].shown / exact - 1) < 0.03


def test_exact_numbers_are_where_readers_cannot_go(day: State) -> None:
    with transaction() as session:
        exact = session.rows(
            """select kpi_code, boundary_version, unit_level, unit_code, breakdown, member_code,
                      numerator, denominator from ops.kpi_exact"""
        )
    assert {tuple(row) for row in exact} == {
        (*cell, counted, None if rest is None else counted + rest)
        for cell, (counted, rest) in day.values.items()
    }
