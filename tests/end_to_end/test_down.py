"""``make run`` stopped from another terminal while it starts: nothing is left."""

import time
from pathlib import Path

import pytest

from tests.lib.installation import Installation, alive, command_line


@pytest.mark.campaign
def test_down_ends_everything_from_another_terminal(home: Path) -> None:
    starting = Installation(home / "stopped")
    try:
        deadline = time.monotonic() + 1200
        while starting.process.poll() is None and time.monotonic() < deadline:
            started = starting.processes()
            if any("LocalExecutor" in command_line(process) for process in started):
                break
            time.sleep(1)
        else:
            raise AssertionError(starting.output.read_text())
        assert starting.command("down").returncode == 0
        starting.process.wait(60)
        assert alive(started) == []
        assert not (starting.home / "postgres" / "data" / "postmaster.pid").exists()
    finally:
        assert starting.command("clean").returncode == 0
