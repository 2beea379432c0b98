"""One JSON document (RFC 8259) whose records stand in an array, as numbered REST pages carry them.

A page holds a few thousand records, so it is read whole, up to a bound; its records stay undecoded
until each is looked at on its own.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Any

import msgspec

from dean06.errors import ContractError
from dean06.wire.records import MAX_FIELD_CHARACTERS, MAX_RECORD_BYTES, Batch, text_problem

_ESCAPED_NUL = b"\\u0000"
_ESCAPES = re.compile(
    rb"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
    rb"|(?P<half>u[dD][89a-fA-F][0-9a-fA-F]{2})|.)",
    re.DOTALL,
)
_MEMBERS = msgspec.json.Decoder(dict[str, msgspec.Raw])
_ELEMENTS = msgspec.json.Decoder(list[msgspec.Raw])
_RECORD = msgspec.json.Decoder(dict[str, Any])


@dataclass(frozen=True)
class Document:
    """A document taken apart: its elements as written, and the other members by name."""

    members: dict[str, Any]
    elements: list[bytes]


def load(stream: IO[bytes], member: str) -> Document:
    """Take a document apart at the array called ``member``.

    Raises ContractError when it is longer than a page can be, is no JSON in UTF-8 (RFC 8259 §8.1),
    or has no such array. The message never quotes the document.
    """
    text = stream.read(MAX_RECORD_BYTES + 1)
    if len(text) > MAX_RECORD_BYTES:
        raise ContractError(f"the document is longer than {MAX_RECORD_BYTES} bytes")
    try:
        text.decode("utf-8")
        whole = _shielded(text)
        members = _MEMBERS.decode(whole)
        elements = _ELEMENTS.decode(members.pop(member))
        others = {name: msgspec.json.decode(raw) for name, raw in members.items()}
        written = _as_written(list(map(bytes, elements)), whole, text)
        return Document(others, written)
    except KeyError:
        raise ContractError(f"the document has no array {member!r}") from None
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise ContractError(f"the document is no JSON object with an array {member!r}") from None


def _shielded(text: bytes) -> bytes:
    """The document with half surrogates (``\\ud800`` alone) hidden behind NULs of the same length.

    JSON may hold them (RFC 8259 §8.2), text may not: one record is to be rejected, not its page.
    """
    if b"\\ud" not in text and b"\\uD" not in text:
        return text
    return _ESCAPES.sub(lambda found: _ESCAPED_NUL if found["half"] else found[0], text)


def _as_written(elements: list[bytes], whole: bytes, text: bytes) -> list[bytes]:
    if whole is text:
        return elements
    written, end = [], 0
    for element in elements:
        start = whole.index(element, end)
        end = start + len(element)
        written.append(text[start:end])
    return written


def read(stream: IO[bytes], member: str) -> Iterator[Batch]:
    """Read the objects of the array; an element's number is its line.

    An element that is no object, or holds a NUL or an oversized field, becomes a Problem; the
    elements around it are read on.
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
        record = _RECORD.decode(written)
    except msgspec.ValidationError:
        return "not_an_object"
    except msgspec.DecodeError:
        return "malformed_json"
    # Fields are looked at one by one only in elements that could hold a bad one.
    if len(written) > MAX_FIELD_CHARACTERS or _ESCAPED_NUL in written:
        problem = text_problem(record)
        if problem:
            return problem
    batch.add(number, record)
    return None
