"""Why a batch is held, for pages in both languages: the rules, with counts."""

from collections.abc import Sequence
from typing import Any

from dean06.warehouse import Session, sql_file


def rules_of(session: Session, loads: Sequence[int]) -> dict[int, tuple[Any, ...]]:
    """By held load, the rows of ``held_rules.sql``: most records first."""
    found: dict[int, tuple[Any, ...]] = {}
    if not loads:
        return found
    for row in session.rows(sql_file("ui/held_rules.sql"), loads=list(loads)):
        found[row.load_id] = (*found.get(row.load_id, ()), row)
    return found
