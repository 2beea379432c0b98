"""Reference tables: typed, whole, and a misspelt column or value is refused where it stands."""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from dean06 import settings
from dean06.errors import ContractError
from dean06.kpi import disclosure, family
from dean06.reference import tables

LISTS: dict[str, Callable[[], tuple[object, ...]]] = {
    "admin_units": tables.admin_units,
    "admin_unit_successors": tables.successors,
    "procedures": tables.procedures,
    "procedure_codes": tables.procedure_codes,
    "campaigns": tables.campaigns,
    "qd766_assumptions": tables.service_assumptions,
    "qd766_metrics": tables.service_metrics,
    "qd766_rules": tables.service_rules,
    "members": tables.members,
    "corrections": tables.corrections,
    "retention": tables.retention,
    "public_holidays": tables.public_holidays,
    "correction_deadlines": tables.correction_deadlines,
    "error_groups": tables.error_groups,
    "error_group_codes": tables.error_group_codes,
    "quality_weights": tables.quality_weights,
}


@pytest.fixture
def copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder with a copy of every reference file, read in place of the project's."""
    for path in settings.REFERENCE.glob("*.csv"):
        (tmp_path / path.name).write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    monkeypatch.setattr(settings, "REFERENCE", tmp_path)
    monkeypatch.setattr(family, "_RECORD", tmp_path / "kpi_versions.csv")
    monkeypatch.setattr(disclosure, "_LINKS", tmp_path / "linked_kpis.csv")
    _forget()
    yield tmp_path
    _forget()


def _forget() -> None:
    for read in LISTS.values():
        read.cache_clear()  # type: ignore[attr-defined]
    family.families.cache_clear()


def _header(path: Path) -> int:
    lines = path.read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines) if not line.startswith("#"))


def _rewrite(path: Path, number: int, change: Callable[[str], str]) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    changed = change(lines[number])
    assert changed != lines[number]
    lines[number] = changed
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


@pytest.mark.parametrize("name", [*LISTS, "kpi_versions", "linked_kpis"])
def test_a_column_that_is_unknown_or_missing_is_refused(copied: Path, name: str) -> None:
    read = {
        **LISTS, "kpi_versions": family.recorded, "linked_kpis": disclosure.read_links,
    }[name]  # fmt: skip
    assert read()
    path = copied / f"{name}.csv"
    last = path.read_text(encoding="utf-8").splitlines()[_header(path)].rpartition(",")[2]
    _rewrite(path, _header(path), lambda header: f"{header}x")
    _forget()
    problem = rf"^{name}\.csv: the header: unknown key {last}x \(did you mean {last}\?\)"
    with pytest.raises(ContractError, match=problem):
        read()
    _rewrite(path, _header(path), lambda header: header.rpartition(",")[0])
    with pytest.raises(ContractError, match=rf"^{name}\.csv: the header lacks {last}"):
        read()


@pytest.mark.parametrize(
    ("name", "old", "new", "problem"),
    [
        ("campaigns", "2023-04-29", "29/04/2023", r"first_day must be a date \(YYYY-MM-DD\)"),
        ("campaigns", ",7,22,3,", ",7,22,three,", "shifts: expected `int`"),
        ("campaigns", ",7,22,3,", ",7,22,,", "lacks shifts"),
        ("campaigns", ",7,22,3,", ",7,22,", "has 8 cells; the header has 9"),
        ("campaigns", ",7,22,3,", ",7,22,3,4,", "has 10 cells; the header has 9"),
        ("admin_units", "true,true", "true,perhaps", "is_valid_to_known: expected `bool`"),
        ("admin_units", "province,", "provnce,", "unit_level must be one of country, province"),
        ("admin_unit_successors", "whole", "hole", "relation must be one of whole, part, unknown"),
        ("retention", "sensitive,30", "sensitve,30", "classification must be one of public"),
    ],
)
def test_a_value_of_another_kind_is_refused_with_its_line(
    copied: Path, name: str, old: str, new: str, problem: str
) -> None:
    path = copied / f"{name}.csv"
    number = _header(path) + 1
    _rewrite(path, number, lambda line: line.replace(old, new, 1))
    with pytest.raises(ContractError, match=rf"^{name}\.csv, line {number + 1}: {problem}"):
        LISTS[name]()


def test_dates_flags_and_numbers_are_what_they_say() -> None:
    first = tables.campaigns()[0]
    assert (first.first_day, first.shifts) == (date(2023, 4, 29), 3)
    blocked = [p.procedure_id for p in tables.procedures() if p.is_digitisation_blocked]
    assert blocked == ["DA06-02", "DA06-09"]
    assert len(tables.service_metrics()) == 20
