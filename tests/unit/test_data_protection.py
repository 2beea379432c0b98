"""The documents of data protection say what contracts and retention rules say."""

import csv
import re

import pytest

from dean06 import contract, settings

PAGES = ("data-protection.md", "data-protection.vi.md")
WORDS = {
    "data-protection.md": {
        "sensitive": "sensitive",
        "personal": "personal",
        "internal": "internal",
        "public": "public",
    },
    "data-protection.vi.md": {
        "sensitive": "nhạy cảm",
        "personal": "cá nhân",
        "internal": "nội bộ",
        "public": "công khai",
    },
}
ROWS = {
    "quarantine": ("quarantine", "khu cách ly"),
    "landing": ("landing", "tệp tiếp nhận"),
    "staging": ("staging", "tệp trung gian"),
}


@pytest.mark.parametrize("page", PAGES)
def test_every_dataset_has_its_classification(page: str) -> None:
    text = (settings.PROJECT / "docs" / page).read_text(encoding="utf-8")
    stated = {
        code: cells[1].strip()
        for line in text.splitlines()
        if line.startswith("| `")
        if (cells := line.strip("|").split("|"))
        for code in re.findall(r"`(\w+\.\w+)`", cells[0])
    }
    assert stated == {d.code: WORDS[page][d.classification] for d in contract.datasets()}


@pytest.mark.parametrize("page", PAGES)
def test_days_are_those_of_the_rules(page: str) -> None:
    lines = (settings.REFERENCE / "retention.csv").read_text(encoding="utf-8").splitlines()
    rules = {
        (row["what"], row["classification"]): row["days"]
        for row in csv.DictReader(line for line in lines if not line.startswith("#"))
    }
    text = (settings.PROJECT / "docs" / page).read_text(encoding="utf-8")
    for what, names in ROWS.items():
        (line,) = [
            row for row in text.splitlines() if row.startswith(tuple(f"| {n}" for n in names))
        ]
        assert [cell.strip() for cell in line.strip("|").split("|")][1:] == [
            rules[what, "personal"], rules[what, "internal"],
        ]  # fmt: skip
        assert rules[what, "sensitive"] == rules[what, "personal"]
        assert rules[what, "public"] == rules[what, "internal"]
    assert {rules[k, "personal"] for k in ("quarantine", "replay", "agency_list")} == {"90"}
