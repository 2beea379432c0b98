"""Everything that needs attention at a moment, by the ledger and by Airflow: the one list that
Today, ``summary``, the watchdog and ``watch --once`` show and count."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from dean06.warehouse import Session
from dean06.watch import airflow, evidence, problems, reminders, runs
from dean06.watch.problem import Kind, Problem


@dataclass(frozen=True)
class Found:
    """The list."""

    problems: tuple[Problem, ...]
    """What somebody here must do; every screen counts these."""
    is_airflow_known: bool
    """False when Airflow could not be asked: then nobody knows whether its problems are over."""
    reminders: tuple[Problem, ...] = ()
    """Deadlines of agencies, which no screen counts among the problems."""


def detect(session: Session, now: datetime, *, reads_trail: bool = False) -> Found:
    """Everything that is wrong with syncs, KPIs and evidence, and the deadlines of agencies.

    ``reads_trail``: the session may read the audit trail; the others read what the watchdog, which
    may, detected last.
    """
    trail = evidence.detect(session, now) if reads_trail else evidence.noted(session)
    deadlines = tuple(reminders.detect(session))
    try:
        seen = airflow.look(now)
    except airflow.AirflowError as error:
        known = (*problems.detect(session, now), runs.unreachable(error))
        return Found((*_once(known), *trail), is_airflow_known=False, reminders=deadlines)
    stopped = sorted(runs.given_up(seen)) if seen else []
    known = tuple(problems.detect(session, now, stopped))
    shown = runs.detect(session, seen, known, now) if seen else ()
    return Found((*_once((*known, *shown)), *trail), is_airflow_known=True, reminders=deadlines)


def _once(problems: Iterable[Problem]) -> Iterator[Problem]:
    """Without runs that have not finished since a load or task of theirs failed, which is there."""
    listed = tuple(problems)
    failed = {(p.source, p.run_key) for p in listed if p.kind in (Kind.FAILED, Kind.HELD)}
    failed |= {
        ((p.step or "").partition(".")[0].removeprefix("sync_"), p.run_key)
        for p in listed
        if p.kind is Kind.FAILED_TASK
    }
    return (
        p for p in listed if p.kind is not Kind.UNFINISHED or (p.source, p.run_key) not in failed
    )
