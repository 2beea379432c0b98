"""Where a login leads: readers to the KPIs, without Airflow's menu; everybody else to Today, within
Airflow's frame. And where it begins: at a form in the reader's language, where Airflow has none.

Airflow's own start page says nothing of the day. It stays in Airflow's menu (*Home*), which a
browser opens without asking the server for ``/``.
"""

from urllib.parse import urlsplit

from airflow.api_fastapi.core_api.security import get_user
from airflow.configuration import conf
from fastapi import HTTPException, Request
from fastapi.responses import RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from dean06.ui import airflow_login
from dean06.ui.paths import within

_START = ("", "/")
_LOGIN = "/auth/login"


class Landing:
    """An ASGI application in front of Airflow that answers ``/`` of whoever is logged in, and the
    address of its login page."""

    def __init__(self, airflow: ASGIApp) -> None:
        self._airflow = airflow
        self._base = urlsplit(conf.get("api", "base_url", fallback=None) or "/").path.rstrip("/")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Redirect, or hand the request on."""
        if page := await self._page(scope):
            answer = RedirectResponse(f"{self._base}{page}", status_code=303)
            answer.headers["Cache-Control"] = "no-store"  # the next login may be somebody else's
            await answer(scope, receive, send)
            return
        await self._airflow(scope, receive, send)

    async def _page(self, scope: Scope) -> str | None:
        """The path that a request for the start or the login leads to; None for every other one."""
        if scope["type"] != "http" or scope["method"] != "GET":
            return None
        path = within(scope)
        if path not in (*_START, _LOGIN):
            return None
        request = Request(scope)
        if "text/html" not in request.headers.get("accept", ""):
            return None
        if path == _LOGIN:
            asked = f"?{request.url.query}".removesuffix("?")
            return f"/dean06/login{asked}" if airflow_login.has_own_form() else None
        try:
            user = await get_user(request, None, None)
            airflow_login.may_see_pages(request, user)
        except HTTPException:
            return None  # Airflow asks for a login, or shows what this user may see
        return "/plugin/dean06-today" if airflow_login.is_operator(user) else "/dean06/kpis"
