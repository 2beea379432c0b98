"""Suites: Great Expectations gets each file as it is written, and a typo is refused by name."""

import json
from pathlib import Path
from typing import Any

import pytest

from dean06 import contract, settings
from dean06.errors import ContractError
from dean06.rules.engine import check
from dean06.rules.suite import read_suite, read_suite_file

RESIDENT = contract.load("police").dataset("resident")
FILES = sorted(settings.EXPECTATIONS.rglob("*.json"))


@pytest.fixture
def written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The suite of residents; the folder of suites is an empty one."""
    path = settings.EXPECTATIONS / "police" / "resident.json"
    suite: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    monkeypatch.setattr(settings, "EXPECTATIONS", tmp_path)
    return suite


def _refused(suite: Any, problem: str) -> None:
    path = settings.EXPECTATIONS / "police" / "resident.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(suite), encoding="utf-8")
    where = r"expectations/police/resident\.json|suite police\.resident"
    with pytest.raises(ContractError, match=rf"^({where}): {problem}"):
        check(read_suite(RESIDENT))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_great_expectations_gets_what_the_file_says(path: Path) -> None:
    suite = read_suite_file(path)
    check(suite)
    assert suite.native() == json.loads(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("place", "typo", "problem"),
    [
        ((), {"expectation": []}, "unknown key expectation .did you mean expectations"),
        (("meta",), {"hold_form_records": 5}, "meta: unknown key hold_form_records"),
        (("meta",), {"hold_from_records": "20"}, "meta.hold_from_records: expected `int`"),
        (("meta",), {"dataset": "police.household"}, "name and meta.dataset must be police"),
        (("expectations", 0), {"severty": "info"}, "rule readable: unknown key severty .did you"),
        (("expectations", 0), {"severity": "fatal"}, "rule readable: severity must be one of crit"),
        (("expectations", 0), {"type": "expect_nothing"}, "rule readable: no expectation has the"),
        (("expectations", 0, "meta"), {"dimnsion": "đủ"}, "rule readable: meta: unknown key dimns"),
        (("expectations", 0, "meta"), {"dimension": "đẹp"}, "rule readable: meta.dimension: inval"),
        (("expectations", 0, "kwargs"), {"mostyl": 0.9},
         "rule readable: kwargs: unknown key mostyl .did you mean mostly"),
        (("expectations", 0, "kwargs"), {"severity": "info"}, "rule readable: kwargs: unknown key"),
        (("expectations", 0, "kwargs"), {"mostly": 3}, "rule readable: kwargs: mostly: "),
    ],
)  # fmt: skip
def test_a_typo_is_refused_with_file_rule_and_key(
    written: dict[str, Any], place: tuple[Any, ...], typo: dict[str, Any], problem: str
) -> None:
    target: Any = written
    for step in place:
        target = target[step]
    target.update(typo)
    _refused(written, problem)


def test_what_is_missing_is_refused(written: dict[str, Any]) -> None:
    rule = written["expectations"][3]
    shapes = rule["kwargs"].pop("or_shapes")
    _refused(written, "rule personal_id_well_formed: kwargs: or_shapes: field required")
    rule["kwargs"]["or_shapes"] = shapes
    del rule["meta"]["dimension"]
    _refused(written, "rule personal_id_well_formed: meta: lacks dimension")
    del rule["severity"], rule["description"]
    _refused(written, "rule personal_id_well_formed: lacks severity, description")
    _refused([], "the declaration: expected `object`, got `array`")


def test_a_file_that_is_not_json_is_refused(written: dict[str, Any]) -> None:
    path = settings.EXPECTATIONS / "police" / "resident.json"
    path.parent.mkdir()
    path.write_text('{"name": ', encoding="utf-8")
    with pytest.raises(ContractError, match=r"^expectations/police/resident\.json: not JSON"):
        read_suite(RESIDENT)
