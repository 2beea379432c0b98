"""Steering office of Project 06: the plan's tasks. One CSV, always the whole list, HTTP Basic.

The office keeps the list in a spreadsheet and publishes it as it stands at a moment: semicolons,
Vietnamese titles, a byte order mark. What did not change since the last window is recognised by
its ``Cập nhật lúc`` when it is merged.
"""

from collections.abc import Iterator
from typing import IO

import httpx2 as httpx

from dean06.contract import Dataset
from dean06.errors import InconsistentDeliveryError
from dean06.sources import Call, Piece
from dean06.wire import csv
from dean06.wire.http import Fetcher, Reply, trusted
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
    packed = reply.headers.get("content-encoding") == "gzip"
    yield Piece(
        name="nhiem-vu",
        suffix="csv.gz" if packed else "csv",
        body=reply.body,
        declared=_count(reply),
    )


def parse(dataset: Dataset, piece_name: str, stream: IO[bytes]) -> Iterator[Batch]:
    """Semicolon-separated lines under the contract's titles."""
    del dataset, piece_name
    return csv.read(stream, delimiter=";")


def _count(reply: Reply) -> int:
    stated = reply.headers.get("x-record-count", "")
    if not stated.isdigit():
        raise InconsistentDeliveryError("the list does not state its X-Record-Count")
    return int(stated)
