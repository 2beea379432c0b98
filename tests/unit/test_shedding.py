"""Load shedding by itself: who gets in, who is refused, and that places become free again."""

from collections import Counter
from types import SimpleNamespace
from typing import Any, cast

import anyio
import pytest
from hypothesis import example, given
from hypothesis import settings as examples
from hypothesis import strategies as st
from starlette.types import Message, Receive, Scope, Send

from dean06 import settings
from dean06.api import shedding
from dean06.api.access import Guard
from dean06.api.shedding import LoadShedding
from dean06.errors import Dean06Error

GUARD = cast("Guard", SimpleNamespace(client=lambda text, address: text or address))


def scope_of(client: str, path: str = "/api/v1/values") -> Scope:
    headers = [(b"authorization", f"bearer {client}".encode())]
    return {"type": "http", "path": path, "headers": headers, "client": ("203.0.113.7", 1)}


class Answering:
    """An API that answers when it is let, and counts what it works on; a client that takes the
    answer when it is let."""

    def __init__(self) -> None:
        self.go, self.taken = anyio.Event(), anyio.Event()
        self.taken.set()
        self.working = self.most = 0
        self.statuses: list[int] = []
        self.fails = False

    async def __call__(self, _: Scope, __: Receive, send: Send) -> None:
        self.working += 1
        self.most = max(self.most, self.working)
        await self.go.wait()
        self.working -= 1
        if self.fails:
            raise RuntimeError
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.statuses.append(message["status"])
        else:
            await self.taken.wait()


async def _nothing() -> Message:
    return {"type": "http.disconnect"}


async def _settled() -> None:
    await anyio.wait_all_tasks_blocked()


@examples(deadline=None, max_examples=40, derandomize=True)
@example(1, list("aabbccc"), False)
@given(st.integers(1, 4), st.lists(st.sampled_from("abc"), max_size=60), st.booleans())
def test_no_more_are_inside_than_may_be_and_all_leave(
    most: int, clients: list[str], fails: bool
) -> None:
    """Whoever comes in which order: the model of who is let in is counted by hand."""

    async def run() -> None:
        api = Answering()
        api.fails = fails
        limited = LoadShedding(api, GUARD, most, "/openapi.json")
        inside: Counter[str] = Counter()
        refused = 0
        async with anyio.create_task_group() as group:
            for client in clients:
                group.start_soon(_ask, limited, client, api)
                if sum(inside.values()) < 5 * most and inside[client] < 5 * most // 2:
                    inside[client] += 1
                else:
                    refused += 1
                await _settled()
                own = max(1, most // 2)
                assert api.working == min(most, sum(min(own, n) for n in inside.values()))
                assert api.statuses == [503] * refused
            api.go.set()
        answered = 0 if fails else sum(inside.values())
        assert Counter(api.statuses) == Counter({503: refused, 200: answered})
        assert api.most <= most
        assert (limited._free.value, limited._admitted.total()) == (most, 0)
        assert not limited._admitted
        assert not limited._free_of_one

    anyio.run(run)


async def _ask(limited: LoadShedding, client: str, api: Answering, **more: Any) -> None:
    try:
        await limited(scope_of(client, **more), _nothing, api.send)
    except RuntimeError:
        assert api.fails


def test_a_client_that_does_not_read_its_answer_keeps_no_place() -> None:
    async def run() -> None:
        api = Answering()
        api.taken = anyio.Event()
        api.go.set()
        limited = LoadShedding(api, GUARD, 1, "/openapi.json")
        async with anyio.create_task_group() as group:
            for _ in range(20):
                group.start_soon(_ask, limited, "slow", api)
                await _settled()
            assert api.statuses == [200] * 20
            api.taken.set()

    anyio.run(run)


def test_who_waits_too_long_is_refused_and_leaves(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shedding, "WAIT_SECONDS", 0.01)

    async def run() -> None:
        api = Answering()
        limited = LoadShedding(api, GUARD, 1, "/openapi.json")
        async with anyio.create_task_group() as group:
            group.start_soon(_ask, limited, "a", api)
            await _settled()
            await _ask(limited, "a", api)
            assert api.statuses == [503]
            assert limited._admitted == {"a": 1}
            api.go.set()
        assert api.statuses == [503, 200]
        assert (limited._free.value, limited._admitted.total()) == (1, 0)

    anyio.run(run)


def test_the_description_needs_no_place() -> None:
    async def run() -> None:
        api = Answering()
        limited = LoadShedding(api, GUARD, 1, "/api/v1/openapi.json")
        async with anyio.create_task_group() as group:
            for _ in range(10):
                group.start_soon(_ask, limited, "a", api)
            await _settled()
            group.start_soon(lambda: _ask(limited, "a", api, path="/dean06/api/v1/openapi.json"))
            await _settled()
            assert api.working == 2
            api.go.set()

    anyio.run(run)


@pytest.mark.parametrize("written", ["0", "11", "-1", "x", "8.5", "٣", " 8"])
def test_a_number_of_requests_that_is_none(written: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEAN06_API_REQUESTS", written)
    with pytest.raises(Dean06Error, match="DEAN06_API_REQUESTS"):
        settings.api_requests()
