"""``make down`` returns when the run is over, so the run that follows is nobody else's to end.

Real processes: a run whose services end at once and which itself needs some seconds more, as one
that shuts Airflow down does.
"""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from dean06 import settings
from tests.lib.installation import ports_of_its_own

_RUN = """
import os, subprocess, sys, time
from pathlib import Path
from rich.console import Console
from onebox import installation, services
from onebox.config import Config

slow = float(sys.argv[1])

def run_services(config, job, console, stay, outcome):
    config.prepare()
    mark = {**os.environ, services.MARK: config.secret("installation")}
    service = subprocess.Popen(["sleep", "300"], env=mark, start_new_session=True)
    print("started", flush=True)
    service.wait()
    time.sleep(slow)

installation._run_services = run_services
sys.exit(0 if installation.run(Config.read(), None, Console(), True) else 1)
"""
Start = Callable[[float], "subprocess.Popen[str]"]


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("AIRFLOW", "DEAN06", "L"))}
    paths = f"{settings.PROJECT / 'plugins'}{os.pathsep}{settings.PROJECT / 'include'}"
    return {
        **clean, **ports_of_its_own(), "DEAN06_HOME": str(tmp_path / "home"), "PYTHONPATH": paths,
    }  # fmt: skip


@pytest.fixture
def start(environment: dict[str, str]) -> Iterator[Start]:
    """Start a run that is over so many seconds after its services."""
    begun = []

    def run(slow: float) -> "subprocess.Popen[str]":
        process = subprocess.Popen(
            [sys.executable, "-c", _RUN, str(slow)],
            env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
        begun.append(process)
        return process

    yield run
    down(environment)
    for process in begun:
        process.kill()
        process.wait()


def down(environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "onebox", "down"],
        env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip


def started(process: "subprocess.Popen[str]") -> bool:
    assert process.stdout is not None
    return any("started" in line for line in process.stdout)


def test_a_run_that_follows_down_at_once_is_not_ended_by_the_one_before(
    environment: dict[str, str], start: Start
) -> None:
    first = start(4)
    assert started(first)
    assert down(environment).returncode == 0
    second = start(0)
    assert started(second)
    said = first.communicate(timeout=30)[0]
    assert "Stopped by 'make down'" in said
    assert "Ended before the first sync" not in said
    assert first.returncode == 0, "make would report an error of its own"
    time.sleep(2)
    assert second.poll() is None, second.communicate()[0]


def test_a_run_waits_for_one_that_was_interrupted(start: Start) -> None:
    first = start(0)
    assert started(first)
    first.terminate()
    second = start(0)
    assert started(second)
    first.communicate(timeout=30)
    assert second.poll() is None


def test_a_second_run_is_refused_while_the_first_goes_on(start: Start) -> None:
    assert started(start(0))
    second = start(0)
    said = second.communicate(timeout=30)[0]
    assert "already running: 'make down' stops it" in said
    assert second.returncode


def test_down_says_which_process_has_not_ended(
    environment: dict[str, str], start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = start(60)
    assert started(first)
    short = "import onebox.turns as t; t.ENDS_WITHIN = 2.0; from onebox.cli import app; app()"
    done = subprocess.run(
        [sys.executable, "-c", short, "down"],
        env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    first.kill()
    assert done.returncode == 1
    assert f"(process {first.pid}) has not ended within 2 s" in done.stdout
