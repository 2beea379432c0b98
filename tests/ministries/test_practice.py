"""A source of running servers fails on command, for a while, and recovers."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from typer.testing import CliRunner

from ministries.cli import app
from onebox.ports import free_ports

ROOT = Path(__file__).resolve().parents[2]
SOURCES = ("police", "insurance", "health", "education", "portal", "programme")


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[dict[str, int], Path]]:
    """The servers' ports and their spool."""
    invoke("credentials", "--out", f"{tmp_path}/server.json", "--clients", f"{tmp_path}/c.json")
    ports, spool = free_ports(SOURCES), tmp_path / "spool"
    command = [
        sys.executable, "-m", "ministries", "serve", "--scale", "0.001",
        "--credentials", f"{tmp_path}/server.json", "--spool", str(spool),
    ]  # fmt: skip
    for source, port in ports.items():
        command += [f"--{source}-port", str(port)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "include"), "PYTHONUNBUFFERED": "1"}
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    for _ in SOURCES:
        process.stdout.readline()
    within(lambda: (spool / "serving.pid").exists())
    yield ports, spool
    process.terminate()
    process.communicate(timeout=20)
    assert not (spool / "serving.pid").exists()


def invoke(*args: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, list(args))
    return result.exit_code, result.output


def within(condition: Callable[[], bool], seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def answers(port: int) -> bool:
    try:
        httpx.get(f"http://127.0.0.1:{port}/", timeout=5)
    except httpx.HTTPError:
        return False
    return True


def test_a_source_fails_for_a_while_and_recovers_by_itself(
    served: tuple[dict[str, int], Path],
) -> None:
    ports, spool = served
    assert answers(ports["health"])
    code, said = invoke("fail", "--source", "health", "--for", "3s", "--spool", str(spool))
    assert (code, said.startswith("health fails (down) until ")) == (0, True)
    within(lambda: not answers(ports["health"]), 2.5)
    assert answers(ports["police"]), "no other source fails"
    within(lambda: answers(ports["health"]))


def test_an_outage_can_be_ended_before(served: tuple[dict[str, int], Path]) -> None:
    ports, spool = served
    invoke("fail", "--source", "portal", "--for", "1h", "--spool", str(spool))
    within(lambda: not answers(ports["portal"]))
    code, said = invoke("recover", "--spool", str(spool))
    assert (code, said) == (0, "recovered: portal\n")
    within(lambda: answers(ports["portal"]))
    assert invoke("recover", "--spool", str(spool))[1] == "no source is failing\n"


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (("--source", "land"), "source: land is no source"),
        (("--source", "health", "--for", "soon"), "for: soon is not a time such as 90s, 5m or 1h"),
        (("--source", "health", "--kind", "tired"), "kind: tired is not one of down"),
        (("--source", "health"), "spool: no simulated ministries are running there"),
    ],
)
def test_bad_input_is_told_in_one_line(tmp_path: Path, args: tuple[str, ...], message: str) -> None:
    code, said = invoke("fail", *args, "--spool", str(tmp_path))
    assert (code, message in said, said.count("\n")) == (2, True, 1)
