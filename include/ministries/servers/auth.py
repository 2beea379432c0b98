"""How callers prove who they are: bearer tokens, signed assertions and HTTP Basic."""

import base64
import binascii
import hmac
import secrets
import time
from collections.abc import Callable
from typing import Any

from fastapi import Request
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey, RSAKey

from .http import Problem

TOKEN_SECONDS = 300
_MAX_ASSERTION_SECONDS = 300
Clock = Callable[[], float]


class Tokens:
    """Bearer tokens: signed JWTs that expire."""

    def __init__(self, signing_key: str, client_id: str, clock: Clock = time.time) -> None:
        self._key = OctKey.import_key(bytes.fromhex(signing_key))
        self._client_id = client_id
        self._clock = clock

    def issue(self) -> dict[str, object]:
        """The answer of the token endpoint."""
        now = int(self._clock())
        claims: dict[str, Any] = {
            "sub": self._client_id,
            "iat": now,
            "exp": now + TOKEN_SECONDS,
            "jti": secrets.token_hex(8),
        }
        token = jwt.encode({"alg": "HS256"}, claims, self._key)
        return {"access_token": token, "token_type": "Bearer", "expires_in": TOKEN_SECONDS}

    def check(self, request: Request) -> None:
        """401 unless the request carries a valid token."""
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        challenge = {"WWW-Authenticate": "Bearer"}
        if scheme.lower() != "bearer" or not token:
            raise Problem(401, "a bearer token is required", challenge)
        try:
            claims = jwt.decode(token, self._key, algorithms=["HS256"]).claims
        except (JoseError, ValueError):
            claims = {}
        if claims.get("exp", 0) <= self._clock():
            error = {"WWW-Authenticate": 'Bearer error="invalid_token"'}
            raise Problem(401, "the token is invalid or has expired", error)


class Assertions:
    """Checks signed client assertions (private_key_jwt, RS384), each usable once."""

    def __init__(self, client_id: str, public_key: str, clock: Clock = time.time) -> None:
        self._client_id = client_id
        self._clock = clock
        self._key = RSAKey.import_key(public_key)
        self._used: dict[str, float] = {}

    def check(self, assertion: str, audience: str) -> None:
        """401 unless the assertion is ours, fresh and meant for this token endpoint."""
        try:
            claims = jwt.decode(assertion, self._key, algorithms=["RS384"]).claims
        except (JoseError, ValueError):
            raise Problem(401, "the client assertion is not valid") from None
        now = self._clock()
        self._used = {jti: exp for jti, exp in self._used.items() if exp > now}
        expires, jti = claims.get("exp", 0), claims.get("jti")
        if claims.get("iss") != self._client_id or claims.get("sub") != self._client_id:
            raise Problem(401, "iss and sub must be the client id")
        if claims.get("aud") not in (audience, [audience]):
            raise Problem(401, "aud must be the token endpoint")
        if not now < expires <= now + _MAX_ASSERTION_SECONDS + 5:
            raise Problem(401, "exp must be within five minutes")
        if not jti or jti in self._used:
            raise Problem(401, "jti must be new")
        self._used[jti] = expires


def basic_pair(request: Request) -> tuple[str, str]:
    """User and password of HTTP Basic; two empty texts when there are none."""
    scheme, _, encoded = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return "", ""
    try:
        user, _, password = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    return user, password


def is_pair(given: tuple[str, str], user: str, password: str) -> bool:
    """Whether credentials are right, compared in constant time."""
    return hmac.compare_digest(f"{given[0]}\n{given[1]}".encode(), f"{user}\n{password}".encode())
