"""Advisory locks are taken in one place, so that two subjects cannot share one by accident."""

from pathlib import Path

from dean06 import settings

_FOLDERS = (settings.PROJECT / "plugins", settings.PROJECT / "dags", settings.PROJECT / "include")
_HELPER = settings.PROJECT / "plugins" / "dean06" / "warehouse.py"


def _taking() -> list[Path]:
    files = (path for folder in _FOLDERS for path in folder.rglob("*"))
    return [
        path
        for path in files
        if path.suffix in (".py", ".sql") and "advisory_" in path.read_text(encoding="utf-8")
    ]


def test_advisory_locks_are_taken_by_the_session_alone() -> None:
    assert _taking() == [_HELPER]
