"""An SFTP outbox of a folder of the test's own, over a real server."""

import asyncio
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import asyncssh

from dean06.sources import Endpoint


class _Gate(asyncssh.SSHServer):  # type: ignore[misc,unused-ignore]
    """Lets anybody in who has a password."""

    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        return bool(username and password)


@contextmanager
def outbox(root: Path, **extra: Any) -> Iterator[Endpoint]:
    """Serves ``root`` as ``/``; yields how to reach it."""
    key = asyncssh.generate_private_key("ssh-ed25519")
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()

    async def listen() -> asyncssh.SSHAcceptor:
        return await asyncssh.listen(
            "127.0.0.1",
            0,
            server_factory=_Gate,
            server_host_keys=[key],
            sftp_factory=lambda channel: asyncssh.SFTPServer(channel, chroot=bytes(root)),
        )

    acceptor = asyncio.run_coroutine_threadsafe(listen(), loop).result(10)
    host_key = " ".join(key.export_public_key().decode().split()[:2])
    stated = {"retry_attempts": 1, "retry_wait_seconds": 0, "timeout_seconds": 5}
    try:
        yield Endpoint(
            f"sftp://127.0.0.1:{acceptor.get_port()}", "dean06", "secret",
            {"host_key": host_key, **stated, **extra},
        )  # fmt: skip
    finally:
        loop.call_soon_threadsafe(acceptor.close)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


def drop(root: Path, day: str, manifest: Any, **files: bytes) -> Path:
    """Write a day's folder: its manifest (as it is when bytes), and files by stem."""
    folder = root / "outbox" / day
    folder.mkdir(parents=True, exist_ok=True)
    written = manifest if isinstance(manifest, bytes) else json.dumps(manifest).encode()
    (folder / "manifest.json").write_bytes(written)
    for stem, content in files.items():
        (folder / f"{stem}.csv.gz").write_bytes(content)
    return folder
