"""Police: population registry, ID cards, e-ID accounts. REST, NDJSON pages, OAuth2.

Pages follow an opaque cursor over ``updated_at`` (RFC 8288 ``Link``); every page states its own
record count and the window's, and carries a ``Content-Digest``. Requests name purpose and caller,
as the sharing rules require (NĐ 278/2025/NĐ-CP).
"""

from collections.abc import Iterator
from typing import IO
from urllib.parse import urljoin

from dean06.contract import Dataset
from dean06.errors import ContractError, InconsistentDeliveryError
from dean06.sources import Call, Piece
from dean06.wire import ndjson
from dean06.wire.http import Fetcher, Reply, at_same_place, oauth_fetcher
from dean06.wire.records import Batch, Columns

_HEADERS = {
    "Accept": "application/x-ndjson",
    "Accept-Encoding": "gzip",
    "X-Purpose": "de-an-06",
    "X-Caller": "dean06",
}


def extract(call: Call) -> Iterator[Piece]:
    """Yield one piece a page, in cursor order; resumes after the last page that landed.

    Raises InconsistentDeliveryError when the pages do not add up to the window's total.
    """
    fetcher = _fetcher(call)
    page, received = len(call.landed), sum(piece.declared for piece in call.landed)
    url, params = _first_page(call)
    if call.landed:
        url, params = call.landed[-1].resume_token or "", {}
    while url:
        reply = _page(fetcher, url, params)
        page, received = page + 1, received + _count(reply, "x-record-count")
        following = _next(reply)
        total = _count(reply, "x-total-count")
        if received > total or (following is None and received != total):
            raise InconsistentDeliveryError(
                f"page {page}: {received} records in the pages so far, {total} in the window"
            )
        yield Piece(
            name=f"page-{page:05d}",
            suffix="ndjson.gz" if reply.headers.get("content-encoding") == "gzip" else "ndjson",
            body=reply.body,
            declared=_count(reply, "x-record-count"),
            resume_token=following,
        )
        url, params = following or "", {}


def parse(dataset: Dataset, piece_name: str, stream: IO[bytes]) -> Iterator[Batch | Columns]:
    """One JSON object a line, with the wire names of the contract."""
    del dataset, piece_name
    return ndjson.read_flat(stream)


def _page(fetcher: Fetcher, url: str, params: dict[str, str]) -> Reply:
    """One page. Cursors expire: a refused one says nothing of the window, only of itself."""
    try:
        return fetcher.get(url, params, _HEADERS)
    except ContractError as error:
        if params:
            raise
        raise InconsistentDeliveryError(f"{error}; pages start over from the first one") from None


def _first_page(call: Call) -> tuple[str, dict[str, str]]:
    params = {"until": call.until.isoformat(), "limit": str(call.terms.page_size)}
    if call.since:
        params["since"] = call.since.isoformat()
    return f"{call.endpoint.url}/v1/{call.dataset.wire_name}", params


def _fetcher(call: Call) -> Fetcher:
    token_url = f"{call.endpoint.url}/oauth2/token"
    return oauth_fetcher(token_url, call.endpoint.login, call.endpoint.password, call.terms)


def _next(reply: Reply) -> str | None:
    # Link: <https://…>; rel="next" — absent on the last page.
    for link in reply.headers.get("link", "").split(","):
        target, _, parameters = link.partition(";")
        if 'rel="next"' in parameters:
            return at_same_place(reply.url, urljoin(reply.url, target.strip(" <>")))
    return None


def _count(reply: Reply, header: str) -> int:
    stated = reply.headers.get(header, "")
    if not stated.isdigit():
        raise InconsistentDeliveryError(f"the page does not state its {header}")
    return int(stated)
