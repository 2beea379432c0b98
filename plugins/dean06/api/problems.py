"""Refusals as problem documents (RFC 9457): a line of JSON that repeats nothing of the request."""

import json
from collections.abc import Mapping

from starlette.responses import Response

MEDIA_TYPE = "application/problem+json"
_TITLES = {
    400: "invalid request",
    401: "no valid token",
    403: "not allowed",
    404: "not found",
    405: "method not allowed",
    406: "format not available",
    429: "too many requests",
    500: "program error",
    503: "not available now",
}


class Problem(Exception):  # noqa: N818  # it is an answer
    """What ends a request with a problem document.

    ``en``, ``vi``: what is wrong and what to do, without anything that the request said.
    """

    def __init__(
        self, status: int, en: str, vi: str, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(en)
        self.status, self.en, self.vi, self.headers = status, en, vi, headers

    def response(self) -> Response:
        """The problem as it is sent."""
        document = {
            "type": "about:blank",
            "title": _TITLES.get(self.status, "refused"),
            "status": self.status,
            "detail": self.en,
            "detail_vi": self.vi,
        }
        return Response(
            json.dumps(document, ensure_ascii=False).encode() + b"\n",
            self.status,
            self.headers,
            MEDIA_TYPE,
        )


def unavailable() -> Problem:
    """The warehouse, or the folder of signed files, does not answer."""
    return Problem(
        503,
        "the data cannot be read now: try again in a minute",
        "hiện không đọc được dữ liệu; đề nghị thử lại sau một phút",
        {"Retry-After": "60"},
    )


def not_found(what: str, vi: str) -> Problem:
    """There is no such thing; ``what`` and ``vi`` name its kind."""
    return Problem(404, f"there is no such {what}", f"không có {vi} này")
