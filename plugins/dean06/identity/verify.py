"""Identity verification: every person record compared with the population registry.

Each current record gets one verdict, that of the first rule that applies (docs/architecture.md,
"Verdicts on persons"). Verdicts are a pure function of what core holds: comparing only what changed
and comparing everything give the same. Nothing here rewrites a record; only counts leave the
database.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from dean06 import contract
from dean06.contract import Dataset
from dean06.failures.record import reported_as
from dean06.identity.comparison import Examined, Scope, Task, compare_datasets
from dean06.warehouse import Lock, Session, sql_file, transaction

log = logging.getLogger(__name__)

RULES_VERSION = 2
"""Grows when a rule of comparison changes: the next run then compares everything again."""


@reported_as("verify_identities")
def verify_identities(*, everything: bool = False) -> list[Examined]:
    """Bring all verdicts up to what core holds; a no-op when every published load is covered.

    One transaction under an advisory lock; ``ops.verification_load`` decides what there is to do.
    ``everything`` compares all records again, which changes nothing unless a run went wrong.
    """
    with transaction() as one_verifier:
        # Taken before any snapshot: whoever waited sees what the other has verified.
        one_verifier.lock(Lock.IDENTITY)
        _index_births()
        with transaction(isolation="REPEATABLE READ") as session:
            pending = _pending(session)
            current = _rules_are_current(session)
            if not pending and current and not everything:
                log.info("every published load is verified already")
                return []
            return _verify(session, pending, everything=everything or not current)


def _index_births() -> None:
    """Make the index of the registry's birth dates, once it has records; in a transaction of its
    own, since whoever publishes the registry waits for it."""
    registry = contract.registry()
    if registry.person and registry.person.born_on:
        with transaction() as session:
            session.run(
                "select core.index_births(registry => :registry, born_on => :born_on)",
                registry=registry.table,
                born_on=registry.person.born_on,
            )


@contextmanager
def verified_snapshot() -> Iterator[Session]:
    """A REPEATABLE READ transaction that sees no load whose records are not verified."""
    while True:
        verify_identities()
        with transaction(isolation="REPEATABLE READ") as session:
            if not _pending(session):
                yield session
                return


def cover_day(session: Session, day: date, build_id: int | None = None) -> None:
    """Write down that the KPIs of ``day`` take every verdict of this snapshot into account."""
    session.run(
        """
        insert into ops.kpi_verification (as_of_date, verification_id, build_id)
        select :day, verification_id, :build from ops.verification where affects_from <= :day
        on conflict do nothing
        """,
        day=day,
        build=build_id,
    )


def counts() -> list[Any]:
    """Rows of (dataset_code, verdict, record_count) as of the newest run, without empty ones."""
    with transaction() as session:
        return session.rows(sql_file("identity/newest_counts.sql"))


def _pending(session: Session) -> dict[str, list[int]]:
    """Published loads of persons and of the registry that no run has covered, by dataset.

    None while the registry has never been published: against nothing, everyone would be unknown,
    and the first load of the registry would have all of them compared again.
    """
    wanted = {d.code for d in (*contract.person_datasets(), contract.registry())}
    found: dict[str, list[int]] = {}
    for row in session.rows(sql_file("identity/pending.sql")):
        if row.code in wanted:
            found.setdefault(row.code, []).append(row.load_id)
    return found if _has_registry(session) else {}


def _has_registry(session: Session) -> bool:
    registry = contract.registry()
    found = session.rows(
        """select from ops.load
           where source_code = :source and dataset_code = :dataset and status = 'published'
           limit 1""",
        source=registry.source,
        dataset=registry.name,
    )
    return bool(found)


def _rules_are_current(session: Session) -> bool:
    last = session.one(
        "select rules_version from ops.verification order by verification_id desc limit 1"
    )
    return last is None or last.rules_version == RULES_VERSION


def _verify(session: Session, pending: dict[str, list[int]], *, everything: bool) -> list[Examined]:
    session.sort_in_memory()
    run = session.one(
        "insert into ops.verification (rules_version) values (:rules) returning verification_id",
        rules=RULES_VERSION,
    ).verification_id
    tasks = [
        Task(dataset, _scope(session, dataset, everything), pending.get(dataset.code, []))
        for dataset in contract.person_datasets()
    ]
    changed = pending.get(contract.registry().code, [])
    due = [task for task in tasks if task.scope is not Scope.CHANGED or task.loads or changed]
    examined = compare_datasets(session, run, due, changed)
    _close(session, run, pending, examined)
    return examined


def _scope(session: Session, dataset: Dataset, everything: bool) -> Scope:
    known = session.one(
        "select 1 from ops.verification_dataset where dataset_code = :code limit 1",
        code=dataset.code,
    )
    if known is None:
        return Scope.FIRST
    return Scope.WHOLE if everything else Scope.CHANGED


def _close(
    session: Session, run: int, pending: dict[str, list[int]], examined: list[Examined]
) -> None:
    """Write the run's counts, and what it covers. Verdicts and these commit together."""
    for each in examined:
        session.run(
            """
            insert into ops.verification_dataset
                (verification_id, dataset_code, examined_count, changed_count, affects_from)
            values (:run, :dataset, :records, :changed, :affects_from)
            """,
            run=run, dataset=each.dataset, records=each.records, changed=each.changed,
            affects_from=each.affects_from,
        )  # fmt: skip
    session.run(
        """
        insert into ops.verification_load (load_id, verification_id)
        select unnest(cast(:loads as bigint [])), :run
        """,
        loads=[load for loads in pending.values() for load in loads],
        run=run,
    )
    session.run(
        sql_file("identity/finish.sql"),
        run=run,
    )
