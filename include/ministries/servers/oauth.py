"""What the sources with OAuth2 client credentials share: the token endpoint and the purpose."""

import time
from urllib.parse import parse_qs

from fastapi import Request

from .auth import Clock, Tokens, basic_pair, is_pair
from .http import Problem


class TokenEndpoint:
    """Issues and checks the bearer tokens of one source."""

    def __init__(self, secret: dict[str, str], clock: Clock = time.time) -> None:
        self._client = secret["client_id"], secret["client_secret"]
        self._tokens = Tokens(secret["signing_key"], secret["client_id"], clock)

    async def issue(self, request: Request) -> dict[str, object]:
        """OAuth2 client credentials (RFC 6749, 4.4), in HTTP Basic or in the form."""
        form = {k: v[0] for k, v in parse_qs((await request.body()).decode("latin-1")).items()}
        given = basic_pair(request)
        if given == ("", ""):
            given = form.get("client_id", ""), form.get("client_secret", "")
        if not is_pair(given, *self._client):
            raise Problem(401, "unknown client", {"WWW-Authenticate": "Basic"})
        if form.get("grant_type") != "client_credentials":
            raise Problem(400, "grant_type must be client_credentials")
        return self._tokens.issue()

    def check(self, request: Request) -> None:
        """401 unless the request carries a valid token."""
        self._tokens.check(request)


def says_purpose(request: Request) -> None:
    """403 unless the request says why it is made and by whom."""
    if not request.headers.get("x-purpose") or not request.headers.get("x-caller"):
        raise Problem(403, "X-Purpose and X-Caller must say why and who")
