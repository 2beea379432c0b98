"""``python -m dean06 build-kpis`` as people run it: what it says in the end."""

import os
import subprocess
import sys

import pytest

from tests.lib.loading import load_police, resident, rows

pytestmark = pytest.mark.usefixtures("warehouse", "signed_folder")
DAY = "2022-10-31"


def build(locale: str = "C.UTF-8") -> str:
    done = subprocess.run(
        [sys.executable, "-m", "dean06", "build-kpis"],
        env={
            **os.environ,
            "LC_ALL": locale,
            "PYTHONPATH": os.pathsep.join(sys.path),
        },
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, timeout=240,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
    return done.stdout


def test_a_build_that_finds_nothing_new_names_the_publication() -> None:
    load_police("one", DAY, [resident()])
    said = build()
    assert "Days whose KPIs were built: 1; held for a decision: 0" in said
    [(number,)] = rows("select max(publication_id) from mart.kpi_publication")
    again = build("vi_VN.UTF-8")
    assert f"Ngày gần nhất đã công bố là 31/10/2022 (lần công bố số {number})" in again
    assert f"The newest day is 31/10/2022 (publication {number})." in build()
