"""Person tokens: what mart joins persons by, instead of their numbers.

A token is a keyed hash (HMAC-SHA256, its first 128 bits) of a personal identification number of the
population registry. The key stays outside the warehouse (``DEAN06_TOKEN_KEYS``, a JSON object of
version and key): who has the warehouse or a copy of it cannot compute a token, nor try every number
there is. Tokens are made here and not by PostgreSQL, whose logs and statistics could show the key.

Rotating the key gives everybody another token in one transaction; facts show tokens by a join, so
nothing of core is written. Who kept old tokens can join them with nothing from then on.
"""

import hmac
import io
import json
import logging
import secrets

from psycopg2 import sql

from dean06 import settings
from dean06.contract import registry
from dean06.details.detail import detail
from dean06.errors import Dean06Error
from dean06.storage import write_private
from dean06.warehouse import Lock, Session, sql_file, transaction

log = logging.getLogger(__name__)

Keys = dict[int, bytes]
"""Version → key. More than one: a rotation is under way."""

_AT_A_TIME = 200_000
"""Persons per round: memory stays the same however many there are."""


def give() -> int:
    """Give a token to everybody in the registry who has none and may have one; returns to how many.

    Raises Dean06Error when the key is not the one that the warehouse's tokens were made with.
    """
    with transaction() as session:
        version, keys = _current(session)
        given = _give(session, keys[version])
    log.info("%d persons were given a token (key %d)", given, version)
    return given


def rotate() -> int:
    """Give everybody another token under a new key, and forget the old key; returns its version.

    Readers see the old tokens or the new ones, never both. Killed at any moment, it is run again: a
    rotation that had begun is finished, no second one begins. Raises Dean06Error as ``give``.
    """
    with transaction() as session:
        version, keys = _current(session)
        newest = max(keys)
        if len(keys) == 1:
            newest = version + 1
            keys[newest] = secrets.token_bytes(32)
            _write(keys)  # before any token is made with it: a key must never be lost
        if newest > version:
            session.run("delete from ops.person_token")
            _remember(session, newest, keys[newest])
            given = _give(session, keys[newest])
            log.info("%d persons were given another token (key %d)", given, newest)
    _write({newest: keys[newest]})
    return newest


def _current(session: Session) -> tuple[int, Keys]:
    """The version that the warehouse's tokens are made with, and all keys there are; a new key
    while there is none."""
    session.lock(Lock.PERSON_TOKENS)
    row = session.one(
        "select key_version, fingerprint from ops.token_key order by key_version desc limit 1"
    )
    keys = _read()
    if row is None:
        if not keys:
            keys[1] = secrets.token_bytes(32)
            _write(keys)
        version = min(keys)
        _remember(session, version, keys[version])
        return version, keys
    key = keys.get(row.key_version)
    if key is None or _fingerprint(key) != row.fingerprint:
        file = str(settings.token_keys())
        raise Dean06Error(detail("token_key_missing", file=file, key=row.key_version))
    return row.key_version, keys


def _remember(session: Session, version: int, key: bytes) -> None:
    session.run(
        "insert into ops.token_key (key_version, fingerprint) values (:version, :fingerprint)",
        version=version,
        fingerprint=_fingerprint(key),
    )


def _fingerprint(key: bytes) -> str:
    """Tells keys apart and nothing about them."""
    return hmac.digest(key, b"dean06 token key", "sha256").hex()


def _give(session: Session, key: bytes) -> int:
    """Page through the registry in order of its key; returns how many were given a token."""
    people = registry()
    given, last = 0, ""
    while True:
        rows = session.compose_rows(
            sql_file("identity/without_token.sql"),
            id=sql.Identifier(people.key[0]),
            registry=sql.Identifier("core", people.table),
            last=sql.Literal(last),
            size=sql.Literal(_AT_A_TIME),
        )
        if not rows:
            return given
        last = rows[-1][0]
        lines = "".join(f"{number},{_token(key, number)}\n" for (number,) in rows)
        session.copy_in(
            sql.Identifier("ops", "person_token"),
            ["personal_id", "person_token"],
            io.BytesIO(lines.encode()),
        )
        given += len(rows)


def _token(key: bytes, personal_id: str) -> str:
    return hmac.digest(key, personal_id.encode(), "sha256")[:16].hex()


def _read() -> Keys:
    path = settings.token_keys()
    if not path.exists():
        return {}
    try:
        return {
            int(version): bytes.fromhex(key)
            for version, key in json.loads(path.read_text(encoding="utf-8")).items()
        }
    except (ValueError, AttributeError):
        raise Dean06Error(detail("token_keys_unreadable", file=str(path))) from None


def _write(keys: Keys) -> None:
    """Whole or not at all, for its owner alone."""
    path = settings.token_keys()
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps({version: key.hex() for version, key in keys.items()})
    write_private(text, path, replaces=True)
