"""Receipts of lists, reminders of deadlines, and who sees what of correction cases."""

import hashlib
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from typer.testing import CliRunner

from dean06 import settings
from dean06.cli import summary
from dean06.cli.app import app
from dean06.errors import RetentionError
from dean06.figures.words import Words
from dean06.privacy import retention, subject
from dean06.ui import access, reading, today
from dean06.warehouse import transaction
from dean06.watch import alerts, reminders, watchdog
from tests.lib.corrections import WRONG, deliver, person, sent, spells
from tests.lib.loading import rows
from tests.lib.pages import Person, pages_for

pytestmark = pytest.mark.usefixtures("warehouse")
DAY = "2023-01-17"


@pytest.fixture
def digest(lists_root: Path) -> str:
    """Two records are to be corrected by 01/02/2023; yields the digest of their list."""
    deliver(DAY, sent(1, DAY, **WRONG), sent(2, DAY, **WRONG), sent(5, DAY))
    return hashlib.sha256((lists_root / "police" / f"police_{DAY}.csv").read_bytes()).hexdigest()


def _receipt(digest: str, day: str = DAY, office: str = "Phòng Cảnh sát QLHC") -> Any:
    return CliRunner().invoke(
        app,
        ["agency-receipt", "--source", "police", "--day", day, "--digest", digest,
         "--office", office],
    )  # fmt: skip


def test_a_receipt_names_the_file_and_closes_nothing(digest: str) -> None:
    before = spells()
    for written in (digest, digest.upper()):
        done = _receipt(written)
        assert done.exit_code == 0
        assert "police has received the list of 2023-01-17" in done.stdout
    ((source, sha256, office, by),) = rows(
        "select source_code, csv_sha256, received_by, noted_by from ops.agency_receipt"
    )
    assert (source, sha256, office) == ("police", digest, "Phòng Cảnh sát QLHC")
    assert by.startswith("os:")
    assert spells() == before


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"digest": "0" * 64}, "is not the newest list of"),
        ({"digest": "12"}, "64 hexadecimal digits"),
        ({"day": "2023-01-16"}, "no list of police for 2023-01-16"),
        ({"office": " x "}, "the office that received the list is required"),
    ],
)
def test_a_receipt_of_something_else_is_refused(
    digest: str, changes: dict[str, str], told: str
) -> None:
    done = _receipt(**{"digest": digest, **changes})
    assert (done.exit_code, told in done.stderr) == (1, True)
    assert rows("select * from ops.agency_receipt") == []


def _reminders() -> list[str]:
    with transaction("dean06_ui") as session:
        return [problem.key for problem in reminders.detect(session)]


def test_agencies_are_reminded_before_and_after_the_deadline(digest: str) -> None:
    assert _reminders() == []
    # Read on Friday 27/1, the first working day after Tết: due in three working days.
    deliver("2023-01-26", sent(6, "2023-01-26"))
    assert _reminders() == []
    deliver("2023-01-29", sent(6, "2023-01-29"))
    assert _reminders() == ["corrections_due:police:2023-02-01"]
    deliver("2023-02-02", sent(1, "2023-02-02"))
    assert _reminders() == ["corrections_overdue:police"]
    with transaction() as session:
        (problem,) = reminders.detect(session)
    assert "01/02/2023" in problem.message.en
    assert "quá hạn chỉnh sửa; hạn sớm nhất là ngày 01/02/2023" in problem.message.vi
    assert person(2) not in str(problem)
    deliver("2023-02-03", sent(2, "2023-02-03"))
    assert _reminders() == []


def test_the_watchdog_sends_reminders(digest: str, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    monkeypatch.setenv("DEAN06_ALERT_URLS", "json://127.0.0.1:9/hook")
    monkeypatch.setattr(alerts, "send", lambda _, body: told.append(body))
    deliver("2023-02-02", sent(6, "2023-02-02"))
    watchdog.check(datetime(2023, 2, 3, 8, tzinfo=settings.TIMEZONE))
    assert "the earliest were due on 01/02/2023" in told[0]


def test_reminders_are_no_problem_of_a_sync_on_any_screen(
    digest: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    titles: list[str] = []
    monkeypatch.setenv("DEAN06_SCHEDULE_FROM", "2100-01-01")
    monkeypatch.setenv("DEAN06_ALERT_URLS", "json://127.0.0.1:9/hook")
    monkeypatch.setattr(alerts, "send", lambda title, _: titles.append(title))
    deliver("2023-02-02", sent(6, "2023-02-02"))
    shown = summary.lines(date(2023, 2, 2), Words("en"))
    assert "NEEDS ATTENTION" not in shown[0]
    assert shown[0].endswith("02/02/2023 · agencies to remind: 1")
    with reading.warehouse() as session:
        page = today.read(session, datetime.now(settings.TIMEZONE))
    assert (page.items, len(page.reminders)) == ((), 1)
    checked = CliRunner().invoke(app, ["watch", "--once"])
    assert checked.exit_code == 0, "no work for the engineer on duty"
    assert checked.stdout.startswith("Needs attention: 0 | Cần xử lý: 0 việc")
    assert "Agencies to remind: 1" in checked.stdout
    assert titles == ["dean06: police · 1 việc đôn đốc · 1 reminder"]


def test_the_command_counts_by_source(digest: str) -> None:
    deliver("2023-02-02", sent(1, "2023-02-02"))
    done = CliRunner().invoke(app, ["corrections"])
    assert done.exit_code == 0
    line = next(line for line in done.stdout.splitlines() if "police" in line)
    assert line.split("│")[1:-1] == [
        " police ", " –             ", "    1 ", "       1 ", "              0 ", "           1 ",
        "        0 ",
    ]  # fmt: skip


def test_a_closed_case_forgets_whose_it_was_when_its_period_is_over(
    digest: str, root: Path
) -> None:
    deliver("2023-01-27", sent(1, "2023-01-27"))
    retention.keep_house()
    assert len(spells()) == 2
    with transaction("") as session:
        session.run("alter table ops.correction_event disable trigger user")
        session.run("update ops.correction_event set noted_at = noted_at - interval '91 days'")
        session.run("alter table ops.correction_event enable trigger user")
    with pytest.raises(RetentionError, match=r"correction cases of police\.resident: 1"):
        retention.prove()
    retention.keep_house()
    # The one that is open is needed: its delivery is known by its key.
    assert rows("select record_key from core.correction_record") == [(person(2),)]
    assert rows(
        "select dataset_code, item_count, kept_days from ops.purge where what = 'correction'"
    ) == [("resident", 1, 90)]
    assert rows("select count(*) from ops.correction_spell") == [(2,)]
    deliver("2023-01-30", sent(1, "2023-01-30", **WRONG))
    assert rows("select count(*) from ops.correction_case") == [(3,)]


def test_a_person_is_told_of_cases_about_them(digest: str) -> None:
    found = subject.report(person(1), "os:hoa", "yêu cầu của chủ thể dữ liệu")["cases"]
    assert [(case["dataset"], case["record_key"], case["codes"]) for case in found] == [
        ("police.resident", person(1), ["commune_code_known"])
    ]
    assert subject.report(person(5), "os:hoa", "yêu cầu của chủ thể dữ liệu")["cases"] == []


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The pages behind the gate; ``client.person`` is who asks."""
    who = Person("lan")
    pages = pages_for(monkeypatch, who, {"lan"})
    visitor: Any = TestClient(pages._pages, follow_redirects=False)
    visitor.person = who
    return visitor


def test_everybody_sees_the_league_and_stewards_the_cases(digest: str, client: Any) -> None:
    deliver("2023-02-02", sent(1, "2023-02-02"))
    (case,) = rows("select max(case_id) from ops.correction_case")[0]
    page = client.get("/cases?lang=vi").text
    for text in ("Xếp hạng cơ quan", "Công an", "Yêu cầu chưa hoàn thành", f"/cases/{case}",
                 "quá hạn", "commune_code_known", "Danh sách đã lập", digest[:12]):  # fmt: skip
        assert text in page
    ((reason,),) = rows(
        """select distinct reason_vi from ops.validation_result
           where rule_code = 'commune_code_known' and unexpected_count > 0"""
    )
    assert f"<div>{reason}<small><code>commune_code_known</code>" in page
    assert '<option value="police">Công an' in page
    assert "</small></div>" in page
    assert "Nhân khẩu<small><code>police.resident" in page
    shown = client.get(f"/cases/{case}?lang=en").text
    for text in ("commune_code_known", "01/02/2023", "on the correction list", "/quality/load/"):
        assert text in shown
    assert client.get("/cases/999999").status_code == 404
    client.person.name = "binh"
    page = client.get("/cases?lang=en").text
    assert "Agency ranking" in page
    for text in ("Open cases", "Exact counts", digest[:12], f"/cases/{case}"):
        assert text not in page
    assert client.get(f"/cases/{case}").status_code == 403
    for text in (person(1), person(2), "Nguyễn Thị Thử"):
        assert text not in page + shown


def test_a_receipt_is_noted_on_the_page_by_stewards_only(digest: str, client: Any) -> None:
    form = {"source": "police", "day": DAY, "sha256": digest, "office": "Phòng QLHC"}
    client.person.name = "binh"
    token = {"form_token": access.form_token(client.person)}
    assert client.post("/cases/receipt", data=form | token).status_code == 403
    client.person.name = "lan"
    token = {"form_token": access.form_token(client.person)}
    assert client.post("/cases/receipt", data=form).status_code == 403
    wrong = client.post("/cases/receipt", data=form | token | {"sha256": "0" * 64})
    assert (wrong.status_code, "đã được lập lại" in wrong.text) == (400, True)
    assert client.post("/cases/receipt", data=form | token).status_code == 303
    assert rows("select received_by, noted_by from ops.agency_receipt") == [("Phòng QLHC", "lan")]
    assert "Phòng QLHC" in client.get("/cases").text
