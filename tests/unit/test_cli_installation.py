"""Commands beside an installation of ``make run`` need no settings of their own."""

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from dean06 import warehouse
from dean06.cli.app import app
from dean06.cli.installation import use_settings

WAREHOUSE = "postgresql+psycopg2://somebody@127.0.0.1:1/nowhere"


@pytest.fixture(autouse=True)
def nothing_is_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in ("DEAN06_WAREHOUSE_DSN", "DEAN06_LANDING", "DEAN06_SCALE", "OTHER"):
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)
    monkeypatch.setenv("DEAN06_HOME", str(tmp_path))
    warehouse.engine.cache_clear()
    yield
    warehouse.engine.cache_clear()


def written(home: Path) -> None:
    found = {
        "DEAN06_WAREHOUSE_DSN": WAREHOUSE, "DEAN06_LANDING": "file:///landed", "PATH": "/nowhere",
        "OTHER": "1",
    }  # fmt: skip
    (home / "environment.json").write_text(json.dumps(found))


def test_what_is_not_set_comes_from_the_installation(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    written(tmp_path)
    monkeypatch.setenv("DEAN06_LANDING", "file:///mine")
    use_settings()
    assert os.environ["DEAN06_WAREHOUSE_DSN"] == WAREHOUSE
    assert os.environ["DEAN06_LANDING"] == "file:///mine"
    assert os.environ["PATH"] != "/nowhere"
    assert "OTHER" not in os.environ
    assert "using the settings in" in capsys.readouterr().err


def test_who_names_a_warehouse_gets_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(tmp_path)
    monkeypatch.setenv("DEAN06_WAREHOUSE_DSN", "postgresql+psycopg2://mine@127.0.0.1/mine")
    use_settings()
    assert "DEAN06_LANDING" not in os.environ


def test_damaged_settings_are_refused_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "environment.json").write_text("{")
    done = CliRunner().invoke(app, ["report"])
    assert done.exit_code == 1
    assert "environment.json cannot be read: run 'make run' again" in done.output
    assert len(done.output.strip().splitlines()) == 1


@pytest.mark.parametrize("command", ["summary", "report", "digest"])
def test_a_stopped_installation_is_named_with_the_way_to_start_it(
    tmp_path: Path, command: str
) -> None:
    written(tmp_path)
    done = CliRunner().invoke(app, [command])
    assert done.exit_code == 1
    assert done.stderr.splitlines()[1:] == [
        "dean06: this system is not running: start it with 'make run' (127.0.0.1:1)"
    ]


def test_a_warehouse_of_ones_own_that_does_not_answer_is_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DEAN06_WAREHOUSE_DSN", WAREHOUSE)
    done = CliRunner().invoke(app, ["watch", "--once"])
    assert done.exit_code == 1
    assert "dean06: PostgreSQL does not answer at 127.0.0.1:1" in done.output
    assert "make run" not in done.output
    assert "somebody" not in done.output


def test_without_an_installation_the_missing_setting_is_named() -> None:
    done = CliRunner().invoke(app, ["report"])
    assert done.exit_code == 1
    assert "DEAN06_WAREHOUSE_DSN is not set" in done.output
