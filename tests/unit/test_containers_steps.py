"""``make containers`` without an engine: which steps are run, and what is harmed when."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.containers import state, steps
from tests.containers.__main__ import chosen
from tests.containers.engine import Compose, EngineError


def test_steps_go_on_from_the_named_one() -> None:
    everything = [step.name for step in chosen(None, "v0.1.0")]
    assert everything == [step.name for step in steps.STEPS]
    assert [step.name for step in chosen("restart", "v0.1.0")] == ["restart", "upgrade", "previous"]
    assert chosen("end", "v0.1.0") == []


def test_without_an_earlier_revision_none_is_upgraded() -> None:
    assert [step.name for step in chosen("upgrade", "")] == ["upgrade"]
    assert chosen("previous", "v0.1.0")[0].what.endswith("from v0.1.0")


def test_settings_replace_lines_of_the_file() -> None:
    text = "# DEAN06_IMAGE\nDEAN06_IMAGE=\nDEAN06_UI_PORT='1'\n"
    assert state.with_settings(text, {"DEAN06_IMAGE": r"a\1", "DEAN06_UI_PORT": "2"}) == (
        "# DEAN06_IMAGE\nDEAN06_IMAGE=a\\1\nDEAN06_UI_PORT=2\n"
    )
    with pytest.raises(EngineError, match="DEAN06_IMAG="):
        state.with_settings(text, {"DEAN06_IMAG": "a"})


def test_a_run_that_was_left_up_is_not_overwritten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(state, "ENV_FILE", tmp_path / "env")
    with pytest.raises(EngineError, match="--keep"):
        state.digests()
    (tmp_path / "env").write_text("SECRET=1\n", encoding="utf-8")
    with pytest.raises(EngineError, match="--from"):
        state.begin({}, steps.DAYS)
    assert (tmp_path / "env").read_text(encoding="utf-8") == "SECRET=1\n"
    state.forget()
    assert not (tmp_path / "env").exists()


class _Containers(Compose):
    """Answers as containers would; a task runs from the third look on."""

    def __init__(self, code: int) -> None:
        super().__init__("made-up", Path("none"))
        self.looks: list[str] = []
        self.ran: list[str] = []
        self._code = code

    def run(self, *words: str) -> str:
        self.ran.append(" ".join(words))
        return ""

    def start(self, *words: str) -> "subprocess.Popen[str]":
        self.ran.append(f"started: {' '.join(words[-1:])}")
        wait = f"import sys; sys.stdin.read(); sys.exit({self._code})"
        return subprocess.Popen(
            [sys.executable, "-c", wait], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def query(self, database: str, statement: str) -> str:
        self.looks.append(f"{database}: {statement}")
        return "worker" if len(self.looks) > 2 else ""


@pytest.mark.parametrize(("code", "again"), [(0, 0), (1, 1)])
def test_the_worker_that_runs_a_task_is_harmed(
    monkeypatch: pytest.MonkeyPatch, code: int, again: int
) -> None:
    monkeypatch.setattr("time.sleep", lambda _: None)
    containers, harmed = _Containers(code), list[tuple[str, int]]()

    def harm(_: Compose, worker: str) -> None:
        harmed.append((worker, len(containers.looks)))

    steps._while_syncing(containers, "2022-11-01", harm)
    assert harmed == [("worker", 3)]
    assert containers.ran[0] == "started: 2022-11-01"
    assert len([words for words in containers.ran[1:] if "sync_day" in words]) == again


def test_a_sync_that_runs_no_task_is_an_error() -> None:
    def nothing(*_: Any) -> str:
        return ""

    containers = _Containers(0)
    containers.query = nothing  # type: ignore[method-assign]
    with pytest.raises(EngineError, match="no task"):
        steps._busy_worker(containers, lambda: False)
