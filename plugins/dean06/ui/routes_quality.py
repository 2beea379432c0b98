"""``/quality``: for everybody; a quarantined record of it for stewards, by POST, written down."""

from datetime import datetime
from typing import Annotated

from airflow.api_fastapi.core_api.security import GetUserDep
from fastapi import APIRouter, Form, HTTPException, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from dean06 import contract, settings
from dean06.ui import charts, language, quality, reading, records, rendering
from dean06.ui.access import OwnFormDep, StewardDep
from dean06.ui.published import View

router = APIRouter(prefix="/quality")


@router.get("")
def show(request: Request, user: GetUserDep, source: str = "") -> HTMLResponse:
    """How good the records are, what rules they break, which loads have rejects."""
    view = View(datetime.now(settings.TIMEZONE), "as_reported")
    chosen = source if source in contract.sources() else None
    with reading.warehouse() as session:
        found = quality.read(session, view, chosen)
    spoken = language.chosen(request)
    return rendering.page(
        request, user, "quality.html", page=found,
        labels={(d.source, d.name): d.label for d in contract.datasets()},
        charts=[charts.shares_by_member(d.by_dataset, spoken) for d in found.dimensions],
    )  # fmt: skip


@router.get("/load/{load_id}")
def show_load(
    request: Request,
    user: GetUserDep,
    load_id: int,
    rule: str = "",
    page: Annotated[int, Query(ge=1, le=100_000)] = 1,
) -> HTMLResponse:
    """The rejected records of one load: place and reason."""
    with reading.warehouse() as session:
        found = quality.rejected(session, load_id, rule or None, page)
    if found is None:
        raise HTTPException(404, f"no load {load_id}")
    return rendering.page(
        request, user, "rejected.html", page=found, shortest=records.SHORTEST_REASON
    )


@router.get("/record")
def leave_record(request: Request) -> Response:
    """A record has no address: whoever reloads or shares the page comes here."""
    return RedirectResponse(f"{request.scope.get('root_path', '')}/quality")


@router.post("/record", dependencies=[OwnFormDep])
def show_record(
    request: Request,
    user: GetUserDep,
    reader: StewardDep,
    load_id: Annotated[int, Form()],
    row_no: Annotated[int, Form()],
    reason: Annotated[str, Form(max_length=500)],
) -> HTMLResponse:
    """One rejected record, after its reader and reason are written down."""
    if len(reason.strip()) < records.SHORTEST_REASON:
        raise HTTPException(400, "say why you need to see the record")
    found = records.read(load_id, row_no, reader, reason.strip())
    if found is None:
        raise HTTPException(404, "no such record in quarantine")
    return rendering.page(request, user, "record.html", page=found)
