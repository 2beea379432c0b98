"""Lists for the agencies: what stands in them, what must not, and that they are written once."""

import csv
import hashlib
import os
import re
import subprocess
import tempfile
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from typer.testing import CliRunner

from dean06 import agency_lists, contract, identity, list_files, reference, settings
from dean06.agency_words import HEADINGS
from dean06.cli import app
from dean06.errors import BatchHeldError, Dean06Error
from dean06.warehouse import transaction
from tests.database.loading import load_police, resident, rows
from tests.database.persons import load, record

pytestmark = pytest.mark.usefixtures("warehouse")
DAY = date(2022, 10, 31)
PARTICIPANT, EXAM = "insurance.participant", "education.exam_registration"
TITLES = [heading.title for heading in HEADINGS]


@pytest.fixture(autouse=True)
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DEAN06_AGENCY_LISTS", (tmp_path / "lists").as_uri())
    return tmp_path / "lists"


def in_csv(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as text:
        return list(csv.DictReader(text, delimiter=";"))


def in_workbook(path: Path) -> list[dict[str, str]]:
    """The lines of all sheets but the summary, everything as text."""
    book = openpyxl.load_workbook(path)
    found = []
    for sheet in book.worksheets[1:]:
        head, *lines = sheet.iter_rows(values_only=True)
        assert list(head) == TITLES
        found += [
            dict(zip(TITLES, ["" if v is None else str(v) for v in line], strict=True))
            for line in lines
        ]
    return found


def lines(root: Path, source: str, day: str = "2022-10-31") -> list[dict[str, str]]:
    """A list's lines, which must be the same in both formats."""
    path = root / source / f"{source}_{day}.csv"
    found = in_csv(path)
    assert in_workbook(path.with_suffix(".xlsx")) == found
    return found


def told(line: dict[str, str]) -> tuple[str, ...]:
    names = ("Mã bản ghi", "Trường cần sửa", "Giá trị đã nhận", "Mã lỗi")
    return tuple(line[name] for name in names)


def bytes_of(root: Path) -> dict[str, tuple[str, int]]:
    return {
        str(p.relative_to(root)): (hashlib.sha256(p.read_bytes()).hexdigest(), p.stat().st_mtime_ns)
        for p in root.rglob("*")
        if p.is_file()
    }


def people() -> None:
    """A registry of two, and records of three sources that disagree with it."""
    load(
        "police.resident",
        record("police.resident", full_name="Trần Thị Bí Mật", birth_date="1990-04-05"),
        record("police.resident", personal_id="082190000002"),
    )
    load(
        PARTICIPANT,
        record(PARTICIPANT, bhxh_code="0000000011", full_name="Lê Văn Tám"),
        record(PARTICIPANT, bhxh_code="0000000012", personal_id="82190000002",
               birth_date="1990-03-02"),
        record(PARTICIPANT, bhxh_code="0000000013", personal_id="312345678"),
        record(PARTICIPANT, bhxh_code="0000000014", personal_id="082190000002",
               participation_status="da_dung"),
    )  # fmt: skip
    load(EXAM, record(EXAM, registration_no="00000007", personal_id="082190000009", sex_code="1"))
    identity.verify()


def test_rejected_records_with_every_rule_and_what_to_correct(root: Path) -> None:
    load_police(
        "one", "2022-10-31",
        [
            resident(),
            resident(soDinhDanh="08219000001", maXa="99999"),
            resident(soDinhDanh="082190000005", maXa=None, ngaySinh="1990-02-30"),
            '{"soDinhDanh": ',
        ],
    )  # fmt: skip
    (written,) = agency_lists.write_day(DAY)
    assert (written.rejected, written.mismatches) == (3, 0)
    found = lines(root, "police")
    assert [told(line) for line in found] == [
        ("08219000001", "maXa (Mã đơn vị hành chính cấp xã)", "99999", "commune_code_known"),
        ("08219000001", "soDinhDanh (Số định danh cá nhân)", "", "personal_id_well_formed"),
        # A personal field is found by the record's id: its value is not repeated.
        ("082190000005", "ngaySinh (Ngày sinh như nhận được)", "", "birth_date_valid"),
        ("082190000005", "maXa (Mã đơn vị hành chính cấp xã)", "", "commune_code_known"),
        ("", "", "", "readable"),
    ]
    places = [(line["Tệp"], line["Dòng trong tệp"], line["Lượt nạp"]) for line in found]
    assert places[1] == ("page-00001", "2", "one")
    assert places[4] == ("page-00001", "4", "one")
    reasons = {(line["Mã bản ghi"], line["Mã lỗi"]): line for line in found}
    unknown = reasons["08219000001", "commune_code_known"]
    missing = reasons["082190000005", "commune_code_known"]
    assert (unknown["Lý do"][:20], missing["Lý do"]) == ("Mã xã thuộc danh mục", "Có mã xã.")
    assert missing["Reason"] == "Commune code is given."
    assert missing["Cách sửa"].startswith("Bổ sung giá trị còn thiếu")
    assert unknown["How to correct"].startswith("Use a code of the list")
    assert found[4]["Lý do"] == "Bản ghi không đúng cú pháp JSON."
    assert all(line["Lý do"] and line["Reason"] and line["Cách sửa"] for line in found)
    assert {line["Loại"] for line in found} == {"Bị từ chối"}


def test_mismatches_go_to_their_agency_without_what_the_registry_holds(root: Path) -> None:
    people()
    agency_lists.write_due()
    insured = lines(root, "insurance")
    assert [told(line) for line in insured] == [
        ("0000000011", "ho_ten (Họ, chữ đệm và tên)", "", "mismatch_name"),
        ("0000000012", "ngay_sinh (Ngày sinh như nhận được)", "", "mismatch_birth_date_swapped"),
        ("0000000013", "so_dinh_danh (Số định danh cá nhân)", "", "id_is_cmnd"),
    ]
    assert insured[1]["Lý do"].endswith("(số định danh thiếu số 0 ở đầu)")
    assert insured[1]["Reason"].endswith("(the ID lacks its leading zero)")
    assert [told(line) for line in lines(root, "education")] == [
        ("2022|00000007", "Số CCCD/Định danh cá nhân (Số định danh cá nhân)", "", "not_found"),
    ]
    assert lines(root, "police") == []
    for path in root.rglob("*.csv"):
        text = path.read_text(encoding="utf-8-sig")
        assert ("0000000011" in text) == (path.parent.name == "insurance")
        for secret in ("Bí Mật", "1990-04-05", "05/04/1990", "Nguyễn Thị Hòa", "Lê Văn Tám"):
            assert secret not in text
        for secret in ("082190000001", "82190000002", "312345678", "082190000009"):
            assert secret not in text


def test_leading_zeros_and_text_formats_survive(root: Path) -> None:
    people()
    agency_lists.write_due()
    path = root / "insurance" / "insurance_2022-10-31.xlsx"
    book = openpyxl.load_workbook(path)
    assert [s.title for s in book.worksheets] == ["Tóm tắt", "Bị từ chối", "Sai lệch danh tính"]
    sheet = book["Sai lệch danh tính"]
    cell = sheet["C2"]
    assert (cell.value, cell.data_type, cell.number_format) == ("0000000011", "s", "@")
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:N4"
    assert sheet["C1"].font.bold
    assert all(sheet.column_dimensions[letter].width > 9 for letter in "ABCDEFGHIJKLMN")
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
def test_what_was_received_is_shown_and_never_computed(
    root: Path, written: str, shown: str
) -> None:
    load_police("one", "2022-10-31", [resident(maXa=written)])
    agency_lists.write_day(DAY)
    (line,) = lines(root, "police")
    assert line["Giá trị đã nhận"] == shown
    book = openpyxl.load_workbook(root / "police" / "police_2022-10-31.xlsx")
    assert {c.data_type for row in book["Bị từ chối"].iter_rows() for c in row} <= {"s", "n"}


def test_only_the_owner_may_read(root: Path) -> None:
    people()
    agency_lists.write_due()
    modes = {p.is_dir(): oct(p.stat().st_mode & 0o777) for p in [root, *root.rglob("*")]}
    assert modes == {True: "0o700", False: "0o600"}
    assert {oct(p.stat().st_mode & 0o777) for p in root.rglob("*.*")} == {"0o600"}


def test_what_a_killed_writer_left_is_removed_and_nobody_elses(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    dead = subprocess.Popen(["true"])
    dead.wait()
    left, alive = (tmp_path / f"dean06-list-{pid}-x" for pid in (dead.pid, os.getpid()))
    for folder in (left, alive):
        folder.mkdir()
        (folder / "lines.csv").write_text("records")
    load_police("one", str(DAY), [resident(maXa="99999")])
    assert agency_lists.write_day(DAY, "police")
    assert [path.name for path in tmp_path.glob("dean06-list-*")] == [alive.name]


def test_the_same_inputs_give_the_same_bytes_and_replace_nothing(root: Path) -> None:
    people()
    first = agency_lists.write_due()
    before, kept = bytes_of(root), rows("select * from ops.agency_list order by 1, 2")
    assert {each.is_other for each in first} == {True}
    assert agency_lists.write_due() == []
    again = agency_lists.write_day(DAY)
    assert len(again) == len(first)
    assert {each.is_other for each in again} == {False}
    assert bytes_of(root) == before
    assert rows("select * from ops.agency_list order by 1, 2") == kept
    for path in root.rglob("*.*"):
        path.unlink()
    agency_lists.write_day(DAY)
    assert {n: d for n, (d, _) in bytes_of(root).items()} == {n: d for n, (d, _) in before.items()}


def test_a_day_synced_again_changes_no_list(root: Path) -> None:
    bad = [resident(maXa="99999"), resident(maXa="99999"), resident(soDinhDanh="082190000002")]
    load_police("one", "2022-10-31", bad)
    agency_lists.write_due()
    before = bytes_of(root)
    load_police("two", "2022-10-31", bad)
    (again,) = agency_lists.write_due()
    assert (again.rejected, again.is_other) == (2, False)
    assert bytes_of(root) == before


def test_a_held_batch_goes_back_until_it_is_corrected(root: Path) -> None:
    good = [resident(soDinhDanh=f"0821900{n:05d}") for n in range(100)]
    bad = [resident(soDinhDanh=f"0821900{n:05d}", maXa="99999") for n in range(200, 230)]
    with pytest.raises(BatchHeldError):
        load_police("one", "2022-10-31", [*good, *bad])
    (held,) = agency_lists.write_due()
    assert (held.rejected, len(lines(root, "police"))) == (30, 30)
    load_police("one", "2022-10-31", good)
    (corrected,) = agency_lists.write_due()
    assert (corrected.rejected, lines(root, "police")) == (0, [])
    assert rows("select * from ops.agency_list_count") == []


def _next_day(load_id: int) -> None:
    with transaction("") as session:
        session.run("alter table ops.load disable trigger user")
        session.run("update ops.load set day = '2022-11-01' where load_id = :id", id=load_id)
        session.run("alter table ops.load enable trigger user")


def test_a_days_list_stays_what_it_was_and_the_standing_list_follows(root: Path) -> None:
    people()
    agency_lists.write_due()
    before = {n: d for n, d in bytes_of(root).items() if n.startswith("insurance")}
    corrected = record(PARTICIPANT, version=2, bhxh_code="0000000013", personal_id="082190000002",
                       participation_status="da_dung")  # fmt: skip
    new = record(PARTICIPANT, bhxh_code="0000000020", personal_id=None)
    _next_day(load(PARTICIPANT, corrected, new))
    identity.verify()
    agency_lists.write_due()
    assert [told(line)[0] for line in lines(root, "insurance", "2022-11-01")] == ["0000000020"]
    agency_lists.write_day(DAY, "insurance")
    after = bytes_of(root)
    assert {name: after[name] for name in before} == before
    agency_lists.write_standing("insurance")
    standing = in_csv(root / "insurance" / "insurance_2022-11-01_standing.csv")
    assert [line["Mã bản ghi"] for line in standing] == ["0000000011", "0000000012", "0000000020"]
    # Comparing everything anew finds nothing else, and no list is due.
    identity.verify(everything=True)
    assert agency_lists.write_due() == []


def test_a_change_of_the_registry_reaches_the_agency_it_concerns(root: Path) -> None:
    people()
    agency_lists.write_due()
    changed = record("police.resident", version=2, personal_id="082190000002", sex_code="1")
    _next_day(load("police.resident", changed))
    identity.verify()
    assert {each.source for each in agency_lists.write_due()} == {"insurance", "police"}
    found = lines(root, "insurance", "2022-11-01")
    assert [told(line)[0::3] for line in found] == [("0000000014", "mismatch_sex")]


def test_the_summary_counts_and_names_nobody(root: Path) -> None:
    people()
    load_police("one", "2022-10-31", [resident(soDinhDanh="08219000001", maXa="99999")])
    agency_lists.write_due()
    with transaction("dean06_bi") as session:
        found = session.rows(
            """select kind, dataset_code, code, record_count from mart.agency_correction
               order by 1, 2, 3"""
        )
    assert [tuple(row) for row in found] == [
        ("mismatch", EXAM, "not_found", 1),
        ("mismatch", PARTICIPANT, "id_is_cmnd", 1),
        ("mismatch", PARTICIPANT, "mismatch_birth_date_swapped", 1),
        ("mismatch", PARTICIPANT, "mismatch_name", 1),
        ("rejected", "police.resident", "commune_code_known", 1),
        ("rejected", "police.resident", "personal_id_well_formed", 1),
    ]
    kept = str(rows("select * from ops.agency_list")) + str(
        rows("select * from ops.agency_list_count")
    )
    for identity_of in ("000000001", "00000007", "Nguyễn", "0821900"):
        assert identity_of not in kept
    (digest,) = rows("select csv_sha256 from ops.agency_list where source_code = 'insurance'")
    path = root / "insurance" / "insurance_2022-10-31.csv"
    assert digest[0] == hashlib.sha256(path.read_bytes()).hexdigest()
    sheet = openpyxl.load_workbook(path.with_suffix(".xlsx"))["Tóm tắt"]
    text = str(list(sheet.iter_rows(values_only=True)))
    assert "31/10/2022" in text
    assert "('Sai lệch danh tính', 'Người tham gia bảo hiểm', 'id_is_cmnd'" in text
    assert not re.search(r"\d{8}", text)


def test_more_lines_than_a_sheet_takes(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(list_files, "ROWS_PER_SHEET", 2)
    load("police.resident", record("police.resident"))
    load(PARTICIPANT, *(record(PARTICIPANT, bhxh_code=f"{n:010d}", personal_id=None)
                        for n in range(5)))  # fmt: skip
    identity.verify()
    agency_lists.write_due()
    assert [told(line)[0] for line in lines(root, "insurance")] == [f"{n:010d}" for n in range(5)]
    book = openpyxl.load_workbook(root / "insurance" / "insurance_2022-10-31.xlsx")
    assert {s.title: s.max_row for s in book.worksheets[2:]} == {
        "Sai lệch danh tính": 3, "Sai lệch danh tính (2)": 3, "Sai lệch danh tính (3)": 2,
    }  # fmt: skip


def test_bad_input_is_named_in_one_line(root: Path) -> None:
    people()
    for arguments, told_of in (
        (["--source", "land"], "no source 'land'; there are education, health"),
        (["--source", "insurance", "--day", "2022-10-30"],
         "no load of 2022-10-30 is published or held for insurance"),
        (["--day", "2023-01-01"], "no load of 2023-01-01 is published or held"),
        (["--standing", "--source", "programme"], "records of programme are not compared"),
        (["--standing", "--day", "2022-10-31"], "leave out --day"),
    ):  # fmt: skip
        done = CliRunner().invoke(app, ["agency-lists", *arguments])
        assert done.exit_code == 1
        assert told_of in done.stderr
        assert done.stderr.count("\n") == 1
    assert not root.exists()
    done = CliRunner().invoke(app, ["agency-lists", "--source", "insurance"])
    assert (done.exit_code, "insurance_2022-10-31.csv" in done.stdout) == (0, True)
    assert "0000000011" not in done.stdout
    with pytest.raises(Dean06Error, match="no source"):
        agency_lists.write_day(DAY, "land")


def test_there_are_words_for_every_rule_problem_and_verdict() -> None:
    words: dict[str, set[str]] = {}
    for text in reference.corrections():
        words.setdefault(text["kind"], set()).add(text["code"])
        wanted: dict[str, Any] = {
            "rule": ("fix_vi", "fix_en"), "problem": ("reason_vi", "reason_en"),
            "verdict": ("reason_vi", "reason_en", "fix_vi", "fix_en"),
            "detail": ("reason_vi", "reason_en"),
        }  # fmt: skip
        assert all(text[name] for name in wanted[text["kind"]])  # type: ignore[literal-required]
    suites = "".join(p.read_text("utf-8") for p in settings.EXPECTATIONS.glob("*/*.json"))
    assert set(re.findall(r'"type": "(expect_column_values_\w+)"', suites)) <= words["rule"]
    code = "".join(p.read_text("utf-8") for p in (settings.PROJECT / "plugins").rglob("*.py"))
    problems = {
        "malformed_json", "not_an_object", "wrong_field_count", "unclosed_quote", "invalid_utf8",
        "nul_byte", "oversized_field", "bad_workbook_row",
    }  # fmt: skip
    assert problems == words["problem"]
    assert set(re.findall(r'return "(\w+)"', code)) & problems <= words["problem"]
    verdicts = {m["member_code"] for m in reference.members() if m["breakdown"] == "verdict"}
    assert verdicts - words["verdict"] == {"verified", "verified_after_normalisation"}
    functions = "".join(
        (settings.SQL / path).read_text("utf-8")
        for path in (
            "identity/compare.sql", "migrations/versions/0006_identity_functions.sql",
        )
    )  # fmt: skip
    details = {d for d in words["detail"] if f"'{d}'" in functions}
    assert details == words["detail"]
    assert {d.source for d in contract.person_datasets()} >= {"insurance", "health"}
