"""The page of the service index: points, assumptions and how sure each rule is."""

import re

import pytest
from fastapi.testclient import TestClient

from tests.lib.pages import Person, pages_for
from tests.lib.published import publish

pytestmark = pytest.mark.usefixtures("warehouse")
DAY = "2025-11-30"


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch) -> TestClient:
    """The pages, as somebody who may see them."""
    publish(
        DAY,
        ("service.on_time_share.year", "", "", 9, 10),
        ("service.online_share.year", "", "", 1, 4),
        ("service.online_share.month", "", "", None, None),
    )
    return TestClient(pages_for(monkeypatch, Person("lan")), follow_redirects=False)


def text_of(client: TestClient, query: str) -> str:
    """The page's text without tags, spaces made one."""
    answer = client.get(f"/service-index?{query}")
    assert answer.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", answer.text).split())


TOLD = {
    "vi": (
        "21 / 26 điểm của các chỉ số đã tính được (Bộ chỉ số có tổng số 100 điểm)",
        "nếu không tính nhóm có công thức giả định: 18 / 20",
        "chưa biết công thức, dùng giả định",
        "Giả định đang áp dụng",
        "Chưa biết công thức tính điểm nhóm dịch vụ công trực tuyến",
        "30/11/2025",
    ),
    "en": (
        "21 / 26 points of the metrics that can be measured (the whole index has 100)",
        "without assumed formulas: 18 / 20",
        "no formula is known: assumed",
        "Assumptions in force",
        "The formula of the group Online services",
        "guess by this project",
    ),
}


@pytest.mark.parametrize("language", TOLD)
def test_points_stand_with_their_assumptions(client: TestClient, language: str) -> None:
    text = text_of(client, f"lang={language}")
    assert [part for part in TOLD[language] if part not in text] == []
    assert "online-2-4-6" not in text
    number = {"vi": "Giả định", "en": "Assumption"}[language]
    page = client.get(f"/service-index?lang={language}").text
    assumptions = re.findall(r"<li>(.*)</li>", page.partition('id="assumptions"')[2])
    cited = {int(n) for n in re.findall(rf"<small>{number} ([0-9]+)</small>", page)}
    assert cited
    assert cited <= set(range(1, len(assumptions) + 1))


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("day=2025-11-29", "Chưa có số liệu công bố cho ngày 29/11/2025. Trang này hiển thị"),
        ("unit=commune:99999", "Đơn vị đã chọn không có số liệu của ngày này"),
    ],
)
def test_what_cannot_be_shown_is_said(client: TestClient, query: str, told: str) -> None:
    text = text_of(client, f"lang=vi&{query}")
    assert told in text
    assert " · Tỉnh " in text  # whose points they are stands on paper too


def test_a_hidden_metric_leaves_no_total_of_its_period(client: TestClient) -> None:
    text = text_of(client, "lang=en&period=month")
    assert "no total: suppressed metrics: 1" in text
    assert "not shown: small count" in text


def test_a_day_before_the_decision_has_no_index(client: TestClient) -> None:
    publish("2022-06-22", ("service.on_time_share.year", "", "", 9, 10))
    assert "No index for this day" in text_of(client, "lang=en&day=2022-06-22")
    assert client.get("/service-index?period=week").status_code == 400
