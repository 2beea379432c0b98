"""Verify: prove that kept steps and published values say what the records say.

Steps are compared with a fresh count of all spans, which covers every day there ever was. The
values of single days are counted from the spans themselves and compared with those of the kept
steps, so that the way from steps to values is proven too; and with what was published of the day,
unless something has reached it since. So there is something to compare where no steps are kept.
"""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from dean06.details.detail import detail
from dean06.errors import AuditError
from dean06.kpi import counting, publication, steps, totals
from dean06.kpi.causes import arrivals
from dean06.kpi.family import families, versions
from dean06.kpi.front_matter import Family
from dean06.warehouse import Session, sql_file, transaction

log = logging.getLogger(__name__)

_NAMED = 20
"""Differences that an error names."""
NOTHING = (
    "nothing was compared: no daily changes are stored, and the newest published values do not "
    "include all records"
)


@dataclass(frozen=True)
class Verified:
    """What was compared, and what differs."""

    families: int
    """Families whose kept steps are of this moment."""
    due: int
    """Families with records that no build has counted yet: the next build counts them again."""
    days: tuple[date, ...]
    """Days whose values were counted from steps and from spans."""
    published: tuple[date, ...]
    """Those of them whose published values were compared too."""
    differences: tuple[str, ...]
    """Each names KPI and unit."""

    @property
    def is_empty(self) -> bool:
        """Whether nothing was compared."""
        return not (self.families or self.published)


def verify(days: Sequence[date] = ()) -> Verified:
    """Compare kept steps with a full count; values on ``days`` and on the newest published day.

    Builds nothing and changes nothing. Raises AuditError for a day for which no units are known.
    """
    found: list[str] = []
    published: list[date] = []
    with transaction(isolation="REPEATABLE READ") as session:
        session.sort_in_memory()
        current, due = steps.current(session)
        wanted = sorted({*days, *_newest(session, current)})
        for day in wanted:
            counting.prepare(session, day, families())
            if day == wanted[0]:
                found += _steps(session, current)
            found += _values(session, day, current)
            if last := _settled(session, day):
                found += _published(session, day, last)
                published.append(day)
            log.info("%s: values of %d families compared", day, len(current))
            counting.forget(session)
            session.run("drop table kept")
    return Verified(len(current), due, tuple(wanted), tuple(published), tuple(found))


def repair() -> None:
    """Have the next build count all steps again, once one that is under way has ended: it would
    record again the steps that it has changed."""
    with transaction() as session:
        publication.take_turn(session)
        steps.forget(session)


def require_equal() -> Verified:
    """What was compared. Raises AuditError naming KPI and unit where kept steps or published values
    and records differ."""
    found = verify()
    if found.differences:
        more = len(found.differences) - _NAMED
        said = "; ".join(found.differences[:_NAMED]) + (f"; and {more} more" if more > 0 else "")
        raise AuditError(detail("kpis_differ", differences=said, count=len(found.differences)))
    return found


def _newest(session: Session, current: Sequence[Family]) -> list[date]:
    """The newest published day; where there is none, that of the steps that are kept."""
    row = session.one("select max(as_of_date) as day from mart.kpi_publication")
    kept = totals.days(session) if current else {}
    day = row.day or max(kept.values(), default=None)
    return [day] if day else []


def _settled(session: Session, day: date) -> publication.Last | None:
    """The day's last publication, if it has to say what the records say now."""
    last = publication.last_of(session, day)
    is_settled = last.is_newest_build and not arrivals(session, day).tables
    return last if is_settled else None


def _steps(session: Session, current: Sequence[Family]) -> Iterator[str]:
    with session.by_hash():
        for family in current:
            query = sql_file("kpi_build/differing_steps.sql").replace(
                "{fresh}", steps.query_of(family)
            )
            rows = session.rows(query, family=family.name, borders=steps.borders())
            for row in rows:
                place = row.place_code or "no place"
                yield f"{row.kpi_code} in {place}: {row.step_count} daily changes differ"
            for row in session.rows(sql_file("kpi_build/differing_totals.sql"), family=family.name):
                place = row.place_code or "no place"
                yield f"{row.kpi_code} in {place}: {row.total_count} totals differ"


def _values(session: Session, day: date, current: Sequence[Family]) -> Iterator[str]:
    totals_on = totals.days(session)
    with session.by_hash():
        for family in current:
            counting.count(session, day, family, totals_on=totals_on.get(family.name))
        session.run("create temporary table kept on commit drop as select * from built")
        session.run("truncate built")
        for family in current:
            counting.count(session, day, family, from_spans=True)
    for row in session.rows(sql_file("kpi_build/differing_values.sql")):
        yield f"{row.kpi_code} on {day} in {row.unit_level} {row.unit_code}"


def _published(session: Session, day: date, last: publication.Last) -> Iterator[str]:
    """Values of the publication that spans do not say, of KPIs as they are defined now."""
    rows = session.rows(
        """select distinct kpi_code, kpi_version from mart.kpi_value
           where publication_id = :last and unknown_because is null""",
        last=last.publication_id,
    )
    now = versions()
    codes = {row.kpi_code for row in rows if now.get(row.kpi_code) == row.kpi_version}
    session.run("truncate built")
    with session.by_hash():
        for family in families():
            if codes.intersection(family.codes):
                counting.count(session, day, family, from_spans=True)
    for row in session.rows(
        sql_file("kpi_build/differing_published.sql"),
        publication=last.publication_id,
        codes=sorted(codes),
    ):
        yield f"{row.kpi_code}: published value for {day}, {row.unit_level} {row.unit_code}"
