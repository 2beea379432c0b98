"""Workbooks that dean06 writes, all through XlsxWriter (docs/decisions/0027).

The same cells give the same bytes, and text stays text: nothing in a cell is ever computed.
"""

from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from pathlib import Path

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from dean06.details.detail import detail
from dean06.errors import Dean06Error

Cell = str | int | float | Decimal | bool | date | None

_CREATED = datetime(2022, 1, 1)  # noqa: DTZ001 - a workbook's properties know no time zone
_TEXT_STAYS_TEXT = {
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
    "default_date_format": "yyyy-mm-dd",
}


def new_workbook(target: Path | BytesIO) -> Workbook:
    """An empty workbook; leaving its ``with`` block writes it.

    A file is written row by row, so rows must come in order; its temporary files lie beside it. A
    buffer is written in memory.
    """
    if isinstance(target, BytesIO):
        book = Workbook(target, _TEXT_STAYS_TEXT | {"in_memory": True})
    else:
        book = Workbook(
            str(target), _TEXT_STAYS_TEXT | {"constant_memory": True, "tmpdir": str(target.parent)}
        )
    book.set_properties({"created": _CREATED})
    return book


def put(sheet: Worksheet, row: int, column: int, value: Cell, style: Format | None = None) -> None:
    """Write one cell, counted from 0; None leaves it empty.

    Raises Dean06Error for what a sheet cannot hold, which XlsxWriter only reports by a number.
    """
    if sheet.write(row, column, value, style):
        raise Dean06Error(
            detail("cell_does_not_fit", sheet=sheet.get_name(), row=row + 1, column=column + 1)
        )
