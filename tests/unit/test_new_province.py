"""A province of one's own: its files are written from reference data, and its world runs."""

import csv
import json
import os
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from msgspec.structs import replace

from dean06 import settings
from dean06.cli.new_province import Province, new_province
from dean06.errors import Dean06Error
from dean06.schema import targets
from onebox import scenario
from onebox.config import Config, ConfigError

LONG_AN = Province("long_an_2022", "80", 1_734_000, "H39", "30")


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for part in ("include/ministries", "include/reference"):
        shutil.copytree(settings.PROJECT / part, tmp_path / part)
    return tmp_path


def test_its_world_has_the_residents_and_communes_that_were_asked_for(copy: Path) -> None:
    written = new_province(LONG_AN, copy)
    assert [path.name for path in written] == [
        "long_an_2022.yaml", "communes_80.csv", "kpi_targets.csv",
    ]  # fmt: skip
    done = subprocess.run(
        [
            sys.executable, "-m", "ministries", "truth", "--scenario", "long_an_2022",
            "--scale", "0.002", "--as-of", "2022-10-31",
        ],
        env={**os.environ, "PYTHONPATH": str(copy / "include")}, cwd=copy,
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    values = {
        (row["unit_level"], row["unit_code"], row["code"]): row["numerator"]
        for row in json.loads(done.stdout)["kpi"]
        if not row["breakdown"]
    }
    assert values["province", "80", "population.permanent_residents"] == 3468
    communes = {unit for level, unit, _ in values if level == "commune"}
    with (copy / "include/ministries/data/communes_80.csv").open(encoding="utf-8") as file:
        listed = {row["commune_code"]: row["district_name"] for row in csv.DictReader(file)}
    assert len(listed) == 188  # 161 communes, 12 wards, 15 townships since 2020
    assert listed["27694"] == "Thành phố Tân An"
    assert communes <= listed.keys()


def test_its_targets_are_those_of_the_decision_and_are_written_once(
    copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    new_province(LONG_AN, copy)
    again = replace(LONG_AN, key="long_an_again")
    assert [path.name for path in new_province(again, copy)] == ["long_an_again.yaml"]
    monkeypatch.setattr(targets, "_FILE", copy / "include/reference/kpi_targets.csv")
    mine = {t.target_id: t for t in targets.read() if t.unit_code == "80"}
    theirs = {t.target_id: t for t in targets.read() if t.unit_code == "34"}
    assert sorted(mine) == ["Q766-3.3-80", "Q766-4.2-80", "Q766-4.3-80", "Q766-5.4-80"]
    for name, target in mine.items():
        same = theirs[name.replace("-80", "-34")]
        assert target == replace(same, target_id=name, unit_code="80")


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        ({"code": "99"}, "no province had the code '99' in 2022"),
        ({"code": "815"}, "no province had the code '815' in 2022"),
        ({"key": "Long An"}, "'Long An': a key consists of lower-case letters"),
        ({"key": "../x"}, "'../x': a key consists of lower-case letters"),
        ({"key": "thai_binh_2023"}, "province 'thai_binh_2023' exists"),
        ({"system_code": "39"}, "'39': the portal's code of a province is H and two digits"),
        ({"old_id_code": "030"}, "'030': the code of nine-digit cards is two digits"),
        ({"residents": 1_734}, "residents must be between 300000 and 20000000"),
    ],
)
def test_what_is_wrong_is_refused_in_one_line_and_nothing_is_written(
    copy: Path, said: dict[str, object], problem: str
) -> None:
    before = sorted(copy.rglob("*"))
    with pytest.raises(Dean06Error) as refused:
        new_province(replace(LONG_AN, **said), copy)
    assert str(refused.value).startswith(problem)
    assert "\n" not in str(refused.value)
    assert sorted(copy.rglob("*")) == before


def test_the_day_of_a_run_is_the_anchor_or_a_day_that_sources_send() -> None:
    days = scenario.days("thai_binh_2023")
    assert days.chosen(None) == date(2023, 5, 9)
    assert days.chosen(date(2023, 4, 1)) == date(2023, 4, 1)
    for outside in (date(2023, 3, 31), date(2023, 8, 1)):
        with pytest.raises(
            ConfigError, match="its sources have data from 2023-04-01 to 2023-07-31"
        ):
            days.chosen(outside)


def test_a_scenario_or_seed_that_is_none_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ConfigError, match="available scenarios: thai_binh_2023, tien_giang_2022"):
        scenario.days("nowhere")
    for text in ("- a list", "anchor: 2022-10-31", "feeds_begin: 1\nanchor: 2\nhorizon: 3"):
        (tmp_path / "mine.yaml").write_text(text)
        with pytest.raises(ConfigError):
            scenario.days(str(tmp_path / "mine.yaml"))
    monkeypatch.setenv("DEAN06_SEED", "x7")
    with pytest.raises(ConfigError, match="DEAN06_SEED must be a whole number"):
        Config.read()
