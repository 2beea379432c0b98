"""Pages and files say in words why there is no value, and which part of a province is covered."""

import csv
import html
import io

import pytest
from fastapi.testclient import TestClient

from dean06.kpi.build import build_kpis
from tests.lib.loading import load_police, resident
from tests.lib.pages import Person, pages_for

pytestmark = pytest.mark.usefixtures("warehouse")
NOT_SENT = {
    "vi": "chưa có số liệu: nguồn chưa gửi dữ liệu của ngày này",
    "en": "not available: a source has not delivered this day",
}
COVERED = {"vi": "chỉ gồm Tỉnh Tiền Giang (cũ)", "en": "former Tiền Giang province only"}


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch) -> TestClient:
    """The pages, on a day on which only the police have delivered."""
    pages = pages_for(monkeypatch, Person("lan"))
    load_police("one", "2022-10-31", [resident(), resident(soDinhDanh="082190000002")])
    build_kpis()
    return TestClient(pages, follow_redirects=False)


def text_of(client: TestClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return html.unescape(answer.text)


def test_pages_say_why_there_is_no_value(client: TestClient) -> None:
    for language, words in NOT_SENT.items():
        for path in ("/kpis?", "/kpis/service.online_share?", "/quality?"):
            page = text_of(client, f"{path}lang={language}")
            assert words in page, path
            assert "N/A" not in page, path
        # No account was registered: 0, which is not missing.
        assert words not in text_of(client, f"/kpis/eid.accounts?lang={language}")


@pytest.mark.campaign
def test_pages_name_the_part_of_a_merged_province(client: TestClient) -> None:
    for language, words in COVERED.items():
        chosen = f"boundaries=current&lang={language}"
        assert words in text_of(client, f"/kpis?{chosen}")
        assert words in text_of(client, f"/kpis/population.permanent_residents?{chosen}")
        assert words not in text_of(client, f"/kpis?lang={language}")


def test_files_say_both_in_both_languages(client: TestClient) -> None:
    body = text_of(client, "/kpis/download.csv?boundaries=current").removeprefix("\ufeff")
    rows = {row["kpi_code"]: row for row in csv.DictReader(io.StringIO(body), delimiter=";")}
    missing, counted = rows["service.online_share"], rows["population.permanent_residents"]
    assert (missing["numerator"], missing["value"]) == ("", "")
    assert missing["missing_reason"] == "source_missing"
    assert (missing["reason_vi"], missing["reason_en"]) == (NOT_SENT["vi"], NOT_SENT["en"])
    assert (counted["numerator"], counted["missing_reason"]) == ("2", "")
    assert (counted["covered_vi"], counted["covered_en"]) == (COVERED["vi"], COVERED["en"])
