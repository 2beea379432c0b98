"""Whatever fails is on Today, in ``watch --once`` and in a mailbox at the next check of the
watchdog: every kind that the operations guide and the watchdog name, brought about for real."""

import html
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from dean06.errors import Cause
from dean06.warehouse import transaction
from dean06.watch.problem import Kind
from ministries.servers import Running
from tests.conftest import Cluster, name_of, pointed_at
from tests.dags.failing import (
    CASES,
    Case,
    Shown,
    World,
    guide,
    in_airflow,
    in_metadata,
    in_warehouse,
    loads,
    steps,
)
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
) -> Iterator[World]:
    def as_superuser(statement: str) -> None:
        with pointed_at(cluster.server.url(name_of(warehouse))), transaction(role="") as session:
            session.run("set local session_replication_role = replica")
            session.run(statement)

    yield World(connected, monkeypatch, tmp_path, as_superuser)
    # Airflow is that of all tests: what one case has broken would be a problem of the next.
    in_metadata("delete from import_error")
    in_metadata("delete from job where hostname = 'here'")


def watch_once() -> str:
    """As from a terminal."""
    done = subprocess.run(
        [sys.executable, "-m", "dean06", "watch", "--once"],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1, done.stdout + done.stderr
    return done.stdout


def today(patch: pytest.MonkeyPatch) -> dict[str, str]:
    """The page Today as its reader gets it, by language."""
    who = Person("lan")
    pages = TestClient(pages_for(patch, who, [who.name])._pages)
    answers = {language: pages.get(f"/today?lang={language}") for language in ("en", "vi")}
    assert {answer.status_code for answer in answers.values()} == {200}
    return {language: html.unescape(answer.text) for language, answer in answers.items()}


def is_in(case: Case, shown: Shown, text: str) -> bool:
    """Whether a mail, or what ``watch --once`` prints, has the failure in both languages."""
    return all(words in text for words in (shown.name, shown.run or "", case.says, case.vi))


def check_pages(case: Case, shown: Shown, page: dict[str, str]) -> None:
    for language, words in (("en", case.says), ("vi", case.vi)):
        assert shown.name in page[language], (case.name, language)
        assert words.lower() in page[language].lower(), (case.name, language)


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
    assert "· 1 open" in mail.splitlines()[0], f"a failure of {case.uses} is one problem"
    assert is_in(case, shown, printed), printed
    assert is_in(case, shown, mail), mail
    check_pages(case, shown, today(world.patch))
