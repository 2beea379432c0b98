"""The programme office: one CSV file with all tasks of the plan, behind HTTP Basic."""

import hashlib
from collections.abc import Callable

from fastapi import Depends, FastAPI, Query, Request, Response

from ..dirt.bad_records import unreadable_line
from ..dirt.stranger_forms import csv_head, csv_line, csv_tail
from ..dirt.stranger_records import STRANGE
from ..faults import ADDED, STRANGE_RECORDS, Fault
from ..feeds.lines import Shape
from ..feeds.tasks import TaskFeed, csv_list, unreadable_row
from ..kernel.clock import end_of_day
from .auth import basic_pair, is_pair
from .content import OVERSIZE
from .http import Problem, body_response, moment_parameter, new_app
from .ministry import Ministry

_SOURCE, _DATASET, _PATH = "programme", "task", "/ke-hoach/nhiem-vu.csv"
_BOM, _SIGN = b"\xef\xbb\xbf", ";"
_RUIN: dict[str, Callable[[bytes], bytes]] = {
    "wrong_field_count": unreadable_row,
    "invalid_utf8": lambda line: unreadable_line("invalid_utf8", line),
    "nul_byte": lambda line: unreadable_line("nul_byte", line),
    "oversized_field": lambda line: line.replace(b"Nhi", b"A" * OVERSIZE, 1),
}
"""The ways in which a line can be bad; other kinds of bad records are not of this source."""


def describe(path: str, _query: str) -> tuple[str | None, str | None]:
    """The dataset and stage of a request, for faults."""
    return (_DATASET, "page") if path == _PATH else (None, None)


class Programme:
    """The endpoint of tasks."""

    def __init__(self, ministry: Ministry) -> None:
        self._ministry = ministry
        self._secret = ministry.credentials[_SOURCE]
        self._feed = TaskFeed(ministry.world)

    def known(self, request: Request) -> None:
        """401 unless user and password are right."""
        if not is_pair(basic_pair(request), self._secret["username"], self._secret["password"]):
            raise Problem(401, "unknown user", {"WWW-Authenticate": 'Basic realm="ke-hoach"'})

    def tasks(self, request: Request, until: str = Query(alias="den")) -> Response:
        """The whole list as of a moment."""
        last = min(moment_parameter("den", until), end_of_day(self._ministry.horizon))
        faults = self._ministry.faults
        altered = faults.of_window(_SOURCE, _DATASET, f"{_DATASET}/{last}")
        header, *lines = _altered(self._list(last, altered), altered)
        wrong = faults.take(_SOURCE, _DATASET, ("manifest_rows",))
        body = _BOM + b"".join(line + b"\r\n" for line in (header, *lines))
        if any(fault.kind == "other_forms" for fault in altered):
            forms = [csv_head(header, _SIGN), *(csv_line(line, _SIGN) for line in lines)]
            body = b"".join(line + b"\r\n" for line in forms) + csv_tail(header, _SIGN)
        headers = {
            "X-Record-Count": str(len(lines) + (1 if wrong else 0)),
            "ETag": f'"{hashlib.sha256(body).hexdigest()[:32]}"',
        }
        return body_response(request, [body], "text/csv; charset=utf-8", headers)

    def _list(self, last: int, faults: list[Fault]) -> list[bytes]:
        dropped = frozenset(str(f.args["column"]) for f in faults if f.kind == "missing_field")
        extra = any(fault.kind == "unknown_field" for fault in faults)
        return csv_list(self._feed.rows(last), Shape(dropped, extra))


def _altered(lines: list[bytes], faults: list[Fault]) -> list[bytes]:
    """Header and records as the faults that are on leave them."""
    header, *records = lines
    sound = list(records)
    for fault in faults:
        if fault.kind == "empty_feed":
            records = []
        elif fault.kind == "duplicated_page":
            records += sound
        elif fault.kind in ("reordered_rows", "reordered_pages"):
            records.reverse()
        elif fault.kind == STRANGE_RECORDS:
            ways = STRANGE[f"{_SOURCE}.{_DATASET}"]
            records = [*(way.spoil(sound[0], way.key) for way in ways), *records]
        elif fault.kind in ADDED and fault.kind in _RUIN:
            bad = [_RUIN[fault.kind](line) for line in sound[: int(fault.args.get("records", 1))]]
            records = [*bad, *records]
    return [header, *records]


def build(ministry: Ministry) -> FastAPI:
    """The application."""
    app, programme = new_app("programme"), Programme(ministry)
    allowed = [Depends(programme.known)]
    app.add_api_route(_PATH, programme.tasks, dependencies=allowed, response_model=None)
    return app
