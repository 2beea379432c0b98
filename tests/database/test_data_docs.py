"""Data docs: counts without values, nothing from the internet, the same work at any age."""

import html
import re
from pathlib import Path

import pytest

from dean06 import contract
from dean06.errors import BatchHeldError
from dean06.reports import data_docs
from dean06.warehouse import transaction
from tests.lib.loading import load_police, resident, rows

pytestmark = pytest.mark.usefixtures("warehouse")
RESIDENT = contract.load("police").dataset("resident")
DAY = "2022-10-31"
PEOPLE = [resident(), resident(soDinhDanh="0821900seven"), resident(soDinhDanh="082190000002")]


@pytest.fixture
def docs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DEAN06_DATA_DOCS", str(tmp_path / "docs"))
    return tmp_path / "docs"


def pages(docs: Path) -> dict[str, str]:
    return {
        str(page.relative_to(docs)): page.read_text(encoding="utf-8")
        for page in docs.rglob("*")
        if page.is_file()
    }


def test_a_load_is_told_with_counts_and_without_values(docs: Path) -> None:
    load = load_police("one", DAY, PEOPLE)
    page = data_docs.write(RESIDENT, "one")
    assert page
    written = pages(docs)
    assert set(written) == {
        "index.html",
        "expectations/police/resident.html",
        f"validations/police/resident/{DAY}/{load.load_id}/rules.html",
    }
    text = page.read_text(encoding="utf-8")
    assert "failing values: 1 (" in text
    assert "33.33" in text, "one record of three"
    assert str(page.relative_to(docs)) in written["index.html"]
    for value in ("0821900seven", "082190000002", "Nguyễn Thị Thử", "1990-02-03"):
        assert all(value not in text for text in written.values())


def test_every_text_is_in_both_languages(docs: Path) -> None:
    load = load_police("one", DAY, PEOPLE)
    page = data_docs.write(RESIDENT, "one")
    assert page
    text = page.read_text(encoding="utf-8")
    assert "1 giá trị không đạt (33,3%)" in text
    meanings = rows(
        "select reason_vi, reason_en from ops.validation_result where load_id = :load",
        load=load.load_id,
    )
    assert [part for row in meanings for part in row if part not in html.unescape(text)] == []
    for name, text in pages(docs).items():
        assert text.count('<span lang="vi">') == text.count('<span lang="en">') > 5, name


def test_pages_need_no_internet(docs: Path) -> None:
    load_police("one", DAY, PEOPLE)
    data_docs.write(RESIDENT, "one")
    for name, text in pages(docs).items():
        fetched = re.findall(
            r'(?:src|href|action)="(?:https?:)?//[^"]*"|url\(\s*"?https?:|@import', text
        )
        assert fetched == [], name
        assert "font: 16px" in text, f"{name} has no style"


def test_links_lead_to_pages(docs: Path) -> None:
    load_police("one", DAY, PEOPLE)
    data_docs.write(RESIDENT, "one")
    for name, text in pages(docs).items():
        for target in re.findall(r'href="([^"#]+)"', text):
            assert (docs / name).parent.joinpath(target).resolve().is_file(), f"{name}: {target}"


def test_a_held_batch_shows_what_held_it(docs: Path) -> None:
    with pytest.raises(BatchHeldError):
        load_police("one", DAY, [resident(soDinhDanh=f"bad {n}") for n in range(40)])
    page = data_docs.write(RESIDENT, "one")
    assert page
    text = page.read_text(encoding="utf-8")
    assert "failing values: 40 (" in text
    assert "held" in pages(docs)["index.html"]


def test_a_folder_that_cannot_be_written_stops_no_sync(
    docs: Path, caplog: pytest.LogCaptureFixture
) -> None:
    load_police("one", DAY, PEOPLE)
    docs.touch()
    assert data_docs.write(RESIDENT, "one") is None
    assert "no data docs" in caplog.text
    assert "police.resident" in caplog.text


@pytest.mark.campaign
def test_two_thousand_stored_runs_make_no_more_work(docs: Path) -> None:
    load = load_police("one", DAY, PEOPLE)
    page = data_docs.write(RESIDENT, "one")
    assert page
    alone = len(pages(docs)["index.html"])
    with transaction(role="") as session:
        session.run(_STORED, load=load.load_id)
        session.run("analyze ops.load")
    for (load_id,) in rows("select load_id from ops.load where run_key like 'old %'"):
        old = data_docs._page_of("police", "resident", "2010-01-01", load_id)
        old.parent.mkdir(parents=True)
        old.symlink_to(page)
    before = {path: path.lstat().st_mtime_ns for path in docs.rglob("*.html")}
    data_docs.write(RESIDENT, "one")
    after = {path: path.lstat().st_mtime_ns for path in docs.rglob("*.html")}
    assert len(after) > 2000
    assert len([path for path in after if after[path] != before.get(path)]) == 3
    assert pages(docs)["index.html"].count("<tr>") == 1 + data_docs.LISTED
    assert len(pages(docs)["index.html"]) < alone + data_docs.LISTED * 500


_STORED = """
with stored as (
    insert into ops.load (
        source_code, dataset_code, run_key, attempt, day, window_since, window_until,
        contract_version, status, declared_count, received_count, inserted_count, updated_count,
        unchanged_count, deleted_count, superseded_count, quarantined_count
    )
    overriding system value
    select source_code, dataset_code, 'old ' || number, 1, date '2010-01-01',
           null, timestamptz '2010-01-01' + number * interval '1 hour',
           contract_version, 'published', 3, 3, 3, 0, 0, 0, 0, 0
    from ops.load cross join generate_series(1, 2000) as number
    where load_id = :load
    returning load_id
)
insert into ops.validation_result
select stored.load_id, rule_code, column_name, expectation_type, severity, dimension, is_success,
       element_count, unexpected_count, allowed_share, reason_en, reason_vi
from stored cross join ops.validation_result where validation_result.load_id = :load
"""
