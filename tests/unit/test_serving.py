"""The pages served by themselves, behind a real OpenID Connect provider in a process of its own."""

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import httpx2 as httpx
import pytest
from fastapi import HTTPException
from fastapi.testclient import TestClient

from dean06.errors import Dean06Error
from dean06.provinces import files
from dean06.ui import access, serving
from dean06.ui.access import Reader
from dean06.ui.openid_login import reader_of
from onebox.airflow import wait_until
from onebox.ports import free_port

PAGES = "http://localhost:8089"
READER = {"preferred_username": "chu.tich", "roles": ["dean06_reader"]}
HTML = {"accept": "text/html"}


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    """The address of a provider; it knows whom a test puts into it."""
    port = free_port()
    url = f"http://localhost:{port}"
    command = [sys.executable, "-m", "oidc_provider_mock", "--port", str(port)]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL) as running:
        try:
            assert wait_until(lambda: _answers(url), 60, 0.2)
            yield url
        finally:
            running.terminate()


def _answers(url: str) -> bool:
    try:
        return httpx.get(f"{url}/.well-known/openid-configuration").status_code == 200
    except httpx.TransportError:
        return False


@pytest.fixture
def client(provider: str, monkeypatch: pytest.MonkeyPatch) -> TestClient:
    """A browser before the pages, logged in by nobody yet."""
    return _browser(monkeypatch, provider)


def _browser(monkeypatch: pytest.MonkeyPatch, issuer: str, **settings: str) -> TestClient:
    for name, value in {
        "DEAN06_OIDC_ISSUER": issuer, "DEAN06_OIDC_CLIENT_SECRET": "of the client",
        "DEAN06_PAGES_SECRET": "0123456789abcdef0123456789abcdef", "DEAN06_PAGES_URL": PAGES,
        **settings,
    }.items():  # fmt: skip
        monkeypatch.setenv(name, value)
    return TestClient(serving.create(), base_url=PAGES, follow_redirects=False)


def _asked(client: TestClient, provider: str, path: str, claims: dict[str, Any]) -> str:
    """What the provider sends a browser back to, after page, login and provider."""
    assert httpx.put(f"{provider}/users/chair", json=claims).status_code == 204
    refused = client.get(path, headers=HTML)
    assert refused.headers["location"] == f"/login?next={quote(path, safe='')}"
    begun = client.get(refused.headers["location"])
    return str(httpx.post(begun.headers["location"], data={"sub": "chair"}).headers["location"])


def test_a_reader_comes_back_to_the_page_they_asked_for(client: TestClient, provider: str) -> None:
    back = client.get(_asked(client, provider, "/kpis?lang=en", READER))
    assert (back.status_code, back.headers["location"]) == (303, "/kpis?lang=en")
    assert client.get("/", headers=HTML).headers["location"] == "/kpis"
    steward = client.get(_asked_again(client, provider, "dean06_steward"))
    assert steward.status_code == 303
    assert client.get("/", headers=HTML).headers["location"] == "/today"


def _asked_again(client: TestClient, provider: str, role: str) -> str:
    client.cookies.clear()
    return _asked(client, provider, "/", {**READER, "roles": [role]})


def test_who_has_no_role_stays_outside(client: TestClient, provider: str) -> None:
    for claims in ({"preferred_username": "khach"}, {**READER, "roles": ["other"]}):
        back = client.get(_asked(client, provider, "/kpis", claims), headers=HTML)
        assert back.status_code == 403
        assert "dean06_reader" in back.text
        assert client.get("/kpis", headers=HTML).status_code == 303


def test_an_answer_that_was_not_asked_for_is_refused(client: TestClient, provider: str) -> None:
    """Another browser's code, a state that was made up, a code used twice."""
    answer = _asked(client, provider, "/kpis", READER)
    code = parse_qs(urlsplit(answer).query)["code"][0]
    assert client.get(f"/login/back?code={code}&state=made-up").status_code == 403
    client.cookies.clear()
    assert client.get(answer).status_code == 403
    again = _asked(client, provider, "/kpis", READER)
    assert client.get(again).status_code == 303
    assert client.get(again).status_code == 403


@pytest.mark.parametrize("path", ["https://example.org", "//example.org", "/\\example.org"])
def test_the_login_leads_nowhere_else(client: TestClient, provider: str, path: str) -> None:
    assert httpx.put(f"{provider}/users/chair", json=READER).status_code == 204
    begun = client.get(f"/login?next={quote(path, safe='')}")
    sent = httpx.post(begun.headers["location"], data={"sub": "chair"}).headers["location"]
    assert client.get(sent).headers["location"] == "/"


def test_a_login_ends(client: TestClient, provider: str, monkeypatch: pytest.MonkeyPatch) -> None:
    client.get(_asked(client, provider, "/kpis", READER))
    now = time.time()
    monkeypatch.setattr("dean06.ui.openid_login.time.time", lambda: now + 3601)
    assert client.get("/", headers=HTML).headers["location"].startswith("/login")


def test_a_changed_cookie_is_nobodys(client: TestClient, provider: str) -> None:
    client.get(_asked(client, provider, "/kpis", READER))
    cookie = client.cookies["dean06_session"]
    client.cookies.clear()
    client.cookies.set("dean06_session", cookie[:-2] + ("aa" if cookie[-2:] != "aa" else "bb"))
    assert client.get("/", headers=HTML).headers["location"].startswith("/login")


def test_logging_out(client: TestClient, provider: str) -> None:
    client.get(_asked(client, provider, "/kpis", READER))
    assert client.post("/logout", data={"form_token": "somebody else's"}).status_code == 403
    page = client.get("/no-such-page", headers=HTML)
    assert page.status_code == 404
    token = access.form_token(Reader("chu.tich", False, False))
    assert client.post("/logout", data={"form_token": token}).headers["location"] == "/login/out"
    assert "Đã đăng xuất" in client.get("/login/out").text
    assert client.get("/", headers=HTML).headers["location"].startswith("/login")


def test_what_is_long_travels_compressed(client: TestClient) -> None:
    assert client.get("/static/pages.css").headers["content-encoding"] == "gzip"


def test_a_provider_that_does_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    client = _browser(monkeypatch, f"http://localhost:{free_port()}")
    answer = client.get("/login?next=/kpis")
    assert answer.status_code == 503
    assert "không phản hồi" in answer.text


@pytest.mark.parametrize(
    ("name", "value", "problem"),
    [
        ("DEAN06_PAGES_SECRET", "short", "32 characters"),
        ("DEAN06_OIDC_ISSUER", "", "DEAN06_OIDC_ISSUER is not set"),
        ("DEAN06_OIDC_ISSUER", "http://login.example.vn", "https"),
    ],
)
def test_weak_settings_are_refused(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, problem: str
) -> None:
    with pytest.raises(Dean06Error, match=problem):
        _browser(monkeypatch, "https://login.example.vn", **{name: value})


def test_roles_and_province_come_from_claims(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEAN06_OIDC_ROLES_CLAIM", "realm_access.roles")
    monkeypatch.setenv("DEAN06_OIDC_PROVINCE", "82")

    def rights(role: str, **more: Any) -> tuple[bool, bool]:
        claims = {"preferred_username": "lan", "realm_access": {"roles": role.split()}, **more}
        found = reader_of(claims)
        return found.is_steward, found.is_releaser

    assert rights("dean06_reader", province="82") == (False, False)
    assert rights("dean06_steward", province=["34", "82"]) == (True, False)
    assert rights("dean06_releaser", province="34 82") == (False, True)
    assert rights("dean06_admin", province="82") == (True, True)
    both = ["34", "82"]
    assert rights("dean06_admin:82", province=both) == (True, True)
    assert rights("dean06_reader dean06_admin:34", province=both) == (False, False)
    assert rights("dean06_releaser:82 dean06_steward:34", province=both) == (False, True)
    for role, of in (
        ("dean06_admin:34", both),
        ("dean06_admin:82", "34"),
        ("dean06_other:82", both),
    ):
        with pytest.raises(HTTPException, match="403"):
            rights(role, province=of)
    for other in ({}, {"province": "34"}, {"province": "8"}, {"preferred_username": " "}):
        with pytest.raises(HTTPException) as refused:
            rights("dean06_admin", **other)
        assert refused.value.status_code == 403


def _serving_two(
    monkeypatch: pytest.MonkeyPatch,
    provider: str,
    tmp_path: Path,
    claim: list[str],
    roles: tuple[str, ...] = ("dean06_admin",),
) -> TestClient:
    """Two provinces without a warehouse: whoever may see a page learns that none answers (503)."""
    for key, code in (("binh_phuoc", "70"), ("long_an", "80")):
        dsn = f"postgresql+psycopg2://nobody@127.0.0.1:1/{key}"
        entry = files.Entry(key.title(), code, dsn, str(tmp_path / key))
        (tmp_path / f"{key}.yaml").write_text(files.text_of(entry), encoding="utf-8")
    client = _browser(monkeypatch, provider, DEAN06_PROVINCES=str(tmp_path))
    claims = {**READER, "roles": [*roles], "province": claim}
    assert client.get(_asked(client, provider, "/kpis", claims)).status_code == 303
    return client


def test_an_admin_of_one_province_finds_nothing_of_another(
    provider: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    client = _serving_two(monkeypatch, provider, tmp_path, ["80"])
    for page in ("/kpis", "/today", "/quality", "/cases", "/builds"):
        assert client.get(f"/long_an{page}", headers=HTML).status_code == 503
        refused = client.get(f"/binh_phuoc{page}", headers=HTML)
        assert refused.status_code == 403
        assert "không được phân quyền" in refused.text
        assert client.get(page, headers=HTML).headers["location"] == f"/long_an{page}"
    token = access.form_token(Reader("chu.tich", True, True))
    for path in ("/builds/1", "/quality/load/1/replay"):
        sent = client.post(f"/binh_phuoc{path}", data={"form_token": token}, headers=HTML)
        assert sent.status_code in (403, 404, 405)
        assert client.post(path, data={"form_token": token}).status_code == 404
    assert client.get("/ha_noi/kpis", headers=HTML).headers["location"] == "/long_an/ha_noi/kpis"


def test_a_steward_of_one_province_is_a_reader_of_another(
    provider: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    roles = ("dean06_reader", "dean06_steward:80")
    client = _serving_two(monkeypatch, provider, tmp_path, ["70", "80"], roles)
    for key, of_stewards in (("long_an", 503), ("binh_phuoc", 403)):
        assert client.get(f"/{key}/kpis", headers=HTML).status_code == 503
        assert client.get(f"/{key}/cases/1", headers=HTML).status_code == of_stewards


def test_a_reader_of_two_chooses_and_a_reader_of_none_stays_outside(
    provider: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    client = _serving_two(monkeypatch, provider, tmp_path, ["70", "80"])
    page = client.get("/kpis", headers=HTML)
    assert page.status_code == 200
    assert '<a href="/binh_phuoc/kpis">Binh_Phuoc</a>' in page.text
    assert '<a href="/long_an/kpis">Long_An</a>' in page.text
    (tmp_path / "long_an.yaml").write_text("name: [", encoding="utf-8")
    assert client.get("/long_an/kpis", headers=HTML).status_code == 503
    assert client.get("/kpis", headers=HTML).headers["location"] == "/binh_phuoc/kpis"
    client.cookies.clear()
    assert client.get("/binh_phuoc/kpis", headers=HTML).headers["location"].startswith("/login")
    client = _serving_two(monkeypatch, provider, tmp_path, [])
    assert client.get("/kpis", headers=HTML).status_code == 403
    assert client.get("/long_an/kpis", headers=HTML).status_code == 403
