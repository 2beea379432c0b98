"""Signing in with OAuth2 client credentials (RFC 6749 §4.4), with answers read within bounds."""

import json
from collections.abc import Mapping
from typing import Any, cast

import httpx2 as httpx
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.httpx_client import OAuth2Client

from dean06.details.detail import detail
from dean06.terms import Terms
from dean06.wire.answers import NotLoggedInError, RefusedError, TryAgainError, received, retry_after
from dean06.wire.http import Fetcher, trusted

MAX_TOKEN_BYTES = 256 * 1024
"""What the answer of a token endpoint may be, packed and unpacked."""
_ERRORS = (
    "invalid_request", "invalid_client", "invalid_grant", "unauthorized_client",
    "unsupported_grant_type", "invalid_scope",
)  # fmt: skip
"""Error codes of RFC 6749 §5.2."""
_WHAT = detail("token_endpoint")
_KEPT = ("retry-after", "date", "location")
"""Headers that still say something once the answer is unpacked."""


class TokenClient(OAuth2Client):  # type: ignore[misc,unused-ignore]  # authlib is untyped
    """An OAuth2 client that reads answers of its token endpoint within bounds, in all the ways
    that endpoints write them."""

    def send(self, request: httpx.Request, **options: Any) -> httpx.Response:
        """As of any client; what is not streamed is an answer of the token endpoint."""
        if options.pop("stream", False):
            return cast("httpx.Response", super().send(request, stream=True, **options))
        answer = super().send(request, stream=True, **options)
        try:
            return _whole(answer)
        finally:
            answer.close()

    def parse_response_token(self, resp: httpx.Response) -> Mapping[str, Any]:
        """Keep the token of an answer. Raises TryAgainError when it gives none."""
        self.token = _token(resp)
        return cast("Mapping[str, Any]", self.token)


def _whole(answer: httpx.Response) -> httpx.Response:
    taken = 0

    def take_bytes(number: int) -> None:
        nonlocal taken
        taken += number
        _check_size(taken)

    reply = received(answer, _WHAT, take_bytes)
    with reply.plain() as stream:
        content = stream.read(MAX_TOKEN_BYTES + 1)
    _check_size(len(content))
    kept = {
        name: answer.headers[name] for name in ("retry-after", "date") if name in answer.headers
    }
    return httpx.Response(answer.status_code, headers=kept, content=content, request=answer.request)


def _check_size(size: int) -> None:
    if size > MAX_TOKEN_BYTES:
        raise TryAgainError(detail("answer_too_long", what=_WHAT, most=MAX_TOKEN_BYTES))


def _token(answer: httpx.Response) -> dict[str, Any]:
    """The token of an answer, its lifetime as a number of seconds.

    Only codes of RFC 6749 reach a message. ``expires_at`` is no member of the standard and is left
    out.
    """
    status = answer.status_code
    if status == 204 or answer.is_redirect or status >= 500:
        refused = detail("token_http_status", status=status)
        raise TryAgainError(refused, retry_after(answer.headers))
    try:
        content = json.loads(answer.content)
    except (ValueError, RecursionError):
        content = None
    is_said = isinstance(content, dict) and content.get("error") in _ERRORS
    if status in (404, 410) and not is_said:  # the address is wrong, not the login
        raise RefusedError(detail("token_not_there", status=status))
    if not isinstance(content, dict):
        raise TryAgainError(detail("token_not_json", status=status))
    if content.get("error") in _ERRORS:
        raise NotLoggedInError(detail("login_refused", code=content["error"]))
    if not isinstance(content.get("access_token"), str) or not content["access_token"]:
        raise NotLoggedInError(detail("login_without_token", status=status))
    token = {name: value for name, value in content.items() if name != "expires_at"}
    token["expires_in"] = _seconds(content.get("expires_in"))
    if not isinstance(token.get("token_type"), str):
        token["token_type"] = "bearer"  # noqa: S105  # a kind of token, no token
    return token


def _seconds(written: object) -> int | None:
    """A lifetime that may be a number, a text or missing; None: unknown."""
    if isinstance(written, bool) or not isinstance(written, int | float | str):
        return None
    try:
        return max(0, int(float(written)))
    except (ValueError, OverflowError):
        return None


def sign_in(client: Any) -> None:
    """Get a token unless the client holds one that lives. Raises TryAgainError when refused."""
    if client.token and not client.token.is_expired():
        return
    client.token = None
    try:
        client.fetch_token()
    except AuthlibBaseError as error:
        if error.error in _ERRORS:
            raise NotLoggedInError(detail("login_refused", code=error.error)) from None
        raise NotLoggedInError(detail("login_refused_unknown")) from None


def oauth_fetcher(token_url: str, client_id: str, client_secret: str, terms: Terms) -> Fetcher:
    """A fetcher that signs in with OAuth2 client credentials.

    ``terms`` are those of the source's contract: retries, waits, bounds and ``timeout_seconds``.
    """
    client = TokenClient(
        client_id,
        client_secret,
        token_endpoint=token_url,
        grant_type="client_credentials",
        timeout=terms.timeout_seconds,
        verify=trusted(),
    )
    return Fetcher(client, terms, authenticate=sign_in)
