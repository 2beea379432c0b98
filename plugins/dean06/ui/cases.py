"""Correction cases: the league of agencies for everybody; cases and lists for stewards."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from dean06 import contract
from dean06.contract import Bilingual
from dean06.reference import tables
from dean06.warehouse import Session, sql_file

MOST_CASES, MOST_LISTS = 200, 30
"""Shown on the page; the lists of the agencies have all."""


@dataclass(frozen=True)
class Cases:
    """The page."""

    day: date | None
    league: Sequence[Any]
    """Rows of mart.correction_league, the total last."""
    owners: Mapping[str, Bilingual]
    standing: Sequence[Any]
    """Exact counts by source; empty for who is no steward, as what follows."""
    open_cases: Sequence[Any]
    reasons: Mapping[str, Bilingual]
    """What is wrong, by the codes of the open cases."""
    lists: Sequence[Any]
    sources: tuple[str, ...]
    source: str | None


def read(session: Session, source: str | None, *, is_steward: bool) -> Cases:
    """Everything the page shows to a reader."""
    league = session.rows(
        """select * from mart.correction_league
           where as_of_date = (select max(as_of_date) from mart.correction_count)
           order by source_code = '', league_rank nulls last, source_code"""
    )
    asked = {"source": source}
    open_cases = (
        session.rows(sql_file("ui/cases_open.sql"), size=MOST_CASES, **asked) if is_steward else []
    )
    return Cases(
        day=league[0].as_of_date if league else None,
        league=league,
        owners={name: contract.load(name).owner for name in contract.sources()},
        standing=session.rows(sql_file("agency/standing.sql")) if is_steward else [],
        open_cases=open_cases,
        reasons=reasons(session, open_cases),
        lists=session.rows(sql_file("ui/cases_lists.sql"), size=MOST_LISTS, **asked)
        if is_steward
        else [],
        sources=tuple(contract.sources()),
        source=source,
    )


def history(session: Session, case_id: int) -> tuple[Any, list[Any]]:
    """A case and its events in order; (None, []) when there is none of that number."""
    case = session.one("select * from ops.correction_case where case_id = :id", id=case_id)
    steps = session.rows(
        """select * from ops.correction_step where case_id = :id order by spell_no, step_no""",
        id=case_id,
    )
    return case, steps


def reasons(session: Session, rows: Sequence[Any]) -> dict[str, Bilingual]:
    """The ``codes`` of rows in words: rules as the newest check had them, results of verification,
    kinds of difference from the national portal."""
    codes = sorted({code for row in rows for code in row.codes})
    found = {
        row.rule_code: Bilingual(row.reason_en, row.reason_vi)
        for row in session.rows(sql_file("ui/rule_reasons.sql"), codes=codes)
    }
    for text in tables.corrections():
        if text.kind == "verdict" and text.code in codes:
            found[text.code] = Bilingual(text.reason_en or "", text.reason_vi or "")
    for kind in tables.difference_kinds():
        if kind.kind in codes:
            found[kind.kind] = Bilingual(kind.label_en, kind.label_vi)
    return found
