"""Where ``/`` leads: by who is logged in, and for requests of a browser only."""

import asyncio
from typing import Any

import pytest
from fastapi import HTTPException, Request

from dean06.ui import airflow_login, landing

HTML = [(b"accept", b"text/html,*/*")]


async def airflow(scope: Any, receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})


def answer(
    monkeypatch: pytest.MonkeyPatch,
    user: str | None,
    path: str = "/",
    *,
    is_simple: bool = True,
    **other: Any,
) -> tuple[int, str]:
    """Status and address of what ``path`` is answered with."""

    async def logged_in(*_: Any) -> str:
        if user is None:
            raise HTTPException(401)
        return user

    def may_see(_: Any, who: str) -> None:
        if who == "stranger":
            raise HTTPException(403)

    monkeypatch.setattr(landing, "get_user", logged_in)
    monkeypatch.setattr(airflow_login, "may_see_pages", may_see)
    monkeypatch.setattr(airflow_login, "is_operator", lambda who: who == "engineer")
    monkeypatch.setattr(airflow_login, "has_own_form", lambda: is_simple)
    scope = {
        "type": "http", "method": "GET", "path": path, "root_path": "", "query_string": b"",
        "headers": HTML,
    } | other  # fmt: skip
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(landing.Landing(airflow)(scope, None, send))  # type: ignore[arg-type]
    headers = dict(sent[0]["headers"])
    return sent[0]["status"], headers.get(b"location", b"").decode()


def test_a_login_leads_to_what_the_user_does(monkeypatch: pytest.MonkeyPatch) -> None:
    assert answer(monkeypatch, "engineer") == (303, "/plugin/dean06-today")
    assert answer(monkeypatch, "leader") == (303, "/dean06/kpis")


@pytest.mark.parametrize("user", [None, "stranger"])
def test_airflow_answers_who_may_not_see_pages(
    monkeypatch: pytest.MonkeyPatch, user: str | None
) -> None:
    assert answer(monkeypatch, user) == (200, "")


@pytest.mark.parametrize(
    "other",
    [{"path": "/dags"}, {"method": "POST"}, {"headers": [(b"accept", b"application/json")]}],
)
def test_every_other_request_is_airflows(monkeypatch: pytest.MonkeyPatch, other: Any) -> None:
    assert answer(monkeypatch, "engineer", **other) == (200, "")


def test_the_login_begins_at_a_form_in_both_languages(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = {"path": "/auth/login", "query_string": b"next=%2Fdags"}
    assert answer(monkeypatch, None, **asked) == (303, "/dean06/login?next=%2Fdags")
    assert answer(monkeypatch, None, "/auth/login") == (303, "/dean06/login")
    assert answer(monkeypatch, None, is_simple=False, **asked) == (200, ""), "has pages of its own"
    assert answer(monkeypatch, None, "/auth/token", method="POST") == (200, "")


@pytest.mark.parametrize("url", ["http://[", "https://elsewhere.example/", "//elsewhere.example"])
def test_the_login_leads_to_no_other_site(url: str) -> None:
    scope = {"type": "http", "method": "GET", "path": "/login", "headers": [], "query_string": b""}
    request = Request({**scope, "server": ("here.example", 80), "scheme": "http"})
    assert not airflow_login._leads_back(url, request)
    assert airflow_login._leads_back("/dean06/kpis", request)
