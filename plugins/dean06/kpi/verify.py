"""Verify: prove that kept steps say what the records say.

Steps are compared with a fresh count of all spans, which covers every day there ever was. The
values of single days are counted from the spans themselves and compared with those of the kept
steps, so that the way from steps to values is proven too.
"""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from dean06.errors import AuditError
from dean06.kpi import counting, steps
from dean06.kpi.front_matter import Family
from dean06.warehouse import Session, sql_file, transaction

log = logging.getLogger(__name__)

_NAMED = 20
"""Differences that an error names."""


@dataclass(frozen=True)
class Verified:
    """What was compared, and what differs."""

    families: int
    """Families whose kept steps are of this moment."""
    due: int
    """Families with records that no build has counted yet: the next build counts them again."""
    days: tuple[date, ...]
    differences: tuple[str, ...]
    """Each names KPI and unit."""


def verify(days: Sequence[date] = ()) -> Verified:
    """Compare kept steps with a full count; values on ``days`` and on the newest published day.

    Builds nothing and changes nothing. Raises AuditError for a day for which no units are known.
    """
    found: list[str] = []
    with transaction(isolation="REPEATABLE READ") as session:
        session.sort_in_memory()
        current, due = steps.current(session)
        wanted = sorted({*days, *_newest(session)})
        for day in wanted:
            counting.prepare(session, day, current)
            if day == wanted[0]:
                found += _steps(session, current)
            found += _values(session, day, current)
            log.info("%s: values of %d families compared", day, len(current))
            counting.forget(session)
            session.run("drop table kept")
    return Verified(len(current), due, tuple(wanted), tuple(found))


def repair() -> None:
    """Have the next build count all steps again."""
    with transaction() as session:
        steps.forget(session)


def require_equal() -> None:
    """Raises AuditError naming KPI and unit where kept steps and records differ."""
    found = verify()
    if found.differences:
        more = len(found.differences) - _NAMED
        raise AuditError(
            f"kept steps differ from records: {'; '.join(found.differences[:_NAMED])}"
            + (f"; and {more} more" if more > 0 else "")
            + ". To have them counted again: python -m dean06 verify-kpis --repair"
        )


def _newest(session: Session) -> list[date]:
    row = session.one("select max(as_of_date) as day from mart.kpi_publication")
    return [row.day] if row.day else []


def _steps(session: Session, current: Sequence[Family]) -> Iterator[str]:
    with session.grouping_by_hash():
        for family in current:
            query = sql_file("kpi_build/differing_steps.sql").replace(
                "{fresh}", steps.query_of(family)
            )
            rows = session.rows(query, family=family.name, borders=steps.borders())
            for row in rows:
                yield f"{row.kpi_code} in {row.place_code or 'no place'}: {row.step_count} steps"


def _values(session: Session, day: date, current: Sequence[Family]) -> Iterator[str]:
    with session.grouping_by_hash():
        for family in current:
            counting.count(session, day, family)
        session.run("create temporary table kept on commit drop as select * from built")
        session.run("truncate built")
        for family in current:
            counting.count(session, day, family, from_spans=True)
    for row in session.rows(sql_file("kpi_build/differing_values.sql")):
        yield f"{row.kpi_code} on {day} in {row.unit_level} {row.unit_code}"
