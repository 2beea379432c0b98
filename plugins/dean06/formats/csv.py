"""CSV with a header line (RFC 4180), as agencies drop it."""

import csv
from collections.abc import Iterator
from io import TextIOWrapper
from typing import IO

from dean06.errors import ContractError
from dean06.records import Batch, text_problem

csv.field_size_limit(2**31 - 1)

_UNDECODED = range(0xDC80, 0xDD00)


def read(stream: IO[bytes]) -> Iterator[Batch]:
    """Read records after the header; an empty field is NULL.

    A record with the wrong number of fields, a byte that is not UTF-8, a NUL or an oversized
    field becomes a Problem with the line it ends on. Raises ContractError without a header.
    """
    text = TextIOWrapper(stream, encoding="utf-8", errors="surrogateescape", newline="")
    reader = csv.reader(text)
    header = next(reader, None)
    if not header:
        raise ContractError("the CSV file has no header line")
    names = [name.strip().removeprefix("\ufeff") for name in header]
    batch = Batch()
    for fields in reader:
        if not fields:
            continue
        line = reader.line_num
        record = dict(zip(names, (value or None for value in fields), strict=False))
        problem = _problem(fields, names, record)
        if problem:
            batch.reject(line, problem, _escaped(fields))
        else:
            batch.add(line, record)
        if batch.full:
            yield batch
            batch = Batch()
    if len(batch):
        yield batch
    text.detach()


def _problem(fields: list[str], names: list[str], record: dict[str, str | None]) -> str | None:
    joined = "".join(fields)
    if not joined.isprintable() and any(ord(character) in _UNDECODED for character in joined):
        return "invalid_utf8"
    if len(fields) != len(names):
        return "nul_byte" if "\x00" in joined else "wrong_field_count"
    return text_problem(record)


def _escaped(fields: list[str]) -> bytes:
    return ",".join(fields).encode("utf-8", errors="surrogateescape")
