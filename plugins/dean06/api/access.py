"""Who may ask: programs with a token, each for what its scopes name, and so often in a minute."""

import math
import time
from typing import Annotated

from fastapi import Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer, SecurityScopes
from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter

from dean06.api.problems import Problem
from dean06.api.tokens import Known, Token

_FAILURES = RateLimitItemPerMinute(60)
"""Requests of one address without a valid token: none is looked up beyond that."""
_bearer = HTTPBearer(
    auto_error=False, scheme_name="token", description="A token from `python -m dean06 api-token`."
)


class Guard:
    """Tokens and how often they were used: by this process, since it began."""

    def __init__(self) -> None:
        self._known = Known()
        self._rates = SlidingWindowCounterRateLimiter(MemoryStorage())

    def client(self, text: str, address: str) -> str:
        """Whose request it is, before anything is looked up: that of a token which was valid when
        it was looked up last, else that of an address."""
        number = self._known.number_of(text)
        return f"address {address}" if number is None else f"token {number}"

    def admit(self, text: str, address: str, scopes: list[str]) -> dict[str, str]:
        """Headers that say how often the token may still be used. Raises Problem."""
        token = self._known.kept(text) or self._looked_up(text, address)
        rate = RateLimitItemPerMinute(token.per_minute)
        is_within = self._rates.hit(rate, "token", str(token.number))
        reset, left = self._rates.get_window_stats(rate, "token", str(token.number))
        seconds = str(max(1, math.ceil(reset - time.time())))
        headers = {
            "RateLimit-Policy": f'"token";q={token.per_minute};w=60',
            "RateLimit": f'"token";r={left};t={seconds}',
        }
        if not is_within:
            raise _too_many({**headers, "Retry-After": seconds})
        if missing := [scope for scope in scopes if scope not in token.scopes]:
            raise Problem(
                403,
                f"the token lacks the scope {missing[0]}: ask the operator of the warehouse",
                f"mã truy cập không có quyền {missing[0]}; liên hệ đơn vị vận hành kho dữ liệu",
                {**headers, "WWW-Authenticate": _challenge(missing[0])},
            )
        return headers

    def _looked_up(self, text: str, address: str) -> Token:
        # Failures of others behind the same address do not stop a token that was valid.
        is_known = self._known.number_of(text) is not None
        if not (is_known or self._rates.test(_FAILURES, "failures", address)):
            raise _too_many({"Retry-After": "60"})
        token = self._known.found(text)
        if token is None:
            self._rates.hit(_FAILURES, "failures", address)
            raise Problem(
                401,
                "send a valid token as Authorization: Bearer …",
                "cần gửi mã truy cập hợp lệ trong tiêu đề Authorization: Bearer …",
                {"WWW-Authenticate": 'Bearer realm="dean06"'},
            )
        return token


def authorised(
    request: Request,
    wanted: SecurityScopes,
    given: Annotated[HTTPAuthorizationCredentials | None, Security(_bearer)],
) -> None:
    """Dependency of every route with data; its scopes are those that it names. Raises Problem."""
    guard: Guard = request.app.state.guard
    address = request.client.host if request.client else ""
    text = given.credentials if given else ""
    request.state.headers = guard.admit(text, address, wanted.scopes)


def _challenge(scope: str) -> str:
    return f'Bearer realm="dean06", error="insufficient_scope", scope="{scope}"'


def _too_many(headers: dict[str, str]) -> Problem:
    return Problem(
        429,
        "too many requests: wait the number of seconds in Retry-After",
        "quá nhiều yêu cầu; đề nghị thử lại sau số giây ghi trong Retry-After",
        headers,
    )
