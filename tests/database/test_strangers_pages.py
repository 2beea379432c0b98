"""Pages and empty windows as other servers write them, from the wire to core."""

from typing import Any

import pytest

from dean06.errors import ContractError, Dean06Error, SourceError
from tests.lib.loading import rows
from tests.lib.strangers_accounts import Respond, accounts, page, police, portal, signed
from tests.lib.strangers_http import (
    STRANGERS,
    Answer,
    Request,
)

pytestmark = pytest.mark.usefixtures("warehouse")


LINKS = (STRANGERS / "28-link-header" / "headers.txt").read_text().splitlines()


@pytest.mark.parametrize(
    "header",
    [
        *(line.removeprefix("Link: ") for line in LINKS),
        '</first>; rel=prev, <URL/v1/x?cursor=a>; rel="NEXT"; title="x; rel=last, <y>"',
        '<https://elsewhere.example/x>; rel=next; anchor="/other", </v1/x?cursor=a>; rel=next',
    ],
)
@pytest.mark.one_in(3)
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
        ("<http://elsewhere.example/x>; rel=next", "a URL on a server other than its own"),
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
            ), {}, SourceError, "page 1 has no record, but links to a next page",
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
