"""Education: registrations for the national graduation examination. Workbooks, one per council.

Councils format their lists by hand: merged titles, blank lines between candidates, a header of two
rows, numbers typed as text or text as numbers, a total and signatures at the end. A workbook is
the council's whole list as of its ``Lập lúc``.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import IO
from urllib.parse import quote

import httpx2 as httpx
import msgspec

from dean06.contract import Dataset
from dean06.details.detail import Detail, detail
from dean06.errors import ContractError, InconsistentDeliveryError, ManifestMismatchError
from dean06.sources import Call, Piece
from dean06.wire import sheet_records, stated
from dean06.wire.answers import Reply
from dean06.wire.http import Fetcher, trusted
from dean06.wire.records import Batch
from dean06.wire.sheet_table import Layout

_YEAR_TITLE = "DANH SÁCH THÍ SINH ĐĂNG KÝ DỰ THI TỐT NGHIỆP THPT NĂM"
_COUNCIL, _COMPILED = "Hội đồng thi", "Lập lúc"
_KEY_HEADER = "Số báo danh"
_TOTALS = ("Tổng", "Cộng")
IGNORED = ("STT", "Ghi chú")
"""Columns that carry no fact: a running number, and remarks in free text."""


def extract(call: Call) -> Iterator[Piece]:
    """Yield the workbooks compiled in the window that have not landed yet."""
    fetcher = Fetcher(
        httpx.Client(
            auth=(call.endpoint.login, call.endpoint.password),
            timeout=call.terms.timeout_seconds,
            verify=trusted(),
        ),
        call.terms,
    )
    params = {"until": call.until.isoformat()}
    if call.since:
        params["since"] = call.since.isoformat()
    listed = _listed(fetcher.get(f"{call.endpoint.url}/exam/index.json", params))
    fetcher.bounds.check_files(len(listed))
    landed = {piece.name for piece in call.landed}
    for entry in listed:
        if entry.name not in landed:
            reply = fetcher.get(f"{call.endpoint.url}/exam/{quote(entry.name)}")
            _check_digest(reply, entry)
            yield Piece(
                name=entry.name, suffix="xlsx", body=reply.unpacked(), declared=entry.candidates
            )


def parse(dataset: Dataset, piece_name: str, stream: IO[bytes]) -> Iterator[Batch]:
    """The candidates of one workbook, with its year, council and time of compilation on each.

    A record without a candidate number, with an error in a cell or with a formula that was not
    computed becomes a Problem. Raises ContractError when the workbook cannot be read, holds no list
    or two, lacks its title rows, or names a column twice.
    """
    layout = Layout(_KEY_HEADER, [str(c.wire_name) for c in dataset.staged], IGNORED, _TOTALS)
    yield from sheet_records.read(stream, piece_name, layout, _titles)


@dataclass(frozen=True)
class _Entry:
    """A workbook that the index lists."""

    name: str
    candidates: int
    sha256: str


class _Workbook(msgspec.Struct, frozen=True):
    name: str
    candidates: stated.Number
    sha256: str


class _Index(msgspec.Struct, frozen=True):
    total: stated.Number
    workbooks: list[_Workbook] | None = None
    """None or missing: there is none in the window."""


def _listed(reply: Reply) -> list[_Entry]:
    """The workbooks of the index. Raises ContractError naming the member that cannot be used,
    InconsistentDeliveryError when they are not as many as the index says."""
    index = stated.listing(reply.json(), _Index, detail("index"))
    total = stated.count(index.total, detail("of_index", name="total"))
    workbooks = index.workbooks or []
    if len(workbooks) != total:
        raise InconsistentDeliveryError(
            detail("index_count_differs", listed=len(workbooks), stated=total)
        )
    return [
        _Entry(
            name=stated.file_name(workbook.name, _member(number, "name")),
            candidates=stated.count(workbook.candidates, _member(number, "candidates")),
            sha256=stated.sha256(workbook.sha256, _member(number, "sha256")),
        )
        for number, workbook in enumerate(workbooks)
    ]


def _member(number: int, name: str) -> Detail:
    return detail("of_index", name=f"workbooks[{number}].{name}")


def _check_digest(reply: Reply, entry: _Entry) -> None:
    """The workbook must be the one the index lists, not merely one that arrived whole."""
    actual = reply.sha256()
    if actual != entry.sha256:
        declared = entry.sha256[:12]
        raise ManifestMismatchError(
            detail("index_digest_differs", file=entry.name, declared=declared, actual=actual[:12])
        )


def _titles(above: str) -> Mapping[str, object]:
    """Year, council and time of compilation, from the text above the list."""
    year = re.search(rf"{_YEAR_TITLE}\s+(\d{{4}})", above, re.IGNORECASE)
    council = re.search(rf"{_COUNCIL}\s*:\s*(\d+)", above, re.IGNORECASE)
    compiled = re.search(
        rf"{_COMPILED}\s*:\s*(\d\d:\d\d:\d\d) (\d\d)/(\d\d)/(\d{{4}})", above, re.IGNORECASE
    )
    if not (year and council and compiled):
        parts = {_YEAR_TITLE: year, _COUNCIL: council, _COMPILED: compiled}
        missing = [repr(title) for title, found in parts.items() if not found]
        raise ContractError(detail("rows_above_lack", titles=missing))
    clock, day, month, in_year = compiled.groups()
    return {
        _YEAR_TITLE: year.group(1),
        _COUNCIL: council.group(1),
        _COMPILED: f"{in_year}-{month}-{day}T{clock}+07:00",
    }
