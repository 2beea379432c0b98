"""``/cases``: how agencies correct their records; cases, lists and receipts for stewards."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Form, HTTPException, Path, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import AfterValidator

from dean06 import contract
from dean06.agencies import receipts
from dean06.ui import cases, reading, rendering
from dean06.ui.access import OwnFormDep, ReaderDep, StewardDep
from dean06.ui.forms import refusals, without_nul

router = APIRouter(prefix="/cases")
Words = Annotated[str, Form(max_length=200), AfterValidator(without_nul)]


@router.get("")
def show(request: Request, user: ReaderDep, source: str = "") -> HTMLResponse:
    """The league; for stewards also what is open, and which lists were received."""
    chosen = source if source in contract.sources() else None
    is_steward = user.is_steward
    with reading.warehouse() as session:
        found = cases.read(session, chosen, is_steward=is_steward)
    return rendering.page(request, user, "cases.html", page=found)


@router.get("/{case_id}")
def show_case(
    request: Request,
    user: ReaderDep,
    _: StewardDep,
    case_id: Annotated[int, Path(ge=1, lt=2**63)],
) -> HTMLResponse:
    """What happened to one case, with its evidence; the record itself is not shown."""
    with reading.warehouse() as session:
        case, steps = cases.history(session, case_id)
        reasons = cases.reasons(session, steps)
    if case is None:
        raise HTTPException(404, f"no case {case_id} | không có yêu cầu chỉnh sửa số {case_id}")
    return rendering.page(request, user, "case.html", case=case, steps=steps, reasons=reasons)


@router.post("/receipt", dependencies=[OwnFormDep])
def note_receipt(
    request: Request,
    by: StewardDep,
    source: Words,
    day: Annotated[date, Form()],
    sha256: Words,
    office: Words,
) -> Response:
    """Note that an agency has received a list; no case is closed by it."""
    with refusals(), reading.warehouse() as session:
        receipts.note(session, source, day, sha256, office, by)
    root = request.scope.get("root_path", "")
    return RedirectResponse(f"{root}/cases#lists", status_code=303)
