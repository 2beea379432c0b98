"""``make reproduce`` at 1/100: both provinces through the real scheduler, against scaled truth."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from dean06 import settings
from tests.lib.installation import ports_of_its_own

pytestmark = pytest.mark.campaign


def test_both_provinces_reproduce_what_was_printed(home: Path, tmp_path: Path) -> None:
    out = tmp_path / "reproduction.md"
    paths = (settings.PROJECT / "plugins", settings.PROJECT / "include")
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("AIRFLOW", "DEAN06"))}
    done = subprocess.run(
        [sys.executable, "-m", "onebox", "reproduce", "--scale", "0.01", "--out", str(out)],
        env={
            **clean,
            **ports_of_its_own(),
            "DEAN06_HOME": str(home / "reproduce"),
            "PYTHONPATH": os.pathsep.join(map(str, paths)),
        },
        cwd=settings.PROJECT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, (done.stdout + done.stderr)[-5000:]
    rows = re.findall(
        r"^\| (T[BG]\d\d) \|.*\| (yes|NO|–) \| [^|]* \|$", out.read_text("utf-8"), re.M
    )
    assert len(rows) == 44
    assert {answer for _, answer in rows} == {"yes", "–"}
    assert sum(answer == "yes" for _, answer in rows) == 32
