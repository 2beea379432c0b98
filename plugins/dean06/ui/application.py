"""The FastAPI application that Airflow mounts at ``/dean06``: pages behind Airflow's login.

Every answer forbids what pages do not need: scripts from elsewhere, framing by others, caching.
"""

from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException as StarletteHTTPException

from dean06.errors import Dean06Error
from dean06.ui import access, rendering
from dean06.ui.routes_kpis import router as kpi_routes
from dean06.ui.routes_quality import router as quality_routes
from dean06.ui.routes_today import router as today_routes

_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; "
    "frame-ancestors 'self'; base-uri 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
}


def create() -> FastAPI:
    """The application, without documentation pages of its own."""
    pages = FastAPI(title="dean06", docs_url=None, redoc_url=None, openapi_url=None)
    for router in (today_routes, kpi_routes, quality_routes):
        pages.include_router(router, dependencies=[access.PageDep])
    pages.mount("/static", StaticFiles(directory=Path(__file__).parent / "static"), name="static")
    pages.add_exception_handler(StarletteHTTPException, _refused)
    pages.add_exception_handler(Dean06Error, _failed)
    pages.middleware("http")(_with_headers)
    return pages


async def _with_headers(request: Request, call_next: Any) -> Response:
    response: Response = await call_next(request)
    response.headers.update(_HEADERS)
    if "/static/" not in request.url.path:
        response.headers["Cache-Control"] = "no-store"
    return response


def _refused(request: Request, error: Exception) -> Response:
    """A page that says why; a browser that is not logged in is sent to Airflow's login."""
    if not isinstance(error, StarletteHTTPException):
        raise error
    wants_page = "text/html" in request.headers.get("accept", "")
    if error.status_code == 401 and wants_page and request.method == "GET":
        return RedirectResponse(access.login_url(request), status_code=303)
    return _problem(request, error.status_code, str(error.detail))


def _failed(request: Request, error: Exception) -> Response:
    """What dean06 says went wrong: its errors carry no values."""
    return _problem(request, 503, str(error))


def _problem(request: Request, code: int, detail: str) -> HTMLResponse:
    return rendering.page(request, None, "problem.html", status_code=code, detail=detail, code=code)
