"""Working days of the administration: Monday to Friday, less public holidays, more days made up.

Source: ``include/reference/public_holidays.csv``, which names the law or notice of each day. Years
that it does not cover are not guessed.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from dean06.errors import ContractError
from dean06.reference.rows import PublicHoliday

_FILE = "public_holidays.csv"
_SATURDAY = 5


@dataclass(frozen=True)
class CalendarDay:
    """One day of the calendar."""

    day: date
    is_working: bool
    working_no: int
    """Working days from the first day of the calendar up to and including this day."""
    holiday: PublicHoliday | None
    """What makes it differ from the week."""


def days(holidays: Sequence[PublicHoliday]) -> Iterator[CalendarDay]:
    """Every day of the years that the file covers, in order.

    Raises ContractError naming the file where a day stands twice or is as the week says anyway, or
    where a year between two others has no holiday.
    """
    listed = {holiday.day: holiday for holiday in holidays}
    _check(holidays, listed)
    day, working_no = date(min(listed).year, 1, 1), 0
    while day.year <= max(listed).year:
        holiday = listed.get(day)
        is_working = holiday.is_working if holiday else day.weekday() < _SATURDAY
        working_no += is_working
        yield CalendarDay(day, is_working, working_no, holiday)
        day += timedelta(days=1)


def _check(holidays: Sequence[PublicHoliday], listed: dict[date, PublicHoliday]) -> None:
    if len(listed) < len(holidays):
        raise ContractError(f"{_FILE}: a day is listed twice")
    for day, holiday in listed.items():
        if holiday.is_working == (day.weekday() < _SATURDAY):
            listed_as = (
                "a working day but is one anyway"
                if holiday.is_working
                else "a day off but falls on a weekend"
            )
            raise ContractError(f"{_FILE}: {day} is listed as {listed_as}: remove it")
    years = {day.year for day in listed}
    if missing := sorted(set(range(min(years), max(years))) - years):
        raise ContractError(f"{_FILE}: {missing[0]} has no public holiday")
