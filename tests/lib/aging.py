"""Let time pass for what a test has loaded, and see what is left of it."""

import os
import time
from pathlib import Path
from typing import Any

from dean06.ui import quality, reading
from dean06.warehouse import transaction
from tests.lib.loading import rows

_CLOCKS = (
    ("ops.load", "opened_at"),
    ("ops.landing_file", "landed_at"),
    ("ops.quarantine", "quarantined_at"),
    ("ops.replay", "asked_at"),
)


STAGING = "_staging"
"""Folder of landing."""


def pass_days(days: int, *folders: Path) -> None:
    """Put back every clock that retention reads: in the warehouse, and of files in folders."""
    with transaction(role="") as session:
        for table, column in _CLOCKS:
            session.run(f"alter table {table} disable trigger user")
            session.run(
                f"update {table} set {column} = {column} - make_interval(days => :days)", days=days
            )
            session.run(f"alter table {table} enable trigger user")
    moment = time.time() - days * 86400
    for folder in folders:
        for path in folder.rglob("*"):
            os.utime(path, (moment, moment))


def files(root: Path) -> list[Path]:
    """Files in a folder, those of staging left out."""
    found = root.rglob("*")
    return [path for path in found if path.is_file() and STAGING not in path.parts]


def staged_files(root: Path) -> list[str]:
    """Files of staging, as source/dataset/load/file."""
    return sorted(
        "/".join(path.parts[path.parts.index(STAGING) + 1 :])
        for path in root.rglob("*")
        if path.is_file() and STAGING in path.parts
    )


def payloads() -> int:
    return int(rows("select count(payload) from ops.quarantine")[0][0])


def purged() -> dict[str, tuple[int, int]]:
    """By kind: removals, and what they came to."""
    return {
        what: (count, items)
        for what, count, items in rows(
            "select what, count(*), sum(item_count)::bigint from ops.purge group by what"
        )
    }


def told() -> dict[str, Any]:
    """All that people see of loads and quarantine: row counts, rules, places, reasons."""
    with transaction(reading.ROLE, "REPEATABLE READ") as session:
        loads = [row.load_id for row in session.rows("select load_id from ops.load")]
        return {
            "loads": session.rows("select load_id, status, day, received_count, quarantined_count,"
                                  " inserted_count, cause from ops.load order by load_id"),
            "counts": session.rows("select * from ops.quarantine_count order by 1, 6"),
            "records": [
                [tuple(row)[:-1] for row in found.records]
                for load_id in loads
                if (found := quality.rejected(session, load_id, None, 1))
            ],
            "kpis": session.rows("select * from mart.kpi_latest order by 1, 2, 6, 7, 9, 10, 11"),
        }  # fmt: skip
