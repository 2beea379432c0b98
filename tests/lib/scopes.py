"""Which tests stay together in one process: those of a file, or of a folder that shares an
installation."""

from pathlib import Path

from xdist.scheduler import LoadScopeScheduling

_ONE_PROCESS = ("browser", "dags")
"""Folders whose tests share one installation, or one Airflow."""


def of(nodeid: str) -> str:
    """The file or folder of a test."""
    path = Path(nodeid.split("::", 1)[0])
    return str(path.parent if path.parent.name in _ONE_PROCESS else path)


class ByFile(LoadScopeScheduling):  # type: ignore[misc]  # xdist has no types
    """Gives a process one file, or folder, after another."""

    def _split_scope(self, nodeid: str) -> str:
        return of(nodeid)
