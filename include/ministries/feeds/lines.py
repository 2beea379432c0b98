"""Rows as lines: NDJSON of plain objects, CSV, and what happens to unreadable lines."""

import csv
import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

from ..dirt.bad_records import unreadable_line
from .feed import Column, Rows


@dataclass(frozen=True)
class Shape:
    """The fields of a row, so that a fault can add or remove one for every row."""

    dropped: frozenset[str] = frozenset()
    """Canonical names of columns that are absent."""
    extra: bool = False
    """Whether there is one field more than agreed."""


AS_AGREED = Shape()
EXTRA_FIELD, EXTRA_VALUE = "truongMoi", "x"


def octets(text: str) -> str:
    """A text whose characters are the bytes of another's UTF-8."""
    return text.encode().decode("latin-1")


def in_octets(column: Column) -> Column:
    """A column of ``octets``. One Vietnamese letter makes Python widen a whole line, to encode it
    letter by letter later; lines of octets take half the memory and half the time."""
    if "".join([value for value in column if value]).isascii():
        return column
    return [value if value is None else octets(value) for value in column]


def assemble(lines: list[str], rows: Rows) -> list[bytes]:
    """Lines of ``octets`` as bytes without line ends, the unreadable ones ruined."""
    encoded = [line.encode("latin-1") for line in lines]
    for index, error_class in rows.unreadable.items():
        encoded[index] = unreadable_line(error_class, encoded[index])
    return encoded


def json_lines(
    rows: Rows, wire: dict[str, str], nullable: frozenset[str], shape: Shape = AS_AGREED
) -> list[bytes]:
    """One JSON object a line. ``wire`` maps columns to field names; ``is_…`` are booleans."""
    columns = [name for name in wire if name not in shape.dropped]
    parts, values = [], []
    for name in columns:
        column = in_octets(rows.columns[name])
        bare = name in nullable or name.startswith("is_")
        parts.append(f'"{wire[name]}":' + ("%s" if bare else '"%s"'))
        values.append(_json_values(column) if name in nullable else column)
    if shape.extra:
        parts.append(f'"{EXTRA_FIELD}":"{EXTRA_VALUE}"')
    template = "{" + ",".join(parts) + "}"
    lines = [template % row for row in zip(*values, strict=True)]
    for index in rows.odd:
        lines[index] = octets(_careful_json(rows.record(index), columns, wire, shape))
    return assemble(lines, rows)


def _json_values(column: Column) -> list[str]:
    return [f'"{value}"' if value is not None else "null" for value in column]


def _careful_json(
    record: dict[str, str | None], columns: list[str], wire: dict[str, str], shape: Shape
) -> str:
    document: dict[str, object] = {}
    for name in columns:
        value = record[name]
        document[wire[name]] = value == "true" if name.startswith("is_") else value
    if shape.extra:
        document[EXTRA_FIELD] = EXTRA_VALUE
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))


def csv_header(wire: dict[str, str], shape: Shape = AS_AGREED) -> bytes:
    """The header line."""
    names = [wire[name] for name in wire if name not in shape.dropped]
    return ",".join(names + ([EXTRA_FIELD] if shape.extra else [])).encode()


def csv_lines(rows: Rows, wire: dict[str, str], shape: Shape = AS_AGREED) -> list[bytes]:
    """One CSV record a line, RFC 4180 quoting where needed."""
    columns = [name for name in wire if name not in shape.dropped]
    values = [_csv_values(in_octets(rows.columns[name])) for name in columns]
    if shape.extra:
        values.append([EXTRA_VALUE] * len(rows))
    join: Callable[[tuple[str, ...]], str] = ",".join
    lines = list(map(join, zip(*values, strict=True)))
    for index in rows.odd:
        lines[index] = _careful_csv([column[index] for column in values])
    return assemble(lines, rows)


def _csv_values(column: Column) -> list[str]:
    return [value or "" for value in column] if None in column else cast("list[str]", column)


def _careful_csv(fields: list[str]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="").writerow(fields)
    return buffer.getvalue()
