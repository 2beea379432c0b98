"""Rows as elements of one JSON document: the pages of the provincial portal."""

from json.encoder import encode_basestring

from .feed import Column, Rows
from .lines import AS_AGREED, EXTRA_FIELD, EXTRA_VALUE, Shape, assemble, in_octets

ARRAYS = frozenset(("components", "results", "fees"))
"""Columns that hold JSON already."""


def json_elements(rows: Rows, wire: dict[str, str], shape: Shape = AS_AGREED) -> list[bytes]:
    """One JSON object a row; the unreadable ones are no object. ``wire`` maps columns to fields."""
    columns = [name for name in wire if name not in shape.dropped]
    values = [
        in_octets(rows.columns[name]) if name in ARRAYS else _texts(in_octets(rows.columns[name]))
        for name in columns
    ]
    parts = [f'"{wire[name]}":%s' for name in columns]
    if shape.extra:
        parts.append(f'"{EXTRA_FIELD}":"{EXTRA_VALUE}"')
    template = "{" + ",".join(parts) + "}"
    return assemble([template % row for row in zip(*values, strict=True)], rows)


def _texts(column: Column) -> list[str]:
    return ["null" if value is None else encode_basestring(value) for value in column]
