"""``/quality``: for everybody; a quarantined record of it for stewards, by POST, written down."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated

from fastapi import (
    APIRouter,
    Depends,
    File,
    HTTPException,
    Path,
    Query,
    Request,
    UploadFile,
)
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from dean06 import contract, settings
from dean06.errors import Cause
from dean06.failures.causes import explain
from dean06.failures.particulars import particulars
from dean06.figures.published import View
from dean06.load import replay
from dean06.trail.reason import SHORTEST_REASON, stated
from dean06.ui import charts, language, quality, reading, records, rendering
from dean06.ui.access import OwnFormDep, ReaderDep, StewardDep
from dean06.ui.forms import Number, Reason, day_of, refusals

router = APIRouter(prefix="/quality")
_FIELD = "field."
"""Before the name of a column in the form of a correction."""


@router.get("")
def show(
    request: Request, user: ReaderDep, asked: Annotated[date | None, Depends(day_of)],
    source: str = "",
) -> HTMLResponse:  # fmt: skip
    """How good the records are, what rules they break, which loads have rejects."""
    view = View(datetime.now(settings.TIMEZONE), "as_reported")
    chosen = source if source in contract.sources() else None
    with reading.warehouse() as session:
        found = quality.read(session, view, chosen, asked)
    spoken = language.chosen(request)
    return rendering.page(
        request, user, "quality.html", page=found,
        labels={(d.source, d.name): d.label for d in contract.datasets()},
        charts=[charts.shares_by_member(d.parts, spoken) for d in found.dimensions],
    )  # fmt: skip


@router.get("/load/{load_id}")
def show_load(
    request: Request,
    user: ReaderDep,
    load_id: Annotated[int, Path(ge=1, lt=2**63)],
    rule: str = "",
    page: Annotated[int, Query(ge=1, le=100_000)] = 1,
    asked: Annotated[int, Query(ge=0, lt=2**63)] = 0,
) -> HTMLResponse:
    """The rejected records of one load: place and reason; ``asked``: a replay just asked for."""
    with reading.warehouse() as session:
        found = quality.rejected(session, load_id, rule or None, page)
    if found is None:
        raise HTTPException(404, f"no load {load_id} | không có lượt nạp {load_id}")
    return rendering.page(
        request, user, "rejected.html", page=found, shortest=SHORTEST_REASON,
        advice=explain(Cause.BATCH_HELD).advice, explain=explain,
        particulars=particulars,
        asked=next((row for row in found.replays if row.replay_id == asked), None),
    )  # fmt: skip


@router.get("/record")
def leave_record(request: Request) -> Response:
    """A record has no address: whoever reloads or shares the page comes here."""
    return RedirectResponse(f"{request.scope.get('root_path', '')}/quality")


@router.post("/record", dependencies=[OwnFormDep])
def show_record(
    request: Request,
    user: ReaderDep,
    reader: StewardDep,
    load_id: Number,
    row_no: Number,
    reason: Reason,
) -> HTMLResponse:
    """One rejected record, after its reader and reason are written down."""
    with refusals():
        found = records.read(load_id, row_no, reader, stated(reason))
    if found is None:
        raise HTTPException(
            404, "no such record in quarantine | không có bản ghi này trong khu cách ly"
        )
    return rendering.page(
        request, user, "record.html", page=found, shortest=SHORTEST_REASON, prefix=_FIELD
    )


async def _typed(request: Request) -> dict[str, str | None]:
    """The fields of a corrected record, by column; what was left blank is empty."""
    form = await request.form()
    if any("\0" in str(value) for value in form.values()):
        raise HTTPException(
            400, "a field contains a NUL character | có trường chứa ký tự không hợp lệ (NUL)"
        )
    return {
        name.removeprefix(_FIELD): value.strip() or None
        for name, value in form.items()
        if name.startswith(_FIELD) and isinstance(value, str)
    }


@router.post("/replay", dependencies=[OwnFormDep])
def replay_typed(
    request: Request,
    by: StewardDep,
    record: Annotated[dict[str, str | None], Depends(_typed)],
    load_id: Number,
    row_no: Number,
    reason: Reason,
) -> Response:
    """Have one record loaded as a steward has corrected it."""
    return _ask(request, load_id, {row_no: record}, by, reason)


@router.post("/replay-file", dependencies=[OwnFormDep])
def replay_file(
    request: Request,
    by: StewardDep,
    load_id: Number,
    reason: Reason,
    file: Annotated[UploadFile, File()],
) -> Response:
    """Have the records of a file loaded: one JSON object a line, ``_row`` and columns."""
    with refusals():
        corrected = replay.from_lines("file", file.file)
    return _ask(request, load_id, corrected, by, reason)


def _ask(
    request: Request, load_id: int, corrected: Mapping[int, replay.Record], by: str, why: str
) -> Response:
    """Write the request down; the page it leads to has Airflow start on it."""
    with refusals(), reading.warehouse() as session:
        number = replay.ask(session, load_id, corrected, by, why)
    root = request.scope.get("root_path", "")
    return RedirectResponse(f"{root}/quality/load/{load_id}?asked={number}", status_code=303)
