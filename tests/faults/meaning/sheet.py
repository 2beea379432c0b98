"""One row of a workbook as a person reads it off the screen, through openpyxl."""

import io
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any

import openpyxl
from openpyxl.cell.cell import Cell, MergedCell

from tests.faults.meaning.agreement import Dataset
from tests.faults.meaning.judge import Reading, of_fields
from tests.faults.meaning.values import LostError

_ERROR, _FORMULA = "e", "f"


def read(
    dataset: Dataset, body: bytes, header: int, common: dict[str, object]
) -> Iterator[tuple[int, Reading]]:
    """The reading of each row below the header, with its number; ``common``: what the titles above
    say of every row."""
    sheet = openpyxl.load_workbook(io.BytesIO(body)).worksheets[0]
    titles = {cell.column: str(cell.value) for cell in sheet[header] if cell.value is not None}
    agreed = {column.wire for column in dataset.sent}
    for row in sheet.iter_rows(min_row=header + 1):
        cells = [cell for cell in row if titles.get(cell.column or 0) in agreed]
        try:
            sent = {titles[cell.column or 0]: _shown(cell) for cell in cells}
        except LostError as lost:
            yield row[0].row or 0, Reading(None, str(lost))
        else:
            yield row[0].row or 0, of_fields(dataset, {**sent, **common})


def _shown(cell: Cell | MergedCell) -> str | None:
    if cell.data_type in (_ERROR, _FORMULA):
        raise LostError("a cell whose value nobody can know")
    value: Any = cell.value
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, datetime | date | time):
        return _shown_date(value, cell.number_format.lower())
    if isinstance(value, int | float):
        return _shown_number(value, cell.number_format)
    return str(value)


def _shown_date(value: datetime | date | time, number_format: str) -> str:
    parts = [
        code for sign, code in (("d", "%d"), ("m", "%m"), ("y", "%Y")) if sign in number_format
    ]
    day = "/".join(f"{value:{part}}" for part in parts)
    is_midnight = not isinstance(value, datetime) or value.time() == time.min
    return day if is_midnight or "h" not in number_format else f"{day} {value:%H:%M:%S}"


def _shown_number(value: float, number_format: str) -> str:
    if value != int(value):
        return str(value)
    digits = str(int(value))
    return digits.zfill(len(number_format)) if set(number_format) == {"0"} else digits
