"""The release for people: every table as a sheet, with names beside codes."""

from collections.abc import Iterable
from io import BytesIO

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from dean06.agencies.workbooks import Cell, new_workbook, put
from dean06.contract import Bilingual
from dean06.open_data import tables
from dean06.open_data.content import Content, as_local
from dean06.open_data.publisher import UPDATE_CYCLES
from dean06.open_data.tables import Kind, Table

_MOST_ROWS = 1_000_000
"""Rows of one sheet; a sheet holds 1,048,576. The rest goes to further sheets."""
_WIDTH, _WIDE = 18, 60
_SHEETS = {
    tables.VALUES: "Số liệu · Values",
    tables.KPIS: "Chỉ tiêu · KPIs",
    tables.UNITS: "Đơn vị · Units",
    tables.MEMBERS: "Thành phần · Members",
    tables.MISSING_REASONS: "Lý do · Reasons",
}
_NAMES = ("kpi_name_vi", "unit_name", "member_name_vi", "missing_reason_vi")
"""Columns of values that only the workbook has."""


def write(content: Content) -> bytes:
    """Return the workbook."""
    target = BytesIO()
    with new_workbook(target) as book:
        book.set_properties({"title": content.title.vi, "author": content.publisher.name,
                             "created": as_local(content.published_at)})  # fmt: skip
        _about(book, content)
        for table, title in _SHEETS.items():
            _sheets(book, title, _rows(content, table))
    return target.getvalue()


def _about(book: Workbook, content: Content) -> None:
    """The first sheet: what the workbook is, and what to know before using it."""
    sheet = book.add_worksheet("Thông tin · About")
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    bold = book.add_format({"bold": True, "valign": "top"})
    sheet.set_column(0, 0, _WIDTH * 2)
    sheet.set_column(1, 2, _WIDE)
    by = content.publisher
    cycle = UPDATE_CYCLES[by.update_cycle]
    lines = [
        (Bilingual("Release", "Bộ dữ liệu"), content.title),
        (Bilingual("Please note", "Lưu ý"), content.notice),
        *[
            (title, Bilingual(same, same))
            for title, same in (
                (Bilingual("Publisher", "Cơ quan công bố"), by.name),
                (Bilingual("Contact", "Liên hệ"), by.contact),
                (Bilingual("Licence", "Giấy phép"), by.licence),
                (Bilingual("Place", "Nơi công bố"), content.url),
            )
        ],
        (Bilingual("Updated", "Cập nhật"), cycle),
        (
            Bilingual("Published at", "Thời điểm công bố"),
            Bilingual(content.issued, f"{as_local(content.published_at):%H:%M ngày %d/%m/%Y}"),
        ),
    ]
    for at, (title, said) in enumerate(lines):
        put(sheet, at, 0, f"{title.vi} · {title.en}", bold)
        put(sheet, at, 1, said.vi, wrapped)
        put(sheet, at, 2, said.en, wrapped)


def _rows(content: Content, table: Table) -> Iterable[list[Cell]]:
    """Rows of a sheet, the header first."""
    is_values = table is tables.VALUES
    yield [*(column.name for column in table.columns), *(_NAMES if is_values else ())]
    names = _Names(content) if is_values else None
    for row in content.rows[table.name]:
        cells = [_cell(text, column.kind) for text, column in zip(row, table.columns, strict=True)]
        yield cells + (names.of(row) if names else [])


class _Names:
    """Vietnamese names for the codes of a value."""

    def __init__(self, content: Content) -> None:
        self._kpis = {
            (row["kpi_code"], row["kpi_version"]): row["name_vi"]
            for row in content.dicts(tables.KPIS)
        }
        self._units = {tuple(row[:3]): row[3] for row in content.rows[tables.UNITS.name]}
        self._members = {tuple(row[:2]): row[3] for row in content.rows[tables.MEMBERS.name]}
        self._reasons = {row[0]: row[2] for row in content.rows[tables.MISSING_REASONS.name]}
        self._names = [column.name for column in tables.VALUES.columns]

    def of(self, cells: tables.Row) -> list[Cell]:
        """Names of KPI, unit, member and reason, in the order of ``_NAMES``."""
        row = dict(zip(self._names, cells, strict=True))
        return [
            self._kpis[row["kpi_code"], row["kpi_version"]],
            self._units[row["unit_level"], row["unit_code"], row["boundary_version"]],
            self._members.get((row["breakdown"], row["member_code"])),
            self._reasons.get(row["missing_reason"]),
        ]


def _cell(text: str, kind: Kind) -> Cell:
    """A cell as the workbook shows it; days stay text, as in every other file."""
    if not text:
        return None
    match kind:
        case "integer":
            return int(text)
        case "number":
            return float(text)
        case _:
            return text


def _sheets(book: Workbook, title: str, rows: Iterable[list[Cell]]) -> None:
    bold = book.add_format({"bold": True, "bottom": 1})
    lines = iter(rows)
    header = next(lines)
    sheet: Worksheet | None = None
    at = sheets = 0
    for row in lines:
        if sheet is None or at == _MOST_ROWS:
            sheets, at = sheets + 1, 0
            sheet = _sheet(book, title if sheets == 1 else f"{title} {sheets}", header, bold)
        at += 1
        for column, cell in enumerate(row):
            if cell is not None:
                put(sheet, at, column, cell)
    if sheet is None:
        _sheet(book, title, header, bold)


def _sheet(book: Workbook, title: str, header: list[Cell], bold: object) -> Worksheet:
    sheet = book.add_worksheet(title)
    for column, name in enumerate(header):
        put(sheet, 0, column, name, bold)
    sheet.set_column(0, len(header) - 1, _WIDTH)
    sheet.freeze_panes(1, 0)
    return sheet
