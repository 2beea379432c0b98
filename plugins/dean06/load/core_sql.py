"""Core SQL: whether DuckDB can run the statement of a dataset, and what exactly it cannot find.

``include/sql/core/<source>/<dataset>.sql`` gives accepted records their types. Who writes it makes
mistakes of SQL: an unknown column or function, another type than the contract's. They are found
without a record, and named by file, line and character.
"""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import duckdb
from duckdb import DuckDBPyConnection

from dean06 import contract, settings
from dean06.contract import Dataset
from dean06.details.detail import Detail, detail, within
from dean06.errors import CoreSqlError, together
from dean06.kinds import WIDER

_HEAD = "describe with typed as (\n"
_TYPES = {
    "bigint": ("BIGINT",),
    "boolean": ("BOOLEAN",),
    "date": ("DATE",),
    "double precision": ("DOUBLE",),
    "integer": ("INTEGER",),
    "jsonb": ("JSON", "VARCHAR"),
    "numeric": ("DECIMAL",),
    "real": ("FLOAT",),
    "smallint": ("SMALLINT",),
    "text": ("VARCHAR",),
    "timestamp": ("TIMESTAMP",),
    "timestamptz": ("TIMESTAMP WITH TIME ZONE",),
    "varchar": ("VARCHAR",),
}
"""Type in PostgreSQL → what DuckDB calls it, both without a length."""
_ENTRIES = {"Table": "core_sql_relation", "Type": "core_sql_type_unknown"}
"""What DuckDB says is missing → code of the detail; else a function."""
_NAMED = (duckdb.BinderException, duckdb.CatalogException, duckdb.ParserException)
"""Errors whose message names parts of the statement alone, never a value."""


def file_of(dataset: Dataset) -> Path:
    """The core SQL of a dataset."""
    return contract.load(dataset.source).tables_sql_path / f"{dataset.name}.sql"


def shown(dataset: Dataset) -> str:
    """The file as people find it."""
    file = file_of(dataset)
    return str(file.relative_to(settings.PROJECT) if settings.PROJECT in file.parents else file)


def read(dataset: Dataset) -> str:
    """The text of the file. Raises CoreSqlError where there is none."""
    try:
        return file_of(dataset).read_text(encoding="utf-8")
    except FileNotFoundError:
        raise CoreSqlError(detail("core_sql_missing", file=shown(dataset))) from None


def bound(connection: DuckDBPyConnection, dataset: Dataset, text: str) -> str:
    """The statement, with columns of a narrower type converted to that of the contract. Reads no
    record.

    Raises CoreSqlError unless it can run over relation ``accepted`` and gives every column of the
    contract in its type, or in one of which that type holds every value.
    """
    found = _described(connection, dataset, text)
    if faults := [*_faults(dataset, found)]:
        raise CoreSqlError(together(faults))
    converted = [
        f'cast("{column.name}" as {_wider(column.type)}) as "{column.name}"'
        for column in dataset.columns
        if _is_narrower(column.type, found[column.name])
    ]
    return f"select * replace ({', '.join(converted)}) from ({text})" if converted else text


def _described(connection: DuckDBPyConnection, dataset: Dataset, text: str) -> dict[str, str]:
    """Column → type of what the statement gives."""
    connection.execute("set errors_as_json = true")
    try:
        rows = connection.execute(f"{_HEAD}{text})\nselect * from typed").fetchall()
    except duckdb.Error as error:
        raise CoreSqlError(_refused(dataset, text, error)) from None
    finally:
        connection.execute("reset errors_as_json")
    return {name: kind for name, kind, *_ in rows}


def _faults(dataset: Dataset, found: dict[str, str]) -> Iterator[Detail]:
    file = shown(dataset)
    wanted = ["_row", *(column.name for column in dataset.columns)]
    if missing := [name for name in wanted if name not in found]:
        yield detail("core_sql_columns_missing", file=file, columns=missing)
    for column in dataset.columns:
        kind = found.get(column.name)
        if kind is not None and not (_fits(column.type, kind) or _is_narrower(column.type, kind)):
            yield detail(
                "core_sql_type",
                file=file, column=column.name, given=kind.lower(), agreed=column.type,
            )  # fmt: skip


def _fits(agreed: str, given: str) -> bool:
    """Whether what DuckDB gives can be stored as what the contract says; unknown types can."""
    plain, is_list = _plain(agreed), agreed.endswith("[]")
    known = _TYPES.get(plain)
    return known is None or (_plain(given) in known and given.endswith("[]") == is_list)


def _is_narrower(agreed: str, given: str) -> bool:
    """Whether the contract's type holds every value of what DuckDB gives: publishing converts it,
    so a contract can widen a type without another core SQL."""
    named = (name for name, kinds in _TYPES.items() if given in kinds)
    return any(_plain(agreed) in WIDER.get(name, ()) for name in named)


def _wider(agreed: str) -> str:
    """What DuckDB converts to. Whole numbers of any size are numeric without digits after the
    point."""
    return "decimal(38, 0)" if agreed == "numeric" else agreed


def _plain(kind: str) -> str:
    """Without length and without ``[]``."""
    return kind.removesuffix("[]").partition("(")[0].strip()


def _refused(dataset: Dataset, text: str, error: duckdb.Error) -> Detail:
    said = _said(error)
    fault = _fault(dataset, error, said)
    place = said.get("position", "")
    if not place.isdecimal():
        return within(detail("file", file=shown(dataset)), fault)
    line, character = _place(text, int(place) - len(_HEAD))
    return detail(
        "core_sql_place", file=shown(dataset), line=line, character=character, fault=fault
    )


def _said(error: duckdb.Error) -> dict[str, str]:
    """What DuckDB says of its error, by key; nothing where its words could quote a value."""
    if not isinstance(error, _NAMED):
        return {}
    _, _, body = str(error).partition(": ")
    try:
        found: dict[str, Any] = json.loads(body)
    except ValueError:
        return {}
    return {key: value for key, value in found.items() if isinstance(value, str)}


def _fault(dataset: Dataset, error: duckdb.Error, said: dict[str, str]) -> Detail:
    kind, name = said.get("error_subtype"), said.get("name", "")
    if kind == "COLUMN_NOT_FOUND":
        known = [column.name for column in dataset.staged]
        return detail("core_sql_column", name=name, known=known)
    if kind == "MISSING_ENTRY":
        return detail(_ENTRIES.get(said.get("type", ""), "core_sql_function"), name=name)
    if kind == "NO_MATCHING_FUNCTION":
        return detail("core_sql_arguments", call=said.get("call", name))
    if kind == "SYNTAX_ERROR":
        return detail("core_sql_syntax")
    first = said.get("exception_message", type(error).__name__).partition("\n")[0]
    return detail("core_sql_refused", said=first)


def _place(text: str, position: int) -> tuple[int, int]:
    """Line and character of a position in bytes; what stands after the text is its end."""
    before = text.encode()[: max(position, 0)].decode(errors="ignore")
    lines: Sequence[str] = before.split("\n")
    return len(lines), len(lines[-1]) + 1
