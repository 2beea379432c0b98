"""The provincial portal on the wire: pages that add up, refusals, and every fault it can have."""

import base64
import hashlib
import json
import zlib
from typing import Any

import httpx
import pytest

from ministries.faults import Fault
from ministries.servers import Running
from tests.lib.clients import HEADERS, Portal, local
from tests.lib.reference.service_rules import broken_rules, portal_record

_DATASET = "portal.dossier"
END = local("2022-11-01")


def test_a_token_is_needed_and_a_purpose(servers: Running) -> None:
    portal = Portal(servers)
    url, query = f"{portal.url}/dvc/v1/ho-so", {"capNhatDen": END}
    assert httpx.get(url, params=query, headers=HEADERS).status_code == 401
    bearer = {"Authorization": portal.headers["Authorization"]}
    assert httpx.get(url, params=query, headers=bearer).status_code == 403
    wrong = {"client_id": "dean06", "client_secret": "x", "grant_type": "client_credentials"}
    assert httpx.post(f"{portal.url}/token", data=wrong).status_code == 401
    basic = servers.clients["portal"]
    answer = httpx.post(
        f"{portal.url}/token",
        auth=(basic["client_id"], basic["client_secret"]),
        data={"grant_type": "client_credentials"},
    )
    assert answer.json()["expires_in"] == 300


@pytest.mark.parametrize("size", [7, 50, 2000])
def test_pages_add_up_in_order(servers: Running, size: int) -> None:
    pages = Portal(servers).pages(END, size=size)
    assert [page["trang"] for page in pages] == list(range(1, len(pages) + 1))
    assert all(page["soLuong"] == size for page in pages)
    assert all(len(page["duLieu"]) == size for page in pages[:-1])
    elements = [element for page in pages for element in page["duLieu"]]
    whole = Portal(servers).pages(END, size=1999)
    assert elements == [element for page in whole for element in page["duLieu"]]
    told = [r for e in elements if (r := portal_record(e)) and not broken_rules(_DATASET, r)]
    assert len(told) > 0.98 * len(elements) > 100
    order = [(r["updated_at"], r["dossier_code"]) for r in told]
    assert order == sorted(order)


def test_windows_are_cut_without_gap_or_overlap(servers: Running) -> None:
    portal, middle = Portal(servers), local("2022-10-15", "12:00:00")
    both = portal.pages(middle)[0]["duLieu"] + portal.pages(END, middle)[0]["duLieu"]
    assert both == portal.pages(END)[0]["duLieu"]
    empty = portal.pages(END, END)
    assert empty == [{"trang": 1, "soLuong": 1000, "tongSo": 0, "tongTrang": 0, "duLieu": []}]


@pytest.mark.parametrize("coding", ["gzip", "identity"])
def test_the_digest_is_of_the_bytes_as_sent(servers: Running, coding: str) -> None:
    portal = Portal(servers)
    headers = {**portal.headers, "Accept-Encoding": coding}
    url = f"{portal.url}/dvc/v1/ho-so"
    with portal.http.stream("GET", url, params={"capNhatDen": END}, headers=headers) as answer:
        sent = b"".join(answer.iter_raw())
    digest = base64.b64encode(hashlib.sha256(sent).digest()).decode()
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.headers["Content-Digest"] == f"sha-256=:{digest}:"
    assert int(answer.headers["Content-Length"]) == len(sent)
    plain = zlib.decompress(sent, 31) if coding == "gzip" else sent
    assert json.loads(plain)["trang"] == 1


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({}, 400),
        ({"capNhatDen": "hôm nay"}, 400),
        ({"capNhatDen": END, "soLuong": "0"}, 400),
        ({"capNhatDen": END, "soLuong": "2001"}, 400),
        ({"capNhatDen": END, "trang": "0"}, 400),
        ({"capNhatDen": END, "trang": "99999"}, 404),
        ({"capNhatDen": END, "capNhatTu": local("2022-12-01")}, 400),
    ],
)
def test_wrong_requests_are_told_so(servers: Running, query: dict[str, str], status: int) -> None:
    portal = Portal(servers)
    answer = portal.http.get(f"{portal.url}/dvc/v1/ho-so", params=query, headers=portal.headers)
    assert answer.status_code == status
    assert answer.headers["Content-Type"] == "application/problem+json"


def on(servers: Running, kind: str, times: int | None = 1, **args: Any) -> None:
    servers.faults.add(Fault("portal", None, kind, times, args=args))


def test_content_faults_are_consistent_with_their_counts(servers: Running) -> None:
    portal = Portal(servers)
    sound = portal.pages(END)[0]["duLieu"]
    on(servers, "duplicated_page", None, rows=40)
    assert portal.pages(END, size=40)[0]["duLieu"] == portal.pages(END, size=40)[1]["duLieu"]
    assert portal.pages(END)[0]["tongSo"] == len(sound) + 40
    servers.faults.clear()
    on(servers, "reordered_rows", None)
    shaken = portal.pages(END)[0]["duLieu"]
    assert shaken != sound
    assert sorted(map(str, shaken)) == sorted(map(str, sound))
    servers.faults.clear()
    on(servers, "empty_feed", None)
    assert portal.pages(END)[0]["tongSo"] == 0
    servers.faults.clear()
    on(servers, "missing_field", None, column="commune_code")
    on(servers, "unknown_field", None)
    for element in portal.pages(END)[0]["duLieu"]:
        if isinstance(element, dict):
            assert "NoiNopHoSo" not in element
            assert element["truongMoi"] == "x"


def test_bad_elements_are_added_and_counted(servers: Running) -> None:
    portal = Portal(servers)
    sound = portal.pages(END)[0]["duLieu"]
    on(servers, "not_an_object", None, records=2)
    first, second, *rest = portal.pages(END)[0]["duLieu"]
    assert isinstance(first, str)
    assert isinstance(second, str)
    assert rest == sound
    servers.faults.clear()
    on(servers, "oversized_field", None)
    assert len(portal.pages(END)[0]["duLieu"][0]["ChuHoSo"]) == 10 * 1024 * 1024


@pytest.mark.parametrize("kind", ["malformed_json", "invalid_utf8"])
def test_a_damaged_page_arrives_whole_and_is_no_json(servers: Running, kind: str) -> None:
    portal = Portal(servers)
    on(servers, kind)
    answer = portal.get(END)
    assert answer.status_code == 200
    with pytest.raises(ValueError, match=r"."):
        json.loads(answer.content)
    portal.pages(END)


def test_the_declared_number_can_contradict_the_pages(servers: Running) -> None:
    portal = Portal(servers)
    on(servers, "manifest_rows")
    wrong, right = portal.get(END).json(), portal.get(END).json()
    assert wrong["tongSo"] == right["tongSo"] + 1 == len(right["duLieu"]) + 1


@pytest.mark.parametrize(
    ("kind", "status"),
    [("unauthorized", 401), ("rate_limited", 429), ("server_error", 500), ("unavailable", 503)],
)
def test_requests_are_refused_once(servers: Running, kind: str, status: int) -> None:
    portal = Portal(servers)
    on(servers, kind, retry_after=3)
    refused = portal.get(END)
    assert refused.status_code == status
    assert (refused.headers.get("Retry-After") == "3") == (status in (429, 503))
    assert portal.get(END).status_code == 200


@pytest.mark.parametrize("kind", ["cut_body", "short_body", "down"])
def test_answers_break_off(servers: Running, kind: str) -> None:
    portal = Portal(servers)
    on(servers, kind)
    with pytest.raises(httpx.TransportError):
        portal.get(END)
    assert portal.get(END).status_code == 200


def test_a_token_expires_on_the_second_page(servers: Running) -> None:
    portal = Portal(servers)
    on(servers, "expired_token")
    assert portal.get(END, soLuong=20).status_code == 200
    assert portal.get(END, soLuong=20, trang=1).status_code == 200
    assert portal.get(END, soLuong=20, trang=2).status_code == 401
    portal.headers["Authorization"] = f"Bearer {portal.token()}"
    assert portal.get(END, soLuong=20, trang=2).status_code == 200


def test_days_after_the_horizon_have_not_come(servers: Running) -> None:
    far = Portal(servers).pages(local("2023-12-01"), local("2023-01-01"))
    assert far[0]["tongSo"] == 0
