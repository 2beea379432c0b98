"""The application below ``/api/v1``: routes, refusals, and what every answer carries."""

import logging
from urllib.parse import unquote_to_bytes

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException as StarletteHTTPException
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dean06 import __version__, settings
from dean06.api import described, routes_kpis, routes_publications, routes_revisions
from dean06.api.access import Guard
from dean06.api.parameters import HINTS
from dean06.api.problems import Problem, not_found, unavailable
from dean06.api.shedding import LoadShedding
from dean06.errors import Dean06Error

log = logging.getLogger(__name__)

ROOT = "/api/v1"
_HEADERS = {
    "Cache-Control": "private, no-cache",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


def create() -> ASGIApp:
    """The API. Browsers of other sites cannot read it unless ``DEAN06_API_ORIGINS`` names them.

    Raises Dean06Error for a setting that is not valid.
    """
    api = FastAPI(
        title="dean06: published KPI values", version=__version__, docs_url=None, redoc_url=None,
        openapi_url=f"{ROOT}/openapi.json", redirect_slashes=False,
        description="Read-only. See docs/api.md.",
    )  # fmt: skip
    api.state.guard = guard = Guard()
    for router in (
        routes_kpis.router, routes_revisions.router, routes_publications.router,
        routes_publications.proofs,
    ):  # fmt: skip
        api.include_router(router, prefix=ROOT)
    api.openapi = lambda: described.description(api)  # type: ignore[method-assign]
    api.add_exception_handler(Problem, _problem)
    api.add_exception_handler(StarletteHTTPException, _refused)
    api.add_exception_handler(RequestValidationError, _not_understood)
    api.add_exception_handler(Dean06Error, _failed)
    api.add_exception_handler(OSError, _failed)
    api.add_exception_handler(Exception, _broken)
    api.add_middleware(
        LoadShedding, guard=guard, most=settings.api_requests(), open_path=f"{ROOT}/openapi.json"
    )
    if origins := settings.api_origins():
        api.add_middleware(
            CORSMiddleware, allow_origins=origins, allow_methods=["GET"],
            allow_headers=["Authorization", "If-None-Match"],
            expose_headers=["ETag", "Link", "RateLimit", "RateLimit-Policy", "Retry-After"],
        )  # fmt: skip
    return _Door(api)


class _Door:
    """In front of the routes: refuses addresses that no text can hold, and parameters that occur
    twice; adds the headers of every answer."""

    def __init__(self, api: ASGIApp) -> None:
        self._api = api

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or hand it on."""
        if scope["type"] != "http":
            await self._api(scope, receive, send)
            return
        answered = _with_headers(scope, send)
        if problem := _odd_address(scope):
            await problem.response()(scope, receive, answered)
            return
        await self._api(scope, receive, answered)


def _odd_address(scope: Scope) -> Problem | None:
    address: bytes = scope.get("raw_path") or scope["path"].encode()
    try:
        text = unquote_to_bytes(address + b"?" + scope["query_string"]).decode()
    except UnicodeDecodeError:
        text = "\0"
    if not text.isprintable():
        return Problem(
            400,
            "the URL contains an invalid character",
            "địa chỉ có ký tự không hợp lệ",
        )
    names = [name for name, _ in Request(scope).query_params.multi_items()]
    if len(names) != len(set(names)):
        return Problem(
            400,
            "a parameter occurs twice in the URL",
            "một tham số xuất hiện hai lần trong địa chỉ",
        )
    return None


def _with_headers(scope: Scope, send: Send) -> Send:
    given = Headers(scope=scope)
    has_body = given.get("content-length", "0") != "0" or "transfer-encoding" in given

    async def answer(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers.update(_HEADERS)
            headers.add_vary_header("Accept, Authorization")
            if has_body:  # nobody reads it
                headers["Connection"] = "close"
        await send(message)

    return answer


def _problem(_: Request, error: Exception) -> Response:
    if not isinstance(error, Problem):
        raise error
    return error.response()


def _refused(_: Request, error: Exception) -> Response:
    """What Starlette refuses before a route is asked."""
    if not isinstance(error, StarletteHTTPException):
        raise error
    if error.status_code == 405:
        problem = Problem(
            405, "only GET is allowed here", "địa chỉ này chỉ chấp nhận phương thức GET",
            error.headers,
        )  # fmt: skip
    elif error.status_code == 404:
        problem = not_found("resource", "địa chỉ")
    else:
        problem = Problem(
            error.status_code, "the request could not be read", "không đọc được yêu cầu",
            error.headers,
        )  # fmt: skip
    return problem.response()


def _not_understood(request: Request, error: Exception) -> Response:
    """A parameter that is unknown, of another resource, or has another form. It is named where it
    is one of ours; what was sent is not repeated."""
    if not isinstance(error, RequestValidationError):
        raise error
    first = error.errors()[0]
    place, name = (*map(str, first["loc"]), "", "")[:2]
    if place == "path":
        return not_found("resource", "địa chỉ").response()
    hint = HINTS.get(name)
    if hint is None or first["type"] == "extra_forbidden":
        own = ", ".join(described.parameters(request))
        en, vi = (f"has no parameter {name}", name) if hint else ("has no such parameter", "này")
        return Problem(
            400,
            f"this resource {en}; its parameters are {own}",
            f"địa chỉ không nhận tham số {vi}; các tham số được chấp nhận: {own}",
        ).response()
    return Problem(
        400,
        f"parameter {name} has an invalid value: it must be {hint[0]}",
        f"tham số {name} không hợp lệ; giá trị phải là {hint[1]}",
    ).response()


def _failed(_: Request, error: Exception) -> Response:
    """The warehouse or the folder of signed files does not answer; the log says why."""
    log.error("api: %s: %s", type(error).__name__, error)
    return unavailable().response()


def _broken(_: Request, __: Exception) -> Response:
    """An error of the program; the server logs where."""
    return Problem(
        500, "a program error; see the server's log",
        "lỗi chương trình; xem nhật ký máy chủ",
    ).response()  # fmt: skip
