"""What tests of the agencies' lists share: people who disagree with the registry, and readers."""

import csv
import hashlib
from pathlib import Path

import openpyxl

from dean06.agencies.words import HEADINGS
from dean06.identity.verify import verify_identities
from tests.lib.persons import load, record

PARTICIPANT, EXAM = "insurance.participant", "education.exam_registration"
ENGLISH = ("Reason", "How to correct")
"""The last columns of the CSV; a workbook is for people of a Vietnamese agency."""
TITLES = [heading.title for heading in HEADINGS if heading.title not in ENGLISH]


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
    """A list's lines, which must be the same in both formats, but for the English texts."""
    path = root / source / f"{source}_{day}.csv"
    found = in_csv(path)
    assert all(tuple(line)[-2:] == ENGLISH for line in found)
    vietnamese = [{name: line[name] for name in TITLES} for line in found]
    assert in_workbook(path.with_suffix(".xlsx")) == vietnamese
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
    verify_identities()
