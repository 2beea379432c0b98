"""What a page shows, as a file: CSV for programs, a workbook for people."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

from fastapi.responses import Response
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

_WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def as_file(
    kind: str, name: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]
) -> Response:
    """``name.csv`` (byte-order mark and semicolons, see docs/decisions/0014) or ``name.xlsx``."""
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
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.freeze_panes = "A2"
    heads = [WriteOnlyCell(sheet, column) for column in columns]
    for head in heads:
        head.font = Font(bold=True)
    sheet.append(heads)
    for row in rows:
        sheet.append(list(row))
    body = io.BytesIO()
    book.save(body)
    return body.getvalue()
