"""Back to the agencies: per source and day, what the agency has to correct, as CSV and workbook.

Two kinds of lines: records that a suite rejected, with every rule they broke, and records that
disagree with the population registry. An agency gets its own records only, and of each what it
takes to find and correct it; never what the registry holds. Files go to restricted storage
(``DEAN06_AGENCY_LISTS``); the warehouse keeps counts (decision 14).
"""

import logging
from dataclasses import dataclass
from datetime import date
from typing import Any

from psycopg2 import sql

from dean06 import contract
from dean06.agencies import cases
from dean06.agencies.files import write_csv, write_workbook
from dean06.agencies.stored import StoredFile, copied, stored_file, working_folder
from dean06.agencies.words import HEADINGS, MISMATCHED, REJECTED, make_wording_tables, summary
from dean06.details.detail import detail
from dean06.errors import Dean06Error
from dean06.failures.record import reported_as
from dean06.warehouse import Lock, Session, array, sql_file, transaction

log = logging.getLogger(__name__)

DAY, STANDING = "day", "standing"


@dataclass(frozen=True)
class Basis:
    """What a list is made from."""

    source: str
    day: date
    scope: str
    load_ids: list[int]
    verification_ids: list[int]
    is_purged: bool
    """Records of it are gone, their period being over: the list stays as it was written."""


@dataclass(frozen=True)
class Written:
    """A list that is up to date now: counts and file names only."""

    source: str
    day: date
    rejected: int
    mismatches: int
    csv_name: str
    xlsx_name: str
    is_other: bool
    """Whether a file had to be written or replaced."""


@reported_as("agency_lists")
def write_due(source: str | None = None) -> list[Written]:
    """Write the lists whose loads or verdicts are others than when they were written last."""
    return _write_all(source, None, "is_due and not is_purged")


def write_day(day: date, source: str | None = None) -> list[Written]:
    """Write the lists of a day, whether due or not.

    Raises Dean06Error when no load of that day (and source) is published or held, or when records
    of it are purged.
    """
    return _write_all(source, day, "true")


def write_standing(source: str | None = None) -> list[Written]:
    """Write every mismatch that holds now, whenever it was found, dated by the last load.

    Raises Dean06Error for a source whose records are not compared with the registry.
    """
    verified = {dataset.source for dataset in contract.person_datasets()}
    if source in set(contract.sources()) - verified:
        raise Dean06Error(detail("source_not_compared", source=str(source)))
    return _write_all(source, None, "is_last", STANDING, verified)


def _write_all(
    source: str | None,
    day: date | None,
    wanted: str,
    scope: str = DAY,
    among: set[str] | None = None,
) -> list[Written]:
    known = contract.sources()
    if source is not None and source not in known:
        raise Dean06Error(detail("no_source", source=source, known=list(known)))
    with transaction() as one_writer:
        # A writer with an older view of the warehouse must not replace what another has written.
        one_writer.lock(Lock.AGENCY_LISTS)
        bases = _bases(source, day, wanted, scope, among)
        if day is not None and (purged := [each.source for each in bases if each.is_purged]):
            raise Dean06Error(detail("list_purged", sources=purged, day=day))
        if day is not None and not bases:
            if source is None:
                raise Dean06Error(detail("nothing_to_list", day=day))
            raise Dean06Error(detail("nothing_to_list_of", day=day, source=source))
        # After the lists are chosen: every record of theirs has its case before it is listed.
        cases.update()
        written = []
        for basis in bases:
            with transaction(isolation="REPEATABLE READ") as session:
                written.append(_write(session, basis))
        return written


def _bases(
    source: str | None, day: date | None, wanted: str, scope: str, among: set[str] | None
) -> list[Basis]:
    with transaction() as session:
        found = session.rows(
            f"""select * from ({sql_file("agency/inputs.sql")}) as candidate
                where {wanted} and source_code = coalesce(:source, source_code)
                and day = coalesce(cast(:day as date), day)
                order by day, source_code""",
            source=source,
            day=day,
        )
    return [
        Basis(row.source_code, row.day, scope, row.load_ids, row.verification_ids, row.is_purged)
        for row in found
        if row.source_code in (contract.sources() if among is None else among)
    ]


def _write(session: Session, basis: Basis) -> Written:
    session.sort_in_memory()
    make_wording_tables(session, basis.source)
    _select(session, basis)
    counts = session.compose_rows(sql_file("agency/counts.sql"))
    with working_folder() as folder:
        parts = [
            copied(session, REJECTED, "rejected_lines", folder),
            copied(session, MISMATCHED, "mismatched_lines", folder),
        ]
        records = session.one("select count(distinct (load_id, row_no)) as n from rejection").n
        stem = f"{basis.source}_{basis.day}" + ("" if basis.scope == DAY else f"_{basis.scope}")
        csv, xlsx = folder / f"{stem}.csv", folder / f"{stem}.xlsx"
        write_csv(csv, HEADINGS, parts)
        found = summary(
            basis.source, basis.day, basis.scope == STANDING, (records, parts[1].count), counts
        )
        write_workbook(xlsx, found, HEADINGS, parts)
        files = [stored_file(path, basis.source) for path in (csv, xlsx)]
    _remember(session, basis, records, parts[1].count, counts, files)
    log.info(
        "%s, %s: %d rejected records and %d mismatches listed",
        basis.source, basis.day, records, parts[1].count,
    )  # fmt: skip
    return Written(
        basis.source,
        basis.day,
        records,
        parts[1].count,
        files[0].name,
        files[1].name,
        any(file.is_other for file in files),
    )


def _select(session: Session, basis: Basis) -> None:
    """What the list is about, without the words: tables ``rejection``, ``mismatch`` and
    ``listed_case``."""
    is_standing = basis.scope == STANDING
    codes = [dataset.code for dataset in contract.load(basis.source).datasets]
    parts = {
        "source": sql.Literal(basis.source),
        "datasets": array(codes, "text"),
        "loads": array([] if is_standing else basis.load_ids, "bigint"),
        "runs": array(basis.verification_ids, "bigint"),
        "everything": sql.Literal(is_standing),
    }
    for step in ("rejections", "mismatches", "listed_cases"):
        session.compose(sql_file(f"agency/{step}.sql"), **parts)
    for table in ("rejection", "mismatch", "listed_case"):
        session.run(f"analyze {table}")


def _remember(
    session: Session,
    basis: Basis,
    rejected: int,
    mismatches: int,
    counts: list[tuple[Any, ...]],
    files: list[StoredFile],
) -> None:
    key = {"source": basis.source, "day": basis.day, "scope": basis.scope}
    session.run(
        sql_file("agency/store_list.sql"),
        **key, loads=basis.load_ids, runs=basis.verification_ids,
        rejected=rejected, mismatches=mismatches,
        csv_name=files[0].name, csv_sha256=files[0].sha256,
        xlsx_name=files[1].name, xlsx_sha256=files[1].sha256,
    )  # fmt: skip
    session.run(
        """delete from ops.agency_list_count
           where source_code = :source and day = :day and scope = :scope""",
        **key,
    )
    session.run(
        """
        insert into ops.agency_list_count
        select :source, :day, :scope, counted.*
        from unnest(cast(:kinds as text []), cast(:datasets as text []), cast(:codes as text []),
                    cast(:counts as bigint [])) as counted
        """,
        **key,
        kinds=[row[0] for row in counts], datasets=[row[1] for row in counts],
        codes=[row[2] for row in counts], counts=[row[3] for row in counts],
    )  # fmt: skip
