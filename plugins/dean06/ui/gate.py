"""What every request meets before a page: who sends it, how much, how often, and what it holds.

A framework reads the whole body of a form before it asks who sends it. The gate stands outside of
it: a request with a body is refused (401, 403, 413, 429) before its first byte is read, and a body
without a stated length is cut off at the same bound. An answer that comes before the whole body was
read ends the connection: what is still on its way is not kept. Every answer, of an error too,
forbids what pages do not need. Airflow's own addresses read a whole body into memory before they
ask who sends it, too: ``Bounded`` stands in front of all of them.
"""

from collections.abc import Callable
from urllib.parse import unquote_to_bytes

from fastapi import HTTPException, Request
from limits import parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dean06.ui import access, by_province
from dean06.ui.paths import within

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; "
    "frame-ancestors 'self'; base-uri 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
}
MOST_BYTES = 20_000_000
"""Of a steward's body: a file of corrections and the fields beside it."""
_MOST_OF_OTHERS = 100_000
_MOST_OF_AIRFLOW = 1_000_000
"""Of a body for Airflow's own API: a login, the parameters of a run, what a task reports."""
_PAGES = "/dean06/"
_READS = ("GET", "HEAD", "OPTIONS")
_OFTEN = parse("60/minute")
"""Requests with a body of one user: more than a person can send, less than a program would."""

Refuse = Callable[[Request, HTTPException], Response]
"""Makes the page that says why."""


class Gate:
    """An ASGI application in front of the pages; ``refuse`` answers what is refused."""

    def __init__(self, pages: ASGIApp, refuse: Refuse) -> None:
        self._pages = pages
        self._refuse = refuse
        self._sent = MovingWindowRateLimiter(MemoryStorage())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or hand it on."""
        if scope["type"] != "http":
            await self._pages(scope, receive, send)
            return
        body = _Body(scope, receive)
        answered = _with_headers(scope, send, body)
        scope["app"] = self._pages  # as the application does: refusals are pages too
        request = Request(scope)
        try:
            _refuse_odd_address(scope)
            if scope["method"] not in _READS:
                body.most = await self._admit(request)
        except HTTPException as refusal:
            await self._refuse(request, refusal)(scope, body.receive, answered)
            return
        await self._pages(scope, body.receive, answered)

    async def _admit(self, request: Request) -> int:
        """How many bytes the sender may send. Raises HTTPException for nobody's request, for more
        bytes stated than that, and for too many requests."""
        with by_province.acting_for(request.scope):
            user = await access.reader(request)
        most = MOST_BYTES if user.is_steward else _MOST_OF_OTHERS
        _refuse_long(request, most)
        if not self._sent.hit(_OFTEN, user.name):
            raise HTTPException(
                429,
                "too many requests: wait a minute | quá nhiều yêu cầu trong thời gian ngắn; đề "
                "nghị thử lại sau một phút",
                {"Retry-After": "60"},
            )
        return most


class Bounded:
    """An ASGI application in front of all of Airflow: nobody has a body kept that is longer than
    what Airflow's API takes. The pages of dean06 have a gate of their own."""

    def __init__(self, airflow: ASGIApp) -> None:
        self._airflow = airflow

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer 400 or 413, or hand the request on."""
        if scope["type"] != "http" or within(scope).startswith(_PAGES):
            await self._airflow(scope, receive, send)
            return
        body = _Body(scope, receive)
        body.most = _MOST_OF_AIRFLOW
        answered = _closing(send, body)
        try:
            _refuse_odd_address(scope)
            _refuse_long(Request(scope), body.most)
        except HTTPException as refusal:
            answer = JSONResponse({"detail": refusal.detail}, refusal.status_code)
            await answer(scope, body.receive, answered)
            return
        await self._airflow(scope, body.receive, answered)


def _refuse_long(request: Request, most: int) -> None:
    """Raises HTTPException for a body whose stated length is no number, or more than ``most``."""
    stated = request.headers.get("content-length", "0")
    is_number = stated.isascii() and stated.isdigit() and len(stated) < 20
    if not is_number or int(stated) > most:
        raise _too_long(most)


def _refuse_odd_address(scope: Scope) -> None:
    """Raises HTTPException for an address with a NUL, which no text of the warehouse can hold."""
    address: bytes = scope.get("raw_path") or scope["path"].encode()
    if b"\0" in unquote_to_bytes(address + b"?" + scope["query_string"]):
        raise HTTPException(
            400,
            "the address contains an invalid character | địa chỉ có ký tự không hợp lệ",
        )


def _too_long(most: int) -> HTTPException:
    size = f"{most // 1_000_000} MB" if most >= 1_000_000 else f"{most // 1_000} kB"
    return HTTPException(413, f"you may send at most {size} | dung lượng gửi tối đa là {size}")


class _Body:
    """The body of a request, part by part, up to ``most`` bytes."""

    def __init__(self, scope: Scope, receive: Receive) -> None:
        headers = Headers(scope=scope)
        self._receive = receive
        self._read = 0
        self.most = _MOST_OF_OTHERS
        self.is_unread = headers.get("content-length", "0") != "0" or "transfer-encoding" in headers
        """Whether some of it has not come yet."""

    async def receive(self) -> Message:
        """The next part. Raises HTTPException beyond the bound, whatever length was stated."""
        message = await self._receive()
        self._read += len(message.get("body", b""))
        if self._read > self.most:
            raise _too_long(self.most)
        if not message.get("more_body", False):
            self.is_unread = False
        return message


def _with_headers(scope: Scope, send: Send, body: _Body) -> Send:
    """Sends answers with the headers of every page; a browser keeps static files only."""
    is_static = "/static/" in scope["path"]
    closing = _closing(send, body)

    async def answer(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers.update(HEADERS)
            if not is_static:
                headers["Cache-Control"] = "no-store"
        await closing(message)

    return answer


def _closing(send: Send, body: _Body) -> Send:
    """Sends answers; one that comes before the whole body was read ends the connection."""

    async def answer(message: Message) -> None:
        if message["type"] == "http.response.start" and body.is_unread:
            MutableHeaders(scope=message)["Connection"] = "close"
        await send(message)

    return answer
