"""Provincial public-service portal: dossiers, and the national portal's list and counts of them.
REST, numbered pages of one JSON document, OAuth2.

Pages are numbered from 1 and each repeats the window's totals, so a window is whole when all its
pages agree and their records add up. Field names are the portal's own (``MaHoSo``, ``MaTTHC`` …).
Requests name purpose and caller, as the sharing rules require (NĐ 278/2025/NĐ-CP).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import IO

from dean06.contract import Dataset
from dean06.details.detail import detail, within
from dean06.errors import ContractError, InconsistentDeliveryError, around
from dean06.sources import Call, Landed, Piece
from dean06.wire import json_array, stated
from dean06.wire.answers import RefusedError, Reply, TryAgainError
from dean06.wire.http import Fetcher
from dean06.wire.oauth import oauth_fetcher
from dean06.wire.records import Batch

_RECORDS = "duLieu"
_HEADERS = {
    "Accept": "application/json",
    "Accept-Encoding": "gzip",
    "X-Purpose": "de-an-06",
    "X-Caller": "dean06",
}


@dataclass(frozen=True)
class _Totals:
    """What every page says of the whole window: its records and its pages."""

    records: int
    pages: int

    def __str__(self) -> str:
        return f"{self.records}/{self.pages}"


def extract(call: Call) -> Iterator[Piece]:
    """Yield one piece a page; pages that landed are not asked for again.

    Raises InconsistentDeliveryError when pages contradict each other or do not add up.
    """
    fetcher, readable = _fetcher(call), _Readable()
    number, received = len(call.landed), sum(piece.declared for piece in call.landed)
    totals = _totals_of(call.landed)
    while totals is None or number < totals.pages:
        number += 1
        reply = _page(fetcher, call, number, readable)
        if reply is None or _is_empty_window(reply):
            return
        page = _opened(reply)
        written = _check_page(page, number, totals)
        fetcher.bounds.check_pages(written.pages)
        totals, received = written, received + len(page.elements)
        _check_sum(number, len(page.elements), received, totals)
        yield Piece(
            name=f"page-{number:05d}",
            suffix="json.gz" if reply.is_packed else "json",
            body=reply.body,
            declared=len(page.elements),
            resume_token=str(totals),
        )


def parse(dataset: Dataset, piece_name: str, stream: IO[bytes]) -> Iterator[Batch]:
    """The records of one page, with the wire names of the contract."""
    del dataset, piece_name
    return json_array.read(stream, _RECORDS)


_STATED = {"trang", "tongSo", "tongTrang"}
"""What every page says of itself and of its window."""


def _params(call: Call, number: int) -> dict[str, str]:
    params = {
        "capNhatDen": call.until.isoformat(),
        "trang": str(number),
        "soLuong": str(call.terms.page_size),
    }
    if call.since:
        params["capNhatTu"] = call.since.isoformat()
    return params


def _fetcher(call: Call) -> Fetcher:
    token_url = f"{call.endpoint.url}/token"
    return oauth_fetcher(token_url, call.endpoint.login, call.endpoint.password, call.terms)


def _totals_of(landed: tuple[Landed, ...]) -> _Totals | None:
    """What the pages that landed say of the window."""
    if not landed:
        return None
    records, _, pages = (landed[-1].resume_token or "").partition("/")
    return _Totals(int(records), int(pages))


def _page(
    fetcher: Fetcher, call: Call, number: int, readable: Callable[[Reply], None]
) -> Reply | None:
    """One page; None when the source answers that the window has no content (204)."""
    url = f"{call.endpoint.url}/dvc/v1/{call.dataset.wire_name}"
    try:
        return fetcher.get(url, _params(call, number), _HEADERS, check=readable)
    except RefusedError as error:
        if number == 1 and error.status == 204:
            return None
        raise


class _Readable:
    """Checks each answer. A page that is no JSON was damaged on its way or at the source: it is
    requested again. Where only records are no JSON and the same ones come again, that is how the
    source has them: the page is taken, and these records go to quarantine.
    """

    def __init__(self) -> None:
        self._damaged: list[bytes] = []

    def __call__(self, reply: Reply) -> None:
        """Raise TryAgainError unless the page can be taken."""
        if _is_empty_window(reply):
            return
        try:
            page = _opened(reply)
        except (ContractError, InconsistentDeliveryError) as error:
            raise TryAgainError(around("damaged_page", error, what=reply.what)) from None
        if page.is_damaged and page.elements != self._damaged:
            self._damaged = page.elements
            raise TryAgainError(within(reply.what, detail("damaged_records")))


def _is_empty_window(reply: Reply) -> bool:
    """Whether the page says that there is nothing, in place of an array without elements."""
    try:
        content = reply.json()
    except ContractError:
        return False
    if not isinstance(content, dict) or content.get(_RECORDS) is not None:
        return False
    return stated.number(content.get("tongSo")) == 0


def _opened(reply: Reply) -> json_array.Document:
    with reply.plain() as stream:
        return json_array.load(stream, _RECORDS)


def _check_page(page: json_array.Document, number: int, totals: _Totals | None) -> _Totals:
    """The totals that the page states; they must be those of the pages before it."""
    if not page.members.keys() & _STATED:
        raise InconsistentDeliveryError(
            detail("answer_is_no_page", members=("trang", "tongSo"), last="tongTrang")
        )
    said = _Totals(_number(page, "tongSo"), _number(page, "tongTrang"))
    if _number(page, "trang") != number:
        raise InconsistentDeliveryError(
            detail("other_page", asked=number, given=_number(page, "trang"))
        )
    if totals is not None and said != totals:
        raise InconsistentDeliveryError(
            detail(
                "page_states_other_totals",
                page=number,
                records=said.records,
                pages=said.pages,
                records_before=totals.records,
                pages_before=totals.pages,
            )
        )
    return said


def _check_sum(number: int, held: int, received: int, totals: _Totals) -> None:
    """Pages that hold too few or too many records are not the window's."""
    is_last = number >= totals.pages
    is_whole = received == totals.records
    if received > totals.records or is_last != is_whole or (totals.records and not held):
        raise InconsistentDeliveryError(
            detail(
                "page_sum_differs",
                page=number,
                pages=totals.pages,
                received=received,
                declared=totals.records,
            )
        )


def _number(page: json_array.Document, name: str) -> int:
    return stated.count_of_page(page.members.get(name), name)
