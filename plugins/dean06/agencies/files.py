"""The two files of a list: CSV for programs, a workbook for people. The same lines, the same bytes.

Lines come as headless CSV that COPY wrote; none is held in memory. A cell of text stays text:
an ID keeps its leading zeros, and nothing is ever computed.
"""

import csv
import io
import re
import shutil
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import IO
from xml.sax.saxutils import escape

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

COPY_OPTIONS = "format csv, delimiter ';', force_quote *"
"""Semicolons: where the comma is the decimal sign, as in Vietnam, Excel expects them."""

ROWS_PER_SHEET = 500_000
"""Below the 1,048,576 rows that a sheet can have, and below 2 GB of XML without ZIP64."""

_FIXED_TIME = (2022, 1, 1, 0, 0, 0)
_TIMES = re.compile(rb"<dcterms:(created|modified)[^>]*>[^<]*</dcterms:\1>")
_PLACE = re.compile(rb'<row r="2"[^>]*><c r="A2" s="(\d+)"[^>]*>.*?</row>', re.DOTALL)
_DIMENSION = re.compile(rb'<dimension ref="[^"]*"\s*/>')
_HEADING = PatternFill("solid", fgColor="DDE6F0")


@dataclass(frozen=True)
class Heading:
    """A column of a list."""

    title: str
    width: int
    is_number: bool = False


@dataclass(frozen=True)
class Part:
    """Lines of one kind: the title of their sheet, the file that holds them, how many they are."""

    title: str
    lines: Path
    count: int


def write_csv(target: Path, headings: Sequence[Heading], parts: Sequence[Part]) -> None:
    """All parts under one heading, in UTF-8 with the mark by which Excel knows it."""
    with target.open("wb") as output:
        output.write("\ufeff".encode())
        output.write((";".join(f'"{heading.title}"' for heading in headings) + "\n").encode())
        for part in parts:
            with part.lines.open("rb") as lines:
                shutil.copyfileobj(lines, output, 1 << 20)


def write_workbook(
    target: Path,
    summary: Sequence[Sequence[str | int]],
    headings: Sequence[Heading],
    parts: Sequence[Part],
) -> None:
    """A sheet of counts, then a sheet per part; a long part goes on over several sheets."""
    book = Workbook()
    _summarise(book.worksheets[0], summary)
    sheets: list[tuple[Part, int]] = []
    for part in parts:
        for number, first in enumerate(range(0, max(part.count, 1), ROWS_PER_SHEET)):
            rows = min(part.count - first, ROWS_PER_SHEET)
            title = part.title if number == 0 else f"{part.title} ({number + 1})"
            _lay_out(book.create_sheet(title), headings, rows)
            sheets.append((part, rows))
    shell = io.BytesIO()
    book.save(shell)
    with zipfile.ZipFile(shell) as source, zipfile.ZipFile(target, "w") as archive:
        pages = [f"xl/worksheets/sheet{number}.xml" for number in range(2, len(sheets) + 2)]
        for name in source.namelist():
            if name not in pages:
                archive.writestr(_entry(name), _TIMES.sub(b"", source.read(name)))
        for part in parts:
            with part.lines.open(encoding="utf-8", newline="") as text:
                lines = csv.reader(text, delimiter=";")
                for page, (whose, rows) in zip(pages, sheets, strict=True):
                    if whose is part:
                        with archive.open(_entry(page), "w") as output:
                            _fill(output, source.read(page), headings, islice(lines, rows), rows)


def _summarise(sheet: Worksheet, summary: Sequence[Sequence[str | int]]) -> None:
    sheet.title = "Tóm tắt"
    for row in summary:
        sheet.append(list(row))
    sheet["A1"].font = Font(bold=True, size=14)
    for column, width in zip("ABCDE", (24, 36, 34, 70, 14), strict=True):
        sheet.column_dimensions[column].width = width


def _lay_out(sheet: Worksheet, headings: Sequence[Heading], rows: int) -> None:
    """Headings, widths, and one cell that shows how text is formatted."""
    for number, heading in enumerate(headings, start=1):
        cell = sheet.cell(1, number, heading.title)
        cell.font, cell.fill = Font(bold=True), _HEADING
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        sheet.column_dimensions[get_column_letter(number)].width = heading.width
    sheet.cell(2, 1, "?").number_format = "@"
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(headings))}{rows + 1}"


def _fill(
    output: IO[bytes],
    sheet: bytes,
    headings: Sequence[Heading],
    lines: Iterator[list[str]],
    rows: int,
) -> None:
    """A sheet with its lines in the place of that cell (ECMA-376, part 1, 18.3.1.73).

    Written as text: cell by cell, openpyxl takes minutes for what takes seconds here.
    """
    last = f"{get_column_letter(len(headings))}{rows + 1}"
    before, style, after = _PLACE.split(
        _DIMENSION.sub(f'<dimension ref="A1:{last}"/>'.encode(), sheet), maxsplit=1
    )
    text_cell = f'" s="{style.decode()}" t="inlineStr"><is><t xml:space="preserve">'
    columns = [(get_column_letter(n), h.is_number) for n, h in enumerate(headings, start=1)]
    output.write(before)
    for number, line in enumerate(lines, start=2):
        cells = "".join(
            f'<c r="{column}{number}"><v>{value}</v></c>'
            if is_number
            else f'<c r="{column}{number}{text_cell}{escape(value)}</t></is></c>'
            for (column, is_number), value in zip(columns, line, strict=True)
            if value
        )
        output.write(f'<row r="{number}">{cells}</row>'.encode())
    output.write(after)


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _FIXED_TIME)
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry
