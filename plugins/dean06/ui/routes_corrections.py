"""``/quality/correction``: what a correction changes, for a second steward, who decides on it."""

from collections.abc import Mapping
from itertools import groupby
from operator import attrgetter

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from dean06 import contract
from dean06.contract import Bilingual
from dean06.load import approval
from dean06.load.approval import Decision
from dean06.trail import chain
from dean06.trail.logins import is_same_person
from dean06.trail.reason import SHORTEST_REASON
from dean06.ui import reading, rendering
from dean06.ui.access import OwnFormDep, ReaderDep, StewardDep
from dean06.ui.forms import Number, Reason, refusals

router = APIRouter(prefix="/quality/correction")


@router.get("")
def leave(request: Request) -> Response:
    """A correction has no address: whoever reloads or shares the page comes here."""
    return RedirectResponse(f"{request.scope.get('root_path', '')}/quality")


@router.post("", dependencies=[OwnFormDep])
def show(
    request: Request,
    user: ReaderDep,
    reader: StewardDep,
    replay_id: Number,
    reason: Reason,
) -> HTMLResponse:
    """What a correction changes, field by field, after its reader and reason are recorded."""
    with refusals(), reading.warehouse() as session:
        found = approval.waiting(session, replay_id)
        changes = approval.read(session, replay_id, reader, reason)
        is_own = is_same_person(session, reader, found.asked_by)
    chain.link_if_possible(reading.ROLE)
    # Only now, when the reading is committed, does the change go any further.
    return rendering.page(
        request, user, "correction.html", page=found, shortest=SHORTEST_REASON,
        records=[(row_no, tuple(rows)) for row_no, rows in groupby(changes, attrgetter("row_no"))],
        labels=_labels(found), is_own=is_own,
        causes={row_no: [row.cause for row in rows]
                for row_no, rows in groupby(found.causes, attrgetter("row_no"))},
    )  # fmt: skip


@router.post("/approve", dependencies=[OwnFormDep])
def approve(request: Request, by: StewardDep, replay_id: Number, reason: Reason) -> Response:
    """Approve somebody else's correction; the page it leads to has Airflow load it."""
    return _decide(request, replay_id, Decision.APPROVED, by, reason)


@router.post("/decline", dependencies=[OwnFormDep])
def decline(request: Request, by: StewardDep, replay_id: Number, reason: Reason) -> Response:
    """Decline a correction."""
    return _decide(request, replay_id, Decision.DECLINED, by, reason)


def _decide(request: Request, replay_id: int, decision: Decision, by: str, why: str) -> Response:
    with refusals(), reading.warehouse() as session:
        load_id = approval.waiting(session, replay_id).load_id
        approval.decide(session, replay_id, decision, by, why)
    chain.link_if_possible(reading.ROLE)
    root = request.scope.get("root_path", "")
    return RedirectResponse(f"{root}/quality/load/{load_id}?asked={replay_id}", status_code=303)


def _labels(found: approval.Correction) -> Mapping[str, Bilingual]:
    dataset = contract.load(found.source).dataset(found.dataset)
    return {column.name: column.label for column in dataset.staged}
