"""What a page shows, as a file: CSV for programs, a workbook for people."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from typing import Any

from fastapi.responses import Response

from dean06.agencies.workbooks import new_workbook, put

_WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def as_file(
    kind: str, name: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]
) -> Response:
    """``name.csv`` (byte-order mark and semicolons, see docs/decisions/0014) or ``name.xlsx``; of
    ``name``, which an address may say, only what a header can hold."""
    name = re.sub(r"[^A-Za-z0-9_.-]", "_", name)
    body = _workbook(columns, rows) if kind == "xlsx" else _csv(columns, rows)
    return Response(
        body,
        media_type=_WORKBOOK if kind == "xlsx" else "text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}.{kind}"'},
    )


def _csv(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return text.getvalue().encode("utf-8-sig")


def _workbook(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    body = io.BytesIO()
    with new_workbook(body) as book:
        sheet = book.add_worksheet()
        sheet.freeze_panes(1, 0)
        bold = book.add_format({"bold": True})
        for column, title in enumerate(columns):
            put(sheet, 0, column, title, bold)
        for number, row in enumerate(rows, start=1):
            for column, value in enumerate(row):
                put(sheet, number, column, value)
    return body.getvalue()
