"""Education: registrations for the national graduation examination. Workbooks, one per council.

Councils format their lists by hand: merged titles, blank lines between candidates, a header of two
rows, numbers typed as text or text as numbers, a total and signatures at the end. A workbook is
the council's whole list as of its ``Lập lúc``.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import IO, Any, cast
from urllib.parse import quote

import httpx2 as httpx

from dean06.contract import Dataset
from dean06.errors import ContractError, InconsistentDeliveryError, ManifestMismatchError
from dean06.sources import Call, Piece
from dean06.wire import workbook
from dean06.wire.http import Fetcher, trusted
from dean06.wire.records import Batch, text_problem

_YEAR_TITLE = "DANH SÁCH THÍ SINH ĐĂNG KÝ DỰ THI TỐT NGHIỆP THPT NĂM"
_COUNCIL, _COMPILED = "Hội đồng thi", "Lập lúc"
_KEY_HEADER = "Số báo danh"
_TOTAL = re.compile(r"Tổng cộng:\s*(\d+)")
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
    index = fetcher.get(f"{call.endpoint.url}/exam/index.json", params).json()
    if len(index["workbooks"]) != index["total"]:
        raise InconsistentDeliveryError(
            f"the index lists {len(index['workbooks'])} workbooks and says {index['total']}"
        )
    landed = {piece.name for piece in call.landed}
    for entry in index["workbooks"]:
        if entry["name"] not in landed:
            reply = fetcher.get(f"{call.endpoint.url}/exam/{quote(entry['name'])}")
            _check_digest(reply.body, entry)
            yield Piece(
                name=entry["name"],
                suffix="xlsx",
                body=reply.body,
                declared=int(entry["candidates"]),
            )


def parse(dataset: Dataset, piece_name: str, stream: IO[bytes]) -> Iterator[Batch]:
    """The candidates of one workbook, with its year, council and time of compilation on each.

    Raises ContractError when the title rows or the header are not there, or name a column twice.
    """
    del dataset
    sheet = workbook.read(stream, piece_name)
    header = sheet.find_row(_KEY_HEADER)
    if header is None:
        raise ContractError(f"{piece_name}: no header row with {_KEY_HEADER!r}")
    common = _titles(sheet, header, piece_name)
    names = [str(cell).strip() if cell is not None else "" for cell in sheet.rows[header]]
    titles = [name for name in names if name and name not in IGNORED]
    if len(set(titles)) != len(titles):
        raise ContractError(f"{piece_name}: the header names a column twice")
    batch = Batch()
    for index in range(header + 1, len(sheet.rows)):
        cells = sheet.rows[index]
        filled = [cell for cell in cells if cell is not None]
        if not filled:
            continue
        if _TOTAL.match(str(filled[0])):
            break
        record = {name: _text(cell) for name, cell in zip(names, cells, strict=True) if name}
        for ignored in IGNORED:
            record.pop(ignored, None)
        problem = text_problem(record) or (
            "bad_workbook_row" if record.get(_KEY_HEADER) is None else None
        )
        if problem:
            batch.reject(index + 1, problem, repr(record))
        else:
            batch.add(index + 1, {**record, **common})
    yield batch


def _check_digest(body: IO[bytes], entry: Mapping[str, Any]) -> None:
    """The workbook must be the one the index lists, not merely one that arrived whole."""
    actual = hashlib.file_digest(cast("Any", body), "sha256").hexdigest()
    body.seek(0)
    if actual != entry["sha256"]:
        raise ManifestMismatchError(
            f"{entry['name']}: the index says SHA-256 {entry['sha256'][:12]}…, "
            f"the workbook has {actual[:12]}…"
        )


def _titles(sheet: workbook.Sheet, header: int, piece_name: str) -> Mapping[str, object]:
    above = " ".join(str(cell) for row in sheet.rows[:header] for cell in row if cell is not None)
    year = re.search(rf"{_YEAR_TITLE}\s+(\d{{4}})", above)
    council = re.search(rf"{_COUNCIL}:\s*(\d+)", above)
    compiled = re.search(rf"{_COMPILED}:\s*(\d\d:\d\d:\d\d) (\d\d)/(\d\d)/(\d{{4}})", above)
    if not (year and council and compiled):
        raise ContractError(f"{piece_name}: year, council or time of compilation is missing")
    clock, day, month, in_year = compiled.groups()
    return {
        _YEAR_TITLE: year.group(1),
        _COUNCIL: council.group(1),
        _COMPILED: f"{in_year}-{month}-{day}T{clock}+07:00",
    }


def _text(cell: object) -> str | None:
    """A cell as the clerk would read it: whole numbers without '.0', dates as dd/MM/yyyy."""
    if cell is None:
        return None
    if isinstance(cell, bool | int):
        return str(cell)
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else str(cell)
    if isinstance(cell, datetime | date):
        return cell.strftime("%d/%m/%Y")
    return str(cell) or None
