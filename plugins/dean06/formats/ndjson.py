"""Newline-delimited JSON (one object a line), as REST pages and FHIR bulk files carry it."""

from collections.abc import Callable, Iterator, Mapping
from typing import IO, Any

import msgspec

from dean06.records import MAX_FIELD_CHARACTERS, MAX_RECORD_BYTES, Batch, text_problem

Project = Callable[[dict[str, Any]], Mapping[str, object]]

_ESCAPED_NUL = b"\\u0000"


def read(stream: IO[bytes], project: Project | None = None) -> Iterator[Batch]:
    """Read objects line by line; ``project`` turns a nested object into a flat record.

    A bad line becomes a Problem with its number; the lines around it are read on. Blank lines
    are no records.
    """
    decode = msgspec.json.Decoder(dict[str, Any]).decode
    batch = Batch()
    for number, line in _lines(stream):
        try:
            decoded = decode(line)
            record = project(decoded) if project else decoded
        except UnicodeDecodeError:
            batch.reject(number, "invalid_utf8", line)
        except (msgspec.MsgspecError, RecursionError):
            batch.reject(number, "nul_byte" if b"\x00" in line else "malformed_json", line)
        else:
            problem = _problem(line, record)
            if problem:
                batch.reject(number, problem, line)
            else:
                batch.add(number, record)
        if batch.full:
            yield batch
            batch = Batch()
    if len(batch):
        yield batch


def _problem(line: bytes, record: Mapping[str, object]) -> str | None:
    # Fields are looked at one by one only in lines that could hold a bad one.
    if len(line) <= MAX_FIELD_CHARACTERS and _ESCAPED_NUL not in line:
        return None
    return text_problem(record)


def _lines(stream: IO[bytes]) -> Iterator[tuple[int, bytes]]:
    number = 0
    while line := stream.readline(MAX_RECORD_BYTES + 1):
        number += 1
        if len(line) > MAX_RECORD_BYTES:
            # The rest of an endless line is skipped without being held in memory.
            rest = line
            while rest and not rest.endswith(b"\n"):
                rest = stream.readline(MAX_RECORD_BYTES)
        elif not line.strip():
            continue
        yield number, line.rstrip(b"\r\n")
