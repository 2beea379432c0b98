"""Newline-delimited JSON (one object a line), as REST pages and FHIR bulk files carry it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import IO, Any, Protocol

import pyarrow as pa

from dean06.wire import json_object
from dean06.wire.json_columns import ColumnReader
from dean06.wire.line_bytes import Lines
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
_ESCAPED_NUL = b"\\u0000"
_NOTHING = b" \t\r\n\f\v" + END_OF_FILE.encode()
_BLOCK_BYTES = 1 << 20
_LINES_AT_ONCE = 100
"""So few that, with one bad line in a thousand, most of them are clean."""


class Known(Protocol):
    """A faster way to the records of lines that are like some that were read before."""

    def __call__(self, line: bytes) -> Mapping[str, object] | None:
        """The record of a line; None when it has to be read exactly."""

    def learn(self, line: bytes, found: dict[str, Any]) -> None:
        """Take note of a line, and of the object that it was read as."""


def read(
    stream: IO[bytes], project: Project | None = None, known: Known | None = None
) -> Iterator[Batch]:
    """Read objects line by line; ``project`` turns a nested object into a flat record,
    or raises RefusedRecordError. ``known`` does both at once, for the lines that it knows.

    A bad line, or one in which an object gives a name two values, becomes a Problem with its
    number; the lines around it are read on. Blank lines are no records.
    """
    exact, number = _Exact(project, known), 1
    for text in _blocks(stream):
        lines = text.split(b"\n")[:-1]
        yield from exact.take(lines, range(number, number + len(lines)))
        number += len(lines)
    yield from exact.rest()


def read_flat(stream: IO[bytes]) -> Iterator[Batch | Columns]:
    """Read objects of texts and flags into columns, in bulk; odd lines as ``read`` does.

    The same records, line numbers and problems as by ``read``, in another order.
    """
    reader, clean, exact, number = ColumnReader(), _Held(), _Exact(), 1
    for text in _blocks(stream):
        lines = Lines(text)
        table = reader.read(lines)
        if table is not None:
            yield from clean.take(Columns(pa.array(lines.plain() + number, pa.int64()), table))
        odd = lines.odd().tolist()
        yield from exact.take(list(map(lines.line, odd)), [number + place for place in odd])
        number += len(lines)
    yield from clean.rest()
    yield from exact.rest()


class _Held:
    """Columns of several blocks, until they are as many as a batch can have, or a field that was
    text becomes a flag."""

    def __init__(self) -> None:
        self._parts: list[Columns] = []
        self._records = 0
        self._kinds: dict[str, pa.DataType] = {}

    def take(self, part: Columns) -> Iterator[Columns]:
        """Hold some more; what cannot be held with it comes out."""
        kinds = {f.name: f.type for f in part.table.schema if not pa.types.is_null(f.type)}
        for start in range(0, len(part), BATCH_RECORDS):
            some = Columns(part.lines[start:][:BATCH_RECORDS], part.table[start:][:BATCH_RECORDS])
            are_alike = all(self._kinds.get(name, kind) == kind for name, kind in kinds.items())
            if self._records + len(some) > BATCH_RECORDS or not are_alike:
                yield from self.rest()
            self._parts.append(some)
            self._records += len(some)
            self._kinds |= kinds

    def rest(self) -> Iterator[Columns]:
        """All that is held, as one."""
        if self._parts:
            lines = pa.concat_arrays([part.lines for part in self._parts])
            tables = [part.table for part in self._parts]
            yield Columns(lines, pa.concat_tables(tables, promote_options="default"))
        self._parts, self._records, self._kinds = [], 0, {}


class _Exact:
    """The exact reader: all lines at once while they are clean, else one after another."""

    def __init__(self, project: Project | None = None, known: Known | None = None) -> None:
        self._project, self._known = project, known
        self._batch = Batch()

    def take(self, lines: Sequence[bytes], numbers: Sequence[int]) -> Iterator[Batch]:
        """Read some more lines; a full batch comes out."""
        taken = 0
        while taken < len(lines):
            end = taken + min(_LINES_AT_ONCE, BATCH_RECORDS - len(self._batch))
            some, their = lines[taken:end], numbers[taken:end]
            if self._known:
                some, their = _take_known(some, their, self._known, self._batch)
            if some:
                _take(some, their, self._project, self._known, self._batch)
            taken = end
            if self._batch.full:
                yield from self.rest()

    def rest(self) -> Iterator[Batch]:
        """What has been read since."""
        if len(self._batch):
            yield self._batch
        self._batch = Batch()


def _take_known(
    lines: Sequence[bytes], numbers: Sequence[int], known: Known, batch: Batch
) -> tuple[Sequence[bytes], Sequence[int]]:
    """Read the lines that are known; the others, with their numbers, are left."""
    if max(map(len, lines)) > MAX_FIELD_CHARACTERS:
        return lines, numbers
    left, their = [], []
    for number, line in zip(numbers, lines, strict=True):
        record = known(line)
        if record is None:
            left.append(line)
            their.append(number)
        else:
            batch.add(number, record)
    return left, their


def _take(
    lines: Sequence[bytes],
    numbers: Sequence[int],
    project: Project | None,
    known: Known | None,
    batch: Batch,
) -> None:
    joined = b"".join(lines)
    if max(map(len, lines)) <= MAX_FIELD_CHARACTERS and _ESCAPED_NUL not in joined:
        try:
            found = list(map(json_object.decode, lines))
            is_clean = not json_object.may_repeat_names(joined, found)
            records = list(map(project, found)) if project and is_clean else found
        except (*json_object.UNREADABLE, RefusedRecordError):
            is_clean = False
        if is_clean:
            batch.lines.extend(numbers)
            batch.records.extend(records)
            if known:
                for line, each in zip(lines, found, strict=True):
                    known.learn(line, each)
            return
    for number, line in zip(numbers, lines, strict=True):
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


def _blocks(stream: IO[bytes]) -> Iterator[bytes]:
    """Whole lines, each with its end, a megabyte or so at a time; of an endless line only its
    beginning."""
    held, chunk = bytearray(), _start(stream)
    while chunk:
        first, last = chunk.find(b"\n"), chunk.rfind(b"\n")
        held += chunk[: len(chunk) if first < 0 else first][: MAX_RECORD_BYTES + 1 - len(held)]
        if first >= 0:
            yield bytes(held) + chunk[first : last + 1]
            held = bytearray(chunk[last + 1 :])
        chunk = stream.read(_BLOCK_BYTES)
    if held:
        yield bytes(held) + b"\n"


def _start(stream: IO[bytes]) -> bytes:
    """The first bytes of a file, without the mark that it is UTF-8."""
    chunk = stream.read(_BLOCK_BYTES)
    return chunk.removeprefix(BYTE_ORDER_MARK) or stream.read(_BLOCK_BYTES)
