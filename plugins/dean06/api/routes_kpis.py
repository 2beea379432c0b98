"""The catalogue of KPIs, and their published values."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Security
from starlette.responses import Response

from dean06.api import answers, cursors, described, reading
from dean06.api.access import authorised
from dean06.api.answers import Page
from dean06.api.cursors import KpiPlace, ValuePlace
from dean06.api.parameters import KpisQuery, ValuesQuery
from dean06.api.problems import not_found
from dean06.api.schemas import Kpi, Listed, ListedAsOf, Value
from dean06.api.spans import span_of
from dean06.warehouse import sql_file

router = APIRouter(dependencies=[Security(authorised, scopes=["values"])], tags=["values"])
_BEGINNING = dict.fromkeys(
    ("after_day", "after_kpi", "after_level", "after_unit", "after_breakdown", "after_member")
)


@router.get("/kpis", response_model=Listed[Kpi], responses=described.listed())
def list_kpis(request: Request, query: Annotated[KpisQuery, Query()]) -> Response:
    """The catalogue: the newest definition of every KPI, in order of codes."""
    question = cursors.question("kpis", {})
    after = cursors.place_of(query.cursor, KpiPlace, question)
    with reading.mart() as session:
        found = session.rows(
            sql_file("api/kpis.sql"),
            kpi=None, after_kpi=after.kpi if after else "", many=query.limit + 1,
        )  # fmt: skip
    rows = answers.rows_of(found[: query.limit])
    more = len(found) > query.limit
    cursor = cursors.text_of(KpiPlace(question, rows[-1]["kpi_code"])) if more else None
    return answers.page(request, Page(list(Kpi.model_fields), rows, cursor), {}, query.limit)


@router.get("/kpis/{kpi}", response_model=Kpi, responses=described.problems(404))
def show_kpi(
    request: Request, kpi: Annotated[str, Path(pattern=r"^[A-Za-z0-9_.:-]{1,100}$")]
) -> Response:
    """The newest definition of one KPI."""
    with reading.mart() as session:
        found = session.one(sql_file("api/kpis.sql"), kpi=kpi, after_kpi="", many=1)
    if found is None:
        raise not_found("KPI", "chỉ tiêu")
    return answers.one(request, answers.row_of(found))


@router.get("/values", response_model=ListedAsOf[Value], responses=described.listed())
def list_values(request: Request, query: Annotated[ValuesQuery, Query()]) -> Response:
    """Published values by KPI, unit, day and boundaries, as they were known at a time.

    Without `day`, `from` and `to`: of the newest published day. In order of day, KPI, unit and
    member. All pages show the same publications, whatever is published meanwhile.
    """
    asked = query.asked()
    question = cursors.question("values", asked)
    after = cursors.place_of(query.cursor, ValuePlace, question)
    with reading.mart() as session:
        known = reading.known(session, query.moment, after.newest if after else None)
        days = span_of(query, known["newest_day"])
        found = [] if days is None else session.rows(
            sql_file("api/values.sql"),
            **query.chosen, base=query.base, period=query.period, province=query.province,
            boundaries=query.boundaries, moment=known["moment"], newest=known["newest"],
            first_day=days[0], last_day=days[1], many=query.limit + 1, **_place(after),
        )  # fmt: skip
    rows = answers.rows_of(found[: query.limit])
    cursor = None
    if len(found) > query.limit:
        last = rows[-1]
        cursor = cursors.text_of(
            ValuePlace(
                question, known["newest"], last["as_of_date"], last["kpi_code"],
                last["unit_level"], last["unit_code"], last["breakdown"], last["member_code"],
            )
        )  # fmt: skip
    page = Page(
        list(Value.model_fields), rows, cursor, {"newest_publication": known["newest"] or None}
    )
    return answers.page(request, page, asked, query.limit)


def _place(after: ValuePlace | None) -> dict[str, Any]:
    """Parameters of ``values.sql``: the place after which its page begins."""
    if after is None:
        return _BEGINNING
    return {
        "after_day": after.day, "after_kpi": after.kpi, "after_level": after.level,
        "after_unit": after.unit, "after_breakdown": after.breakdown, "after_member": after.member,
    }  # fmt: skip
