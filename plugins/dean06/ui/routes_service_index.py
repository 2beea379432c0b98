"""``/service-index``: points of QĐ 766 of a unit, with assumptions and how sure each rule is."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from dean06.ui import reading, rendering, service_index
from dean06.ui.access import ReaderDep
from dean06.ui.service_index import Period

router = APIRouter(prefix="/service-index")


@router.get("")
def show(
    request: Request,
    user: ReaderDep,
    day: Annotated[date | None, Query()] = None,
    unit: str = "",
    period: Period = "year",
) -> HTMLResponse:
    """The index of a unit on a day, for a month, a quarter or a year to date."""
    level, _, code = unit.partition(":")
    with reading.warehouse() as session:
        found = service_index.read(session, day, level, code, period)
    return rendering.page(request, user, "service_index.html", page=found)
