"""What a source answered over HTTP: its status judged, its body complete, verified and unpacked.

Messages hold what we asked for and what kind of answer came, never a text of the source.
"""

import base64
import gzip
import hashlib
import json
import tempfile
import time
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import IO, Any, cast
from urllib.parse import urljoin, urlsplit

import httpx2 as httpx

from dean06.details.detail import Detail, detail, within
from dean06.errors import (
    Cause,
    ContractError,
    InconsistentDeliveryError,
    LoginError,
    SourceError,
)
from dean06.wire import stated
from dean06.wire.records import MAX_RECORD_BYTES
from dean06.wire.unpacked import Unpacked

_IN_MEMORY = 8 << 20
_CHUNK = 1 << 20
_RETRYABLE = {401, 408, 425, 429, 500, 502, 503, 504}
_REDIRECTS = (301, 302, 303, 307, 308)
_REFUSALS = {status: detail(f"refused_{status}") for status in (204, 304, 400, 403, 404, 410)}
DAMAGED = (EOFError, gzip.BadGzipFile, zlib.error)
"""What reading a compressed body raises that is cut short or altered. Texts may quote bytes."""


class TryAgainError(SourceError):
    """One attempt failed in a way that another may not."""

    def __init__(self, cause: str | Detail, wait: float | None = None) -> None:
        super().__init__(cause)
        self.wait = wait


class NotLoggedInError(TryAgainError, LoginError):
    """One attempt failed since the source did not accept our credentials."""


class RefusedError(ContractError):
    """The source answered a request with a status that brings nothing."""

    cause = Cause.REQUEST_REFUSED

    status = 0


@dataclass(frozen=True)
class Reply:
    """A complete, verified answer."""

    status: int
    headers: httpx.Headers
    body: IO[bytes]
    """As it was sent, but for all layers of compression except one."""
    url: str
    what: Detail
    """What was asked for, for messages."""
    is_packed: bool = False
    """Whether the body is compressed (gzip)."""

    def json(self) -> Any:
        """The body as JSON. Raises ContractError when it is none."""
        try:
            with self.plain() as stream:
                text = stream.read(MAX_RECORD_BYTES + 1)
            if len(text) <= MAX_RECORD_BYTES:
                return json.loads(text)
        except (ValueError, RecursionError, InconsistentDeliveryError):
            raise ContractError(detail("answer_not_json", what=self.what)) from None
        raise ContractError(detail("answer_too_long", what=self.what, most=MAX_RECORD_BYTES))

    @contextmanager
    def plain(self) -> Iterator[IO[bytes]]:
        """The body unpacked, from its beginning; it stays open and is rewound.

        Raises InconsistentDeliveryError when the compressed body is cut short or damaged.
        """
        self.body.seek(0)
        try:
            yield cast("IO[bytes]", Unpacked(self.body)) if self.is_packed else self.body
        except DAMAGED as error:
            damage = detail("body_damaged", kind=type(error).__name__)
            raise InconsistentDeliveryError(within(self.what, damage)) from None
        self.body.seek(0)

    def unpacked(self) -> IO[bytes]:
        """The body unpacked, as a seekable stream of its own."""
        return _unpacked(self.body, self.what) if self.is_packed else self.body

    def sha256(self) -> str:
        """Of the unpacked body, in lower-case hex."""
        with self.plain() as stream:
            return hashlib.file_digest(cast("Any", stream), "sha256").hexdigest()


def check_status(answer: httpx.Response, what: Detail) -> None:
    """Raises TryAgainError for a status worth another attempt, else RefusedError; each says what
    its status means. 200 and 202 are good."""
    status = answer.status_code
    if status in (200, 202):
        return
    if status in _RETRYABLE:
        kind = NotLoggedInError if status == 401 else TryAgainError
        found = detail("http_status", status=status)
        raise kind(within(what, found), retry_after(answer.headers))
    if status in _REDIRECTS:
        found = detail("redirected", status=status, where=_redirection(answer))
    else:
        found = _REFUSALS.get(status) or detail("refused_other", status=status)
    refused = RefusedError(within(what, found))
    refused.status = status
    raise refused


def _redirection(answer: httpx.Response) -> Detail:
    """Where a redirect leads, in words: its text is the source's."""
    here = urlsplit(str(answer.url))
    try:
        there = urlsplit(urljoin(str(answer.url), answer.headers.get("location", "")))
    except ValueError:
        return detail("redirected_to_invalid_url")
    if there.hostname != here.hostname:
        return detail("redirected_to_other_server")
    if there[:2] != here[:2]:
        return detail("redirected_to_other_scheme", scheme=there.scheme[:5])
    if there.path == f"{here.path}/":
        return detail("redirected_to_slash")
    return detail("redirected_to_other_path")


def received(answer: httpx.Response, what: Detail, take_bytes: Callable[[int], None]) -> Reply:
    """Read a whole body, and verify length and digest of what was sent.

    ``take_bytes`` is called with the size of each chunk and may refuse more. Raises TryAgainError
    when the body is cut short or altered, ContractError for a coding that we did not offer.
    """
    layers = _layers(answer.headers, what)
    body = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115  # handed to the caller
    digest, size = hashlib.sha256(), 0
    for chunk in answer.iter_raw():
        digest.update(chunk)
        size += len(chunk)
        take_bytes(len(chunk))
        body.write(chunk)
    declared = answer.headers.get("content-length")
    if declared is not None and size != stated.number(declared):
        raise TryAgainError(within(what, detail("content_length_differs", size=size)))
    promised = content_digest(answer.headers)
    if promised is not None and promised != digest.digest():
        raise TryAgainError(within(what, detail("content_digest_differs")))
    whole = cast("IO[bytes]", body)
    for _ in range(layers - 1):
        whole = _unpacked(whole, what)
    whole.seek(0)
    return Reply(answer.status_code, answer.headers, whole, str(answer.url), what, layers > 0)


def _layers(headers: Mapping[str, str], what: Detail) -> int:
    """How often the body is compressed with gzip (RFC 9110 §8.4.1: ``x-gzip`` is the same, names
    have no case, ``identity`` is nothing)."""
    written = headers.get("content-encoding", "").lower().split(",")
    codings = [coding.strip() for coding in written if coding.strip() not in ("", "identity")]
    if not {*codings} <= {"gzip", "x-gzip"} or len(codings) > 3:
        raise ContractError(detail("other_coding", what=what))
    return len(codings)


def _unpacked(packed: IO[bytes], what: Detail) -> IO[bytes]:
    packed.seek(0)
    plain = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115  # handed on
    try:
        with packed, Unpacked(packed) as stream:
            while chunk := stream.read(_CHUNK):
                plain.write(chunk)
    except DAMAGED as error:
        damage = detail("body_damaged", kind=type(error).__name__)
        raise TryAgainError(within(what, damage)) from None
    plain.seek(0)
    return cast("IO[bytes]", plain)


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds a source asks us to wait (RFC 9110 §10.2.3: a number or a date).

    A date is one of the source's clock, so it is measured from the ``Date`` of the same answer.
    """
    written = headers.get("retry-after")
    if written is None:
        return None
    seconds = stated.number(written)
    if seconds is not None:
        return float(seconds)
    try:
        return max(0.0, parsedate_to_datetime(written).timestamp() - time.time() - ahead(headers))
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
