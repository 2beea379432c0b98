"""Police: population registry, ID cards, e-ID accounts. REST, NDJSON pages, OAuth2.

Pages follow an opaque cursor over ``updated_at`` (RFC 8288 ``Link``); every page states its own
record count and the window's, and carries a ``Content-Digest``. Requests name purpose and caller,
as the sharing rules require (NĐ 278/2025/NĐ-CP).
"""

from collections.abc import Iterator
from typing import IO

from dean06.contract import Dataset
from dean06.details.detail import detail
from dean06.errors import InconsistentDeliveryError, around
from dean06.sources import Call, Piece
from dean06.wire import ndjson, stated
from dean06.wire.answers import RefusedError, Reply
from dean06.wire.http import Fetcher, next_page
from dean06.wire.oauth import oauth_fetcher
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
    known = {piece.resume_token for piece in call.landed} | {url}
    while url:
        page += 1
        fetcher.bounds.check_pages(page)
        reply = _page(fetcher, url, params, page)
        if reply is None:
            return
        held, following = _stated(reply, "x-record-count"), next_page(reply)
        received += held
        _check_page(page, held, following, known)
        total = _stated(reply, "x-total-count")
        if received > total or (following is None and received != total):
            raise InconsistentDeliveryError(
                detail("linked_pages_differ", page=page, received=received, total=total)
            )
        yield Piece(
            name=f"page-{page:05d}",
            suffix="ndjson.gz" if reply.is_packed else "ndjson",
            body=reply.body,
            declared=held,
            resume_token=following,
        )
        url, params = following or "", {}
        known.add(url)


def parse(dataset: Dataset, piece_name: str, stream: IO[bytes]) -> Iterator[Batch | Columns]:
    """One JSON object a line, with the wire names of the contract."""
    del dataset, piece_name
    return ndjson.read_flat(stream)


def _page(fetcher: Fetcher, url: str, params: dict[str, str], page: int) -> Reply | None:
    """One page; None when the source answers that the window has no content (204).

    Cursors expire: a refused one says nothing of the window, only of itself.
    """
    try:
        return fetcher.get(
            url, params, _HEADERS, what=None if params else detail("page", page=page)
        )
    except RefusedError as error:
        if params and error.status == 204:
            return None
        if params:
            raise
        raise InconsistentDeliveryError(around("pages_start_over", error)) from None


def _check_page(page: int, held: int, following: str | None, known: set[str | None]) -> None:
    """Pages must come to an end."""
    if following is not None and following in known:
        raise InconsistentDeliveryError(detail("page_links_back", page=page))
    if following is not None and not held:
        raise InconsistentDeliveryError(detail("empty_page_links_on", page=page))


def _first_page(call: Call) -> tuple[str, dict[str, str]]:
    params = {"until": call.until.isoformat(), "limit": str(call.terms.page_size)}
    if call.since:
        params["since"] = call.since.isoformat()
    return f"{call.endpoint.url}/v1/{call.dataset.wire_name}", params


def _fetcher(call: Call) -> Fetcher:
    token_url = f"{call.endpoint.url}/oauth2/token"
    return oauth_fetcher(token_url, call.endpoint.login, call.endpoint.password, call.terms)


def _stated(reply: Reply, header: str) -> int:
    return stated.count_of_page(reply.headers.get(header), header)
