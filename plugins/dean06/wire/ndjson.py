"""Newline-delimited JSON (one object a line), as REST pages and FHIR bulk files carry it."""

import io
from collections.abc import Callable, Iterator, Mapping
from typing import IO, Any

import msgspec
import pyarrow as pa
from pyarrow import json as pa_json

from dean06.wire import json_object
from dean06.wire.records import (
    BATCH_RECORDS,
    BYTE_ORDER_MARK,
    END_OF_FILE,
    MAX_FIELD_CHARACTERS,
    MAX_RECORD_BYTES,
    Batch,
    Columns,
    RefusedRecordError,
    text_problem,
)

Project = Callable[[dict[str, Any]], Mapping[str, object]]
_Part = tuple[Columns | list[bytes], int]
"""Lines as columns, or as they are; the number of the first."""

_ESCAPED_NUL = b"\\u0000"
_NOTHING = b" \t\r\n\f\v" + END_OF_FILE.encode()
_BLOCK_BYTES = 1 << 20
_LINES_AT_ONCE = 100
"""So few that, with one bad line in a thousand, most of them are clean."""
_LINES_IN_BULK = (5000, 500)
"""Read at once into columns; where a line among them is odd, so many, before one by one. A call of
Arrow costs as much as a hundred lines."""


def read(stream: IO[bytes], project: Project | None = None) -> Iterator[Batch]:
    """Read objects line by line; ``project`` turns a nested object into a flat record,
    or raises RefusedRecordError.

    A bad line, or one in which an object gives a name two values, becomes a Problem with its
    number; the lines around it are read on. Blank lines are no records.
    """
    batch, number = Batch(), 0
    for lines in _blocks(stream):
        taken = 0
        while part := lines[taken : taken + min(_LINES_AT_ONCE, BATCH_RECORDS - len(batch))]:
            _take(part, number + 1, project, batch)
            taken += len(part)
            number += len(part)
            if batch.full:
                yield batch
                batch = Batch()
    if len(batch):
        yield batch


def read_flat(stream: IO[bytes]) -> Iterator[Batch | Columns]:
    """Read objects of texts and flags into columns, in bulk; odd lines as ``read`` does.

    The same records, line numbers and problems as by ``read``, in another order.
    """
    odd = Batch()
    clean: list[Columns] = []
    for part, first in _parts_of_blocks(stream):
        if isinstance(part, Columns):
            if clean and not _are_alike(clean[-1], part):
                yield _joined(clean)
                clean = []
            clean.append(part)
            if sum(map(len, clean)) >= BATCH_RECORDS:
                yield _joined(clean)
                clean = []
            continue
        _take(part, first, None, odd)
        if odd.full:
            yield odd
            odd = Batch()
    if clean:
        yield _joined(clean)
    if len(odd):
        yield odd


def _parts_of_blocks(stream: IO[bytes]) -> Iterator[_Part]:
    number = 0
    for lines in _blocks(stream):
        yield from _parts(lines, number + 1, *_LINES_IN_BULK)
        number += len(lines)


def _parts(lines: list[bytes], first: int, size: int, *smaller: int) -> Iterator[_Part]:
    """Lines as columns where that can be, else as they are, each with its first line's number."""
    for start in range(0, len(lines), size):
        part = lines[start : start + size]
        table = _table(part)
        if table is not None:
            numbers = pa.array(range(first + start, first + start + len(part)), pa.int64())
            yield Columns(numbers, table), first + start
        elif smaller:
            yield from _parts(part, first + start, *smaller)
        else:
            yield part, first + start


def _table(lines: list[bytes]) -> pa.Table | None:
    """Objects of texts, flags and nulls as columns; None unless every line is surely one.

    Arrow takes line ends for mere space. An object cannot run over a line end that stands between
    ``}`` and ``{``, so as many objects as lines means one in each. What Arrow and the exact reader
    see differently (escapes, NUL, numbers, moments, deeper values) is left to that reader. Arrow
    itself refuses a name that stands twice.
    """
    joined = b"\n".join(lines)
    if joined.count(b"}\n{") != len(lines) - 1 or joined[:1] != b"{" or joined[-1:] != b"}":
        return None
    if b"\\" in joined or b"\0" in joined or max(map(len, lines)) > MAX_FIELD_CHARACTERS:
        return None
    try:
        joined.decode()
        kinds = {
            name: pa.bool_() if isinstance(value, bool) else pa.string()
            for name, value in msgspec.json.decode(lines[0], type=dict[str, Any]).items()
        }
        table = pa_json.read_json(
            io.BytesIO(joined),
            pa_json.ReadOptions(use_threads=False, block_size=len(joined) + 1),
            pa_json.ParseOptions(explicit_schema=pa.schema(kinds.items())),
        )
    except (*json_object.UNREADABLE, pa.ArrowException):
        return None
    kinds_read = table.schema.types
    if table.num_rows != len(lines) or not kinds_read or not all(map(_is_plain, kinds_read)):
        return None
    return table


def _is_plain(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_boolean(kind) or pa.types.is_null(kind))


def _are_alike(one: Columns, other: Columns) -> bool:
    """Whether no field is text in one and a flag in the other."""
    kinds = dict(zip(one.table.schema.names, one.table.schema.types, strict=True))
    return not any(
        {kinds.get(name, kind), kind} == {pa.string(), pa.bool_()}
        for name, kind in zip(other.table.schema.names, other.table.schema.types, strict=True)
    )


def _joined(parts: list[Columns]) -> Columns:
    return Columns(
        pa.concat_arrays([part.lines for part in parts]),
        pa.concat_tables([part.table for part in parts], promote_options="default"),
    )


def _take(lines: list[bytes], first: int, project: Project | None, batch: Batch) -> None:
    """Put lines into a batch: all at once when they are clean, else one after another."""
    joined = b"".join(lines)
    if max(map(len, lines)) <= MAX_FIELD_CHARACTERS and _ESCAPED_NUL not in joined:
        try:
            found = list(map(json_object.decode, lines))
            is_clean = not json_object.may_repeat_names(joined, found)
            records = list(map(project, found)) if project and is_clean else found
        except (*json_object.UNREADABLE, RefusedRecordError):
            is_clean = False
        if is_clean:
            batch.lines.extend(range(first, first + len(lines)))
            batch.records.extend(records)
            return
    for number, line in enumerate(lines, start=first):
        if line.strip(_NOTHING):
            _take_one(line, number, project, batch)


def _take_one(line: bytes, number: int, project: Project | None, batch: Batch) -> None:
    try:
        found = json_object.read(line)
        record = project(found) if project else found
    except RefusedRecordError as error:
        problem = error.code
    except UnicodeDecodeError:
        problem = "invalid_utf8"
    except json_object.DuplicateNameError:
        problem = "duplicate_name"
    except json_object.UNREADABLE:
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
    held, chunk = bytearray(), _start(stream)
    while chunk:
        first, newline, rest = chunk.partition(b"\n")
        held += first[: MAX_RECORD_BYTES + 1 - len(held)]
        if newline:
            *lines, last = rest.split(b"\n")
            yield [bytes(held), *lines]
            held = bytearray(last)
        chunk = stream.read(_BLOCK_BYTES)
    if held:
        yield [bytes(held)]


def _start(stream: IO[bytes]) -> bytes:
    """The first bytes of a file, without the mark that it is UTF-8."""
    chunk = stream.read(_BLOCK_BYTES)
    return chunk.removeprefix(BYTE_ORDER_MARK) or stream.read(_BLOCK_BYTES)
