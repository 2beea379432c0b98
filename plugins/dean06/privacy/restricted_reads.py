"""Who read what outside mart, from the server's own log, without the text of statements.

People who log in to PostgreSQL themselves are logged statement by statement (decision 23,
``include/sql/audit/log_readers.sql``). A statement is left out only when it is certain that it read
nothing but mart; what cannot be determined is listed as ``?``.
"""

import logging
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from dean06.details.detail import detail
from dean06.errors import Dean06Error
from dean06.warehouse import sql_file, transaction

UNCLEAR = "?"
"""Stands for what a statement may have read and its text does not tell."""

# sqlglot quotes what it cannot parse in a warning: statements hold numbers of persons.
logging.getLogger("sqlglot").setLevel(logging.ERROR)
_OPEN_SCHEMAS = ("mart", "pg_catalog", "information_schema")
_HARMLESS = (exp.Set, exp.Transaction, exp.Commit, exp.Rollback)
_QUIET_COMMANDS = ("SHOW", "RESET", "DISCARD")
_REFUSED = "42501"
_LOGGED = ("statement: ", "execute ", "fastpath function call: ")
_TEXT = re.compile(r"^(?:statement|execute [^:]*): ", re.DOTALL)
_ODD = re.compile(r"\bpg_stats|\bpg_statistic|\bu&|\\'", re.IGNORECASE)
"""Statistics of columns hold their values; the others a parser may read otherwise than the server.
"""
_MENTION = re.compile(r'\b(core|ops)"?\s*\.\s*"?(\w+)', re.IGNORECASE)


@dataclass(frozen=True)
class Read:
    """One statement that read, or may have read, what is not for everybody."""

    at: datetime
    login: str
    client: str
    relations: tuple[str, ...]
    """``core.police__resident``; of what no longer exists, the schema only; ``?``: unknown."""
    is_refused: bool


class _Entry(msgspec.Struct):
    """What is needed of an entry of PostgreSQL's jsonlog."""

    timestamp: str
    user: str = ""
    dbname: str = ""
    remote_host: str = ""
    session_id: str = ""
    state_code: str = ""
    message: str = ""


def require_logged() -> None:
    """Raise Dean06Error when reads of people leave no trace in the server's log, saying why."""
    with transaction() as session:
        found = session.one(sql_file("audit/settings.sql"))
    if not found.is_logged:
        raise Dean06Error(detail("reads_not_logged"))
    if found.unlogged_roles:
        raise Dean06Error(detail("roles_not_logged", roles=str(found.unlogged_roles)))


def listed(logs: Iterable[Path], since: datetime | None = None) -> list[Read]:
    """Reads of this warehouse in files of PostgreSQL's jsonlog, in their order.

    Raises Dean06Error naming a file and line that is no entry of such a log.
    """
    with transaction() as session:
        database = session.one("select current_database() as name").name
        known = {tuple(row) for row in session.rows(sql_file("audit/relations.sql"))}
    found: list[Read] = []
    last: dict[str, int] = {}
    """By session: which of ``found`` its last statement was."""
    for entry in _entries(logs):
        at = _moment(entry.timestamp)
        if entry.dbname != database or (since is not None and at < since):
            continue
        if entry.state_code == _REFUSED:
            if (place := last.get(entry.session_id)) is not None:
                found[place] = replace(found[place], is_refused=True)
        elif entry.message.startswith(_LOGGED):
            last.pop(entry.session_id, None)
            if relations := _told_by(entry.message, known):
                last[entry.session_id] = len(found)
                found.append(Read(at, entry.user, entry.remote_host, relations, is_refused=False))
    return found


def _entries(logs: Iterable[Path]) -> Iterator[_Entry]:
    for path in logs:
        with path.open("rb") as lines:
            for number, line in enumerate(lines, start=1):
                try:
                    yield msgspec.json.decode(line, type=_Entry)
                except msgspec.MsgspecError:
                    raise Dean06Error(
                        detail("log_line_unreadable", file=path.name, line=number)
                    ) from None


def _moment(text: str) -> datetime:
    """``2026-11-22 14:00:00.123 UTC``: the server logs in UTC (``log_timezone``)."""
    stamp, _, zone = text.rpartition(" ")
    if zone not in ("UTC", "GMT"):
        raise Dean06Error(detail("log_in_another_zone", zone=zone))
    return datetime.fromisoformat(f"{stamp}+00:00")


def _told_by(message: str, known: set[tuple[Any, ...]]) -> tuple[str, ...]:
    """By two readings: what the parser makes of it, and every word that names something."""
    text = _TEXT.sub("", message)
    words = set(re.findall(r"\w+", message.lower()))
    found = {*_read_by(text, known)}
    found |= {f"{schema}.{name}" for schema, name in known if schema != "mart" and name in words}
    # The name of a prepared statement is anything, and may say where the statement begins.
    if _ODD.search(message) or (not message.startswith("statement: ") and ": " in text):
        found.add(UNCLEAR)
    return tuple(sorted(found, key=lambda name: (name == UNCLEAR, name)))


def _read_by(statement: str, known: set[tuple[Any, ...]]) -> tuple[str, ...]:
    """What is not for everybody among what a statement reads, or may read."""
    try:
        parts = [part for part in sqlglot.parse(statement, read="postgres") if part is not None]
    except (SqlglotError, RecursionError):
        return _mentioned(statement, known)
    found: set[str] = set()
    for part in parts:
        if isinstance(part, exp.Command):
            if str(part.this).upper() not in _QUIET_COMMANDS:
                found.update(_mentioned(part.sql(dialect="postgres"), known))
        elif not isinstance(part, _HARMLESS):
            found.update(_of_query(part, known))
    return tuple(sorted(found, key=lambda name: (name == UNCLEAR, name)))


def _of_query(query: exp.Expr, known: set[tuple[Any, ...]]) -> set[str]:
    named_here = {cte.alias for cte in query.find_all(exp.CTE)}
    found = set()
    for table in query.find_all(exp.Table):
        if not table.db and table.name in named_here:
            continue
        if table.db not in _OPEN_SCHEMAS and not (table.db == "" and _is_open(table.name, known)):
            found.add(_shown(table.db, table.name, known))
    # A function may run what its arguments say (query_to_xml) or read by itself.
    if query.find(exp.Anonymous):
        found.add(UNCLEAR)
    return found


def _mentioned(text: str, known: set[tuple[Any, ...]]) -> tuple[str, ...]:
    names = {_shown(schema.lower(), name, known) for schema, name in _MENTION.findall(text)}
    return (*sorted(names - {UNCLEAR}), UNCLEAR)


def _is_open(name: str, known: set[tuple[Any, ...]]) -> bool:
    """Whether a name without schema can only mean something of mart or of the system's own."""
    schemas = {schema for schema, relation in known if relation == name}
    return schemas == {"mart"} or (not schemas and name.startswith("pg_"))


def _shown(schema: str, name: str, known: set[tuple[Any, ...]]) -> str:
    """A name that exists; of others nothing that somebody may have typed."""
    schemas = [schema] if schema else [each for each, relation in known if relation == name]
    if len(schemas) == 1 and (schemas[0], name) in known:
        return f"{schemas[0]}.{name}"
    return f"{schema}.*" if schema in ("core", "ops") else UNCLEAR
