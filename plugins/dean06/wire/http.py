"""HTTP as a source's contract wants it: retried, verified, bounded, streamed to disk.

One place knows what is worth a retry (connection errors, 401 once the token is renewed, 408, 429,
5xx, a body cut short or altered) and how long to wait (Retry-After when the source says so, else
growing waits). Authentication comes from Authlib or httpx, never from here.
"""

import ssl
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any
from urllib.parse import urljoin, urlsplit

import httplink
import httpx2 as httpx
import tenacity

from dean06.details.detail import Detail, detail, within
from dean06.errors import ContractError, LoginError, SourceError, around
from dean06.terms import Terms
from dean06.wire.answers import RefusedError, Reply, TryAgainError, check_status, received
from dean06.wire.bounds import Bounds

_LONGEST_WAIT = 120.0
_STALE_TOKEN = (400, 403)
"""With these, some servers refuse a token that has expired; 401 is the right status."""


class Fetcher:
    """Reads one delivery over HTTP with the retries and bounds that its contract states."""

    def __init__(
        self,
        client: httpx.Client,
        terms: Terms,
        authenticate: Callable[[Any], None] | None = None,
    ) -> None:
        """``authenticate`` sees to it that the client holds a ``token``, before each attempt."""
        self._client: Any = client
        self._authenticate = authenticate
        self._attempts = terms.retry_attempts
        self._first_wait = terms.retry_wait_seconds
        self.bounds = Bounds(terms)

    def get(
        self,
        url: str,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        check: Callable[[Reply], None] | None = None,
        what: Detail | None = None,
    ) -> Reply:
        """GET a whole body; ``check`` may refuse it as damaged by raising TryAgainError.

        ``what`` says in messages what is asked for, where the source made up the URL. Raises
        SourceError when the last attempt failed too, RefusedError when the source refuses the
        request as such.
        """
        asked = {"Accept-Encoding": "gzip", **(headers or {})}
        args = (what or detail("address", url=_path(url)), url, params or {}, asked, check)
        token = getattr(self._client, "token", None)
        try:
            return self._retrying(*args)
        except RefusedError as error:
            if error.status not in _STALE_TOKEN or token is None or self._client.token is not token:
                raise
            self._client.token = None
            return self._retrying(*args)

    def _retrying(self, *args: Any) -> Reply:
        retryer = tenacity.Retrying(
            retry=tenacity.retry_if_exception_type(TryAgainError),
            stop=tenacity.stop_after_attempt(self._attempts),
            wait=self._wait,
            reraise=True,
        )
        try:
            return retryer(self._get, *args)
        except TryAgainError as error:
            kind = LoginError if isinstance(error, LoginError) else SourceError
            raise kind(around("after_attempts", error, attempts=self._attempts)) from None

    def _wait(self, state: tenacity.RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome else None
        asked = error.wait if isinstance(error, TryAgainError) else None
        growing = self._first_wait * 2 ** (state.attempt_number - 1)
        return min(asked if asked is not None else growing, _LONGEST_WAIT)

    def _get(
        self,
        what: Detail,
        url: str,
        params: Mapping[str, str],
        headers: Mapping[str, str],
        check: Callable[[Reply], None] | None,
    ) -> Reply:
        self.bounds.check_time()
        try:
            if self._authenticate:
                self._authenticate(self._client)
            with self._client.stream("GET", url, params=params or None, headers=headers) as answer:
                if answer.status_code == 401 and hasattr(self._client, "token"):
                    self._client.token = None  # the next attempt asks for another one
                check_status(answer, what)
                reply = received(answer, what, self.bounds.take_bytes)
            if check:
                check(reply)
                reply.body.seek(0)
            return reply
        except httpx.InvalidURL:
            raise ContractError(within(what, detail("invalid_url"))) from None
        except httpx.TransportError as error:
            # Its text may quote what came instead of HTTP, which may be a record.
            raise TryAgainError(within(what, _told(error))) from None


def _told(error: httpx.TransportError) -> Detail:
    """A failure of the connection; only where nothing was received its text is quoted too."""
    kind = type(error).__name__
    if isinstance(error, httpx.ConnectError):
        return detail("not_connected", kind=kind, said=str(error))
    is_late = isinstance(error, httpx.TimeoutException)
    return detail("timed_out" if is_late else "connection_lost", kind=kind)


@cache
def trusted() -> ssl.SSLContext:
    """Whom we trust to be a source, read once: each client by itself would spend 50 ms on it."""
    return httpx.create_ssl_context()


def at_same_place(known: str, url: str) -> str:
    """A URL that a source names, if it is on the server we know: our token goes nowhere else.

    Raises ContractError otherwise.
    """
    try:
        is_known = urlsplit(url)[:2] == urlsplit(known)[:2]
    except ValueError:
        raise ContractError(detail("source_names_invalid_url")) from None
    if not is_known:
        raise ContractError(detail("source_names_other_server"))
    return url


def next_page(reply: Reply) -> str | None:
    """Where the next page is: the ``next`` of a ``Link`` header (RFC 8288), or None on the last.

    Raises ContractError for a header that cannot be read, or that names two next pages.
    """
    try:
        links = httplink.parse_link_header(reply.headers.get("link", "")).links
        # A link with an anchor is not about this page (§3.2).
        found = {
            urljoin(reply.url, link.target)
            for link in links
            if "next" in link.rel and not any(name == "anchor" for name, _ in link.attributes)
        }
    except ValueError:
        raise ContractError(within(reply.what, detail("link_unreadable"))) from None
    if len(found) > 1:
        several = detail("link_names_several", count=len(found))
        raise ContractError(within(reply.what, several))
    return at_same_place(reply.url, found.pop()) if found else None


def _path(url: str) -> str:
    """A URL without its query: what a message needs, and no more."""
    return url.split("?", 1)[0]
