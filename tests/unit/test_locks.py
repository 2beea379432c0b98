"""Advisory locks are taken in one place, so that two subjects cannot share one by accident."""

import re
from pathlib import Path

from dean06 import settings
from dean06.warehouse import Lock

_FOLDERS = (settings.PROJECT / "plugins", settings.PROJECT / "dags", settings.PROJECT / "include")
_CHAIN = settings.SQL / "ops" / "link_notes.sql"
"""Whoever writes a note of the audit chain takes its lock, also by a statement of their own."""
_HELPER = settings.PROJECT / "plugins" / "dean06" / "warehouse.py"


def _taking() -> list[Path]:
    files = (path for folder in _FOLDERS for path in folder.rglob("*"))
    return sorted(
        path
        for path in files
        if path.suffix in (".py", ".sql") and "advisory_" in path.read_text(encoding="utf-8")
    )


def test_advisory_locks_are_taken_by_the_session_alone() -> None:
    assert _taking() == [_CHAIN, _HELPER]


def test_the_function_that_takes_one_itself_takes_that_of_its_name() -> None:
    taken = re.findall(r"advisory_\w+\(hashtext\('([^']+)'\)\)", _CHAIN.read_text(encoding="utf-8"))
    assert taken == [Lock.AUDIT_CHAIN]
