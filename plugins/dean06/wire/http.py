"""HTTP as a source's contract wants it: retried, verified, streamed to disk.

One place knows what is worth a retry (connection errors, 401 once the token is renewed, 408, 429,
5xx, a body cut short or altered) and how long to wait (Retry-After when the source says so, else
growing waits). Authentication comes from Authlib or httpx, never from here.
"""

import base64
import hashlib
import json
import ssl
import tempfile
import time
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from functools import cache
from typing import IO, Any, cast
from urllib.parse import urlsplit

import httpx2 as httpx
import tenacity
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.httpx_client import OAuth2Client

from dean06.errors import ContractError, SourceError
from dean06.terms import Terms
from dean06.wire.records import MAX_RECORD_BYTES
from dean06.wire.unpacked import Unpacked

_IN_MEMORY = 8 << 20
_RETRYABLE = {401, 408, 425, 429, 500, 502, 503, 504}
_LONGEST_WAIT = 120.0


class TryAgainError(SourceError):
    """One attempt failed in a way that another may not."""

    def __init__(self, cause: str, wait: float | None = None) -> None:
        super().__init__(cause)
        self.wait = wait


@dataclass(frozen=True)
class Reply:
    """A complete, verified answer."""

    status: int
    headers: httpx.Headers
    body: IO[bytes]
    url: str

    def json(self) -> Any:
        """The body as JSON. Raises ContractError when it is none."""
        self.body.seek(0)
        packed = self.headers.get("content-encoding") == "gzip"
        try:
            text = (Unpacked(self.body) if packed else self.body).read(MAX_RECORD_BYTES + 1)
            if len(text) <= MAX_RECORD_BYTES:
                return json.loads(text)
        except (ValueError, RecursionError, EOFError, OSError, zlib.error):
            raise ContractError(f"{_path(self.url)} answered something that is not JSON") from None
        raise ContractError(f"{_path(self.url)} answered more than {MAX_RECORD_BYTES} bytes")


class Fetcher:
    """Reads one source over HTTP with the retries its contract states."""

    def __init__(
        self,
        client: httpx.Client,
        terms: Terms,
        authenticate: Callable[[httpx.Client], None] | None = None,
    ) -> None:
        self._client = client
        self._authenticate = authenticate
        self._attempts = terms.retry_attempts
        self._first_wait = terms.retry_wait_seconds

    def get(
        self,
        url: str,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        check: Callable[[Reply], None] | None = None,
    ) -> Reply:
        """GET a whole body; ``check`` may refuse it as damaged by raising TryAgainError.

        Raises SourceError when the last attempt failed too, ContractError when the source says
        that the request itself is wrong (4xx).
        """
        asked = {"Accept-Encoding": "gzip", **(headers or {})}
        return self._retrying(self._get, url, params or {}, asked, check)

    def _retrying(self, call: Callable[..., Reply], *args: Any) -> Reply:
        retryer = tenacity.Retrying(
            retry=tenacity.retry_if_exception_type(TryAgainError),
            stop=tenacity.stop_after_attempt(self._attempts),
            wait=self._wait,
            reraise=True,
        )
        try:
            return retryer(call, *args)
        except TryAgainError as error:
            raise SourceError(f"{error} (after {self._attempts} attempts)") from None

    def _wait(self, state: tenacity.RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome else None
        stated = error.wait if isinstance(error, TryAgainError) else None
        growing = self._first_wait * 2 ** (state.attempt_number - 1)
        return min(stated if stated is not None else growing, _LONGEST_WAIT)

    def _get(
        self,
        url: str,
        params: Mapping[str, str],
        headers: Mapping[str, str],
        check: Callable[[Reply], None] | None,
    ) -> Reply:
        try:
            if self._authenticate:
                self._authenticate(self._client)
            with self._client.stream("GET", url, params=params or None, headers=headers) as answer:
                _check_status(answer, self._client)
                reply = _received(answer)
            if check:
                check(reply)
                reply.body.seek(0)
            return reply
        except httpx.InvalidURL:
            raise ContractError("the source names an address that is none") from None
        except httpx.ProtocolError as error:
            # Its text quotes what came instead of HTTP, which may be a record.
            raise TryAgainError(f"{_path(url)}: {type(error).__name__}") from None
        except httpx.HTTPError as error:
            raise TryAgainError(f"{_path(url)}: {type(error).__name__}: {error}") from None
        except AuthlibBaseError as error:
            raise TryAgainError(f"authentication failed: {error.error}") from None


def _check_status(answer: httpx.Response, client: httpx.Client) -> None:
    if answer.status_code in (200, 202):
        return
    told = f"{_path(str(answer.url))}: HTTP {answer.status_code}"
    if answer.status_code == 401 and hasattr(client, "token"):
        client.token = None  # a token the source no longer accepts; the next attempt asks anew
    if answer.status_code in _RETRYABLE:
        raise TryAgainError(told, retry_after(answer.headers))
    raise ContractError(f"{told}: the source refuses the request as such")


def _received(answer: httpx.Response) -> Reply:
    body = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115  # handed to the caller
    digest, size = hashlib.sha256(), 0
    for chunk in answer.iter_raw():
        digest.update(chunk)
        size += len(chunk)
        body.write(chunk)
    where = _path(str(answer.url))
    declared = answer.headers.get("content-length")
    if declared is not None and size != int(declared):
        raise TryAgainError(f"{where}: {size} bytes came of {declared} declared")
    promised = content_digest(answer.headers)
    if promised is not None and promised != digest.digest():
        raise TryAgainError(f"{where}: the body does not match its Content-Digest")
    body.seek(0)
    return Reply(answer.status_code, answer.headers, cast("IO[bytes]", body), str(answer.url))


@cache
def trusted() -> ssl.SSLContext:
    """Whom we trust to be a source, read once: each client by itself would spend 50 ms on it."""
    return httpx.create_ssl_context()


def oauth_fetcher(token_url: str, client_id: str, client_secret: str, terms: Terms) -> Fetcher:
    """A fetcher that signs in with OAuth2 client credentials (RFC 6749 §4.4).

    ``terms`` are those of the source's contract: retries, waits and ``timeout_seconds``.
    """
    client = OAuth2Client(
        client_id,
        client_secret,
        token_endpoint=token_url,
        grant_type="client_credentials",
        timeout=terms.timeout_seconds,
        verify=trusted(),
    )
    return Fetcher(client, terms, authenticate=sign_in)


def sign_in(client: OAuth2Client) -> None:
    """Get an OAuth2 token unless the client holds one. Raises TryAgainError when refused."""
    if client.token:
        return
    answer = client.fetch_token()
    if not answer.get("access_token"):
        client.token = None
        raise TryAgainError(f"authentication refused: {answer.get('detail', 'no token given')}")


def at_same_place(known: str, url: str) -> str:
    """A URL that a source names, if it is on the server we know: our token goes nowhere else.

    Raises ContractError otherwise.
    """
    if urlsplit(url)[:2] != urlsplit(known)[:2]:
        raise ContractError("the source names an address on another server than its own")
    return url


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds a source asks us to wait (RFC 9110 §10.2.3: a number or a date).

    A date is one of the source's clock, so it is measured from the ``Date`` of the same answer.
    """
    stated = headers.get("retry-after")
    if stated is None:
        return None
    if stated.strip().isdigit():
        return float(stated)
    try:
        return max(0.0, parsedate_to_datetime(stated).timestamp() - time.time() - ahead(headers))
    except ValueError:
        return None


def ahead(headers: Mapping[str, str]) -> float:
    """How many seconds the source's clock is ahead of ours, by the ``Date`` of its answer.

    Windows never depend on it: they end with a day of our own calendar.
    """
    try:
        return parsedate_to_datetime(headers.get("date", "")).timestamp() - time.time()
    except ValueError:
        return 0.0


def content_digest(headers: Mapping[str, str]) -> bytes | None:
    """The SHA-256 of a ``Content-Digest`` header (RFC 9530), if it has one."""
    for member in headers.get("content-digest", "").split(","):
        algorithm, _, value = member.strip().partition("=")
        if algorithm.lower() == "sha-256":
            return base64.b64decode(value.strip(":"))
    return None


def _path(url: str) -> str:
    """A URL without its query: what a message needs, and no more."""
    return url.split("?", 1)[0]
