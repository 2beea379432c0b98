"""SpreadsheetML: the sheets of a workbook, cell by cell, as a person sees them.

A program of its own, which ``workbook.read`` runs in a child process: a workbook on standard input,
lines of JSON on standard output. The child has bounds of memory and time, so a workbook made to
exhaust them ends this process and nothing else. Parts are found by their relationships, as Excel
finds them (ECMA-376 part 2); cells without a position stand beside the one before (part 1,
18.3.1.4). What is checked is what is read: there is one pass.

Only the standard library: the child starts in a few hundredths of a second.
"""

import json
import re
import sys
from collections.abc import Callable, Iterator
from io import BytesIO
from resource import RLIMIT_AS, RLIMIT_CPU, setrlimit
from types import TracebackType
from typing import IO
from xml.etree.ElementTree import Element, iterparse  # bounded; expat stops bombs
from zipfile import ZipFile

from dean06.wire.number_formats import is_date, shown_date, shown_number
from dean06.wire.workbook_parts import Parts, RefusedError, local, read_parts, text_of

MAX_CELLS = 2_000_000
"""Filled cells of all sheets: a hundred thousand candidates need half."""
MAX_CHARACTERS = 1 << 26
"""Of all cells: one shared text can be shown in millions of them."""
_MAX_ROW, _MAX_COLUMN = 1_048_576, 16_384

CELL_ERROR, NO_VALUE = "cell_error", "formula_without_value"
"""Why nobody can know the value of a cell."""

_PLACE = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_ERRORS = frozenset({
    "#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A", "#GETTING_DATA", "#SPILL!",
    "#CALC!", "#FIELD!", "#BLOCKED!", "#CONNECT!", "#BUSY!", "#UNKNOWN!", "#PYTHON!",
})  # fmt: skip
Shown = tuple[str, str | None]
"""A text, and why it is no value (CELL_ERROR, NO_VALUE; None for a value)."""


def main() -> None:
    """Read a workbook from standard input; one JSON document a line on standard output. The last
    two arguments bound memory (bytes) and processor time (seconds).

    ``{"sheet": …}`` opens a sheet, ``[row, [[column, text, problem], …]]`` is a row that is not
    empty, ``{"below": …}`` lists cells merged downwards, ``{"end": true}`` is the last line. Or
    ``{"refused": …}`` with the reason, or ``{"failed": …}`` with the type of an exception.
    """
    memory, seconds = map(int, sys.argv[-2:])
    setrlimit(RLIMIT_AS, (memory, memory))
    setrlimit(RLIMIT_CPU, (seconds, seconds))
    sys.excepthook = _say_what_failed
    try:
        for document in read(BytesIO(sys.stdin.buffer.read())):
            _write(document)
    except RefusedError as refusal:
        _write({"refused": refusal.code, "parameters": refusal.parameters})


def _write(document: object) -> None:
    sys.stdout.write(json.dumps(document) + "\n")


def _say_what_failed(
    kind: type[BaseException], _error: BaseException, _trace: TracebackType | None
) -> None:
    """The type alone: an exception's text may quote the workbook."""
    _write({"failed": kind.__name__})


def read(stream: IO[bytes]) -> Iterator[dict[str, object] | list[object]]:
    """The documents that ``main`` writes. Raises RefusedError with the reason."""
    with ZipFile(stream) as archive:
        parts = read_parts(archive)
        counted = _Counted()
        for number, sheet in enumerate(parts.sheets, start=1):
            yield {"sheet": number, "visible": sheet.is_visible}
            with archive.open(sheet.part) as part:
                yield from _rows(part, parts, counted)
    yield {"end": True}


class _Counted:
    """What has been shown so far, against the bounds."""

    def __init__(self) -> None:
        self._cells = self._characters = 0

    def add(self, shown: Shown) -> None:
        self._cells += 1
        self._characters += len(shown[0])
        if self._cells > MAX_CELLS:
            raise RefusedError("workbook_too_many_cells", most=MAX_CELLS)
        if self._characters > MAX_CHARACTERS:
            raise RefusedError("workbook_too_many_characters", most=MAX_CHARACTERS)


def _rows(
    part: IO[bytes], parts: Parts, counted: _Counted
) -> Iterator[dict[str, object] | list[object]]:
    below: list[list[int]] = []
    number = 0
    for _, element in iterparse(part):  # noqa: S314
        tag = local(element.tag)
        if tag == "row":
            number = _next(element.get("r"), number, _MAX_ROW)
            if cells := list(_cells(element, parts, counted)):
                yield [number, cells]
            element.clear()
        elif tag == "mergeCell" and (merged := _downwards(element.get("ref", ""))):
            below.append(merged)
    yield {"below": below}


def _next(stated: str | None, before: int, most: int) -> int:
    """A stated position, or the one after; positions only rise."""
    number = before + 1 if stated is None else int(stated)
    if not before < number <= most:
        raise ValueError(number)
    return number


def _cells(row: Element, parts: Parts, counted: _Counted) -> Iterator[list[object]]:
    column = 0
    for cell in row:
        if local(cell.tag) == "c":
            place = cell.get("r")
            column = _next(None if place is None else str(_column(place)), column, _MAX_COLUMN)
            if shown := _shown(cell, parts):
                counted.add(shown)
                yield [column, *shown]


def _column(place: str) -> int:
    """The column of ``B7``: A is 1, AA is 27."""
    letters = _match(place)[1]
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number


def _match(place: str) -> re.Match[str]:
    if not (found := _PLACE.fullmatch(place)):
        raise ValueError
    return found


def _downwards(reference: str) -> list[int] | None:
    """``[first row, last row, column]`` of merged cells over several rows: a person reads the text
    of the first one in all of them."""
    first, _, last = reference.partition(":")
    if not last:
        return None
    top, bottom = int(_match(first)[2]), int(_match(last)[2])
    return [top, bottom, _column(first)] if top < bottom <= _MAX_ROW else None


def _shown(cell: Element, parts: Parts) -> Shown | None:
    """What a cell shows; None for one that is empty."""
    value: str | None = None
    has_formula = False
    inline = ""
    for child in cell:
        tag = local(child.tag)
        if tag == "v":
            value = child.text
        elif tag == "f":
            has_formula = True
        elif tag == "is":
            inline = text_of(child)
    kind = cell.get("t", "n")
    if kind == "inlineStr":
        return _text(inline)
    if value is None:
        return ("", NO_VALUE) if has_formula and kind == "n" else None
    return _KINDS[kind](value, cell, parts)


def _text(text: str) -> Shown | None:
    text = _ESCAPED.sub(_unescaped, text)
    if not text:
        return None
    return text, CELL_ERROR if text.strip() in _ERRORS else None


def _unescaped(escape: re.Match[str]) -> str:
    """``_x000D_`` is a sign that XML cannot hold (ST_Xstring); half a surrogate stays as it is."""
    code = int(escape[1], 16)
    return escape[0] if 0xD800 <= code < 0xE000 else chr(code)


def _number(value: str, cell: Element, parts: Parts) -> Shown | None:
    number = float(value)
    number_format = parts.format_of(cell.get("s"))
    if number != number or abs(number) == float("inf"):
        return value, CELL_ERROR
    if not is_date(number_format):
        return shown_number(number, number_format), None
    date = shown_date(number, number_format, from_1904=parts.from_1904)
    return ("####", CELL_ERROR) if date is None else (date, None)


def _iso_date(value: str, _cell: Element, _parts: Parts) -> Shown | None:
    day, _, clock = value.partition("T")
    year, month, day_of_month = day.split("-")
    clock = clock.rstrip("Z")[:8]
    shown = f"{day_of_month}/{month}/{year}"
    return (shown if clock in {"", "00:00:00"} else f"{shown} {clock}"), None


_KINDS: dict[str, Callable[[str, Element, Parts], Shown | None]] = {
    "n": _number,
    "s": lambda value, _cell, parts: _text(parts.string(int(value))),
    "str": lambda value, _cell, _parts: _text(value),
    "b": lambda value, _cell, _parts: (
        "FALSE" if value.strip() in {"0", "false"} else "TRUE",
        None,
    ),
    "e": lambda value, _cell, _parts: (value, CELL_ERROR),
    "d": _iso_date,
}
"""Kinds of cells (18.18.11 ST_CellType); a kind that is none raises KeyError."""
