"""Landing: what a source sent, byte for byte, immutable, named by its own SHA-256.

Files live at ``<root>/<source>/<dataset>/<first two digits>/<sha256>.<suffix>``. The root is any
object store Airflow knows (``file://`` by default, ``s3://`` in production).
"""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO, cast

from airflow.sdk import ObjectStoragePath

from dean06 import settings, storage
from dean06.contract import Dataset
from dean06.details.detail import detail
from dean06.errors import LandingError
from dean06.load.ledger import LandingFile
from dean06.sources import Piece
from dean06.storage import CHUNK, sha256_of
from dean06.warehouse import Lock, transaction
from dean06.wire.unpacked import Unpacked


def land(dataset: Dataset, piece: Piece, piece_no: int) -> LandingFile:
    """Keep one piece. Writing the same bytes again changes nothing.

    Written under a temporary name and renamed when whole, so a killed writer leaves no file that
    could be mistaken for a complete one. Files hold identities: only their owner may read them.
    """
    piece.body.seek(0)
    sha256, size = sha256_of(piece.body)
    root = storage.private_folder(ObjectStoragePath(settings.landing_root()))
    folder = root / dataset.source / dataset.name / sha256[:2]
    target = folder / f"{sha256}.{piece.suffix}"
    storage.put(piece.body, target, sha256)
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
        session.lock(Lock.LANDING, shared=True)
        yield


@contextmanager
def opened(file: LandingFile) -> Iterator[IO[bytes]]:
    """A landed file as a seekable local stream, its checksum proven first.

    Raises LandingError when the bytes are no longer the ones that landed, or are gone, such as at
    the end of their period: trying again brings nothing, extracting again does.
    """
    with ExitStack() as stack:
        try:
            local = stack.enter_context(_local(ObjectStoragePath(file.path)))
        except FileNotFoundError:
            raise LandingError(
                detail("landed_missing", file=file.piece_name, piece=file.piece_no)
            ) from None
        sha256, _ = sha256_of(local)
        if sha256 != file.sha256:
            raise LandingError(detail("landed_altered", file=file.piece_name, piece=file.piece_no))
        local.seek(0)
        if file.path.endswith(".gz"):
            local = cast("IO[bytes]", stack.enter_context(Unpacked(local)))
        yield local


@contextmanager
def _local(stored: ObjectStoragePath) -> Iterator[IO[bytes]]:
    """A file of this machine as it is, or a copy of another."""
    if storage.is_local(stored):
        with Path(stored.path).open("rb") as file:
            yield file
        return
    with tempfile.TemporaryFile() as copy:
        with stored.open("rb") as remote:
            shutil.copyfileobj(remote, copy, CHUNK)
        copy.seek(0)
        yield cast("IO[bytes]", copy)
