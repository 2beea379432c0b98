"""Staging: files beside landing, made again when lost, and independent of how a load is divided."""

import gzip
import io
import random
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlparse

import pyarrow.parquet as pq
import pytest

from dean06 import contract, settings
from dean06.errors import BatchHeldError, Dean06Error
from dean06.load import columns, landing, ledger, recovery, shards
from dean06.load.ledger import LandingFile, Load
from dean06.load.publish import publish
from dean06.load.quarantine import quarantine
from dean06.load.stage import stage
from dean06.load.staging import staged
from dean06.load.validate import validate
from dean06.reports.digest import warehouse_digest
from dean06.sources import Piece
from dean06.warehouse import transaction
from tests.conftest import Cluster
from tests.lib.loading import lines_of, resident, rows

pytestmark = pytest.mark.usefixtures("warehouse")
POLICE = contract.load("police")


@pytest.fixture(autouse=True)
def _landing_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEAN06_LANDING", (tmp_path / "landing").as_uri())


RESIDENT = POLICE.dataset("resident")


def land_pages(run: str, pages: list[list[Any]]) -> Load:
    """A run of police: residents came in these pages, of its other datasets nothing."""
    for dataset in POLICE.datasets:
        load = ledger.open_load(POLICE, dataset, run, date(2022, 10, 31))
        given = pages if dataset is RESIDENT else []
        for number, records in enumerate(given, start=1):
            body = io.BytesIO(gzip.compress(lines_of(records), mtime=0))
            declared = sum(1 for record in records if record)
            piece = Piece(f"page-{number:05}", "ndjson.gz", body, declared=declared)
            ledger.add_landing_file(load, landing.land(dataset, piece, number))
        ledger.mark_landed(load, sum(1 for page in given for record in page if record))
    return ledger.current_load(RESIDENT, run)


def pages_of(seed: int) -> list[list[Any]]:
    """Pages with versions, records that break rules, odd lines and empty pages."""
    draw = random.Random(seed)
    records: list[Any] = [
        resident(
            soDinhDanh=f"0821900{n % 40:05d}",
            ngayHieuLuc="2022-10-01" if n % 5 else f"2022-09-{1 + n % 28:02}",
            capNhatLuc=f"2022-10-{1 + n % 31:02}T08:30:00+07:00",
        )
        for n in range(120)
    ]
    records += [resident(soDinhDanh=f"bad{n}", maXa=None) for n in range(4)]
    records += ["{", '{"soDinhDanh": 1, "soDinhDanh": 2}', "[]"]
    draw.shuffle(records)
    bounds = sorted(draw.choices(range(len(records)), k=6))
    return [records[a:b] for a, b in zip([0, *bounds], [*bounds, len(records)], strict=True)]


def take(run: str, by_shard: bool) -> None:
    """Every step; by shard as workers would, the last one first."""
    for dataset in POLICE.datasets:
        with transaction() as session:
            load = ledger.load_of_run(session, dataset, run)
            numbers = [shard.number for shard in shards.plan(session, load)]
        for step in (stage, validate):
            for number in reversed(numbers) if by_shard else [None]:
                step(dataset, run, number)
        quarantine(dataset, run)
    publish("police", run)


def of_quarantine() -> list[Any]:
    return rows(
        """select piece_name, line_no, row_no, rule_code from ops.quarantine_reason
           order by row_no, rule_code"""
    )


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.one_in(3)
def test_nothing_depends_on_how_a_load_is_divided(
    cluster: Cluster, migrated: str, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = []
    for size in ("1", "400", "33554432"):
        monkeypatch.setenv("DEAN06_SHARD_BYTES", size)
        with cluster.copy(migrated):
            load = land_pages("one", pages_of(seed))
            take("one", by_shard=True)
            parts = rows(f"select count(*) from ops.shard where load_id = {load.load_id}")[0][0]
            validated = rows("select * from ops.validation_result order by 1, 2, 3, 4")
            found.append((warehouse_digest(), of_quarantine(), validated))
            assert (parts > 1) == (size != "33554432")
    assert found[0] == found[1] == found[2]
    assert len(found[0][1]) >= 10


@pytest.mark.parametrize(
    ("sizes", "bounds"),
    [
        ([], [(0, 0)]),
        ([4, 6, 1], [(1, 2), (3, 3)]),  # as many bytes as a shard may hold, and one more
        ([11, 1, 9, 1], [(1, 1), (2, 3), (4, 4)]),  # a file larger than a shard; sizes begin again
    ],
)
def test_a_shard_holds_whole_files_up_to_its_bound(
    sizes: list[int], bounds: list[tuple[int, int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEAN06_SHARD_BYTES", "10")
    files = [LandingFile(n, "", "", "", size, 0, None) for n, size in enumerate(sizes, start=1)]
    assert shards._divided(files) == bounds


def test_a_load_is_staged_when_its_last_shard_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """And published when no other shard than the last has a record."""
    monkeypatch.setenv("DEAN06_SHARD_BYTES", "1")
    land_pages("one", [[], [], [resident()]])
    found = []
    for number in (3, 1, 2):
        stage(RESIDENT, "one", number)
        found += rows("select status from ops.load where dataset_code = 'resident'")
    assert found == [("landed",), ("landed",), ("staged",)]
    take("one", by_shard=True)
    assert rows("select count(*) from core.police__resident") == [(1,)]


def test_quarantine_takes_every_row_group_of_both_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(columns, "_GROUP_ROWS", 500)
    records = ["{" if n % 7 == 0 else resident(soDinhDanh=f"bad{n}") for n in range(5_000)]
    load = land_pages("one", [records])
    for step in (stage, validate):
        step(RESIDENT, "one")
    with transaction() as session:
        [shard] = shards.of_load(session, load)
    assert shard.staged
    assert shard.failing
    for file in (shard.staged, shard.failing):
        assert pq.ParquetFile(unquote(urlparse(file.path).path)).num_row_groups > 1
    with pytest.raises(BatchHeldError):
        quarantine(RESIDENT, "one")
    assert rows("select row_no from ops.quarantine order by row_no") == [
        (number,) for number in range(1, len(records) + 1)
    ]


@pytest.fixture
def files() -> list[Path]:
    """Files of staging, when a load has come up to publishing."""
    land_pages("one", pages_of(4))
    for dataset in POLICE.datasets:
        for step in (stage, validate, quarantine):
            step(dataset, "one")
    root = Path(unquote(urlparse(settings.staging_root()).path))
    return sorted(root.rglob("*.parquet"))


def test_only_their_owner_can_read_the_files(files: list[Path]) -> None:
    assert [path.name[:13] for path in files] == ["00001-failing", "00001-staged-"]
    for path in files:
        assert path.stat().st_mode & 0o077 == 0
        assert path.parent.stat().st_mode & 0o077 == 0


def test_lost_files_are_made_again(files: list[Path]) -> None:
    before = [path.read_bytes() for path in files], of_quarantine()
    for path in files:
        path.unlink()
    recovery.restore_source("police", "one")
    assert ([path.read_bytes() for path in files], of_quarantine()) == before
    publish("police", "one")
    assert not any(path.exists() for path in files)


def test_a_damaged_file_is_refused_by_name_and_made_again(files: list[Path]) -> None:
    staged_file = files[1]
    content = bytearray(staged_file.read_bytes())
    content[len(content) // 2] ^= 1
    staged_file.write_bytes(content)
    recovery.restore_source("police", "one")  # it is there, and as long as it was
    with pytest.raises(Dean06Error, match=r"police\.resident .*missing or damaged; clear 'stage'"):
        publish("police", "one")
    for step in (stage, validate, quarantine):
        step(RESIDENT, "one")
    publish("police", "one")


def test_rows_are_numbered_through_the_landed_files() -> None:
    load = land_pages("one", [[resident(), "", "{"], [], ["", resident(hoTen="Hai"), ""]])
    stage(RESIDENT, "one")
    assert rows(
        f"""select piece_no, first_row, last_line from ops.landing_file
            where load_id = {load.load_id} order by 1"""
    ) == [(1, 1, 3), (2, 4, 0), (3, 4, 2)]
    with transaction() as session:
        found = shards.of_load(session, load)
        with staged(session, load, RESIDENT, found) as connection:
            read = "select _row, full_name, _problem, _raw, _withdrawn from staged order by 1"
            assert connection.execute(read).fetchall() == [
                (1, "Nguyễn Thị Thử", None, None, False),
                (3, None, "malformed_json", "{", False),
                (5, "Hai", None, None, False),
            ]
