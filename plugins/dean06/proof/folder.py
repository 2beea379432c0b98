"""The folder of signed publications as its readers find it: nothing is made, nothing is checked."""

import re
from collections.abc import Iterator
from typing import Any

import msgspec
from airflow.sdk import ObjectStoragePath

from dean06 import settings

_KEY = re.compile(r"introduces-([0-9a-f]{8})\.txt")


def _root() -> ObjectStoragePath:
    return ObjectStoragePath(settings.signed_publications_root())


def proof_of(number: int) -> dict[str, Any] | None:
    """The proof of a publication; None where it is not signed, or not yet."""
    path = _root() / "proofs" / f"{number:06}.json"
    if not path.exists():
        return None
    return msgspec.json.decode(path.read_bytes(), type=dict[str, Any])


def file_of(number: int) -> bytes:
    """The signed file of a publication. Raises FileNotFoundError."""
    return bytes((_root() / "publications" / f"{number:06}.csv").read_bytes())


def heads_of(number: int) -> Iterator[tuple[str, str]]:
    """Keys and signed heads of the log up to a publication."""
    for name, _ in statements():
        if found := _KEY.fullmatch(name):
            path = _root() / "heads" / f"{number:06}-{found[1]}.txt"
            if path.exists():
                yield found[1], path.read_bytes().decode()


def statements() -> Iterator[tuple[str, str]]:
    """Names and texts of the statements about keys."""
    keys = _root() / "keys"
    if keys.exists():
        for path in sorted(keys.iterdir(), key=lambda each: each.name):
            yield path.name, path.read_bytes().decode()
