"""Reconciliation with the national portal: every difference explained to the dossier.

In: the national portal's list and final monthly counts, and the province's dossiers, all from core,
as of the end of a day. Out: counts by month, procedure and kind of difference in the warehouse, and
for the agency alone a list of the dossiers that differ, as CSV and workbook (decision 37).

From the national count, less what each kind explains, one comes to the province's count. What is
left over is the figure ``unexplained``; the watchdog reports it.
"""

import logging
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from msgspec.structs import asdict

from dean06 import contract, settings
from dean06.agencies import cases
from dean06.agencies.files import Heading, Part, write_csv, write_workbook
from dean06.agencies.stored import StoredFile, copied, stored_file, working_folder
from dean06.agencies.words import PERSONAL_NOTICE, small_table
from dean06.details.detail import detail
from dean06.errors import Dean06Error
from dean06.failures.record import reported_as
from dean06.reference import tables
from dean06.warehouse import Lock, Session, sql_file, transaction

log = logging.getLogger(__name__)

SOURCE = "portal"
NATIONAL, PROVINCE, UNEXPLAINED = "national", "province", "unexplained"
HEADINGS = (
    Heading("Loại chênh lệch", 24),
    Heading("Mã hồ sơ", 32),
    Heading("Mã dòng (Cổng quốc gia)", 22),
    Heading("Kỳ (Cổng quốc gia)", 12),
    Heading("Thủ tục (Cổng quốc gia)", 40),
    Heading("Trạng thái (Cổng quốc gia)", 12),
    Heading("Thời điểm Cổng quốc gia ghi nhận", 22),
    Heading("Kỳ (tỉnh)", 12),
    Heading("Thủ tục (tỉnh)", 40),
    Heading("Trạng thái (tỉnh)", 12),
    Heading("Lý do", 50),
    Heading("Cách xử lý", 50),
    Heading("Số hồ sơ", 10, is_number=True),
    Heading("Reason", 50, is_in_workbook=False),
    Heading("How to resolve", 50, is_in_workbook=False),
)
"""Columns of the list, in the order of ``include/sql/agency/reconciliation_lines.sql``."""
_SHEET = "Chênh lệch"


@dataclass(frozen=True)
class Basis:
    """A day to reconcile, and the published loads up to it."""

    day: date
    load_count: int
    last_load_id: int

    @property
    def as_of(self) -> datetime:
        """Up to this moment versions are compared."""
        return settings.end_of(self.day)


@dataclass(frozen=True)
class Reconciled:
    """What reconciling a day came to: counts and file names only."""

    day: date
    kinds: dict[str, int]
    """Dossiers by kind of difference, those that occur."""
    unexplained: int
    """Size of what no kind explains, over all periods and procedures."""
    csv_name: str
    xlsx_name: str
    is_other: bool
    """Whether a file had to be written or replaced."""


@reported_as("reconcile_portal")
def write_due() -> list[Reconciled]:
    """Reconcile every day whose published loads are others than when it was reconciled last."""
    return _reconcile(None)


def write_day(day: date) -> Reconciled:
    """Reconcile one day, whether due or not.

    Raises Dean06Error when the portal has published nothing on that day.
    """
    found = _reconcile(day)
    if not found:
        raise Dean06Error(detail("nothing_to_reconcile", day=day))
    return found[0]


def _reconcile(day: date | None) -> list[Reconciled]:
    with transaction() as one_writer:
        one_writer.lock(Lock.AGENCY_LISTS)
        with transaction() as session:
            inputs = session.rows(sql_file("agency/reconciliation_inputs.sql"))
        return [
            _write(Basis(row.day, row.load_count, row.last_load_id))
            for row in inputs
            if (row.is_due if day is None else row.day == day)
        ]


def _write(basis: Basis) -> Reconciled:
    with transaction(isolation="REPEATABLE READ") as session:
        session.sort_in_memory()
        figures = _compare(session, basis)
        cases.note_differences(session, basis.day, basis.as_of, basis.last_load_id)
        with working_folder() as folder:
            part = _lines(session, folder)
            stem = folder / f"{SOURCE}_{basis.day}_reconciliation"
            csv, xlsx = stem.with_suffix(".csv"), stem.with_suffix(".xlsx")
            write_csv(csv, HEADINGS, [part])
            write_workbook(xlsx, _summary(basis, figures), HEADINGS, [part])
            files = [stored_file(path, SOURCE) for path in (csv, xlsx)]
        _remember(session, basis, part.count, files)
    kinds = _by_figure(figures)
    unexplained = kinds.pop(UNEXPLAINED, 0)
    log.info(
        "%s, %s: %d dossiers differ from the national portal, %d unexplained",
        SOURCE, basis.day, sum(kinds.values()), unexplained,
    )  # fmt: skip
    return Reconciled(
        basis.day, kinds, unexplained, files[0].name, files[1].name,
        any(file.is_other for file in files),
    )  # fmt: skip


def _compare(session: Session, basis: Basis) -> list[Any]:
    """Make the tables ``difference`` and ``figure``; returns the rows of ``figure``."""
    session.run(
        """create temporary table difference on commit drop as
           select * from core.portal_difference_at(:as_of)""",
        as_of=basis.as_of,
    )
    session.run("analyze difference")
    session.run(
        "create temporary table figure on commit drop as "
        + sql_file("agency/reconciliation_figures.sql"),
        as_of=basis.as_of,
    )
    return session.rows("select * from figure order by period_month, procedure_id, figure")


def _lines(session: Session, folder: Path) -> Part:
    wording = [asdict(kind) for kind in tables.difference_kinds()]
    small_table(
        session,
        "difference_kind",
        dict.fromkeys(wording[0], "text"),
        [tuple(str(value) for value in kind.values()) for kind in wording],
    )
    return copied(session, _SHEET, "reconciliation_lines", folder)


def _by_figure(figures: Sequence[Any]) -> dict[str, int]:
    """Dossiers by kind of difference, those that occur; the remainder with them."""
    found: Counter[str] = Counter()
    for row in figures:
        if row.figure not in (NATIONAL, PROVINCE):
            found[row.figure] += row.dossier_count
    return {kind: count for kind, count in found.items() if count}


def _summary(basis: Basis, figures: Sequence[Any]) -> list[list[str | int]]:
    """Rows of the first sheet: whose list it is, as of when, and the counts by kind and month."""
    agreed = contract.load(SOURCE)
    kinds = _by_figure(figures)
    months: dict[date, Counter[str]] = {}
    for row in figures:
        months.setdefault(row.period_month, Counter())[row.figure] += (
            row.dossier_count if row.figure in (NATIONAL, PROVINCE) else -row.effect
        )
    return [
        [f"Đối soát với Cổng Dịch vụ công quốc gia · đến hết ngày {basis.day:%d/%m/%Y}"],
        [f"Cơ quan: {agreed.owner.vi}"],
        [PERSONAL_NOTICE],
        [],
        ["Loại chênh lệch", "Số hồ sơ"],
        *_kinds(kinds),
        [],
        ["Kỳ", "Cổng quốc gia", "Chênh lệch giải thích được", "Tỉnh", "Chưa giải thích được"],
        *(_month(month, found) for month, found in sorted(months.items())),
    ]


def _kinds(kinds: Mapping[str, int]) -> Iterator[list[str | int]]:
    for kind in tables.difference_kinds():
        yield [kind.label_vi, kinds.get(kind.kind, 0)]


def _month(month: date, found: Counter[str]) -> list[str | int]:
    explained = sum(
        count for kind, count in found.items() if kind not in (NATIONAL, PROVINCE, UNEXPLAINED)
    )
    return [f"{month:%m/%Y}", found[NATIONAL], explained, found[PROVINCE], found[UNEXPLAINED]]


def _remember(
    session: Session, basis: Basis, differences: int, files: Sequence[StoredFile]
) -> None:
    csv, xlsx = files
    session.run(
        sql_file("agency/store_reconciliation.sql"),
        day=basis.day, as_of=basis.as_of, load_count=basis.load_count,
        last_load_id=basis.last_load_id, differences=differences,
        csv_name=csv.name, csv_sha256=csv.sha256, xlsx_name=xlsx.name, xlsx_sha256=xlsx.sha256,
    )  # fmt: skip
    session.run("delete from ops.portal_reconciliation_figure where day = :day", day=basis.day)
    session.run(
        """insert into ops.portal_reconciliation_figure
               (day, period_month, procedure_id, figure, dossier_count, effect)
           select :day, period_month, procedure_id, figure, dossier_count, effect from figure""",
        day=basis.day,
    )
