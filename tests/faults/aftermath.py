"""What is left after a round: the warehouse, its books and the landing zone, judged."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from urllib.parse import unquote, urlparse

from psycopg2 import sql

from dean06 import contract, settings
from dean06.contract import Dataset
from dean06.reports.digest import warehouse_digest
from dean06.warehouse import transaction

_UNBALANCED = """
    select load_id, status from ops.load
    where status <> 'published' or received_count <> declared_count
        or received_count <> inserted_count + updated_count + unchanged_count + deleted_count
            + superseded_count + quarantined_count
"""


_BOOKS = """
    select source_code, dataset_code, day, window_since, window_until, received_count,
           inserted_count, updated_count, unchanged_count, deleted_count, superseded_count,
           quarantined_count, affects_from
    from ops.load order by source_code, dataset_code, day
"""


def state() -> dict[str, str]:
    """All that must come out the same: digests, and what the books say of every load."""
    with transaction(role="") as session:
        books = [tuple(row) for row in session.rows(_BOOKS)]
    return {**warehouse_digest(), **{f"books of {book[:3]}": str(book[3:]) for book in books}}


def judge(
    datasets: Sequence[Dataset], days: Sequence[date], undisturbed: dict[str, str]
) -> list[str]:
    """Everything that is not as it is without faults; empty when all is.

    ``datasets`` are those that were synced, once for each of ``days``.
    """
    found = [
        f"{relation}: {said}, undisturbed {undisturbed.get(relation)}"
        for relation, said in state().items()
        if said != undisturbed.get(relation)
    ]
    return [*found, *_books(datasets, days), *_landing()]


def half_published() -> list[str]:
    """Rows or watermarks of loads that the books do not call published: never, at any moment."""
    with transaction(role="", isolation="REPEATABLE READ") as session:
        found = [
            f"watermark of {row.source_code}.{row.dataset_code} is of load {row.load_id}, "
            f"which is {row.status}"
            for row in session.rows(
                """select * from ops.watermark inner join ops.load
                       using (load_id, source_code, dataset_code)
                   where status <> 'published' or watermark.reached <> load.window_until"""
            )
        ]
        for dataset in contract.datasets():
            rows = session.compose_rows(
                """select count(*) from {core} where not exists (
                       select from ops.load where load_id = _load_id and status = 'published')""",
                core=sql.Identifier("core", dataset.table),
            )
            if rows[0][0]:
                found.append(f"core has {rows[0][0]} rows of {dataset.code} not yet published")
    return found


def _books(datasets: Sequence[Dataset], days: Sequence[date]) -> list[str]:
    with transaction(role="") as session:
        found = [f"load {row.load_id} is {row.status}" for row in session.rows(_UNBALANCED)]
        loads = session.one("select count(*) as number from ops.load").number
        if loads != len(datasets) * len(days):
            found.append(f"{loads} loads of {len(datasets)} datasets and {len(days)} days")
        left = Path(unquote(urlparse(settings.staging_root()).path)).rglob("*.parquet")
        found += [f"staging of load {path.parent.name} is left" for path in left]
        reached = session.rows(
            "select * from ops.watermark where reached = :end", end=settings.end_of(days[-1])
        )
        if len(reached) != len(datasets):
            found.append(f"{len(reached)} of {len(datasets)} watermarks reached the day's end")
    return found


def _landing() -> list[str]:
    """Every file the ledger counts on is whole."""
    with transaction() as session:
        files = session.rows("select landed_path, byte_count from ops.landing_file")
    return [
        f"landing: {path.name} is not whole"
        for path, size in ((Path(unquote(urlparse(f[0]).path)), f[1]) for f in files)
        if not path.is_file() or path.stat().st_size != size
    ]
