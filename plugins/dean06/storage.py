"""Files in any object store that Airflow knows: written whole or not at all, closed to others.

Landing and the agencies' lists both keep their files through this module.
"""

import hashlib
import shutil
from pathlib import Path
from typing import IO
from uuid import uuid4

from airflow.sdk import ObjectStoragePath

from dean06.errors import Dean06Error

CHUNK = 1 << 20
_LOCAL = ("file", "local", "")
"""Protocols of the file system."""


def put(body: IO[bytes], target: ObjectStoragePath, sha256: str, *, private: bool = False) -> bool:
    """Store ``body`` whole or not at all; False when its very bytes are there already.

    ``private``: only the owner may read it, on a file system; in an object store its policy says.
    """
    if target.exists() and _stored_digest(target) == sha256:
        return False
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.parent / f".{sha256}.{uuid4().hex}.part"
    body.seek(0)
    try:
        with partial.open("wb") as output:
            if private:
                _close_to_others(partial, 0o600)
            shutil.copyfileobj(body, output, CHUNK)
    except OSError:
        # On a full disk, every further try would take what little there is left.
        partial.unlink(missing_ok=True)
        raise
    partial.rename(target)
    return True


def private_folder(folder: ObjectStoragePath) -> ObjectStoragePath:
    """Make a folder that, on a file system, only its owner can look into."""
    folder.mkdir(parents=True, exist_ok=True)
    _close_to_others(folder, 0o700)
    return folder


def _close_to_others(path: ObjectStoragePath, mode: int) -> None:
    if path.protocol in _LOCAL:
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


def write_private(text: str, file: Path) -> None:
    """Write a new file of this machine that only its owner can read.

    Raises Dean06Error where there is a file of that name: nothing is written over.
    """
    try:
        file.touch(mode=0o600, exist_ok=False)
    except FileExistsError:
        raise Dean06Error(f"{file} is there already: name a new file") from None
    file.write_text(text, encoding="utf-8")
