"""The pages on which a second steward decides, as the application answers, without a browser."""

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from fastapi.testclient import TestClient

from dean06.load import approval, replay
from dean06.ui import access, reading
from dean06.warehouse import transaction
from tests.lib.loading import load_police, resident, rows
from tests.lib.pages import Person, pages_for

pytestmark = pytest.mark.usefixtures("warehouse")
STEWARDS = ("lan", "minh")
PEOPLE = [resident(soDinhDanh=f"0821900{n:05d}") for n in range(30)]


@pytest.fixture
def visit(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Answers to a form that a user sends: ``visit("minh", "/quality/correction", …)``."""
    who = Person("")
    pages = pages_for(monkeypatch, who, STEWARDS)
    client = TestClient(pages._pages, follow_redirects=False)

    def send(name: str, path: str, **form: Any) -> Any:
        who.name = name
        return client.post(
            path, data={**form, "form_token": access.form_token(who)}, params={"lang": "en"}
        )

    return send


def waiting() -> int:
    load_id = load_police("one", "2022-10-31", [*PEOPLE, resident(soDinhDanh="999")]).load_id
    (payload,) = rows("select payload from ops.quarantine")[0]
    with transaction(reading.ROLE) as session:
        corrected = {31: {**payload, "personal_id": "082190000999"}}
        return replay.ask(session, load_id, corrected, "lan", "theo hồ sơ giấy")


def test_the_change_is_shown_field_by_field_and_approved(visit: Any) -> None:
    number = waiting()
    page = visit("minh", "/quality/correction", replay_id=number, reason="duyệt bản sửa")
    assert page.status_code == 200
    for text in ("999", "082190000999", "personal_id", "Approve and load", "changes the key"):
        assert text in page.text
    assert rows("select reader, row_no from ops.payload_read") == [("minh", 31)]
    done = visit("minh", "/quality/correction/approve", replay_id=number, reason="đã đối chiếu")
    assert done.status_code == 303
    assert done.headers["location"].endswith(f"?asked={number}")
    assert replay.load_due() == 1
    assert rows("select decided_by, decision from ops.replay_decision") == [("minh", "approved")]


def test_who_decides_at_the_same_moment_as_another_is_told_so(visit: Any) -> None:
    number = waiting()
    visit("minh", "/quality/correction", replay_id=number, reason="duyệt bản sửa")
    with ThreadPoolExecutor() as threads:
        with transaction(reading.ROLE) as session:
            approval.decide(session, number, approval.Decision.DECLINED, "hoa", "sai người")
            late = threads.submit(
                visit, "minh", "/quality/correction/approve", replay_id=number, reason="đã xem lại"
            )
            until_somebody_waits()
        assert late.result().status_code == 409
    assert rows("select decided_by, decision from ops.replay_decision") == [("hoa", "declined")]


def until_somebody_waits() -> None:
    for _ in range(200):
        if rows("select pid from pg_locks where not granted"):
            return
        time.sleep(0.05)
    raise AssertionError("nobody waits for a lock")


def test_who_corrected_is_offered_no_approval_and_has_none(visit: Any) -> None:
    number = waiting()
    page = visit("lan", "/quality/correction", replay_id=number, reason="xem lại bản sửa")
    assert "Approve and load" not in page.text
    assert "somebody else must approve it" in page.text
    assert ">Withdraw</button>" in page.text
    assert ">Decline</button>" not in page.text
    sent = visit("lan", "/quality/correction/approve", replay_id=number, reason="đã đối chiếu")
    assert sent.status_code == 400
    assert rows("select outcome from ops.replay_outcome") == [("unapproved",)]
    taken = visit("lan", "/quality/correction/decline", replay_id=number, reason="sửa nhầm số")
    assert taken.status_code == 303
    assert rows("select outcome from ops.replay_outcome") == [("declined",)]


@pytest.mark.parametrize("step", ["", "/approve", "/decline"])
@pytest.mark.one_in(3)
def test_nobody_but_stewards_reads_or_decides(visit: Any, step: str) -> None:
    number = waiting()
    answer = visit("viewer", f"/quality/correction{step}", replay_id=number, reason="cho xem với")
    assert answer.status_code == 403
    assert "082190000999" not in answer.text
    assert rows("select count(*) from ops.payload_read") == [(0,)]
    assert rows("select outcome from ops.replay_outcome") == [("unapproved",)]


def test_nothing_is_shown_without_a_reason_or_a_waiting_correction(visit: Any) -> None:
    number = waiting()
    for told in ({"replay_id": number, "reason": " x "}, {"replay_id": 77, "reason": "duyệt nó"}):
        answer = visit("minh", "/quality/correction", **told)
        assert answer.status_code == 400
        assert "082190000999" not in answer.text
    assert rows("select count(*) from ops.payload_read") == [(0,)]
