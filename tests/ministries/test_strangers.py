"""The profile of strangers: other forms say the same, records without a meaning have none."""

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from ministries.cli import app
from ministries.dirt.stranger_records import STRANGE
from ministries.faults import Fault, Faults, load_profile
from ministries.identity.world import World
from ministries.kernel.clock import end_of_day
from ministries.scenario.load import load
from ministries.servers.ministry import Ministry
from tests.faults.meaning import judge
from tests.faults.meaning.agreement import Dataset, datasets

DAY = "2022-10-31"
CODES = tuple(
    code
    for code in datasets()
    if not code.startswith(("education.", "programme.", "publications."))
)


@pytest.fixture(scope="module")
def world() -> World:
    return World(load("tien_giang_2022", 0.001), 2022)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("strangers")


def lines(world: World, folder: Path, code: str, faults: list[Fault]) -> list[bytes]:
    """The lines of everything up to the day."""
    day = world.scenario.day("day", datetime.fromisoformat(DAY).date())
    ministry = Ministry(world, Faults(faults), {}, folder, world.scenario.horizon, 0)
    source, name = code.split(".")
    content = ministry.content(source, name, None, end_of_day(day))
    return content.lines(0, len(content))


def titles(dataset: Dataset) -> list[str]:
    return [str(column.wire) for column in dataset.sent]


def meant(code: str, line: bytes) -> dict[str, Any] | None:
    """What a line means by the independent judge; moments to the second, names by their text."""
    dataset = datasets()[code]
    values = judge.read(dataset, line, titles(dataset)).values
    return values and {
        name: value.replace(microsecond=0) if isinstance(value, datetime) else value
        for name, value in values.items()
    }


def forms() -> list[Fault]:
    return [fault for fault in load_profile("strangers") if fault.kind == "other_forms"]


@pytest.mark.parametrize("code", CODES)
@pytest.mark.one_in(3)
def test_other_forms_mean_the_same(world: World, folder: Path, code: str) -> None:
    plain = lines(world, folder, code, [])
    strange = lines(world, folder, code, forms())
    assert len(plain) == len(strange) > 5
    assert [meant(code, line) for line in strange] == [meant(code, line) for line in plain]
    differing = sum(one != other for one, other in zip(plain, strange, strict=True))
    assert differing > len(plain) / 2


def test_forms_are_drawn_from_the_line_alone(world: World, folder: Path) -> None:
    code = "portal.dossier"
    assert lines(world, folder, code, forms()) == lines(world, folder, code, forms())


@pytest.mark.parametrize("code", CODES)
def test_records_without_a_meaning_have_none(world: World, folder: Path, code: str) -> None:
    added = [f for f in load_profile("strangers") if f.kind == "strange_records"]
    plain = lines(world, folder, code, [])
    first, rest = (found := lines(world, folder, code, added))[: -len(plain)], found[-len(plain) :]
    assert rest == plain
    assert len(first) == len(STRANGE.get(code, ()))
    for line, way in zip(first, STRANGE.get(code, ()), strict=True):
        assert way.key.encode() in line
        assert meant(code, line) is None


def strange_of(*arguments: str) -> Iterator[tuple[str, str, str, str]]:
    done = CliRunner().invoke(app, ["truth", "--scale", "0.001", "--as-of", DAY, *arguments])
    for row in json.loads(done.stdout)["strange"]:
        yield row["dataset"], row["class"], row["rule"], row["key"]


def test_the_truth_lists_them_under_their_profile_alone() -> None:
    assert list(strange_of()) == []
    listed = list(strange_of("--faults", "strangers"))
    assert listed == [
        (dataset, way.error_class, way.rule, way.key)
        for dataset, ways in STRANGE.items()
        for way in ways
    ]
    assert {dataset.split(".")[0] for dataset, *_ in listed} == {
        "police", "insurance", "health", "education", "portal", "programme",
    }  # fmt: skip
    assert len({(dataset, key) for dataset, _, _, key in listed}) == len(listed)
