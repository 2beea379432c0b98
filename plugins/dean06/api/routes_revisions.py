"""Values that later publications changed, with the causes."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Security
from starlette.responses import Response

from dean06.api import answers, cursors, described, reading, spans
from dean06.api.access import authorised
from dean06.api.answers import Page
from dean06.api.cursors import RevisionPlace
from dean06.api.parameters import RevisionsQuery
from dean06.api.schemas import ListedAsOf, Revision
from dean06.warehouse import Session, sql_file

router = APIRouter(dependencies=[Security(authorised, scopes=["revisions"])], tags=["revisions"])
_MOST_COMPARED = 31
"""Publications that one request compares with those that they replace."""
_KEYS = ("kpi", "level", "unit", "boundaries", "breakdown", "member")
_COLUMNS = (
    "kpi_code", "unit_level", "unit_code", "boundary_version", "breakdown", "member_code",
)  # fmt: skip


@router.get("/revisions", response_model=ListedAsOf[Revision], responses=described.listed())
def list_revisions(request: Request, query: Annotated[RevisionsQuery, Query()]) -> Response:
    """Values that changed when their day was published again, in order of publications.

    A page compares at most 31 publications, so it can have few rows, or none, and still a `next`.
    """
    spans.check(query)
    asked = query.asked()
    question = cursors.question("revisions", asked)
    after = cursors.place_of(query.cursor, RevisionPlace, question)
    with reading.mart() as session:
        known = reading.known(session, query.moment, after.newest if after else None)
        rows, place = _page(session, query, known, after)
        _add_causes(session, rows)
    cursor = None
    if place is not None:
        cursor = cursors.text_of(RevisionPlace(question, known["newest"], *place))
    page = Page(
        list(Revision.model_fields), rows, cursor, {"newest_publication": known["newest"] or None}
    )
    return answers.page(request, page, asked, query.limit)


def _page(
    session: Session, query: RevisionsQuery, known: dict[str, Any], after: RevisionPlace | None
) -> tuple[list[dict[str, Any]], tuple[Any, ...] | None]:
    """The rows after a place, and the place where the next page begins; None: at the end."""
    first_day, last_day = query.span
    from_number = max(query.since or 0, after.publication - 1 if after else 0)
    replacing = session.rows(
        sql_file("api/publications.sql"),
        first_day=first_day, last_day=last_day, moment=known["moment"], newest=known["newest"],
        after=from_number, number=None, only_replacing=True, many=_MOST_COMPARED + 1,
    )  # fmt: skip
    rows: list[dict[str, Any]] = []
    for publication in replacing[:_MOST_COMPARED]:
        is_begun = after is not None and after.publication == publication.publication_id
        keys = {f"after_{key}": getattr(after, key) if is_begun else "" for key in _KEYS}
        room = query.limit - len(rows)
        found = session.rows(
            sql_file("api/revisions.sql"),
            publication=publication.publication_id, replaces=publication.replaces,
            **query.chosen, boundaries=query.boundaries, many=room + 1, **keys,
        )  # fmt: skip
        rows += answers.rows_of(found[:room])
        if len(found) > room:
            return rows, _after(rows, publication.publication_id)
    if len(replacing) > _MOST_COMPARED:
        return rows, (replacing[_MOST_COMPARED].publication_id,)
    return rows, None


def _after(rows: Sequence[dict[str, Any]], publication: int) -> tuple[Any, ...]:
    """The place after the last row; before the publication's first one where that has none yet."""
    if not rows or rows[-1]["publication_id"] != publication:
        return (publication,)
    return (publication, *(rows[-1][column] for column in _COLUMNS))


def _add_causes(session: Session, rows: Sequence[dict[str, Any]]) -> None:
    numbers = sorted({row["publication_id"] for row in rows})
    causes = defaultdict(list)
    for found in session.rows(sql_file("ui/revision_causes.sql"), publications=numbers):
        causes[found.publication_id, found.kpi_code].append(
            {"cause": found.cause, "dataset": found.dataset_code, "rows": found.row_count}
        )
    for row in rows:
        row["causes"] = causes[row["publication_id"], row["kpi_code"]]
