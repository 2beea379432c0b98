"""Compression, statuses, tokens and addresses of other servers, and what is said of each."""

import gzip
import hashlib
import json
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from dean06 import contract
from dean06.errors import ContractError, SourceError
from dean06.load.extract import extract
from tests.lib.errors import said_by
from tests.lib.loading import lines_of
from tests.lib.strangers_accounts import (
    ACCOUNT,
    DAY,
    accounts,
    page,
    police,
    signed,
)
from tests.lib.strangers_http import (
    STRANGERS,
    TOKEN,
    Answer,
    Request,
    endpoint,
    serving,
    sync,
)

pytestmark = pytest.mark.usefixtures("warehouse")


CODINGS = [
    line.partition(": ")[2]
    for line in (STRANGERS / "27-content-encoding" / "headers.txt").read_text().splitlines()
]


@pytest.mark.parametrize(
    "coding", [*CODINGS, "gzip", " Gzip ", "identity, x-gzip", "gzip,identity"]
)
@pytest.mark.one_in(3)
def test_a_compressed_page_is_unpacked_whatever_its_coding_is_called(coding: str) -> None:
    body = gzip.compress(lines_of([ACCOUNT]))
    digest = f"sha-256=:{_base64(hashlib.sha256(body).digest())}:"
    counted = page(1, 1).headers
    headers = {**counted, "content-encoding": coding, "content-digest": digest}
    police(signed(lambda _: Answer(body, headers=headers)))
    assert accounts() == ["E00000000001"]


def test_the_short_page_of_the_report_is_read_as_the_record_it_holds() -> None:
    body = (STRANGERS / "27-content-encoding" / "body.ndjson.gz").read_bytes()
    headers = {"x-record-count": "1", "x-total-count": "1", "content-encoding": CODINGS[0]}
    missing = r"required field\(s\) .* are missing from every record of page-00001"
    with pytest.raises(ContractError, match=missing):
        police(signed(lambda _: Answer(body, headers=headers)))


@pytest.mark.parametrize("coding", ["identity", "", " , "])
def test_identity_is_no_compression(coding: str) -> None:
    police(signed(lambda _: page(1, 1, **{"content-encoding": coding})))
    assert accounts() == ["E00000000001"]


def test_what_was_compressed_twice_is_unpacked_twice() -> None:
    body = gzip.compress(gzip.compress(lines_of([ACCOUNT])))
    headers = {**page(1, 1).headers, "content-encoding": "gzip, x-gzip"}
    police(signed(lambda _: Answer(body, headers=headers)))
    assert accounts() == ["E00000000001"]


def test_a_coding_that_was_not_offered_is_named() -> None:
    with pytest.raises(ContractError, match="with a content coding other than gzip"):
        police(signed(lambda _: page(1, 1, **{"content-encoding": "br"})))


def test_a_digest_of_other_bytes_is_asked_for_again() -> None:
    good = page(1, 1, **{"content-digest": "sha-256=:{}:".format(_base64(b"x" * 32))})
    with pytest.raises(SourceError, match="does not match its Content-Digest"):
        police(signed(lambda _: good))


def _base64(value: bytes) -> str:
    from base64 import b64encode

    return b64encode(value).decode()


# Statuses


@pytest.mark.parametrize(
    ("status", "location", "told"),
    [
        (301, "PATH/", r"returned 301: the source redirects to the same path with a slash"),
        (302, "/login?next=082190000001", r"returned 302: .* another path, such as a login page"),
        (307, "https://elsewhere.example/", r"returned 307: .* another server"),
        (308, "http://127.0.0.1:1/x", r"returned 308: .* another scheme or port"),
        (302, "http://[", r"returned 302: .* an invalid URL"),
        (304, "", r"returned 304 .not changed."),
        (404, "", r"returned 404: there is nothing at this address"),
        (410, "", r"returned 410: the address is no longer in use"),
        (403, "", r"returned 403: the source denies access"),
        (400, "", r"returned 400: the source considers the request malformed"),
        (418, "", r"returned HTTP 418: the source refuses the request"),
    ],
)
@pytest.mark.one_in(3)
def test_each_status_says_what_it_means(status: int, location: str, told: str) -> None:
    def respond(request: Request) -> Answer:
        there = location.replace("PATH", request.path)
        return Answer(status=status, headers={"location": there} if there else {})

    with pytest.raises(ContractError, match=told) as raised:
        police(signed(respond))
    assert "082190000001" not in said_by(raised.value)
    assert "elsewhere" not in said_by(raised.value)


@pytest.mark.parametrize(
    ("source", "dataset"), [("programme", "task"), ("education", "exam_registration")]
)
def test_a_list_without_content_is_named(source: str, dataset: str) -> None:
    with (
        serving(lambda _: Answer(status=204)) as server,
        pytest.raises(ContractError, match="returned 204 without content"),
    ):
        sync(endpoint(server.url), source, "one", DAY, dataset)


# Tokens


ANSWERS = json.loads((STRANGERS / "32-token-answers" / "answers.json").read_text())


@pytest.mark.parametrize("given", [a for a in ANSWERS if isinstance(a, dict)], ids=str)
@pytest.mark.one_in(3)
def test_tokens_are_read_however_their_lifetime_is_written(given: dict[str, Any]) -> None:
    token = {name: value for name, value in TOKEN.items() if f"no {name}" not in given}
    token |= {name: value for name, value in given.items() if name in ("expires_in", "token_type")}
    if "expires_at" in given:
        token["expires_at"] = given["expires_at"]
    server = police(signed(lambda _: page(1, 1), Answer(token)))
    assert accounts() == ["E00000000001"]
    assert server.asked[-1].headers["authorization"] == "Bearer t"


@pytest.mark.parametrize(
    ("bad", "told"),
    [
        (
            Answer(b"<html>login</html>"),
            r"token endpoint did not return a JSON object \(HTTP 200",
        ),
        (Answer(status=204), r"the token endpoint returned HTTP 204"),
        (Answer(status=302, headers={"location": "/login"}), r"returned HTTP 302"),
        (Answer(status=503), r"returned HTTP 503"),
        (Answer([]), r"did not return a JSON object"),
        (Answer({"access_token": 5}), r"returned no token \(HTTP 200\)"),
        (Answer({"error": "invalid_client"}, 401), r"authentication failed: invalid_client"),
        (Answer({"error": "082190000001"}, 400), r"returned no token \(HTTP 400\)"),
        (
            Answer({"error": "invalid_scope", "error_description": "082190000001"}, 400),
            r"authentication failed: invalid_scope \(",
        ),
    ],
)
@pytest.mark.one_in(3)
def test_a_token_that_is_not_given_is_asked_for_again_and_named(bad: Answer, told: str) -> None:
    with pytest.raises(SourceError, match=told) as raised:
        police(signed(lambda _: page(1, 1), bad))
    assert "082190000001" not in said_by(raised.value)
    left = [bad]

    def respond(request: Request) -> Answer:
        if request.method == "POST":
            return left.pop() if left else Answer(TOKEN)
        return page(1, 1)

    police(respond, retry_attempts=2)
    assert accounts() == ["E00000000001"]


@pytest.mark.parametrize("size", [300_000, 100 << 20])
def test_a_token_answer_without_end_is_given_up(size: int) -> None:
    """A hundred megabytes of zeros come as a hundred kilobytes."""
    packed = gzip.compress(b"0" * size, 9)
    bomb = Answer(packed, headers={"content-encoding": "gzip"})
    plain = Answer(b" " * 300_000)
    for answer in (bomb, plain):
        with pytest.raises(SourceError, match="the token endpoint returned more than 262144 bytes"):
            police(signed(lambda _: page(1, 1), answer))


@pytest.mark.parametrize("status", [400, 401, 403])
def test_a_token_that_is_no_longer_accepted_is_renewed_once(status: int) -> None:
    tokens: Iterator[str] = iter("ab")

    def respond(request: Request) -> Answer:
        if request.method == "POST":
            return Answer({**TOKEN, "access_token": next(tokens)})
        if "cursor" not in request.query:
            return page(1, 2, "</v1/x?cursor=2>; rel=next")
        stale = request.headers["authorization"] == "Bearer a"
        return Answer(status=status) if stale else page(2, 2)

    police(respond, retry_attempts=2)
    assert accounts() == ["E00000000001", "E00000000002"]
    assert next(tokens, None) is None


def test_a_refusal_that_a_new_token_does_not_lift_stays_one() -> None:
    def respond(request: Request) -> Answer:
        if "cursor" in request.query:
            return Answer(status=403)
        return page(1, 2, "</v1/x?cursor=2>; rel=next")

    with serving(signed(respond)) as server, pytest.raises(SourceError, match=r"page 2: .* 403"):
        sync(endpoint(server.url), "police", "one", DAY, "eid_account")
    assert [request.method for request in server.asked] == ["POST", "GET", "GET", "POST", "GET"]


# Addresses


ACCOUNTS = contract.load("police").dataset("eid_account")


@pytest.mark.parametrize("host", ["192.0.2.1", "ministry.example", "[2001:db8::1]", "127.0.0.1.x"])
def test_plain_http_is_for_this_machine_alone(host: str) -> None:
    place = endpoint(f"http://{host}:1")
    with pytest.raises(ContractError, match=r"plain http, .* use https, or set"):
        extract(place, ACCOUNTS, "one", date.fromisoformat(DAY))


@pytest.mark.parametrize(
    ("url", "extra"),
    [
        ("http://127.0.0.1:9", {}), ("http://localhost:9", {}), ("http://[::1]:9", {}),
        ("https://127.0.0.1:9", {}), ("http://nowhere.invalid:9", {"allow_plain_http": True}),
    ],
)  # fmt: skip
def test_plain_http_is_allowed_by_name(url: str, extra: dict[str, Any]) -> None:
    with pytest.raises(SourceError, match="ConnectError"):
        extract(endpoint(url, **extra), ACCOUNTS, "one", date.fromisoformat(DAY))
