"""The insurance agency: an SFTP outbox with a folder a day."""

import asyncio
import json
import os
import tempfile
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO

import asyncssh
from typing_extensions import override

from ..faults import BODY, CONNECTION, MANIFEST, Fault
from ..kernel.clock import day_number, moment_text, parse_moment
from .auth import is_pair
from .drops import MANIFEST_NAME, Drops
from .ministry import Ministry

_SOURCE, _DATASET = "insurance", "participant"
_REFUSALS = ("rate_limited", "server_error", "unavailable")


class Gate(asyncssh.SSHServer):  # type: ignore[misc,unused-ignore]
    """Lets the one known client in, by password or key."""

    def __init__(self, ministry: Ministry) -> None:
        self._ministry = ministry
        self._secret = ministry.credentials["insurance"]
        self._connection: asyncssh.SSHServerConnection | None = None

    @override
    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        self._connection = conn
        if self._ministry.faults.take(_SOURCE, None, CONNECTION):
            conn.abort()

    @override
    def begin_auth(self, username: str) -> bool:
        if "public_key" in self._secret and self._connection and self._is_known(username):
            keys = asyncssh.import_authorized_keys(self._secret["public_key"])
            self._connection.set_authorized_keys(keys)
        return True

    @override
    def password_auth_supported(self) -> bool:
        return True

    @override
    def validate_password(self, username: str, password: str) -> bool:
        if self._ministry.faults.take(_SOURCE, _DATASET, ("unauthorized",)):
            return False
        secret = self._secret
        return is_pair((username, password), secret["username"], secret["password"])

    def _is_known(self, username: str) -> bool:
        return username == self._secret["username"]


class Outbox(asyncssh.SFTPServer):  # type: ignore[misc,unused-ignore]
    """A read-only view of the drops, each written when first looked at."""

    def __init__(
        self, chan: "asyncssh.SSHServerChannel[bytes]", ministry: Ministry, drops: Drops
    ) -> None:
        super().__init__(chan, chroot=os.fsencode(drops.root))
        self._chan, self._ministry, self._drops = chan, ministry, drops
        self._cut: dict[int, int] = {}

    @override
    def map_path(self, path: bytes) -> bytes:
        parts = _parts(path)
        day = self._day(parts)
        if day is None:
            return bytes(super().map_path(path))
        return os.fsencode(self._drops.folder(day).joinpath(*parts[2:]))

    async def _prepare(self, path: bytes) -> None:
        """Have a day's files written without holding up other clients."""
        day = self._day(_parts(path))
        if day is not None:
            await asyncio.to_thread(self._drops.folder, day)

    def _day(self, parts: list[str]) -> int | None:
        """The day a path lies in; raises when that day is not there."""
        if len(parts) < 2 or parts[0] != "outbox":
            return None
        try:
            day = day_number(date.fromisoformat(parts[1]))
        except ValueError:
            raise asyncssh.SFTPNoSuchFile("no such drop") from None
        if day not in self._drops.days() or self._is_late(day):
            raise asyncssh.SFTPNoSuchFile("no such drop")
        return day

    def _is_late(self, day: int) -> bool:
        late = self._ministry.faults.present(_SOURCE, _DATASET, "late_drop")
        return any(str(fault.args.get("day")) == self._drops.name(day) for fault in late)

    @override
    async def scandir(self, path: bytes) -> AsyncIterator[asyncssh.SFTPName]:
        await self._prepare(path)
        in_outbox = _parts(path) == ["outbox"]
        async for entry in super().scandir(path):
            name = os.fsdecode(entry.filename)
            if in_outbox and name not in (".", "..") and self._is_late(_number(name)):
                continue
            yield entry

    @override
    async def stat(self, path: bytes) -> Any:
        await self._prepare(path)
        return super().stat(path)

    @override
    async def lstat(self, path: bytes) -> Any:
        await self._prepare(path)
        return super().lstat(path)

    @override
    async def open(self, path: bytes, pflags: int, _attrs: asyncssh.SFTPAttrs) -> object:
        if pflags & ~asyncssh.FXF_READ:
            raise asyncssh.SFTPPermissionDenied("the outbox is read-only")
        if self._ministry.faults.take(_SOURCE, _DATASET, _REFUSALS):
            raise asyncssh.SFTPFailure("temporary failure")
        await self._prepare(path)
        file = await asyncio.to_thread(self._opened, Path(os.fsdecode(self.map_path(path))))
        parts = _parts(path)
        if parts[-1:] == [MANIFEST_NAME] and (day := self._day(parts)) is not None:
            self._drops.manifest_was_read(day)
        return file

    def _opened(self, local: Path) -> BinaryIO:
        kinds = MANIFEST if local.name == MANIFEST_NAME else BODY
        fault = self._ministry.faults.take(_SOURCE, _DATASET, kinds, "file")
        if fault is None and local.name == MANIFEST_NAME:
            fault = next(iter(self._ministry.faults.present(_SOURCE, None, "clock_skew")), None)
        try:
            file = local.open("rb") if fault is None else _altered(local, fault)
        except IsADirectoryError:
            raise asyncssh.SFTPFailure("is a directory") from None
        if fault is not None and fault.kind == "cut_body":
            self._cut[id(file)] = local.stat().st_size // 2
        return file

    @override
    async def open56(self, path: bytes, *_: Any) -> object:
        return await self.open(path, asyncssh.FXF_READ, asyncssh.SFTPAttrs())

    @override
    def read(self, file_obj: object, offset: int, size: int) -> Any:
        if offset + size > self._cut.get(id(file_obj), offset + size):
            self._cut.pop(id(file_obj), None)
            self._chan.get_connection().abort()
            return b""
        return super().read(file_obj, offset, size)

    def _refuse(self, *_: Any) -> None:
        raise asyncssh.SFTPPermissionDenied("the outbox is read-only")

    write = setstat = lsetstat = fsetstat = remove = mkdir = rmdir = rename = _refuse
    symlink = link = posix_rename = _refuse


def _parts(path: bytes) -> list[str]:
    normal = os.path.normpath(b"/" + path)
    return [part for part in os.fsdecode(normal).split("/") if part]


def _number(name: str) -> int:
    return day_number(date.fromisoformat(name))


def _altered(path: Path, fault: Fault) -> BinaryIO:
    """An open file whose bytes are not those of the path, of the same length where possible."""
    body = path.read_bytes()
    if fault.kind == "short_body":
        body = body[: len(body) // 2]
    elif fault.kind == "wrong_digest":
        middle = len(body) // 2
        body = body[:middle] + bytes([body[middle] ^ 1]) + body[middle + 1 :]
    elif fault.kind == "clock_skew":
        manifest = json.loads(body)
        stated = parse_moment(manifest["generated_at"]) + int(fault.args.get("seconds", 0))
        manifest["generated_at"] = moment_text(stated)
        body = (json.dumps(manifest, indent=1) + "\n").encode()
    elif fault.kind in MANIFEST:
        manifest = json.loads(body)
        for entry in manifest["files"][:1]:
            if fault.kind == "manifest_rows":
                entry["rows"] ^= 1
            else:
                entry["sha256"] = entry["sha256"][::-1]
        body = (json.dumps(manifest, indent=1) + "\n").encode()
    descriptor, name = tempfile.mkstemp()
    Path(name).unlink()
    file = os.fdopen(descriptor, "w+b")
    file.write(body)
    file.flush()
    return file


async def listen(ministry: Ministry, sock: Any) -> asyncssh.SSHAcceptor:
    """Serve on a bound socket."""
    asyncssh.set_log_level("CRITICAL")
    drops = await asyncio.to_thread(Drops, ministry)
    key = asyncssh.import_private_key(ministry.credentials["insurance"]["host_private_key"])
    return await asyncssh.listen(
        sock=sock,
        server_factory=lambda: Gate(ministry),
        server_host_keys=[key],
        sftp_factory=lambda chan: Outbox(chan, ministry, drops),
        allow_scp=False,
        agent_forwarding=False,
        compression_algs=None,
    )
