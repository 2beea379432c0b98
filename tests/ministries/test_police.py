"""The police on the wire."""

import base64
import hashlib
import json
import zlib

import httpx
import pytest

from ministries.servers import Running
from tests.lib.clients import Police, local
from tests.lib.reference.rulebook import FIELDS

END = local("2022-11-01")
DATASETS = ("resident", "household", "id_card_dossier", "id_card", "eid_account")


def test_a_token_needs_the_right_secret(servers: Running) -> None:
    url = f"{servers.police.url}/oauth2/token"
    form = {"grant_type": "client_credentials"}
    refused = httpx.post(url, auth=("dean06", "wrong"), data=form)
    assert refused.status_code == 401
    assert refused.headers["Content-Type"] == "application/problem+json"
    in_form = httpx.post(url, data={**form, **servers.clients["police"]})
    assert in_form.json()["token_type"] == "Bearer"
    assert in_form.json()["expires_in"] == 300
    secret = servers.clients["police"]
    pair = (secret["client_id"], secret["client_secret"])
    assert httpx.post(url, auth=pair, data={"grant_type": "password"}).status_code == 400


@pytest.mark.parametrize(
    ("drop", "status"), [("Authorization", 401), ("X-Purpose", 403), ("X-Caller", 403)]
)
def test_every_header_is_needed(servers: Running, drop: str, status: int) -> None:
    police = Police(servers)
    headers = {name: value for name, value in police.headers.items() if name != drop}
    answer = httpx.get(f"{police.url}/v1/resident", params={"until": END}, headers=headers)
    assert answer.status_code == status
    assert answer.json()["status"] == status


def test_a_forged_token_is_refused(servers: Running) -> None:
    police = Police(servers)
    head, _, rest = police.headers["Authorization"].partition(".")
    body, _, _ = rest.partition(".")
    police.headers["Authorization"] = f"{head}.{body}.{'A' * 43}"
    assert police.get("resident", until=END).status_code == 401


@pytest.mark.parametrize(
    ("dataset", "query", "status", "word"),
    [
        ("resident", {}, 400, "until"),
        ("resident", {"until": "yesterday"}, 400, "until"),
        ("resident", {"until": "2022-11-01T00:00:00"}, 400, "until"),
        ("resident", {"until": END, "since": local("2022-11-02")}, 400, "since"),
        ("resident", {"until": END, "limit": 0}, 400, "limit"),
        ("resident", {"until": END, "limit": "many"}, 400, "limit"),
        ("resident", {"until": END, "cursor": "abc.def"}, 400, "cursor"),
        ("visa", {"until": END}, 404, "dataset"),
    ],
)
def test_bad_requests_say_what_is_wrong(
    servers: Running, dataset: str, query: dict[str, str], status: int, word: str
) -> None:
    answer = Police(servers).get(dataset, **query)
    assert answer.status_code == status
    assert word in answer.json()["detail"]


@pytest.mark.parametrize("dataset", DATASETS)
def test_pages_equal_one_big_page(servers: Running, dataset: str) -> None:
    police = Police(servers)
    whole = police.get(dataset, until=END, limit=50_000)
    pages = list(police.pages(dataset, until=END, limit=700))
    assert b"".join(page.content for page in pages) == whole.content
    assert len(pages) > 0
    total = whole.content.count(b"\n")
    assert {page.headers["X-Total-Count"] for page in pages} == {str(total)}
    assert sum(int(page.headers["X-Record-Count"]) for page in pages) == total
    assert "Link" not in whole.headers


@pytest.mark.parametrize("dataset", DATASETS)
def test_rows_have_the_agreed_fields_in_order_of_time_and_key(
    servers: Running, dataset: str
) -> None:
    agreed = {pair.split("=")[1] for pair in FIELDS[f"police.{dataset}"].split()}
    stamps = []
    for line in Police(servers).get(dataset, until=END, limit=50_000).content.splitlines():
        try:
            row = json.loads(line)
        except (json.JSONDecodeError, UnicodeDecodeError):
            continue
        assert row.keys() == agreed
        assert isinstance(row["daXoa"], bool)
        stamps.append(row["capNhatLuc"])
    assert stamps == sorted(stamps)
    assert all(stamp.endswith("+07:00") and stamp <= END for stamp in stamps)


def test_a_cursor_is_bound_to_its_window_and_dataset(servers: Running) -> None:
    police = Police(servers)
    first = police.get("resident", until=END, limit=10)
    cursor = dict(httpx.URL(first.links["next"]["url"]).params)["cursor"]
    other_end = local("2022-11-02")
    assert police.get("resident", until=other_end, cursor=cursor).status_code == 400
    assert police.get("household", until=END, cursor=cursor).status_code == 400
    since = local("2022-10-01")
    assert police.get("resident", until=END, since=since, cursor=cursor).status_code == 400
    assert police.get("resident", until=END, cursor=cursor[:-1] + "!").status_code == 400
    assert police.get("resident", until=END, cursor=cursor).status_code == 200


def test_an_empty_window_is_no_error(servers: Running) -> None:
    answer = Police(servers).get("resident", since=END, until=END)
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["X-Record-Count"] == answer.headers["X-Total-Count"] == "0"


@pytest.mark.parametrize("coding", ["gzip", "identity"])
def test_the_digest_is_of_the_bytes_as_sent(servers: Running, coding: str) -> None:
    police = Police(servers)
    with police.http.stream(
        "GET",
        f"{police.url}/v1/household",
        params={"until": END},
        headers={**police.headers, "Accept-Encoding": coding},
    ) as answer:
        sent = b"".join(answer.iter_raw())
    digest = base64.b64encode(hashlib.sha256(sent).digest()).decode()
    assert answer.headers["Content-Digest"] == f"sha-256=:{digest}:"
    assert int(answer.headers["Content-Length"]) == len(sent)
    assert ("Content-Encoding" in answer.headers) == (coding == "gzip")
    plain = zlib.decompress(sent, 31) if coding == "gzip" else sent
    assert plain.count(b"\n") == int(answer.headers["X-Record-Count"])


def test_days_after_the_horizon_have_not_come(servers: Running) -> None:
    police = Police(servers)
    far = police.get("resident", since=local("2023-01-01"), until=local("2023-12-01"))
    assert far.headers["X-Total-Count"] == "0"


def test_the_same_request_has_the_same_answer(servers: Running) -> None:
    police = Police(servers)
    one = police.get("resident", until=END, limit=100)
    two = police.get("resident", until=END, limit=100)
    assert one.content == two.content
    for name in ("Link", "Content-Digest", "X-Total-Count"):
        assert one.headers[name] == two.headers[name]
