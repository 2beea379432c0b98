"""Provincial social insurance: health-insurance participants. SFTP drops with a manifest.

``/outbox/<day>/manifest.json`` lists that day's files with rows, bytes and SHA-256; the first day
of the outbox also holds everything earlier. The server's host key must be the one in the
connection: an unknown key is refused.
"""

import hashlib
import json
import tempfile
from base64 import b64decode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import IO, Any, cast
from urllib.parse import urlsplit

import paramiko
import tenacity

from dean06.contract import Dataset
from dean06.errors import (
    ContractError,
    InconsistentDeliveryError,
    ManifestMismatchError,
    SourceError,
)
from dean06.formats import csv
from dean06.records import Batch
from dean06.sources import Call, Piece

_OUTBOX = "/outbox"
_KEY_TYPES: dict[str, Callable[..., paramiko.PKey]] = {
    "ssh-ed25519": paramiko.Ed25519Key,
    "ssh-rsa": paramiko.RSAKey,
    "ecdsa-sha2-nistp256": paramiko.ECDSAKey,
}


def extract(call: Call) -> Iterator[Piece]:
    """Yield the files of every drop in the window that have not landed yet.

    Raises SourceError while the last day's drop is late, ManifestMismatchError when a file is not
    the one its manifest describes.
    """
    landed = {piece.name for piece in call.landed}
    for day in _retrying(call, _days):
        manifest = _retrying(call, _manifest, day)
        for entry in manifest["files"]:
            name = f"{day}/r{manifest['revision']}/{entry['name']}"
            if name in landed:
                continue
            try:
                body = _retrying(call, _file, day, entry)
            except ManifestMismatchError:
                if _retrying(call, _manifest, day) != manifest:
                    raise InconsistentDeliveryError(
                        f"the drop of {day} was sent again while it was read"
                    ) from None
                raise
            yield Piece(name=name, suffix="csv.gz", body=body, declared=int(entry["rows"]))


def parse(dataset: Dataset, piece_name: str, stream: IO[bytes]) -> Iterator[Batch]:
    """CSV with the wire names of the contract as header."""
    del dataset, piece_name
    return csv.read(stream)


def _retrying(call: Call, step: Callable[..., Any], *args: Any) -> Any:
    attempts = int(call.terms.get("retry_attempts", 5))
    retryer = tenacity.Retrying(
        retry=tenacity.retry_if_exception_type((OSError, EOFError, paramiko.SSHException)),
        stop=tenacity.stop_after_attempt(attempts),
        wait=tenacity.wait_exponential(multiplier=float(call.terms.get("retry_wait_seconds", 1))),
        reraise=True,
    )
    try:
        return retryer(_step, step, call, *args)
    except (OSError, EOFError, paramiko.SSHException) as error:
        where = f"sftp {urlsplit(call.endpoint.url).hostname}"
        raise SourceError(
            f"{where}: {type(error).__name__}: {error} (after {attempts} attempts)"
        ) from None


def _step(step: Callable[..., Any], call: Call, *args: Any) -> Any:
    with _connected(call) as sftp:
        return step(sftp, call, *args)


def _days(sftp: paramiko.SFTPClient, call: Call) -> list[str]:
    """The drops to read, oldest first. A hole or a missing last day means a late drop."""
    listed = sorted(sftp.listdir(_OUTBOX))
    last = call.until.date() - timedelta(days=1)
    first = call.since.date() if call.since else date.fromisoformat(min([*listed, str(last)]))
    wanted = [str(first + timedelta(days=n)) for n in range((last - first).days + 1)]
    late = [day for day in wanted if day not in listed and day >= min([*listed, wanted[0]])]
    if late:
        raise SourceError(f"the drop of {late[0]} is not in {_OUTBOX} yet (late)")
    return wanted


def _manifest(sftp: paramiko.SFTPClient, call: Call, day: str) -> dict[str, Any]:
    with sftp.open(f"{_OUTBOX}/{day}/manifest.json") as stream:
        text = stream.read()
    try:
        manifest = json.loads(text)
    except ValueError:
        raise ContractError(f"the manifest of {day} is not JSON") from None
    missing = {"dataset", "revision", "files"} - set(manifest)
    if missing or manifest["dataset"] != call.dataset.wire_name:
        raise ContractError(f"the manifest of {day} is not one of {call.dataset.wire_name}")
    return cast("dict[str, Any]", manifest)


def _file(sftp: paramiko.SFTPClient, call: Call, day: str, entry: dict[str, Any]) -> IO[bytes]:
    del call
    body = tempfile.SpooledTemporaryFile(max_size=8 << 20)  # noqa: SIM115  # handed to the caller
    sftp.getfo(f"{_OUTBOX}/{day}/{entry['name']}", body)
    size = body.tell()
    body.seek(0)
    digest = hashlib.file_digest(cast("Any", body), "sha256").hexdigest()
    if size != entry["bytes"] or digest != entry["sha256"]:
        raise ManifestMismatchError(
            f"{day}/{entry['name']}: manifest says {entry['bytes']} bytes, SHA-256 "
            f"{entry['sha256'][:12]}…; the file has {size} bytes, SHA-256 {digest[:12]}…"
        )
    body.seek(0)
    return cast("IO[bytes]", body)


@contextmanager
def _connected(call: Call) -> Iterator[paramiko.SFTPClient]:
    place = urlsplit(call.endpoint.url)
    host, port = place.hostname or "", place.port or 22
    timeout = float(call.terms.get("timeout_seconds", 60))
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
