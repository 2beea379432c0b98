"""Pages name sources, datasets and KPIs in words; a code stands beside its name at most."""

import re
from pathlib import Path

import pytest

from dean06 import contract, settings
from dean06.ui.records import kind_words

_TEMPLATES = sorted((settings.PROJECT / "plugins/dean06/ui/templates").glob("*.html"))
_CODE = re.compile(r"\{\{ [\w.]*\b(?:source|dataset)_code\b[^}]*\}\}|\{\{ [\w.]*\bkpi_codes\b")
_NAMED = re.compile(r"w\.of\(|owner_of\(|dataset_label\(")
_IN_ATTRIBUTE = re.compile(r'(?:value|href)="[^"]*$')


@pytest.mark.parametrize("template", _TEMPLATES, ids=lambda path: path.name)
def test_no_code_of_a_source_stands_without_its_name(template: Path) -> None:
    text = template.read_text(encoding="utf-8")
    for found in _CODE.finditer(text):
        before = text[: found.start()]
        if not _IN_ATTRIBUTE.search(before):
            assert _NAMED.search(before[-120:]), f"{template.name}: {found[0]}"


def test_a_field_of_another_kind_is_named_with_its_kind() -> None:
    columns = contract.load("police").dataset("resident").staged
    [(column, first), (other, second)] = kind_words("birth_date: number; old_name: flag", columns)
    assert column is not None
    assert (column.label.vi, first.vi) == ("Ngày sinh như đã nhận", "số")
    assert (other, second.vi) == (None, "true hoặc false")
