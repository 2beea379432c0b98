"""The education department on the wire."""

import base64
import hashlib
import io
import time
from datetime import date

import httpx
from openpyxl import load_workbook

from ministries.feeds.exams import ExamFeed
from ministries.feeds.workbook import Heading, write
from ministries.identity.world import World
from ministries.kernel.clock import day_number, end_of_day
from ministries.scenario.load import load
from ministries.servers import Running
from tests.lib.clients import Education, local
from tests.lib.reference.reader import parse_workbook

END = local("2022-11-04")


def test_user_and_password_are_needed(servers: Running) -> None:
    url = f"{servers.education.url}/exam/index.json?until={END.replace('+', '%2B')}"
    assert httpx.get(url).status_code == 401
    assert httpx.get(url, auth=("dean06", "wrong")).status_code == 401
    assert Education(servers).http.get("/exam/index.json").status_code == 400
    assert Education(servers).http.get("/exam/HD5399-lan-1.xlsx").status_code == 404
    assert Education(servers).http.get("/exam/..%2Fsecret").status_code == 404


def test_workbooks_are_what_the_index_says(servers: Running) -> None:
    education = Education(servers)
    index = education.index(END)
    assert index["total"] == len(index["workbooks"]) >= 6
    for entry in index["workbooks"][:3] + index["workbooks"][-2:]:
        answer = education.http.get(f"/exam/{entry['name']}")
        assert len(answer.content) == entry["bytes"] == int(answer.headers["Content-Length"])
        digest = hashlib.sha256(answer.content)
        assert digest.hexdigest() == entry["sha256"]
        value = base64.b64encode(digest.digest()).decode()
        assert answer.headers["Content-Digest"] == f"sha-256=:{value}:"
        rows = parse_workbook(answer.content)
        assert len(rows) == entry["candidates"]
        assert {row["council_code"] for row in rows} == {entry["council_code"]}
        assert {row["updated_at"] for row in rows} == {entry["compiled_at"]}


def test_councils_send_their_list_again_on_the_days_after_the_anchor(servers: Running) -> None:
    education = Education(servers)
    for day, after in (("2022-11-01", "2022-11-02"), ("2022-11-03", "2022-11-04")):
        books = education.index(local(after), local(day))["workbooks"]
        assert books
        assert all(book["compiled_at"].startswith(day) for book in books)
        assert all(book["issue"] > 2 for book in books)


def test_a_workbook_is_formatted_by_hand(servers: Running) -> None:
    education = Education(servers)
    body = education.http.get("/exam/HD5301-lan-1.xlsx").content
    sheet = load_workbook(io.BytesIO(body)).worksheets[0]
    assert "A2:J2" in {str(area) for area in sheet.merged_cells.ranges}
    assert sheet["B5"].value == "Thông tin thí sinh"
    assert sheet["G5"].value == "Trường"
    column = [str(cell.value) for cell in sheet["A"]]
    assert any(text.startswith("Tổng cộng:") for text in column)
    kinds = {type(sheet.cell(row, 4).value).__name__ for row in range(7, sheet.max_row)}
    assert {"str", "datetime"} <= kinds
    sexes = {type(sheet.cell(row, 5).value).__name__ for row in range(7, 20)}
    assert {"str", "int"} <= sexes


def test_the_same_list_gives_the_same_bytes_a_second_later() -> None:
    feed = ExamFeed(World(load("tien_giang_2022", 0.001), 5))
    rows = feed.rows(feed.issues(None, end_of_day(day_number(date(2022, 10, 31))))[0])
    heading = Heading("SỞ GIÁO DỤC VÀ ĐÀO TẠO", "5301", "Trường", "08:00:00 16/05/2022", 2022)
    once = write(heading, rows)
    time.sleep(1.1)
    assert len(rows) > 1
    assert write(heading, rows) == once
