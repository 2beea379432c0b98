"""The executor of an installation on one machine survives the death of its workers."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

CASES = Path(__file__).parents[1] / "lib" / "forking_executor.py"


@pytest.mark.campaign
def test_in_a_process_of_its_own() -> None:
    """The executor forks, and what a process that has run other tests hands down (threads' locks,
    its title) is not what a scheduler does.

    Its workers' titles need the room before the first environment variable, which is lost when
    that one is changed: readline changes these two, and os.environ restored by a mock leaves them
    first.
    """
    changed = ("LINES", "COLUMNS")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-v", "-p", "no:cacheprovider", str(CASES)],
        env={name: value for name, value in os.environ.items() if name not in changed},
        capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-5000:]
    assert "9 passed" in done.stdout
