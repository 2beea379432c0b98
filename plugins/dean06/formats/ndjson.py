"""Newline-delimited JSON (one object a line), as REST pages and FHIR bulk files carry it."""

from collections.abc import Callable, Iterator, Mapping
from typing import IO, Any

import msgspec

from dean06.records import (
    BATCH_RECORDS,
    MAX_FIELD_CHARACTERS,
    MAX_RECORD_BYTES,
    Batch,
    text_problem,
)

Project = Callable[[dict[str, Any]], Mapping[str, object]]
RecordOf = Callable[[bytes], Mapping[str, object]]

_ESCAPED_NUL = b"\\u0000"
_BLOCK_BYTES = 1 << 20
_LINES_AT_ONCE = 100
"""So few that, with one bad line in a thousand, most of them are clean."""
_BAD = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)


def read(stream: IO[bytes], project: Project | None = None) -> Iterator[Batch]:
    """Read objects line by line; ``project`` turns a nested object into a flat record.

    A bad line becomes a Problem with its number; the lines around it are read on. Blank lines
    are no records.
    """
    decode = msgspec.json.Decoder(dict[str, Any]).decode
    record_of: RecordOf = (lambda line: project(decode(line))) if project else decode
    batch, number = Batch(), 0
    for lines in _blocks(stream):
        taken = 0
        while part := lines[taken : taken + min(_LINES_AT_ONCE, BATCH_RECORDS - len(batch))]:
            _take(part, number + 1, record_of, batch)
            taken += len(part)
            number += len(part)
            if batch.full:
                yield batch
                batch = Batch()
    if len(batch):
        yield batch


def _take(lines: list[bytes], first: int, record_of: RecordOf, batch: Batch) -> None:
    """Put lines into a batch: all at once when they are clean, else one after another."""
    if max(map(len, lines)) <= MAX_FIELD_CHARACTERS and _ESCAPED_NUL not in b"".join(lines):
        try:
            records = list(map(record_of, lines))
        except _BAD:
            pass
        else:
            batch.lines.extend(range(first, first + len(lines)))
            batch.records.extend(records)
            return
    for number, line in enumerate(lines, start=first):
        if line.strip():
            _take_one(line, number, record_of, batch)


def _take_one(line: bytes, number: int, record_of: RecordOf, batch: Batch) -> None:
    try:
        record = record_of(line)
    except UnicodeDecodeError:
        problem = "invalid_utf8"
    except _BAD:
        problem = "nul_byte" if b"\x00" in line else "malformed_json"
    else:
        # Fields are looked at one by one only in lines that could hold a bad one.
        suspect = len(line) > MAX_FIELD_CHARACTERS or _ESCAPED_NUL in line
        problem = (suspect and text_problem(record)) or ""
        if not problem:
            batch.add(number, record)
            return
    batch.reject(number, problem, line.rstrip(b"\r"))


def _blocks(stream: IO[bytes]) -> Iterator[list[bytes]]:
    """The lines of a file, a megabyte or so at a time; of an endless line only its beginning."""
    held = bytearray()
    while chunk := stream.read(_BLOCK_BYTES):
        first, newline, rest = chunk.partition(b"\n")
        held += first[: MAX_RECORD_BYTES + 1 - len(held)]
        if newline:
            *lines, last = rest.split(b"\n")
            yield [bytes(held), *lines]
            held = bytearray(last)
    if held:
        yield [bytes(held)]
