"""Steering office of Project 06: the plan's tasks. One CSV, always the whole list, HTTP Basic.

The office keeps the list in a spreadsheet and publishes it as it stands at a moment: semicolons,
Vietnamese titles, a byte order mark. What did not change since the last window is recognised by
its ``Cập nhật lúc`` when it is merged.
"""

from collections.abc import Iterator
from typing import IO

import httpx2 as httpx

from dean06.contract import Dataset
from dean06.details.detail import detail
from dean06.errors import InconsistentDeliveryError
from dean06.sources import Call, Piece
from dean06.wire import csv, stated
from dean06.wire.answers import Reply
from dean06.wire.http import Fetcher, trusted
from dean06.wire.records import Batch

_HEADERS = {"Accept": "text/csv", "Accept-Encoding": "gzip"}


def extract(call: Call) -> Iterator[Piece]:
    """Yield the whole list as of the window's end, unless it has landed."""
    if call.landed:
        return
    client = httpx.Client(
        auth=(call.endpoint.login, call.endpoint.password),
        timeout=call.terms.timeout_seconds,
        verify=trusted(),
    )
    reply = Fetcher(client, call.terms).get(
        f"{call.endpoint.url}/ke-hoach/nhiem-vu.csv", {"den": call.until.isoformat()}, _HEADERS
    )
    yield Piece(
        name="nhiem-vu",
        suffix="csv.gz" if reply.is_packed else "csv",
        body=reply.body,
        declared=_count(reply),
    )


def parse(dataset: Dataset, piece_name: str, stream: IO[bytes]) -> Iterator[Batch]:
    """Semicolon-separated lines under the contract's titles."""
    del dataset, piece_name
    return csv.read(stream, delimiter=";")


def _count(reply: Reply) -> int:
    found = stated.number(reply.headers.get("x-record-count"))
    if found is None:
        raise InconsistentDeliveryError(detail("record_count_missing"))
    return found
