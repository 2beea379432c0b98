"""Days and seconds of the world, and their texts.

A day is a whole number counted from 2022-01-01, a moment is local seconds (+07:00) since then.
Both may be negative. Every version carries its own residue of seconds (``moment``), so two
versions of one record can never share an ``updated_at``; odd seconds are kept for bad records.
"""

from datetime import date, datetime, timedelta, timezone
from functools import cache

import numpy as np
import numpy.typing as npt

from .draws import Ints

EPOCH = date(2022, 1, 1)
ZONE = timezone(timedelta(hours=7))
DAY = 86_400
NEVER = 10**6
"""A day that does not come."""
_MONTHS_BEFORE = (EPOCH.year - 1970) * 12 + EPOCH.month - 1
"""Months from 1970 to the first one of the world."""

_FIRST_TEXT_DAY = (date(1900, 1, 1) - EPOCH).days
_LAST_TEXT_DAY = (date(2060, 1, 1) - EPOCH).days
Texts = npt.NDArray[np.object_]


def day_number(day: date) -> int:
    """The world's number of a calendar day."""
    return (day - EPOCH).days


def calendar_day(number: int) -> date:
    """The calendar day of a world day number."""
    return EPOCH + timedelta(days=number)


def end_of_day(day: int) -> int:
    """The last moment that belongs to a day's window: next midnight."""
    return (day + 1) * DAY


def parse_moment(text: str) -> int:
    """Read an RFC 3339 timestamp with offset; raises ValueError when it is none."""
    stamp = datetime.fromisoformat(text)
    if stamp.tzinfo is None:
        raise ValueError("timestamp without offset")
    start = datetime(EPOCH.year, EPOCH.month, EPOCH.day, tzinfo=ZONE)
    return int((stamp - start).total_seconds() // 1)


def moment_text(moment: int) -> str:
    """One moment as ISO 8601 with +07:00."""
    day, second = divmod(moment, DAY)
    return str(_iso_days()[day - _FIRST_TEXT_DAY]) + str(_clock_suffixes()[second])


def moment(day: Ints, draw: Ints, slot: int, half: int | None = None) -> Ints:
    """The second of a day at which version slot ``slot`` (0–3) is written.

    ``half`` 0 keeps it before noon, 1 after noon: for pairs of versions within one day.
    """
    if half is None:
        second = 8 * (1 + draw % 10_797) + 2 * slot
    else:
        second = half * 43_200 + 8 * (1 + draw % 5_396) + 2 * slot
    return np.where(day >= NEVER, NEVER * DAY, day * DAY + second)


def bad_moment(day: Ints, draw: Ints) -> Ints:
    """The second at which a bad record is written: always odd, see the module's text."""
    return day * DAY + 8 * (1 + draw % 10_797) + 1


@cache
def _iso_days() -> Texts:
    days = np.arange(_FIRST_TEXT_DAY, _LAST_TEXT_DAY) + np.datetime64(EPOCH)
    return np.asarray(np.datetime_as_string(days), dtype=object)


@cache
def _slash_days() -> Texts:
    texts = [f"{day[8:]}/{day[5:7]}/{day[:4]}" for day in _iso_days().tolist()]
    return np.array(texts, dtype=object)


@cache
def _clock_suffixes() -> Texts:
    return np.array(
        [f"T{s // 3600:02}:{s // 60 % 60:02}:{s % 60:02}+07:00" for s in range(DAY)], dtype=object
    )


@cache
def _plain_clock() -> Texts:
    return np.array(
        [f" {s // 3600:02}:{s // 60 % 60:02}:{s % 60:02}" for s in range(DAY)], dtype=object
    )


def iso_days(day: Ints) -> list[str]:
    """2022-10-31 for each day."""
    texts: list[str] = _iso_days()[day - _FIRST_TEXT_DAY].tolist()
    return texts


def slash_days(day: Ints) -> list[str]:
    """31/10/2022 for each day."""
    texts: list[str] = _slash_days()[day - _FIRST_TEXT_DAY].tolist()
    return texts


def iso_moments(at: Ints) -> list[str]:
    """2022-10-31T08:30:00+07:00 for each moment."""
    day, second = np.divmod(at, DAY)
    texts: list[str] = (_iso_days()[day - _FIRST_TEXT_DAY] + _clock_suffixes()[second]).tolist()
    return texts


def slash_moments(at: Ints) -> list[str]:
    """31/10/2022 08:30:00, local time, for each moment."""
    day, second = np.divmod(at, DAY)
    texts: list[str] = (_slash_days()[day - _FIRST_TEXT_DAY] + _plain_clock()[second]).tolist()
    return texts


def years(day: Ints) -> Ints:
    """The calendar year of each day."""
    since_1970 = (day + (EPOCH - date(1970, 1, 1)).days).astype("datetime64[D]")
    return since_1970.astype("datetime64[Y]").astype(np.int64) + 1970


def year_starts(year: Ints) -> Ints:
    """The day number of 1 January of each year."""
    days = (year - 1970).astype("datetime64[Y]").astype("datetime64[D]").astype(np.int64)
    return np.asarray(days - (EPOCH - date(1970, 1, 1)).days, dtype=np.int64)


def months(day: Ints) -> Ints:
    """The month of each day, counted from January 2022."""
    since_1970 = (day + (EPOCH - date(1970, 1, 1)).days).astype("datetime64[D]")
    return since_1970.astype("datetime64[M]").astype(np.int64) - _MONTHS_BEFORE


def month_starts(month: Ints) -> Ints:
    """The day number of the first day of each month."""
    days = (month + _MONTHS_BEFORE).astype("datetime64[M]").astype("datetime64[D]")
    return np.asarray(days.astype(np.int64) - (EPOCH - date(1970, 1, 1)).days, dtype=np.int64)
