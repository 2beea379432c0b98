"""The boundaries a build publishes on: units of the day as reported, and the newest ones.

A commune code means one unit before 2025-07-01 and another one since; values of a day are counted
once by the units of that day and shown on both boundaries through ``mart.admin_unit_successor``.
"""

from datetime import date

from dean06.details.detail import detail
from dean06.errors import AuditError
from dean06.warehouse import Session, sql_file

FILE = "include/reference/admin_units.csv"


def prepare_reforms(session: Session) -> None:
    """The days on which codes changed their meaning, as temporary ``reform``."""
    session.run(sql_file("kpi_build/reforms.sql"))


def prepare(session: Session, day: date) -> None:
    """What codes mean on the day and where that lies now, as temporary ``unit_of_day``.

    Raises AuditError for a day for which no units are known.
    """
    prepare_reforms(session)
    session.run(sql_file("kpi_build/units_of_day.sql"), as_of=day)
    session.run("create unique index on unit_of_day (era, unit_level, unit_code)")
    session.run("analyze unit_of_day")
    known = "select 1 from mart.dim_admin_unit where valid_from <= :day limit 1"
    if session.one(known, day=day) is None:
        raise AuditError(detail("units_unknown", day=day, file=FILE))


def audit(session: Session, day: date, summed: list[str]) -> None:
    """Refuse values of units that are none, and totals that differ between the boundaries.

    ``summed``: codes of the KPIs that count rows. Raises AuditError naming the KPIs.
    """
    if lost := session.rows(sql_file("kpi_build/lost_units.sql")):
        named = [
            f"{row.kpi_code} ({row.unit_codes})" if row.unit_codes else row.kpi_code for row in lost
        ]
        raise AuditError(detail("kpis_in_unknown_units", day=day, kpis=named, file=FILE))
    if differing := session.rows(sql_file("kpi_build/differing_boundaries.sql"), summed=summed):
        kpis = [row.kpi_code for row in differing]
        raise AuditError(detail("boundaries_differ", day=day, kpis=kpis))
