"""The application that Airflow mounts at ``/dean06``, or that is served by itself: pages behind a
login and the gate."""

from pathlib import Path

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException as StarletteHTTPException

from dean06.errors import Dean06Error
from dean06.ui import access, rendering
from dean06.ui.access import Login
from dean06.ui.by_province import ByProvince
from dean06.ui.forms import in_both_languages
from dean06.ui.gate import Gate
from dean06.ui.routes_builds import router as build_routes
from dean06.ui.routes_cases import router as case_routes
from dean06.ui.routes_corrections import router as correction_routes
from dean06.ui.routes_kpis import router as kpi_routes
from dean06.ui.routes_quality import router as quality_routes
from dean06.ui.routes_reconciliation import router as reconciliation_routes
from dean06.ui.routes_service_index import router as service_index_routes
from dean06.ui.routes_today import router as today_routes

_OF_STARLETTE = {
    400: "the request could not be read | không đọc được yêu cầu",
    404: "this address does not exist | địa chỉ không tồn tại",
    405: "this page does not accept that action | trang này không nhận thao tác đó",
}
"""What Starlette refuses before a route is asked, in both languages."""


def create(login: Login) -> Gate:
    """The application behind a login, without documentation pages of its own."""
    pages = FastAPI(title="dean06", docs_url=None, redoc_url=None, openapi_url=None)
    pages.state.login = login
    if login.routes is not None:
        pages.include_router(login.routes)
    for router in (
        today_routes, kpi_routes, build_routes, quality_routes, correction_routes, case_routes,
        reconciliation_routes, service_index_routes,
    ):  # fmt: skip
        pages.include_router(router, dependencies=[access.PageDep])
    pages.mount("/static", StaticFiles(directory=Path(__file__).parent / "static"), name="static")
    pages.add_exception_handler(StarletteHTTPException, _refused)
    pages.add_exception_handler(Dean06Error, _failed)
    pages.add_exception_handler(RequestValidationError, _not_understood)
    return Gate(ByProvince(pages, _refused), _refused)


def _refused(request: Request, error: Exception) -> Response:
    """A page that says why; a browser that is not logged in is sent to the login."""
    if not isinstance(error, StarletteHTTPException):
        raise error
    wants_page = "text/html" in request.headers.get("accept", "")
    if error.status_code == 401 and wants_page and request.method == "GET":
        return RedirectResponse(access.login_url(request), status_code=303)
    detail = str(error.detail)
    if " | " not in detail:  # Starlette's own, English alone
        detail = _OF_STARLETTE.get(error.status_code, detail)
    answer = _problem(request, error.status_code, detail)
    answer.headers.update(error.headers or {})
    return answer


def _not_understood(request: Request, _: Exception) -> Response:
    """A field that is missing or out of range; what was sent is not repeated."""
    return _problem(
        request,
        400,
        "a URL parameter or a form field is missing or out of range"
        " | địa chỉ hoặc biểu mẫu thiếu thông tin hoặc có giá trị ngoài phạm vi cho phép",
    )


def _failed(request: Request, error: Exception) -> Response:
    """What dean06 says went wrong: its errors carry no values."""
    if not isinstance(error, Dean06Error):
        raise error
    return _problem(request, 503, in_both_languages(error))


def _problem(request: Request, code: int, detail: str) -> HTMLResponse:
    """``detail``: ``English | Tiếng Việt``, or English alone, as Starlette's own are."""
    return rendering.page(request, None, "problem.html", status_code=code, detail=detail, code=code)
