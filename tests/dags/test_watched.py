"""What fails in Airflow is on Today, in ``watch --once`` and in a mailbox at the next check: read
through Airflow's real API, whether or not the task could still say anything."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from airflow.utils.session import create_session
from sqlalchemy import text
from typer.testing import CliRunner

from dean06 import settings
from dean06.cli.app import app
from dean06.failures import record
from dean06.failures.causes import explain
from dean06.ui import reading, today
from dean06.warehouse import transaction
from dean06.watch import everything, watchdog
from dean06.watch.problem import Kind, Problem
from ministries.faults import Fault
from ministries.servers import Running
from onebox.airflow import Airflow, wait_until
from onebox.ports import free_port
from tests.dags.test_runs import read_once, run
from tests.lib.alerted import Mailbox, listening
from tests.lib.errors import every_error, made

pytestmark = pytest.mark.usefixtures("warehouse", "connected")


_SERVER = "import sys, uvicorn; from airflow.api_fastapi.app import create_app; "
_SERVER += "uvicorn.run(create_app('core'), port=int(sys.argv[1]), log_level='error')"


@pytest.fixture(scope="module")
def api(airflow: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Airflow's own API server on the tests' metadata database, and a user who may only read."""
    passwords, port = tmp_path_factory.mktemp("api") / "passwords.json", free_port()
    passwords.write_text(json.dumps({"watchdog": "read only"}))
    environment = {
        **os.environ,
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS": "watchdog:viewer",
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(passwords),
        "AIRFLOW__API_AUTH__JWT_SECRET": "x" * 64,
        "PYTHONPATH": os.pathsep.join(sys.path),
    }
    airflow_at = Airflow(f"http://127.0.0.1:{port}", "", "")
    server = subprocess.Popen([sys.executable, "-c", _SERVER, str(port)], env=environment)
    try:
        assert wait_until(lambda: len(airflow_at.healthy()) > 1, 300, 0.2)
        yield f"http://watchdog:read%20only@127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(30)


@pytest.fixture
def mailbox(api: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Mailbox]:
    read_once()  # before their first day is moved: Airflow makes no tasks of earlier runs
    with create_session() as session:
        session.execute(text("delete from dag_run"))
    with listening("secret") as box:
        monkeypatch.setenv("DEAN06_AIRFLOW_API", api)
        monkeypatch.setenv("DEAN06_ALERT_URLS", box.urls)
        monkeypatch.setenv("DEAN06_SCHEDULE_FROM", "2030-01-01")
        yield box


def now() -> datetime:
    return datetime.now(settings.TIMEZONE)


def leave_failed(*tables: str) -> None:
    """As Airflow's scheduler leaves a task, or a run, whose process was killed."""
    with create_session() as session:
        for table in tables:
            session.execute(text(f"update {table} set state = 'failed'"))


def checked(at: datetime | None = None) -> dict[str, Problem]:
    """One check of the watchdog, by key; parts of Airflow that no test runs left out."""
    found = watchdog.check(at or now())
    return {p.key: p for p in found if p.kind not in (Kind.AIRFLOW_PART, Kind.LATE_RUN)}


def on_today() -> str:
    with reading.warehouse() as session:
        page = today.read(session, now())
    assert page.state == "red"
    return " ".join(problem.message.vi for problem in page.problems)


def test_a_task_that_was_killed_is_reported_once_and_so_is_its_recovery(mailbox: Mailbox) -> None:
    """As the scheduler leaves what was killed: failed, no callback, nothing in the ledger."""
    killed = run("verify_identities")
    leave_failed("task_instance", "dag_run")
    key = "failed_task:verify_identities.verify"
    assert checked().keys() == {key}
    (mail,) = mailbox.mails
    assert killed.run_id in mail
    assert "ended without recording a cause" in mail
    assert "không ghi được nguyên nhân" in on_today()
    printed = CliRunner().invoke(app, ["watch", "--once"])
    assert printed.exit_code == 1
    assert "verify_identities.verify failed" in printed.stdout
    assert len(mailbox.mails) == 1, "reported once"
    assert run("verify_identities").state == "success"
    assert checked() == {}
    assert "resolved at" in mailbox.mails[1]
    assert "verify_identities.verify failed" in mailbox.mails[1]
    assert key not in mailbox.mails[1], "an internal key"


def test_every_kind_of_failure_in_the_operations_guide_is_reported_everywhere(
    mailbox: Mailbox,
) -> None:
    guide = (settings.PROJECT / "docs" / "operations.md").read_text(encoding="utf-8")
    named = {name for line in guide.splitlines() for name in re.findall(r"`(\w+Error)`", line)}
    kinds = [kind for kind in every_error() if kind.__name__ in named]
    assert len(kinds) >= 15
    failed = run("sync_portal", day="2022-10-31")
    leave_failed("task_instance", "dag_run")
    tasks = sorted(read_once().dags["sync_portal"].task_ids)
    assert len(tasks) >= len(kinds)
    for task, kind in zip(tasks, kinds, strict=False):
        record.note_task("sync_portal", task, failed.run_id, made(kind))
    assert len(checked()) == len(tasks)
    printed = CliRunner().invoke(app, ["watch", "--once"]).stdout
    (mail,), page = mailbox.mails, on_today()
    for task, kind in zip(tasks, kinds, strict=False):
        why = explain(kind.cause).text
        named_so = f"sync_portal.{task} failed (run {failed.run_id}): {why.en}"
        assert named_so in mail
        assert named_so in printed
        assert why.vi in page


def test_a_failure_with_a_load_is_one_problem_with_the_cause_of_the_ledger(
    connected: Running, mailbox: Mailbox
) -> None:
    connected.faults.add(Fault("education", None, "down"))
    failed = run("sync_education", day="2022-10-31")
    assert mailbox.mails == [], "no task notifies anybody"
    (problem,) = checked().values()
    assert (problem.kind, problem.run_key) == (Kind.FAILED, failed.run_id)
    assert problem.detail is not None
    assert "after 3 attempts" in problem.detail.en
    assert "đã thử 3 lần" in problem.detail.text.vi
    assert "the source is down" in mailbox.mails[0]
    checked(now() + timedelta(hours=7))
    sent = " ".join(mailbox.mails)  # by then also of the scheduler, which no test runs
    (reported,) = [mail for mail in mailbox.mails if "failed while fetching" in mail]
    assert reported == mailbox.mails[0], "one problem, whoever sees it"
    assert "Failed task: sync_education.exam_registration.extract." in reported
    assert "bị lỗi khi tải dữ liệu" in problem.message.vi
    assert "Task sync_education.exam_registration.extract failed" not in sent
    assert "has not finished" not in sent
    connected.faults.clear()
    assert run("sync_education", day="2022-10-31").state == "success"
    # After the check before it: what that one found is not resolved before it began.
    assert checked(now() + timedelta(hours=8)) == {}


def test_a_failure_of_a_step_is_one_problem(
    mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dean06.errors import AuditError
    from dean06.kpi import build

    def contradictory(*_: object) -> None:
        raise AuditError("rule x of KPI y")

    monkeypatch.setattr(build, "_days_to_build", contradictory)
    run("build_kpis")
    assert checked().keys() == {"failed_step:build_kpis"}
    assert "không thống nhất" in on_today()


def test_a_run_that_is_late_or_was_cut_off(mailbox: Mailbox) -> None:
    run("sync_education", day="2022-10-31")
    with create_session() as session:
        session.execute(text("update dag_run set state = 'running', queued_at = now()"))
    in_time, too_late = (now() + timedelta(hours=hours) for hours in (2.9, 3.1))
    assert "late_run:sync_education" not in _keys(in_time)
    assert "late_run:sync_education" in _keys(too_late)
    leave_failed("dag_run")
    assert "failed_run:sync_education" in _keys(too_late)


def _keys(at: datetime) -> set[str]:
    with transaction() as session:
        return {problem.key for problem in everything.detect(session, at).problems}


def test_without_airflow_that_is_the_problem_and_nothing_counts_as_resolved(
    mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("verify_identities")
    leave_failed("task_instance", "dag_run")
    start = now()
    assert checked(start)
    monkeypatch.setenv("DEAN06_AIRFLOW_API", f"http://watchdog:hidden@127.0.0.1:{free_port()}")
    for minutes in (1, 5):
        (problem,) = checked(start + timedelta(minutes=minutes)).values()
        assert problem.key == "airflow"
        assert "hidden" not in f"{problem.message} {problem.detail}"
    assert [mail.count("resolved") for mail in mailbox.mails] == [0, 0]
    assert "Airflow cannot be reached" in mailbox.mails[1]
    assert "Không kết nối được Airflow" in on_today()
