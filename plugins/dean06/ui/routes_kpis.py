"""``/kpis``: what was published, for those who answer for it; also as files. For stewards the
records behind a number, by POST, written down."""

from datetime import date, datetime
from typing import Annotated, Literal, cast
from urllib.parse import quote

from fastapi import APIRouter, Depends, Form, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import AfterValidator

from dean06 import settings
from dean06.figures import standing
from dean06.figures.published import Boundaries, View
from dean06.kpi import reasons, things
from dean06.trail.reason import SHORTEST_REASON, stated
from dean06.ui import charts, download, kpi_columns, kpis, language, reading, rendering
from dean06.ui.access import OwnFormDep, ReaderDep, StewardDep
from dean06.ui.forms import Number, Reason, refusals, without_nul
from dean06.ui.kpis import Choice
from dean06.ui.language import Words

router = APIRouter(prefix="/kpis")


def choice(day: str = "", boundaries: str = "as_reported", unit: str = "", at: str = "") -> Choice:
    """What the reader chose. 400 for what is no day or moment."""
    try:
        moment, is_past = kpis.moment_of(at, datetime.now(settings.TIMEZONE))
        chosen = date.fromisoformat(day) if day else None
    except ValueError:
        raise HTTPException(
            400,
            "write dates as YYYY-MM-DD, e.g. 2022-10-31, and times as 2022-10-31T08:00"
            " | ngày phải ghi theo dạng 2022-10-31, thời điểm theo dạng 2022-10-31T08:00",
        ) from None
    if boundaries not in ("as_reported", "current"):
        raise HTTPException(
            400,
            "boundaries must be as_reported or current | tham số địa giới phải là as_reported "
            "hoặc current",
        )
    level, _, code = unit.partition(":")
    return Choice(
        View(moment, cast("Boundaries", boundaries)), is_past, chosen, level or "province", code
    )


ChoiceDep = Annotated[Choice, Depends(choice)]


@router.get("")
def show_all(
    request: Request, user: ReaderDep, asked: ChoiceDep, at: str = "", rank: str = ""
) -> HTMLResponse:
    """How a unit's KPIs stand on a day, who is behind, what changed since last week."""
    with reading.warehouse() as session:
        found = kpis.overview(session, asked, rank)
    query = _query(found.choice, at)
    return rendering.page(
        request, user, "kpis.html", page=found, at=at, query=query,
        chosen={**query, "rank": rank} if rank else query,
        spark=charts.spark, counts=standing.counts(found.standings),
    )  # fmt: skip


@router.get("/download.{kind}")
def download_all(request: Request, kind: Literal["csv", "xlsx"], asked: ChoiceDep) -> Response:
    """The list as a file: the same rows."""
    with reading.warehouse() as session:
        found = kpis.overview(session, asked)
    boundaries = found.choice.view.boundaries
    return download.as_file(
        kind,
        f"kpis_{found.choice.unit or 'none'}_{found.choice.day}",
        (*kpi_columns.COLUMNS, *kpi_columns.TARGET_COLUMNS),
        (
            (*kpi_columns.cells(line.value, boundaries), *kpi_columns.target_cells(target))
            for line in found.lines
            for target in line.targets or (None,)
        ),
        Words(language.chosen(request)),
    )


@router.get("/{kpi}")
def show_one(
    request: Request, user: ReaderDep, kpi: str, asked: ChoiceDep, at: str = ""
) -> HTMLResponse:
    """One KPI: over time, by commune, by member, with its definition."""
    with reading.warehouse() as session:
        found = kpis.detail(session, asked, kpi)
    if found is None:
        raise HTTPException(404, f"no KPI {kpi} | không có chỉ tiêu {kpi}")
    query = _query(found.choice, at)
    return rendering.page(
        request, user, "kpi.html", page=found, at=at, query=query, chosen=query,
        chart=charts.kpi(found, language.chosen(request)), gaps=charts.gaps,
        formulas=charts.formula_changes(found.series),
        reasons=reasons.REASONS, shortest=SHORTEST_REASON,
    )  # fmt: skip


@router.get("/{kpi}/things")
def leave_things(request: Request, kpi: str) -> Response:
    """The records behind a number have no address: whoever reloads the page comes here."""
    return RedirectResponse(f"{request.scope.get('root_path', '')}/kpis/{quote(kpi, safe='')}")


@router.post("/{kpi}/things", dependencies=[OwnFormDep])
def show_things(
    request: Request,
    user: ReaderDep,
    reader: StewardDep,
    kpi: str,
    publication_id: Number,
    boundaries: Annotated[Boundaries, Form()],
    place: Annotated[str, Form(max_length=200), AfterValidator(without_nul)],
    reason: Reason,
    page_no: Annotated[int, Form(ge=1, le=1_000_000)] = 1,
) -> HTMLResponse:
    """One page of the records behind a number, after reader and reason are written down.

    ``place``: level, unit, breakdown and member, separated by bars.
    """
    level, unit, breakdown, member = [*place.split("|", 3), "", "", ""][:4]
    value = things.Value(publication_id, kpi, level, unit, boundaries, breakdown, member)
    with refusals():
        why = stated(reason)
        found = things.read(value, reader, why, page_no, reading.ROLE)
    return rendering.page(
        request, user, "things.html", page=found, place=place, reader=reader, reason=why
    )


@router.get("/{kpi}/download.{kind}")
def download_one(
    request: Request, kpi: str, kind: Literal["csv", "xlsx"], asked: ChoiceDep
) -> Response:
    """One KPI as a file: every day of the unit, its communes and members on the chosen day."""
    with reading.warehouse() as session:
        found = kpis.detail(session, asked, kpi)
    if found is None:
        raise HTTPException(404, f"no KPI {kpi} | không có chỉ tiêu {kpi}")
    rows = list(found.series)
    if found.ranking:
        rows += [place.row for place in found.ranking.places if place.row is not None]
    for members in found.members.values():
        rows += members
    boundaries = found.choice.view.boundaries
    return download.as_file(
        kind,
        f"{kpi}_{found.choice.unit or 'none'}_{found.choice.day}",
        kpi_columns.COLUMNS,
        (kpi_columns.cells(row, boundaries) for row in rows),
        Words(language.chosen(request)),
    )


def _query(chosen: Choice, at: str) -> dict[str, str]:
    """The choice as it stands in links."""
    query = {"day": str(chosen.day or ""), "unit": f"{chosen.level}:{chosen.unit}"}
    if chosen.view.boundaries != "as_reported":
        query["boundaries"] = chosen.view.boundaries
    return {**query, "at": at} if at else query
