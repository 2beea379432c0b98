"""What tests of correction cases share: an agency that delivers on some days, and what became of
its cases."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from dean06.agencies import lists
from tests.lib.loading import load_police, resident, rows

WRONG = {"maXa": "99999"}
"""Fields that make a record wrong: a commune that does not exist."""


def person(number: int) -> str:
    return f"0821900001{number:02d}"


def deliver(day: str, *records: Mapping[str, Any], run: str | None = None) -> None:
    """One day's load of residents, then the lists that are due for their agency."""
    load_police(run or f"run-{day}", day, list(records))
    lists.write_due()


def sent(number: int, day: str, **changes: Any) -> dict[str, Any]:
    """The record of a person as its agency sends it on a day."""
    return resident(soDinhDanh=person(number), capNhatLuc=f"{day}T08:30:00+07:00", **changes)


def spells() -> dict[str, list[tuple[Any, ...]]]:
    """``{record: [(opened, due, closed, outcome, overdue, late), …]}``, spells in order."""
    found: dict[str, list[tuple[Any, ...]]] = {}
    for record, *spell in rows(
        """select subject.record_key, opened_on, due_on, closed_on, outcome, is_overdue, is_late
           from ops.correction_spell
           inner join core.correction_record as subject using (case_id)
           order by subject.record_key, spell_no"""
    ):
        found.setdefault(record, []).append(
            tuple(v.strftime("%d/%m") if isinstance(v, date) else v for v in spell)
        )
    return found


def content() -> list[tuple[Any, ...]]:
    """All that is known of cases, without numbers that depend on how it came about."""
    return rows(
        """select subject.dataset_code, subject.kind, subject.record_key, event.event, event.day,
                  event.moment, load.run_key, event.codes, event.severity, event.working_days
           from ops.correction_event as event
           inner join core.correction_record as subject using (case_id)
           inner join ops.load using (load_id)
           order by subject.record_key, event.moment, event.load_id, event.event"""
    )
