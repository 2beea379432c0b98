"""Views and functions of the warehouse: made from one text each, again whenever it changed.

``include/sql/<schema>/<name>.sql`` creates the view or function of that name, with its comments,
grants, and the triggers or the policy that need it; facts are made from the contracts. ``bring``
compares two digests per relation with those of its last run: the text's, and that of what
PostgreSQL knows of the relation. So a relation that was changed or dropped by hand is brought back,
and one that nothing happened to is not touched: nobody who reads it waits.

The order is that in which the texts name each other.
"""

import hashlib
import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from graphlib import CycleError, TopologicalSorter
from typing import Any

from psycopg2.errors import InvalidFunctionDefinition, InvalidTableDefinition
from sqlglot import Token, TokenType, tokenize

from dean06 import settings
from dean06.details.detail import detail
from dean06.errors import WarehouseError
from dean06.warehouse import Session, sql_file

log = logging.getLogger(__name__)

SCHEMAS = ("core", "ops", "mart")
_MADE_AGAIN = ("trigger", "policy", "table constraint")
"""What stands on a function and is made by its file."""


@dataclass(frozen=True)
class Relation:
    """A view or function: ``mart.kpi_latest``, and the SQL that makes or replaces it."""

    name: str
    text: str

    @cached_property
    def digest(self) -> str:
        """Digest of the text."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    @property
    def names(self) -> frozenset[str]:
        """Every ``a.b`` that the text says outside of comments and strings, its own name too."""
        return _names(self.text)


class _OtherSignatureError(Exception):
    """The text made a function beside the one of that name."""


def files() -> list[Relation]:
    """The relations that have a file."""
    return [
        Relation(f"{schema}.{path.stem}", sql_file(path.relative_to(settings.SQL)))
        for schema in SCHEMAS
        for path in sorted((settings.SQL / schema).glob("*.sql"))
    ]


def in_order(wanted: Sequence[Relation]) -> list[Relation]:
    """Each after those that its text names. Raises WarehouseError naming a circle."""
    by_name = {relation.name: relation for relation in wanted}
    needs = {
        name: sorted(by_name.keys() & relation.names - {name})
        for name, relation in sorted(by_name.items())
    }
    try:
        return [by_name[name] for name in TopologicalSorter(needs).static_order()]
    except CycleError as error:
        circle = " → ".join(reversed(error.args[1]))
        raise WarehouseError(f"views or functions depend on each other: {circle}") from None


def bring(session: Session, wanted: Sequence[Relation]) -> list[str]:
    """Make what changed, drop what is no longer wanted; returns the names of what was made.

    Raises WarehouseError when something of somebody else's would be dropped, naming it.
    """
    # Definitions are compared as PostgreSQL writes them, with every name qualified.
    session.run("set local search_path to pg_catalog, pg_temp")
    before = _attached(session)
    made = []
    for relation in in_order(wanted):
        if not _is_current(session, relation):
            session.about = detail("named", name=relation.name)
            _make(session, relation, {each.name for each in wanted})
            made.append(relation.name)
    session.about = None
    _retire(session, {relation.name for relation in wanted})
    if lost := sorted(before - _attached(session)):
        raise WarehouseError(detail("relations_would_be_lost", relations=lost))
    if made:
        log.info("views and functions made: %s", ", ".join(made))
    return made


def _is_current(session: Session, relation: Relation) -> bool:
    last = session.one(
        """select text_digest, catalogue_digest from ops.applied_relation
           where relation_name = :name""",
        name=relation.name,
    )
    there = [row.digest for row in _known(session, relation.name)]
    return last is not None and (last.text_digest, [last.catalogue_digest]) == (
        relation.digest,
        there,
    )


def _make(session: Session, relation: Relation, ours: set[str]) -> None:
    """Replace the relation where PostgreSQL allows it, else drop it and make it."""
    there = [row.object_id for row in _known(session, relation.name)]
    try:
        with session.connection.begin_nested():
            for object_id in there:
                _reset(session, object_id)
            session.script(relation.text)
            made = [row.object_id for row in _known(session, relation.name)]
            if len(made) > 1 or (there and made != there):
                raise _OtherSignatureError
    except (InvalidTableDefinition, InvalidFunctionDefinition, _OtherSignatureError):
        _drop(session, relation.name, ours)
        session.script(relation.text)
    found = _known(session, relation.name)
    if len(found) != 1:
        raise WarehouseError(
            f"the file of {relation.name} creates {len(found)} views or functions of that name, "
            "expected one"
        )
    session.run(
        """insert into ops.applied_relation (relation_name, text_digest, catalogue_digest)
           values (:name, :text_digest, :catalogue_digest)
           on conflict (relation_name) do update set
           (text_digest, catalogue_digest, applied_at)
           = (excluded.text_digest, excluded.catalogue_digest, excluded.applied_at)""",
        name=relation.name, text_digest=relation.digest, catalogue_digest=found[0].digest,
    )  # fmt: skip


def _reset(session: Session, object_id: int) -> None:
    """Take off grants and comments: those of an older text, and those given by hand."""
    for row in session.rows(sql_file("schema/as_created.sql"), object=object_id):
        session.script(row.statement)


def drop_those_on(session: Session, table: str, ours: set[str]) -> None:
    """Drop those of ours that stand on a table, so that it can change.

    Raises WarehouseError naming what else stands on it.
    """
    found = session.one("select to_regclass(:name)::oid as object_id", name=table)
    for row in _standing(session, table, [found.object_id], ours):
        if row.kind not in _MADE_AGAIN:
            # One before it may have taken it along.
            session.script(f"drop {row.kind} if exists {row.object_name} cascade")


def _drop(session: Session, name: str, ours: set[str]) -> None:
    """Drop a relation with those of ours that stand on it: they are made again in their turn."""
    there = _known(session, name)
    _standing(session, name, [row.object_id for row in there], ours)
    for row in there:
        session.script(f"drop {row.kind} {row.object_name} cascade")


def _standing(session: Session, name: str, objects: list[int], ours: set[str]) -> list[Any]:
    """What stands on a relation. Raises WarehouseError naming what is not ours."""
    standing = session.rows(sql_file("schema/dependents.sql"), objects=objects)
    if foreign := [
        f"{row.kind} {row.object_name}"
        for row in standing
        if row.kind not in _MADE_AGAIN and row.object_name.partition("(")[0] not in ours
    ]:
        raise WarehouseError(detail("relation_in_use", relation=name, others=foreign))
    return standing


def _retire(session: Session, wanted: set[str]) -> None:
    """Drop what an earlier version of dean06 made and this one does not."""
    gone = {
        row.relation_name
        for row in session.rows("select relation_name from ops.applied_relation")
        if row.relation_name not in wanted
    }
    for name in sorted(gone):
        _drop(session, name, gone)
    session.run(
        "delete from ops.applied_relation where relation_name = any(:names)", names=sorted(gone)
    )


def _known(session: Session, name: str) -> list[Any]:
    """Views and functions of that name, as rows of ``schema/relations.sql``."""
    return session.rows(sql_file("schema/relations.sql"), name=name)


def _attached(session: Session) -> set[str]:
    """Triggers, policies and check constraints of the warehouse."""
    return {row.object_name for row in session.rows(sql_file("schema/attached.sql"))}


@cache
def _names(text: str) -> frozenset[str]:
    return frozenset(_dotted(text))


def _dotted(text: str) -> Iterator[str]:
    tokens = tokenize(text, read="postgres")
    for left, dot, right in zip(tokens, tokens[1:], tokens[2:], strict=False):
        if dot.token_type == TokenType.DOT:
            yield f"{left.text}.{right.text}".lower()
    for token in tokens:
        if _is_body(token):
            yield from _dotted(token.text)


def _is_body(token: Token) -> bool:
    """``$$ … $$``: a function's body."""
    return token.token_type == TokenType.HEREDOC_STRING
