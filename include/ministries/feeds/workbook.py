"""A council's list as a workbook formatted by hand: merged titles, group headers, blank lines,
numbers and texts mixed. The same list gives the same bytes."""

import io
import re
import zipfile
from dataclasses import dataclass
from datetime import date
from typing import Any

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
    line = 7
    for index in range(len(rows)):
        if index and index % 23 == 0:
            line += 1
        record = rows.record(index)
        sheet.cell(line, 1, index + 1)
        for offset, name in enumerate(columns, start=2):
            value = _cell(name, record[name], index)
            if value is not None:
                sheet.cell(line, offset, value)
                if isinstance(value, date):
                    sheet.cell(line, offset).number_format = "dd/mm/yyyy"
        if extra:
            sheet.cell(line, len(titles), "x")
        line += 1
    sheet.cell(line + 1, 1, f"Tổng cộng: {len(rows)} thí sinh")
    sheet.cell(line + 3, max(len(titles) - 3, 1), "CHỦ TỊCH HỘI ĐỒNG")
    sheet.cell(line + 4, max(len(titles) - 3, 1), "(Ký tên, đóng dấu)")
    return _deterministic(book)


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
    if name == "personal_id" and len(value) == 11 and value.isdigit():
        return int(value)
    if name == "sex_code":
        return int(value) if index % 3 else {"1": "1", "2": "2"}.get(value, value)
    if name == "birth_date" and index % 9 == 4:
        try:
            return date.fromisoformat("-".join(reversed(value.split("/"))))
        except ValueError:
            return value
    return value


def _deterministic(book: Workbook) -> bytes:
    """The workbook's archive with fixed times."""
    buffer = io.BytesIO()
    book.save(buffer)
    fixed = io.BytesIO()
    with zipfile.ZipFile(buffer) as source, zipfile.ZipFile(fixed, "w") as target:
        for name in source.namelist():
            data = source.read(name)
            if name == "docProps/core.xml":
                data = _MODIFIED.sub(b"", data)
            info = zipfile.ZipInfo(name, _FIXED_TIME)
            info.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(info, data)
    return fixed.getvalue()
