"""A council's list as a workbook formatted by hand: merged titles, group headers, blank lines,
numbers and texts mixed. XlsxWriter writes it (docs/decisions/0027): the same list, the same bytes.
"""

import io
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

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
_CREATED = datetime(2022, 1, 1)  # noqa: DTZ001 - a workbook's properties know no time zone
_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
    "default_date_format": "dd/mm/yyyy",
}
_SHEET = "Danh sách"
_FIRST_ROW, _TOGETHER = 6, 23
"""The row of the first candidate, counted from 0, and how many stand between two blank rows."""
ERROR = "#N/A"
"""What a spreadsheet shows for a value that it could not look up."""
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
    heading: Heading,
    rows: Rows,
    dropped: frozenset[str] = frozenset(),
    extra: bool = False,
    is_strange: bool = False,
) -> bytes:
    """The workbook of a list; a strange one has a hidden sheet before it, titles whose accents
    stand apart, and codes as numbers whose format shows their zeros."""
    columns = [name for name in _COLUMNS if name not in dropped]
    titles = ["STT", *(_COLUMNS[name] for name in columns), "Ghi chú"]
    if extra:
        titles.append("Trường mới")
    body = io.BytesIO()
    with Workbook(body, _OPTIONS) as book:
        book.set_properties({"created": _CREATED})
        if is_strange:
            titles = [unicodedata.normalize("NFD", title) for title in titles]
            _hidden(book, titles)
        sheet = book.add_worksheet(_SHEET)
        if is_strange:
            sheet.activate()
            sheet.set_first_sheet()
        zeros = Zeros(book) if is_strange else None
        _write_heading(book, sheet, heading, titles)
        _write_titles(book, sheet, titles, columns)
        end = _FIRST_ROW
        for index, cells in enumerate(_table(rows, columns, len(titles) if extra else 0)):
            row = _FIRST_ROW + index + index // _TOGETHER
            end = row + 1
            for column, value in enumerate(cells):
                _put(sheet, row, column, value, zeros)
        _put(sheet, end + 1, 0, f"Tổng cộng: {len(rows)} thí sinh")
        signature = max(len(titles) - 4, 0)
        _put(sheet, end + 3, signature, "CHỦ TỊCH HỘI ĐỒNG")
        _put(sheet, end + 4, signature, "(Ký tên, đóng dấu)")
    return body.getvalue()


class Zeros:
    """Number formats that show so many digits."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._formats: dict[int, Format] = {}

    def of(self, digits: int) -> Format:
        """The format 000… of so many."""
        if digits not in self._formats:
            self._formats[digits] = self._book.add_format({"num_format": "0" * digits})
        return self._formats[digits]


def _hidden(book: Workbook, titles: list[str]) -> None:
    """A sheet that nobody sees, with an old list."""
    sheet = book.add_worksheet("Cũ")
    sheet.write_row(0, 0, titles)
    sheet.write_row(1, 0, [1, "53000099", "Phạm Thị Cũ", "01/01/2004", 1])
    sheet.hide()


def _put(sheet: Worksheet, row: int, column: int, value: Cell, zeros: Zeros | None = None) -> None:
    if value == ERROR:
        sheet.write_formula(row, column, "=NA()", None, ERROR)
        return
    form = None
    if zeros and isinstance(value, str) and value.isascii() and value.isdigit():
        form = zeros.of(len(value))
        value = int(value)
    if sheet.write(row, column, value, form):
        raise ValueError(f"row {row + 1}, column {column + 1} does not fit a workbook")


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


def _write_heading(book: Workbook, sheet: Worksheet, heading: Heading, titles: list[str]) -> None:
    """Who sends the list, for which exam, and when it was compiled."""
    title = book.add_format({"bold": True, "align": "center"})
    exam = f"DANH SÁCH THÍ SINH ĐĂNG KÝ DỰ THI TỐT NGHIỆP THPT NĂM {heading.year}"
    for row, text in enumerate((heading.department, exam)):
        sheet.merge_range(row, 0, row, len(titles) - 1, text, title)
    compiled = f"{heading.council_code} - {heading.school}    Lập lúc: {heading.compiled}"
    _put(sheet, 2, 0, f"Hội đồng thi: {compiled}")


def _write_titles(book: Workbook, sheet: Worksheet, titles: list[str], columns: list[str]) -> None:
    """The header in two rows: groups of columns, then every column."""
    for group, members in _GROUPS.items():
        present = [columns.index(name) + 1 for name in members if name in columns]
        if len(present) > 1:
            sheet.merge_range(4, present[0], 4, present[-1], group)
        elif present:
            _put(sheet, 4, present[0], group)
    bold = book.add_format({"bold": True})
    for column, title in enumerate(titles):
        sheet.write(5, column, title, bold)


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
