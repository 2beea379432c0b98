"""Correction cases: the league of agencies for everybody; cases and lists for stewards."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from dean06 import contract
from dean06.contract import Bilingual
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
    return Cases(
        day=league[0].as_of_date if league else None,
        league=league,
        owners={name: contract.load(name).owner for name in contract.sources()},
        standing=session.rows(sql_file("agency/standing.sql")) if is_steward else [],
        open_cases=session.rows(sql_file("ui/cases_open.sql"), size=MOST_CASES, **asked)
        if is_steward
        else [],
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
