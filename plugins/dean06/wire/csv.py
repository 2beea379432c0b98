"""CSV with a header line (RFC 4180), as agencies drop it: fields apart by commas or semicolons."""

import csv
from collections.abc import Iterator
from io import TextIOWrapper
from typing import IO

from dean06.errors import ContractError
from dean06.wire.records import MAX_FIELD_CHARACTERS, MAX_RECORD_BYTES, Batch, text_problem
from dean06.wire.titles import plain

csv.field_size_limit(2**31 - 1)

_UNDECODED = range(0xDC80, 0xDD00)
_MOST_LINES = 50
"""A quoted field that runs over more lines than this was never closed."""


def read(stream: IO[bytes], delimiter: str = ",") -> Iterator[Batch]:
    """Read records after the header; an empty field is NULL.

    A record with the wrong number of fields, an unclosed quote, a byte that is not UTF-8, a NUL
    or an oversized field becomes a Problem with the line it ends on; the records around it are
    read on. Raises ContractError without a header or with a column named twice.
    """
    text = TextIOWrapper(stream, encoding="utf-8", errors="surrogateescape", newline="")
    records = _records(text)
    names = _header(next(records, (0, ""))[1], delimiter)
    batch = Batch()
    for line, written in records:
        try:
            fields = _fields(written, delimiter)
        except csv.Error:  # a line break outside of quotes, in a record that has some
            batch.reject(line, "unclosed_quote", written.encode("utf-8", errors="surrogateescape"))
            continue
        if not fields:
            continue
        record = dict(zip(names, fields, strict=False))
        problem = _problem(written, fields, names, record)
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


def _header(written: str, delimiter: str) -> list[str]:
    try:
        titles = next(csv.reader([written.removeprefix("\ufeff")], delimiter=delimiter), [])
    except csv.Error:
        raise ContractError("the CSV file has no readable header line") from None
    names = [plain(title) for title in titles]
    if not names:
        raise ContractError("the CSV file has no header line")
    if len(set(names)) != len(names):
        raise ContractError("the CSV header names a column twice")
    return names


def _fields(written: str, delimiter: str) -> list[str | None]:
    """The fields of one record; only one with a quote in it needs the reader's care."""
    if written and '"' not in written:
        fields = written.split(delimiter)
    else:
        fields = next(csv.reader([written], delimiter=delimiter), [])
    return [value or None for value in fields] if "" in fields else list[str | None](fields)


def _records(text: TextIOWrapper) -> Iterator[tuple[int, str]]:
    """Each record as written, with the line it ends on.

    Quotes are balanced within a record. Where they do not balance within a bounded number of
    lines, the first line is a record of its own: it alone is bad, not all that follows.
    """
    number, waiting = 0, ""
    pending: list[str] = []

    def next_line() -> str:
        return pending.pop(0) if pending else _line(text)

    while line := next_line():
        number += 1
        if '"' not in line:
            yield number, line.rstrip("\r\n")
            continue
        held = [line]
        quotes = line.count('"')
        size = len(line)
        while (
            quotes % 2
            and len(held) < _MOST_LINES
            and size < MAX_RECORD_BYTES
            and (waiting := next_line())
        ):
            held.append(waiting)
            size += len(waiting)
            quotes += waiting.count('"')
        if quotes % 2:
            pending[:0] = held[1:]
            held = held[:1]
        number += len(held) - 1
        yield number, "".join(held).rstrip("\r\n")


def _line(text: TextIOWrapper) -> str:
    """The next line; of an endless one only its beginning."""
    line = text.readline(MAX_RECORD_BYTES)
    rest = line
    while len(rest) == MAX_RECORD_BYTES and not rest.endswith(("\n", "\r")):
        rest = text.readline(MAX_RECORD_BYTES)
    return line


def _problem(
    written: str, fields: list[str | None], names: list[str], record: dict[str, str | None]
) -> str | None:
    if not written.isprintable() and any(ord(character) in _UNDECODED for character in written):
        return "invalid_utf8"
    if "\x00" in written:
        return "nul_byte"
    if written.count('"') % 2:
        return "unclosed_quote"
    if len(fields) != len(names):
        return "wrong_field_count"
    # Fields are looked at one by one only in records that could hold one that is too long.
    return text_problem(record) if len(written) > MAX_FIELD_CHARACTERS else None
