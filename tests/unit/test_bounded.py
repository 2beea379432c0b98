"""What stands in front of all of Airflow: nobody has a long body, or an odd address, kept."""

import asyncio
from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import Message, Receive, Scope, Send

from dean06.ui import access, airflow_login
from dean06.ui.gate import Bounded

MOST = 1_000_000


async def echo(scope: Scope, receive: Receive, send: Send) -> None:
    """Says how long the body is, once it has read all of it."""
    body = await Request(scope, receive).body()
    await PlainTextResponse(str(len(body)))(scope, receive, send)


class Sender:
    """Sends one request in parts of 100 kB; ``read``: how many bytes were asked for."""

    def __init__(self, length: int, stated: str | None = None, **scope: Any) -> None:
        self.left = length
        self.read = 0
        self.answer: list[Message] = []
        headers = [(b"content-length", (stated or str(length)).encode())]
        if stated == "chunked":
            headers = [(b"transfer-encoding", b"chunked")]
        self.scope = {
            "type": "http", "method": "POST", "path": "/auth/token", "raw_path": b"/auth/token",
            "query_string": b"", "headers": headers, "root_path": "", **scope,
        }  # fmt: skip

    def sent(self) -> "Sender":
        asyncio.run(Bounded(echo)(self.scope, self._receive, self._send))
        return self

    @property
    def status(self) -> int:
        return int(self.answer[0]["status"])

    @property
    def headers(self) -> dict[bytes, bytes]:
        return dict(self.answer[0]["headers"])

    async def _receive(self) -> Message:
        part = min(self.left, 100_000)
        self.left -= part
        self.read += part
        return {"type": "http.request", "body": b"x" * part, "more_body": self.left > 0}

    async def _send(self, message: Message) -> None:
        self.answer.append(message)


def test_what_airflow_takes_comes_through() -> None:
    found = Sender(MOST).sent()
    assert (found.status, found.answer[1]["body"]) == (200, b"1000000")
    assert b"connection" not in found.headers


@pytest.mark.parametrize("stated", [str(MOST + 1), "9" * 19, "9" * 5000, "x", "+5", "-1", "١"])
def test_a_longer_body_is_refused_before_its_first_byte(stated: str) -> None:
    found = Sender(400_000_000, stated).sent()
    assert (found.status, found.read) == (413, 0)
    assert found.headers[b"connection"] == b"close"


def test_a_body_without_a_length_is_cut_off() -> None:
    sender = Sender(400_000_000, "chunked")
    with pytest.raises(Exception, match="413"):  # FastAPI answers with it
        sender.sent()
    assert sender.read <= MOST + 100_000


@pytest.mark.parametrize("root", ["", "/airflow"])
def test_the_pages_of_dean06_have_a_gate_of_their_own(root: str) -> None:
    path = f"{root}/dean06/quality/replay-file"
    assert Sender(MOST + 1, path=path, root_path=root).sent().status == 200
    assert Sender(MOST + 1, path=f"{root}//dean06/x", root_path=root).sent().status == 413


def test_an_address_with_a_nul_is_refused() -> None:
    assert Sender(0, query_string=b"dag_id_pattern=%00").sent().status == 400


def test_who_logs_in_comes_back_to_this_server(monkeypatch: pytest.MonkeyPatch) -> None:
    class Manager:
        def get_url_login(self, next_url: str) -> str:
            return next_url

    monkeypatch.setattr(airflow_login, "get_auth_manager", Manager)
    monkeypatch.setattr(access, "login_of", lambda _: airflow_login.AirflowLogin())
    scope = Sender(0).scope | {
        "path": "/dean06/kpis", "query_string": b"day=2022-10-31", "scheme": "http",
        "headers": [(b"host", b"elsewhere.example")],
    }  # fmt: skip
    assert access.login_url(Request(scope)) == "/dean06/kpis?day=2022-10-31"
