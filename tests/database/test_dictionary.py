"""The data dictionary is what the warehouse, the KPI files and the contracts say now."""

from pathlib import Path

import pytest

from dean06 import contract
from dean06.kpi.family import families
from dean06.reports import dictionary

pytestmark = pytest.mark.usefixtures("warehouse")


def test_what_is_in_the_repository_is_current(tmp_path: Path) -> None:
    written = tmp_path / "dictionary.md"
    dictionary.write(written)
    assert dictionary.PAGE.read_text(encoding="utf-8") == written.read_text(encoding="utf-8"), (
        "run `python -m dean06 dictionary` on a migrated warehouse"
    )


def test_nothing_in_it_is_left_unsaid(tmp_path: Path) -> None:
    written = tmp_path / "dictionary.md"
    dictionary.write(written)
    text = written.read_text(encoding="utf-8")
    for relation in dictionary._relations():
        assert relation.comment, relation.name
        assert [c.column_name for c in relation.columns if not c.column_comment] == []
    for family in families():
        for code in family.codes:
            assert f"### {code}\n" in text
    for dataset in contract.datasets():
        assert f"### core.{dataset.table}\n" in text
