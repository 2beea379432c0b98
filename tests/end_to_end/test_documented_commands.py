"""Every documented command, run as written: a copy of the project as git has it, its own packages,
nobody's settings; from the installation of the packages to ``make clean``.

A new engineer's first days: a first sync, a source added, corrected and loaded again by plan, a KPI
and a target added and published, messages received.
"""

import json
import os
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from dean06 import settings
from onebox.airflow import wait_until
from onebox.postgres import PostgresServer
from tests.lib import documented
from tests.lib.alerted import Mailbox, listening
from tests.lib.commands import Command
from tests.lib.documented import Step
from tests.lib.installation import ports_of_its_own

pytestmark = pytest.mark.campaign

_IN_GIT = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
_OF_THE_MACHINE = re.compile(
    r"PATH|HOME|(PIP|UV|SSL)_.*|REQUESTS_CA_BUNDLE|.*_proxy", re.IGNORECASE
)
"""What a person's shell has too: where packages come from, and whom to trust."""
_COMMIT = "git init -qb main && git add -A && git -c user.name=a -c user.email=a@b commit -qm a"
_LONGEST = 1200
"""Seconds that a command may take on a busy machine."""


class Trial:
    """A copy of the project, and what somebody types there."""

    def __init__(self, folder: Path, alerts: str) -> None:
        self.folder, self.ports = folder, ports_of_its_own()
        of_the_machine = {k: v for k, v in os.environ.items() if _OF_THE_MACHINE.fullmatch(k)}
        self.environment = {**of_the_machine, **self.ports, "DEAN06_ALERT_URLS": alerts}
        self.minutes: list[str] = []
        """What was typed, and how many minutes it took."""
        self.output = folder / "run.out"

    def type(self, text: str, **more: str) -> tuple[int, str]:
        """Run a line in a shell; its exit code and all that it printed."""
        activated = f". .venv/bin/activate && {text}" if text.startswith("python") else text
        began = time.monotonic()
        done = subprocess.run(
            ["bash", "-c", activated], cwd=self.folder, env={**self.environment, **more},
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
            text=True, check=False, timeout=_LONGEST, start_new_session=True,
        )  # fmt: skip
        self.minutes.append(f"{(time.monotonic() - began) / 60:5.2f}  {text}")
        return done.returncode, done.stdout

    def start(self) -> subprocess.Popen[str]:
        """``make run``, until it says that it stays up."""
        began = time.monotonic()
        with self.output.open("w") as out:
            run = subprocess.Popen(
                ["bash", "-c", documented.MAKE_RUN], cwd=self.folder, env=self.environment,
                stdout=out, stderr=subprocess.STDOUT, text=True, start_new_session=True,
            )  # fmt: skip
        while "Ctrl-C stops everything" not in (said := self.output.read_text()):
            assert run.poll() is None, said[-3000:]
            assert time.monotonic() - began < _LONGEST, said[-3000:]
            time.sleep(1)
        self.minutes.append(f"{(time.monotonic() - began) / 60:5.2f}  {documented.MAKE_RUN}")
        return run

    def file(self, name: str, content: str | bytes) -> None:
        """Write a file as somebody writes one."""
        self.folder.joinpath(name).write_bytes(
            content if isinstance(content, bytes) else content.encode()
        )

    @property
    def server(self) -> PostgresServer:
        home = self.folder / ".dean06" / "postgres"
        return PostgresServer(home, int(self.ports["DEAN06_POSTGRES_PORT"]))


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with listening("secret") as box:
        yield box


@pytest.fixture
def trial(mailbox: Mailbox) -> Iterator[Trial]:
    """A clean copy, where the database server's account may read."""
    above = Path(tempfile.mkdtemp(prefix="dean06-trial-"))
    above.chmod(0o755)
    root, folder = settings.PROJECT, above / "dean06"
    listed = subprocess.run(_IN_GIT, cwd=root, check=True, capture_output=True).stdout.split(b"\0")
    for name in filter(None, map(os.fsdecode, listed)):
        if (root / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(root / name, folder / name)
    begun = Trial(folder, mailbox.urls)
    yield begun
    begun.type("make down")
    print("\nminutes", *begun.minutes, sep="\n")
    shutil.rmtree(above)


def _add_the_kpi_of_the_guide(trial: Trial) -> None:
    guide = (trial.folder / "docs" / "how-to.md").read_text(encoding="utf-8")
    (query,) = re.findall(r"^```sql\n(.*?)^```", guide, re.MULTILINE | re.DOTALL)
    (target,) = re.findall(r"^LAND1,.*\n", guide, re.MULTILINE)
    trial.file("include/sql/mart/kpi/land.sql", query)
    targets = "include/reference/kpi_targets.csv"
    trial.file(targets, (trial.folder / targets).read_text(encoding="utf-8") + target)


def _bring_a_file(trial: Trial) -> None:
    waiting = trial.folder / ".dean06" / "drops" / "land" / "land_record"
    trial.file("file.csv", max(waiting.glob("*/*.csv")).read_bytes())


def _name_an_empty_database(trial: Trial) -> dict[str, str]:
    trial.server.execute("create database restored owner dean06_owner")
    found = json.loads((trial.folder / ".dean06" / "environment.json").read_text())
    return {"DEAN06_WAREHOUSE_DSN": found["DEAN06_WAREHOUSE_DSN"].rpartition("/")[0] + "/restored"}


def _fetch_the_servers_log(trial: Trial) -> None:
    log = trial.server.logs()[-1].read_bytes()
    for name in ("day-21.json", "day-22.json"):
        trial.file(name, log)


_PREPARED: Mapping[str, Callable[[Trial], dict[str, str] | None]] = {
    ".venv/bin/python -m dean06 drop land --day 2022-11-02 file.csv": _bring_a_file,
    ".venv/bin/python -m dean06 migrate": _add_the_kpi_of_the_guide,
    'python -m dean06 replay --load 7 --file corrected.ndjson --why "…"': (
        lambda trial: trial.file("corrected.ndjson", '{"_row": 1, "record_id": "LAND-1"}\n')
    ),
    "python -m dean06 restricted-reads day-21.json day-22.json --since 2022-11-21": (
        _fetch_the_servers_log
    ),
    "python -m dean06 restore warehouse-2022-11-03.dump": _name_an_empty_database,
}
"""What the guide tells people to do before, or what only they have."""


def _wrong(trial: Trial, step: Step) -> list[str]:
    """What is wrong with a command."""
    prepare = _PREPARED.get(step.command, lambda _: None)
    more = prepare(trial) or {}
    text = step.typed or Command(step.command, ()).filled
    code, said = trial.type(text, **more)
    if code in step.exits and step.says in said and "Traceback" not in said:
        return []
    return [f"{text}: exit code {code}, {step.says!r} wanted:\n{said[-2500:]}"]


def test_a_new_engineer_gets_through_every_documented_command(
    trial: Trial, mailbox: Mailbox
) -> None:
    for text in (_COMMIT, "make .venv/.dev"):
        code, said = trial.type(text)
        assert code == 0, said
    wrong = [problem for step in documented.BEFORE_RUN for problem in _wrong(trial, step)]
    run = trial.start()
    wrong += [problem for step in documented.COURSE for problem in _wrong(trial, step)]
    wrong += _red_and_cured(trial, mailbox)
    wrong += [problem for step in documented.AFTERWARDS for problem in _wrong(trial, step)]
    assert run.wait(60) is not None
    assert not wrong, "\n\n".join(wrong)


def _red_and_cured(trial: Trial, mailbox: Mailbox) -> list[str]:
    """A file that is not what its manifest declares: a task fails, a message arrives, the agency
    sends the file again, and the end is reported."""
    drop, sync = "python -m dean06 drop land --day 2022-11-04 file.csv", "make sync DAY=2022-11-04"
    folder = trial.folder / ".dean06" / "drops" / "land" / "land_record" / "2022-11-04"
    wrong = _wrong(trial, Step(drop))
    with (folder / "file.csv").open("a") as broken:
        broken.write("\n")
    wrong += _wrong(trial, Step(sync, "land", exits=(1, 2)))
    sent = len(mailbox.mails)
    if not wait_until(lambda: any("manifest" in mail for mail in mailbox.mails), 90):
        wrong.append(f"no message within an interval: {mailbox.mails}")
    wrong += _wrong(trial, Step("python -m dean06 watch --once", "land", exits=(1,)))
    wrong += _wrong(trial, Step(drop)) + _wrong(trial, Step(sync))
    if not wait_until(lambda: any("resolved" in mail for mail in mailbox.mails[sent:]), 90):
        wrong.append(f"its end was not reported: {mailbox.mails[sent:]}")
    return wrong
