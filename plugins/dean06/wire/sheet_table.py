"""A list in a workbook formatted by hand, read as a person reads it.

Headers may have several rows, be repeated on each printed page or be followed by a row of column
numbers; a total and signatures may stand below the list, and late additions below the total.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from dean06.details.detail import detail
from dean06.errors import ContractError
from dean06.wire.titles import matching, plain
from dean06.wire.workbook import Sheet

_NUMBERING = re.compile(r"\(?\s*([0-9]{1,3})\s*\)?")


@dataclass(frozen=True)
class Layout:
    """What is agreed about a list."""

    key: str
    """Title of the column that every record fills."""
    known: Sequence[str]
    """All titles that carry facts."""
    ignored: Sequence[str]
    """Titles of columns that carry none."""
    totals: Sequence[str]
    """How the texts of rows with totals begin, those of groups too."""


@dataclass(frozen=True)
class Row:
    """One record: its row in the sheet, and what it shows by title; empty cells are not there."""

    number: int
    cells: Mapping[str, str]


@dataclass(frozen=True)
class Table:
    """A list found in a sheet."""

    layout: Layout
    sheet: Sheet
    header: tuple[int, int]
    """First and last row of the header."""
    titles: Mapping[int, str]
    """Title by column: as agreed, as written, or the column's letter where it has none."""

    @property
    def above(self) -> str:
        """The text above the header, with plain spaces."""
        rows = self.sheet.rows.items()
        cells = [text for row, found in rows if row < self.header[0] for text in found.values()]
        return plain(" ".join(cells))

    @property
    def columns(self) -> frozenset[str]:
        """The titles of the header, but for those that carry no facts."""
        return frozenset(self.titles.values()) - frozenset(self.layout.ignored)

    def records(self) -> Iterator[Row]:
        """The records, in the order of the sheet; a row of them may lack its key.

        Raises ContractError when a repeated header names other columns.
        """
        is_below_total = False
        for number, cells in self.sheet.rows.items():
            if number <= self.header[1] or self._is_header_again(number, cells):
                continue
            if self._is_total(cells):
                is_below_total = True
            elif self._is_record(cells) and not (is_below_total and not self._is_late(cells)):
                yield Row(number, self._shown(number, cells))

    def _is_header_again(self, number: int, cells: Mapping[int, str]) -> bool:
        again = {column: matching(text) for column, text in cells.items()}
        if _is_numbering(cells) or again in self._header_rows:
            return True
        if matching(self.layout.key) not in again.values():
            return False
        titles = {column: matching(title) for column, title in self.titles.items()}
        if any(titles.get(column) != title for column, title in again.items()):
            raise ContractError(detail("sheet_header_differs", row=number))
        return True

    @cached_property
    def _header_rows(self) -> list[dict[int, str]]:
        """The texts of the header's rows, and of the one above with titles of groups."""
        rows = (
            self.sheet.rows.get(row, {}) for row in range(self.header[0] - 1, self.header[1] + 1)
        )
        return [{column: matching(text) for column, text in row.items()} for row in rows if row]

    def _is_total(self, cells: Mapping[int, str]) -> bool:
        text = next(iter(cells.values()))
        return matching(text).startswith(tuple(map(matching, self.layout.totals)))

    def _is_record(self, cells: Mapping[int, str]) -> bool:
        """Whether a row says anything: a running number, a remark or a heading alone does not."""
        says = [column for column in cells if self.titles.get(column) not in self.layout.ignored]
        return bool(says) and not (len(cells) == 1 and self._is_heading(cells, says[0]))

    def _is_heading(self, cells: Mapping[int, str], column: int) -> bool:
        """Whether the only cell of a row is in the key's column and is no key, but words: the
        class whose candidates follow."""
        is_key = self.titles.get(column) == self.layout.key
        return is_key and any(map(str.isalpha, cells[column]))

    def _is_late(self, cells: Mapping[int, str]) -> bool:
        """Whether a row below the total is a record: it has a key with a digit, or half of the
        agreed cells. Signatures and dates have neither."""
        shown = {self.titles.get(column): text for column, text in cells.items()}
        key = shown.get(self.layout.key, "")
        agreed = self.columns & frozenset(self.layout.known)
        return any(map(str.isdecimal, key)) or 2 * len(agreed & shown.keys()) >= len(agreed)

    def _shown(self, number: int, cells: Mapping[int, str]) -> dict[str, str]:
        """A record's cells. Those that it shares with the row above count too, but not its key:
        two records never have the same one."""
        shown = {}
        for column, title in self.titles.items():
            if title not in self.layout.ignored:
                is_key = title == self.layout.key
                text = cells.get(column) if is_key else self.sheet.shown(number, column)
                if text is not None:
                    shown[title] = text
        untitled = {c: text for c, text in cells.items() if c not in self.titles}
        return shown | {f"cột {letters(column)}": text for column, text in untitled.items()}


def find(sheets: Sequence[Sheet], layout: Layout) -> Table:
    """The one list of a workbook.

    Raises ContractError when no sheet has its header, when two visible sheets could be meant, when
    only a hidden one has it, or when the header names a column twice.
    """
    found = [table for sheet in sheets if (table := _table(sheet, layout))]
    visible = [table for table in found if table.sheet.is_visible]
    filled = [table for table in visible if any(True for _ in table.records())]
    meant = filled or visible
    if len(meant) > 1:
        *first, last = (str(table.sheet.number) for table in meant)
        raise ContractError(detail("sheets_several", first=first, last=last, key=layout.key))
    if not meant:
        lack = "sheet_hidden" if found else "sheet_no_header"
        raise ContractError(detail(lack, key=layout.key))
    _check_titles(meant[0])
    return meant[0]


def letters(column: int) -> str:
    """The letters of a column: 1 is A, 27 is AA."""
    found = ""
    while column:
        column, rest = divmod(column - 1, 26)
        found = chr(65 + rest) + found
    return found


def _table(sheet: Sheet, layout: Layout) -> Table | None:
    agreed = {matching(title): title for title in (*layout.known, *layout.ignored)}
    key = matching(layout.key)
    first = next(
        (row for row, cells in sheet.rows.items() if key in map(matching, cells.values())), None
    )
    if first is None:
        return None
    last = first
    while _is_header(sheet.rows.get(last + 1, {}), agreed):
        last += 1
    return Table(layout, sheet, (first, last), _titles(sheet, (first, last), agreed))


def _is_header(cells: Mapping[int, str], agreed: Mapping[str, str]) -> bool:
    """Whether most of a row's cells are agreed titles: of no record that is so."""
    known = sum(matching(text) in agreed for text in cells.values())
    return 2 * known > len(cells)


def _titles(sheet: Sheet, header: tuple[int, int], agreed: Mapping[str, str]) -> dict[int, str]:
    """The lowest title of each column; from the row above the header only agreed ones."""
    titles: dict[int, str] = {}
    for column, text in sheet.rows.get(header[0] - 1, {}).items():
        if matching(text) in agreed:
            titles[column] = agreed[matching(text)]
    for row in range(header[0], header[1] + 1):
        for column, text in sheet.rows[row].items():
            if plain(text):
                titles[column] = agreed.get(matching(text), plain(text))
    return titles


def _is_numbering(cells: Mapping[int, str]) -> bool:
    """A row of column numbers, as forms have it below their header: (1) (2) (3) …"""
    found = [_NUMBERING.fullmatch(text) for text in cells.values()]
    numbers = [int(match[1]) for match in found if match]
    return (
        len(numbers) == len(cells) > 2
        and numbers[0] in {0, 1}
        and all(after == before + 1 for before, after in pairwise(numbers))
    )


def _check_titles(table: Table) -> None:
    columns: dict[str, list[str]] = {}
    for column, title in table.titles.items():
        columns.setdefault(title, []).append(letters(column))
    for title, places in columns.items():
        if len(places) > 1 and title not in table.layout.ignored:
            if title in table.layout.known:
                raise ContractError(detail("sheet_known_column_twice", title=title, places=places))
            raise ContractError(detail("sheet_column_twice", places=places))
