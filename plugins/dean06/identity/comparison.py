"""Compare records with the registry, dataset by dataset, and store the verdicts that differ.

What is compared is a set, never a row: each step is one statement that reads and writes tables
(``include/sql/identity``). A dataset that has no verdicts yet is compared straight from core, and
its verdicts are stored as they come; of one that has them, only what changed is looked at.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum, auto

from psycopg2 import sql

from dean06 import contract
from dean06.contract import Dataset
from dean06.identity.parts import EVERYONE, Parts, among, parts_of, parts_of_registry
from dean06.warehouse import Session, array, sql_file

log = logging.getLogger(__name__)

LEAST_SIMILARITY = 0.4
"""Names less alike than this are no candidates for review (trigram similarity, 0 to 1)."""

_WORKING_TABLES = (
    "touched", "sharing", "subject", "compared", "verdict_change", "for_review",
)  # fmt: skip
_EVERYONE_DEAD = "select {registry_id} from {registry} as record where {registry_dead}"


class Scope(Enum):
    """Which records of a dataset are compared."""

    FIRST = auto()
    """All: none has a verdict yet."""
    WHOLE = auto()
    """All, with the verdicts that they have."""
    CHANGED = auto()
    """Those that changed, or whose person or id-sharers did."""


@dataclass(frozen=True)
class Task:
    """A dataset to compare: ``loads`` are those that no run has covered yet."""

    dataset: Dataset
    scope: Scope
    loads: list[int]


@dataclass(frozen=True)
class Examined:
    """What a run did in one dataset: counts only."""

    dataset: str
    records: int
    changed: int
    affects_from: date | None


def compare_datasets(
    session: Session, run: int, tasks: Sequence[Task], registry_loads: list[int]
) -> list[Examined]:
    """Bring the verdicts and candidates of these datasets up to date.

    ``registry_loads``: loads of the registry that no run has covered yet.
    """
    registry = parts_of_registry(contract.registry())
    scopes = {task.scope for task in tasks}
    of_everyone = scopes != {Scope.CHANGED}
    if of_everyone:
        _find_deaths(session, registry, _EVERYONE_DEAD)
    else:
        session.look_up_by_index()
    _prepare(session, registry, registry_loads if Scope.CHANGED in scopes else [])
    session.run("select core.index_claims(is_wanted => :now)", now=scopes != {Scope.FIRST})
    examined = [
        compare_dataset(session, run, task, registry, deaths_known=of_everyone) for task in tasks
    ]
    session.run("select core.index_claims(is_wanted => true)")
    session.compose("analyze doubtful")
    session.compose(
        sql_file("identity/candidates.sql"), least=sql.Literal(LEAST_SIMILARITY), **registry
    )
    if any(task.scope is Scope.FIRST for task in tasks):
        # The first build of KPIs follows within the minute: sooner than autovacuum.
        session.compose("analyze core.identity_verdict")
    return examined


def compare_dataset(
    session: Session, run: int, task: Task, registry: Parts, *, deaths_known: bool
) -> Examined:
    """Compare one dataset's records, store what differs, and note whose candidates to find."""
    parts = parts_of(task.dataset) | registry | {
        "verification": sql.Literal(run),
        "loads": array(task.loads, "bigint"),
    }  # fmt: skip
    parts["subject"] = _choose(session, task.scope, parts)
    if not deaths_known:
        _find_deaths(session, parts, "select claimed_id from subject")
    for step in ("compare", "duplicates", "deceased"):
        session.compose(sql_file(f"identity/{step}.sql"), **parts)
    _find_changes(session, task.scope, parts)
    if task.scope is not Scope.FIRST:
        session.compose(sql_file("identity/keep_replaced.sql"), **parts)
    for step in ("keep_history", "withdraw", "replace", "store", "count"):
        session.compose(sql_file(f"identity/{step}.sql"), **parts)
    _note_doubtful(session, task.scope, parts)
    examined = _counted(session, task.dataset, parts)
    for table in _WORKING_TABLES if deaths_known else (*_WORKING_TABLES, "death"):
        # With the view of first verdicts.
        session.compose(
            "drop table if exists {table} cascade", table=sql.Identifier("pg_temp", table)
        )
    return examined


def _prepare(session: Session, registry: Parts, registry_loads: list[int]) -> None:
    """What is the same for all datasets: which persons changed, and room for doubtful records."""
    loads = array(registry_loads, "bigint")
    session.compose(sql_file("identity/changed_persons.sql"), loads=loads, **registry)
    session.compose("analyze changed_person")
    session.compose(sql_file("identity/changed_births.sql"), **registry)
    session.compose("analyze changed_birth")
    session.compose(
        """create temporary table doubtful (
               dataset_code text, record_key text, plain_name text, born_on date, sex text,
               claimed_id text
           ) on commit drop"""
    )


def _find_deaths(session: Session, parts: Parts, of_whom: str) -> None:
    numbers = sql.SQL(of_whom).format(**parts)
    session.compose(sql_file("identity/deaths.sql"), of_whom=numbers, **parts)
    session.compose("analyze death")


def _choose(session: Session, scope: Scope, parts: Parts) -> sql.Composable:
    """The records to compare, as a query, or as a table where it takes lists to say which."""
    select = sql_file("identity/subject.sql")
    if scope is not Scope.CHANGED:
        return sql.SQL("({})").format(sql.SQL(select).format(chosen=EVERYONE, **parts))
    session.compose(sql_file("identity/touched.sql"), **parts)
    session.compose("analyze touched")
    session.compose(
        f"create temporary table subject on commit drop as {select}",
        chosen=among(parts["record_key"], "touched"),
        **parts,
    )
    session.compose("analyze subject")
    session.compose(sql_file("identity/sharing.sql"), **parts)
    session.compose("analyze sharing")
    session.compose(
        f"insert into subject {select}", chosen=among(parts["record_key"], "sharing"), **parts
    )
    session.compose("analyze subject")
    return sql.Identifier("pg_temp", "subject")


def _find_changes(session: Session, scope: Scope, parts: Parts) -> None:
    """Make ``verdict_change``: how the verdicts now differ from those that are stored."""
    if scope is Scope.FIRST:
        session.compose(sql_file("identity/first_changes.sql"))
        return
    chosen = EVERYONE if scope is Scope.WHOLE else among("before.record_key", "touched", "sharing")
    session.compose(sql_file("identity/changes.sql"), chosen=chosen, **parts)


def _note_doubtful(session: Session, scope: Scope, parts: Parts) -> None:
    """Note the records of whom to find out whom they may be about, and forget what was found."""
    old: sql.Composable = EVERYONE
    new: sql.Composable = EVERYONE
    if scope is Scope.CHANGED:
        session.compose(sql_file("identity/for_review.sql"), **parts)
        session.compose("analyze for_review")
        old, new = (among(f"{name}.record_key", "for_review") for name in ("candidate", "verdict"))
    session.compose(sql_file("identity/forget_candidates.sql"), chosen=old, **parts)
    session.compose(sql_file("identity/doubtful.sql"), chosen=new, **parts)


def _counted(session: Session, dataset: Dataset, parts: Parts) -> Examined:
    affects_from = session.compose_rows(sql_file("identity/affects_from.sql"), **parts)[0][0]
    records, changed = session.compose_rows(
        """select (select count(*) from compared),
                  (select count(*) from verdict_change where counts_otherwise)"""
    )[0]
    log.info("%s: %d records compared, %d verdicts changed", dataset.code, records, changed)
    return Examined(dataset.code, records, changed, affects_from)
