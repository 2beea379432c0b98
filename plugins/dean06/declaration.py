"""Declarations: what people write in files, read into typed values or refused where it stands.

Front matter of KPIs, suites, terms of contracts and reference tables are structs of ``msgspec``.
A misspelt key, a missing one and a value of another type raise ContractError naming file and key.
"""

import csv
import re
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from itertools import takewhile
from pathlib import Path
from typing import Any, Literal, TypeVar, get_args, get_origin, get_type_hints

import msgspec

from dean06.errors import ContractError

_UNKNOWN = re.compile(r"Object contains unknown field `(.*)`")
_MISSING = re.compile(r"Object missing required field `(.*)`")


class Declaration(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Base of everything that is declared in a file: complete, typed, and never changed."""


D = TypeVar("D", bound=Declaration)


def declared(value: object, kind: type[D], where: str, *, strict: bool = True) -> D:
    """A mapping as a declaration of that kind.

    ``where`` begins the message: the file, and the entry in it. ``strict=False`` also reads
    numbers, dates and booleans from text. Raises ContractError naming the key.
    """
    try:
        return msgspec.convert(value, kind, strict=strict)
    except msgspec.ValidationError as error:
        raise ContractError(f"{where}: {_problem(str(error), kind, value)}") from None


def read_table(path: Path, kind: type[D]) -> list[D]:
    """The rows of a CSV file whose first lines are comments (``#``), below its header.

    An empty cell is a value that is left out. Raises ContractError naming file, line and column.
    """
    rows = _rows(path)
    _, header = next(rows, (0, []))
    names = kind.__struct_encode_fields__
    if odd := [name for name in header if name not in names]:
        raise ContractError(f"{path.name}: the header: {unknown_key(odd[0], names)}")
    if missing := [name for name in names if name not in header]:
        raise ContractError(f"{path.name}: the header lacks {', '.join(missing)}")
    if len(header) != len(names):
        raise ContractError(f"{path.name}: the header names a column twice")
    found = []
    for line, cells in rows:
        where = f"{path.name}, line {line}"
        if len(cells) != len(header):
            raise ContractError(f"{where}: has {len(cells)} cells; the header has {len(header)}")
        given = {name: cell for name, cell in zip(header, cells, strict=True) if cell.strip()}
        found.append(declared(given, kind, where, strict=False))
    return found


def _rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Rows with the number of their last line in the file; comments are left out."""
    with path.open(encoding="utf-8", newline="") as file:
        lines = list(file)
    comments = len(list(takewhile(lambda line: line.startswith("#"), lines)))
    reader = csv.reader(lines[comments:])
    for cells in reader:
        if cells:
            yield comments + reader.line_num, cells


def _problem(text: str, kind: type[Declaration], value: object) -> str:
    """What msgspec refused, with the keys and values that would have been right."""
    said, _, path = text.partition(" - at `$")
    place = path.strip(".`")
    before = f"{place}: " if place else ""
    if found := _UNKNOWN.fullmatch(said):
        return before + unknown_key(found[1], kind.__struct_encode_fields__)
    if found := _MISSING.fullmatch(said):
        return f"{before}lacks {found[1] if place else ', '.join(_missing(value, kind))}"
    if said.startswith("Invalid enum value") and (choices := _choices(kind, place)):
        return f"{place} must be one of {', '.join(choices)}"
    if "encoded date" in said:
        return f"{place} must be a date (YYYY-MM-DD)"
    return f"{place or 'the declaration'}: {said[:1].lower()}{said[1:]}"


def unknown_key(name: str, known: Iterable[str]) -> str:
    """What is wrong with a key that nobody knows, and which one may be meant."""
    similar = get_close_matches(name, list(known), n=1)
    return f"unknown key {name}{f' (did you mean {similar[0]}?)' if similar else ''}"


def _missing(value: object, kind: type[Declaration]) -> list[str]:
    given = value if isinstance(value, dict) else {}
    fields = msgspec.structs.fields(kind)
    return [f.encode_name for f in fields if f.required and f.encode_name not in given]


def _choices(kind: type[Declaration], field: str) -> tuple[Any, ...]:
    hint = get_type_hints(kind).get(field)
    for member in (hint, *get_args(hint)):
        if get_origin(member) is Literal:
            return get_args(member)
    return ()
