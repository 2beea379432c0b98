"""Files of the lists: lines in a folder of their own, then the list where agencies fetch it.

Lists hold personal data. Files are 0600 in folders 0700, made whole, then renamed, and replaced
only when their bytes differ (decision 14).
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
from airflow.sdk import ObjectStoragePath

from dean06 import settings, storage
from dean06.agencies.files import COPY_OPTIONS, Part
from dean06.warehouse import Session, sql_file

_CLOCK_ERROR = 5.0
"""Seconds: when a process began is known from whole seconds since the machine did."""


@dataclass(frozen=True)
class StoredFile:
    """A file of a list as it lies below the root of the lists."""

    name: str
    sha256: str
    is_other: bool
    """Whether it had to be written or replaced."""


def copied(session: Session, title: str, name: str, folder: Path) -> Part:
    """The lines that ``include/sql/agency/<name>.sql`` selects, as a part of a list."""
    lines = folder / f"{name}.csv"
    query = sql_file(f"agency/{name}.sql")
    with lines.open("wb") as output:
        return Part(title, lines, session.copy_out(query, COPY_OPTIONS, output))


def stored_file(path: Path, source: str) -> StoredFile:
    """Store a file that is made, among the lists of a source."""
    name = f"{source}/{path.name}"
    with path.open("rb") as stream:
        sha256 = storage.sha256_of(stream)[0]
    root = storage.private_folder(ObjectStoragePath(settings.agency_lists_root()))
    target = root / name
    with path.open("rb") as body:
        return StoredFile(name, sha256, storage.put(body, target, sha256))


@contextmanager
def working_folder() -> Iterator[Path]:
    """A folder for the lines of one list, which hold identities. Those that killed writers left on
    this machine are removed: each bears its writer's number."""
    for left in Path(tempfile.gettempdir()).glob("dean06-list-*-*"):
        if not _is_written(left):
            shutil.rmtree(left, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=f"dean06-list-{os.getpid()}-") as name:
        yield Path(name)


def _is_written(folder: Path) -> bool:
    """Whether the folder's writer lives: a process that began later only has its number."""
    try:
        began = psutil.Process(int(folder.name.split("-")[2])).create_time()
        return began - _CLOCK_ERROR < folder.stat().st_mtime
    except (psutil.Error, FileNotFoundError):
        return False
