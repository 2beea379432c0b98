"""A real PgBouncer before a server, in transaction mode unless a test says otherwise."""

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg2
import pytest
from sqlalchemy import make_url

from onebox.ports import free_port

_SECONDS = 10.0


def program() -> str:
    """Where PgBouncer is; a test that cannot have it is skipped, which fails in CI."""
    found = shutil.which("pgbouncer", path=f"{os.environ['PATH']}:/usr/sbin")
    if found is None:
        pytest.skip("PgBouncer is not installed (package pgbouncer)")
    return found


@contextmanager
def pooled(url: str, *, mode: str = "transaction", size: int = 5) -> Iterator[str]:
    """The URL of the same database, through a pool of ``size`` connections."""
    # Not below pytest's folder: PgBouncer's account could not reach it.
    with TemporaryDirectory(prefix="pgbouncer-") as folder:
        yield from _pooled(url, Path(folder), mode, size)


def _pooled(url: str, folder: Path, mode: str, size: int) -> Iterator[str]:
    real = make_url(url)
    port = free_port()
    (folder / "users").write_text(f'"{real.username}" "{real.password}"\n')
    (folder / "pgbouncer.ini").write_text(
        f"""[databases]
{real.database} = host={real.host} port={real.port} dbname={real.database}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = scram-sha-256
auth_file = {folder}/users
pool_mode = {mode}
default_pool_size = {size}
"""
    )
    account = None
    if os.geteuid() == 0:  # PgBouncer refuses to run as root.
        account = "nobody"
        for path in (folder, *folder.iterdir()):
            shutil.chown(path, account)
    server = subprocess.Popen(
        [program(), str(folder / "pgbouncer.ini")],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        user=account,
        text=True,
    )
    try:
        through = real.set(port=port).render_as_string(hide_password=False)
        _wait(through, server)
        yield through
    finally:
        server.terminate()
        server.communicate(timeout=_SECONDS)


def _wait(url: str, server: "subprocess.Popen[str]") -> None:
    until = time.monotonic() + _SECONDS
    while True:
        try:
            psycopg2.connect(url.replace("+psycopg2", "")).close()
        except psycopg2.OperationalError:
            if server.poll() is not None or time.monotonic() > until:
                server.kill()
                raise AssertionError(server.communicate()[1][-2000:]) from None
            time.sleep(0.05)
        else:
            return
