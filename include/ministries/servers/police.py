"""The police: REST with OAuth2 client credentials, pages of NDJSON behind signed cursors."""

import itertools
from collections.abc import Iterable
from typing import NamedTuple
from urllib.parse import urlencode

from fastapi import Depends, FastAPI, Request, Response

from ..dirt.stranger_forms import BYTE_ORDER_MARK
from ..kernel.clock import moment_text
from .http import Problem, body_response, moment_parameter, new_app, sign, unsign
from .ministry import Ministry
from .oauth import TokenEndpoint, says_purpose

DATASETS = ("resident", "household", "id_card_dossier", "id_card", "eid_account")
_MAX_LIMIT = 50_000


def describe(path: str, _query: str) -> tuple[str | None, str | None]:
    """The dataset and stage of a request, for faults."""
    return (path.removeprefix("/v1/"), "page") if path.startswith("/v1/") else (None, None)


class Rest:
    """The endpoints."""

    def __init__(self, ministry: Ministry) -> None:
        self._ministry = ministry
        self._secret = ministry.credentials["police"]
        self._key = self._secret["signing_key"]
        self.tokens = TokenEndpoint(self._secret, ministry.clock("police"))

    def page(
        self,
        request: Request,
        dataset: str,
        until: str,
        since: str | None = None,
        limit: int = 5000,
        cursor: str | None = None,
    ) -> Response:
        """One page of a window."""
        window = _window(dataset, since, until, limit)
        start = self._start(cursor, window)
        if cursor and self._ministry.faults.take("police", dataset, ("repeated_page",)):
            start = max(start - limit, 0)
        content = self._ministry.content("police", dataset, window.since, window.until)
        count = min(limit, max(len(content) - start, 0))
        headers = {"X-Record-Count": str(count), "X-Total-Count": str(len(content))}
        if start + limit < len(content):
            headers["Link"] = self._next(request, window, limit, start + limit)
        blocks: Iterable[bytes] = content.blocks(start, start + limit)
        if content.is_strange:
            blocks = itertools.chain([BYTE_ORDER_MARK], blocks)
        coding = "x-gzip" if content.is_strange else "gzip"
        return body_response(request, blocks, "application/x-ndjson", headers, coding)

    def _next(self, request: Request, window: "Window", limit: int, start: int) -> str:
        query = {"until": moment_text(window.until), "limit": str(limit)}
        if window.since is not None:
            query["since"] = moment_text(window.since)
        query["cursor"] = sign(self._key, [*window, start])
        base = f"{request.url.scheme}://{request.headers.get('host', '')}"
        return f'<{base}/v1/{window.dataset}?{urlencode(query)}>; rel="next"'

    def _start(self, cursor: str | None, window: "Window") -> int:
        """Where a page starts: the cursor must be ours and of the same window."""
        if cursor is None:
            return 0
        try:
            *bound, start = unsign(self._key, cursor)
        except (ValueError, TypeError):
            raise Problem(400, "the cursor is not valid") from None
        if bound != list(window):
            raise Problem(400, "the cursor belongs to another window")
        return int(start)


class Window(NamedTuple):
    """What a client asks for."""

    dataset: str
    since: int | None
    until: int


def build(ministry: Ministry) -> FastAPI:
    """The application."""
    app, rest = new_app("police"), Rest(ministry)
    allowed = [Depends(rest.tokens.check), Depends(says_purpose)]
    app.add_api_route("/oauth2/token", rest.tokens.issue, methods=["POST"], response_model=None)
    app.add_api_route("/v1/{dataset}", rest.page, dependencies=allowed, response_model=None)
    return app


def _window(dataset: str, since: str | None, until: str, limit: int) -> Window:
    """The window of a request, or the problem with it."""
    if dataset not in DATASETS:
        raise Problem(404, "unknown dataset")
    if not 1 <= limit <= _MAX_LIMIT:
        raise Problem(400, f"limit must be between 1 and {_MAX_LIMIT}")
    after = moment_parameter("since", since) if since is not None else None
    last = moment_parameter("until", until)
    if after is not None and last < after:
        raise Problem(400, "until is before since")
    return Window(dataset, after, last)
