"""Metrics at an address that cannot be used: people read why, and it is tried again."""

import errno
import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import HTTPServer
from pathlib import Path

import httpx2 as httpx
import pytest

from dean06.errors import Dean06Error
from dean06.metrics import endpoint
from onebox.airflow import wait_until
from tests.lib.alerted import Mailbox, listening


@contextmanager
def taken() -> Iterator[str]:
    """An address of this machine at which another program listens."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        yield f"127.0.0.1:{other.getsockname()[1]}"


def test_an_address_that_is_taken_is_refused_in_one_line() -> None:
    with (
        taken() as address,
        pytest.raises(Dean06Error, match=f"served at {address}: another program uses the address"),
    ):
        endpoint.serving(address)


@pytest.mark.parametrize(
    ("written", "error", "said"),
    [
        ("no.such.host.invalid:9606", None, "the name of the host is not known"),
        ("a..b:9606", None, "the name of the host is not known"),
        ("203.0.113.7:9606", None, "this machine does not have that address"),
        (":80", PermissionError(errno.EACCES, "Permission denied"), "is not allowed to listen"),
        (":9606", OSError(errno.EMFILE, "Too many open files"), ":9606: Too many open files$"),
    ],
)
def test_what_is_wrong_with_an_address_is_said(
    written: str, error: OSError | None, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def bind(_: object) -> None:
        raise error or AssertionError

    if error:  # tests run as anybody, who may be allowed to
        monkeypatch.setattr(HTTPServer, "server_bind", bind)
    with pytest.raises(Dean06Error, match=said) as refused:
        endpoint.serving(written)
    assert "another port" not in str(refused.value)


@pytest.mark.usefixtures("warehouse")
def test_the_watchdog_goes_on_and_tries_again_until_the_address_is_free(tmp_path: Path) -> None:
    """Each try is logged; people are notified once, and once more when metrics are served."""
    written = tmp_path / "log"
    with listening("secret") as mailbox, written.open("w") as log:
        with taken() as address:
            given = {"DEAN06_METRICS": address, "DEAN06_ALERT_URLS": mailbox.urls.split()[0]}
            watch = subprocess.Popen(
                [sys.executable, "-m", "dean06", "watch", "--every", "0.3"],
                env={**os.environ, **given}, stderr=log,
            )  # fmt: skip
            try:
                tried = f"cannot be served at {address}: another program uses"
                assert wait_until(lambda: written.read_text().count(tried) > 2, 120, 0.1)
                assert wait_until(lambda: " checked: " in written.read_text(), 120, 0.1)
            except BaseException:
                watch.kill()
                raise
        try:
            assert wait_until(lambda: "metrics are served at" in written.read_text(), 60, 0.1)
            assert httpx.get(f"http://{address}/metrics").status_code == 200
            assert wait_until(lambda: len(_told(mailbox)) > 1, 60, 0.1)
        finally:
            watch.kill()
            watch.wait()
    assert _told(mailbox) == ["metrics are not served", "metrics are served again"]


def _told(mailbox: Mailbox) -> list[str]:
    """What was mailed about metrics, beside what is wrong with the warehouse."""
    return re.findall(r"metrics are [a-z ]*$", "\n".join(mailbox.mails), re.MULTILINE)
