"""Reach: which KPIs and days loads of a source can change."""

from collections.abc import Collection, Sequence
from datetime import date

from dean06 import contract
from dean06.kpi.family import families
from dean06.kpi.front_matter import Family
from dean06.kpi.touched import VERDICTS
from dean06.warehouse import sql_file, transaction


def families_reading(source: str) -> list[Family]:
    """The families whose queries read the source, or verdicts that its records can change."""
    datasets = contract.load(source).datasets
    read = {dataset.table for dataset in datasets}
    if any(dataset.person for dataset in datasets):
        read.add(VERDICTS)
    return [family for family in families() if family.tables & read]


def days_from(first: date) -> list[date]:
    """The days on or after this one that have KPIs, or will have them with the next build."""
    with transaction() as session:
        return [
            row.day
            for row in session.rows(
                """select distinct day from ops.load
                   where status = 'published' and day >= :first order by day""",
                first=first,
            )
        ]


def unpublished(days: Collection[date]) -> list[date]:
    """Of these days those that no publication has yet."""
    with transaction() as session:
        known = session.rows(
            "select distinct as_of_date from mart.kpi_publication where as_of_date = any(:days)",
            days=list(days),
        )
    return sorted(set(days) - {row.as_of_date for row in known})


def days_reached(source: str, run_keys: Sequence[str]) -> list[date]:
    """The days that the published loads of these runs reach: their own, and those from the earliest
    day on that a record of them dates from."""
    with transaction() as session:
        return [
            row.day
            for row in session.rows(
                sql_file("kpi_build/days_reached.sql"), source=source, runs=list(run_keys)
            )
        ]
