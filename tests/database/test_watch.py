"""The watchdog: what it finds in the ledger, and that people get to know, once, by real mail and a
real webhook."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

from dean06 import contract, settings
from dean06.errors import BatchHeldError, Cause, Dean06Error
from dean06.kpi.build import build_kpis
from dean06.load import ledger
from dean06.proof import signing
from dean06.trail import chain
from dean06.ui import today
from dean06.warehouse import transaction
from dean06.watch import every_province, evidence, problems, watchdog
from dean06.watch.problem import Kind, Problem
from tests.conftest import Cluster, name_of, pointed_at
from tests.lib import published
from tests.lib.alerted import Mailbox, listening
from tests.lib.loading import load_police, load_source, resident, rows

pytestmark = pytest.mark.usefixtures("warehouse")
DAY = "2022-10-31"
NEXT_NIGHT = datetime(2022, 11, 2, 1, 59, tzinfo=settings.TIMEZONE)
"""26 hours after the end of DAY are over at 02:00."""
PASSWORD = "not-for-logs"


@pytest.fixture
def mailbox(monkeypatch: pytest.MonkeyPatch) -> Iterator[Mailbox]:
    """A mail server and a webhook on loopback, both named in DEAN06_ALERT_URLS."""
    with listening(PASSWORD) as box:
        monkeypatch.setenv("DEAN06_ALERT_URLS", box.urls)
        monkeypatch.setenv("DEAN06_SCHEDULE_FROM", "2030-01-01")
        yield box


def keys(now: datetime = NEXT_NIGHT) -> list[str]:
    with transaction() as session:
        return [problem.key for problem in problems.detect(session, now)]


def sync_everything() -> None:
    load_police("one", DAY, [resident()])
    for source in contract.sources():
        if source != "police":
            load_source(source, "one", DAY, {})


def test_a_source_is_stale_when_its_service_level_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEAN06_SCHEDULE_FROM", DAY)
    sync_everything()
    build_kpis()
    assert keys() == []
    late = NEXT_NIGHT + timedelta(minutes=2)
    assert keys(late) == [f"stale:{source}" for source in contract.sources()]
    monkeypatch.setenv("DEAN06_SCHEDULE_FROM", "2022-11-02")
    assert keys(late) == []  # what nobody has scheduled, nobody owes


@pytest.mark.usefixtures("signed_folder")
def test_the_signed_heads_leave_with_the_mail_once_a_day(mailbox: Mailbox) -> None:
    now = datetime.now(settings.TIMEZONE)
    assert watchdog.check(now) == []
    assert mailbox.mails == []
    load_police("one", DAY, [resident()])
    published.publish(DAY)
    chain.seal()
    signing.sign_due()
    first = rows("select hash from ops.audit_head order by entry_no desc limit 1")[0][0]
    watchdog.check(now)
    watchdog.check(now)
    (mail,) = mailbox.mails
    assert first in mail
    assert rows("select note from ops.publication_head")[0][0].strip() in mail.replace("\r\n", "\n")
    load_police("two", DAY, [resident(soDinhDanh="082190000002")])
    chain.seal()
    last = rows("select hash from ops.audit_head order by entry_no desc limit 1")[0][0]
    watchdog.check(now + timedelta(hours=23))
    assert len(mailbox.mails) == 1
    watchdog.check(now + timedelta(hours=25))
    assert last in mailbox.mails[1]
    watchdog.check(now + timedelta(hours=60))
    assert len(mailbox.mails) == 2, "a head that people have is no news"


def of_evidence(now: datetime) -> list[str]:
    with transaction() as session:
        return [problem.key for problem in evidence.detect(session, now)]


def test_a_chain_that_nobody_has_signed_for_a_day_is_a_problem(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DEAN06_SCHEDULE_FROM", "2030-01-01")
    load_police("one", DAY, [resident()])
    soon, late = (datetime.now(settings.TIMEZONE) + timedelta(hours=hours) for hours in (23, 25))
    assert of_evidence(soon) == []
    assert of_evidence(late) == ["unsealed"]
    with transaction("dean06_ui") as session:
        session.run("select ops.link_notes()")
    assert of_evidence(late) == ["unsealed"], "linked is not signed"
    (tmp_path / "file").touch()
    monkeypatch.setenv("DEAN06_AUDIT_HEADS", (tmp_path / "file" / "heads").as_uri())
    chain.seal_if_possible()
    assert of_evidence(late) == ["unsealed"], "signed is not stored"
    monkeypatch.setenv("DEAN06_AUDIT_HEADS", (tmp_path / "heads").as_uri())
    chain.seal_if_possible()
    assert of_evidence(late) == []


def test_a_made_up_head_does_not_count_as_signed() -> None:
    """One of a place that the chain has not reached would cover all that comes, for ever."""
    load_police("one", DAY, [resident()])
    with transaction("dean06_ui") as session:
        session.run("select ops.link_notes()")
    late = datetime.now(settings.TIMEZONE) + timedelta(hours=25)
    for place in ("9223372036854775807", "(select max(entry_no) from ops.audit_link)"):
        with transaction() as session:
            session.run(f"select ops.record_head({place}, 'x', 'x', now())")
        assert of_evidence(late) == ["unsealed"]


@pytest.mark.parametrize(
    ("setting", "value"), [("log_statement", "all"), ("log_min_duration_statement", "0")]
)
def test_a_log_that_keeps_what_services_say_is_a_problem(
    cluster: Cluster, warehouse: str, setting: str, value: str
) -> None:
    assert of_evidence(NEXT_NIGHT) == []
    name = name_of(warehouse)
    with pointed_at(cluster.server.url(name)), transaction(role="") as session:
        session.run(f"alter database {name} set {setting} = '{value}'")
    with transaction() as session:
        (problem,) = evidence.detect(session, NEXT_NIGHT)
    assert (problem.key, f"{setting} = {value}" in problem.message.en) == ("logged", True)


def test_a_watchdog_that_never_looked_is_not_awake() -> None:
    assert not watchdog.is_awake(timedelta(days=1))


def test_a_source_that_never_came_is_stale_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEAN06_SCHEDULE_FROM", DAY)
    night = datetime(2022, 11, 1, 2, 1, tzinfo=settings.TIMEZONE)
    assert keys(night) == [f"stale:{source}" for source in contract.sources()]


def test_a_held_batch_is_told_until_a_later_one_is_published(mailbox: Mailbox) -> None:
    bad = [resident(soDinhDanh=f"0821900{n:05d}", maXa="99999") for n in range(100)]
    with pytest.raises(BatchHeldError):
        load_police("bad", DAY, bad)
    (number,) = rows("select max(load_id) from ops.load where status = 'held'")[0]
    assert keys() == [f"held:{number}"]
    load_police("good", DAY, [resident()])
    assert keys() == []


def test_a_failed_backfill_of_a_command_is_reported_until_it_is_done_again() -> None:
    """Its day is below the watermark: no later day brings what it asked for."""
    sync_everything()
    build_kpis()
    run = "backfill__2022-10-30__2022-10-30__20221101T080000__2022-10-30"
    (dataset,) = contract.load("insurance").datasets
    load = ledger.open_load(contract.load("insurance"), dataset, run, date(2022, 10, 30))
    assert keys() == []
    ledger.note_cause(load, "differs from its manifest", Cause.MANIFEST_MISMATCH)
    now = datetime.now(settings.TIMEZONE)

    def failed() -> list[str]:
        return [key for key in keys(now) if key.startswith("failed")]

    assert len(failed()) == 1, keys(now)
    with transaction() as session:
        [problem] = [p for p in problems.detect(session, now) if p.kind is Kind.FAILED]
    assert problem.run_key == run
    assert "a file differs from its manifest" in problem.message.en
    assert "Run python -m dean06 backfill --source insurance --from " in problem.message.en
    assert "tệp không khớp với bản kê khai" in problem.message.vi
    load_source("insurance", "next", "2022-11-01", {})
    assert len(failed()) == 1, "another day does not bring it"
    with transaction("dean06_ui") as session:
        assert problem in today.read(session, now).problems
    load_source("insurance", "again", "2022-10-30", {})
    assert failed() == []


def test_a_failed_sync_is_settled_by_days_that_bring_its_records_one_by_one() -> None:
    sync_everything()
    (dataset,) = contract.load("insurance").datasets
    late = ledger.open_load(contract.load("insurance"), dataset, "late", date(2022, 11, 2))
    ledger.note_cause(late, "differs from its manifest", Cause.MANIFEST_MISMATCH)
    now = datetime.now(settings.TIMEZONE) + timedelta(hours=1)
    assert f"failed:{late.load_id}" in keys(now)
    load_source("insurance", "first", "2022-11-01", {})
    assert f"failed:{late.load_id}" in keys(now)
    load_source("insurance", "second", "2022-11-02", {})
    assert f"failed:{late.load_id}" not in keys(now)


def test_what_a_check_shows_is_not_in_its_log_too(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEAN06_SCHEDULE_FROM", "2030-01-01")
    monkeypatch.delenv("DEAN06_ALERT_URLS", raising=False)
    with pytest.raises(BatchHeldError):
        load_police("one", DAY, [resident(maXa="99999", soDinhDanh=f"0821900{n:05d}")
                                 for n in range(40)])  # fmt: skip
    shown: list[Problem] = []

    def show(found: Sequence[Problem]) -> int:
        shown.extend(found)
        return len(found)

    every_province.check_once(show)
    assert shown
    assert "nobody is notified" in caplog.text
    assert not [each for each in shown if each.message.en in caplog.text]


def test_a_run_that_came_to_no_end(mailbox: Mailbox) -> None:
    load_police("killed", DAY, [resident()], upto="stage")
    now = datetime.now(settings.TIMEZONE)
    assert keys(now + problems.STUCK_AFTER - timedelta(minutes=1)) == []
    late = now + problems.STUCK_AFTER + timedelta(minutes=1)
    assert keys(late) == ["unfinished:police:killed"]
    load_police("another", DAY, [resident()])
    assert keys(late) == []


def test_books_that_were_changed_past_their_constraints(mailbox: Mailbox) -> None:
    load = load_police("one", DAY, [resident()])
    with transaction(role="") as session:
        session.run("alter table ops.load drop constraint load_balances")
        session.run("alter table ops.load disable trigger published_load_is_final")
        session.run("update ops.load set inserted_count = 2 where load_id = :id", id=load.load_id)
    assert keys() == [f"unbalanced:{load.load_id}"]


def test_kpis_that_do_not_follow_the_last_load(mailbox: Mailbox) -> None:
    sync_everything()
    loaded = datetime.now(settings.TIMEZONE)
    assert keys(loaded + problems.PUBLISHED_WITHIN - timedelta(minutes=1)) == []
    late = loaded + problems.PUBLISHED_WITHIN + timedelta(minutes=1)
    assert keys(late) == [f"unpublished:{DAY}"]
    build_kpis()
    assert keys(late) == []


def test_a_build_that_waits_for_an_official(mailbox: Mailbox) -> None:
    sync_everything()
    build_kpis()
    with transaction() as session:
        session.run(
            """insert into ops.kpi_build (as_of_date, state, source_codes, reason, cause)
               values (:day, 'held', '{police}', 'test', 'test')""",
            day="2022-11-01",
        )
    (number,) = rows("select max(build_id) from ops.kpi_build")[0]
    assert keys() == [f"build:{number}"]


@pytest.mark.parametrize(("days", "is_told"), [(15, False), (14, True), (-1, True)])
def test_credentials_that_end(mailbox: Mailbox, days: int, is_told: bool) -> None:
    from dean06.load.extract import note_credential

    ends = (NEXT_NIGHT + timedelta(days=days)).date()
    with transaction() as session:
        note_credential(session, "police", "2020-01-01")
        note_credential(session, "police", str(ends))
    assert keys() == ([f"credential:police:{ends}"] if is_told else [])


def test_people_are_notified_of_a_problem_once_a_day_and_of_its_end_once(
    mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEAN06_SCHEDULE_FROM", DAY)
    sync_everything()
    build_kpis()
    late = NEXT_NIGHT + timedelta(minutes=2)
    for moment in (late, late + timedelta(hours=1), late + timedelta(hours=23)):
        assert len(watchdog.check(moment)) == len(contract.sources())
    assert (len(mailbox.mails), len(mailbox.posts)) == (1, 1)
    number = len(contract.sources())
    assert mailbox.posts[0]["title"] == (
        f"dean06: education, health, insurance, +3 · {number} việc cần xử lý · {number} open"
    )
    for told in (mailbox.mails[0], mailbox.posts[0]["message"]):
        assert "police is stale: data up to 01/11/2022 00:00, 26 h ago" in told
        assert "(police) cập nhật chậm" in told
    watchdog.check(late + timedelta(days=1, minutes=1))
    assert (len(mailbox.mails), len(mailbox.posts)) == (2, 2)
    monkeypatch.setenv("DEAN06_SCHEDULE_FROM", "2030-01-01")
    for minute in (5, 6):
        assert watchdog.check(late + timedelta(days=1, minutes=minute)) == []
    assert (len(mailbox.mails), len(mailbox.posts)) == (3, 3)
    assert mailbox.posts[-1]["title"] == (
        "dean06: education, health, insurance, +3 · 6 việc đã xử lý · 6 resolved"
    )
    assert "stale:police" not in mailbox.mails[-1], "a key tells nobody what is resolved"
    assert mailbox.mails[-1].count("police is stale") == 1, "plain text: HTML would join its lines"


def test_a_message_nobody_took_is_told_again_and_no_secret_is_named(
    mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("DEAN06_SCHEDULE_FROM", DAY)
    night = datetime(2022, 11, 1, 2, 1, tzinfo=settings.TIMEZONE)
    monkeypatch.setenv("DEAN06_ALERT_URLS", f"json://caller:{PASSWORD}@127.0.0.1:9/hook")
    with pytest.raises(Dean06Error, match=r"URL 1 \(json\) cannot be reached"):
        watchdog.check(night)
    assert PASSWORD not in caplog.text
    monkeypatch.setenv("DEAN06_ALERT_URLS", mailbox.urls)
    watchdog.check(night + timedelta(minutes=5))
    assert (len(mailbox.mails), len(mailbox.posts)) == (1, 1)
    assert rows("select count(*) from ops.alert where opened_at = :night", night=night) == [(6,)]


def test_a_watchdog_without_recipients_leaves_the_message_to_one_that_has_some(
    mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """``watch --once`` in a shell without the setting, or the one that ``make run`` starts."""
    monkeypatch.setenv("DEAN06_SCHEDULE_FROM", DAY)
    night = datetime(2022, 11, 1, 2, 1, tzinfo=settings.TIMEZONE)
    monkeypatch.setenv("DEAN06_ALERT_URLS", "")
    watchdog.check(night)
    assert "DEAN06_ALERT_URLS is empty" in caplog.text
    assert "police is stale" in caplog.text
    caplog.clear()
    watchdog.check(night + timedelta(minutes=1))
    assert "police" not in caplog.text, "the log names a problem once"
    monkeypatch.setenv("DEAN06_ALERT_URLS", mailbox.urls)
    watchdog.check(night + timedelta(minutes=2))
    assert "police is stale" in mailbox.mails[0]


def test_the_service_tells_within_one_interval_with_no_airflow_at_all(mailbox: Mailbox) -> None:
    program = [sys.executable, "-m", "dean06", "watch", "--every", "1"]
    started = {**os.environ, "DEAN06_SCHEDULE_FROM": DAY, "PYTHONPATH": os.pathsep.join(sys.path)}
    service = subprocess.Popen(program, env=started)
    try:
        assert mailbox.arrived.acquire(timeout=60)
        assert mailbox.arrived.acquire(timeout=60)
        deadline = time.monotonic() + 60
        while not watchdog.is_awake(timedelta(minutes=1)) and time.monotonic() < deadline:
            time.sleep(0.1)
    finally:
        service.terminate()
        service.wait(30)
    assert watchdog.is_awake(timedelta(minutes=1))
    assert not watchdog.is_awake(timedelta())
    assert "stale" in mailbox.mails[0]
    assert "stale" in mailbox.posts[0]["message"]
    assert all(source in mailbox.mails[0] for source in contract.sources())


@pytest.mark.parametrize(("took", "waits"), [(0.0, 60.0), (45.0, 15.0), (70.0, 0.0)])
def test_a_check_that_takes_long_does_not_delay_the_next(
    monkeypatch: pytest.MonkeyPatch, took: float, waits: float
) -> None:
    moments = iter([100.0, 100.0 + took])

    def sleep(seconds: float) -> None:
        assert seconds == waits
        raise KeyboardInterrupt

    clock = SimpleNamespace(monotonic=lambda: next(moments), sleep=sleep)
    monkeypatch.setattr(watchdog, "time", clock)
    monkeypatch.setattr(watchdog, "_check_once", lambda is_lost: is_lost)
    with pytest.raises(KeyboardInterrupt):
        watchdog.watch(timedelta(seconds=60))
