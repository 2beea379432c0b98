"""Imports: what is not paid at start, and old module paths that go on working for one release."""

import subprocess
import sys

import pytest

from dean06.moved import MOVED


@pytest.mark.parametrize(
    "module",
    ["cli.app", "dags.factory", "reports.data_docs", "ui.application", "watch.watchdog"],
)
def test_no_start_pays_for_great_expectations(module: str) -> None:
    """Its import takes eight seconds; the dag processor, pages and commands must not pay them."""
    found = f"import sys, dean06.{module}; print('great_expectations' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", found], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "False"


@pytest.mark.parametrize(("old", "new"), MOVED.items())
def test_an_old_module_path_is_the_new_module_and_says_so(old: str, new: str) -> None:
    """In a process of its own: a module is imported, and warned about, once."""
    code = f"import importlib as i; print(i.import_module({old!r}) is i.import_module({new!r}))"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "True"
    assert f"{old} moved to {new}" in ran.stderr


def test_a_dag_file_of_before_the_rooms_finds_its_factory() -> None:
    from dean06 import dags
    from dean06.dags import factory

    with pytest.warns(FutureWarning, match="dean06.dags.factory.sync_dag"):
        assert dags.sync_dag is factory.sync_dag
