"""A whole installation, as ``make run`` brings it up, in a folder of its own."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import psutil

from dean06 import settings
from onebox.config import Config
from onebox.ports import free_ports
from tests.lib.syncing import KpiValues

SCALE = "0.001"


class Installation:
    """A running onebox in a folder of its own."""

    def __init__(
        self,
        home: Path,
        environment: dict[str, str] | None = None,
        *,
        day: str = "2022-10-31",
        **variables: str,
    ) -> None:
        self.home = home
        self.published: dict[str, KpiValues] = {}
        """The KPI values of a day, as they were when it had been synced."""
        clean = {k: v for k, v in os.environ.items() if not k.startswith(("AIRFLOW", "DEAN06"))}
        paths = f"{settings.PROJECT / 'plugins'}{os.pathsep}{settings.PROJECT / 'include'}"
        self.environment = environment or {
            **clean, **ports_of_its_own(), "DEAN06_HOME": str(home), "DEAN06_SCALE": SCALE,
            "PYTHONPATH": paths, **variables,
        }  # fmt: skip
        self.output = home.with_suffix(".out")
        with self.output.open("w") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "onebox", "up", *(["--day", day] if day else [])],
                env=self.environment, cwd=settings.PROJECT, stdout=out, stderr=subprocess.STDOUT,
            )  # fmt: skip

    def wait_for(self, words: str, seconds: float) -> str:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if words in self.output.read_text():
                return self.output.read_text()
            if self.process.poll() is not None:
                break
            time.sleep(1)
        raise AssertionError(f"{words!r} did not come:\n{self.output.read_text()[-3000:]}")

    def command(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "onebox", *words], env=self.environment, cwd=settings.PROJECT,
            capture_output=True, text=True, check=False,
        )  # fmt: skip

    @property
    def services(self) -> dict[str, str]:
        found: dict[str, str] = json.loads((self.home / "environment.json").read_text())
        return found

    def processes(self) -> list[psutil.Process]:
        """Everything it has started, down to Airflow's workers."""
        return psutil.Process(self.process.pid).children(recursive=True)


def ports_of_its_own() -> dict[str, str]:
    """Variables that give an installation ports which no other one listens on."""
    return {name: str(port) for name, port in free_ports(Config.read().ports).items()}


def command_line(process: psutil.Process) -> str:
    """What a process was started with; empty when it has just ended."""
    try:
        return " ".join(process.cmdline())
    except psutil.Error:
        return ""


def alive(processes: list[psutil.Process]) -> list[str]:
    """Of these, what still runs."""
    _, left = psutil.wait_procs(processes, timeout=15)
    return [line for process in left if (line := command_line(process))]
