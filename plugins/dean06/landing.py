"""Landing: what a source sent, byte for byte, immutable, named by its own SHA-256.

Files live at ``<root>/<source>/<dataset>/<first two digits>/<sha256>.<suffix>``. The root is any
object store Airflow knows (``file://`` by default, ``s3://`` in production).
"""

import hashlib
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, cast
from uuid import uuid4

from airflow.sdk import ObjectStoragePath

from dean06 import settings
from dean06.contract import Dataset
from dean06.errors import ContractError
from dean06.ledger import LandingFile
from dean06.sources import Piece
from dean06.unpacked import Unpacked
from dean06.warehouse import transaction

_CHUNK = 1 << 20
_LOCAL = ("file", "local", "")
"""Protocols of the file system."""


def land(dataset: Dataset, piece: Piece, piece_no: int) -> LandingFile:
    """Keep one piece. Writing the same bytes again changes nothing.

    Written under a temporary name and renamed when whole, so a killed writer leaves no file that
    could be mistaken for a complete one.
    """
    piece.body.seek(0)
    sha256, size = digest(piece.body)
    folder = ObjectStoragePath(settings.landing_root()) / dataset.source / dataset.name / sha256[:2]
    target = folder / f"{sha256}.{piece.suffix}"
    put(piece.body, target, sha256)
    return LandingFile(
        piece_no=piece_no,
        piece_name=piece.name,
        path=str(target),
        sha256=sha256,
        byte_count=size,
        declared_count=piece.declared,
        resume_token=piece.resume_token,
    )


@contextmanager
def nothing_removed() -> Iterator[None]:
    """While the block lasts keep-house removes no file: equal bytes may be there from long ago, and
    nobody counts on them until the ledger says so.
    """
    with transaction() as session:
        session.run("select pg_advisory_xact_lock_shared(hashtext('landing'))")
        yield


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
            shutil.copyfileobj(body, output, _CHUNK)
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
        return digest(stored)[0]


def digest(stream: IO[bytes]) -> tuple[str, int]:
    """SHA-256 and length of what is left of a stream, read in bounded chunks."""
    digest, size = hashlib.sha256(), 0
    while chunk := stream.read(_CHUNK):
        digest.update(chunk)
        size += len(chunk)
    return digest.hexdigest(), size


@contextmanager
def opened(file: LandingFile) -> Iterator[IO[bytes]]:
    """A landed file as a seekable local stream, its checksum proven first.

    Raises ContractError when the bytes are no longer the ones that landed, or are gone, such as at
    the end of their period: trying again brings nothing, extracting again does.
    """
    digest = hashlib.sha256()
    with tempfile.TemporaryFile() as local:
        try:
            with ObjectStoragePath(file.path).open("rb") as stored:
                while chunk := stored.read(_CHUNK):
                    digest.update(chunk)
                    local.write(chunk)
        except FileNotFoundError:
            raise ContractError(
                f"landing file {file.piece_name} (piece {file.piece_no}) is no longer there: its "
                "period is over (ops.purge), or somebody removed it; clear 'extract' to fetch it "
                "again"
            ) from None
        if digest.hexdigest() != file.sha256:
            raise ContractError(
                f"landing file {file.piece_name} (piece {file.piece_no}) was altered or damaged "
                "after it landed; clear 'extract' to fetch it again"
            )
        local.seek(0)
        if file.path.endswith(".gz"):
            with Unpacked(cast("IO[bytes]", local)) as unpacked:
                yield cast("IO[bytes]", unpacked)
        else:
            yield cast("IO[bytes]", local)
