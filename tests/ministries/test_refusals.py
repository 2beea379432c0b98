"""Every source lets in whom it knows, as long as it knows him, and for what was agreed."""

import time

import httpx
import paramiko
import pytest
from joserfc import jwt
from joserfc.jwk import OctKey

from ministries.faults import Fault
from ministries.servers import Running
from tests.lib.clients import (
    HEADERS,
    Education,
    Health,
    Police,
    Portal,
    Programme,
    local,
    manifest,
    outbox,
)

END, DAY = local("2022-11-01"), "2022-11-02"
BEARER: dict[str, tuple[str, dict[str, str]]] = {
    "police": ("/v1/resident", {"until": END}),
    "health": ("/fhir/$export", {"_until": END}),
    "portal": ("/dvc/v1/ho-so", {"capNhatDen": END}),
}
BASIC: dict[str, tuple[str, dict[str, str]]] = {
    "education": ("/exam/index.json", {"until": END}),
    "programme": ("/ke-hoach/nhiem-vu.csv", {"den": END}),
}


def ask(servers: Running, source: str, **headers: str) -> httpx.Response:
    path, query = {**BEARER, **BASIC}[source]
    known = {**HEADERS, "Prefer": "respond-async", "Accept": "*/*"}
    return httpx.get(
        getattr(servers, source).url + path, params=query, headers={**known, **headers}, timeout=30
    )


def tokens(servers: Running) -> dict[str, str]:
    """A token of each source that gives some."""
    health = Health(servers).headers["Authorization"]
    return {
        "police": f"Bearer {Police(servers).token()}",
        "health": health,
        "portal": f"Bearer {Portal(servers).token()}",
    }


def is_problem(answer: httpx.Response, status: int) -> bool:
    return (
        answer.status_code == status
        and answer.headers["Content-Type"] == "application/problem+json"
        and answer.json()["status"] == status
    )


@pytest.mark.parametrize("source", BEARER)
def test_a_bearer_token_of_this_source_is_needed(servers: Running, source: str) -> None:
    own = tokens(servers)
    right = own.pop(source)
    assert ask(servers, source, Authorization=right).status_code in (200, 202)
    for wrong in ("", "Bearer", "Bearer x.y.z", right.replace("Bearer", "Basic"), *own.values()):
        refused = ask(servers, source, **({"Authorization": wrong} if wrong else {}))
        assert is_problem(refused, 401)
        assert refused.headers["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize("source", BEARER)
def test_a_token_expires(servers: Running, source: str) -> None:
    right = tokens(servers)[source]
    servers.faults.add(Fault(source, None, "clock_skew", args={"seconds": 290}))
    assert ask(servers, source, Authorization=right).status_code in (200, 202)
    servers.faults.clear()
    servers.faults.add(Fault(source, None, "clock_skew", args={"seconds": 301}))
    refused = ask(servers, source, Authorization=right)
    assert is_problem(refused, 401)
    assert "invalid_token" in refused.headers["WWW-Authenticate"]


@pytest.mark.parametrize("source", BEARER)
def test_a_token_signed_by_somebody_else_is_refused(servers: Running, source: str) -> None:
    claims = {"sub": "dean06", "exp": int(time.time()) + 200}
    forged = jwt.encode({"alg": "HS256"}, claims, OctKey.generate_key(256))
    assert is_problem(ask(servers, source, Authorization=f"Bearer {forged}"), 401)


@pytest.mark.parametrize(("source", "path"), [("police", "/oauth2/token"), ("portal", "/token")])
def test_no_token_without_the_secret(servers: Running, source: str, path: str) -> None:
    url = getattr(servers, source).url + path
    secret = servers.clients[source]
    form = {"grant_type": "client_credentials"}
    for user, password in (("", ""), (secret["client_id"], "wrong"), ("x", "y")):
        assert is_problem(httpx.post(url, auth=(user, password), data=form), 401)
        in_form = {**form, "client_id": user, "client_secret": password}
        assert is_problem(httpx.post(url, data=in_form), 401)
    pair = (secret["client_id"], secret["client_secret"])
    assert httpx.post(url, auth=pair, data=form).json()["expires_in"] == 300
    assert is_problem(httpx.post(url, auth=pair, data={"grant_type": "password"}), 400)


@pytest.mark.parametrize("source", ["police", "portal"])
def test_purpose_and_caller_are_needed(servers: Running, source: str) -> None:
    right = tokens(servers)[source]
    for missing in ("X-Purpose", "X-Caller"):
        assert is_problem(ask(servers, source, Authorization=right, **{missing: ""}), 403)


@pytest.mark.parametrize("source", BASIC)
def test_user_and_password_are_needed(servers: Running, source: str) -> None:
    secret = servers.clients[source]
    path, query = BASIC[source]
    url = getattr(servers, source).url + path
    right = (secret["username"], secret["password"])
    for wrong in (("x", right[1]), (right[0], "x"), (right[0], ""), right[::-1]):
        refused = httpx.get(url, params=query, auth=wrong)
        assert is_problem(refused, 401)
        assert refused.headers["WWW-Authenticate"].startswith("Basic")
    assert is_problem(httpx.get(url, params=query), 401)
    for broken in ("Basic", "Basic !!!", f"Bearer {right[1]}"):
        assert is_problem(ask(servers, source, Authorization=broken), 401)
    assert httpx.get(url, params=query, auth=right).status_code == 200


def test_sftp_needs_user_and_password(servers: Running) -> None:
    secret = servers.clients["insurance"]
    right = (secret["username"], secret["password"])
    for user, password in (("x", right[1]), (right[0], "x"), (right[0], "")):
        transport = paramiko.Transport((servers.insurance.host, servers.insurance.port))
        with pytest.raises(paramiko.AuthenticationException):
            transport.connect(username=user, password=password)
        transport.close()


def test_a_cursor_is_good_for_its_own_window_only(servers: Running) -> None:
    police = Police(servers)
    following = police.get("resident", until=END, limit=10).links["next"]["url"]
    cursor = httpx.URL(following).params["cursor"]
    for dataset, query in (
        ("resident", {"until": local("2022-11-02")}),
        ("resident", {"until": END, "since": local("2022-10-01")}),
        ("household", {"until": END}),
    ):
        refused = police.get(dataset, **query, cursor=cursor, limit=10)
        assert is_problem(refused, 400)
        assert "another window" in refused.json()["detail"]
    forged = police.get("resident", until=END, cursor=f"x{cursor}", limit=10)
    assert is_problem(forged, 400)


def test_an_expired_cursor_is_gone_and_the_first_page_is_not(servers: Running) -> None:
    police = Police(servers)
    servers.faults.add(Fault("police", None, "expired_cursor"))
    first = police.get("resident", until=END, limit=10)
    assert first.status_code == 200
    refused = police.http.get(first.links["next"]["url"], headers=police.headers)
    assert is_problem(refused, 410)


def test_an_export_is_no_guess(servers: Running) -> None:
    health = Health(servers)
    job = health.kick_off("Encounter", END, local("2022-10-31")).headers["Content-Location"]
    assert health.http.get(f"{job}x", headers=health.headers).status_code == 404
    assert health.http.get(job).status_code == 401


def test_pages_and_files_that_do_not_exist(servers: Running) -> None:
    assert is_problem(Portal(servers).get(END, trang=10_000), 404)
    assert Education(servers).http.get("/exam/HD9999-lan-1.xlsx").status_code == 404
    assert Programme(servers).http.get("/ke-hoach/khac.csv").status_code == 404
    with outbox(servers) as session, pytest.raises(FileNotFoundError):
        session.stat("/outbox/2022-10-01/participant-9999.csv.gz")


def test_a_skewed_clock_shows_wherever_a_source_states_its_time(servers: Running) -> None:
    with outbox(servers) as session:
        sound = manifest(session, DAY)
        compiled = Education(servers).index(END)["workbooks"][0]["compiled_at"]
        for source in ("insurance", "health", "education", "police"):
            servers.faults.add(Fault(source, None, "clock_skew", args={"seconds": 3600}))
        assert manifest(session, DAY)["generated_at"] == local("2022-11-03", "02:00:00")
    assert sound["generated_at"] == local("2022-11-03", "01:00:00")
    assert Education(servers).index(END)["workbooks"][0]["compiled_at"] != compiled
    health = Health(servers, ahead=3600)
    export = health.export("Encounter", END, local("2022-10-31"))
    assert export["transactionTime"] == local("2022-11-01", "01:00:00")
    stated = httpx.get(f"{servers.police.url}/v1/resident").headers.get_list("date")
    assert len(stated) == 1
    assert "GMT" in stated[0]


def test_a_health_service_whose_clock_is_ahead_wants_assertions_of_its_time(
    servers: Running,
) -> None:
    servers.faults.add(Fault("health", None, "clock_skew", args={"seconds": 3600}))
    assert Health(servers, ahead=3600).headers
    with pytest.raises(httpx.HTTPStatusError, match="401"):
        Health(servers)


@pytest.mark.parametrize(("form", "shape"), [("seconds", "30"), ("date", "GMT")])
def test_both_forms_of_retry_after(servers: Running, form: str, shape: str) -> None:
    servers.faults.add(
        Fault("programme", None, "rate_limited", args={"retry_after": 30, "form": form})
    )
    refused = Programme(servers).get(END)
    assert is_problem(refused, 429)
    assert shape in refused.headers["Retry-After"]


def test_pages_repeat_and_shift_once(servers: Running) -> None:
    police, portal = Police(servers), Portal(servers)
    first = police.get("household", until=END, limit=20)
    servers.faults.add(Fault("police", "household", "repeated_page", times=1))
    following = first.links["next"]["url"]
    again = police.http.get(following, headers=police.headers)
    assert again.content == first.content
    assert again.headers["Link"] == first.headers["Link"]
    assert police.http.get(following, headers=police.headers).content != first.content

    sound = portal.get(END, trang=2, soLuong=20).json()
    servers.faults.add(Fault("portal", "dossier", "shifted_page", times=1))
    assert portal.get(END, trang=1, soLuong=20).json()["tongSo"] == sound["tongSo"]
    shifted = portal.get(END, trang=2, soLuong=20).json()
    assert shifted["tongSo"] == sound["tongSo"] + 1
    assert shifted["duLieu"][1:] == sound["duLieu"][:-1]
    servers.faults.add(Fault("portal", "dossier", "repeated_page", times=1))
    assert portal.get(END, trang=2, soLuong=20).json()["trang"] == 1
    assert portal.get(END, trang=2, soLuong=20).json() == sound


def test_a_revised_drop_replaces_the_first_one(servers: Running) -> None:
    day = {"day": DAY}
    servers.faults.add(Fault("insurance", None, "incomplete_drop", args={**day, "records": 3}))
    with outbox(servers) as session:
        short = manifest(session, DAY)
        servers.faults.add(Fault("insurance", None, "revised_drop", args=day))
        whole = manifest(session, DAY)
        with pytest.raises(FileNotFoundError):
            session.stat(f"/outbox/{DAY}/{short['files'][0]['name']}")
    assert (short["revision"], whole["revision"]) == (1, 2)
    assert whole["files"][0]["rows"] == short["files"][0]["rows"] + 3
    assert whole["generated_at"] > short["generated_at"]


def test_a_drop_is_revised_behind_the_readers_back(servers: Running) -> None:
    args = {"day": DAY, "while_reading": True}
    servers.faults.add(Fault("insurance", None, "revised_drop", args=args))
    with outbox(servers) as session:
        read, found = manifest(session, DAY), manifest(session, DAY)
        assert (read["revision"], found["revision"]) == (1, 2)
        with pytest.raises(FileNotFoundError):
            session.stat(f"/outbox/{DAY}/{read['files'][0]['name']}")
