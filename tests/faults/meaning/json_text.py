"""One JSON object as RFC 8259 says it, read with the standard library."""

import json
from decimal import Decimal
from typing import Any

from tests.faults.meaning.values import LostError, is_same


def read(written: bytes) -> dict[str, Any]:
    """An object in UTF-8 whose names stand for one value each.

    Raises LostError for text that is no JSON object (§2, §8.1), for a name with two values, which
    §4 calls unpredictable, and for half of a surrogate pair (§8.2).
    """
    try:
        found = json.loads(
            written.decode("utf-8"),
            object_pairs_hook=_once,
            parse_int=Decimal,
            parse_float=Decimal,
            parse_constant=_refuse,
        )
    except (ValueError, ArithmeticError, RecursionError):
        raise LostError("no JSON") from None
    if not isinstance(found, dict):
        raise LostError("no JSON object")
    _check_texts(found)
    return found


def _refuse(constant: str) -> None:
    raise ValueError(constant)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if any(not is_same(found[name], value) for name, value in pairs):
        raise LostError("a name with two values")
    return found


def _check_texts(value: object) -> None:
    if isinstance(value, str):
        if any("\ud800" <= sign <= "\udfff" for sign in value):
            raise LostError("a text with half a sign")
    elif isinstance(value, dict):
        for name, inner in value.items():
            _check_texts(name)
            _check_texts(inner)
    elif isinstance(value, list):
        for inner in value:
            _check_texts(inner)
