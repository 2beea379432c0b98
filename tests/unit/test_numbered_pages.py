"""Numbered pages: what the client refuses, asks for again, and does not ask for twice."""

import gzip
import io
import json
from datetime import UTC, datetime
from typing import Any

import httpx2 as httpx
import pytest

from dean06 import contract
from dean06.errors import ContractError, InconsistentDeliveryError, SourceError
from dean06.sources import Call, Endpoint, Landed, Piece, portal
from dean06.terms import Terms
from dean06.wire import json_array, oauth
from tests.lib.errors import said_by


class Server:
    """A portal of five dossiers in pages of two; ``pages`` replaces single answers."""

    def __init__(self) -> None:
        self.asked: list[int] = []
        self.pages: dict[int, list[Any]] = {}

    def page(self, number: int) -> dict[str, Any]:
        records = [{"MaHoSo": str(n)} for n in range(5)][number * 2 - 2 : number * 2]
        return {"trang": number, "soLuong": 2, "tongSo": 5, "tongTrang": 3, "duLieu": records}

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.url.path == "/token":
            return httpx.Response(200, stream=httpx.ByteStream(b'{"access_token": "x"}'))
        number = int(request.url.params["trang"])
        self.asked.append(number)
        replaced = self.pages.get(number)
        body = replaced.pop(0) if replaced else self.page(number)
        text = body if isinstance(body, bytes) else json.dumps(body).encode()
        body_stream = httpx.ByteStream(gzip.compress(text))
        return httpx.Response(200, stream=body_stream, headers=_PACKED)


_PACKED = {"content-encoding": "gzip"}


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Server:
    made = Server()
    real = oauth.TokenClient

    def client(*args: Any, **kwargs: Any) -> Any:
        return real(*args, transport=httpx.MockTransport(made), **kwargs)

    monkeypatch.setattr(oauth, "TokenClient", client)
    return made


def extract(*landed: Landed) -> list[Piece]:
    call = Call(
        endpoint=Endpoint("http://portal.test", "dean06", "secret"),
        terms=Terms(owner="", protocol="", page_size=2, retry_attempts=3, retry_wait_seconds=0),
        dataset=contract.load("portal").dataset("dossier"),
        since=None,
        until=datetime(2022, 10, 31, 17, tzinfo=UTC),
        landed=landed,
    )
    return list(portal.extract(call))


def test_every_page_is_a_piece_with_what_it_holds(server: Server) -> None:
    pieces = extract()
    assert [(p.name, p.suffix, p.declared, p.resume_token) for p in pieces] == [
        ("page-00001", "json.gz", 2, "5/3"),
        ("page-00002", "json.gz", 2, "5/3"),
        ("page-00003", "json.gz", 1, "5/3"),
    ]
    held = gzip.decompress(pieces[2].body.read())
    (batch,) = portal.parse(contract.load("portal").dataset("dossier"), "x", io.BytesIO(held))
    assert batch.records == [{"MaHoSo": "4"}]


def test_pages_that_landed_are_not_asked_for_again(server: Server) -> None:
    first = Landed("page-00001", 2, "5/3")
    assert [p.name for p in extract(first)] == ["page-00002", "page-00003"]
    assert server.asked == [2, 3]
    assert extract(first, Landed("page-00002", 2, "5/3"), Landed("page-00003", 1, "5/3")) == []
    assert server.asked == [2, 3]


def test_an_empty_window_is_one_empty_page(server: Server) -> None:
    server.pages[1] = [{"trang": 1, "soLuong": 2, "tongSo": 0, "tongTrang": 0, "duLieu": []}]
    assert [p.declared for p in extract()] == [0]
    assert extract(Landed("page-00001", 0, "0/0")) == []
    assert server.asked == [1]


@pytest.mark.parametrize(
    "damaged",
    [
        b"{", b"[]", b"<html>", b'{"trang": 1}', b"", b'{"trang":\xff,"duLieu":[]}',
        b'{"trang":2,"trang":3,"duLieu":[]}', b'{"trang":2,"duLieu":[{"a":"b"},{"a":',
    ],
)  # fmt: skip
def test_a_damaged_page_is_asked_for_again_and_then_given_up(
    server: Server, damaged: bytes
) -> None:
    server.pages[2] = [damaged, damaged]
    assert len(extract()) == 3
    assert server.asked == [1, 2, 2, 2, 3]
    server.pages[2] = [damaged] * 3
    with pytest.raises(SourceError, match=r"/dvc/v1/ho-so: damaged page: .*\(after 3 attempts\)"):
        extract()


def test_a_page_that_comes_with_the_same_bad_records_twice_is_taken(server: Server) -> None:
    bad = b'{"trang":2,"tongSo":5,"tongTrang":3,"duLieu":[{"MaHoSo":"2"},{"MaHoSo":"\xff"}]}'
    other = bad.replace(b"\xff", b"\xfe")
    server.pages[2] = [bad]
    assert gzip.decompress(extract()[1].body.read()) == json.dumps(server.page(2)).encode()
    assert server.asked == [1, 2, 2, 3]
    server.pages[2] = [other, bad, bad]
    assert gzip.decompress(extract()[1].body.read()) == bad
    assert server.asked[4:] == [1, 2, 2, 2, 3]


@pytest.mark.parametrize(
    ("number", "changed", "told"),
    [
        (2, {"tongSo": 6}, "page 2 states 6 records in 3 pages; .* stated 5 in 3"),
        (3, {"tongTrang": 4}, "page 3 states 5 records in 4 pages"),
        (2, {"trang": 1}, "requested page 2, the source returned page 1"),
        (3, {"duLieu": []}, "page 3 of 3: 4 records in the pages so far, 5 declared"),
        (2, {"duLieu": [{}] * 4}, "page 2 of 3: 6 records in the pages so far, 5 declared"),
        (2, {"duLieu": []}, "page 2 of 3: 2 records"),
        (1, {"tongSo": None}, "tongSo must be a whole number"),
        (1, {"tongSo": True}, "tongSo must be a whole number"),
        (1, {"tongTrang": "3.0"}, "tongTrang must be a whole number"),
        (1, {"tongTrang": 1}, "page 1 of 1: 2 records in the pages so far, 5 declared"),
        (1, {"duLieu": [{}] * 5}, "page 1 of 3: 5 records"),
    ],
)
def test_pages_that_do_not_add_up_are_refused(
    server: Server, number: int, changed: dict[str, Any], told: str
) -> None:
    server.pages[number] = [{**server.page(number), **changed}]
    with pytest.raises(InconsistentDeliveryError, match=told):
        extract()


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ({"success": False, "message": "Phiên đã hết hạn", "duLieu": None}, "is not a page"),
        ({"maLoi": "-5", "duLieu": []}, "none of these is in it: trang, tongSo, tongTrang"),
        ({"success": False, "message": "Phiên đã hết hạn"}, "the document has no array 'duLieu'"),
        ({}, "the document has no array 'duLieu'"),
    ],
)  # fmt: skip
def test_an_error_under_http_200_is_no_empty_window(
    server: Server, answer: dict[str, Any], told: str
) -> None:
    server.pages[1] = [answer] * 3
    with pytest.raises(SourceError, match=told) as raised:
        extract()
    assert "Phiên" not in said_by(raised.value)


def test_totals_that_changed_since_pages_landed_are_refused(server: Server) -> None:
    with pytest.raises(InconsistentDeliveryError, match="page 2 states 5 records"):
        extract(Landed("page-00001", 2, "7/4"))


def test_an_endless_page_is_not_held_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_array, "MAX_RECORD_BYTES", 100)
    with pytest.raises(ContractError, match="longer than 100 bytes"):
        json_array.load(io.BytesIO(b'{"duLieu":[' + b" " * 200 + b"]}"), "duLieu")


def test_an_oversized_element_is_one_problem() -> None:
    page = {"duLieu": [{"a": "x" * 10_000_000}, {"a": ["x" * 70_000]}, {"a": "b"}]}
    (batch,) = json_array.read(io.BytesIO(json.dumps(page).encode()), "duLieu")
    assert [(p.line, p.code) for p in batch.problems] == [
        (1, "oversized_field"),
        (2, "oversized_field"),
    ]
    assert (batch.lines, batch.records) == ([3], [{"a": "b"}])


def test_half_a_surrogate_rejects_its_element_as_written_and_no_other() -> None:
    good = r'{"a": "\ud83d\ude00 \\ud800"}'
    bad = [r'{"a": "\ud800"}', r'{"a": "\uDE00\ud83d"}', r'{"a": "\ud83d\n"}', r'{"\udfff": 1}']
    page = f'{{"duLieu": [{good}, {", ".join(bad)}, {good}], "tongSo": 6}}'.encode()
    (batch,) = json_array.read(io.BytesIO(page), "duLieu")
    assert (batch.lines, batch.records) == ([1, 6], [{"a": "😀 \\ud800"}] * 2)
    assert [(p.line, p.code) for p in batch.problems] == [
        (line, "malformed_json") for line in (2, 3, 4, 5)
    ]
    assert [p.raw for p in batch.problems] == bad


def test_elements_that_look_alike_once_hidden_keep_their_own_text() -> None:
    written = [
        r'{"a": "\ud800"}',
        r'{"a": "\ud801"}',
        r'{"b": {"a": "\ud802"}}',
        r'{"a": "\u0000"}',
    ]
    (batch,) = json_array.read(
        io.BytesIO(f'{{"duLieu": [{", ".join(written)}]}}'.encode()), "duLieu"
    )
    assert [p.raw for p in batch.problems] == written
    assert [p.code for p in batch.problems] == [*["malformed_json"] * 3, "nul_byte"]
