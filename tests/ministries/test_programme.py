"""The programme office: one list of all tasks, as of any moment."""

import base64
import hashlib
import unicodedata
from collections import Counter, defaultdict
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from ministries.errors import InputError
from ministries.faults import Fault
from ministries.identity.world import World
from ministries.kernel.clock import day_number, end_of_day
from ministries.scenario.load import FOLDER, load
from ministries.servers import Running
from tests.lib.clients import Programme, local
from tests.lib.reference.reader import Reading, task_list
from tests.lib.reference.service_kpi import service_kpis
from tests.lib.reference.service_rules import broken_rules, task_records

from .test_portal import truth

END = local("2022-11-01")


def world(scenario: str = "tien_giang_2022", scale: float = 0.001, dirt: bool = True) -> World:
    return World(load(scenario, scale, dirt), 1)


@pytest.mark.parametrize("scenario", ["tien_giang_2022", "thai_binh_2023"])
@pytest.mark.parametrize("scale", [0.001, 0.1])
def test_the_plan_has_52_tasks_at_every_scale(scenario: str, scale: float) -> None:
    some = world(scenario, scale)
    day = some.scenario.calendar.anchor
    rows = task_records(task_list(some, end_of_day(day)))
    sound = [r for r in rows if isinstance(r, dict) and not broken_rules("programme.task", r)]
    assert [r["task_id"] for r in sound] == [f"NV{k:02}" for k in range(1, 53)]
    assert {r["province_code"] for r in sound} == {some.scenario.province.code}
    assert {r["group_code"] for r in sound} == set("12345")
    assert {r["phase"] for r in sound} == {"2022", "2023-2025", "2030"}
    assert all("(dữ liệu tổng hợp)" in str(r["title"]) for r in sound)
    assert all(r["is_synthetic"] == "x" for r in sound)
    assert 1 <= len(rows) - len(sound) <= 3


def test_lists_of_many_days_agree_with_the_truth() -> None:
    some, seen = world(), set()
    reading = Reading(some)
    for month in range(16):
        day = date(2022, 4, 20) + timedelta(days=37 * month)
        reading.read_tasks(end_of_day(day_number(day)))
        said = truth(some, day, day)
        read = service_kpis(reading, day)
        for code in ("programme.tasks", "programme.tasks_on_time"):
            assert read[code] == said[code], (code, day)
        seen.add(said["programme.tasks_on_time"]["province", "82"])
    assert len(seen) > 8, "nothing ever falls due"
    kept, due = said["programme.tasks_on_time"]["province", "82"]
    assert 0 < kept < (due or 0)


def test_bad_rows_are_counted_once_however_often_they_are_listed() -> None:
    some = world()
    reading = Reading(some)
    last = date(2023, 11, 30)
    for back in range(400, -1, -8):
        reading.read_tasks(end_of_day(day_number(last - timedelta(days=back))))
    found = sum(len(keys) for keys in reading.quarantined.values())
    rows = task_records(task_list(some, end_of_day(day_number(last))))
    assert found == len(rows) - 52
    assert found >= 6
    assert all(
        isinstance(row, dict) and not broken_rules("programme.task", row)
        for row in task_records(task_list(world(dirt=False), end_of_day(day_number(last))))
    )


def test_tasks_are_begun_put_off_and_completed() -> None:
    some, steps = world(), Counter[str]()
    states: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
    for day in range(day_number(date(2022, 3, 1)), day_number(date(2023, 12, 31)), 3):
        for row in task_records(task_list(some, end_of_day(day))):
            if isinstance(row, dict) and not broken_rules("programme.task", row):
                state = row["task_status"], row["deadline"], row["completed_on"]
                told = states[str(row["task_id"])]
                if not told or told[-1][:3] != state:
                    told.append((*state, row["updated_at"]))
    order = {"chua_bat_dau": 0, "dang_thuc_hien": 1, "hoan_thanh": 2}
    for told in states.values():
        for one, two in pairwise(told):
            assert order[one[0]] <= order[two[0]]
            assert one[3] < two[3]
            steps["begun"] += one[0] == "chua_bat_dau" and two[0] != one[0]
            steps["put off"] += one[1] != two[1]
            steps["completed"] += two[0] == "hoan_thanh"
        for status, _, completed, _ in told:
            assert (status == "hoan_thanh") == (completed is not None)
    assert all(steps[what] >= 5 for what in ("begun", "put off", "completed")), steps


def test_the_file_is_as_agreed(servers: Running) -> None:
    answer = Programme(servers).get(END)
    body = answer.content
    assert body == task_list(servers.world, end_of_day(day_number(date(2022, 10, 31))))
    assert int(answer.headers["X-Record-Count"]) == len(task_records(body))
    assert answer.headers["ETag"].startswith('"')
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert unicodedata.is_normalized("NFC", body.decode())
    plain = Programme(servers).http.get(
        "/ke-hoach/nhiem-vu.csv", params={"den": END}, headers={"Accept-Encoding": "identity"}
    )
    digest = base64.b64encode(hashlib.sha256(plain.content).digest()).decode()
    assert plain.headers["Content-Digest"] == f"sha-256=:{digest}:"
    assert int(plain.headers["Content-Length"]) == len(plain.content)
    assert plain.headers["ETag"] == answer.headers["ETag"]


def test_the_list_is_of_the_moment_asked_for(servers: Running) -> None:
    programme = Programme(servers)
    assert task_records(programme.get(local("2022-01-05")).content) == []
    assert programme.get(local("2022-06-01")).content != programme.get(END).content
    horizon = programme.get(local("2023-01-01")).content
    assert programme.get(local("2023-09-01")).content == horizon
    assert programme.get("gestern").status_code == 400
    assert programme.http.get("/ke-hoach/nhiem-vu.csv").status_code == 400


def test_a_password_is_needed(servers: Running) -> None:
    url = f"{servers.programme.url}/ke-hoach/nhiem-vu.csv"
    for auth in (None, ("dean06", "x")):
        answer = httpx.get(url, params={"den": END}, auth=auth)
        assert answer.status_code == 401
        assert answer.headers["Content-Type"] == "application/problem+json"


def on(servers: Running, kind: str, times: int | None = 1, **args: Any) -> None:
    servers.faults.add(Fault("programme", None, kind, times, args=args))


@pytest.mark.parametrize(
    ("kind", "status"),
    [("unauthorized", 401), ("rate_limited", 429), ("server_error", 500), ("unavailable", 503)],
)
def test_requests_are_refused_once(servers: Running, kind: str, status: int) -> None:
    on(servers, kind, retry_after=3)
    refused = Programme(servers).get(END)
    assert refused.status_code == status
    assert (refused.headers.get("Retry-After") == "3") == (status in (429, 503))
    assert Programme(servers).get(END).status_code == 200


@pytest.mark.parametrize("kind", ["cut_body", "short_body", "down"])
def test_answers_break_off(servers: Running, kind: str) -> None:
    on(servers, kind)
    with pytest.raises(httpx.TransportError):
        Programme(servers).get(END)
    assert Programme(servers).get(END).status_code == 200


def test_digest_and_count_can_be_wrong(servers: Running) -> None:
    programme = Programme(servers)
    on(servers, "wrong_digest")
    wrong, right = programme.get(END), programme.get(END)
    assert wrong.content == right.content
    assert wrong.headers["Content-Digest"] != right.headers["Content-Digest"]
    on(servers, "manifest_rows")
    wrong, right = programme.get(END), programme.get(END)
    count = int(right.headers["X-Record-Count"])
    assert int(wrong.headers["X-Record-Count"]) == count + 1


def test_content_faults(servers: Running) -> None:
    programme = Programme(servers)
    header, *sound = programme.get(END).content.splitlines()
    on(servers, "duplicated_page")
    assert programme.get(END).content.splitlines() == [header, *sound, *sound]
    servers.faults.clear()
    on(servers, "reordered_rows")
    assert programme.get(END).content.splitlines() == [header, *reversed(sound)]
    servers.faults.clear()
    on(servers, "empty_feed")
    empty = programme.get(END)
    assert empty.content.splitlines() == [header]
    assert empty.headers["X-Record-Count"] == "0"
    servers.faults.clear()
    on(servers, "missing_field", column="phase")
    on(servers, "unknown_field")
    lines = programme.get(END).content.decode("utf-8-sig").splitlines()
    assert "Giai đoạn" not in lines[0].split(";")
    assert all(line.endswith((";truongMoi", ";x")) for line in lines[:20])


@pytest.mark.parametrize(
    ("kind", "mark"),
    [
        ("wrong_field_count", b";thua;cot"),
        ("invalid_utf8", b"\xff\xfe"),
        ("nul_byte", b"\x00"),
        ("oversized_field", b"A" * 10_000_000),
    ],
)
def test_bad_rows_are_added_and_counted(servers: Running, kind: str, mark: bytes) -> None:
    programme = Programme(servers)
    sound = int(programme.get(END).headers["X-Record-Count"])
    on(servers, kind, records=2)
    answer = programme.get(END)
    assert int(answer.headers["X-Record-Count"]) == sound + 2
    lines = answer.content.split(b"\r\n")[1:-1]
    assert len(lines) == sound + 2
    assert all(mark in line for line in lines[:2])
    assert programme.get(END).content == answer.content


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"tasks": {"count": 0}}, "programme.tasks.count: 0 is not between 1 and 99"),
        ({"tasks": {"count": "all"}}, "programme.tasks.count: all is not between 1 and 99"),
        ({"issued": "soon"}, "programme.issued: soon is not a date (YYYY-MM-DD)"),
        (
            {"issued": date(2022, 12, 1)},
            "programme.issued: 2022-12-01 is not between 2022-01-01 and feeds_begin",
        ),
    ],
)
def test_contradictions_are_refused_in_one_line(
    tmp_path: Path, change: dict[str, Any], message: str
) -> None:
    document = yaml.safe_load((FOLDER / "tien_giang_2022.yaml").read_text(encoding="utf-8"))
    document["programme"] |= change
    path = tmp_path / "changed.yaml"
    path.write_text(yaml.safe_dump(document), encoding="utf-8")
    with pytest.raises(InputError) as refused:
        load(str(path), 0.01)
    assert str(refused.value) == message
