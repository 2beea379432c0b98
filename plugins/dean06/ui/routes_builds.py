"""``/builds``: builds of KPIs that wait for two persons; values are not shown."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from dean06.kpi import release
from dean06.kpi.release import Step
from dean06.trail import chain
from dean06.trail.logins import is_same_person
from dean06.trail.reason import SHORTEST_REASON
from dean06.ui import reading, rendering
from dean06.ui.access import OwnFormDep, ReaderDep, ReleaserDep
from dean06.ui.forms import Number, Reason, refusals

router = APIRouter(prefix="/builds")


@router.get("")
def show(request: Request, user: ReaderDep, approved: int = 0) -> HTMLResponse:
    """Held builds, why they are held, who has proposed; ``approved``: one just approved."""
    with reading.warehouse() as session:
        held = [(build, release.findings(session, build.build_id))
                for build in release.held_in(session)]  # fmt: skip
        mine = user.name
        own = {
            build.build_id
            for build, _ in held
            if build.proposed_by and is_same_person(session, build.proposed_by, mine)
        }
    return rendering.page(
        request, user, "builds.html", held=held, shortest=SHORTEST_REASON,
        is_releaser=user.is_releaser,
        own=own,
        approved=approved if any(b.build_id == approved and b.decided_by for b, _ in held) else 0,
    )  # fmt: skip


@router.post("/{step}", dependencies=[OwnFormDep])
def decide(
    request: Request,
    step: Step,
    by: ReleaserDep,
    build: Number,
    reason: Reason,
) -> Response:
    """Propose, approve or reject; the page it leads to has Airflow publish what is approved."""
    with refusals(), reading.warehouse() as session:
        release.say(session, build, step, by, reason)
    chain.link_if_possible(reading.ROLE)
    root = request.scope.get("root_path", "")
    asked = f"?approved={build}" if step is Step.APPROVE else ""
    return RedirectResponse(f"{root}/builds{asked}", status_code=303)
