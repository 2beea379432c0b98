"""CSV with a header line (RFC 4180), as agencies drop it: fields apart by commas or semicolons.

What spreadsheet programs add is no data: byte order marks, a first line ``sep=;``, empty rows,
columns without title or value, a Ctrl-Z at the end of the file.
"""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from io import TextIOWrapper
from typing import IO

from dean06.details.detail import detail
from dean06.errors import ContractError
from dean06.wire.records import (
    END_OF_FILE,
    MAX_FIELD_CHARACTERS,
    MAX_RECORD_BYTES,
    Batch,
    text_problem,
)
from dean06.wire.titles import plain

csv.field_size_limit(2**31 - 1)

_UNDECODED = range(0xDC80, 0xDD00)
_MOST_LINES = 50
"""A quoted field that runs over more lines than this was never closed."""
_SEPARATOR = re.compile(r'"?sep=(.)"?\s*', re.IGNORECASE)
"""Excel's own first line: it names the sign between fields."""

_Fields = list[str | None]


@dataclass(frozen=True)
class _Header:
    """The titles in order; None where a column has none."""

    titles: tuple[str | None, ...]

    @property
    def names(self) -> list[str]:
        """The titles that there are."""
        return [title for title in self.titles if title is not None]

    def below(self, fields: _Fields) -> _Fields | None:
        """The fields below titles; None when there are too few or too many, or one below none."""
        if None not in self.titles:
            return fields if len(fields) == len(self.titles) else None
        # Rows may end where the columns without title begin.
        fields = fields + [None] * (len(self.titles) - len(fields))
        pairs = list(zip(self.titles, fields, strict=False))
        if len(fields) > len(self.titles) or any(value and not title for title, value in pairs):
            return None
        return [value for title, value in pairs if title]


def read(stream: IO[bytes], delimiter: str = ",") -> Iterator[Batch]:
    """Read records after the header; an empty field is NULL, a row of empty fields no record.

    A record with the wrong number of fields, an unclosed quote, text after a closing quote, a byte
    that is not UTF-8, a NUL or an oversized field becomes a Problem with the line it ends on; the
    records around it are read on. Raises ContractError without a header or with a title that
    stands twice.
    """
    text = TextIOWrapper(stream, encoding="utf-8", errors="surrogateescape", newline="")
    lines = _Lines(text)
    delimiter = lines.begin(delimiter)
    header = _header(next(_records(lines, delimiter), (0, ""))[1], delimiter)
    records = _records(lines, delimiter, header)
    names, nothing = header.names, delimiter + ' \t"' + END_OF_FILE
    width = len(names) if len(names) == len(header.titles) else -1
    batch = Batch()
    for line, written in records:
        fields = _fields(written, delimiter)
        if not written.strip(nothing) and _is_empty(fields):
            continue
        if fields is not None and len(fields) == width:
            values: _Fields | None = fields
        else:
            values = None if fields is None else header.below(fields)
        record = dict(zip(names, values or (), strict=False))
        problem = _problem(written, delimiter, fields, values, record)
        if problem:
            batch.reject(line, problem, written.encode("utf-8", errors="surrogateescape"))
        else:
            batch.add(line, record)
        if batch.full:
            yield batch
            batch = Batch()
    if len(batch):
        yield batch
    text.detach()


def _header(written: str, delimiter: str) -> _Header:
    """Titles as people see them: composed, blanks and line breaks as one space."""
    try:
        fields = next(csv.reader([written], delimiter=delimiter, strict=True), [])
    except csv.Error:
        raise ContractError(detail("csv_header_unreadable")) from None
    header = _Header(tuple(plain(field) or None for field in fields))
    if not header.names:
        raise ContractError(detail("csv_no_header"))
    if len(set(header.names)) != len(header.names):
        raise ContractError(detail("csv_column_twice"))
    return header


def _fields(written: str, delimiter: str) -> _Fields | None:
    """The fields of one record, None when its quotes are not as agreed; only one with a quote in
    it needs the reader's care."""
    if '"' not in written:
        fields = written.split(delimiter)
    else:
        try:
            fields = next(csv.reader([written], delimiter=delimiter, strict=True), [])
        except csv.Error:
            return None
    return [value or None for value in fields] if "" in fields else list[str | None](fields)


def _is_empty(fields: _Fields | None) -> bool:
    return fields is not None and not any(
        (field or "").strip(f" {END_OF_FILE}") for field in fields
    )


class _Lines:
    """The lines of a file, numbered; lines can be put back."""

    def __init__(self, text: TextIOWrapper) -> None:
        self._text = text
        self._waiting: list[str] = []
        self.number = 0

    def begin(self, delimiter: str) -> str:
        """Pass over what stands before the header; returns the sign between fields."""
        first = self._read().lstrip("\ufeff")
        stated = _SEPARATOR.fullmatch(first)
        if stated:
            self.number += 1
            return stated[1]
        self.put_back([first])
        return delimiter

    def next(self) -> str:
        """The next line, of an endless one only its beginning; empty after the last."""
        return self._waiting.pop(0) if self._waiting else self._read()

    def put_back(self, lines: list[str]) -> None:
        """Lines that are to come again."""
        self._waiting[:0] = lines

    def _read(self) -> str:
        line = self._text.readline(MAX_RECORD_BYTES)
        rest = line
        while len(rest) == MAX_RECORD_BYTES and not rest.endswith(("\n", "\r")):
            rest = self._text.readline(MAX_RECORD_BYTES)
        # Only the last line has no line break.
        return line.removesuffix(END_OF_FILE)


def _records(
    lines: _Lines, delimiter: str, header: _Header | None = None
) -> Iterator[tuple[int, str]]:
    """Each record as written, with the line it ends on.

    A quoted field may run over line breaks. Where it is not closed within a bounded number of
    lines, or swallows whole records, the first line is a record of its own: it alone is bad, not
    all that follows.
    """
    while line := lines.next():
        held = [line]
        if '"' in line and not _quotes(delimiter, "[^D]*+").fullmatch(line.rstrip("\r\n")):
            held = _until_closed(lines, delimiter, header, line)
        lines.number += len(held)
        yield lines.number, "".join(held).rstrip("\r\n")


def _until_closed(lines: _Lines, delimiter: str, header: _Header | None, line: str) -> list[str]:
    held, size = [line], len(line)
    while len(held) < _MOST_LINES and size < MAX_RECORD_BYTES and (line := lines.next()):
        held.append(line)
        size += len(line)
        written = "".join(held).rstrip("\r\n")
        if '"' in line and _quotes(delimiter, "").fullmatch(written):
            within = (inner.rstrip("\r\n") for inner in held[1:-1])
            if header is None or _is_whole(header, written, delimiter):
                return held
            if not any(_is_whole(header, inner, delimiter) for inner in within):
                return held
            break
    lines.put_back(held[1:])
    return held[:1]


def _is_whole(header: _Header, written: str, delimiter: str) -> bool:
    fields = _fields(written, delimiter)
    return fields is not None and header.below(fields) is not None


@cache
def _quotes(delimiter: str, after: str) -> re.Pattern[str]:
    """A record whose quoted fields are all closed; ``after``: what may follow a closing quote."""
    field = rf'(?:"(?:[^"]|"")*+"{after}|[^D"][^D]*+|)'
    pattern = rf"{field}(?:D{field})*+"
    return re.compile(pattern.replace("D", re.escape(delimiter)), re.DOTALL)


def _problem(
    written: str,
    delimiter: str,
    fields: _Fields | None,
    values: _Fields | None,
    record: dict[str, str | None],
) -> str | None:
    if not written.isprintable() and any(ord(character) in _UNDECODED for character in written):
        return "invalid_utf8"
    if "\x00" in written:
        return "nul_byte"
    if fields is None:
        is_closed = _quotes(delimiter, "[^D]*+").fullmatch(written)
        return "text_after_quote" if is_closed else "unclosed_quote"
    if values is None:
        return "wrong_field_count"
    # Fields are looked at one by one only in records that could hold one that is too long.
    return text_problem(record) if len(written) > MAX_FIELD_CHARACTERS else None
