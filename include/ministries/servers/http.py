"""What the HTTP servers share: problem documents, bodies with digests, signed values,
and the faults that happen on the way."""

import base64
import hashlib
import hmac
import json
import re
import time
import zlib
from collections.abc import Callable, Iterable
from email.utils import formatdate
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from typing_extensions import override
from uvicorn.protocols.http.h11_impl import H11Protocol

from ..faults import BODY, CONNECTION, REQUEST, Fault, Faults
from ..kernel.clock import parse_moment

_TITLES = {
    400: "Bad request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not found",
    405: "Method not allowed",
    406: "Not acceptable",
    410: "Gone",
    429: "Too many requests",
    500: "Internal error",
    503: "Service unavailable",
}
_FURTHER_PAGE = re.compile(r"(^|&)(cursor=|trang=(?!1(&|$)))")
Describe = Callable[[str, str], tuple[str | None, str | None]]


class Problem(HTTPException):
    """An error that is answered as RFC 9457 problem+json."""

    def __init__(self, status: int, detail: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(status, detail, headers)


def problem_response(status: int, detail: str, headers: dict[str, str] | None = None) -> Response:
    """A problem document."""
    body = {
        "type": "about:blank",
        "title": _TITLES.get(status, "Error"),
        "status": status,
        "detail": detail,
    }
    return Response(
        json.dumps(body, ensure_ascii=False), status, headers, media_type="application/problem+json"
    )


def new_app(title: str) -> FastAPI:
    """An application whose every error is a problem document."""
    app = FastAPI(title=title, docs_url=None, redoc_url=None, openapi_url=None)

    @app.exception_handler(HTTPException)
    async def _problem(_request: Request, error: HTTPException) -> Response:
        headers = dict(error.headers) if error.headers else None
        return problem_response(error.status_code, str(error.detail), headers)

    @app.exception_handler(RequestValidationError)
    async def _invalid(_request: Request, error: RequestValidationError) -> Response:
        names = ", ".join(str(entry["loc"][-1]) for entry in error.errors())
        return problem_response(400, f"missing or invalid parameter: {names}")

    return app


def moment_parameter(name: str, text: str) -> int:
    """Read a timestamp of the query, 400 when it is none. A lost ``+`` is forgiven."""
    try:
        return parse_moment(text.replace(" ", "+"))
    except ValueError:
        raise Problem(400, f"{name} is not an RFC 3339 timestamp with offset") from None


def content_digest(body: bytes) -> str:
    """The value of Content-Digest (RFC 9530)."""
    return _digest_field(hashlib.sha256(body).digest())


def file_digest(path: Path) -> str:
    """The value of Content-Digest for a file's bytes."""
    with path.open("rb") as file:
        return _digest_field(hashlib.file_digest(file, "sha256").digest())


def _digest_field(digest: bytes) -> str:
    return f"sha-256=:{base64.b64encode(digest).decode()}:"


def accepts_gzip(request: Request) -> bool:
    """Whether the answer may be compressed."""
    accepted = request.headers.get("accept-encoding", "")
    codings = [part.strip().split(";") for part in accepted.split(",")]
    return any(c[0] in ("gzip", "*") and "q=0" not in c[1:] for c in codings)


def body_response(
    request: Request,
    blocks: Iterable[bytes],
    media_type: str,
    headers: dict[str, str],
    coding: str = "gzip",
) -> Response:
    """An answer with digest and length, compressed block by block when the client accepts it;
    ``coding``: the name of that, ``x-gzip`` in old servers (RFC 9110 §8.4.1.3)."""
    headers = {**headers, "Vary": "Accept-Encoding"}
    if accepts_gzip(request):
        packing = zlib.compressobj(1, zlib.DEFLATED, 31)
        body = b"".join([*(packing.compress(block) for block in blocks), packing.flush()])
        headers["Content-Encoding"] = coding
    else:
        body = b"".join(blocks)
    headers["Content-Digest"] = content_digest(body)
    return Response(body, 200, headers, media_type=media_type)


def sign(key: str, value: Any) -> str:
    """An opaque text that holds a value and cannot be forged."""
    payload = base64.urlsafe_b64encode(json.dumps(value, separators=(",", ":")).encode())
    return f"{payload.decode().rstrip('=')}.{_signature(key, payload.rstrip(b'='))}"


def unsign(key: str, text: str) -> Any:
    """The value of a signed text; ValueError when it was altered."""
    payload, _, signature = text.partition(".")
    if not hmac.compare_digest(signature, _signature(key, payload.encode())):
        raise ValueError("bad signature")
    return json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))


def _signature(key: str, payload: bytes) -> str:
    digest = hmac.new(bytes.fromhex(key), payload, hashlib.sha256).digest()[:18]
    return base64.urlsafe_b64encode(digest).decode()


class BrokenAnswerError(Exception):
    """Raised on purpose, so that the server closes the connection."""


class FaultyTransport:
    """Puts the faults of a source between its application and the network."""

    def __init__(self, app: ASGIApp, source: str, faults: Faults, describe: Describe) -> None:
        self._app, self._source, self._faults, self._describe = app, source, faults, describe

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection (ASGI)."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        send = self._dated(send)
        query = scope.get("query_string", b"").decode("latin-1")
        dataset, stage = self._describe(scope["path"], query)
        if stage is not None and (fault := self._take(dataset, stage, query)) is not None:
            await _refusal(fault, self._now())(scope, receive, send)
            return
        fault = None
        if stage in ("page", "file", "workbook"):
            fault = self._faults.take(self._source, dataset, BODY, stage)
        await self._app(scope, receive, _altering(send, fault) if fault else send)

    def _take(self, dataset: str | None, stage: str, query: str) -> Fault | None:
        goes_on = stage == "file" or _FURTHER_PAGE.search(query)
        kinds = [
            kind
            for kind in REQUEST
            if (kind != "expired_token" or goes_on)
            and (kind != "expired_cursor" or "cursor=" in query)
        ]
        return self._faults.take(self._source, dataset, tuple(kinds), stage)

    def _dated(self, send: Send) -> Send:
        """States the time of the source's own clock in every answer."""

        async def dated(message: Message) -> None:
            if message["type"] == "http.response.start":
                now = formatdate(self._now(), usegmt=True).encode()
                message = {**message, "headers": [(b"date", now), *message["headers"]]}
            await send(message)

        return dated

    def _now(self) -> float:
        return time.time() + self._faults.skew(self._source)


def _refusal(fault: Fault, now: float) -> Response:
    seconds = float(fault.args.get("retry_after", 1))
    is_date = fault.args.get("form") == "date"
    wait = {"Retry-After": formatdate(now + seconds, usegmt=True) if is_date else f"{seconds:g}"}
    challenge = {"WWW-Authenticate": 'Bearer error="invalid_token"'}
    return {
        "unauthorized": problem_response(401, "not authorised", challenge),
        "expired_token": problem_response(401, "the token has expired", challenge),
        "rate_limited": problem_response(429, "too many requests", wait),
        "expired_cursor": problem_response(410, "the cursor has expired"),
        "server_error": problem_response(500, "internal error"),
        "unavailable": problem_response(503, "under maintenance", wait),
    }[fault.kind]


def _altering(send: Send, fault: Fault) -> Send:
    """Alters the answer: its digest, or how much of its body arrives."""
    body_seen = False

    async def altered(message: Message) -> None:
        nonlocal body_seen
        if message["type"] == "http.response.start" and fault.kind == "wrong_digest":
            wrong = content_digest(b"something else").encode()
            message = {
                **message,
                "headers": [
                    (name, wrong if name == b"content-digest" else value)
                    for name, value in message["headers"]
                ],
            }
        if message["type"] == "http.response.body" and fault.kind != "wrong_digest":
            if not body_seen:
                half = message.get("body", b"")[: len(message.get("body", b"")) // 2]
                body_seen = True
                await send({"type": "http.response.body", "body": half, "more_body": True})
            if fault.kind == "short_body":
                await send({"type": "http.response.body", "body": b"", "more_body": False})
            raise BrokenAnswerError(fault.kind)
        await send(message)

    return altered


def protocol(source: str, faults: Faults) -> type[H11Protocol]:
    """The HTTP protocol of a source, which closes connections while the source is down."""

    class FaultyProtocol(H11Protocol):
        @override
        def data_received(self, data: bytes) -> None:
            """Bytes of a request have come."""
            if faults.take(source, None, CONNECTION):
                self.transport.abort()
                return
            super().data_received(data)

    return FaultyProtocol
