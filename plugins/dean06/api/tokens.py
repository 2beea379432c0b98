"""Tokens of programs: made once, shown once, stored as a hash."""

import hashlib
import re
import secrets
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from dean06.api import reading
from dean06.details.detail import detail
from dean06.errors import Dean06Error
from dean06.warehouse import sql_file, transaction

SCOPES = ("values", "revisions", "proofs")
KEPT_SECONDS = 10.0
"""For how long a token that was looked up is not looked up again: so long a revoked one works."""
_PREFIX = "dean06_"
_FORM = re.compile(r"dean06_[A-Za-z0-9_-]{43}")
_MOST_KEPT = 1000
_LONGEST_NAME = 100


@dataclass(frozen=True)
class Token:
    """A token that can be used."""

    number: int
    scopes: frozenset[str]
    per_minute: int
    expires_at: datetime


def make(name: str, scopes: Sequence[str], days: int, per_minute: int) -> tuple[int, str, datetime]:
    """Make a token; returns its number, the token and when it expires. Raises Dean06Error."""
    if not name.strip() or len(name) > _LONGEST_NAME or not name.isprintable():
        raise Dean06Error(detail("token_name_invalid", longest=_LONGEST_NAME))
    if unknown := sorted(set(scopes) - set(SCOPES)):
        raise Dean06Error(detail("token_scope_unknown", unknown=unknown, known=SCOPES))
    text = _PREFIX + secrets.token_urlsafe(32)
    with transaction() as session:
        row = session.one(
            sql_file("api/store_token.sql"),
            name=name, digest=_digest(text), scopes=sorted(set(scopes)), per_minute=per_minute,
            days=days,
        )  # fmt: skip
    return row.token_id, text, row.expires_at


def revoke(number: int) -> None:
    """End a token. Raises Dean06Error where there is none of this number that was not revoked."""
    with transaction() as session:
        changed = session.run(
            """update ops.api_token set revoked_at = clock_timestamp()
               where token_id = :number and revoked_at is null""",
            number=number,
        )
    if not changed:
        raise Dean06Error(detail("token_unknown", token=number))


def listed() -> list[Any]:
    """Every token there has been, without its hash."""
    with transaction() as session:
        return session.rows(sql_file("api/tokens.sql"))


class Known:
    """Tokens that were looked up lately."""

    def __init__(self) -> None:
        self._kept: dict[bytes, tuple[float, Token]] = {}
        self._lock = threading.Lock()

    def kept(self, text: str) -> Token | None:
        """The token, if it was looked up in the last seconds and has not expired since."""
        until, token = self._kept.get(_digest(text), (0.0, None))
        if token is None or until < time.monotonic() or token.expires_at <= datetime.now(UTC):
            return None
        return token

    def number_of(self, text: str) -> int | None:
        """The number of a text that was a token when it was last looked up."""
        _, token = self._kept.get(_digest(text), (0.0, None))
        return token.number if token else None

    def found(self, text: str) -> Token | None:
        """The token as the warehouse has it; None for one that is unknown or has ended."""
        if not _FORM.fullmatch(text):
            return None
        digest = _digest(text)
        with transaction(reading.TOKENS, kept=True) as session:
            row = session.one(sql_file("api/token.sql"), digest=digest)
        if row is None:
            self._kept.pop(digest, None)
            return None
        token = Token(row.token_id, frozenset(row.scopes), row.per_minute, row.expires_at)
        with self._lock:
            if len(self._kept) >= _MOST_KEPT:
                self._kept.clear()
            self._kept[digest] = (time.monotonic() + KEPT_SECONDS, token)
        return token


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()
