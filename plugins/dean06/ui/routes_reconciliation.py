"""``/quality/reconciliation``: counts against the national portal, for everybody who sees pages."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from dean06.ui import reading, reconciliation, rendering
from dean06.ui.access import ReaderDep

router = APIRouter(prefix="/quality/reconciliation")


@router.get("")
def show(
    request: Request,
    user: ReaderDep,
    day: Annotated[date | None, Query()] = None,
    month: Annotated[date | None, Query()] = None,
) -> HTMLResponse:
    """Both counts by month and procedure, and what explains their difference."""
    with reading.warehouse() as session:
        found = reconciliation.read(session, day, month)
    return rendering.page(request, user, "reconciliation.html", page=found)
