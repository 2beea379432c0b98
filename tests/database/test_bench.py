"""The bench runs and says what it should; how fast, it says for itself."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from bench import peers, readers
from bench.__main__ import Found, _document, main
from bench.first_day import STEPS, FirstDay, Source
from bench.peers import Peer
from bench.place import Place
from bench.result import Result
from bench.workers import WORKERS, Simulated

from tests.lib.syncing import SOURCES


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Typed parquet of three versions of two residents, in two files."""
    found = tmp_path / "residents.parquet"
    found.mkdir()
    for number, keys in enumerate((["1", "2"], ["1"])):
        pq.write_table(pa.table({"personal_id": keys}), found / f"{number:04d}.parquet")
    return found


@pytest.mark.parametrize("peer", peers.ALL, ids=lambda peer: peer.name)
@pytest.mark.parametrize("rows", [0, 1, 2, 3, 4])
def test_a_peer_must_end_with_the_rows_it_was_given(
    monkeypatch: pytest.MonkeyPatch, folder: Path, peer: Peer, rows: int
) -> None:
    """pandas keeps three versions, the others two persons."""
    monkeypatch.setattr(Peer, "_python", lambda *_: Path("python"))
    place = cast("Place", SimpleNamespace(dsn=str, peer=lambda *_: (rows, 1.5)))
    if rows == (3 if peer is peers.PANDAS else 2):
        assert peer.load(place, "database", folder) == 1.5
    else:
        with pytest.raises(RuntimeError, match=f"{rows} rows in the end"):
            peer.load(place, "database", folder)


def test_a_tenth_of_the_parquet_is_its_first_records(tmp_path: Path) -> None:
    folder = tmp_path / "residents.parquet"
    folder.mkdir()
    pq.write_table(pa.table({"personal_id": list(range(40))}), folder / "0000.parquet")
    part = peers.tenth(folder)
    assert pq.read_table(part)["personal_id"].to_pylist() == [0, 1, 2, 3]
    assert peers.tenth(folder) == part


def test_every_peer_has_its_program() -> None:
    for peer in peers.ALL:
        assert Path(peers.__file__).with_name(f"{peer.name}_load.py").is_file()


def test_the_document_shows_what_was_found() -> None:
    source = Source("police", 2_000_000, dict.fromkeys(STEPS, 10.0))
    found = Found(
        [Result("dlt ÷ first load", 3.9, "×", 2.8, 4, "in detail", at_least=True)],
        first=FirstDay([source], verify=3.0, build=7.0, build_of_one_day=2.0),
        simulated=[Simulated("a load", 5, 8, 9.0, 18.0, 8.5, 11.0, "publish, 82%")],
    )
    asked: Any = SimpleNamespace(scale=1, repeat=3)
    text = _document(found, asked, 1, {"dlt (separate environment)": "1.31.0"})
    assert "| dlt ÷ first load | 3.90 × | ≥ 2.8 × | ≥ 4 × | within limit | in detail |" in text
    assert "| police | 2,000,000 | 10.0 | 10.0 | 10.0 | 10.0 | 40.0 | 20.0 |" in text
    assert "| **all** | 2,000,000 | | | | | 50.0 | 25.0 |" in text
    assert "| dlt (separate environment) | 1.31.0 |" in text
    assert "| a load | 5 | 8 | 9.0 | 2.0 | 8.5 | 11.0 | publish, 82% |" in text


@pytest.mark.campaign
def test_the_bench_measures_residents_and_writes_its_document(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    out = tmp_path / "benchmarks.md"
    found = main(
        [
            "--scale", "0.002", "--repeat", "1", "--case", "residents", "--without-peers",
            "--cache", str(tmp_path / "cache"), "--out", str(out),
        ]
    )  # fmt: skip
    assert [result.case for result in found] == [
        "first load ÷ raw COPY of the same bytes",
        "load of a day that changes 1 % ÷ first load",
        "the same day on ten times as many stored records",
        "peak memory of a task",
        "peak memory with all records ÷ with a tenth of them",
    ]
    assert all(result.figure > 0 for result in found)
    text = out.read_text()
    assert all(f"| {result.case} |" in text for result in found)
    assert "60 records" in text


@pytest.mark.campaign
def test_the_bench_measures_a_first_day_of_every_source(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    out = tmp_path / "benchmarks.md"
    found = main(
        ["--kpi-scale", "0.001", "--case", "first-day", "--cache", str(tmp_path / "cache"),
         "--out", str(out)]
    )  # fmt: skip
    assert [result.case for result in found] == [
        "initial load of all sources, from landed files to KPIs",
        "disk of a warehouse after an initial load",
        "write-ahead log of an initial load",
        "identity verification ÷ raw COPY of the records it compares",
    ]
    assert all(result.figure > 0 for result in found)
    text = out.read_text()
    assert all(f"\n| {source} | " in text for source in SOURCES)


@pytest.mark.campaign
def test_the_bench_measures_workers_and_a_day_of_many(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    out = tmp_path / "benchmarks.md"
    found = main(
        [
            "--scale", "0.01", "--kpi-scale", "0.001", "--repeat", "1",
            "--case", "first-day", "workers", "--cache", str(tmp_path / "cache"), "--out", str(out),
        ]
    )  # fmt: skip
    assert [result.case for result in found][4:] == [
        "first load with two workers ÷ with one",
        "processor time of a first load with two workers ÷ with one",
        "write-ahead log of a first load",
        "disk of a stored version of a resident",
    ]
    assert all(result.figure > 0 for result in found)
    text = out.read_text()
    for workers in WORKERS:
        assert f"| {workers} |" in text.partition("| first day of all sources |")[2]


@pytest.mark.campaign
def test_the_bench_corrects_a_record_that_counts_on_every_day(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    out = tmp_path / "benchmarks.md"
    [found] = main(
        [
            "--kpi-scale", "0.001", "--corrected-days", "4", "--case", "correction",
            "--cache", str(tmp_path / "cache"), "--out", str(out),
        ]
    )  # fmt: skip
    assert found.figure > 0
    assert "4 of 4 published days restated" in found.detail
    assert f"| {found.case} |" in out.read_text()


@pytest.mark.campaign
def test_the_bench_asks_every_question_of_readers(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    out = tmp_path / "benchmarks.md"
    found = main(
        [
            "--kpi-scale", "0.001", "--days", "3", "--seconds", "1", "--case", "readers",
            "--cache", str(tmp_path / "cache"), "--out", str(out),
        ]
    )  # fmt: skip
    assert [result.unit for result in found] == ["ms", "ms", "ms"]
    assert "API" in found[2].case
    assert all(result.figure > 0 for result in found)
    text, questions = out.read_text(), list(readers.QUESTIONS.glob("*.sql"))
    assert len(questions) > 12
    assert all(f"| {file.stem.replace('_', ' ')} |" in text for file in questions)
    assert "5 days" in text  # two that were synced, three that repeat the last
