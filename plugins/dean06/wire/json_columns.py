"""Flat lines of NDJSON as columns, read at once by Arrow; the lines it cannot read are found."""

import re
from typing import Any

import msgspec
import pyarrow as pa
from pyarrow import json as pa_json

from dean06.wire import json_object
from dean06.wire.line_bytes import Lines

_ROW = re.compile(r" in row (\d+)$")
"""How Arrow ends what it says of a line: its number among the lines that are not blank, from 0."""
_TRIES = 8
"""How often Arrow may refuse a block before all its lines are left to the exact reader."""
_MOST_BYTES = 4 << 20
"""A longer block holds a line longer than most; marks and places of it would take memory."""

_Kinds = dict[str, pa.DataType]


class ColumnReader:
    """Reads blocks of one file. The kind that a field had in one block is expected in the next."""

    def __init__(self) -> None:
        self._known: _Kinds = {}

    def read(self, lines: Lines) -> pa.Table | None:
        """The plain lines as columns of texts, flags or nulls; None when none is plain.

        Lines that Arrow refuses, or reads as something else, become odd. Arrow itself refuses a
        name that stands twice.
        """
        if lines.size > _MOST_BYTES:
            lines.set_all_odd()
            return None
        lines.set_odd_by_bytes()
        finders = [lines.set_odd_by_grammar, lines.set_odd_by_shape]
        for _ in range(_TRIES):
            plain = lines.plain()
            if not len(plain):
                return None
            try:
                table = self._table(lines.plain_text(), lines.line(plain[0]))
            except json_object.UNREADABLE:
                lines.set_odd(plain[:1])
            except pa.ArrowException as error:
                row = _ROW.search(str(error))
                lines.set_odd(plain[int(row[1]) :][:1] if row else plain[:0])
            else:
                if _set_odd_by_kind(lines, table):
                    # Read again: the others may name the field too, without a value.
                    continue
                return self._plain_columns(lines, table)
            if finders:
                finders.pop(0)()
        lines.set_all_odd()
        return None

    def _table(self, text: pa.Buffer, first: bytes) -> pa.Table:
        kinds = dict(self._known)
        for name, value in msgspec.json.decode(first, type=dict[str, Any]).items():
            if isinstance(value, bool):
                kinds[name] = pa.bool_()
            elif value is not None or name not in kinds:
                kinds[name] = pa.string()
        table = _read(text, kinds)
        moments = [field.name for field in table.schema if pa.types.is_temporal(field.type)]
        if moments:
            table = _read(text, kinds | dict.fromkeys(moments, pa.string()))
        return table

    def _plain_columns(self, lines: Lines, table: pa.Table) -> pa.Table | None:
        if not table.num_columns or table.num_rows != len(lines.plain()):
            lines.set_all_odd()
            return None
        self._known |= {f.name: f.type for f in table.schema if not pa.types.is_null(f.type)}
        return table


def _set_odd_by_kind(lines: Lines, table: pa.Table) -> bool:
    """Set lines odd that have values of another kind in a field met for the first time; returns
    whether there are any."""
    plain = lines.plain()
    others = [field.name for field in table.schema if not _is_plain(field.type)]
    if not others or table.num_rows != len(plain):
        return False
    for name in others:
        lines.set_odd(plain[table[name].is_valid().to_numpy()])
    return True


def _read(text: pa.Buffer, kinds: _Kinds) -> pa.Table:
    return pa_json.read_json(
        pa.BufferReader(text),
        pa_json.ReadOptions(use_threads=False, block_size=text.size + 1),
        pa_json.ParseOptions(explicit_schema=pa.schema(kinds.items())),
    )


def _is_plain(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_boolean(kind) or pa.types.is_null(kind))
