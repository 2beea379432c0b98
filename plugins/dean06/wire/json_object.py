"""One JSON object (RFC 8259) as it is written: numbers exact, and no name with two values.

The standard leaves open what a name means that stands twice in an object; readers keep the last
value in silence. Here an object that gives one name two values is refused, at any depth. The same
value twice leaves nothing in doubt and is read once.
"""

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import msgspec

from dean06.kinds import encoded

_VALUE = msgspec.json.Decoder(float_hook=Decimal).decode

decode: Callable[[bytes], dict[str, Any]] = msgspec.json.Decoder(
    dict[str, Any], float_hook=Decimal
).decode
"""An object, whatever its names; of a name that stands twice the last value."""

UNREADABLE = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)
"""What ``decode`` raises for text that is no JSON object."""


class DuplicateNameError(ValueError):
    """An object gives one name two values. The message holds neither."""


def read(written: bytes) -> dict[str, Any]:
    """An object, in which every name has one value.

    Raises DuplicateNameError, or one of ``UNREADABLE``.
    """
    found: dict[str, Any] = _checked(decode, written)
    return found


def read_value(written: bytes) -> Any:
    """As ``read``, for JSON of any kind."""
    return _checked(_VALUE, written)


def may_repeat_names(written: bytes, found: Any) -> bool:
    """Whether a name may stand twice in JSON text that was decoded as ``found``.

    Without escapes every quotation mark bounds a name or a text, so a member that was lost on
    decoding shows as quotation marks too few. Text with escapes is looked at name by name.
    """
    return b"\\" in written or written.count(b'"') != encoded(found).count(b'"')


def _checked(decoder: Callable[[bytes], Any], written: bytes) -> Any:
    found = decoder(written)
    if may_repeat_names(written, found):
        json.loads(written, object_pairs_hook=_once, parse_int=_number, parse_float=_number)
    return found


def _number(written: str) -> tuple[str]:
    """A number that equals only numbers: Python takes 1 and True for the same."""
    return (written,)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs) and any(found[name] != value for name, value in pairs):
        raise DuplicateNameError("an object has a duplicate key")
    return found
