"""Files in any object store that Airflow knows: written whole or not at all, closed to others.

Landing, the agencies' lists, heads of the audit chain, keys, backups and answers to persons are all
written here. On a file system only their owner may read them; in an object store its policy says.
"""

import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO
from uuid import uuid4

from airflow.sdk import ObjectStoragePath

from dean06.details.detail import detail
from dean06.errors import Dean06Error

CHUNK = 1 << 20
_LOCAL = ("file", "local", "")
"""Protocols of the file system."""
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
"""A file that was not there before: nobody else has opened it, and no link leads elsewhere."""


def is_local(path: ObjectStoragePath) -> bool:
    """Whether a file is in a file system of this machine."""
    return path.protocol in _LOCAL


def put(body: IO[bytes], target: ObjectStoragePath, sha256: str) -> bool:
    """Store ``body`` whole or not at all; False when its very bytes are there already."""
    is_there = target.exists() and _stored_digest(target) == sha256
    body.seek(0)
    if is_local(target):
        private_folder(target.parent)
        if is_there:
            _close_to_others(target, 0o600)
        else:
            with private_file(Path(target.path), replaces=True) as output:
                shutil.copyfileobj(body, output, CHUNK)
    elif not is_there:
        _upload(body, target)
    return not is_there


def _upload(body: IO[bytes], target: ObjectStoragePath) -> None:
    partial = target.parent / f".{uuid4().hex}.part"
    try:
        with partial.open("wb") as output:
            shutil.copyfileobj(body, output, CHUNK)
    except OSError:
        partial.unlink(missing_ok=True)
        raise
    partial.rename(target)


@contextmanager
def private_file(target: Path, *, replaces: bool = False) -> Iterator[IO[bytes]]:
    """A file of this machine that only its owner can read, in its place when the block ends.

    It is written beside its place under a new name and is on the disk before it is moved there. A
    block that raises leaves nothing. ``replaces``: a file of that name, or a link, goes.
    Raises Dean06Error where there is one and it must not.
    """
    partial = target.with_name(f".{uuid4().hex}.part")
    try:
        with os.fdopen(os.open(partial, _NEW, 0o600), "wb") as output:
            yield output
            output.flush()
            os.fsync(output.fileno())
        _put_in_place(partial, target, replaces)
    finally:
        # On a full disk, every further try would take what little there is left.
        partial.unlink(missing_ok=True)


def _put_in_place(partial: Path, target: Path, replaces: bool) -> None:
    if replaces:
        partial.replace(target)
    else:
        try:
            target.hardlink_to(partial)
        except FileExistsError:
            raise Dean06Error(detail("file_exists", file=str(target))) from None
    folder = os.open(target.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def write_private(text: str, file: Path, *, replaces: bool = False) -> None:
    """Write a file of this machine that only its owner can read; see ``private_file``."""
    with private_file(file, replaces=replaces) as output:
        output.write(text.encode())


def private_folder(folder: ObjectStoragePath) -> ObjectStoragePath:
    """Make a folder that, on a file system, only its owner can look into."""
    folder.mkdir(parents=True, exist_ok=True)
    _close_to_others(folder, 0o700)
    return folder


def remove(path: ObjectStoragePath) -> None:
    """Remove a file, and its folder when it was the last one there. It may be gone already."""
    path.unlink(missing_ok=True)
    if is_local(path):
        with suppress(OSError):  # others are there, or came meanwhile
            Path(path.path).parent.rmdir()


def _close_to_others(path: ObjectStoragePath, mode: int) -> None:
    if is_local(path):
        Path(path.path).chmod(mode)


def _stored_digest(path: ObjectStoragePath) -> str:
    with path.open("rb") as stored:
        return sha256_of(stored)[0]


def sha256_of(stream: IO[bytes]) -> tuple[str, int]:
    """SHA-256 and length of what is left of a stream, read in bounded chunks."""
    digest, size = hashlib.sha256(), 0
    while chunk := stream.read(CHUNK):
        digest.update(chunk)
        size += len(chunk)
    return digest.hexdigest(), size
