"""Drops on an SFTP server: ``/outbox/<day>/manifest.json`` lists the files of a day.

The server's host key must be the one in the connection: an unknown key is refused.
"""

import errno
import os
from base64 import b64decode
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import IO, Any, Self, cast
from urllib.parse import urlsplit

import paramiko
import tenacity

from dean06.details.detail import Detail, detail, within
from dean06.errors import ContractError, LoginError, SourceError
from dean06.terms import Terms
from dean06.wire import drops, outbox
from dean06.wire.bounds import Bounds
from dean06.wire.drops import Entry, Manifest

_FOLDER = "/outbox"
_BROKEN = (OSError, EOFError, paramiko.SSHException)
_KEY_TYPES: dict[str, Callable[..., paramiko.PKey]] = {
    "ssh-ed25519": paramiko.Ed25519Key,
    "ssh-rsa": paramiko.RSAKey,
    "ecdsa-sha2-nistp256": paramiko.ECDSAKey,
}


@dataclass(frozen=True)
class Account:
    """Where the server is and how to prove who we are."""

    url: str
    login: str
    password: str = field(repr=False)
    extra: Mapping[str, Any] = field(repr=False)


class Outbox:
    """One SFTP connection for a whole delivery; when it breaks, another one."""

    name = _FOLDER

    def __init__(self, account: Account, dataset: str, terms: Terms) -> None:
        """``dataset``: by its name on the wire."""
        self._account, self._dataset, self._terms = account, dataset, terms
        self.bounds = Bounds(terms)
        self._open = ExitStack()
        self._sftp: paramiko.SFTPClient | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def days(self) -> list[str]:
        """The days that have a drop. Raises SourceError when the server cannot be read."""
        return sorted(self._ask(lambda sftp: list(filter(drops.is_day, sftp.listdir(_FOLDER)))))

    def manifest(self, day: str) -> Manifest:
        """The manifest of a day. Raises SourceError while it is not there or incomplete."""
        return cast("Manifest", self._ask(self._read_manifest, day))

    def file(self, day: str, entry: Entry) -> IO[bytes]:
        """A file of a drop. Raises as ``outbox.copied``, SourceError when it cannot be read."""
        return cast("IO[bytes]", self._ask(self._read_file, day, entry))

    def _read_manifest(self, sftp: paramiko.SFTPClient, day: str) -> Manifest:
        with sftp.open(f"{_FOLDER}/{day}/manifest.json") as stream:
            text = stream.read(drops.LONGEST + 1)
        self.bounds.take_bytes(len(text))
        return drops.read(text, day, self._dataset)

    def _read_file(self, sftp: paramiko.SFTPClient, day: str, entry: Entry) -> IO[bytes]:
        path = f"{_FOLDER}/{day}/{entry.name}"
        self.bounds.check_size(entry.size)
        outbox.check_size(day, sftp.stat(path).st_size or 0, entry)
        with sftp.open(path) as stream:
            stream.prefetch(entry.size)
            return outbox.copied(cast("IO[bytes]", stream), day, entry, self.bounds.take_bytes)

    def _ask(self, step: Callable[..., Any], *args: Any) -> Any:
        """Take a step, again while it fails. Raises SourceError when the last attempt failed,
        LoginError when the server did not let us in."""
        self.bounds.check_time()
        attempts = self._terms.retry_attempts
        retryer = tenacity.Retrying(
            retry=tenacity.retry_if_exception_type(_BROKEN),
            stop=tenacity.stop_after_attempt(attempts),
            wait=tenacity.wait_exponential(multiplier=self._terms.retry_wait_seconds),
            reraise=True,
        )
        try:
            return retryer(self._step, step, *args)
        except _BROKEN as error:
            where = detail("sftp", host=str(urlsplit(self._account.url).hostname))
            fault = within(where, _told(error))
            is_login = isinstance(error, paramiko.AuthenticationException)
            kind = LoginError if is_login else SourceError
            raise kind(detail("after_attempts", fault=fault, attempts=attempts)) from None

    def _step(self, step: Callable[..., Any], *args: Any) -> Any:
        try:
            if self._sftp is None:
                timeout = self._terms.timeout_seconds
                self._sftp = self._open.enter_context(_connected(self._account, timeout))
            return step(self._sftp, *args)
        except _BROKEN:
            self._sftp = None
            self._open.close()
            raise


def _told(error: Exception) -> Detail:
    """A failure without the text that a server may have put into it."""
    if isinstance(error, FileNotFoundError):
        return detail("file_not_there")
    if isinstance(error, OSError) and error.strerror and error.errno:
        name = errno.errorcode.get(error.errno, str(error.errno))
        said = os.strerror(error.errno)
        return detail("system_refused", kind=type(error).__name__, said=said, errno=name)
    if isinstance(error, paramiko.BadHostKeyException):
        return detail("other_host_key")
    if isinstance(error, paramiko.AuthenticationException):
        return detail("password_refused")
    return detail("failed_as", kind=type(error).__name__)


@contextmanager
def _connected(account: Account, timeout: float) -> Iterator[paramiko.SFTPClient]:
    place = urlsplit(account.url)
    host, port = place.hostname or "", place.port or 22
    with paramiko.SSHClient() as ssh:
        name = host if port == 22 else f"[{host}]:{port}"
        kind, key = _host_key(account)
        ssh.get_host_keys().add(name, kind, key)
        ssh.set_missing_host_key_policy(paramiko.RejectPolicy())
        ssh.connect(
            host, port, account.login, account.password,
            timeout=timeout, banner_timeout=timeout, auth_timeout=timeout,
            look_for_keys=False, allow_agent=False,
        )  # fmt: skip
        with ssh.open_sftp() as sftp:
            cast("Any", sftp.get_channel()).settimeout(timeout)
            yield sftp


def _host_key(account: Account) -> tuple[str, paramiko.PKey]:
    """The key that the server must have. Raises ContractError when the connection lacks one."""
    kind, _, encoded = str(account.extra.get("host_key", "")).partition(" ")
    if kind not in _KEY_TYPES or not encoded.strip():
        raise ContractError(detail("host_key_missing", kinds=tuple(_KEY_TYPES)))
    return kind, _KEY_TYPES[kind](data=b64decode(encoded.split()[0]))
