"""Vietnamese pages say in Vietnamese why a batch is held and why a form is refused."""

from contextlib import suppress
from typing import Any

import pytest
from fastapi.testclient import TestClient

from dean06.errors import BatchHeldError, Dean06Error, LoginError
from dean06.ui import access
from dean06.ui.forms import in_both_languages
from tests.lib.loading import load_police, resident, rows
from tests.lib.pages import Person, pages_for

DAY = "2022-10-31"
STEWARD = Person("lan")


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch) -> TestClient:
    """The pages, for a steward."""
    monkeypatch.setenv("DEAN06_SCHEDULE_FROM", "2100-01-01")
    return TestClient(pages_for(monkeypatch, STEWARD, [STEWARD.name])._pages)


@pytest.mark.usefixtures("warehouse")
def test_a_held_batch_names_its_rules_with_counts_and_no_english(client: TestClient) -> None:
    communes = [resident(soDinhDanh=f"0821900{n:05d}", maXa="99999") for n in range(40)]
    with suppress(BatchHeldError):
        load_police("one", DAY, communes)
    [(load_id, reason)] = rows(
        """select load_id, reason_vi from ops.validation_result
           where rule_code = 'commune_code_known' and not is_success"""
    )
    for path in ("/today", f"/quality/load/{load_id}"):
        page = client.get(path).text
        assert f"{reason}: 40 / 40 bản ghi (100,0%; cho phép" in page, path
        assert "fails for" not in page
        assert "tiếng Anh" not in page


@pytest.mark.usefixtures("warehouse")
def test_a_refused_form_is_answered_in_vietnamese(client: TestClient) -> None:
    form: dict[str, Any] = {"load_id": 77, "row_no": 1, "form_token": access.form_token(STEWARD)}
    for reason, said in (
        ("ừ", "phải ghi lý do, ít nhất 5 ký tự"),
        ("số liệu đã đúng", "không có lượt nạp 77"),
    ):
        answer = client.post("/quality/replay", data=form | {"reason": reason})
        assert answer.status_code == 400
        assert said in answer.text
        assert "tiếng Anh" not in answer.text


def test_an_error_without_its_own_words_says_what_its_cause_means() -> None:
    assert in_both_languages(Dean06Error("no.", vi="không.")) == "no. | không."
    english, vietnamese = in_both_languages(LoginError("page 1: HTTP 401")).split(" | ")
    assert english == "page 1: HTTP 401"
    assert vietnamese.startswith("nguồn dữ liệu không chấp nhận thông tin xác thực.")
    assert vietnamese.endswith("Chi tiết kỹ thuật (tiếng Anh): page 1: HTTP 401")
