"""Imports: what is not paid at start, and old module paths that go on working for one release.

In processes of their own: a module is imported, and warned about, once.
"""

import json
import subprocess
import sys

import pytest

from dean06.moved import MOVED

_STARTS = ("cli.app", "dags.factory", "reports.data_docs", "ui.application", "watch.watchdog")
_OLD_AND_NEW = """
import importlib, json, sys
moved = json.loads(sys.argv[1])
print(json.dumps({o: importlib.import_module(o) is importlib.import_module(n)
                  for o, n in moved.items()}))
"""


@pytest.mark.campaign
def test_no_start_pays_for_great_expectations() -> None:
    """Its import takes eight seconds; commands, DAG files, pages and watchdog do without."""
    imports = ", ".join(f"dean06.{module}" for module in _STARTS)
    code = f"import sys, {imports}; print('great_expectations' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "False"


@pytest.mark.campaign
def test_an_old_module_path_is_the_new_module_and_says_so() -> None:
    # Airflow, once imported, shows no further warnings.
    moved = dict(sorted(MOVED.items(), key=lambda pair: "dags" in pair[1]))
    command = [sys.executable, "-c", _OLD_AND_NEW, json.dumps(moved)]
    ran = subprocess.run(command, capture_output=True, text=True, check=True)
    assert json.loads(ran.stdout.splitlines()[-1]) == dict.fromkeys(MOVED, True)
    for old, new in MOVED.items():
        assert f"{old} moved to {new}" in ran.stderr


def test_a_dag_file_of_before_the_rooms_finds_its_factory() -> None:
    from dean06 import dags
    from dean06.dags import factory

    with pytest.warns(FutureWarning, match="dean06.dags.factory.sync_dag"):
        assert dags.sync_dag is factory.sync_dag
