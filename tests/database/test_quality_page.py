"""The quality page shows index, agreement between sources and groups of errors."""

import html
import re
from datetime import date

import pytest
from fastapi.testclient import TestClient

from tests.lib.disclosure import made_up
from tests.lib.pages import Person, pages_for

pytestmark = pytest.mark.usefixtures("warehouse")


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch) -> TestClient:
    """The pages, on a made-up day of six communes."""
    monkeypatch.setenv("DEAN06_SMALLEST_SHOWN_COUNT", "5")
    found = made_up.counts(seed=6, communes=6, busy=20)
    for number in range(6):
        for dataset in ("health.immunization", "portal.dossier"):
            for count, part in ((90, "counted"), (10, "uncounted")):
                made_up.add(
                    found, str(number), "quality.timely_share", count, part, "dataset", dataset
                )
    made_up.publish(communes=6, found=found, day=date(2022, 10, 31))
    return TestClient(pages_for(monkeypatch, Person("lan")), follow_redirects=False)


def words_of(client: TestClient, language: str) -> str:
    answer = client.get(f"/quality?lang={language}")
    assert answer.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", html.unescape(answer.text)).split())


def test_the_index_stands_beside_its_weights_and_their_assumption(client: TestClient) -> None:
    page = words_of(client, "vi")
    assert "Chỉ số chất lượng dữ liệu (DQI)" in page
    assert "đúng 0,2; đủ 0,2; sạch 0,2; sống 0,2; thống nhất 0,2" in page
    assert "4856/BCA-TTDLQG; tạm tính các trọng số bằng nhau (27/11/2026)" in page
    (row,) = re.findall(r"Toàn tỉnh, tất cả nguồn ((?:[\d,]+% ?){6})", page)
    *parts, index = [float(each.replace(",", ".")) for each in re.findall(r"[\d,]+", row)]
    assert parts[3] == 90
    assert index == pytest.approx(sum(parts) / 5, abs=0.06)
    # Participations have no moment at which they happen.
    assert re.search(r"Bảo hiểm xã hội [\d,% ]+ – [\d,% ]+ chưa tính được \(Sống: ", page)
    assert "Chỉ số theo đơn vị cấp xã (6)" in page


def test_agreement_is_shown_by_attribute_and_pair(client: TestClient) -> None:
    page = words_of(client, "vi")
    for name in ("Họ tên", "Ngày sinh", "Giới tính", "Xã cư trú"):
        assert re.search(rf"{name} [\d,]+% [\d.]+ / [\d.]+ ", page)
    assert re.search(r"BHXH và dân cư: xã cư trú \d+", page)


def test_eight_groups_are_shown_as_our_reading(client: TestClient) -> None:
    page = words_of(client, "vi")
    assert "Phần mềm này tự đặt tên các nhóm lỗi" in page
    assert re.search(r"Thiếu thông tin [\d.]+ – Số định danh cá nhân không đúng [\d.]+ – ", page)
    # No record has an ID that others share: 0, which is not missing.
    assert "Trùng lặp 0 –" in page
    assert "Names, typing and encoding" in words_of(client, "en")


def test_the_page_shows_the_day_that_its_address_names(client: TestClient) -> None:
    made_up.publish(communes=6, day=date(2022, 11, 1))
    shown = {day: title(client, f"?day={day}") for day in ("2022-10-31", "2022-11-01")}
    assert shown["2022-10-31"].endswith("31/10/2022")
    assert shown["2022-11-01"].endswith("01/11/2022")
    assert title(client, "") == shown["2022-11-01"]


def test_a_day_that_is_not_published_is_named_beside_the_newest(client: TestClient) -> None:
    assert title(client, "?day=2022-10-30").endswith("31/10/2022")
    page = html.unescape(client.get("/quality?day=2022-10-30&lang=en").text)
    assert "Nothing is published for 30/10/2022. This page shows 31/10/2022." in page
    assert client.get("/quality?day=yesterday").status_code == 400


def title(client: TestClient, query: str) -> str:
    """The heading of the page."""
    (heading,) = re.findall(r"<h1>(.*?)</h1>", client.get(f"/quality{query}").text)
    return html.unescape(heading)
