"""New data of a day since its last build, as causes of changed KPIs.

Invariant 9: every revision states its cause. Causes are counted from core itself: rows of the newly
covered loads that are dated up to the day, split by whether their record was known before.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from psycopg2 import sql

from dean06 import contract
from dean06.contract import Dataset
from dean06.kpi.front_matter import Family
from dean06.kpi.publication import Last
from dean06.kpi.touched import VERDICTS
from dean06.warehouse import Session, array, sql_file


@dataclass(frozen=True)
class Arrivals:
    """What a day's KPIs have not taken into account yet."""

    loads: tuple[int, ...]
    tables: frozenset[str]
    """Tables of core in which it changed something."""


def arrivals(session: Session, day: date) -> Arrivals:
    """Loads and verdicts that no build of the day has covered."""
    loads = session.rows(
        sql_file("kpi_build/new_loads.sql"),
        day=day,
    )
    tables = {row.table_name for row in loads if row.has_changes}
    verdicts = session.one(
        sql_file("kpi_build/new_verdicts.sql"),
        day=day,
    )
    if verdicts.are_new:
        tables.add(VERDICTS)
    return Arrivals(tuple(row.load_id for row in loads), frozenset(tables))


def write_causes(session: Session, day: date, active: Sequence[Family], last: Last) -> None:
    """Fill the temporary tables ``reads`` (KPI, dataset) and ``cause``; the latter stays empty
    for a day's first publication, which restates nothing."""
    _write_reads(session, active)
    session.run(
        """
        create temporary table cause (
            kpi_code text, cause text, dataset_code text, row_count bigint) on commit drop
        """
    )
    if last.publication_id is None:
        return
    session.run(
        """
        create temporary table arrived (dataset_code text, cause text, row_count bigint)
        on commit drop
        """
    )
    covered = _covered_since(session, day, last)
    for dataset in contract.datasets():
        if loads := covered.get(dataset.code):
            _count_rows(session, dataset, loads, day)
    session.run(sql_file("kpi_build/verified.sql"), as_of=day, since=last.publication_id)
    session.run(sql_file("kpi_build/causes.sql"), as_of=day, sources=sorted(last.sources))


def _write_reads(session: Session, active: Sequence[Family]) -> None:
    by_table = {dataset.table: dataset.code for dataset in contract.datasets()}
    pairs = [
        (code, by_table[table], VERDICTS in family.tables)
        for family in active
        for table in sorted(family.tables & by_table.keys())
        for code in family.codes
    ]
    session.run(
        """
        create temporary table reads on commit drop as
        select * from unnest(
            cast(:kpis as text []), cast(:datasets as text []), cast(:verdicts as boolean [])
        ) as pair (kpi_code, dataset_code, with_verdicts)
        """,
        kpis=[kpi for kpi, _, _ in pairs],
        datasets=[dataset for _, dataset, _ in pairs],
        verdicts=[verdicts for _, _, verdicts in pairs],
    )


def _covered_since(session: Session, day: date, last: Last) -> dict[str, list[int]]:
    """Loads that builds of the day have covered since its last publication, by dataset."""
    found: dict[str, list[int]] = {}
    for row in session.rows(
        sql_file("kpi_build/covered_since.sql"),
        day=day,
        last=last.publication_id,
    ):
        found.setdefault(row.code, []).append(row.load_id)
    return found


def _count_rows(session: Session, dataset: Dataset, loads: list[int], day: date) -> None:
    session.compose(
        sql_file("kpi_build/rows_by_cause.sql"),
        core=sql.Identifier("core", dataset.table),
        dataset=sql.Literal(dataset.code),
        dated_by=sql.Identifier(dataset.dated_by),
        deleted=sql.SQL("coalesce({}, false)").format(sql.Identifier("record", dataset.deleted))
        if dataset.deleted
        else sql.SQL("false"),
        same_key=sql.SQL(" and ").join(
            sql.SQL("other.{0} = record.{0}").format(sql.Identifier(name)) for name in dataset.key
        ),
        loads=array(loads, "bigint"),
        as_of=sql.SQL("{}::date").format(sql.Literal(day)),
    )
