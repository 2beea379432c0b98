"""The country: values of provinces and their sums, from the signed publications that were loaded.

Nothing is counted here. A value of the country is a sum of published numbers, or says why there is
none; so it cannot tell what a province has suppressed (``docs/decisions/0067-the-country.md``).
"""

import logging
from collections.abc import Collection, Sequence
from datetime import date

from dean06 import settings
from dean06.details.detail import detail
from dean06.errors import AuditError, Dean06Error
from dean06.kpi import publication, reasons
from dean06.kpi.family import versions
from dean06.kpi.publication import Built, Last
from dean06.warehouse import Session, sql_file, transaction

log = logging.getLogger(__name__)

SOURCE = "publications"
_SAID = """kpi_code, kpi_version, unit_level, unit_code, boundary_version, breakdown, member_code,
           numerator, denominator, value, is_suppressed, unknown_because, is_rounded, part_codes"""


def build(among: Collection[date] | None = None) -> list[Built]:
    """Publish every day of which provinces have published something new; returns those that had
    something new to say. ``among``: of these days only.

    Raises Dean06Error when no provinces are named, AuditError for a unit of two provinces.
    """
    if not settings.country_provinces():
        raise Dean06Error(detail("country_provinces_missing"))
    done: list[Built] = []
    with transaction() as one_builder:
        publication.take_turn(one_builder)
        days = one_builder.rows(sql_file("kpi_build/country_days.sql"))
        for row in days:
            if among is None or row.day in among:
                with transaction() as session:
                    if built := _build_day(session, row.day, row.loads):
                        done.append(built)
    log.info(
        "KPIs of the country: %s", ", ".join(str(built.day) for built in done) or "nothing new"
    )
    return done


def _build_day(session: Session, day: date, loads: Sequence[int]) -> Built | None:
    """Publish one day unless its last publication says the same."""
    by_code = versions()
    session.run(
        sql_file("kpi_build/definition.sql"),
        codes=list(by_code),
        versions=list(by_code.values()),
    )
    session.run(
        sql_file("kpi_build/country_values.sql"), as_of=day, provinces=settings.country_provinces()
    )
    _require_apart(session, day)
    last = publication.last_of(session, day)
    build_id = None
    if not _is_said(session, last):
        reason = reasons.FIRST if last.publication_id is None else reasons.LATE
        build_id = publication.open_build(session, day, {SOURCE}, reason)
    session.run(
        """insert into ops.kpi_coverage (as_of_date, load_id, build_id)
           select :day, unnest(cast(:loads as bigint [])), :build""",
        day=day,
        loads=list(loads),
        build=build_id,
    )
    if build_id is None:
        return None
    publication.publish_build(session, build_id, _write)
    return Built(day, "published", build_id)


def _write(session: Session, number: int, day: date) -> None:
    session.run(sql_file("kpi_build/publish_country.sql"), publication=number, as_of=day)


def _require_apart(session: Session, day: date) -> None:
    """A unit that two provinces publish would be added twice."""
    twice = session.rows(
        """select unit_code from core.publications__province_value
           where as_of_date = :day and _is_current and province_key = any(:provinces)
           group by unit_code having count(distinct province_key) > 1 order by unit_code""",
        day=day,
        provinces=settings.country_provinces(),
    )
    if twice:
        raise AuditError(
            detail("unit_of_two_provinces", day=day, units=[row.unit_code for row in twice])
        )


def _is_said(session: Session, last: Last) -> bool:
    """Whether the day's last publication has the same values."""
    said = f"select {_SAID} from mart.kpi_value where publication_id = :last"
    row = session.one(
        f"""select not exists ((select {_SAID} from country_value) except ({said}))
               and not exists (({said}) except (select {_SAID} from country_value)) as is_said""",
        last=last.publication_id,
    )
    return bool(row.is_said)
