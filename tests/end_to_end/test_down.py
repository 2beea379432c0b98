"""``make run`` stopped from another terminal: nothing is left but the data, with which it starts
again."""

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
        starting.process.wait(5)
        assert "Stopped by 'make down'" in starting.output.read_text()
        assert "Ended before the first sync" not in starting.output.read_text()
        assert alive(started) == []
        assert not (starting.home / "postgres" / "data" / "postmaster.pid").exists()
    finally:
        assert starting.command("clean").returncode == 0


@pytest.mark.campaign
def test_a_second_start_shows_what_is_there_and_syncs_only_what_is_asked_for(home: Path) -> None:
    first = Installation(home / "again")
    try:
        first.wait_for("Ctrl-C stops everything", 1200)
        assert first.command("down").returncode == 0
        # At once, as people do: the run before is over, and ends nothing of this one.
        again = Installation(home / "again", first.environment, day="")
        said = again.wait_for("Ctrl-C stops everything", 1200)
        assert "There are data up to 31/10/2022, so no day is synced" in said
        assert "SYNC IS FINE · 31/10/2022" in said
        assert "make sync DAY=2022-11-01" in said
        assert "Synced" not in said
        assert again.command("down").returncode == 0
        again.process.wait(60)
        asked = Installation(home / "again", first.environment, day="2022-11-01")
        assert "Synced 01/11/2022" in asked.wait_for("Ctrl-C stops everything", 1200)
    finally:
        assert first.command("clean").returncode == 0
