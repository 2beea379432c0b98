"""Closing: the values of a month, quarter or year are those of one publication.

A period is closed by a person, from the day on that ``include/reference/period_deadlines.csv``
gives. Closing changes no value and cannot be undone: what arrives later is published as ever, and
``mart.closed_period_value`` shows it as a revision with its causes.
"""

import logging
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from dean06 import contract
from dean06.details.detail import Detail, detail
from dean06.errors import Dean06Error
from dean06.kpi import publication
from dean06.kpi.periods import Span
from dean06.reference import tables
from dean06.trail.reason import stated
from dean06.warehouse import Session, sql_file, transaction

log = logging.getLogger(__name__)

_MONTHS: dict[Span, int] = {"month": 1, "quarter": 3, "year": 12}


@dataclass(frozen=True)
class Closed:
    """A closing: the publication that holds the values, and sources that had not reached it."""

    publication_id: int
    last_day: date
    missing_sources: tuple[str, ...]


def close(period: Span, first_day: date, by: str, why: str, today: date) -> Closed:
    """Close a period with the newest publication of its last day.

    Raises Dean06Error when it does not begin on that day, is closed already, can not be closed yet,
    has no publication, or a build of its last day waits for a decision.
    """
    why = stated(why)
    last_day = _last_day(period, first_day)
    name = detail("period_of", period=period, first=first_day, last=last_day)
    from_day = last_day + timedelta(tables.period_deadlines()[period] + 1)
    if today < from_day:
        raise Dean06Error(detail("close_too_early", period=name, day=from_day))
    with transaction() as session:
        publication.take_turn(session)
        newest = _newest(session, name, period, first_day, last_day)
        session.run(
            """insert into mart.closed_period
                   (period, first_day, last_day, publication_id, closed_by, closing_reason)
               values (:period, :first_day, :last_day, :publication, :by, :why)""",
            period=period,
            first_day=first_day,
            last_day=last_day,
            publication=newest.publication_id,
            by=by,
            why=why,
        )
    log.info("%s: closed with publication %d", name, newest.publication_id)
    missing = sorted(set(contract.sources()) - set(newest.source_codes))
    return Closed(newest.publication_id, last_day, tuple(missing))


def closed() -> list[Any]:
    """Every closed period, newest first: period, first_day, last_day, publication_id, closed_at,
    closed_by, revised_count (totals of provinces that were revised since)."""
    with transaction() as session:
        return session.rows(sql_file("reports/closed_periods.sql"))


def _last_day(period: Span, first_day: date) -> date:
    """The last day of the period that begins on a day."""
    if first_day.day != 1 or (first_day.month - 1) % _MONTHS[period]:
        raise Dean06Error(detail("no_period_begins", period=period, day=first_day))
    months = first_day.year * 12 + first_day.month - 1 + _MONTHS[period]
    return date(months // 12, months % 12 + 1, 1) - timedelta(1)


def _newest(session: Session, name: Detail, period: str, first_day: date, last_day: date) -> Any:
    """The newest publication of the last day; refused where the period cannot be closed with it."""
    earlier = session.one(
        """select publication_id from mart.closed_period
           where period = :period and first_day = :first_day""",
        period=period,
        first_day=first_day,
    )
    if earlier is not None:
        raise Dean06Error(detail("closed_already", period=name, publication=earlier.publication_id))
    waiting = session.one(
        "select build_id from ops.kpi_build where as_of_date = :day and state = 'held'",
        day=last_day,
    )
    if waiting is not None:
        raise Dean06Error(detail("close_awaits_build", period=name, build=waiting.build_id))
    newest = session.one(
        """select publication_id, source_codes from mart.kpi_publication
           where as_of_date = :day order by publication_id desc limit 1""",
        day=last_day,
    )
    if newest is None:
        raise Dean06Error(detail("close_not_published", period=name, day=last_day))
    return newest
