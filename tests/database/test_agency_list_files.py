"""Files of the agencies' lists: formats, who may read them, and that they are written once."""

import os
import subprocess
import tempfile
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from dean06.agencies import files, lists, stored
from dean06.identity.verify import verify_identities
from tests.lib.agency_list_files import PARTICIPANT, bytes_of, lines, people, told
from tests.lib.loading import load_police, resident, rows
from tests.lib.persons import load, record

pytestmark = pytest.mark.usefixtures("warehouse")
DAY = date(2022, 10, 31)


def test_leading_zeros_and_text_formats_survive(lists_root: Path) -> None:
    people()
    lists.write_due()
    path = lists_root / "insurance" / "insurance_2022-10-31.xlsx"
    book = openpyxl.load_workbook(path)
    assert [s.title for s in book.worksheets] == ["Tóm tắt", "Bị từ chối", "Sai lệch danh tính"]
    sheet = book["Sai lệch danh tính"]
    cell = sheet["C2"]
    assert (cell.value, cell.data_type, cell.number_format) == ("0000000011", "s", "@")
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:N4"
    assert sheet["C1"].font.bold
    assert all(sheet.column_dimensions[letter].width > 9 for letter in "ABCDEFGHIJKLMNOP")
    raw = path.with_suffix(".csv").read_bytes()
    assert raw.startswith(b'\xef\xbb\xbf"Lo')
    assert '"0000000011"' in raw.decode("utf-8-sig")


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("=1+1", "'=1+1"), ("+84", "'+84"), ("-2+3", "'-2+3"), ("@SUM(A1)", "'@SUM(A1)"),
        ("  =cmd|' /C calc'!A0", "'  =cmd|' /C calc'!A0"), ("\u00a0=1", "'\u00a0=1"),
        ("＝1", "'＝1"), ("\t=1", "�=1"), ("a\r\nb;\"c\"", "a��b;\"c\""), ("<b>&", "<b>&"),
        ("00123", "00123"), ("x" * 300, "x" * 200 + "…"), (" 1 ", " 1 "),
    ],
)  # fmt: skip
@pytest.mark.one_in(4)
def test_what_was_received_is_shown_and_never_computed(
    lists_root: Path, written: str, shown: str
) -> None:
    load_police("one", "2022-10-31", [resident(maXa=written)])
    lists.write_day(DAY)
    (line,) = lines(lists_root, "police")
    assert line["Giá trị đã nhận"] == shown
    book = openpyxl.load_workbook(lists_root / "police" / "police_2022-10-31.xlsx")
    assert {c.data_type for row in book["Bị từ chối"].iter_rows() for c in row} <= {"s", "n"}


def test_only_the_owner_may_read(lists_root: Path) -> None:
    people()
    lists.write_due()
    modes = {
        p.is_dir(): oct(p.stat().st_mode & 0o777) for p in [lists_root, *lists_root.rglob("*")]
    }
    assert modes == {True: "0o700", False: "0o600"}
    assert {oct(p.stat().st_mode & 0o777) for p in lists_root.rglob("*.*")} == {"0o600"}


def test_what_a_killed_writer_left_is_removed_and_nobody_elses(
    lists_root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    dead = subprocess.Popen(["true"])
    dead.wait()
    left, alive = (tmp_path / f"dean06-list-{pid}-x" for pid in (dead.pid, os.getpid()))
    for folder in (left, alive):
        folder.mkdir()
        (folder / "lines.csv").write_text("records")
    load_police("one", str(DAY), [resident(maXa="99999")])
    assert lists.write_day(DAY, "police")
    assert [path.name for path in tmp_path.glob("dean06-list-*")] == [alive.name]
    # A process has its number that began long after: another machine's, before a restart.
    os.utime(alive, (1, 1))
    with stored.working_folder() as own:
        assert list(tmp_path.glob("dean06-list-*")) == [own]
    assert list(tmp_path.glob("dean06-list-*")) == []


def test_the_same_inputs_give_the_same_bytes_and_replace_nothing(lists_root: Path) -> None:
    people()
    first = lists.write_due()
    before, kept = bytes_of(lists_root), rows("select * from ops.agency_list order by 1, 2")
    assert {each.is_other for each in first} == {True}
    assert lists.write_due() == []
    again = lists.write_day(DAY)
    assert len(again) == len(first)
    assert {each.is_other for each in again} == {False}
    assert bytes_of(lists_root) == before
    assert rows("select * from ops.agency_list order by 1, 2") == kept
    for path in lists_root.rglob("*.*"):
        path.unlink()
    lists.write_day(DAY)
    assert {n: d for n, (d, _) in bytes_of(lists_root).items()} == {
        n: d for n, (d, _) in before.items()
    }


def test_a_day_synced_again_changes_no_list(lists_root: Path) -> None:
    bad = [resident(maXa="99999"), resident(maXa="99999"), resident(soDinhDanh="082190000002")]
    load_police("one", "2022-10-31", bad)
    lists.write_due()
    before = bytes_of(lists_root)
    load_police("two", "2022-10-31", bad)
    (again,) = lists.write_due()
    assert (again.rejected, again.is_other) == (2, False)
    assert bytes_of(lists_root) == before


def test_more_lines_than_a_sheet_takes(lists_root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "ROWS_PER_SHEET", 2)
    load("police.resident", record("police.resident"))
    load(PARTICIPANT, *(record(PARTICIPANT, bhxh_code=f"{n:010d}", personal_id=None)
                        for n in range(5)))  # fmt: skip
    verify_identities()
    lists.write_due()
    assert [told(line)[0] for line in lines(lists_root, "insurance")] == [
        f"{n:010d}" for n in range(5)
    ]
    book = openpyxl.load_workbook(lists_root / "insurance" / "insurance_2022-10-31.xlsx")
    assert {s.title: s.max_row for s in book.worksheets[2:]} == {
        "Sai lệch danh tính": 3, "Sai lệch danh tính (2)": 3, "Sai lệch danh tính (3)": 2,
    }  # fmt: skip
