"""What a newcomer reads: days with gaps, DAGs that are waited for, what was read, what was kept."""

import subprocess
import sys
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from rich.console import Console
from typer.testing import CliRunner

from dean06 import contract
from dean06.cli import built, drops, scaffold
from dean06.cli.app import app
from dean06.figures.words import Words
from dean06.reports.backfill import ranges
from onebox import installation, starting
from onebox.sync import DAGS
from tests.unit.test_turns import environment  # noqa: F401  # a fixture


def days(*numbers: int) -> list[date]:
    return [date(2022, 10, number) for number in numbers]


def test_days_with_a_gap_are_not_shown_as_one_span() -> None:
    en, vi = Words("en"), Words("vi")
    assert ranges(days(3, 1, 2), en) == "3 days, 01/10/2022 to 03/10/2022"
    assert ranges(days(1, 2, 5), en) == "3 days, 01/10/2022 to 02/10/2022, 05/10/2022"
    assert ranges(days(1, 2, 5, 6), vi) == (
        "4 ngày, từ 01/10/2022 đến 02/10/2022, từ 05/10/2022 đến 06/10/2022"
    )
    assert ranges(days(4), en) == "04/10/2022"


@pytest.mark.parametrize(("parsed", "is_said"), [(True, False), (False, True)])
def test_new_dags_are_waited_for_only_when_there_are_some(
    parsed: bool, is_said: bool, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "C")
    seen = iter([set(DAGS) if parsed else set(), *[set(DAGS)] * 3])
    airflow: Any = SimpleNamespace(dag_ids=lambda: next(seen))
    starting.await_new_dags(airflow, Console(force_terminal=False))
    assert ("Waiting for new DAGs" in capsys.readouterr().out) is is_said


def test_migrate_says_what_it_has_read() -> None:
    said = built.upgraded(0, Words("en"))
    assert f"Read from the project's files: {len(contract.known())} contracts, " in said
    assert " targets." in said
    assert " mục tiêu." in built.upgraded(0, Words("vi"))


def test_clean_says_what_it_keeps(environment: dict[str, str]) -> None:  # noqa: F811
    home = Path(environment["DEAN06_HOME"])
    (home / "drops" / "land").mkdir(parents=True)
    (home / "lineage.jsonl").touch()
    done = subprocess.run(
        [sys.executable, "-m", "onebox", "clean"],
        env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert [path.name for path in home.iterdir()] == ["drops"]
    said = " ".join(done.stdout.split())
    assert "Removed the warehouse, files and keys in" in said
    assert "drops: files that people or agencies put there" in said


def test_a_source_can_be_written_without_its_example(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = scaffold.contract_text("land", "csv", "land_record")
    agreed = contract.parse(text, "land.yaml")
    monkeypatch.setattr(contract, "load", lambda _: agreed)
    monkeypatch.setattr(drops, "root_of", lambda source: tmp_path / source)
    monkeypatch.setattr(scaffold, "new_source", lambda *_: scaffold.Written([], agreed.datasets[0]))
    done = CliRunner().invoke(app, ["new-source", "land", "--no-example"])
    assert done.exit_code == 0, done.output
    assert "No example data" in done.output
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("kind", scaffold.KINDS)
def test_the_expected_record_of_a_fixture_is_readable(tmp_path: Path, kind: str) -> None:
    scaffold.new_source("land", kind, root=tmp_path)
    text = (tmp_path / "tests/fixtures/land/land_record.json").read_text()
    lines = text.partition('"expect"')[2].splitlines()
    assert max(map(len, lines)) <= 80


def test_a_refusal_of_migrate_is_what_make_sync_says(tmp_path: Path) -> None:
    log = tmp_path / "prepare.log"
    log.write_text("dean06: of an earlier run\n")
    begin = log.stat().st_size
    with log.open("a") as more:
        more.write("a warning\ndean06: land.land_record: its key cannot change\n")
    assert installation._reason(log, begin) == "land.land_record: its key cannot change"
    assert installation._reason(log, log.stat().st_size) == ""
