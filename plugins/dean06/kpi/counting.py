"""Counting: the values of one day, from the kept steps of a family or from its spans.

Both say the same; ``verify`` compares them. Steps of persons are of the sets of places in which
they are met: whoever is met in two communes that became one counts once in it.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date

from sqlalchemy.exc import DBAPIError

from dean06.errors import AuditError, around
from dean06.kpi import boundaries
from dean06.kpi.family import versions
from dean06.kpi.front_matter import Family
from dean06.warehouse import Session, error_without_values, sql_file


def prepare(session: Session, day: date, active: Sequence[Family]) -> None:
    """The temporary tables of a day: ``built``, still empty, and what its counting reads.

    Raises AuditError for a day for which no units are known.
    """
    start(session)
    _definitions(session)
    place(session, day, active)


def start(session: Session) -> None:
    """The temporary table ``built``, still empty."""
    session.compose(
        """create temporary table built (
            kpi_code text, unit_level text, unit_code text, boundary_version text, breakdown text,
            member_code text, numerator bigint, denominator bigint
        ) on commit drop"""
    )


def place(session: Session, day: date, active: Sequence[Family]) -> None:
    """What counts are placed by on a day: boundaries and periods. Raises as ``prepare``."""
    boundaries.prepare(session, day)
    _periods(session, day, active)


def forget(session: Session) -> None:
    """Drop the temporary tables of a day, for another day in the same transaction."""
    session.run("drop table built, definition")
    displace(session)


def displace(session: Session) -> None:
    """Drop what ``place`` made."""
    session.run("drop table reform, unit_of_day, period_start, kpi_period")


def _periods(session: Session, day: date, active: Sequence[Family]) -> None:
    """Which periods facts are counted in, as the temporary tables ``period_start`` and
    ``kpi_period``."""
    starts = [(kpi, family.starts_on(kpi, day)) for family in active for kpi in family.kpis]
    days = sorted({start for _, start in starts if start is not None})
    session.run(sql_file("kpi_build/period_start.sql"), days=days)
    session.run(
        sql_file("kpi_build/kpi_period.sql"),
        codes=[kpi.code for kpi, _ in starts],
        counted_as=[kpi.counted_as for kpi, _ in starts],
        reaches=[0 if start is None else days.index(start) + 1 for _, start in starts],
    )


def _definitions(session: Session) -> None:
    """The definitions that this build computes by, as temporary table ``definition``."""
    computed_by = versions()
    session.run(
        sql_file("kpi_build/definition.sql"),
        codes=list(computed_by),
        versions=list(computed_by.values()),
    )


def count(
    session: Session,
    day: date,
    family: Family,
    *,
    from_spans: bool = False,
    totals_on: date | None = None,
) -> None:
    """Add the family's values of the day to ``built``, from its kept steps or from its spans.

    ``totals_on``: the day of its totals; without them all steps up to the day are added up. Raises
    AuditError naming its file when PostgreSQL cannot.
    """
    query = statement(family, from_spans=from_spans)
    add(session, day, family, "built", query, totals_on=totals_on)


def add(
    session: Session, day: date, family: Family, table: str, query: str, **parameters: object
) -> None:
    """Add to a table what a query counts of a family, for a day.

    By way of a table of its own: PostgreSQL divides among processors what makes a table, and never
    what adds to one. Raises AuditError naming the family's file when PostgreSQL cannot.
    """
    with counts_of(session, day, family, query, **parameters):
        session.run(f"insert into {table} select * from counts")


@contextmanager
def counts_of(
    session: Session, day: date, family: Family, query: str, **parameters: object
) -> Iterator[None]:
    """What a query counts of a family, for a day, as the temporary table ``counts``.

    Raises AuditError naming the family's file when PostgreSQL cannot.
    """
    counts = f"create temporary table counts on commit drop as {query}"
    run(session, day, family, counts, **parameters)
    yield
    session.run("drop table counts")


def keeps_steps(family: Family) -> bool:
    """Whether steps say what a family counts. Of persons who are counted by periods, they do not:
    a period has its own first meeting with each."""
    return family.counts == "rows" or not family.has_days


def statement(family: Family, *, from_spans: bool = False) -> str:
    """The query of a family's values on day ``as_of``, columns as in ``built``."""
    if family.counts == "persons":
        if not from_spans and keeps_steps(family):
            return _of_day(sql_file("kpi_build/count_kept_persons.sql"))
        return sql_file("kpi_build/count_persons.sql").replace("{facts}", family.spans_of_day)
    kept = "kpi_build/kept_of_day.sql"
    counts = _spans_of_day(family) if from_spans else _of_day(sql_file(kept))
    suffix = "" if family.located_by == "commune" else "_of_province"
    by_commune = ", ".join(f"'{name}'" for name in family.commune_breakdowns) or "null"
    return (
        sql_file(f"kpi_build/count_rows{suffix}.sql")
        .replace("{counts}", counts)
        .replace("{commune_breakdowns}", by_commune)
    )


def summed(name: str, table: str) -> str:
    """A statement that stores the steps of a temporary table, each once."""
    steps = sql_file("kpi_build/summed_steps.sql").replace("{steps}", table)
    return sql_file(name).replace("{summed}", steps)


def _of_day(query: str) -> str:
    return query.replace("{steps}", sql_file("kpi_build/steps_of_day.sql"))


def _spans_of_day(family: Family) -> str:
    return (
        sql_file("kpi_build/spans_of_day.sql")
        .replace("{place}", f"{family.located_by}_code")
        .replace("{facts}", family.counts_of_day)
    )


def run(session: Session, day: date, family: Family, text: str, **parameters: object) -> None:
    """Run a statement with a family's query in it, for a day.

    Raises AuditError naming the family's file when PostgreSQL cannot.
    """
    try:
        session.run(text, as_of=day, family=family.name, **parameters)
    except DBAPIError as error:
        refusal = error_without_values(error.orig)
        raise AuditError(around("kpi_query_failed", refusal, day=day, family=family.name)) from None
