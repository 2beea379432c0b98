"""Working days, against calendars written out by hand from the notices of the ministries."""

from collections.abc import Sequence
from datetime import date, timedelta

import pytest

from dean06 import settings
from dean06.errors import ContractError
from dean06.reference import calendar, tables
from dean06.reference.rows import PublicHoliday

# Thông báo 5034/TB-LĐTBXH: Tết Quý Mão, from Friday 20/01/2023 (29 tháng Chạp) to the end of
# Thursday 26/01/2023 (mùng 5). Weeks from Monday to Sunday; w: work, –: rest.
TET_2023 = (
    (date(2023, 1, 9), "wwwww––"),
    (date(2023, 1, 16), "wwww–––"),
    (date(2023, 1, 23), "––––w––"),
    (date(2023, 1, 30), "wwwww––"),
)
# Thông báo 5015/TB-LĐTBXH: Tết Giáp Thìn, from Thursday 08/02/2024 (29 tháng Chạp) to the end of
# Wednesday 14/02/2024 (mùng 5).
TET_2024 = (
    (date(2024, 1, 29), "wwwww––"),
    (date(2024, 2, 5), "www––––"),
    (date(2024, 2, 12), "–––ww––"),
    (date(2024, 2, 19), "wwwww––"),
)
# Thông báo 1570/TB-LĐTBXH: Monday 29/4/2024 is off and Saturday 4/5/2024 is worked instead.
SWAP_2024 = (
    (date(2024, 4, 22), "wwwww––"),
    (date(2024, 4, 29), "–––www–"),
    (date(2024, 5, 6), "wwwww––"),
)


def _working() -> list[date]:
    return [each.day for each in calendar.days(tables.public_holidays()) if each.is_working]


@pytest.mark.parametrize("weeks", [TET_2023, TET_2024, SWAP_2024])
def test_weeks_are_as_the_notices_say(weeks: Sequence[tuple[date, str]]) -> None:
    working = set(_working())
    for monday, written in weeks:
        assert monday.weekday() == 0
        assert len(written) == 7
        found = "".join(
            "w" if monday + timedelta(days=n) in working else "–" for n in range(len(written))
        )
        assert (monday, found) == (monday, written)


@pytest.mark.parametrize(
    ("sent", "days", "due"),
    [
        # Counted on the fingers: 19/1, 27/1, 30/1, 31/1, 1/2.
        (date(2023, 1, 18), 5, date(2023, 2, 1)),
        (date(2023, 1, 18), 10, date(2023, 2, 8)),
        (date(2023, 1, 18), 15, date(2023, 2, 15)),
        # Sent within the holiday: 27/1, 30/1, 31/1, 1/2, 2/2.
        (date(2023, 1, 22), 5, date(2023, 2, 2)),
        # 6/2, 7/2, 15/2, 16/2, 19/2.
        (date(2024, 2, 5), 5, date(2024, 2, 19)),
        # 26/4, 2/5, 3/5, Saturday 4/5, 6/5.
        (date(2024, 4, 25), 5, date(2024, 5, 6)),
    ],
)
def test_deadlines_counted_by_hand(sent: date, days: int, due: date) -> None:
    numbers = {each.day: each for each in calendar.days(tables.public_holidays())}
    wanted = numbers[sent].working_no + days
    found = [d.day for d in numbers.values() if d.is_working and d.working_no == wanted]
    assert found == [due]


def test_years_have_the_working_days_that_the_law_leaves() -> None:
    # 260 or 261 weekdays, 262 in a leap year that begins on a Monday; of these off: 11 days by the
    # Labour Code, with a day in lieu of each that falls on a weekend; a swapped day is made up.
    counted = {year: sum(day.year == year for day in _working()) for year in range(2022, 2027)}
    assert counted == {2022: 249, 2023: 249, 2024: 251, 2025: 250, 2026: 249}


def _holiday(day: str, is_working: bool = False) -> PublicHoliday:
    return PublicHoliday(date.fromisoformat(day), is_working, "a", "a", "a")


@pytest.mark.parametrize(
    ("holidays", "told"),
    [
        ([_holiday("2023-01-20"), _holiday("2023-01-20")], "a day is listed twice"),
        ([_holiday("2023-01-21")], "2023-01-21 is listed as a day off but falls on a weekend"),
        ([_holiday("2023-01-20", True)], "2023-01-20 is listed as a working day but is one anyway"),
        ([_holiday("2022-01-03"), _holiday("2024-01-01")], "2023 has no public holiday"),
    ],
)
def test_a_calendar_that_cannot_be_right_is_refused(
    holidays: list[PublicHoliday], told: str
) -> None:
    with pytest.raises(ContractError, match=told):
        list(calendar.days(holidays))


def test_every_day_names_its_source_and_every_year_its_tet() -> None:
    holidays = tables.public_holidays()
    assert all(holiday.source for holiday in holidays)
    for year in range(2022, 2028):
        assert sum(h.name_en.startswith("Tết") for h in holidays if h.day.year == year) == 5


def test_severities_are_of_rules_and_verdicts_that_exist() -> None:
    rows = tables.correction_deadlines()
    days = {"severe": 5, "moderate": 10, "minor": 15}
    assert {row.severity: row.working_days for row in rows} == days
    assert all(days[row.severity] == row.working_days for row in rows)
    assert {row.kind for row in rows if row.code == "*"} == {
        "rejected", "mismatch", "difference"
    }  # fmt: skip
    suites = "".join(p.read_text("utf-8") for p in settings.EXPECTATIONS.glob("*/*.json"))
    rules = {row.code for row in rows if row.kind == "rejected"} - {"*"}
    assert [rule for rule in sorted(rules) if f'"{rule}"' not in suites] == []
    verdicts = {m.member_code for m in tables.members() if m.breakdown == "verdict"}
    assert {row.code for row in rows if row.kind == "mismatch"} - {"*"} <= verdicts
    kinds = {kind.kind for kind in tables.difference_kinds()}
    assert {row.code for row in rows if row.kind == "difference"} - {"*"} <= kinds
