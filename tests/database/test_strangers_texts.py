"""Text that has been through the wrong encoding, from the wire to counts by rule."""

import json
import unicodedata
from pathlib import Path

import pytest

from dean06 import contract
from dean06.errors import ContractError
from dean06.rules.suite import read_suite
from dean06.wire.encoding import other_encoding
from tests.database.test_match_keys import samples
from tests.lib.loading import load_police, load_source, resident, rows
from tests.lib.strangers import education, programme
from tests.lib.strangers_http import STRANGERS

pytestmark = pytest.mark.usefixtures("warehouse")
FIXTURES = Path(__file__).parents[1] / "fixtures"
TASKS = next(STRANGERS.glob("10-*")) / "nfd.csv"
CODES = {
    "tcvn3": "not_tcvn3", "vni": "not_vni", "double_utf8": "decoded_once",
    "replacement": "complete", "lookalike": "latin", "digits": "without_digits", "nfd": "composed",
}  # fmt: skip
"""How the rule about each problem is called, after its column."""


def warned(column: str = "full_name") -> dict[str, int]:
    """Records by broken rule about the text of a column."""
    return dict(
        rows(
            """select substr(rule_code, length(:column) + 2), unexpected_count
               from ops.validation_result
               where column_name = :column and unexpected_count > 0 and severity = 'warning'
                   and expectation_type = 'expect_column_values_to_be_vietnamese_text'""",
            column=column,
        )
    )


def test_names_of_wrong_encodings_are_published_with_a_warning_of_their_own() -> None:
    body = next(STRANGERS.glob("11-*")) / "in.xlsx"
    education(body.read_bytes(), 10)
    assert warned() == {
        "not_tcvn3": 1, "not_vni": 1, "decoded_once": 1, "complete": 2, "latin": 1,
        "without_digits": 2, "composed": 1,
    }  # fmt: skip
    assert rows("select count(*) from core.education__exam_registration") == [(10,)]
    reasons = rows(
        """select reason_vi, reason_en from ops.validation_result
           where rule_code = 'full_name_not_vni'"""
    )
    assert [("VNI" in vi, "VNI" in en) for vi, en in reasons] == [(True, True)]


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Nguyễn Văn Hùng", None), ("H'Hen Niê", None), ("K'Brêu", None), ("Michaël Noël", None),
        ("ê\u0306 Ksơr", None),  # Ê Đê letters that Unicode has in no other way
        ("NguyÔn V¨n Hïng", "tcvn3"), ("Nguyeãn Vaên Huøng", "vni"), ("Nguyá»…n", "double_utf8"),
        ("L&ecirc; Hoa", "double_utf8"), ("L%CA%AA", "double_utf8"), ("L\\uabcd", "double_utf8"),
        ("A & B; C", None), ("A_B", None), ("NULL", "replacement"), (" null", "replacement"),
        ("không rõ", "replacement"),
        ("Nguy?n", "replacement"), ("Nguy\ufffdn", "replacement"), ("Нguyễn", "lookalike"),
        ("Ðặng", "lookalike"), ("Hùng 2", "digits"), ("Hùng ２", "lookalike"),
        (unicodedata.normalize("NFD", "Nguyễn"), "nfd"),
    ],
)  # fmt: skip
@pytest.mark.one_in(4)
def test_each_problem_breaks_its_rule(name: str, code: str | None) -> None:
    load_police("one", "2022-10-31", [resident(hoTen=name)])
    assert warned() == ({CODES[code]: 1} if code else {})


@pytest.mark.campaign
def test_samples_of_old_fonts_and_what_they_meant() -> None:
    """Names as an office printed them; nothing here comes from the rule or the simulator."""
    seen = [(code, text, meant) for code in ("tcvn3", "vni") for text, meant in samples(code)]
    for number, (_, text, meant) in enumerate(seen):
        names = [resident(hoTen=text), resident(hoTen=meant, soDinhDanh="082190000002")]
        load_police(f"run {number}", "2022-10-31", names)
    assert rows(
        """select rule_code, sum(unexpected_count)::int from ops.validation_result
           where expectation_type = 'expect_column_values_to_be_vietnamese_text'
           group by 1 having sum(unexpected_count) > 0 order by 1"""
    ) == [("full_name_not_tcvn3", 8), ("full_name_not_vni", 9)]


def test_an_organisation_may_have_digits_in_its_name() -> None:
    fixture = json.loads((FIXTURES / "portal" / "dossier.json").read_text("utf-8"))
    one = next(
        json.loads(line.rstrip(","))
        for line in fixture["given"]["lines"]
        if '"MaHoSo"' in line and line.rstrip(",").endswith("}")
    )
    kinds = {"1": "Nguyễn Văn Hùng 2", "2": "Công ty TNHH 27 Tháng 7"}
    page = {
        "trang": 1, "tongSo": 2, "tongTrang": 1,
        "duLieu": [
            {**one, "MaHoSo": f"{one['MaHoSo'][:-1]}{kind}", "LoaiDoiTuong": kind, "ChuHoSo": name}
            for kind, name in kinds.items()
        ],
    }  # fmt: skip
    body = json.dumps(page, ensure_ascii=False).encode()
    load_source("portal", "one", "2022-10-31", {"dossier": (body, 2)})
    assert warned("applicant_name") == {"without_digits": 1}


def test_every_name_is_asked_for_every_problem() -> None:
    for source in contract.sources():
        for dataset in contract.load(source).datasets:
            asked = {
                (rule.column, rule.kwargs.get("problem"))
                for rule in read_suite(dataset).expectations
            }
            names = {c.name for c in dataset.staged if c.name.endswith("name") or "given" in c.name}
            assert {(name, problem) for name in names for problem in CODES} <= asked, dataset.code


def _tasks(encoding: str) -> bytes:
    header, line = TASKS.read_text("utf-8").splitlines()
    lines = [line.replace("NV21", f"NV{n:02}") for n in range(10, 20)]
    text = unicodedata.normalize("NFC", "\r\n".join([header, *lines]))
    if encoding == "cp1258":
        tones = "".join(
            unicodedata.normalize("NFC", base) + mark for base, mark in map(_base_and_tone, text)
        )
        return tones.encode("cp1258", "replace")
    return text.encode(encoding, "replace")


def _base_and_tone(letter: str) -> tuple[str, str]:
    parts = unicodedata.normalize("NFD", letter)
    tones = [c for c in parts if c in "\u0300\u0301\u0303\u0309\u0323"]
    return "".join(c for c in parts if c not in tones), "".join(tones)


@pytest.mark.parametrize(
    ("encoding", "named"),
    [
        ("utf-16", "UTF-16"), ("utf-16-le", "UTF-16"), ("utf-16-be", "UTF-16"),
        ("utf-32", "UTF-32"), ("cp1258", "Windows-1258"), ("cp1252", "Windows-1252"),
    ],
)  # fmt: skip
def test_a_delivery_in_another_encoding_is_refused_by_its_name(encoding: str, named: str) -> None:
    with pytest.raises(
        ContractError, match=rf"programme\.task.*nhiem-vu: the file is not UTF-8 but {named}"
    ):
        programme(_tasks(encoding), 10)
    assert rows("select count(*) from core.programme__task") == [(0,)]


def test_a_delivery_in_utf8_is_read() -> None:
    programme(_tasks("utf-8-sig"), 10)
    assert rows("select count(*) from core.programme__task") == [(10,)]
    assert warned("title") == {}


@pytest.mark.parametrize(
    ("beginning", "found"),
    [
        (b"", None),
        (b"a,b\n1,2\n", None),
        (b'{"a":"\xe1"}\n{"a":"\xc3\xa1"}\n', None),
        (b'{"a":"\xe1"}\n', None),
        (b'{"a":"\xe1"}\n' * 3, "Windows-1252"),
        (b"a\0" * 50, "UTF-16"),
        (b"\0" * 100, None),
        (b'{"a":"b' + b"\0" * 40 + b'"}\n', None),
        (b"PK\x03\x04\0\xff", None),
        ("hä tªn,\xb8\n".encode("latin-1") * 3, "a single-byte encoding"),
    ],
)
def test_a_few_bad_bytes_are_no_other_encoding(beginning: bytes, found: str | None) -> None:
    assert (other_encoding(beginning) or "").startswith(found or "")
    assert bool(other_encoding(beginning)) == bool(found)
