"""A scaffolded source of each kind works: its own tests run, in a copy of the project.

They load its example through the real protocol into a real warehouse: a folder of drops, or an
SFTP server. The copy is a project of its own, as it is on the machine of whoever adds a source.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from dean06 import settings
from dean06.cli import scaffold
from tests.lib import documented
from tests.lib.commands import commands_in

_IN_GIT = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
_DAILY = "csv"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of the project's files, without what git ignores."""
    root = settings.PROJECT
    listed = subprocess.run(_IN_GIT, cwd=root, check=True, capture_output=True).stdout.split(b"\0")
    for name in filter(None, map(os.fsdecode, listed)):
        if (root / name).is_file():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_bytes((root / name).read_bytes())
    return tmp_path


def _run(project: Path, *command: str) -> str:
    """Run Python in the copy; its own packages, nobody's settings."""
    others = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    path = os.pathsep.join(str(project / folder) for folder in ("plugins", "include"))
    done = subprocess.run(
        [sys.executable, *command], cwd=project, capture_output=True, text=True, check=False,
        env={**others, "PYTHONPATH": path},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-5000:] + done.stderr[-2000:]
    return done.stdout


@pytest.mark.parametrize(
    "kind",
    [
        pytest.param(kind, marks=[] if kind == _DAILY else [pytest.mark.campaign])
        for kind in scaffold.KINDS
    ],
)
def test_a_scaffolded_source_loads_its_example(project: Path, kind: str) -> None:
    told = _run(project, "-m", "dean06", "new-source", "scaffolded", "--kind", kind)
    is_folder = kind != "sftp"
    hint = "The example data are in" if is_folder else "set the connection dean06_scaffolded"
    assert hint in told
    if is_folder:
        commands = list(commands_in(told))
        assert commands == ["make sync DAY=2022-11-01"]
        assert set(commands) <= {step.command for step in documented.COURSE}, "tried as printed"
    waiting = project / ".dean06" / "drops" / "scaffolded" / "scaffolded_record"
    assert len(list(waiting.glob("*/manifest.json"))) == (7 if is_folder else 0)
    tests = ["tests/database/test_source_scaffolded.py", "tests/unit/test_sources.py",
             "tests/unit/test_suites.py"]  # fmt: skip
    told = _run(project, "-m", "pytest", "-p", "no:cacheprovider", "-k", "scaffolded", *tests)
    assert "3 passed" in told
