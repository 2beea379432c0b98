"""Everything that is wrong at a moment, by the ledger and by Airflow: the one list that Today, the
watchdog and ``watch --once`` show."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from dean06.warehouse import Session
from dean06.watch import airflow, problems, reminders, runs
from dean06.watch.problem import Kind, Problem


@dataclass(frozen=True)
class Found:
    """The list."""

    problems: tuple[Problem, ...]
    is_airflow_known: bool
    """False when Airflow could not be asked: then nobody knows whether its problems are over."""


def detect(session: Session, now: datetime) -> Found:
    """Everything that is wrong with syncs, KPIs and deadlines."""
    try:
        seen = airflow.look(now)
    except airflow.AirflowError as error:
        known = (*_of_ledger(session, now, ()), runs.unreachable(error))
        return Found(_once(known), is_airflow_known=False)
    if seen is None:
        return Found(_once(_of_ledger(session, now, ())), is_airflow_known=True)
    known = tuple(_of_ledger(session, now, sorted(runs.given_up(seen))))
    shown = tuple(runs.detect(session, seen, known, now))
    return Found(_once((*known, *shown)), is_airflow_known=True)


def _of_ledger(session: Session, now: datetime, stopped: list[str] | tuple[()]) -> list[Problem]:
    return [*problems.detect(session, now, stopped), *reminders.detect(session)]


def _once(problems: Sequence[Problem]) -> tuple[Problem, ...]:
    """Without runs that have not finished since a load or task of theirs failed, which is there."""
    failed = {(p.source, p.run_key) for p in problems if p.kind in (Kind.FAILED, Kind.HELD)}
    failed |= {
        ((p.step or "").partition(".")[0].removeprefix("sync_"), p.run_key)
        for p in problems
        if p.kind is Kind.FAILED_TASK
    }
    return tuple(
        p for p in problems if p.kind is not Kind.UNFINISHED or (p.source, p.run_key) not in failed
    )
