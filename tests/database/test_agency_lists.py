"""Lists for the agencies: what stands in them, what must not, and which are due."""

import hashlib
import re
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from typer.testing import CliRunner

from dean06 import contract, kinds, settings
from dean06.agencies import lists
from dean06.cli.app import app
from dean06.errors import BatchHeldError, Dean06Error
from dean06.identity.verify import verify_identities
from dean06.reference import tables
from dean06.reference.error_groups import VERIFIED
from dean06.warehouse import transaction
from tests.lib.agency_list_files import (
    EXAM,
    PARTICIPANT,
    bytes_of,
    in_csv,
    lines,
    people,
    told,
)  # fmt: skip
from tests.lib.loading import load_police, resident, rows
from tests.lib.persons import load, record

pytestmark = pytest.mark.usefixtures("warehouse")
DAY = date(2022, 10, 31)


def test_rejected_records_with_every_rule_and_what_to_correct(lists_root: Path) -> None:
    load_police(
        "one", "2022-10-31",
        [
            resident(),
            resident(soDinhDanh="08219000001", maXa="99999"),
            resident(soDinhDanh="082190000005", maXa=None, ngaySinh="1990-02-30"),
            '{"soDinhDanh": ',
        ],
    )  # fmt: skip
    (written,) = lists.write_day(DAY)
    assert (written.rejected, written.mismatches) == (3, 0)
    found = lines(lists_root, "police")
    assert [told(line) for line in found] == [
        ("08219000001", "maXa (Mã đơn vị hành chính cấp xã)", "99999", "commune_code_known"),
        ("08219000001", "soDinhDanh (Số định danh cá nhân)", "", "personal_id_well_formed"),
        # A personal field is found by the record's id: its value is not repeated.
        ("082190000005", "ngaySinh (Ngày sinh như đã nhận)", "", "birth_date_valid"),
        ("082190000005", "maXa (Mã đơn vị hành chính cấp xã)", "", "commune_code_known"),
        ("", "", "", "readable"),
    ]
    places = [(line["Tệp"], line["Dòng trong tệp"], line["Lượt nạp"]) for line in found]
    assert places[1] == ("page-00001", "2", "one")
    assert places[4] == ("page-00001", "4", "one")
    reasons = {(line["Mã bản ghi"], line["Mã lỗi"]): line for line in found}
    unknown = reasons["08219000001", "commune_code_known"]
    missing = reasons["082190000005", "commune_code_known"]
    assert (unknown["Lý do"][:20], missing["Lý do"]) == ("Mã xã không thuộc da", "Thiếu mã xã.")
    assert missing["Reason"] == "Commune code is missing."
    assert missing["Cách sửa"].startswith("Bổ sung giá trị còn thiếu")
    assert unknown["How to correct"].startswith("Use a code from the list")
    assert found[4]["Lý do"] == "Bản ghi không đúng cú pháp JSON."
    assert all(line["Lý do"] and line["Reason"] and line["Cách sửa"] for line in found)
    assert {line["Loại"] for line in found} == {"Bị từ chối"}


def test_mismatches_go_to_their_agency_without_what_the_registry_holds(lists_root: Path) -> None:
    people()
    lists.write_due()
    insured = lines(lists_root, "insurance")
    assert [told(line) for line in insured] == [
        ("0000000011", "ho_ten (Họ, chữ đệm và tên)", "", "mismatch_name"),
        ("0000000012", "ngay_sinh (Ngày sinh như đã nhận)", "", "mismatch_birth_date_swapped"),
        ("0000000013", "so_dinh_danh (Số định danh cá nhân)", "", "id_is_cmnd"),
    ]
    assert insured[1]["Lý do"].endswith("(số định danh thiếu số 0 ở đầu)")
    assert insured[1]["Reason"].endswith("(the ID lacks its leading zero)")
    assert [told(line) for line in lines(lists_root, "education")] == [
        ("2022|00000007", "Số CCCD/Định danh cá nhân (Số định danh cá nhân)", "", "not_found"),
    ]
    assert lines(lists_root, "police") == []
    for path in lists_root.rglob("*.csv"):
        text = path.read_text(encoding="utf-8-sig")
        assert ("0000000011" in text) == (path.parent.name == "insurance")
        for secret in ("Bí Mật", "1990-04-05", "05/04/1990", "Nguyễn Thị Hòa", "Lê Văn Tám"):
            assert secret not in text
        for secret in ("082190000001", "82190000002", "312345678", "082190000009"):
            assert secret not in text


def test_the_deceased_who_still_take_part_go_to_their_agency(lists_root: Path) -> None:
    person = "police.resident"
    load(person, record(person), record(person, version=2, effective_on="2022-06-10",
                                        residence_status="da_chet"))  # fmt: skip
    load(
        PARTICIPANT,
        record(PARTICIPANT, bhxh_code="0000000011"),
        record(PARTICIPANT, bhxh_code="0000000012", participation_status="da_dung"),
    )
    load("health.encounter", record("health.encounter", started_at="2022-06-11"))
    verify_identities()
    lists.write_due()
    (insured,), (visit,) = lines(lists_root, "insurance"), lines(lists_root, "health")
    assert told(insured) == (
        "0000000011", "trang_thai (Trạng thái tham gia)", "", "deceased"
    )  # fmt: skip
    assert told(visit) == ("e1", "period.start (Thời điểm bắt đầu)", "", "deceased")
    assert insured["Lý do"].startswith("Người này đã chết theo Cơ sở dữ liệu quốc gia về dân cư")
    assert insured["How to correct"].startswith("Compare with the extract of the death certificate")
    for path in lists_root.rglob("*.csv"):
        text = path.read_text(encoding="utf-8-sig")
        assert not any(day in text for day in ("2022-06-10", "10/06/2022")), "the day of death"


def test_a_held_batch_goes_back_until_it_is_corrected(lists_root: Path) -> None:
    good = [resident(soDinhDanh=f"0821900{n:05d}") for n in range(100)]
    bad = [resident(soDinhDanh=f"0821900{n:05d}", maXa="99999") for n in range(200, 230)]
    with pytest.raises(BatchHeldError):
        load_police("one", "2022-10-31", [*good, *bad])
    (held,) = lists.write_due()
    assert (held.rejected, len(lines(lists_root, "police"))) == (30, 30)
    load_police("one", "2022-10-31", good)
    (corrected,) = lists.write_due()
    assert (corrected.rejected, lines(lists_root, "police")) == (0, [])
    assert rows("select * from ops.agency_list_count") == []


def _next_day(load_id: int) -> None:
    with transaction("") as session:
        session.run("alter table ops.load disable trigger user")
        session.run("update ops.load set day = '2022-11-01' where load_id = :id", id=load_id)
        session.run("alter table ops.load enable trigger user")


def test_a_days_list_stays_what_it_was_and_the_standing_list_follows(lists_root: Path) -> None:
    people()
    lists.write_due()
    before = {n: d for n, d in bytes_of(lists_root).items() if n.startswith("insurance")}
    corrected = record(PARTICIPANT, version=2, bhxh_code="0000000013", personal_id="082190000002",
                       participation_status="da_dung")  # fmt: skip
    new = record(PARTICIPANT, bhxh_code="0000000020", personal_id=None)
    _next_day(load(PARTICIPANT, corrected, new))
    verify_identities()
    lists.write_due()
    assert [told(line)[0] for line in lines(lists_root, "insurance", "2022-11-01")] == [
        "0000000020"
    ]
    lists.write_day(DAY, "insurance")
    after = bytes_of(lists_root)
    assert {name: after[name] for name in before} == before
    lists.write_standing("insurance")
    standing = in_csv(lists_root / "insurance" / "insurance_2022-11-01_standing.csv")
    assert [line["Mã bản ghi"] for line in standing] == ["0000000011", "0000000012", "0000000020"]
    # Comparing everything anew finds nothing else, and no list is due.
    verify_identities(everything=True)
    assert lists.write_due() == []


def test_a_change_of_the_registry_reaches_the_agency_it_concerns(lists_root: Path) -> None:
    people()
    lists.write_due()
    changed = record("police.resident", version=2, personal_id="082190000002", sex_code="1")
    _next_day(load("police.resident", changed))
    verify_identities()
    assert {each.source for each in lists.write_due()} == {"insurance", "police"}
    found = lines(lists_root, "insurance", "2022-11-01")
    assert [told(line)[0::3] for line in found] == [("0000000014", "mismatch_sex")]


def test_the_summary_counts_and_names_nobody(lists_root: Path) -> None:
    people()
    load_police("one", "2022-10-31", [resident(soDinhDanh="08219000001", maXa="99999")])
    lists.write_due()
    with transaction("dean06_steward") as session:
        found = session.rows(
            """select kind, dataset_code, code, record_count from ops.agency_correction
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
    path = lists_root / "insurance" / "insurance_2022-10-31.csv"
    assert digest[0] == hashlib.sha256(path.read_bytes()).hexdigest()
    sheet = openpyxl.load_workbook(path.with_suffix(".xlsx"))["Tóm tắt"]
    text = str(list(sheet.iter_rows(values_only=True)))
    assert "31/10/2022" in text
    assert "('Sai lệch danh tính', 'Người tham gia bảo hiểm', 'id_is_cmnd'" in text
    assert not re.search(r"\d{8}", text)


def test_bad_input_is_named_in_one_line(lists_root: Path) -> None:
    people()
    for arguments, told_of in (
        (["--source", "land"], "no source 'land'; available sources: education, health"),
        (["--source", "insurance", "--day", "2022-10-30"],
         "no load of 2022-10-30 is published or held for insurance"),
        (["--day", "2023-01-01"], "no load of 2023-01-01 is published or held"),
        (["--standing", "--source", "programme"], "records of programme are not compared"),
        (["--standing", "--day", "2022-10-31"], "cannot be combined with --day"),
    ):  # fmt: skip
        done = CliRunner().invoke(app, ["agency-lists", *arguments])
        assert done.exit_code == 1
        assert told_of in done.stderr
        assert done.stderr.count("\n") == 1
    assert not lists_root.exists()
    done = CliRunner().invoke(app, ["agency-lists", "--source", "insurance"])
    assert (done.exit_code, "insurance_2022-10-31.csv" in done.stdout) == (0, True)
    assert "0000000011" not in done.stdout
    with pytest.raises(Dean06Error, match="no source"):
        lists.write_day(DAY, "land")


def test_there_are_words_for_every_rule_problem_and_verdict() -> None:
    words: dict[str, set[str]] = {}
    for text in tables.corrections():
        words.setdefault(text.kind, set()).add(text.code)
        wanted: dict[str, Any] = {
            "rule": ("fix_vi", "fix_en"), "problem": ("reason_vi", "reason_en"),
            "verdict": ("reason_vi", "reason_en", "fix_vi", "fix_en"),
            "detail": ("reason_vi", "reason_en"), "kind": ("reason_vi", "reason_en"),
        }  # fmt: skip
        assert all(getattr(text, name) for name in wanted[text.kind])
    suites = "".join(p.read_text("utf-8") for p in settings.EXPECTATIONS.glob("*/*.json"))
    assert set(re.findall(r'"type": "(expect_column_values_\w+)"', suites)) <= words["rule"]
    code = "".join(p.read_text("utf-8") for p in (settings.PROJECT / "plugins").rglob("*.py"))
    problems = {
        "malformed_json", "not_an_object", "wrong_field_count", "unclosed_quote", "invalid_utf8",
        "nul_byte", "oversized_field", "bad_workbook_row", "cell_error",
        "formula_without_value", "duplicate_name", "text_after_quote", "wrong_resource_type",
        "no_subject", "two_values", "unknown_modifier", "wrong_structure",
    }  # fmt: skip
    assert problems == words["problem"]
    assert set(re.findall(r'return "(\w+)"', code)) & problems <= words["problem"]
    assert words["kind"] == {*kinds.KINDS, kinds.EMPTY, kinds.GROUPED}
    verdicts = {m.member_code for m in tables.members() if m.breakdown == "verdict"}
    assert verdicts - words["verdict"] == set(VERIFIED)
    functions = "".join(
        (settings.SQL / path).read_text("utf-8")
        for path in (
            "identity/compare.sql", "core/name_agreement.sql", "core/name_difference.sql",
            "core/spelling_differences.sql",
        )
    )  # fmt: skip
    details = {d for d in words["detail"] if f"'{d}'" in functions}
    assert details == words["detail"]
    assert {d.source for d in contract.person_datasets()} >= {"insurance", "health"}
