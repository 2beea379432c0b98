"""Whatever step fails, its cause is in the ledger at once, and the watchdog and Today show it."""

from datetime import date, datetime, timedelta

import pytest

from dean06 import contract, settings
from dean06.errors import Cause, ContractError, Dean06Error, WarehouseError, cause_of
from dean06.identity import verify
from dean06.kpi import build
from dean06.load import ledger, replay
from dean06.load import publish as publish_step
from dean06.load import quarantine as quarantine_step
from dean06.load import stage as stage_step
from dean06.load import validate as validate_step
from dean06.ui import reading, today
from dean06.warehouse import transaction
from dean06.watch import problems
from dean06.watch.problem import Kind, Problem
from tests.lib.loading import approved, land, lines_of, load_police, resident, rows

pytestmark = pytest.mark.usefixtures("warehouse")
RESIDENT = contract.load("police").dataset("resident")
DAY, FAILED = "2022-10-31", Kind.FAILED
OTHER = "082190000999"
NOW = datetime(2022, 11, 1, 6, tzinfo=settings.TIMEZONE)
STEPS = {
    "stage": (stage_step, "_finish"),
    "validate": (validate_step, "_results"),
    "quarantine": (quarantine_step, "_set_aside"),
    "publish": (publish_step, "_send"),
}


def _detected(kind: Kind) -> list[Problem]:
    with transaction() as session:
        return [p for p in problems.detect(session, NOW) if p.kind is kind]


def _late_replays(now: datetime) -> list[Problem]:
    with transaction() as session:
        return [p for p in problems.detect(session, now) if p.kind is Kind.LATE_REPLAY]


def _state_of_police() -> str:
    with transaction() as session:
        (police,) = (s for s in today.read(session, NOW).sources if s.agreed.source == "police")
    (resident_today,) = (d for d in police.datasets if d.dataset.name == "resident")
    return resident_today.state


def _refused(*_: object) -> None:
    """As PostgreSQL refuses: by a code and names, in the middle of the step's transaction."""
    with transaction() as session:
        session.run("select cast('x' as int)")


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.one_in(2)
def test_a_step_that_fails_leaves_its_cause_until_it_succeeds(
    step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    module, part = STEPS[step]
    with monkeypatch.context() as patch:
        patch.setattr(module, part, _refused)
        with pytest.raises(WarehouseError):
            load_police("one", DAY, [resident()])
    causes = rows("select distinct cause from ops.load where cause is not null")
    assert len(causes) == 1
    assert "22P02" in causes[0][0]
    assert _detected(Kind.FAILED)
    load_police("two", DAY, [resident()])
    assert _detected(Kind.FAILED) == []
    assert _state_of_police() == "fine"


def test_an_error_that_is_not_ours_is_named_by_its_kind_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("082190000001")

    monkeypatch.setattr(stage_step, "_finish", broken)
    land(RESIDENT, "one", DAY, lines_of([resident()]), 1)
    with pytest.raises(ZeroDivisionError):
        stage_step.stage(RESIDENT, "one")
    assert rows("select cause from ops.load") == [("ZeroDivisionError",)]
    assert _state_of_police() == "red"


@pytest.mark.parametrize(
    ("step", "module", "part", "run"),
    [
        ("verify_identities", verify, "_pending", verify.verify_identities),
        ("build_kpis", build, "_days_to_build", build.build_kpis),
    ],
)
def test_a_step_without_a_load_reports_its_failure_until_it_succeeds(
    step: str, module: object, part: str, run: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    load_police("one", DAY, [resident()])
    with monkeypatch.context() as patch:
        patch.setattr(module, part, _refused)
        with pytest.raises(WarehouseError):
            run()  # type: ignore[operator]
    (problem,) = _detected(Kind.FAILED_STEP)
    assert problem.step == step
    assert problem.detail is not None
    assert "22P02" in problem.detail.en
    assert "giá trị không hợp lệ" in problem.detail.text.vi
    assert "PostgreSQL từ chối" in problem.message.vi
    run()  # type: ignore[operator]
    assert _detected(Kind.FAILED_STEP) == []


def test_a_correction_that_fails_or_is_not_taken_up_is_reported_until_it_is_loaded(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    good = [resident(soDinhDanh=f"0821900{n:05d}") for n in range(30)]
    load_id = load_police("one", DAY, [*good, resident(soDinhDanh="999")]).load_id
    (payload,) = rows("select payload from ops.quarantine")[0]
    with transaction(reading.ROLE) as session:
        number = replay.ask(
            session, load_id, {31: {**payload, "personal_id": OTHER}}, "lan", "hồ sơ giấy"
        )
    (asked_at,) = rows("select asked_at from ops.replay")[0]
    assert _late_replays(asked_at + timedelta(hours=3)) == []  # waits for a second person
    approved(number)
    (decided_at,) = rows("select decided_at from ops.replay_decision")[0]
    found = {hours: _late_replays(decided_at + timedelta(hours=hours)) for hours in (1, 3)}
    assert [len(late) for late in found.values()] == [0, 1]
    assert "has not run since the correction became due" in found[3][0].message.en
    with monkeypatch.context() as patch:
        patch.setattr(validate_step, "_results", _refused)
        with pytest.raises(Dean06Error):
            replay.load_due()
    (late,) = _late_replays(decided_at + timedelta(hours=3))
    assert (late.key, late.source, late.dataset) == (f"replay:{number}", "police", "resident")
    assert late.detail is not None
    assert "22P02" in late.detail.en
    assert "22P02" in (late.detail.vi or "")
    assert "PostgreSQL từ chối" in late.message.vi
    replay.load_due()
    assert _late_replays(decided_at + timedelta(hours=3)) == []


def test_a_correction_that_needs_no_second_person_is_reported_as_soon_as_it_fails(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    good = [resident(soDinhDanh=f"0821900{n:05d}") for n in range(30)]
    load_id = load_police("one", DAY, [*good, resident(soDinhDanh=OTHER, maXa="99999")]).load_id
    (payload,) = rows("select payload from ops.quarantine")[0]
    commune = rows("select commune_code from core.police__resident limit 1")[0][0]
    with transaction(reading.ROLE) as session:
        replay.ask(
            session, load_id, {31: {**payload, "commune_code": commune}}, "lan", "hồ sơ giấy"
        )
    (asked_at,) = rows("select asked_at from ops.replay")[0]
    assert _late_replays(asked_at) == []
    with monkeypatch.context() as patch:
        patch.setattr(validate_step, "_results", _refused)
        with pytest.raises(Dean06Error):
            replay.load_due()
    assert len(_late_replays(asked_at)) == 1
    replay.load_due()
    assert _late_replays(asked_at) == []


def test_a_failed_extraction_is_reported_after_the_time_of_its_retries() -> None:
    load = ledger.open_load(contract.load("police"), RESIDENT, "one", date.fromisoformat(DAY))
    ledger.note_cause(load, "the source is down", Cause.SOURCE_UNAVAILABLE)
    (opened,) = rows("select opened_at from ops.load")[0]
    found = {}
    with transaction() as session:
        for minutes in (29, 31):
            now = opened + timedelta(minutes=minutes)
            found[minutes] = [p.load_id for p in problems.detect(session, now) if p.kind is FAILED]
    assert found == {29: [], 31: [load.load_id]}


def test_a_cause_that_holds_what_text_cannot_is_written_down_all_the_same() -> None:
    """Names that a source made up stand in causes: one with a NUL took the place of its error."""
    load = land(RESIDENT, "one", "2022-10-31", b"", 0)
    ledger.note_cause(load, cause_of(ContractError("x\x00y: not found\n")), Cause.CONTRACT_BROKEN)
    assert rows("select cause from ops.load") == [("x�y: not found�",)]
