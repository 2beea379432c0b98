"""``/today``: the page of the engineer on duty."""

from datetime import datetime

from airflow.api_fastapi.core_api.security import GetUserDep
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from dean06 import settings
from dean06.ui import reading, rendering, today

router = APIRouter()


@router.get("/")
def home(request: Request) -> Response:
    """Today is where one begins."""
    return RedirectResponse(f"{request.scope.get('root_path', '')}/today")


@router.get("/today")
def show(request: Request, user: GetUserDep) -> HTMLResponse:
    """How every source stands."""
    now = datetime.now(settings.TIMEZONE)
    with reading.warehouse() as session:
        found = today.read(session, now)
    return rendering.page(request, user, "today.html", page=found, now=now)
