"""The provincial portal: REST with OAuth2 client credentials, numbered pages of one JSON document
each."""

from collections.abc import Iterator

from fastapi import Depends, FastAPI, Query, Request, Response
from fastapi.responses import JSONResponse

from ..faults import DAMAGED_PAGE, PAGE
from .content import Content
from .http import Problem, body_response, moment_parameter, new_app
from .ministry import Ministry
from .oauth import TokenEndpoint, says_purpose

_SOURCE = "portal"
_PATHS = {
    "/dvc/v1/ho-so": "dossier",
    "/dvc/v1/doi-soat-ho-so": "national_dossier",
    "/dvc/v1/doi-soat-so-luong": "national_count",
    "/dvc/v1/thu-tuc-niem-yet": "listed_procedure",
    "/dvc/v1/phan-anh-kien-nghi": "petition",
    "/dvc/v1/ban-sao-chung-thuc": "certified_copy",
}
"""The dataset of each address; what the national portal holds is handed on below ``doi-soat``."""
_MAX_SIZE = 2000
_BLOCK = 1000


def describe(path: str, _query: str) -> tuple[str | None, str | None]:
    """The dataset and stage of a request, for faults."""
    return (_PATHS[path], "page") if path in _PATHS else (None, None)


class Portal:
    """The endpoint of one dataset."""

    def __init__(self, ministry: Ministry, dataset: str) -> None:
        self._ministry, self._dataset = ministry, dataset

    def page(
        self,
        request: Request,
        until: str = Query(alias="capNhatDen"),
        since: str | None = Query(None, alias="capNhatTu"),
        number: int = Query(1, alias="trang"),
        size: int = Query(1000, alias="soLuong"),
    ) -> Response:
        """One page of a window."""
        if not 1 <= size <= _MAX_SIZE:
            raise Problem(400, f"soLuong must be between 1 and {_MAX_SIZE}")
        if number < 1:
            raise Problem(400, "trang must be at least 1")
        after = moment_parameter("capNhatTu", since) if since is not None else None
        last = moment_parameter("capNhatDen", until)
        if after is not None and last < after:
            raise Problem(400, "capNhatDen is before capNhatTu")
        faults = self._ministry.faults
        damage = faults.take(_SOURCE, self._dataset, DAMAGED_PAGE)
        content = self._ministry.content(_SOURCE, self._dataset, after, last)
        pages = -(-len(content) // size)
        if number > max(pages, 1):
            raise Problem(404, f"there are {pages} pages")
        wrong = faults.take(_SOURCE, self._dataset, ("manifest_rows",))
        moved = faults.take(_SOURCE, self._dataset, PAGE) if number > 1 else None
        shift = 0
        if moved is not None and moved.kind == "repeated_page":
            number -= 1
        elif moved is not None:
            shift = 1
        total = len(content) + (1 if wrong else 0) + shift
        if content.is_strange and not len(content):
            return JSONResponse({"trang": 1, "tongSo": "0", "tongTrang": "0", "duLieu": None})
        told = f'"{total}"' if content.is_strange else str(total)
        head = f'{{"trang":{number},"soLuong":{size},"tongSo":{told},"tongTrang":{pages}'
        blocks = _document(head, content, (number - 1) * size - shift, size)
        if damage is not None:
            blocks = iter([_damaged(damage.kind, b"".join(blocks))])
        return body_response(request, blocks, "application/json", {})


def _document(head: str, content: Content, start: int, size: int) -> Iterator[bytes]:
    """The page, a bounded number of records at a time."""
    yield f'{head},"duLieu":['.encode()
    end = min(start + size, len(content))
    for first in range(start, end, _BLOCK):
        lines = content.lines(first, min(first + _BLOCK, end))
        yield (b"," if first > start else b"") + b",".join(lines)
    yield b"]}"


def _damaged(kind: str, body: bytes) -> bytes:
    """A page that is no JSON, though it arrives whole."""
    middle = len(body) // 2
    return body[:middle] + (b"\xff\xfe" + body[middle:] if kind == "invalid_utf8" else b"")


def build(ministry: Ministry) -> FastAPI:
    """The application."""
    app = new_app("portal")
    tokens = TokenEndpoint(ministry.credentials[_SOURCE], ministry.clock(_SOURCE))
    allowed = [Depends(tokens.check), Depends(says_purpose)]
    app.add_api_route("/token", tokens.issue, methods=["POST"], response_model=None)
    for path, dataset in _PATHS.items():
        page = Portal(ministry, dataset).page
        app.add_api_route(path, page, dependencies=allowed, response_model=None)
    return app
