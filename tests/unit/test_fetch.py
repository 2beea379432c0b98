"""What a failed request tells: where and why, never what came."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

import httpx2 as httpx
import pytest

from dean06.errors import SourceError
from dean06.terms import Terms
from dean06.wire.http import Fetcher
from tests.lib.errors import said_by

RECORD = b'{"soDinhDanh":"082190000001","hoTen":"Nguy\xe1\xbb\x85n"}\r\n'
ONE_ATTEMPT = Terms(owner="", protocol="", retry_attempts=1)


@contextmanager
def answering(answer: bytes) -> Iterator[str]:
    """A server that says these bytes to everyone, whatever HTTP is; yields its address."""
    server = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                connection, _ = server.accept()
            except OSError:
                return
            with connection:
                connection.recv(65536)
                connection.sendall(answer)

    thread = Thread(target=serve)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.getsockname()[1]}/residents"
    finally:
        server.shutdown(socket.SHUT_RDWR)
        server.close()
        thread.join()


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n" + RECORD * 3,
        RECORD * 3,
        b"HTTP/1.1 200 OK\r\n" + RECORD + b"\r\n",
    ],
    ids=["no chunk", "no status line", "no header"],
)
def test_what_is_no_http_is_not_repeated(answer: bytes) -> None:
    with (
        answering(answer) as url,
        httpx.Client() as client,
        pytest.raises(SourceError, match=r"/residents: connection lost \(Remote") as raised,
    ):
        Fetcher(client, ONE_ATTEMPT).get(url)
    assert "soDinhDanh" not in said_by(raised.value)
    assert "082190000001" not in said_by(raised.value)


def test_who_does_not_listen_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        url = f"http://127.0.0.1:{server.getsockname()[1]}/residents"
    with (
        httpx.Client() as client,
        pytest.raises(SourceError, match=r"/residents: ConnectError: .*refused"),
    ):
        Fetcher(client, ONE_ATTEMPT).get(url)
