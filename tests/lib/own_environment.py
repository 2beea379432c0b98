"""Programs of tests in Python environments of their own, which share nothing with the project's."""

import fcntl
import subprocess
import sys
from pathlib import Path


def installed(home: Path, requirements: Path) -> Path:
    """The folder of the programs in the environment ``home``, installed on first use and when the
    requirements change. A second process that asks meanwhile waits."""
    uv, done = Path(sys.executable).with_name("uv"), home / ".installed"
    home.parent.mkdir(parents=True, exist_ok=True)
    with home.with_name(f"{home.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists() or done.read_text() != requirements.read_text():
            python = str(home / "bin" / "python")
            for words in (
                ["venv", "-q", "--clear", "--python", sys.executable, str(home)],
                ["pip", "install", "-q", "--python", python, "-r", str(requirements)],
            ):
                subprocess.run([uv, *words], check=True, capture_output=True, text=True)
            done.write_text(requirements.read_text())
    return home / "bin"
