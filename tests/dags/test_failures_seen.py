"""Whatever fails is on Today, in ``watch --once`` and in a mailbox within one interval of the
watchdog: every kind that the operations guide and the watchdog name, brought about for real."""

import html
import os
import subprocess
import sys
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from dean06.errors import Cause
from dean06.warehouse import transaction
from dean06.watch.problem import Kind
from ministries.servers import Running
from tests.conftest import Cluster, name_of, pointed_at
from tests.dags.failing import CASES, Case, World, guide, in_airflow, in_warehouse, loads, steps
from tests.dags.test_watched import api, mailbox
from tests.lib.alerted import Mailbox
from tests.lib.pages import Person, pages_for

__all__ = ["api", "in_airflow", "loads", "mailbox", "steps"]

pytestmark = pytest.mark.usefixtures("warehouse")


@pytest.fixture
def world(
    connected: Running,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    warehouse: str,
    cluster: Cluster,
) -> World:
    def as_superuser(statement: str) -> None:
        with pointed_at(cluster.server.url(name_of(warehouse))), transaction(role="") as session:
            session.run("set local session_replication_role = replica")
            session.run(statement)

    return World(connected, monkeypatch, tmp_path, as_superuser)


def watch_once() -> str:
    """As from a terminal."""
    done = subprocess.run(
        [sys.executable, "-m", "dean06", "watch", "--once"],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1, done.stdout + done.stderr
    return done.stdout


def today(monkeypatch: pytest.MonkeyPatch, language: str) -> str:
    who = Person("lan")
    page = TestClient(pages_for(monkeypatch, who, [who.name])._pages)
    answer = page.get(f"/today?lang={language}")
    assert answer.status_code == 200
    return html.unescape(answer.text)


def test_every_kind_that_the_guide_or_the_watchdog_names_is_forced_somewhere() -> None:
    forced: set[str | Kind | Cause | None] = set(guide.ELSEWHERE)
    for each in CASES:
        forced |= {*each.rows, each.kind, each.cause}
    named = set(guide.rows())
    assert len(named) >= 30
    assert sorted(named - forced, key=str) == []
    assert sorted({row for each in CASES for row in each.rows} - named) == [], "rows that are gone"
    assert [kind for kind in Kind if kind not in forced] == []
    assert [cause for cause in Cause if cause not in forced] == []
    assert guide.missing_tests() == []


@pytest.mark.parametrize(
    "case",
    [
        pytest.param(each, id=each.name, marks=() if each.daily else pytest.mark.campaign)
        for each in CASES
    ],
)
def test_it_is_seen_everywhere(case: Case, world: World, mailbox: Mailbox) -> None:
    shown = case.force(world)
    printed = watch_once()
    if case.settles:
        assert mailbox.mails == []
        in_warehouse("update ops.alert set opened_at = opened_at - interval '3 minutes'")
        printed = watch_once()
    (mail,) = mailbox.mails
    with Path("/tmp/w/d-mails.txt").open("a") as f:
        f.write(f"=== {case.name}\n{printed}\n--- {mail}\n")
    for place in (printed, mail):
        assert shown.name in place
        assert case.says in place
        assert case.vi in place
        assert shown.run is None or shown.run in place
    page = today(world.patch, "en")
    assert shown.name in page
    assert case.says.lower() in page.lower()
    assert case.vi.lower() in today(world.patch, "vi").lower()
