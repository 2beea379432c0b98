"""Kept: what follows from files and takes long to make, in a folder, under the digest of what it
follows from: it is made again when that changes, and nothing stale is ever read."""

import logging
import os
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path
from typing import TypeVar

import msgspec

from dean06 import settings

log = logging.getLogger(__name__)

T = TypeVar("T")
_VERSIONS = 20
"""Files of a name that are kept: of versions that are edited, or run beside each other."""


def read(name: str, digest: str, kind: type[T]) -> T | None:
    """What was kept; None also for a file that is damaged or cannot be read."""
    try:
        return msgspec.json.decode(_file(name, digest).read_bytes(), type=kind)
    except (OSError, msgspec.MsgspecError):
        return None


def keep(name: str, digest: str, value: object) -> None:
    """Keep a value whole or not at all, whoever reads meanwhile."""
    file = _file(name, digest)
    beside = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        beside.write_bytes(msgspec.json.format(msgspec.json.encode(value)))
        beside.replace(file)
        written = sorted(file.parent.glob(f"{name}-*.json"), key=_written_at)
        for old in written[:-_VERSIONS]:
            old.unlink(missing_ok=True)
    except OSError as error:
        log.warning(
            "%s cannot be stored (%s), so each task makes it again; check DEAN06_COMPILED_SUITES",
            name, error.strerror,
        )  # fmt: skip


def digest_of(files: Iterable[Path]) -> str:
    """Of the content of files, in this order."""
    found = "".join(sha256(file.read_bytes()).hexdigest() for file in files)
    return sha256(found.encode()).hexdigest()


def _file(name: str, digest: str) -> Path:
    return settings.compiled_suites() / f"{name}-{digest[:32]}.json"


def _written_at(file: Path) -> float:
    try:
        return file.stat().st_mtime
    except FileNotFoundError:
        return 0.0
