"""Reconciliation with the national portal: counts by month, kind and procedure.

Reads figures only. Codes of dossiers stand in the agency's list, never on a page.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from dean06.agencies.reconciliation import NATIONAL, PROVINCE, UNEXPLAINED
from dean06.reference import tables
from dean06.reference.rows import DifferenceKind
from dean06.warehouse import Session, sql_file

MOST_DAYS = 62
"""Days that can be chosen."""


@dataclass
class Line:
    """Both counts of a month or procedure, and what leads from one to the other."""

    row: Any
    """The first row that it is made from: what the line is of."""
    national: int = 0
    province: int = 0
    explained: int = 0
    """By how much the differences make the national count larger."""
    unexplained: int = 0
    """What is left over."""
    kinds: Counter[str] = field(default_factory=Counter)
    """Dossiers by kind of difference."""

    @property
    def differs(self) -> bool:
        """Whether anything leads from one count to the other."""
        return bool(self.kinds or self.explained or self.unexplained)

    def add(self, row: Any) -> None:
        """Take a figure in."""
        if row.figure == NATIONAL:
            self.national += row.dossier_count
        elif row.figure == PROVINCE:
            self.province += row.dossier_count
        elif row.figure == UNEXPLAINED:
            self.unexplained -= row.effect
        else:
            self.explained -= row.effect
            self.kinds[row.figure] += row.dossier_count


@dataclass(frozen=True)
class Reconciliation:
    """The page."""

    made: Any
    """Row of ops.portal_reconciliation; None when no day is reconciled."""
    days: Sequence[date]
    months: Sequence[Line]
    month: date | None
    """The month whose procedures are shown."""
    procedures: Sequence[Line]
    kinds: Mapping[DifferenceKind, int]
    """Dossiers by kind, over all months; of unexplained the sum of its sizes."""


def read(session: Session, day: date | None, month: date | None) -> Reconciliation:
    """What the page shows of a day, by default the last one, and of a month, by default the last
    one with a difference."""
    runs = session.rows(
        "select * from ops.portal_reconciliation order by day desc limit :most", most=MOST_DAYS
    )
    made = next((run for run in runs if day in (None, run.day)), None)
    rows = session.rows(sql_file("ui/reconciliation_figures.sql"), day=made.day) if made else []
    months = _lines(rows, "period_month")
    chosen = _chosen(months, month)
    return Reconciliation(
        made=made,
        days=[run.day for run in runs],
        months=months,
        month=chosen,
        procedures=_lines((row for row in rows if row.period_month == chosen), "procedure_id"),
        kinds=_kinds(rows),
    )


def _lines(rows: Iterable[Any], by: str) -> list[Line]:
    found: dict[Any, Line] = {}
    for row in rows:
        found.setdefault(getattr(row, by), Line(row)).add(row)
    return list(found.values())


def _chosen(months: Sequence[Line], month: date | None) -> date | None:
    known: list[date] = [line.row.period_month for line in months]
    if month in known:
        return month
    differing = [line.row.period_month for line in months if line.differs]
    return max(differing or known, default=None)


def _kinds(rows: Sequence[Any]) -> dict[DifferenceKind, int]:
    counts: Counter[str] = Counter()
    for row in rows:
        counts[row.figure] += row.dossier_count
    return {kind: counts[kind.kind] for kind in tables.difference_kinds()}
