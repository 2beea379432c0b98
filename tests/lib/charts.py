"""What dashboards must show, for tools that send SQL: rows of a statement against known ones."""

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from dean06.privacy import readers
from dean06.warehouse import transaction
from tests.superset.known import KNOWN

HIDDEN = "không hiển thị: số lượng quá nhỏ hoặc có thể làm lộ số lượng nhỏ khác"
_LABEL = "unit_label"
"""Superset's name for a commune, of name and code: its numbers are compared, not the label."""
_NOTHING = "none"
Row = Mapping[str, Any]
Plain = tuple[str, ...]


def differences(name: str, statement: str) -> list[str]:
    """Rows that a statement shows of a chart and that are not known of it, and the other way."""
    columns, known, shown = compared(name, statement)
    left, right = Counter(known), Counter(shown)
    return [f"{columns} known only: {row}" for row in left - right] + [
        f"{columns} shown only: {row}" for row in right - left
    ]


def compared(name: str, statement: str) -> tuple[list[str], list[Plain], list[Plain]]:
    """Columns that are known of a chart, its known rows, and those that a statement shows."""
    with transaction(role=readers.BI) as session:
        day, publication = session.one(
            """select as_of_date, publication_id from mart.kpi_publication
               order by as_of_date desc, publication_id desc limit 1"""
        )
        known = session.rows(_with_colons(name), **_given(name, day, publication))
        shown = [row._mapping for row in session.rows(statement.replace(":", "\\:"))]
    fields = list(known[0]._fields) if known else []
    kept = [number for number, column in enumerate(fields) if column != _LABEL]
    columns = [fields[number] for number in kept]
    return (
        columns,
        [_plain([row[number] for number in kept]) for row in known],
        [_plain(_of(row, columns)) for row in shown] if known else [],
    )


def _with_colons(name: str) -> str:
    """A known text, written for psycopg2, for SQLAlchemy."""
    text = KNOWN[name].replace("%(day)s", ":day").replace("%(publication)s", ":publication")
    return text.replace("%%", "%")


def _given(name: str, day: date, publication: int) -> dict[str, Any]:
    values = {"day": day, "publication": publication}
    return {key: value for key, value in values.items() if f"%({key})s" in KNOWN[name]}


def _of(row: Row, columns: list[str]) -> list[Any]:
    """The known columns of a shown row; columns without a name of their own, by their place."""
    hidden = row["shown"] == HIDDEN if "shown" in row else "record_count" in row and (
        row["record_count"] is None
    )  # fmt: skip
    found = {**row, "is_hidden": hidden}
    if all(column in found for column in columns):
        return [found[column] for column in columns]
    return list(row.values())[: len(columns)]


def _plain(values: list[Any]) -> Plain:
    """Comparable: numbers to six digits, days as Superset sends them, nothing as an empty text."""
    return tuple(_text(value) for value in values)


def _text(value: Any) -> str:
    if value is None or value == _NOTHING:
        return ""
    if isinstance(value, date) and not isinstance(value, datetime):
        value = datetime(value.year, value.month, value.day, tzinfo=UTC).timestamp() * 1000
    if isinstance(value, bool):
        return str(value)
    return f"{value:.6f}" if isinstance(value, int | float | Decimal) else str(value)
