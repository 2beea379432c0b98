"""Vietnamese pages, mails and commands say in Vietnamese why a load failed or is held and why a
form is refused."""

from contextlib import suppress
from datetime import date, datetime
from typing import Any

import pytest
from fastapi.testclient import TestClient
from typer.testing import CliRunner

from dean06 import contract, settings
from dean06.cli import summary
from dean06.cli.app import app
from dean06.errors import BatchHeldError, Cause, Dean06Error, LoginError, ManifestMismatchError
from dean06.figures.words import Words
from dean06.load import ledger
from dean06.load.stage import stage
from dean06.ui import access
from dean06.ui.forms import in_both_languages
from dean06.warehouse import transaction
from dean06.watch import problems, watchdog
from dean06.watch.problem import Kind
from tests.lib.loading import land, lines_of, load_police, resident, rows
from tests.lib.pages import Person, pages_for

DAY = "2022-10-31"
LATER = datetime(2022, 11, 1, 3, tzinfo=settings.TIMEZONE)
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
        ("ừ", "phải nêu lý do có ít nhất 5 ký tự"),
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
    assert vietnamese.startswith("nguồn dữ liệu không chấp nhận thông tin đăng nhập.")
    assert vietnamese.endswith("Chi tiết kỹ thuật (tiếng Anh): page 1: HTTP 401")


WORDS = (
    "page-00001: nguồn khai báo 1.234 bản ghi nhưng tệp có 1 bản ghi; dữ liệu chưa được công bố."
)


@pytest.mark.usefixtures("warehouse")
def test_a_failed_load_says_what_happened_in_vietnamese_wherever_it_is_shown(
    client: TestClient,
) -> None:
    dataset = contract.load("police").dataset("resident")
    land(dataset, "one", DAY, lines_of([resident()]), 1234)
    with pytest.raises(ManifestMismatchError, match="the source declared 1234 records"):
        stage(dataset, "one")
    with transaction() as session:
        watchdog._remember(session, list(problems.detect(session, LATER)), (), LATER)
    (mail,) = rows("select message_vi from ops.alert where alert_key like 'failed:%'")
    shown = {
        "today": client.get("/today").text,
        "watch": CliRunner().invoke(app, ["watch", "--once"]).stdout,
        "report": CliRunner()
        .invoke(app, ["report", "--day", DAY, "--lang", "vi"])
        .stdout.replace("\n", " "),
        "mail": mail[0],
    }
    for place, text in shown.items():
        assert WORDS in " ".join(text.split()), place
        assert "tiếng Anh" not in text, place
    for place in ("today", "mail", "report"):
        assert "declared" not in shown[place], place
    screen = summary.lines(date(2022, 10, 31), Words("vi"))
    assert any("nguồn khai báo 1.234" in line for line in screen)
    english = client.get("/today?lang=en").text
    assert "the source declared 1234 records, the file holds 1;" in english
    assert "khai báo 1.234" not in english


@pytest.mark.usefixtures("warehouse")
def test_a_failure_from_before_there_were_codes_is_named_as_english(client: TestClient) -> None:
    load = land(contract.load("police").dataset("resident"), "one", DAY, b"", 0)
    ledger.note_cause(load, "said long ago", Cause.CONTRACT_BROKEN)
    page = client.get("/today").text
    assert 'nội dung gốc bằng tiếng Anh): <span lang="en">said long ago</span>' in page


@pytest.mark.usefixtures("warehouse")
def test_a_held_batch_says_why_in_vietnamese_to_whoever_has_no_page() -> None:
    communes = [resident(soDinhDanh=f"0821900{n:05d}", maXa="99999") for n in range(40)]
    with pytest.raises(BatchHeldError) as raised:
        load_police("one", DAY, communes)
    assert "Dữ liệu mới của police chưa được công bố" in raised.value.vi
    with transaction() as session:
        (held,) = (p for p in problems.detect(session, LATER) if p.kind is Kind.HELD)
    assert held.detail is not None
    assert held.detail.vi == (
        "lô dữ liệu bị giữ lại: quy tắc commune_code_known: 40 trên 40 bản ghi vi phạm (100,0%, "
        "cho phép 5,0%)"
    )
