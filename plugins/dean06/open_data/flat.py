"""Tables as CSV (UTF-8, with a header, lines end with LF)."""

import csv
import io

from dean06.open_data import tables
from dean06.open_data.content import Content
from dean06.open_data.tables import Table


def write(content: Content) -> dict[str, bytes]:
    """Return every table as a CSV file, by name. Values are the bytes that were signed."""
    files = {table.file: _file(content, table) for table in tables.TABLES}
    return files | {tables.VALUES.file: content.values}


def _file(content: Content, table: Table) -> bytes:
    text = io.StringIO(newline="")
    lines = csv.writer(text, lineterminator="\n")
    lines.writerow(column.name for column in table.columns)
    lines.writerows(content.rows[table.name])
    return text.getvalue().encode()
