"""Answers: JSON or CSV, as the request prefers; with an entity tag, so that what has not changed
is not sent again."""

import csv
import hashlib
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import msgspec
from fastapi import Request
from starlette.responses import Response
from werkzeug.datastructures import MIMEAccept
from werkzeug.http import parse_accept_header, parse_etags

from dean06.api.problems import Problem

JSON, CSV = "application/json", "text/csv"
_ENCODER = msgspec.json.Encoder(decimal_format="number")
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Page:
    """Rows of a list, with the names of their columns."""

    columns: Sequence[str]
    rows: Sequence[Row]
    cursor: str | None = None
    """Where the next page begins; None on the last page."""
    about: Row = field(default_factory=dict)
    """What is said of the list as a whole."""


def rows_of(found: Sequence[Any]) -> list[dict[str, Any]]:
    """Rows of a query as they are sent: moments in UTC, whatever the session's time zone is."""
    names = found[0]._fields if found else ()
    rows = [dict(zip(names, row, strict=True)) for row in found]
    for name in names:
        known = next((row[name] for row in rows if row[name] is not None), None)
        if isinstance(known, datetime):
            for row in rows:
                row[name] = row[name].astimezone(UTC) if row[name] is not None else None
    return rows


def row_of(found: Any) -> dict[str, Any]:
    """As ``rows_of``, of one row."""
    return rows_of([found])[0]


def page(request: Request, found: Page, asked: Mapping[str, Any], limit: int) -> Response:
    """A page of a list, as JSON or CSV. Raises Problem (406)."""
    kind = negotiated(request, JSON, CSV)
    following = None
    if found.cursor:
        query = urlencode({**asked, "limit": limit, "cursor": found.cursor})
        following = f"{request.scope.get('root_path', '')}{_path(request)}?{query}"
    headers = {"Link": f'<{following}>; rel="next"'} if following else {}
    if kind == CSV:
        body = _csv(found.columns, found.rows)
        return tagged(request, body, f"{CSV}; charset=utf-8; header=present", headers)
    document = {**found.about, "data": found.rows, "next": following}
    return tagged(request, _ENCODER.encode(document), JSON, headers)


def one(request: Request, found: Row) -> Response:
    """One thing, as JSON. Raises Problem (406)."""
    negotiated(request, JSON)
    return tagged(request, _ENCODER.encode(found), JSON)


def negotiated(request: Request, *offered: str) -> str:
    """The one of the media types that the request prefers; the first one where it does not say.
    Raises Problem (406) where it accepts none."""
    accepted = ", ".join(request.headers.getlist("accept"))
    if not accepted.strip():
        return offered[0]
    best = parse_accept_header(accepted, MIMEAccept).best_match(offered)
    if best is None:
        raise Problem(
            406,
            f"this resource is available as {' and '.join(offered)}",
            f"dữ liệu này có ở dạng {' và '.join(offered)}",
        )
    return str(best)


def tagged(
    request: Request, body: bytes, media_type: str, headers: Mapping[str, str] | None = None,
    tag: str = "",
) -> Response:  # fmt: skip
    """The body with its entity tag; 304 without it where the request has the same. ``tag``: in
    place of a hash of the body, which may then be empty where it is not needed."""
    tag = tag or hashlib.sha256(body).hexdigest()[:32]
    all_headers = {**request.state.headers, **(headers or {}), "ETag": f'W/"{tag}"'}
    if has(request, tag):
        return Response(status_code=304, headers=all_headers)
    return Response(body, 200, all_headers, media_type)


def has(request: Request, tag: str) -> bool:
    """Whether the request has the representation of a tag (``If-None-Match``)."""
    known = parse_etags(", ".join(request.headers.getlist("if-none-match")))
    return bool(known.contains_weak(tag))


def _path(request: Request) -> str:
    return str(request.scope["path"]).removeprefix(request.scope.get("root_path", ""))


def _csv(columns: Sequence[str], rows: Sequence[Row]) -> bytes:
    """RFC 4180, in UTF-8: an empty field is no value, a list is separated by spaces."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([_cell(row[name]) for name in columns] for row in rows)
    return text.getvalue().encode()


def _cell(value: Any) -> Any:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, list):
        return " ".join(map(_text, value))
    return value


def _text(value: Any) -> str:
    """A member of a list; of a cause of a revision its words."""
    if isinstance(value, Mapping):
        return ":".join("" if each is None else str(each) for each in value.values())
    return str(value)
