"""What a page shows, as a file: CSV for programs, a workbook for people."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from fastapi.responses import Response

from dean06.agencies.workbooks import new_workbook, put
from dean06.contract import Bilingual
from dean06.figures.words import Words

_WIDTH = 20
_WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def as_file(
    kind: str,
    name: str,
    columns: Sequence[tuple[str, Bilingual]],
    rows: Iterable[Sequence[Any]],
    words: Words,
) -> Response:
    """``name.csv`` (byte-order mark and semicolons, see docs/decisions/0014) or ``name.xlsx``; of
    ``name``, which an address may say, only what a header can hold.

    ``columns``: each with its heading for people. A workbook has those headings in the reader's
    language, and no text in the other one that is there in both.
    """
    name = re.sub(r"[^A-Za-z0-9_.-]", "_", name)
    codes = [code for code, _ in columns]
    body = _workbook(columns, rows, words) if kind == "xlsx" else _csv(codes, rows)
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


def _workbook(
    columns: Sequence[tuple[str, Bilingual]], rows: Iterable[Sequence[Any]], words: Words
) -> bytes:
    own, other = words.say("_vi", "_en"), words.say("_en", "_vi")
    known = {code for code, _ in columns}
    shown = [
        place
        for place, (code, _) in enumerate(columns)
        if not (code.endswith(other) and code.removesuffix(other) + own in known)
    ]
    body = io.BytesIO()
    with new_workbook(body) as book:
        sheet = book.add_worksheet()
        sheet.freeze_panes(1, 0)
        bold = book.add_format({"bold": True})
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        moment = book.add_format({"num_format": "dd/mm/yyyy hh:mm:ss"})
        sheet.set_column(0, len(shown) - 1, _WIDTH)
        for column, place in enumerate(shown):
            put(sheet, 0, column, words.of(columns[place][1]), bold)
        for number, row in enumerate(rows, start=1):
            for column, place in enumerate(shown):
                value = row[place]
                dated = day if isinstance(value, date) else None
                put(sheet, number, column, value, moment if isinstance(value, datetime) else dated)
    return body.getvalue()
