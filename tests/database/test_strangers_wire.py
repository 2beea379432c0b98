"""How other servers speak HTTP and SFTP, from the wire to core; and servers that never end."""

import gzip
import hashlib
import json
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from dean06 import contract
from dean06.errors import ContractError, Dean06Error, ManifestMismatchError, SourceError
from dean06.load.extract import extract
from dean06.sources import Endpoint
from tests.lib.loading import lines_of, rows
from tests.lib.strangers_http import (
    STRANGERS,
    TOKEN,
    Answer,
    Request,
    Server,
    endpoint,
    serving,
    sync,
)
from tests.lib.strangers_sftp import drop, outbox

DAY = "2022-10-31"
ACCOUNT: dict[str, Any] = {
    "maTaiKhoan": "E00000000001", "soDinhDanh": "082190000001", "maXa": "28249",
    "dangKyLuc": "2022-08-01T10:00:00+07:00", "nangMuc2Luc": "2022-09-01T10:00:00+07:00",
    "kichHoatLuc": None, "khoaLuc": None, "daXoa": False,
    "capNhatLuc": "2022-09-01T10:00:00+07:00",
}  # fmt: skip
Respond = Callable[[Request], Answer]

pytestmark = pytest.mark.usefixtures("warehouse")


def page(number: int, total: int, link: str = "", **changes: str) -> Answer:
    """A page of one account; ``link`` is its Link header."""
    body = lines_of([{**ACCOUNT, "maTaiKhoan": f"E{number:011}"}])
    headers = {"x-record-count": "1", "x-total-count": str(total), **changes}
    return Answer(body, headers={**headers, "link": link} if link else headers)


def signed(respond: Respond, token: Answer | None = None) -> Respond:
    """A server that also gives tokens."""

    def answer(request: Request) -> Answer:
        if request.method == "POST":
            return token or Answer(TOKEN)
        return respond(request)

    return answer


def police(respond: Respond, **extra: Any) -> Server:
    """Sync the accounts of a server from the wire to core."""
    with serving(respond) as server:
        sync(endpoint(server.url, **extra), "police", "one", DAY, "eid_account")
    return server


def portal(answer: Answer) -> Server:
    with serving(signed(lambda _: answer)) as server:
        sync(endpoint(server.url), "portal", "one", DAY, "dossier")
    return server


def accounts() -> list[str]:
    return [key for (key,) in rows("select account_id from core.police__eid_account order by 1")]


# Pages


LINKS = (STRANGERS / "28-link-header" / "headers.txt").read_text().splitlines()


@pytest.mark.parametrize(
    "header",
    [
        *(line.removeprefix("Link: ") for line in LINKS),
        '</first>; rel=prev, <URL/v1/x?cursor=a>; rel="NEXT"; title="x; rel=last, <y>"',
        '<https://elsewhere.example/x>; rel=next; anchor="/other", </v1/x?cursor=a>; rel=next',
    ],
)
def test_the_next_page_is_found_however_its_link_is_written(header: str) -> None:
    def respond(request: Request) -> Answer:
        if "cursor" in request.query:
            return page(2, 2)
        return page(1, 2, header.replace("URL", f"http://{request.headers['host']}"))

    server = police(signed(respond))
    assert accounts() == ["E00000000001", "E00000000002"]
    assert server.asked[-1].path == "/v1/x"
    assert server.asked[-1].query["cursor"] in ("a", "a,b")


@pytest.mark.parametrize(
    ("link", "told"),
    [
        ("garbage", "Link header cannot be read"),
        ("</v1/a>; rel=next, </v1/b>; rel=next", "names 2 next pages"),
        ("<http://elsewhere.example/x>; rel=next", "a URL on another server"),
        ("<http://[>; rel=next", "Link header cannot be read"),
    ],
)
def test_a_link_that_cannot_be_followed_is_refused(link: str, told: str) -> None:
    with pytest.raises(ContractError, match=told):
        police(signed(lambda _: page(1, 2, link)))


def numbered(request: Request) -> Answer:
    number = int(request.query.get("cursor", "1"))
    return page(number, 10**6, f"</v1/x?cursor={number + 1}>; rel=next")


@pytest.mark.parametrize(
    ("respond", "extra", "error", "told"),
    [
        (numbered, {"max_pages": 3}, ContractError, "more than 3 pages .max_pages"),
        (numbered, {"max_bytes": 500}, ContractError, "more than 500 bytes .max_bytes"),
        (numbered, {"max_seconds": 1e-9}, SourceError, "longer than 1e-09 seconds .max_seconds"),
        (
            lambda _: page(1, 9, "</v1/x?cursor=1>; rel=next"), {}, SourceError,
            "page 2 links to a page that was read before",
        ),
        (
            lambda _: Answer(
                headers={"x-record-count": "0", "x-total-count": "9", "link": "</x>; rel=next"}
            ), {}, SourceError, "page 1 holds no record, yet links to a next page",
        ),
    ],
    ids=["pages", "bytes", "seconds", "a circle", "nothing"],
)  # fmt: skip
def test_pages_without_end_come_to_an_end(
    respond: Respond, extra: dict[str, Any], error: type[Dean06Error], told: str
) -> None:
    with pytest.raises(error, match=told):
        police(signed(respond), **extra)
    assert accounts() == []


def test_a_portal_of_too_many_pages_is_refused_before_they_are_read() -> None:
    content = {"trang": 1, "tongSo": 10**9, "tongTrang": 10**9, "duLieu": [{"MaHoSo": "1"}]}
    with pytest.raises(ContractError, match="more than 10000 pages"):
        portal(Answer(content))


@pytest.mark.parametrize("name", ["²", "-1", "1.0", ""])
def test_a_count_that_is_none_is_named(name: str) -> None:
    with pytest.raises(SourceError, match="the page's x-record-count must be a whole number"):
        police(signed(lambda _: page(1, 1, **{"x-record-count": name.encode().decode("latin-1")})))


# Empty windows


EMPTY = STRANGERS / "23-portal-empty-window"


@pytest.mark.parametrize(
    "answer",
    [
        Answer((EMPTY / "null.json").read_bytes()),
        Answer((EMPTY / "one-empty-page.json").read_bytes()),
        Answer({"trang": 1, "tongSo": 0, "tongTrang": 0, "duLieu": []}),
        Answer({"trang": 1, "tongSo": 0, "tongTrang": 0}),
        Answer({"trang": "1", "tongSo": "0", "tongTrang": "1", "duLieu": None}),
        Answer(status=204),
    ],
)
def test_a_window_without_records_is_a_load_of_none(answer: Answer) -> None:
    portal(answer)
    assert rows("select status, received_count, declared_count from ops.load") == [
        ("published", 0, 0)
    ]


def test_police_may_say_nothing_too() -> None:
    police(signed(lambda _: Answer(status=204)))
    assert rows("select status, received_count from ops.load") == [("published", 0)]


def test_a_missing_array_is_no_empty_window_when_records_are_declared() -> None:
    with pytest.raises(SourceError, match=r"damaged page|0 records in the pages so far"):
        portal(Answer({"trang": 1, "tongSo": 4, "tongTrang": 1, "duLieu": None}))


def test_numbers_of_a_page_may_be_texts() -> None:
    portal(Answer((EMPTY / "numbers-as-text.json").read_bytes()))
    assert rows("select dossier_code, personal_id from core.portal__dossier") == [
        ("000.00.18.H58-221030-1001", "082190000001")
    ]


# Compression


CODINGS = [
    line.partition(": ")[2]
    for line in (STRANGERS / "27-content-encoding" / "headers.txt").read_text().splitlines()
]


@pytest.mark.parametrize(
    "coding", [*CODINGS, "gzip", " Gzip ", "identity, x-gzip", "gzip,identity"]
)
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
    with pytest.raises(ContractError, match=r"required field\(s\) .* are in none of 1 records"):
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
    with pytest.raises(ContractError, match="in a content coding other than gzip"):
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
        (301, "PATH/", r"answered 301: the source redirects to the same path with a slash"),
        (302, "/login?next=082190000001", r"answered 302: .* another path, such as a login page"),
        (307, "https://elsewhere.example/", r"answered 307: .* another server"),
        (308, "http://127.0.0.1:1/x", r"answered 308: .* another scheme or port"),
        (302, "http://[", r"answered 302: .* an invalid URL"),
        (304, "", r"answered 304 .not changed."),
        (404, "", r"answered 404: there is nothing at this address"),
        (410, "", r"answered 410: the address was given up"),
        (403, "", r"answered 403: the source denies access"),
        (400, "", r"answered 400: the source takes the request for malformed"),
        (418, "", r"answered HTTP 418: the source refuses the request as such"),
    ],
)
def test_each_status_says_what_it_means(status: int, location: str, told: str) -> None:
    def respond(request: Request) -> Answer:
        there = location.replace("PATH", request.path)
        return Answer(status=status, headers={"location": there} if there else {})

    with pytest.raises(ContractError, match=told) as raised:
        police(signed(respond))
    assert "082190000001" not in str(raised.value)
    assert "elsewhere" not in str(raised.value)


@pytest.mark.parametrize(
    ("source", "dataset"), [("programme", "task"), ("education", "exam_registration")]
)
def test_a_list_without_content_is_named(source: str, dataset: str) -> None:
    with (
        serving(lambda _: Answer(status=204)) as server,
        pytest.raises(ContractError, match="answered 204 without content"),
    ):
        sync(endpoint(server.url), source, "one", DAY, dataset)


# Tokens


ANSWERS = json.loads((STRANGERS / "32-token-answers" / "answers.json").read_text())


@pytest.mark.parametrize("given", [a for a in ANSWERS if isinstance(a, dict)], ids=str)
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
        (Answer(b"<html>login</html>"), r"the token endpoint answered no JSON object \(HTTP 200\)"),
        (Answer(status=204), r"the token endpoint answered HTTP 204"),
        (Answer(status=302, headers={"location": "/login"}), r"answered HTTP 302"),
        (Answer(status=503), r"answered HTTP 503"),
        (Answer([]), r"answered no JSON object"),
        (Answer({"access_token": 5}), r"gave no token \(HTTP 200\)"),
        (Answer({"error": "invalid_client"}, 401), r"authentication failed: invalid_client"),
        (Answer({"error": "082190000001"}, 400), r"gave no token \(HTTP 400\)"),
        (
            Answer({"error": "invalid_scope", "error_description": "082190000001"}, 400),
            r"authentication failed: invalid_scope \(",
        ),
    ],
)
def test_a_token_that_is_not_given_is_asked_for_again_and_named(bad: Answer, told: str) -> None:
    with pytest.raises(SourceError, match=told) as raised:
        police(signed(lambda _: page(1, 1), bad))
    assert "082190000001" not in str(raised.value)
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
        with pytest.raises(SourceError, match="the token endpoint answered more than 262144 bytes"):
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


# Workbooks


@pytest.mark.parametrize(
    ("index", "told"),
    [
        ({"total": 1}, "lists 0 workbooks and says 1"),
        ({"workbooks": []}, "missing required field `total`"),
        ({"total": 1, "workbooks": [{"name": "a.xlsx"}]}, r"at `\$\.workbooks\[0\]`"),
        (
            {"total": 1, "workbooks": [{"name": "../a", "candidates": 1, "sha256": "0" * 64}]},
            r"workbooks\[0\]\.name must be the name of a file",
        ),
        (
            {"total": 1, "workbooks": [{"name": "a\x1b[31m", "candidates": 1, "sha256": "0" * 64}]},
            r"workbooks\[0\]\.name must be the name of a file",
        ),
        (
            {"total": 1, "workbooks": [{"name": "a", "candidates": "1,0", "sha256": "0" * 64}]},
            r"workbooks\[0\]\.candidates must be a whole number",
        ),
        (
            {"total": 1, "workbooks": [{"name": "a", "candidates": 1, "sha256": "082190000001"}]},
            r"workbooks\[0\]\.sha256 must be a SHA-256 in hex",
        ),
    ],
)
def test_an_index_that_cannot_be_used_is_refused_by_the_name_of_its_member(
    index: dict[str, Any], told: str
) -> None:
    with serving(lambda _: Answer(index)) as server, pytest.raises(Dean06Error, match=told) as seen:
        sync(endpoint(server.url), "education", "one", DAY)
    assert "082190000001" not in str(seen.value)
    assert "\x1b" not in str(seen.value)


@pytest.mark.parametrize("packed", [False, True])
def test_a_workbook_is_the_one_of_its_digest_in_any_case_and_coding(packed: bool) -> None:
    content = _workbook()
    entry = {
        "name": "hoi-dong.xlsx", "candidates": "1",
        "sha256": hashlib.sha256(content).hexdigest().upper(),
    }  # fmt: skip
    headers = {"content-encoding": "x-gzip"} if packed else {}

    def respond(request: Request) -> Answer:
        if request.path.endswith("index.json"):
            return Answer({"total": "1", "workbooks": [entry]})
        return Answer(gzip.compress(content) if packed else content, headers=headers)

    with serving(respond) as server:
        sync(endpoint(server.url), "education", "one", DAY)
    assert rows("select received_count from ops.load") == [(1,)]


def _workbook() -> bytes:
    from tests.unit.test_sources import FIXTURES, _given

    fixture = json.loads((FIXTURES / "education" / "exam_registration.json").read_text("utf-8"))
    rows_given = fixture["given"]["rows"]
    header = next(n for n, row in enumerate(rows_given) if "Số báo danh" in row)
    fixture["given"]["rows"] = rows_given[: header + 3]
    return _given(fixture).read()


# Drops


DROP = STRANGERS / "33-upper-case-sha256"
P1 = (DROP / "p1.csv.gz").read_bytes()
MANIFEST = json.loads((DROP / "manifest.json").read_text())
GZIP = STRANGERS / "36-gzip-members"


def manifest_of(content: bytes, number: int = 1, **changes: Any) -> dict[str, Any]:
    digest = hashlib.sha256(content).hexdigest()
    entry = {"name": "p1.csv.gz", "rows": number, "bytes": len(content), "sha256": digest}
    return {**MANIFEST, "files": [{**entry, **changes}]}


def insurance(root: Path, **extra: Any) -> None:
    with outbox(root, **extra) as place:
        sync(place, "insurance", "one", DAY)


def insured() -> list[str]:
    return [k for (k,) in rows("select bhxh_code from core.insurance__participant order by 1")]


@pytest.mark.parametrize(
    "manifest",
    [
        MANIFEST,
        manifest_of(P1, bytes=str(len(P1)), rows="1"),
        manifest_of(P1, sha256=f"{hashlib.sha256(P1).hexdigest()} *p1.csv.gz\n"),
        manifest_of(P1, sha256=f"{hashlib.sha256(P1).hexdigest().upper()}  p1.csv.gz"),
    ],
)
def test_a_drop_may_write_its_digests_and_sizes_as_tools_do(tmp_path: Path, manifest: Any) -> None:
    drop(tmp_path, DAY, manifest, p1=P1)
    insurance(tmp_path)
    assert insured() == ["8200000001"]


def test_what_else_lies_in_the_outbox_is_none_of_ours(tmp_path: Path) -> None:
    drop(tmp_path, DAY, MANIFEST, p1=P1)
    for name in (".cache", "2022-10-30.partial", "2022-13-45", "lost+found", "1999"):
        (tmp_path / "outbox" / name).mkdir()
    (tmp_path / "outbox" / "README.txt").write_text("x")
    insurance(tmp_path)
    assert insured() == ["8200000001"]


@pytest.mark.parametrize("name", ["manifest-half.json", "manifest-empty.json"])
def test_a_manifest_that_is_still_written_is_late_and_read_the_next_time(
    tmp_path: Path, name: str
) -> None:
    half = (STRANGERS / "34-drop-still-being-written" / name).read_bytes()
    drop(tmp_path, DAY, half, p1=P1)
    with pytest.raises(SourceError, match=r"not complete JSON: it may still be written \(late\)"):
        insurance(tmp_path)
    drop(tmp_path, DAY, MANIFEST)
    insurance(tmp_path)
    assert insured() == ["8200000001"]


def test_a_file_that_is_still_written_is_late_and_read_the_next_time(tmp_path: Path) -> None:
    drop(tmp_path, DAY, MANIFEST, p1=P1[:100])
    with pytest.raises(SourceError, match=r"says 213 bytes, the file has 100: .* \(late\)"):
        insurance(tmp_path)
    drop(tmp_path, DAY, MANIFEST, p1=P1)
    insurance(tmp_path)
    assert insured() == ["8200000001"]


@pytest.mark.parametrize(
    ("manifest", "extra", "told"),
    [
        (manifest_of(P1[:-1]), {}, "says 212 bytes, the file has more"),
        (manifest_of(P1, bytes=10**17), {}, "more than 21474836480 bytes"),
        (manifest_of(P1), {"max_bytes": 300}, "more than 300 bytes"),
        (
            {**MANIFEST, "files": [{**MANIFEST["files"][0], "name": name} for name in "ab"]},
            {"max_files": 1},
            "more than 1 files",
        ),
        (manifest_of(P1, name="../../../etc/passwd"), {}, r"files\[0\]\.name must be the name"),
        (manifest_of(P1, name="a\x1b[31m\n"), {}, r"files\[0\]\.name must be the name"),
        (manifest_of(P1, sha256="x"), {}, r"files\[0\]\.sha256 must be a SHA-256"),
        (manifest_of(P1, rows=None), {}, r"Expected `int \| str`, got `null` - at `\$\.files\[0\]"),
        ([], {}, r"the manifest of 2022-10-31 cannot be used: Expected `object`"),
        ({**MANIFEST, "dataset": "other"}, {}, "is not one of participant"),
    ],
)
def test_a_drop_that_is_not_as_agreed_is_refused_before_it_is_read(
    tmp_path: Path, manifest: Any, extra: dict[str, Any], told: str
) -> None:
    drop(tmp_path, DAY, manifest, p1=P1)
    with pytest.raises(ContractError, match=told) as raised:
        insurance(tmp_path, **extra)
    assert "\x1b" not in str(raised.value)
    assert "passwd" not in str(raised.value)


def test_a_file_with_another_digest_is_damaged(tmp_path: Path) -> None:
    drop(tmp_path, DAY, manifest_of(P1), p1=bytes(len(P1)))
    with pytest.raises(ManifestMismatchError, match="manifest says SHA-256"):
        insurance(tmp_path)


@pytest.mark.parametrize(
    ("name", "keys"), [("two", ["8200000001", "8200000002"]), ("padded", ["8200000001"])]
)
def test_a_file_of_several_gzip_members_is_read_whole(
    tmp_path: Path, name: str, keys: list[str]
) -> None:
    content = (GZIP / f"{name}.csv.gz").read_bytes()
    drop(tmp_path, DAY, manifest_of(content, len(keys)), p1=content)
    insurance(tmp_path)
    assert insured() == keys


def test_garbage_behind_a_gzip_member_is_refused_with_its_cause(tmp_path: Path) -> None:
    content = (GZIP / "garbage.csv.gz").read_bytes()
    drop(tmp_path, DAY, manifest_of(content), p1=content)
    with pytest.raises(ManifestMismatchError, match="cut short or damaged"):
        insurance(tmp_path)


def test_who_cannot_be_reached_is_told_without_its_words(tmp_path: Path) -> None:
    with outbox(tmp_path) as place:
        pass
    with pytest.raises(SourceError, match=r"sftp 127\.0\.0\.1: \w+"):
        sync(Endpoint(place.url, "a", "b", place.extra), "insurance", "one", DAY)
