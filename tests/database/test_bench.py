"""The bench runs and says what it should; how fast, it says for itself."""

from pathlib import Path

import pytest
from bench import readers
from bench.__main__ import main

pytestmark = pytest.mark.campaign


def test_the_bench_measures_residents_and_writes_its_document(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    out = tmp_path / "benchmarks.md"
    found = main(
        [
            "--scale", "0.002", "--repeat", "1", "--case", "residents", "--without-dlt",
            "--cache", str(tmp_path / "cache"), "--out", str(out),
        ]
    )  # fmt: skip
    assert [result.case for result in found] == [
        "first load ÷ raw COPY of the same bytes",
        "a day of 1 % ÷ first load",
        "the same day on ten times the base",
        "peak memory of a task",
        "its growth from a tenth of the records",
    ]
    assert all(result.figure > 0 for result in found)
    text = out.read_text()
    assert all(f"| {result.case} |" in text for result in found)
    assert "60 records" in text


def test_the_bench_asks_every_question_of_readers(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    out = tmp_path / "benchmarks.md"
    found = main(
        [
            "--kpi-scale", "0.001", "--days", "3", "--seconds", "1", "--case", "readers",
            "--cache", str(tmp_path / "cache"), "--out", str(out),
        ]
    )  # fmt: skip
    assert [result.unit for result in found] == ["ms", "ms"]
    assert all(result.figure > 0 for result in found)
    text, questions = out.read_text(), list(readers.QUESTIONS.glob("*.sql"))
    assert len(questions) > 12
    assert all(f"| {file.stem.replace('_', ' ')} |" in text for file in questions)
    assert "5 days" in text  # two that were synced, three that repeat the last
