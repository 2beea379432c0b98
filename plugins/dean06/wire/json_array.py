"""One JSON document (RFC 8259) whose records stand in an array, as numbered REST pages carry them.

A page holds a few thousand records, so it is read whole, up to a bound; its records stay undecoded
until each is looked at on its own. A record that is no JSON (bytes that are not UTF-8, NaN, a
control character, half a surrogate) is one bad record: the others of its page are read.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import IO, Any

import msgspec

from dean06.details.detail import detail
from dean06.errors import ContractError
from dean06.wire import json_object
from dean06.wire.records import (
    BYTE_ORDER_MARK,
    MAX_FIELD_CHARACTERS,
    MAX_RECORD_BYTES,
    Batch,
    text_problem,
)

_ESCAPED_NUL = b"\\u0000"
_MEMBERS = msgspec.json.Decoder(dict[str, msgspec.Raw])
_ELEMENTS = msgspec.json.Decoder(list[msgspec.Raw])
_TEXT = rb'"(?:[^"\\]|\\.)*+"'
_SIGN = re.compile(_TEXT + rb"|[\[\]{},]", re.DOTALL)
_CLOSING = {b"[": b"]", b"{": b"}"}
_FIRST_NAME = re.compile(rb"\s*\{\s*(" + _TEXT + rb")\s*:", re.DOTALL)

_Apart = tuple[list[bytes], bytes]
"""The elements of the array as written, and the document with nothing in the array's place."""


@dataclass(frozen=True)
class Document:
    """A document taken apart: its elements as written, and the other members by name."""

    members: dict[str, Any]
    elements: list[bytes]
    is_damaged: bool
    """Whether it is no JSON as a whole, so that its elements were found by their brackets."""


def load(stream: IO[bytes], member: str) -> Document:
    """Take a document apart at the array called ``member``.

    Raises ContractError when it is longer than a page can be, is no JSON object outside of that
    array, gives a name two values there, or has no such array. The message never quotes the
    document.
    """
    text = stream.read(MAX_RECORD_BYTES + 1).removeprefix(BYTE_ORDER_MARK)
    if len(text) > MAX_RECORD_BYTES:
        raise ContractError(detail("document_too_long", most=MAX_RECORD_BYTES))
    whole = _apart(text, member)
    elements, rest = whole or _apart_by_signs(text, member)
    try:
        members = json_object.read(rest)
    except json_object.DuplicateNameError:
        raise ContractError(detail("document_name_twice")) from None
    except json_object.UNREADABLE:
        raise ContractError(detail("document_no_object", member=member)) from None
    if member not in members:
        raise ContractError(detail("document_no_array", member=member))
    del members[member]
    return Document(members, elements, is_damaged=whole is None)


def _apart(text: bytes, member: str) -> _Apart | None:
    """A valid document at its array; None when it is not valid."""
    try:
        text.decode("utf-8")
        array = bytes(_MEMBERS.decode(text)[member])
        elements = list(map(bytes, _ELEMENTS.decode(array)))
    except KeyError:
        return [], text
    except json_object.UNREADABLE:
        return None
    start = text.rindex(array)
    return elements, text[:start] + b"null" + text[start + len(array) :]


def _apart_by_signs(text: bytes, member: str) -> _Apart:
    """A document that holds something that is no JSON: its elements stand between brackets, or,
    where brackets or quotation marks are missing, each begins with the name that the first begins
    with. The way that leaves fewer bad elements is taken."""
    opening = re.search(rb'"%s"\s*:\s*\[' % re.escape(member.encode()), text)
    if opening is None:
        return [], text
    start = opening.end()
    ways = [cuts for cuts in (_brackets(text, start), _beginnings(text, start)) if cuts]
    if not ways:
        return [], text
    found = [[text[at + 1 : to].strip() for at, to in pairwise(cuts)] for cuts in ways]
    elements, cuts = max(zip(found, ways, strict=True), key=lambda way: sum(map(_is_good, way[0])))
    return elements, text[: start - 1] + b"null" + text[cuts[-1] + 1 :]


def _brackets(text: bytes, start: int) -> list[int] | None:
    """Where the array's bracket, its commas and its closing bracket stand; None when brackets do
    not match."""
    cuts, closing = [start - 1], [b"]"]
    for found in _SIGN.finditer(text, start):
        sign = found[0]
        if sign in _CLOSING:
            closing.append(_CLOSING[sign])
        elif sign in b"]}" and closing.pop() != sign:
            return None
        if not closing or (sign == b"," and len(closing) == 1):
            cuts.append(found.start())
        if not closing:
            return cuts
    return None


def _beginnings(text: bytes, start: int) -> list[int] | None:
    """The same, by the name that elements begin with and the last closing bracket."""
    end, first = text.rfind(b"]", start), _FIRST_NAME.match(text, start)
    if end < 0 or first is None:
        return None
    comma = rb"(?<=\})\s*,(?=\s*\{\s*" + re.escape(first[1]) + rb"\s*:)"
    return [start - 1, *(found.end() - 1 for found in re.finditer(comma, text[:end])), end]


def _is_good(element: bytes) -> bool:
    try:
        json_object.decode(element)
    except json_object.UNREADABLE:
        return False
    return True


def read(stream: IO[bytes], member: str) -> Iterator[Batch]:
    """Read the objects of the array; an element's number is its line.

    An element that is no object, gives a name two values, or holds a NUL or an oversized field,
    becomes a Problem; the elements around it are read on.
    """
    batch = Batch()
    for number, element in enumerate(load(stream, member).elements, start=1):
        problem = _add(batch, number, element)
        if problem:
            batch.reject(number, problem, element)
        if batch.full:
            yield batch
            batch = Batch()
    if len(batch):
        yield batch


def _add(batch: Batch, number: int, written: bytes) -> str | None:
    """Add an element to the batch, or say why it cannot be."""
    try:
        written.decode("utf-8")
        record = json_object.read(written)
    except json_object.DuplicateNameError:
        return "duplicate_name"
    except UnicodeDecodeError:
        return "invalid_utf8"
    except msgspec.ValidationError:
        return "not_an_object"
    except json_object.UNREADABLE:
        return "malformed_json"
    # Fields are looked at one by one only in elements that could hold a bad one.
    if len(written) > MAX_FIELD_CHARACTERS or _ESCAPED_NUL in written:
        problem = text_problem(record)
        if problem:
            return problem
    batch.add(number, record)
    return None
