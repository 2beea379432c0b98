"""Reference files of administrative units: what contradicts itself is refused, naming the file."""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from dean06 import settings
from dean06.errors import ContractError
from dean06.reference import tables
from dean06.reference.rows import AdminUnit

UNITS = """# provenance
unit_level,unit_code,unit_name,parent_code,province_code,valid_from,valid_to,boundary_version,is_valid_from_known,is_valid_to_known
province,82,Old,,82,2022-01-01,2025-07-01,2022,true,true
province,82,New,,82,2025-07-01,,2025-07-01,true,true
district,815,District,82,82,2022-01-01,2025-07-01,2022,true,true
commune,28249,One,815,82,2022-01-01,2025-06-30,2022,true,false
commune,28249,One again,815,82,2025-06-30,2025-07-01,2025-06-30,false,true
commune,28252,Two,815,82,2022-01-01,2025-07-01,2022,true,true
commune,28249,Joined,82,82,2025-07-01,,2025-07-01,true,true
"""
SUCCESSORS = """# provenance
unit_level,unit_code,replaced_on,successor_code,successor_province_code,relation,is_default
province,82,2025-07-01,82,82,whole,true
commune,28249,2025-07-01,28249,82,whole,true
commune,28252,2025-07-01,,82,unknown,true
"""


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str, str], None]]:
    """Writes both files in place of the project's."""

    def write(units: str, successors: str) -> None:
        (tmp_path / "admin_units.csv").write_text(units, encoding="utf-8")
        (tmp_path / "admin_unit_successors.csv").write_text(successors, encoding="utf-8")
        _forget()

    def _forget() -> None:
        tables.admin_units.cache_clear()
        tables.successors.cache_clear()

    monkeypatch.setattr(settings, "REFERENCE", tmp_path)
    yield write
    _forget()


def test_files_that_agree_are_read(write: Callable[[str, str], None]) -> None:
    write(UNITS, SUCCESSORS)
    assert [row.successor_code for row in tables.successors()] == [
        "82", "28249", "82:unknown",
    ]  # fmt: skip
    assert [unit.unit_name for unit in tables.unknown_units()] == [
        "Không rõ đơn vị tại thời điểm đó (Old)", "Không rõ đơn vị kế thừa (New)",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("28252,2025-07-01,,82,unknown", "28252,2025-07-01,28252,82,whole",
         r"successor of commune 28252, 28252 in province 82, is not a unit on 2025-07-01"),
        ("28252,2025-07-01,,82,unknown", "28252,2025-07-01,28249,83,whole",
         r"successor of commune 28252, 28249 in province 83, is not a unit on 2025-07-01"),
        ("28252,2025-07-01,,82,unknown", "28252,2025-07-01,,82,whole", r"28252, unknown in"),
        ("28252,2025-07-01,,82,unknown", "28249,2025-07-01,28249,82,part",
         r"commune 28249 has 2 default successors"),
        ("unknown,true", "unknown,false", r"commune 28252 has 0 default successors"),
        ("commune,28249,2025-07-01", "commune,28250,2025-07-01", r"commune 28249 has 0 default"),
        ("82,unknown,true", "82,unknown,true\ncommune,28253,2025-07-01,28249,82,whole,true",
         r"commune 28253 has not ended according to admin_units\.csv"),
    ],
)  # fmt: skip
def test_a_crosswalk_that_loses_doubles_or_misplaces_a_unit_is_refused(
    write: Callable[[str, str], None], old: str, new: str, message: str
) -> None:
    assert old in SUCCESSORS
    write(UNITS, SUCCESSORS.replace(old, new))
    with pytest.raises(ContractError, match=rf"^admin_unit_successors\.csv: .*{message}"):
        tables.successors()


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("82,2022-01-01,2025-06-30", "82,2022-01-01,2025-07-01",
         r"commune 28249 is valid twice on one day: from 2022-01-01 to before 2025-07-01"),
        ("Old,,82,2022-01-01,2025-07-01", "Old,,82,2022-01-01,", r"province 82 is valid twice"),
        ("Two,815,82,2022-01-01", "Two,815,82,2025-07-01", r"commune 28252 ends before it begins"),
    ],
)  # fmt: skip
def test_a_code_that_is_two_units_on_one_day_is_refused(
    write: Callable[[str, str], None], old: str, new: str, message: str
) -> None:
    assert old in UNITS
    write(UNITS.replace(old, new), SUCCESSORS)
    with pytest.raises(ContractError, match=rf"^admin_units\.csv: {message}"):
        tables.admin_units()


def test_the_files_hold_all_three_lists() -> None:
    units = [unit for unit in tables.admin_units() if unit.unit_level == "commune"]

    def known_on(day: str) -> list[AdminUnit]:
        return [unit for unit in units if unit.is_valid_on(date.fromisoformat(day))]

    assert len(known_on("2022-12-31")) == 10_599
    eve = known_on("2025-06-30")
    gone = [u for u in eve if not u.is_valid_to_known]
    assert (len(eve) - len(gone), len(gone)) == (10_035, 567)
    assert len(known_on("2025-07-01")) == 3_321
    assert known_on("2021-12-31") == []
