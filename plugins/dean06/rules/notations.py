"""Notations: how sources write days and moments, and what such text means.

Text that has an agreed notation and names nothing (31 February) breaks
``expect_column_values_to_be_valid_dates``; here it means no day and no moment.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from dean06.rules.quickly import quickly
from dean06.rules.shapes import shaped
from dean06.settings import TIMEZONE

ISO_DAY, ISO_MOMENT = "YYYY-MM-DD", "YYYY-MM-DDTHH:MM:SS±HH:MM"
DAY, LOCAL_MOMENT = "DD/MM/YYYY", "DD/MM/YYYY HH:MM:SS"
YEAR, YEAR_ONLY = "YYYY", "00/00/YYYY"
_EARLIEST, _LATEST = "1900-01-01", "2100-01-01"
_MOMENTS = tuple(
    f"0000-00-00T00:00:00{fraction}{zone}"
    for fraction in ("", *("." + "0" * digits for digits in range(1, 10)))
    for zone in ("+00:00", "Z", "-00:00")
)


_MONTH, _ANY_DAY = "(?:0[1-9]|1[0-2])", "(?:0[1-9]|1[0-9]|2[0-8])"
_LONG, _LONGEST = "(?:0[13-9]|1[0-2])", "(?:0[13578]|1[02])"
"""Months with 30 days, and with 31."""
_ISO_DAY = f"(?:19|20)[0-9]{{2}}-(?:{_MONTH}-{_ANY_DAY}|{_LONG}-(?:29|30)|{_LONGEST}-31)"
_DAY = f"(?:{_ANY_DAY}/{_MONTH}|(?:29|30)/{_LONG}|31/{_LONGEST})/(?:19|20)[0-9]{{2}}"
_CLOCK = "(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]"


@dataclass(frozen=True)
class _Notation:
    shapes: tuple[str, ...]
    """See ``shaped``."""
    look: str
    """A LIKE pattern that all its text has; cheaper than the shapes."""
    iso: Callable[[Any], Any]
    """The same in ISO 8601; of a year its first day."""
    kind: str
    """PostgreSQL's type for that."""
    ordinary: str
    """A pattern of text that names a day or moment within the bounds of records, on a clock that
    exists, for sure: all but 29 February and rare offsets."""


def part(column: Any, start: int, length: int) -> Any:
    """Some characters of a text, counted from 1."""
    return sa.func.substr(column, start, length)


def _turned(column: Any) -> Any:
    return sa.func.concat(part(column, 7, 4), "-", part(column, 4, 2), "-", part(column, 1, 2))


_NOTATIONS = {
    ISO_DAY: _Notation(("0000-00-00",), "____-__-__", lambda c: c, "date", ""),
    ISO_MOMENT: _Notation(
        _MOMENTS,
        "____-__-__T__:__:__%",
        lambda c: c,
        "timestamptz",
        rf"{_ISO_DAY}T{_CLOCK}(?:\.[0-9]{{1,9}})?(?:Z|\+07:00)",
    ),
    YEAR_ONLY: _Notation(
        ("00/00/0000",),
        "00/00/____",
        lambda c: sa.func.concat(part(c, 7, 4), "-01-01"),
        "date",
        "00/00/(?:19|20)[0-9]{2}",
    ),
    DAY: _Notation(("00/00/0000",), "__/__/____", _turned, "date", _DAY),
    LOCAL_MOMENT: _Notation(
        ("00/00/0000 00:00:00",),
        "__/__/____ __:__:__",
        lambda c: sa.func.concat(_turned(c), part(c, 11, 9)),
        "timestamp",
        f"{_DAY} {_CLOCK}",
    ),
    YEAR: _Notation(
        ("0000",), "____", lambda c: sa.func.concat(c, "-01-01"), "date", "(?:19|20)[0-9]{2}"
    ),
}
"""``00/00/YYYY`` looks like ``DD/MM/YYYY`` too, so it is tried first."""


def is_valid(column: Any, notation: str) -> Any:
    """Whether text names a day or moment that exists, within the bounds of records."""
    exact = _is_one(column, notation, within=True)
    return quickly(is_ordinary(column, notation), exact, shared=is_moment(notation))


def is_ordinary(column: Any, notation: str) -> Any:
    """A look that says of most texts that they name a day or moment, on a clock that exists."""
    if notation == ISO_DAY:
        # DuckDB reads and writes a date in half the time of a pattern.
        written = sa.cast(sa.cast(column, sa.Date()), sa.Text())
        return (written == column) & column.between(_EARLIEST, _LATEST)
    return column.regexp_match(f"^(?:{_NOTATIONS[notation].ordinary})$")


def clock_exists(column: Any) -> Any:
    """Hours below 24, minutes and seconds below 60, in text of a moment. PostgreSQL also takes
    24:00:00 and a 60th second."""
    return (
        (part(column, 12, 2) < "24") & (part(column, 15, 2) < "60") & (part(column, 18, 2) < "60")
    )


def written_day(column: Any, notations: Sequence[str]) -> Any:
    """The first day that text can mean, as ISO text, no time zone applied; NULL when it does not
    look like an agreed notation."""
    return sa.case(
        *(
            (column.like(_NOTATIONS[name].look), _written_day(column, name))
            for name in _in_order(notations)
        )
    )


def day(column: Any, notations: Sequence[str], *, last: bool = False) -> Any:
    """The first (``last``) Vietnamese day that text can mean, as ISO text; NULL for none."""
    days = [(_is_one(column, name), _day(column, name, last)) for name in _in_order(notations)]
    return sa.collate(sa.case(*days), "C")


def moment(column: Any, notations: Sequence[str]) -> Any:
    """The moment that text means, as core reads it; NULL for none."""
    moments = [(_is_one(column, name), _moment(column, name)) for name in _in_order(notations)]
    return sa.case(*moments)


def is_moment(notation: str) -> bool:
    """Whether text of this notation names a moment, not a day."""
    return notation in (ISO_MOMENT, LOCAL_MOMENT)


def _in_order(notations: Sequence[str]) -> list[str]:
    return [name for name in _NOTATIONS if name in notations]


def _is_one(column: Any, name: str, *, within: bool = False) -> Any:
    notation = _NOTATIONS[name]
    iso = notation.iso(column)
    kept: list[Any] = [sa.func.pg_input_is_valid(iso, notation.kind)]
    if name == YEAR_ONLY:
        kept.append(column.startswith("00/00/"))
    if name == LOCAL_MOMENT or (name == ISO_MOMENT and not within):
        kept.append(clock_exists(column))
    if within:
        kept.append(sa.collate(iso, "C").between(_EARLIEST, _LATEST))
    # CASE, because SQL promises no order of evaluation for AND.
    return sa.case((shaped(column, *notation.shapes), sa.and_(*kept)), else_=sa.false())


def _written_day(column: Any, name: str) -> Any:
    if name == LOCAL_MOMENT:
        return _turned(column)
    iso = _NOTATIONS[name].iso(column)
    return part(iso, 1, 10) if is_moment(name) else iso


def _day(column: Any, name: str, last: bool) -> Any:
    if name == ISO_MOMENT:
        local = sa.func.timezone(str(TIMEZONE), _moment(column, name))
        return sa.func.to_char(local, "YYYY-MM-DD")
    written = _written_day(column, name)
    if last and name in (YEAR, YEAR_ONLY):
        return sa.func.concat(sa.func.left(written, 4), "-12-31")
    return written


def _moment(column: Any, name: str) -> Any:
    """Of text that is one. A cast of an ISO moment would round what core cuts."""
    if name == ISO_MOMENT:
        return sa.func.core.moment_of(column)
    local = sa.cast(_NOTATIONS[name].iso(column), sa.TIMESTAMP())
    return sa.func.timezone(str(TIMEZONE), local)
