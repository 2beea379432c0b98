"""Where violations are counted, words say what is wrong, never what is demanded."""

import json

import pytest

from dean06 import settings
from dean06.contract import Bilingual
from dean06.rules import violations

DEMANDED = {
    "Personal identification number is given. | Có số định danh cá nhân.":
        "Personal identification number is missing. | Thiếu số định danh cá nhân.",
    "The line could be read. | Dòng dữ liệu đọc được.":
        "The line could not be read. | Dòng dữ liệu không đọc được.",
    "Full name has no digits. | Họ tên không có chữ số.":
        "Full name has digits. | Họ tên có chữ số.",
    "Sex is one of 1, 2. | Giới tính thuộc danh mục: 1, 2.":
        "Sex is not one of 1, 2. | "
        "Giới tính có giá trị không hợp lệ (phải là 1 hoặc 2).",
    "Date of birth is not after the time of last change. | Ngày sinh không sau thời điểm cập nhật.":
        "Date of birth is after the time of last change. | Ngày sinh muộn hơn thời điểm cập nhật.",
    "Database used is 1. Empty is allowed. | CSDL khai thác thuộc danh mục: 1. Được để trống.":
        "Database used is not 1. | "
        "CSDL khai thác có giá trị không hợp lệ (phải là 1 hoặc bỏ trống).",
    "The mark of a simulated task is x. Empty is allowed. | Cột đánh dấu là x. Được để trống.":
        "The mark of a simulated task is not x. | "
        "Cột đánh dấu có giá trị không hợp lệ (phải là x hoặc bỏ trống).",
    "Satisfaction is one of 1, 2. Empty is allowed. | "
    "Mức độ hài lòng thuộc danh mục: 1, 2. Được để trống.":
        "Satisfaction is not one of 1, 2. | Mức độ hài lòng có giá trị không hợp lệ "
        "(phải là một trong các giá trị 1, 2, hoặc bỏ trống).",
    "KPI is not blank. | Chỉ tiêu không chỉ gồm khoảng trắng.":
        "KPI is blank. | Trường “Chỉ tiêu” chỉ gồm khoảng trắng.",
    "The flag for a fee is one of 0, 1. | Thông tin có phí thuộc danh mục: 0, 1.":
        "The flag for a fee is not one of 0, 1. | "
        "Thông tin có phí có giá trị không hợp lệ (phải là 0 hoặc 1).",
    "Every fee has an amount. | Mỗi khoản phí, lệ phí ghi số tiền.":
        "A fee does not have an amount. | Có khoản phí, lệ phí không ghi đúng số tiền.",
    "Code of what is due matches the format of the contract. | "
    "Mã khoản có phí đúng định dạng quy định trong hợp đồng dữ liệu.":
        "Code of what is due does not match the format of the contract. | "
        "Mã khoản có phí không đúng định dạng quy định trong hợp đồng dữ liệu.",
    "Every fee has an amount (field Gia) in whole đồng. | "
    "Mỗi khoản phí, lệ phí ghi số tiền (Gia) là số nguyên (đồng).":
        "A fee does not have an amount (field Gia) in whole đồng. | "
        "Có khoản phí, lệ phí ghi số tiền (Gia) không phải số nguyên (đồng).",
    "The withdrawal mark is x or empty. | Cột rút đăng ký là x hoặc bỏ trống.":
        "The withdrawal mark is neither x nor empty. | "
        "Cột rút đăng ký có giá trị không hợp lệ (phải là x hoặc bỏ trống).",
    "The withdrawal flag is true or false. | "
    "Thông tin rút bản ghi chỉ nhận giá trị true hoặc false.":
        "The withdrawal flag is neither true nor false. | "
        "Thông tin rút bản ghi có giá trị không hợp lệ (phải là true hoặc false).",
    "ID has 12 digits, a known province. | Số định danh có 12 chữ số, mã tỉnh hợp lệ.":
        "ID must have 12 digits, a known province. | "
        "Số định danh sai cấu trúc (phải có 12 chữ số, mã tỉnh hợp lệ).",
    "Deadline has a valid clock time: hour below 24, second below 60. | "
    "Hạn xử lý có giờ, phút, giây hợp lệ (giờ nhỏ hơn 24, giây nhỏ hơn 60).":
        "Deadline does not have a valid clock time (required: hour below 24, second below 60). | "
        "Hạn xử lý có giờ, phút hoặc giây không hợp lệ "
        "(giờ phải nhỏ hơn 24, giây phải nhỏ hơn 60).",
    "Anything goes! | Gì cũng được!":
        "Broken: Anything goes! | Không đạt yêu cầu: Gì cũng được!",
}  # fmt: skip


@pytest.mark.parametrize("demanded", DEMANDED)
def test_a_violation_is_the_contrary_of_what_is_demanded(demanded: str) -> None:
    assert str(violations.of(Bilingual.of(demanded, "test"))) == DEMANDED[demanded]


def test_every_rule_of_every_suite_has_its_violation_in_both_languages() -> None:
    known = {
        rule["description"]
        for path in settings.EXPECTATIONS.rglob("*.json")
        for rule in json.loads(path.read_text(encoding="utf-8"))["expectations"]
    }
    assert len(known) > 250
    found = {text: violations.of(Bilingual.of(text, "test")) for text in known}
    marked = [
        text for text, violation in found.items()
        if violation.en.startswith("Broken") or violation.vi.startswith("Không đạt")
    ]  # fmt: skip
    assert marked == []
    for text, violation in found.items():
        assert str(violation) != text
        assert not violation.vi.startswith("Có ") or " không " in violation.vi, violation.vi
        assert " is given" not in violation.en, violation.en
