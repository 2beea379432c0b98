"""The grid: every value that a publication has to hold, so that a missing one is not taken for 0.

Each KPI for each published unit, of both boundaries; for provinces also each member that is known
beforehand. What sources have delivered and nobody counted is 0. Where nothing is known the grid
says why, and the publication has a row without a number (``disclosure/publish_missing.sql``;
``docs/decisions/0040-missing-is-not-zero.md``).
"""

from collections.abc import Iterable
from datetime import date

from dean06.warehouse import Session, sql_file


def prepare(session: Session, day: date, sources: Iterable[str]) -> None:
    """The grid of a day as temporary table ``grid``: one row per value, with the reason where
    nothing is known, and the former provinces covered where these are not all of the unit.

    ``sources``: those that have data for the day. Needs ``built``, ``definition``, ``reform`` and
    ``unit_of_day``.
    """
    for table in ("built", "definition"):  # all that follows meets them value by value
        session.run(f"analyze {table}")
    session.run(sql_file("kpi_build/territory.sql"), as_of=day)
    session.run("create index on territory (unit_code)")
    session.run("analyze territory")
    session.run(sql_file("kpi_build/grid.sql"), as_of=day, sources=sorted(sources))
    session.run("analyze grid")


def fill(session: Session) -> None:
    """Add to ``built`` the values of the grid that are known and were not counted: 0."""
    session.run(sql_file("kpi_build/fill_grid.sql"))


def has_units(session: Session) -> bool:
    """Whether the day has a value, or a reason for none, of any unit."""
    return bool(session.one("select exists (select from grid) as found").found)
