"""``/today``: the page of the engineer on duty."""

from datetime import datetime

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from dean06 import settings
from dean06.ui import reading, rendering, today
from dean06.ui.access import ReaderDep

router = APIRouter()


@router.get("/")
def home(request: Request, user: ReaderDep) -> Response:
    """Stewards begin with today's loads, everybody else with the KPIs."""
    page = "today" if user.is_steward else "kpis"
    return RedirectResponse(f"{request.scope.get('root_path', '')}/{page}")


@router.get("/today")
def show(request: Request, user: ReaderDep) -> HTMLResponse:
    """How every source stands."""
    now = datetime.now(settings.TIMEZONE)
    with reading.warehouse() as session:
        found = today.read(session, now)
    return rendering.page(request, user, "today.html", page=found, now=now)
