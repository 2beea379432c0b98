"""A council's list as a workbook formatted by hand: merged titles, group headers, blank lines,
numbers and texts mixed. The same list gives the same bytes."""

import io
import re
import zipfile
from dataclasses import dataclass
from datetime import date
from typing import Any
from xml.sax.saxutils import escape

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from .feed import Rows

_COLUMNS = {
    "registration_no": "Số báo danh",
    "full_name": "Họ và tên",
    "birth_date": "Ngày sinh",
    "sex_code": "Giới tính",
    "personal_id": "Số CCCD/Định danh cá nhân",
    "school_code": "Mã trường",
    "commune_code": "Mã xã",
    "registered_on": "Ngày đăng ký",
}
_GROUPS = {
    "Thông tin thí sinh": ("registration_no", "full_name", "birth_date", "sex_code", "personal_id"),
    "Trường": ("school_code", "commune_code"),
}
_FIXED_TIME = (2022, 1, 1, 0, 0, 0)
_MODIFIED = re.compile(rb"<dcterms:(created|modified)[^>]*>[^<]*</dcterms:\1>")
_SHEET = "Danh sách"
_FIRST_LINE, _TOGETHER = 7, 23
_PLACE = re.compile(
    rf'<row r="{_FIRST_LINE}"><c r="A{_FIRST_LINE}"( s="\d+")? t="n"><v>0</v></c></row>'
)
_EPOCH = date(1899, 12, 30)
"""Day 0 of spreadsheets."""
Cell = str | int | date | None


@dataclass(frozen=True)
class Heading:
    """What stands above a list."""

    department: str
    council_code: str
    school: str
    compiled: str
    """HH:MM:SS dd/MM/yyyy"""
    year: int


def write(
    heading: Heading, rows: Rows, dropped: frozenset[str] = frozenset(), extra: bool = False
) -> bytes:
    """The workbook of a list."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = _SHEET
    columns = [name for name in _COLUMNS if name not in dropped]
    titles = ["STT", *(_COLUMNS[name] for name in columns), "Ghi chú"]
    if extra:
        titles.append("Trường mới")
    _write_heading(sheet, heading, titles, columns)
    table = _table(rows, columns, len(titles) if extra else 0)
    line = _FIRST_LINE + len(table) + max(len(table) - 1, 0) // _TOGETHER
    if table:
        # The lines themselves are put into the file afterwards: cell by cell they take minutes.
        place = sheet.cell(_FIRST_LINE, 1, 0)
        if any(isinstance(value, date) for cells in table for value in cells):
            place.value, place.number_format = _EPOCH, "dd/mm/yyyy"
    sheet.cell(line + 1, 1, f"Tổng cộng: {len(rows)} thí sinh")
    sheet.cell(line + 3, max(len(titles) - 3, 1), "CHỦ TỊCH HỘI ĐỒNG")
    sheet.cell(line + 4, max(len(titles) - 3, 1), "(Ký tên, đóng dấu)")
    return _deterministic(book, table)


def _table(rows: Rows, columns: list[str], extra: int) -> list[list[Cell]]:
    """What is typed into each line; ``extra`` is the number of a column more than agreed."""
    table = []
    for index in range(len(rows)):
        record = rows.record(index)
        cells = [index + 1, *(_cell(name, record[name], index) for name in columns)]
        if extra:
            cells += [*([None] * (extra - 1 - len(cells))), "x"]
        table.append(cells)
    return table


def _write_heading(sheet: Any, heading: Heading, titles: list[str], columns: list[str]) -> None:
    last = get_column_letter(len(titles))
    sheet["A1"] = heading.department
    sheet["A2"] = f"DANH SÁCH THÍ SINH ĐĂNG KÝ DỰ THI TỐT NGHIỆP THPT NĂM {heading.year}"
    for line in (1, 2):
        sheet.merge_cells(f"A{line}:{last}{line}")
        sheet[f"A{line}"].font = Font(bold=True)
        sheet[f"A{line}"].alignment = Alignment(horizontal="center")
    sheet["A3"] = (
        f"Hội đồng thi: {heading.council_code} - {heading.school}    Lập lúc: {heading.compiled}"
    )
    for group, members in _GROUPS.items():
        present = [columns.index(name) + 2 for name in members if name in columns]
        if present:
            sheet.cell(5, present[0], group)
            if len(present) > 1:
                sheet.merge_cells(
                    start_row=5, end_row=5, start_column=present[0], end_column=present[-1]
                )
    for offset, title in enumerate(titles, start=1):
        sheet.cell(6, offset, title).font = Font(bold=True)


def _cell(name: str, value: str | None, index: int) -> Cell:
    """What is typed into a cell: numbers and dates now and then, where people do so."""
    if value is None:
        return None
    if name == "personal_id" and len(value) == 11 and value.isdigit() and value[0] != "0":
        return int(value)
    if name == "sex_code":
        return int(value) if index % 3 else {"1": "1", "2": "2"}.get(value, value)
    if name == "birth_date" and index % 9 == 4:
        try:
            return date.fromisoformat("-".join(reversed(value.split("/"))))
        except ValueError:
            return value
    return value


def _line(number: int, cells: list[Cell], date_style: str) -> str:
    """One line of the sheet as openpyxl writes it (ECMA-376, part 1, 18.3.1.73)."""
    found = []
    for column, value in enumerate(cells, start=1):
        at = f"{get_column_letter(column)}{number}"
        if isinstance(value, str):
            kept = ' xml:space="preserve"' if value.strip() != value else ""
            text = f"<is><t{kept}>{escape(value)}</t></is>"
            found.append(f'<c r="{at}" t="inlineStr">{text}</c>')
        elif isinstance(value, date):
            days = (value - _EPOCH).days
            found.append(f'<c r="{at}"{date_style} t="n"><v>{days}</v></c>')
        elif value is not None:
            found.append(f'<c r="{at}" t="n"><v>{value}</v></c>')
    return f'<row r="{number}">{"".join(found)}</row>'


def _with_lines(sheet: bytes, table: list[list[Cell]]) -> bytes:
    """The sheet with the table's lines in their place, a blank one after every 23."""
    before, style, after = _PLACE.split(sheet.decode(), maxsplit=1)
    lines = (
        _line(_FIRST_LINE + index + index // _TOGETHER, cells, style or "")
        for index, cells in enumerate(table)
    )
    return "".join([before, *lines, after]).encode()


def _deterministic(book: Workbook, table: list[list[Cell]]) -> bytes:
    """The workbook's archive with the table's lines and fixed times."""
    buffer = io.BytesIO()
    book.save(buffer)
    fixed = io.BytesIO()
    with zipfile.ZipFile(buffer) as source, zipfile.ZipFile(fixed, "w") as target:
        for name in source.namelist():
            data = source.read(name)
            if name == "docProps/core.xml":
                data = _MODIFIED.sub(b"", data)
            elif table and name == "xl/worksheets/sheet1.xml":
                data = _with_lines(data, table)
            info = zipfile.ZipInfo(name, _FIXED_TIME)
            info.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(info, data)
    return fixed.getvalue()
