"""The two files of a list: CSV for programs, a workbook for people. The same lines, and for the
same lines the same bytes. The workbook is in Vietnamese; the CSV has English texts at its end.

Lines come as headless CSV that COPY wrote; none is held in memory. A cell of text stays text:
an ID keeps its leading zeros, and nothing is ever computed.
"""

import csv
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import compress, islice
from pathlib import Path

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from dean06.agencies.workbooks import new_workbook, put

COPY_OPTIONS = "format csv, delimiter ';', force_quote *"
"""Semicolons: where the comma is the decimal sign, as in Vietnam, Excel expects them."""

ROWS_PER_SHEET = 500_000
"""Below the 1,048,576 rows that a sheet can have, and below 2 GB of XML without ZIP64."""

_HEADING = {"bold": True, "bg_color": "#DDE6F0", "text_wrap": True, "valign": "top"}
_TEXT = {"num_format": "@"}
_SUMMARY_WIDTHS = (24, 36, 34, 70, 14)


@dataclass(frozen=True)
class Heading:
    """A column of a list."""

    title: str
    width: int
    is_number: bool = False
    is_in_workbook: bool = True


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
    shown = [heading for heading in headings if heading.is_in_workbook]
    with new_workbook(target) as book:
        _summarise(book, summary)
        heading, text = book.add_format(_HEADING), book.add_format(_TEXT)
        for part in parts:
            with part.lines.open(encoding="utf-8", newline="") as file:
                lines = csv.reader(file, delimiter=";")
                for number, first in enumerate(range(0, max(part.count, 1), ROWS_PER_SHEET)):
                    rows = min(part.count - first, ROWS_PER_SHEET)
                    title = part.title if number == 0 else f"{part.title} ({number + 1})"
                    sheet = book.add_worksheet(title)
                    _lay_out(sheet, shown, rows, heading)
                    _fill(sheet, headings, islice(lines, rows), text)


def _summarise(book: Workbook, summary: Sequence[Sequence[str | int]]) -> None:
    sheet, title = book.add_worksheet("Tóm tắt"), book.add_format({"bold": True, "font_size": 14})
    for column, width in enumerate(_SUMMARY_WIDTHS):
        sheet.set_column(column, column, width)
    for row, cells in enumerate(summary):
        for column, value in enumerate(cells):
            put(sheet, row, column, value, title if (row, column) == (0, 0) else None)


def _lay_out(sheet: Worksheet, headings: Sequence[Heading], rows: int, style: Format) -> None:
    for column, heading in enumerate(headings):
        sheet.set_column(column, column, heading.width)
        put(sheet, 0, column, heading.title, style)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, rows, len(headings) - 1)


def _fill(
    sheet: Worksheet, headings: Sequence[Heading], lines: Iterable[list[str]], text: Format
) -> None:
    """One line a row, below the headings."""
    are_numbers = [heading.is_number for heading in headings]
    are_shown = [heading.is_in_workbook for heading in headings]
    for row, line in enumerate(lines, start=1):
        cells = compress(zip(are_numbers, line, strict=True), are_shown)
        for column, (is_number, value) in enumerate(cells):
            if value:
                put(
                    sheet,
                    row,
                    column,
                    int(value) if is_number else value,
                    None if is_number else text,
                )
