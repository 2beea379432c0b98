"""Who may read the API, how often, and what nobody makes it do."""

import base64
import json
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import httpx2 as httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Mount
from typer.testing import CliRunner

import dean06_plugin
from dean06 import warehouse
from dean06.api import access, cursors, reading, tokens
from dean06.api import application as api_application
from dean06.api.application import ROOT
from dean06.cli.app import app
from dean06.ui import application, serving
from dean06.ui.beside import Beside
from tests.conftest import Cluster
from tests.lib import api, published
from tests.lib.api import Program
from tests.lib.loading import rows
from tests.lib.pages import Login, Person

RESIDENTS = "population.permanent_residents"
SECRET = "079300000001"


@pytest.fixture(scope="module")
def url(cluster: Cluster, migrated: str) -> Iterator[str]:
    """A server of the API for a warehouse with one published value."""
    with cluster.copy(migrated), api.served() as url:
        published.publish("2022-10-31", (RESIDENTS, "", "", 70, None))
        yield url


@pytest.fixture(scope="module")
def program(url: str) -> Program:
    return Program(url)


def is_problem(answer: httpx.Response, status: int) -> bool:
    """Whether it is a problem document of one line, with this status, that repeats no request."""
    document = answer.json()
    return (
        answer.status_code == document["status"] == status
        and answer.headers["content-type"] == "application/problem+json"
        and set(document) == {"type", "title", "status", "detail", "detail_vi"}
        and answer.text.count("\n") == 1
        and SECRET not in answer.text
    )


def test_a_token_is_stored_as_a_hash_and_shown_once(url: str) -> None:
    made = CliRunner().invoke(app, ["api-token", "Sở Y tế", "--scope", "values", "--days", "30"])
    assert made.exit_code == 0
    token = made.stdout.strip()
    assert token.startswith("dean06_")
    stored = rows("select token_id, api_token::text, scopes from ops.api_token order by 1")[-1]
    assert token not in stored[1]
    assert stored[2] == ["values"]
    listing = CliRunner().invoke(app, ["api-tokens"]).stdout
    assert "Sở Y tế" in listing
    assert token not in listing
    answer = httpx.get(f"{url}{ROOT}/kpis", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 200
    assert CliRunner().invoke(app, ["revoke-api-token", str(stored[0])]).exit_code == 0
    again = CliRunner().invoke(app, ["revoke-api-token", str(stored[0])])
    assert (again.exit_code, "already revoked" in again.stderr) == (1, True)
    assert "revoked" in CliRunner().invoke(app, ["api-tokens"]).stdout
    wrong = CliRunner().invoke(app, ["api-token", "x", "--scope", "core"])
    assert (wrong.exit_code, "unknown scope core" in wrong.stderr) == (1, True)


def test_without_a_valid_token_nothing_is_read(url: str, program: Program) -> None:
    for header in (
        {}, {"Authorization": "Bearer"}, {"Authorization": f"Bearer {program.token}x"},
        {"Authorization": f"Basic {program.token}"}, {"Cookie": f"token={program.token}"},
        {"Authorization": f"Bearer dean06_{'a' * 43}"}, {"Authorization": "Bearer ☃".encode()},
    ):  # fmt: skip
        answer = httpx.get(f"{url}{ROOT}/values", headers=header)
        assert is_problem(answer, 401), header
        assert answer.headers["www-authenticate"].startswith("Bearer")
    assert httpx.get(f"{url}{ROOT}/openapi.json").json()["openapi"].startswith("3.1")


def test_a_token_that_has_ended_is_nobodys(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tokens, "KEPT_SECONDS", 0.0)
    revoked, expired = Program(url), Program(url)
    assert revoked.ask("/kpis").status_code == expired.ask("/kpis").status_code == 200
    tokens.revoke(revoked.number)
    with warehouse.transaction(role="") as session:
        session.run(
            """update ops.api_token set made_at = now() - interval '2 days',
               expires_at = now() - interval '1 day' where token_id = :number""",
            number=expired.number,
        )
    assert is_problem(revoked.ask("/kpis"), 401)
    assert is_problem(expired.ask("/kpis"), 401)


@pytest.mark.parametrize(
    ("scope", "paths"),
    [
        ("values", ["/kpis", f"/kpis/{RESIDENTS}", "/values", "/publications", "/publications/1"]),
        ("revisions", ["/revisions"]),
        ("proofs", ["/keys", "/publications/1/proof", "/publications/1/file"]),
    ],
)
def test_a_scope_opens_its_paths_and_no_other(url: str, scope: str, paths: list[str]) -> None:
    one = Program(url, scope)
    others = Program(url, *(each for each in tokens.SCOPES if each != scope))
    for path in paths:
        assert one.ask(path).status_code in (200, 404), path
        answer = others.ask(path)
        assert is_problem(answer, 403)
        assert f'scope="{scope}"' in answer.headers["www-authenticate"]


def test_a_token_may_ask_as_often_as_it_says(url: str, program: Program) -> None:
    slow = Program(url, "values", per_minute=3)
    found = [slow.ask("/publications") for _ in range(5)]
    assert [answer.status_code for answer in found] == [200, 200, 200, 429, 429]
    assert found[0].headers["ratelimit-policy"] == '"token";q=3;w=60'
    assert '"token";r=2' in found[0].headers["ratelimit"]
    assert is_problem(found[4], 429)
    assert 0 < int(found[4].headers["retry-after"]) <= 120
    assert program.ask("/publications").status_code == 200


def test_who_guesses_tokens_is_stopped_and_others_are_not(
    cluster: Cluster, migrated: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = time.monotonic
    with cluster.copy(migrated), api.served() as url:
        known = Program(url)
        assert known.ask("/kpis").status_code == 200
        with httpx.Client(base_url=url) as guesser:
            found = [
                guesser.get(f"{ROOT}/kpis", headers={"Authorization": f"Bearer dean06_{n:043}"})
                for n in range(access._FAILURES.amount + 2)
            ]
        assert [answer.status_code for answer in found[-3:]] == [401, 429, 429]
        assert known.ask("/kpis").status_code == 200
        # Also when it has to be looked up again.
        monkeypatch.setattr(time, "monotonic", lambda: real() + tokens.KEPT_SECONDS + 1)
        assert known.ask("/kpis").status_code == 200


HOSTILE = [
    "day=2022-02-30", "day=0", "day=1667174400", "day=2022-10-31T00:00", "day=9999-12-31", "day=",
    "from=2022-10-31&to=2022-10-01", "from=2000-01-01&to=2022-10-31",
    "day=2022-10-31&to=2022-10-31",
    "as_of=yesterday", "as_of=2022-11-01", "as_of=0001-01-01T00:00:00%2B14:00", "limit=0",
    "limit=-1", "limit=1001", "limit=1e3", "limit=99999999999999999999", "limit=x", "cursor=x",
    "cursor=" + "A" * 3000, "cursor=eyJ9", "kpi=%00", "kpi=%ff", "kpi=a%0ab", "kpi=%27;drop table",
    "kpi=" + "a" * 101, "level=ward", "unit=%E2%80%AE", "boundaries=both", "breakdown=a b",
    f"{SECRET}=1", f"kpi={SECRET}%20", "kpi=a&kpi=b", "unit[$ne]=1", "period=week", "since=1",
]  # fmt: skip


@pytest.mark.parametrize("query", HOSTILE)
def test_an_odd_parameter_is_refused_without_a_repetition(program: Program, query: str) -> None:
    assert is_problem(program.ask(f"{ROOT}/values?{query}"), 400)


def test_a_parameter_is_refused_with_those_of_its_own_resource(program: Program) -> None:
    def said(path: str) -> str:
        return str(program.ask(f"{ROOT}{path}").json()["detail"])

    own = "its parameters are limit, cursor, as_of, day, from, to, kpi, level, unit, breakdown"
    assert said("/revisions?base=x") == (
        f"this resource has no parameter base; {own}, since, boundaries"
    )
    assert said("/kpis?x=1").endswith("has no such parameter; its parameters are limit, cursor")
    assert said("/values?level=ward").startswith("parameter level has an invalid value: it must be")


def test_a_cursor_leads_nowhere_else(program: Program) -> None:
    def cursor(*place: object, of: str = "values", **asked: str) -> str:
        raw = json.dumps([cursors.question(of, asked), *place]).encode()
        return base64.urlsafe_b64encode(raw).decode().rstrip("=")

    place = (1, "2022-10-31", "a", "b", "c", "", "")
    for kpi, many in (("a", 1), ("z", 0)):
        found = program.ask("/values", cursor=cursor(*place[:2], kpi, *place[3:])).json()["data"]
        assert len(found) == many
    for bad in (
        cursor(*place, kpi="other"), cursor(*place, of="kpis"), cursor(-1, *place[1:]),
        cursor(2**70, *place[1:]), cursor(*place[:3], "\0", *place[4:]), cursor(*place, "more"),
        cursor(*place[:3], "\ud800", *place[4:]), cursor(1, "2022-13-01", *place[2:]),
        cursor(*place[:6], "x" * 201), cursor(*place[:6], {"a": 1}), cursor(),
    ):  # fmt: skip
        assert is_problem(program.ask("/values", cursor=bad), 400), bad


@pytest.mark.parametrize(
    "path",
    [f"{ROOT}/kpis/", f"{ROOT}/publications/0", f"{ROOT}/publications/{2**64}", "/api/v2/kpis",
     f"{ROOT}/publications/..%2f..%2fkeys/file", f"{ROOT}/publications/1%2f..%2f2/file",
     f"{ROOT}/kpis/..%2f", f"{ROOT}/publications/%D9%A1/file"],
)  # fmt: skip
def test_an_address_that_is_none(program: Program, path: str) -> None:
    assert is_problem(program.ask(path), 404)


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"])
def test_nothing_can_be_changed(url: str, program: Program, method: str) -> None:
    answer = httpx.request(
        method, f"{url}{ROOT}/values", headers={"Authorization": f"Bearer {program.token}"},
        content=b"x" * 100_000,
    )  # fmt: skip
    assert is_problem(answer, 405)
    assert answer.headers["connection"] == "close"


def test_other_sites_read_it_only_if_they_are_named(
    url: str, program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = {"Origin": "https://example.org"}
    assert "access-control-allow-origin" not in program.ask("/kpis", site).headers
    monkeypatch.setenv("DEAN06_API_ORIGINS", "https://example.org")
    with api.served() as opened:
        other = Program(opened)
        assert other.ask("/kpis", site).headers["access-control-allow-origin"] == site["Origin"]
        stranger = other.ask("/kpis", {"Origin": "https://example.com"})
        assert "access-control-allow-origin" not in stranger.headers


def test_when_no_connection_is_free_it_says_so(
    cluster: Cluster, migrated: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(warehouse._KEPT, "pool_size", 1)
    monkeypatch.setitem(warehouse._KEPT, "pool_timeout", 0.1)
    with cluster.copy(migrated), api.served() as url:
        program = Program(url)
        assert program.ask("/kpis").status_code == 200
        with reading.mart():
            assert is_problem(program.ask("/kpis"), 503)
        assert program.ask("/kpis").status_code == 200


def test_what_is_no_http_is_answered(url: str) -> None:
    host, port = url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), 10) as line:
        line.sendall(b"GET /api/v1/kpis HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer \xff\r\n\r\n")
        assert line.recv(100).startswith(b"HTTP/1.1 401")


def test_pages_and_api_share_an_address_but_no_login(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As ``serve`` has it: the pages' cookie opens no API, a token no page."""
    for name, value in {
        "DEAN06_OIDC_ISSUER": "https://login.example.vn", "DEAN06_PAGES_SECRET": "0" * 32,
    }.items():  # fmt: skip
        monkeypatch.setenv(name, value)
    with api.served(serving.create()) as both:
        program = Program(both)
        assert program.ask("/kpis").json()["data"]
        assert program.ask("/kpis", {"Accept-Encoding": "gzip"}).headers["content-encoding"]
        page = httpx.get(f"{both}/kpis", headers={"Authorization": f"Bearer {program.token}"})
        assert page.status_code == 401
        assert is_problem(httpx.get(f"{both}{ROOT}/kpis"), 401)


def test_below_the_address_of_airflow_links_are_whole(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Airflow mounts the plugin's application at /dean06."""
    monkeypatch.setenv("DEAN06_PAGES_SECRET", "key-of-this-test")
    pages = application.create(Login(Person("lan"), ()))
    beside = Beside(pages, api_application.create())
    monkeypatch.setattr(dean06_plugin, "_application", lambda: beside)
    with api.served(Starlette(routes=[Mount("/dean06", dean06_plugin.pages)])) as mounted:
        program = Program(mounted)
        first = httpx.get(
            f"{mounted}/dean06{ROOT}/kpis?limit=1",
            headers={"Authorization": f"Bearer {program.token}"},
        )
        assert first.json()["next"].startswith(f"/dean06{ROOT}/kpis?limit=1&cursor=")
        assert httpx.get(f"{mounted}/dean06/kpis").status_code == 200
        assert httpx.get(f"{mounted}/dean06{ROOT}/openapi.json").status_code == 200


def test_the_plugin_makes_pages_and_api() -> None:
    assert isinstance(dean06_plugin._application(), Beside)


def test_no_answer_is_kept_by_others(program: Program) -> None:
    answer = program.ask("/kpis")
    assert answer.headers["cache-control"] == "private, no-cache"
    assert {"Accept", "Authorization"} <= set(answer.headers["vary"].split(", "))
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_an_error_of_the_program_says_nothing(
    url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DEAN06_SIGNED_PUBLICATIONS", (tmp_path / "signed").as_uri())
    program = Program(url)
    assert is_problem(program.ask("/publications/1/proof"), 404)
    (tmp_path / "signed/proofs").mkdir(parents=True)
    (tmp_path / "signed/proofs/000001.json").write_text(f'{{"leaf": "{SECRET}"')
    assert is_problem(program.ask("/publications/1/proof"), 500)
