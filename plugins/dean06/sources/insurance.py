"""Provincial social insurance: health-insurance participants. SFTP drops with a manifest.

``/outbox/<day>/manifest.json`` lists that day's files with rows, bytes and SHA-256; the first day
of the outbox also holds everything earlier. The server's host key must be the one in the
connection: an unknown key is refused.
"""

import hashlib
import os
import tempfile
from base64 import b64decode
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import date, timedelta
from typing import IO, Any, Self, cast
from urllib.parse import urlsplit

import paramiko
import tenacity

from dean06.contract import Dataset
from dean06.errors import (
    InconsistentDeliveryError,
    ManifestMismatchError,
    SourceError,
)
from dean06.sources import Call, Piece
from dean06.wire import csv, drops
from dean06.wire.bounds import Bounds
from dean06.wire.drops import Entry, Manifest
from dean06.wire.records import Batch

_OUTBOX = "/outbox"
_CHUNK = 1 << 20
_BROKEN = (OSError, EOFError, paramiko.SSHException)
_KEY_TYPES: dict[str, Callable[..., paramiko.PKey]] = {
    "ssh-ed25519": paramiko.Ed25519Key,
    "ssh-rsa": paramiko.RSAKey,
    "ecdsa-sha2-nistp256": paramiko.ECDSAKey,
}


def extract(call: Call) -> Iterator[Piece]:
    """Yield the files of every drop in the window that have not landed yet.

    Raises SourceError while the last day's drop is late or still being written,
    ManifestMismatchError when a file is not the one its manifest describes,
    InconsistentDeliveryError when a drop was sent again (as a higher revision, under other names)
    after some of it was read: files of two revisions do not add up.
    """
    landed = {piece.name for piece in call.landed}
    files = 0
    with _Outbox(call) as outbox:
        for day in outbox.ask(_days):
            manifest = outbox.ask(_manifest, day)
            files += len(manifest.files)
            outbox.bounds.check_files(files)
            of_day = {name for name in landed if name.startswith(f"{day}/")}
            if not all(name.startswith(manifest.prefix) for name in of_day):
                raise _sent_again(day)
            for entry in manifest.files:
                name = manifest.prefix + entry.name
                if name not in landed:
                    body = _verified(outbox, entry, manifest)
                    yield Piece(name=name, suffix="csv.gz", body=body, declared=entry.rows)


def parse(dataset: Dataset, piece_name: str, stream: IO[bytes]) -> Iterator[Batch]:
    """CSV with the wire names of the contract as header."""
    del dataset, piece_name
    return csv.read(stream)


def _sent_again(day: str) -> InconsistentDeliveryError:
    return InconsistentDeliveryError(f"the drop of {day} was sent again while it was read")


def _verified(outbox: "_Outbox", entry: Entry, manifest: Manifest) -> IO[bytes]:
    """A file as its manifest describes it. One that differs was damaged on its way (a second
    look helps), replaced by a later revision, or is not what the agency says it is."""
    for looks_left in (1, 0):
        try:
            return cast("IO[bytes]", outbox.ask(_file, manifest.day, entry))
        except (ManifestMismatchError, SourceError) as error:
            if outbox.ask(_manifest, manifest.day).files != manifest.files:
                raise _sent_again(manifest.day) from None
            if isinstance(error, SourceError) or not looks_left:
                raise
    raise AssertionError("unreachable")


class _Outbox:
    """One SFTP connection for a whole delivery; when it breaks, another one."""

    def __init__(self, call: Call) -> None:
        self._call = call
        self._attempts = call.terms.retry_attempts
        self.bounds = Bounds(call.terms)
        self._open = ExitStack()
        self._sftp: paramiko.SFTPClient | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def ask(self, step: Callable[..., Any], *args: Any) -> Any:
        """Take a step, again while it fails. Raises SourceError when the last attempt failed."""
        self.bounds.check_time()
        retryer = tenacity.Retrying(
            retry=tenacity.retry_if_exception_type(_BROKEN),
            stop=tenacity.stop_after_attempt(self._attempts),
            wait=tenacity.wait_exponential(multiplier=self._call.terms.retry_wait_seconds),
            reraise=True,
        )
        try:
            return retryer(self._step, step, *args)
        except _BROKEN as error:
            where = f"sftp {urlsplit(self._call.endpoint.url).hostname}"
            raise SourceError(
                f"{where}: {_told(error)} (after {self._attempts} attempts)"
            ) from None

    def _step(self, step: Callable[..., Any], *args: Any) -> Any:
        try:
            if self._sftp is None:
                self._sftp = self._open.enter_context(_connected(self._call))
            return step(self._sftp, self._call, self.bounds, *args)
        except _BROKEN:
            self._sftp = None
            self._open.close()
            raise


def _told(error: Exception) -> str:
    """A failure without the text that a server may have put into it."""
    if isinstance(error, FileNotFoundError):
        return "a file is not there yet (late)"
    if isinstance(error, OSError) and error.strerror and error.errno:
        return f"{type(error).__name__}: {os.strerror(error.errno)}"
    if isinstance(error, paramiko.BadHostKeyException):
        return "the server's host key is not the one of the connection; check who answers there"
    return type(error).__name__


def _days(sftp: paramiko.SFTPClient, call: Call, bounds: Bounds) -> list[str]:
    """The drops to read, oldest first. A hole or a missing last day means a late drop."""
    del bounds
    listed = sorted(filter(drops.is_day, sftp.listdir(_OUTBOX)))
    last = call.until.date() - timedelta(days=1)
    first = call.since.date() if call.since else date.fromisoformat(min([*listed, str(last)]))
    wanted = [str(first + timedelta(days=n)) for n in range((last - first).days + 1)]
    late = [day for day in wanted if day not in listed and day >= min([*listed, wanted[0]])]
    if late:
        raise SourceError(f"the drop of {late[0]} is not in {_OUTBOX} yet (late)")
    return wanted


def _manifest(sftp: paramiko.SFTPClient, call: Call, bounds: Bounds, day: str) -> Manifest:
    """The manifest of a day."""
    with sftp.open(f"{_OUTBOX}/{day}/manifest.json") as stream:
        text = stream.read(drops.LONGEST + 1)
    bounds.take_bytes(len(text))
    return drops.read(text, day, call.dataset.wire_name)


def _file(
    sftp: paramiko.SFTPClient, call: Call, bounds: Bounds, day: str, entry: Entry
) -> IO[bytes]:
    """A file of a drop, never more of it than its manifest declares.

    Raises SourceError while it is shorter than declared (it may still be written),
    ManifestMismatchError when it is longer, or another one.
    """
    del call
    place, path = f"{day}/{entry.name}", f"{_OUTBOX}/{day}/{entry.name}"
    bounds.check_size(entry.size)
    _check_size(place, sftp.stat(path).st_size or 0, entry)
    body = tempfile.SpooledTemporaryFile(max_size=8 << 20)  # noqa: SIM115  # handed to the caller
    digest, size = hashlib.sha256(), 0
    with sftp.open(path) as stream:
        stream.prefetch(entry.size)
        while chunk := stream.read(min(_CHUNK, entry.size + 1 - size)):
            bounds.take_bytes(len(chunk))
            digest.update(chunk)
            size += len(chunk)
            body.write(chunk)
    _check_size(place, size, entry)
    if digest.hexdigest() != entry.sha256:
        raise ManifestMismatchError(
            f"{place}: manifest says SHA-256 {entry.sha256[:12]}…; the file has "
            f"{digest.hexdigest()[:12]}…"
        )
    body.seek(0)
    return cast("IO[bytes]", body)


def _check_size(place: str, size: int, entry: Entry) -> None:
    told = f"{place}: manifest says {entry.size} bytes, the file has"
    if size < entry.size:
        raise SourceError(f"{told} {size}: it may still be written (late)")
    if size > entry.size:
        raise ManifestMismatchError(f"{told} more")


@contextmanager
def _connected(call: Call) -> Iterator[paramiko.SFTPClient]:
    place = urlsplit(call.endpoint.url)
    host, port = place.hostname or "", place.port or 22
    timeout = call.terms.timeout_seconds
    kind, _, encoded = str(call.endpoint.extra["host_key"]).partition(" ")
    with paramiko.SSHClient() as ssh:
        name = host if port == 22 else f"[{host}]:{port}"
        key = _KEY_TYPES[kind](data=b64decode(encoded.split()[0]))
        ssh.get_host_keys().add(name, kind, key)
        ssh.set_missing_host_key_policy(paramiko.RejectPolicy())
        ssh.connect(
            host, port, call.endpoint.login, call.endpoint.password,
            timeout=timeout, banner_timeout=timeout, auth_timeout=timeout,
            look_for_keys=False, allow_agent=False,
        )  # fmt: skip
        with ssh.open_sftp() as sftp:
            cast("Any", sftp.get_channel()).settimeout(timeout)
            yield sftp
