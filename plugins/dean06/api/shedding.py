"""Load shedding: a process works on a few requests at once, lets a few more wait, and refuses the
rest, so that a flood takes no thread and no connection from others.

One client (a token; an address, while its token is not known) has at most half of what is worked on
and of the places, so others do not wait behind its requests. A request leaves its place when its
answer begins: a client that reads slowly keeps nobody waiting.
uvicorn's ``limit_concurrency`` counts connections, those of the pages too, and answers without
``Retry-After``.
"""

from collections import Counter
from contextlib import ExitStack

from anyio import Semaphore, move_on_after
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dean06.api.access import Guard
from dean06.api.problems import Problem

WAIT_SECONDS = 5.0
"""Longest wait for a place."""
WAITING = 4
"""Requests that wait for each one that is worked on."""


class LoadShedding:
    """An ASGI application in front of the routes. ``most``: requests that are worked on at once;
    ``open_path``: what needs no place, for it reads nothing."""

    def __init__(self, app: ASGIApp, guard: Guard, most: int, open_path: str) -> None:
        self._api = app
        self._guard = guard
        self._open_path = open_path
        self._free = Semaphore(most)
        self._most_of_one = max(1, most // 2)
        self._free_of_one: dict[str, Semaphore] = {}
        self._most_admitted = most * (1 + WAITING)
        self._admitted: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand a request on once it is its turn, or answer 503."""
        if scope["type"] != "http" or scope["path"].endswith(self._open_path):
            await self._api(scope, receive, send)
            return
        client = self._client(scope)
        if self._is_full(client):
            await _busy().response()(scope, receive, send)
            return
        with ExitStack() as place:
            self._admitted[client] += 1
            place.callback(self._leave, client)
            own = self._free_of_one.setdefault(client, Semaphore(self._most_of_one))
            with move_on_after(WAIT_SECONDS) as wait:
                for free in (own, self._free):
                    await free.acquire()
                    place.callback(free.release)
            if wait.cancelled_caught:
                place.close()
                await _busy().response()(scope, receive, send)
                return

            async def answer(message: Message) -> None:
                place.close()
                await send(message)

            await self._api(scope, receive, answer)

    def _client(self, scope: Scope) -> str:
        scheme, _, text = Headers(scope=scope).get("authorization", "").partition(" ")
        address = scope["client"][0] if scope.get("client") else ""
        return self._guard.client(text if scheme.lower() == "bearer" else "", address)

    def _is_full(self, client: str) -> bool:
        return (
            self._admitted.total() >= self._most_admitted
            or self._admitted[client] >= self._most_admitted // 2
        )

    def _leave(self, client: str) -> None:
        self._admitted[client] -= 1
        if not self._admitted[client]:
            del self._admitted[client], self._free_of_one[client]


def _busy() -> Problem:
    return Problem(
        503,
        "too many requests at once: try again after as many seconds as Retry-After says",
        "máy chủ đang xử lý quá nhiều yêu cầu cùng lúc; đề nghị thử lại sau số giây ghi trong "
        "Retry-After",
        {"Retry-After": "1"},
    )
