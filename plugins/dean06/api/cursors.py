"""Places between two rows, as part of a URL: where the next page begins, and of which question.

A cursor is not secret and not signed. It is checked as every parameter is, and can lead nowhere
that the parameters could not.
"""

import base64
import binascii
import hashlib
import json
from datetime import date
from typing import Annotated, Any, TypeVar

import msgspec
from msgspec import Meta

from dean06.api.problems import Problem

Key = Annotated[str, Meta(max_length=200, pattern=r"\A[^\x00-\x1f\x7f]*\Z")]
Number = Annotated[int, Meta(ge=0, le=2**63 - 1)]


class Place(msgspec.Struct, array_like=True, frozen=True, forbid_unknown_fields=True):
    """The question that the place belongs to."""

    question: str


class KpiPlace(Place, frozen=True):
    """After a KPI."""

    kpi: Key


class ValuePlace(Place, frozen=True):
    """After a value, among publications up to ``newest``."""

    newest: Number
    day: date
    kpi: Key
    level: Key
    unit: Key
    breakdown: Key
    member: Key


class RevisionPlace(Place, frozen=True):
    """After a changed value of a publication; before its first one where the KPI is empty."""

    newest: Number
    publication: Number
    kpi: Key = ""
    level: Key = ""
    unit: Key = ""
    boundaries: Key = ""
    breakdown: Key = ""
    member: Key = ""


class PublicationPlace(Place, frozen=True):
    """After a publication, among those up to ``newest``."""

    newest: Number
    publication: Number


P = TypeVar("P", bound=Place)


def question(path: str, asked: dict[str, Any]) -> str:
    """A fingerprint of what was asked for: a cursor of another question would skip rows."""
    text = json.dumps([path, asked], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def text_of(place: Place) -> str:
    """The cursor that stands for a place."""
    return base64.urlsafe_b64encode(msgspec.json.encode(place)).decode().rstrip("=")


def place_of(text: str | None, kind: type[P], asked: str) -> P | None:
    """The place that a cursor of the question ``asked`` stands for; None: the beginning. Raises
    Problem for what is no such cursor."""
    if text is None:
        return None
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        place = msgspec.json.decode(raw, type=kind)
    except (binascii.Error, msgspec.DecodeError, UnicodeDecodeError):
        place = None
    if place is None or place.question != asked:
        raise Problem(
            400,
            "parameter cursor is not from this list: use the URL in next unchanged",
            "tham số cursor không thuộc danh sách này; dùng đúng địa chỉ ghi trong next",
        )
    return place
