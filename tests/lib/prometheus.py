"""A real Prometheus that scrapes one address, without its service: Debian's programs."""

import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import yaml

from dean06 import settings
from onebox.ports import free_port

RULES = settings.PROJECT / "include" / "prometheus" / "dean06.rules.yaml"
DASHBOARD = settings.PROJECT / "include" / "grafana" / "dean06.json"
_SECONDS = 15.0


def is_here() -> bool:
    """Whether this machine has it; a machine of continuous integration must."""
    return bool(shutil.which("prometheus") or os.environ.get("CI"))


@dataclass(frozen=True)
class Prometheus:
    """A running server."""

    url: str

    def ask(self, path: str, **parameters: str) -> Any:
        """What its HTTP API answers."""
        answer = httpx.get(f"{self.url}/api/v1/{path}", params=parameters)
        assert answer.status_code == httpx.codes.OK, answer.text
        return answer.json()["data"]

    def query(self, expression: str) -> list[dict[str, Any]]:
        """The series of an instant query."""
        found: list[dict[str, Any]] = self.ask("query", query=expression)["result"]
        return found

    def number(self, expression: str) -> float:
        """The value of a query that has one series."""
        (series,) = self.query(expression)
        return float(series["value"][1])

    def wait_for(self, is_so: "Callable[[Prometheus], bool]") -> None:
        """Ask until it is so; fails after some seconds."""
        until = time.monotonic() + _SECONDS
        while not is_so(self):
            assert time.monotonic() < until, self.ask("targets")["activeTargets"]
            time.sleep(0.1)


def promtool(*arguments: str | Path) -> str:
    """What promtool prints; fails when it refuses."""
    ran = subprocess.run(["promtool", *map(str, arguments)], capture_output=True, text=True)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout


@contextmanager
def scraping(port: int, folder: Path) -> Iterator[Prometheus]:
    """A server that scrapes ``127.0.0.1:port`` as job dean06 and evaluates the project's rules."""
    # A scrape that takes longer than its interval leaves a gap, which queries would show.
    often = {"scrape_interval": "2s", "scrape_timeout": "2s", "evaluation_interval": "200ms"}
    target = {"targets": [f"127.0.0.1:{port}"]}
    written = {
        "global": often,
        "rule_files": [str(RULES)],
        "scrape_configs": [{"job_name": "dean06", "static_configs": [target]}],
    }
    config = folder / "prometheus.yaml"
    config.write_text(yaml.safe_dump(written))
    listen = f"127.0.0.1:{free_port()}"
    server = subprocess.Popen(
        [
            "prometheus", f"--config.file={config}", f"--storage.tsdb.path={folder / 'data'}",
            f"--web.listen-address={listen}", "--log.level=error",
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )  # fmt: skip
    try:
        found = Prometheus(f"http://{listen}")
        found.wait_for(_answers(server))
        yield found
    finally:
        server.terminate()
        server.communicate(timeout=_SECONDS)


def _answers(server: "subprocess.Popen[str]") -> "Callable[[Prometheus], bool]":
    def answers(prometheus: Prometheus) -> bool:
        if server.poll() is not None:
            raise AssertionError(server.communicate()[1][-2000:])
        try:
            return httpx.get(f"{prometheus.url}/-/ready").is_success
        except httpx.ConnectError:
            return False

    return answers
