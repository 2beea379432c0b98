"""Records of CSV and rows of workbooks, changed at random."""

import re
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from hypothesis import strategies as st

from tests.faults.meaning import drawn
from tests.faults.meaning.drawn import Draw

_LINE_ENDS = re.compile("[\r\n]")
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
FORMATS = ("General", "0", "@", "#,##0", "000000000000", "00000000", "dd/mm/yyyy", "yyyy", "0.00")
"""Of cells with numbers and days."""
_CELL_DAYS = (
    datetime(2022, 5, 4, 13, 5),  # noqa: DTZ001  # workbooks know no time zone
    date(2004, 2, 3),
    date(1900, 1, 2),
    date(2004, 1, 1),
)


def field(draw: Draw, before: str) -> str:
    """Another value for a field of CSV."""
    kind = draw(st.integers(0, 3))
    if drawn.is_time(before) and kind:
        return drawn.time_like(draw, before)
    if kind == 1:
        return drawn.other_text(draw, before)
    value = draw(st.sampled_from(drawn.SCALARS))
    return "" if value is None else str(value)


def record(draw: Draw, fields: Sequence[str], delimiter: str, changes: int) -> tuple[bytes, bool]:
    """A record of CSV with so many changes (none: the same in another form), and whether its
    quotation marks or its number of fields are hurt."""
    said = list(fields)
    is_hurt = bool(changes) and draw(st.integers(0, 9)) == 0
    for _ in range(changes):
        at = draw(st.integers(0, len(said) - 1))
        said[at] = field(draw, said[at])
        if is_hurt:  # Of a hurt record nobody could say how many lines it has.
            said[at] = _LINE_ENDS.sub(" ", said[at])
    how = draw(st.sampled_from(("needed", "all", "some")))
    parts = []
    for value in said:
        must = bool(_LINE_ENDS.search(value)) or delimiter in value or value.startswith('"')
        if must or how == "all" or (how == "some" and draw(st.booleans())):
            value = '"' + value.replace('"', '""') + '"'
        parts.append(value)
    if is_hurt:
        _hurt(draw, parts)
    return delimiter.join(parts).encode("utf-8", "surrogatepass"), is_hurt


def _hurt(draw: Draw, parts: list[str]) -> None:
    """Too few fields or too many, quotation marks where none belong."""
    at = draw(st.integers(0, len(parts) - 1))
    plain = parts[at].replace('"', "")
    ways = (
        parts[:at], [*parts, "x"], [*parts, ""], [*parts[:at], *parts[at + 1 :]],
        [*parts[:at], f'{plain}"', *parts[at + 1 :]],
        [*parts[:at], f'"{plain}"x', *parts[at + 1 :]],
        [*parts[:at], f' "{plain}"', *parts[at + 1 :]],
        [*parts[:at], f'{plain[:2]}"{plain[2:]}"', *parts[at + 1 :]],
    )  # fmt: skip
    parts[:] = draw(st.sampled_from(ways))
    if not any(part.strip('"') for part in parts):
        parts[:] = ["x"]  # an empty line would be no record


def same_cell(draw: Draw, value: object) -> tuple[Any, str]:
    """A cell that shows the same, with its number format."""
    if isinstance(value, str) and value.isascii() and value.isdecimal() and draw(st.booleans()):
        return int(value), "0" * len(value)
    day = re.fullmatch(r"(\d\d)/(\d\d)/(\d{4})", str(value))
    if day and draw(st.booleans()):
        return date(int(day[3]), int(day[2]), int(day[1])), "dd/mm/yyyy"
    return value, "General"


def cell(draw: Draw, before: object) -> tuple[Any, str]:
    """Another cell, with its number format."""
    kind = draw(st.integers(0, 5))
    if kind == 0:
        return draw(st.sampled_from(("#N/A", "#REF!", "=1+1", "=A1", None, True))), "General"
    if kind == 1:
        return draw(st.sampled_from(_CELL_DAYS)), draw(st.sampled_from(FORMATS))
    if kind == 2:
        number = draw(st.sampled_from((1, 2, 28249, 82304000001, 190000001, 53000001, 2004, 0.5)))
        return number, draw(st.sampled_from(FORMATS))
    return _ILLEGAL.sub("", field(draw, str(before or ""))) or None, "General"
