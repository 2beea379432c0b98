"""Single values as the contract and the standards say them: kinds, numbers, days, moments.

Whatever has no single meaning raises LostError: such a record must not reach core.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal, localcontext
from typing import Any

from tests.faults.meaning.agreement import Agreed

VIETNAM = timezone(timedelta(hours=7))
"""Without summer time since 1975."""
_RFC3339 = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:\.(\d+))?(?:[Zz]|([+-])(\d\d):(\d\d))",
    re.ASCII,
)
_LOCAL = re.compile(r"(\d\d)/(\d\d)/(\d{4}) (\d\d):(\d\d):(\d\d)", re.ASCII)
_DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)", re.ASCII)
_LOCAL_DAY = re.compile(r"(\d\d)/(\d\d)/(\d{4})", re.ASCII)
_YEAR = re.compile(r"(?:00/00/)?(\d{4})", re.ASCII)
_WHOLE = re.compile(r"\d+", re.ASCII)
_NUMBER = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?", re.ASCII)
_USUAL = {"boolean": bool, "integer": Decimal, "number": Decimal, "array": list}
_KINDS = {"text": str, "number": Decimal, "flag": bool, "list": list, "object": dict}
_LARGEST_SMALLINT = 32767


class LostError(Exception):
    """What was sent has no single meaning. The message says of what, never the value."""


def is_same(one: object, other: object) -> bool:
    """Equal, with a flag never equal to a number, at any depth."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(is_same(one[k], other[k]) for k in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(is_same, one, other))
    return isinstance(one, bool) == isinstance(other, bool) and one == other


def said(agreed: Agreed, value: object) -> object:
    """A JSON value as the text, flag, number or list that the contract takes it for; PostgreSQL
    text cannot hold NUL."""
    if value is None:
        return None
    if "\x00" in str(value) or "\\x00" in repr(value):
        raise LostError(f"{agreed.name}: NUL")
    if agreed.spellings is not None:
        return _spelled(agreed.name, agreed.spellings, value)
    usual = _USUAL.get(agreed.logical, str)
    kinds = [usual] if agreed.kinds is None else [_KINDS[kind] for kind in agreed.kinds]
    if not any(type(value) is kind for kind in kinds):
        raise LostError(f"{agreed.name}: a kind that is not agreed")
    if isinstance(value, list) and agreed.members:
        return [_element(agreed, item) for item in value]
    if agreed.logical == "number" and isinstance(value, str):
        if not _NUMBER.fullmatch(value):
            raise LostError(f"{agreed.name}: no number")
        return Decimal(value)
    return value


def _spelled(name: str, spellings: Mapping[str, Sequence[Any]], value: object) -> str:
    for text, spelled in spellings.items():
        if any(is_same(_number(known), value) for known in spelled):
            return text
    if isinstance(value, str):
        return value
    raise LostError(f"{name}: a spelling that is not agreed")


def _number(value: object) -> object:
    is_number = isinstance(value, int) and not isinstance(value, bool)
    return Decimal(str(value)) if is_number else value


def _element(agreed: Agreed, item: object) -> dict[str, object]:
    if not isinstance(item, dict):
        raise LostError(f"{agreed.name}: an element that is no object")
    read = dict(item)
    for name, member in agreed.members.items():
        if item.get(name) is not None:
            read[name] = said(member, item[name])
    return read


def whole(value: object) -> int | None:
    """A whole number that fits into the column."""
    if value is None:
        return None
    if isinstance(value, str) and _WHOLE.fullmatch(value):
        number = Decimal(value)
    elif isinstance(value, Decimal) and value == value.to_integral_value():
        number = value
    else:
        raise LostError("no whole number")
    if abs(number) > _LARGEST_SMALLINT:
        raise LostError("a number that is too large")
    return int(number)


def flag(value: object, texts: Mapping[str, bool]) -> bool | None:
    """A flag, or one of the texts that stand for one."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str) and value in texts:
        return texts[value]
    raise LostError("no flag")


def day(value: object, notations: Sequence[str]) -> date | None:
    """A day; of a moment (RFC 3339) its day in Vietnam."""
    if value is None:
        return None
    text = str(value)
    if "RFC 3339" in notations and _RFC3339.fullmatch(text):
        found = moment(text, notations)
        return found.astimezone(VIETNAM).date() if found else None
    if "YYYY-MM-DD" in notations and (iso := _DAY.fullmatch(text)):
        return _date(iso[1], iso[2], iso[3])
    if "DD/MM/YYYY" in notations and (local := _LOCAL_DAY.fullmatch(text)):
        return _date(local[3], local[2], local[1])
    raise LostError("no day in an agreed notation")


def birth(value: object, notations: Sequence[str]) -> tuple[date | None, int]:
    """The day of birth, None where only the year is known; and the year."""
    text = str(value)
    year = _YEAR.fullmatch(text)
    if year and ("00/00/YYYY" if "/" in text else "YYYY") in notations:
        if not int(year[1]):
            raise LostError("no year")
        return None, int(year[1])
    born = day(text, notations)
    assert born is not None
    return born, born.year


def _date(year: str, month: str, of_month: str) -> date:
    try:
        return date(int(year), int(month), int(of_month))
    except ValueError:
        raise LostError("a day that no calendar has") from None


def moment(value: object, notations: Sequence[str]) -> datetime | None:
    """A moment; digits beyond the microsecond that core can hold are cut, as decision 30 says.

    RFC 3339 §5.6 requires an offset; a text without one names no moment.
    """
    if value is None:
        return None
    text = str(value)
    if "RFC 3339" in notations and (iso := _RFC3339.fullmatch(text)):
        minutes = int(iso[9] or 0) * 60 + int(iso[10] or 0)
        fraction = f"{iso[7] or ''}000000"[:6]
        parts = [int(iso[n]) for n in range(1, 7)]
        return _at(parts, int(fraction), -minutes if iso[8] == "-" else minutes)
    if "DD/MM/YYYY HH:MM:SS" in notations and (local := _LOCAL.fullmatch(text)):
        return _at([int(local[n]) for n in (3, 2, 1, 4, 5, 6)], 0, 7 * 60)
    raise LostError("no moment in an agreed notation")


def _at(parts: Sequence[int], micro: int, minutes: int) -> datetime:
    try:
        zone = timezone(timedelta(minutes=minutes))
        year, month, of_month, hour, minute, second = parts
        return datetime(year, month, of_month, hour, minute, second, micro, zone).astimezone(UTC)
    except (ValueError, OverflowError):
        raise LostError("a moment that no clock shows") from None


def total(numbers: Sequence[Any]) -> Decimal:
    """An exact sum."""
    with localcontext() as context:
        context.prec = 2000
        return sum(numbers, Decimal(0))
