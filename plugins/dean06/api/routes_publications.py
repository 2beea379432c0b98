"""Publications, and the proofs that each is the one that was published."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Security
from starlette.responses import Response

from dean06.api import answers, cursors, described, reading, spans
from dean06.api.access import authorised
from dean06.api.answers import Page
from dean06.api.cursors import PublicationPlace
from dean06.api.parameters import PublicationsQuery
from dean06.api.problems import not_found
from dean06.api.schemas import Keys, ListedAsOf, Proof, Publication
from dean06.proof import folder
from dean06.warehouse import Session, sql_file

router = APIRouter(dependencies=[Security(authorised, scopes=["values"])], tags=["publications"])
proofs = APIRouter(dependencies=[Security(authorised, scopes=["proofs"])], tags=["proofs"])
Number = Annotated[int, Path(ge=1, le=2**63 - 1, description="Number of a publication.")]


@router.get("/publications", response_model=ListedAsOf[Publication], responses=described.listed())
def list_publications(request: Request, query: Annotated[PublicationsQuery, Query()]) -> Response:
    """All publications, in the order of their numbers."""
    spans.check(query)
    asked = query.asked()
    question = cursors.question("publications", asked)
    after = cursors.place_of(query.cursor, PublicationPlace, question)
    first_day, last_day = query.span
    with reading.mart() as session:
        known = reading.known(session, query.moment, after.newest if after else None)
        found = _found(
            session, known, first_day=first_day, last_day=last_day,
            after=after.publication if after else 0, many=query.limit + 1,
        )  # fmt: skip
    rows = answers.rows_of(found[: query.limit])
    cursor = None
    if len(found) > query.limit:
        place = PublicationPlace(question, known["newest"], rows[-1]["publication_id"])
        cursor = cursors.text_of(place)
    page = Page(
        list(Publication.model_fields), rows, cursor,
        {"newest_publication": known["newest"] or None},
    )  # fmt: skip
    return answers.page(request, page, asked, query.limit)


@router.get("/publications/{number}", response_model=Publication, responses=described.problems(404))
def show_publication(request: Request, number: Number) -> Response:
    """One publication."""
    with reading.mart() as session:
        found = _found(session, reading.known(session, None), number=number)
    if not found:
        raise not_found("publication", "lần công bố")
    return answers.one(request, answers.row_of(found[0]))


@proofs.get("/publications/{number}/proof", response_model=Proof, responses=described.problems(404))
def show_proof(request: Request, number: Number) -> Response:
    """The proof of a publication, with the signed heads of the log up to it."""
    found = folder.proof_of(number)
    if found is None:
        raise not_found("signed publication", "lần công bố đã ký")
    heads = [{"key_id": key, "note": note} for key, note in folder.heads_of(number)]
    return answers.one(request, {**found, "heads": heads})


@proofs.get(
    "/publications/{number}/file",
    response_class=Response,
    responses={
        **described.problems(404),
        200: {
            "description": "The file that was signed, byte for byte.",
            "content": {"text/csv": {"schema": {"type": "string"}}},
        },
    },
)
def show_file(request: Request, number: Number) -> Response:
    """The signed file of a publication: all its values, below a line with their origin."""
    answers.negotiated(request, answers.CSV)
    found = folder.proof_of(number)
    if found is None:
        raise not_found("signed publication", "lần công bố đã ký")
    leaf = str(found["leaf"])
    body = b"" if answers.has(request, leaf) else folder.file_of(number)
    return answers.tagged(request, body, f"{answers.CSV}; charset=utf-8", tag=leaf)


@proofs.get("/keys", response_model=Keys, responses=described.problems())
def list_keys(request: Request) -> Response:
    """Signed statements about keys: which ones introduce others, and which are revoked."""
    statements = [{"name": name, "note": note} for name, note in folder.statements()]
    return answers.one(request, {"statements": statements})


def _found(session: Session, known: dict[str, Any], **chosen: Any) -> list[Any]:
    every = {
        "first_day": None, "last_day": None, "after": 0, "number": None, "only_replacing": False,
        "many": 1,
    }  # fmt: skip
    return session.rows(
        sql_file("api/publications.sql"),
        moment=known["moment"], newest=known["newest"], **{**every, **chosen},
    )  # fmt: skip
