"""Faults do what they say, as often as they say, and then the source is healthy again."""

import base64
import hashlib
import json
from collections.abc import Callable
from typing import Any

import httpx
import paramiko
import pytest

from ministries.errors import InputError
from ministries.faults import Fault, Faults, load_profile, profile_names
from ministries.servers import Running
from tests.lib.clients import Education, Health, Police, drop_lines, fetch, local, manifest, outbox
from tests.lib.reference.reader import parse_workbook

END = local("2022-11-01")
DAY = "2022-11-02"
FIRST_FILE = f"/outbox/{DAY}/participant-0001.csv.gz"


def on(servers: Running, source: str, kind: str, times: int | None = 1, **args: Any) -> None:
    servers.faults.add(Fault(source, None, kind, times, args=args))


@pytest.mark.parametrize(
    ("kind", "status"),
    [("unauthorized", 401), ("rate_limited", 429), ("server_error", 500), ("unavailable", 503)],
)
def test_http_sources_refuse_once(servers: Running, kind: str, status: int) -> None:
    police, health, education = Police(servers), Health(servers), Education(servers)
    for source in ("police", "health", "education"):
        on(servers, source, kind, retry_after=7)
    asked: tuple[Callable[[], httpx.Response], ...] = (
        lambda: police.get("resident", until=END, limit=1),
        lambda: health.kick_off("Encounter", END, local("2022-10-31")),
        lambda: education.http.get("/exam/index.json", params={"until": END}),
    )
    for ask in asked:
        refused = ask()
        assert refused.status_code == status
        assert refused.headers["Content-Type"] == "application/problem+json"
        assert (refused.headers.get("Retry-After") == "7") == (status in (429, 503))
        assert ask().status_code in (200, 202)


def test_a_fault_without_times_stays(servers: Running) -> None:
    police = Police(servers)
    on(servers, "police", "unauthorized", times=None)
    assert [police.get("resident", until=END).status_code for _ in range(3)] == [401] * 3
    servers.faults.clear()
    assert police.get("resident", until=END).status_code == 200


def test_a_fault_keeps_to_its_dataset(servers: Running) -> None:
    police = Police(servers)
    servers.faults.add(Fault("police", "household", "unavailable"))
    assert police.get("resident", until=END).status_code == 200
    assert police.get("household", until=END).status_code == 503


def test_a_source_that_is_down_closes_connections(servers: Running) -> None:
    police = Police(servers)
    on(servers, "police", "down")
    with pytest.raises(httpx.TransportError):
        police.get("resident", until=END)
    assert police.get("resident", until=END).status_code == 200
    on(servers, "insurance", "down")
    with pytest.raises((paramiko.SSHException, EOFError, OSError)), outbox(servers):
        pass
    with outbox(servers) as session:
        assert session.listdir("/") == ["outbox"]


@pytest.mark.parametrize("kind", ["cut_body", "short_body"])
def test_bodies_break_off(servers: Running, kind: str) -> None:
    police = Police(servers)
    on(servers, "police", kind)
    with pytest.raises(httpx.TransportError):
        police.get("resident", until=END)
    assert police.get("resident", until=END).status_code == 200
    with outbox(servers) as session:
        whole = fetch(session, FIRST_FILE)
    on(servers, "insurance", kind)
    if kind == "cut_body":
        broken = pytest.raises((OSError, EOFError, paramiko.SSHException))
        with broken, outbox(servers) as session:
            fetch(session, FIRST_FILE)
    else:
        with outbox(servers) as session:
            assert whole.startswith(half := fetch(session, FIRST_FILE))
            assert len(half) == len(whole) // 2
    with outbox(servers) as session:
        assert fetch(session, FIRST_FILE) == whole


def test_a_wrong_digest_does_not_match(servers: Running) -> None:
    police = Police(servers)
    on(servers, "police", "wrong_digest")

    def matches() -> bool:
        headers = {**police.headers, "Accept-Encoding": "identity"}
        answer = police.http.get(
            f"{police.url}/v1/household", params={"until": END, "limit": 5}, headers=headers
        )
        digest = base64.b64encode(hashlib.sha256(answer.content).digest()).decode()
        return answer.headers["Content-Digest"] == f"sha-256=:{digest}:"

    assert [matches(), matches()] == [False, True]


def test_a_token_expires_on_the_way(servers: Running) -> None:
    police = Police(servers)
    on(servers, "police", "expired_token")
    first = police.get("resident", until=END, limit=100)
    assert first.status_code == 200
    following = first.links["next"]["url"]
    assert police.http.get(following, headers=police.headers).status_code == 401
    police.headers["Authorization"] = f"Bearer {police.token()}"
    assert police.http.get(following, headers=police.headers).status_code == 200


@pytest.mark.parametrize("kind", ["manifest_rows", "manifest_sha256"])
def test_manifests_contradict_their_files(servers: Running, kind: str) -> None:
    on(servers, "insurance", kind)
    with outbox(servers) as session:
        wrong, right = manifest(session, DAY), manifest(session, DAY)
    field = "rows" if kind == "manifest_rows" else "sha256"
    assert wrong["files"][0].pop(field) != right["files"][0].pop(field)
    assert wrong == right
    health, since = Health(servers), local("2022-10-31")
    on(servers, "health", kind)
    wrong, right = (health.export("Encounter", END, since)["output"][0] for _ in range(2))
    assert (wrong["count"] != right["count"]) == (kind == "manifest_rows")
    assert (wrong["extension"] != right["extension"]) == (kind == "manifest_sha256")
    education = Education(servers)
    on(servers, "education", kind)
    wrong, right = education.index(END), education.index(END)
    assert wrong != right


def test_a_late_drop_is_absent_until_released(servers: Running) -> None:
    on(servers, "insurance", "late_drop", times=None, day=DAY)
    with outbox(servers) as session:
        assert DAY not in session.listdir("/outbox")
        with pytest.raises(FileNotFoundError):
            manifest(session, DAY)
        servers.faults.clear()
        assert DAY in session.listdir("/outbox")
        assert manifest(session, DAY)["files"]


def test_a_page_comes_twice_and_is_counted_twice(servers: Running) -> None:
    police = Police(servers)
    sound = int(police.get("household", until=END).headers["X-Total-Count"])
    on(servers, "police", "duplicated_page", rows=50)
    pages = list(police.pages("household", until=END, limit=50))
    assert pages[0].content == pages[1].content
    assert {page.headers["X-Total-Count"] for page in pages} == {str(sound + 50)}


def test_rows_come_in_another_order(servers: Running) -> None:
    police = Police(servers)
    sound = police.get("household", until=END).content.splitlines()
    on(servers, "police", "reordered_rows", times=None)
    shaken = police.get("household", until=END).content.splitlines()
    assert sound != shaken
    assert sorted(sound) == sorted(shaken)
    assert shaken == police.get("household", until=END).content.splitlines()


def test_a_feed_is_empty(servers: Running) -> None:
    for source in ("police", "insurance", "health", "education"):
        on(servers, source, "empty_feed", times=None)
    assert Police(servers).get("household", until=END).headers["X-Total-Count"] == "0"
    with outbox(servers) as session:
        assert manifest(session, DAY)["files"] == []
    assert Health(servers).export("Encounter", END)["output"] == []
    assert all(b["candidates"] == 0 for b in Education(servers).index(END)["workbooks"])


def test_fields_come_and_go(servers: Running) -> None:
    for source, column in (
        ("police", "commune_code"),
        ("insurance", "full_name"),
        ("education", "school_code"),
        ("health", "full_name"),
    ):
        servers.faults.add(Fault(source, None, "missing_field", args={"column": column}))
        servers.faults.add(Fault(source, None, "unknown_field"))
    for line in Police(servers).get("household", until=END, limit=9).content.splitlines():
        assert b'"maXa"' not in line
        assert b'"truongMoi"' in line
    with outbox(servers) as session:
        header = drop_lines(session, DAY)[0].decode().split(",")
    assert "ho_ten" not in header
    assert header[-1] == "truongMoi"
    health = Health(servers)
    (entry,) = health.export("Immunization", END, local("2022-10-31"))["output"]
    resource = json.loads(health.file(entry)[0])
    assert "name" not in resource["contained"][0]
    assert resource["truongMoi"] == "x"
    body = Education(servers).http.get("/exam/HD5301-lan-1.xlsx").content
    assert all("school_code" not in row for row in parse_workbook(body))


@pytest.mark.parametrize(
    ("kind", "mark"),
    [
        ("malformed_json", None),
        ("invalid_utf8", b"\xff\xfe"),
        ("nul_byte", b"\x00"),
        ("oversized_field", b"A" * 10_000_000),
    ],
)
def test_bad_lines_are_added_and_counted(servers: Running, kind: str, mark: bytes | None) -> None:
    police = Police(servers)
    window: dict[str, str | int] = {"since": END, "until": local("2022-11-02"), "limit": 5}
    sound = police.get("household", **window)
    on(servers, "police", kind, records=2)
    page = police.get("household", **window)
    assert int(page.headers["X-Total-Count"]) == int(sound.headers["X-Total-Count"]) + 2
    lines = page.content.split(b"\n")[:-1]
    assert len(lines) == int(page.headers["X-Record-Count"])
    if mark is None:
        with pytest.raises(json.JSONDecodeError):
            json.loads(lines[0])
    else:
        assert all(mark in line for line in lines[:2])
    again = police.get("household", **window)
    assert again.content == page.content
    servers.faults.clear()
    assert police.get("household", **window).content == sound.content


def test_bad_records_are_added_to_files_and_workbooks(servers: Running) -> None:
    with outbox(servers) as session:
        sound = len(drop_lines(session, DAY))
        on(servers, "insurance", "wrong_field_count", times=None, records=3)
        lines = drop_lines(session, DAY)
    assert len(lines) == sound + 3
    assert sum(line.count(b",") > lines[0].count(b",") for line in lines) >= 3
    health, window = Health(servers), (END, local("2022-10-31"))
    before = health.export("Encounter", *window)["output"][0]["count"]
    on(servers, "health", "invalid_utf8", times=None)
    after = health.export("Encounter", *window)["output"][0]
    assert after["count"] == before + 1
    assert b"\xff\xfe" in health.file(after)[0]
    education = Education(servers)
    on(servers, "education", "bad_workbook_row", times=None)
    rows = parse_workbook(education.http.get("/exam/HD5302-lan-1.xlsx").content)
    assert "không rõ" in {row["birth_date"] for row in rows}


def test_a_share_of_requests_fails_repeatably() -> None:
    def pattern() -> list[bool]:
        faults = Faults([Fault("police", None, "unavailable", share=0.3)], seed=4)
        return [faults.take("police", "resident", ("unavailable",)) is not None for _ in range(200)]

    assert pattern() == pattern()
    assert 30 < sum(pattern()) < 90


def test_profiles_can_be_read() -> None:
    assert {"flaky", "outage", "contradictions", "dirty_lines", "drift", "strangers"} <= set(
        profile_names()
    )
    assert all(load_profile(name) for name in profile_names())
    assert load_profile("none") == []
    with pytest.raises(InputError, match="faults: unknown profile nonsense"):
        load_profile("nonsense")
    with pytest.raises(InputError, match="kind: sulk"):
        Fault("police", None, "sulk")
