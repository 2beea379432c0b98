"""The police: REST with OAuth2 client credentials, pages of NDJSON behind signed cursors."""

from typing import NamedTuple
from urllib.parse import parse_qs, urlencode

from fastapi import Depends, FastAPI, Request, Response

from ..kernel.clock import moment_text
from .auth import Tokens, basic_pair, is_pair
from .http import Problem, body_response, moment_parameter, new_app, sign, unsign
from .ministry import Ministry

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
        self.tokens = Tokens(self._key, self._secret["client_id"])

    async def token(self, request: Request) -> dict[str, object]:
        """OAuth2 client credentials, in HTTP Basic or in the form."""
        form = {k: v[0] for k, v in parse_qs((await request.body()).decode("latin-1")).items()}
        given = basic_pair(request)
        if given == ("", ""):
            given = form.get("client_id", ""), form.get("client_secret", "")
        if not is_pair(given, self._secret["client_id"], self._secret["client_secret"]):
            raise Problem(401, "unknown client", {"WWW-Authenticate": "Basic"})
        if form.get("grant_type") != "client_credentials":
            raise Problem(400, "grant_type must be client_credentials")
        return self.tokens.issue()

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
        content = self._ministry.content("police", dataset, window.since, window.until)
        lines = content.lines(start, start + limit)
        headers = {"X-Record-Count": str(len(lines)), "X-Total-Count": str(len(content))}
        if start + limit < len(content):
            headers["Link"] = self._next(request, window, limit, start + limit)
        body = b"".join(line + b"\n" for line in lines)
        return body_response(request, body, "application/x-ndjson", headers)

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
    allowed = [Depends(rest.tokens.check), Depends(_purpose)]
    app.add_api_route("/oauth2/token", rest.token, methods=["POST"], response_model=None)
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


def _purpose(request: Request) -> None:
    """403 unless the request says why it is made and by whom."""
    if not request.headers.get("x-purpose") or not request.headers.get("x-caller"):
        raise Problem(403, "X-Purpose and X-Caller must say why and who")
