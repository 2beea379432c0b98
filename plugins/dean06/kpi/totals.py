"""Totals: what the counts of each family are on one day, kept beside its steps.

Counts of a day are the sum of all steps up to it. Of a whole province these are millions, most of
them of earlier years. Totals hold that sum once, for a day near those that are built; the counts of
a day are then the totals and the steps between the two days. They follow every change of steps in
the same transaction, so they always say what the steps say.
"""

from collections.abc import Collection
from datetime import date, timedelta

from psycopg2 import sql

from dean06.warehouse import Session, sql_file

_NEAR = timedelta(31)
"""Days that are further on move the totals: each build of a day reads the steps since theirs."""
_ADD = "kpi_build/add_totals.sql"


def days(session: Session) -> dict[str, date]:
    """Of each family with totals, their day."""
    rows = session.rows(
        "select family, totals_on from ops.kpi_step_family where totals_on is not null"
    )
    return {row.family: row.totals_on for row in rows}


def change(session: Session, changed: str) -> None:
    """Add to the totals the steps of temporary table ``changed`` that are not after their day."""
    _add(session, sql.Identifier(changed), sql.SQL("step.day <= kept.totals_on"))
    session.run("delete from ops.kpi_step_total where counted = 0 and considered = 0")


def forget(session: Session, families: Collection[str]) -> None:
    """Have totals of these families no longer, for their steps are counted again."""
    names = list(families)
    session.run("delete from ops.kpi_step_total where family = any(:names)", names=names)
    session.run(
        "update ops.kpi_step_family set totals_on = null where family = any(:names)", names=names
    )


def bring_near(session: Session, families: Collection[str], day: date) -> None:
    """Have totals of these families on a day that is near ``day``, or after it; on none after the
    newest load: every build since would take back the steps up to a day that somebody asked for."""
    known, day = days(session), min(day, _newest(session) or day)
    far = [name for name in families if name not in known or day - known[name] > _NEAR]
    if not far:
        return
    forget(session, [name for name in far if name not in known])
    _add(
        session,
        sql.Identifier("ops", "kpi_step"),
        sql.SQL(
            "step.family = any({far}) and step.day <= {day}"
            " and step.day > coalesce(kept.totals_on, '-infinity')"
        ).format(far=sql.Literal(far), day=sql.Literal(day)),
    )
    session.run(
        "update ops.kpi_step_family set totals_on = :day where family = any(:far)",
        day=day,
        far=far,
    )
    session.run("delete from ops.kpi_step_total where counted = 0 and considered = 0")


def _newest(session: Session) -> date | None:
    """The newest day of a published load."""
    row = session.one("select max(day) as day from ops.load where status = 'published'")
    day: date | None = row.day
    return day


def _add(session: Session, steps: sql.Composable, is_wanted: sql.Composable) -> None:
    session.compose(sql_file(_ADD), steps=steps, is_wanted=is_wanted)
