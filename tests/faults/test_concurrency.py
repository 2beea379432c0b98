"""Two at once: one after the other or refused, never mixed.

Each test says which moment of the one meets which moment of the other: a lock that the test holds
stops the first in the midst of its transaction, and is given back when the second has come as far
as it can. What is left must be the digest of doing both in turn, with books that balance.
"""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import date
from typing import Any

import pyarrow.parquet as pq
import pytest

from dean06 import contract, settings
from dean06.errors import Dean06Error
from dean06.identity.verify import verify_identities
from dean06.kpi.build import build_kpis
from dean06.load.publish import publish
from dean06.load.recovery import restore_source
from dean06.load.stage import stage
from dean06.reports.digest import warehouse_digest
from dean06.warehouse import Lock
from ministries.servers import Running, running
from tests.conftest import Cluster, pointed_at
from tests.faults.interleaving import LONGEST_SECONDS, Meanwhile, advisory, lock, wait_for_blocked
from tests.lib.loading import lines_of, prepare_source, resident, rows
from tests.lib.syncing import endpoint, load_dataset

PUBLISHING = "lock table ops.watermark in share mode"
"""Stops a publication before its last statement: rows are merged and books closed, uncommitted."""
BUILDING = "lock table ops.kpi_build in share mode"
"""Stops a build of KPIs when a day is computed and nothing of it written."""


def _participants(*people: tuple[int, int]) -> dict[str, tuple[bytes, int]]:
    header = (
        "ma_so_bhxh,ho_ten,ngay_sinh,gioi_tinh,so_dinh_danh,ma_the_bhyt,ma_doi_tuong,ma_xa,"
        "tu_ngay,den_ngay,trang_thai,loai_thay_doi,ngay_hieu_luc,cap_nhat_luc"
    )
    lines = [
        f"82000000{who:02},Nguyễn Thị Thử,03/02/1990,2,0821900000{who:02},,HT,28249,2022-01-01,,"
        f"dang_tham_gia,U,2022-10-{day:02},2022-10-{day:02}T08:00:00+07:00"
        for who, day in people
    ]
    return {"participant": ("\n".join([header, *lines, ""]).encode(), len(lines))}


def _residents(*people: int) -> dict[str, tuple[bytes, int]]:
    records = [resident(soDinhDanh=f"0821900000{who:02}") for who in people]
    return {"resident": (lines_of(records), len(records))}


MANUAL = ("insurance", "manual", "2022-10-31", _participants((1, 20), (2, 20), (2, 25)))
SCHEDULED = ("insurance", "scheduled", "2022-10-31", _participants((1, 22), (2, 20), (3, 20)))
BACKFILL = ("insurance", "backfill", "2022-10-20", _participants((1, 20), (4, 20)))
POLICE = ("police", "police", "2022-10-31", _residents(1, 2, 3))


@pytest.fixture(scope="module")
def prepared(cluster: Cluster, migrated: str) -> str:
    """Name of a database in which four runs are ready to be published, and nothing is."""
    url = cluster.database(template=migrated)
    with pointed_at(url):
        for run in (MANUAL, SCHEDULED, BACKFILL, POLICE):
            prepare_source(*run)
    return url.rsplit("/", 1)[1]


@pytest.fixture
def warehouse(cluster: Cluster, prepared: str) -> Iterator[None]:
    with cluster.copy(prepared):
        yield


@pytest.fixture
def in_turn(cluster: Cluster, prepared: str) -> Callable[..., dict[str, str]]:
    """The digest of taking steps one after the other, in a warehouse of their own."""

    def taken(*steps: Callable[[], Any]) -> dict[str, str]:
        with cluster.copy(prepared):
            for step in steps:
                step()
            return warehouse_digest()

    return taken


def _published(run: tuple[Any, ...]) -> Callable[[], None]:
    """Publish as the task does. Files of staging are shared with the warehouse that was copied, and
    may have gone with another copy."""

    def published() -> None:
        restore_source(run[0], run[1])
        publish(run[0], run[1])

    return published


def _books() -> list[tuple[Any, ...]]:
    return rows(
        """select run_key, inserted_count, updated_count, unchanged_count, superseded_count
           from ops.load where status = 'published' and dataset_code = 'participant'
           order by published_at"""
    )


@pytest.mark.usefixtures("warehouse")
@pytest.mark.parametrize(("first", "second"), [(MANUAL, SCHEDULED), (SCHEDULED, MANUAL)])
@pytest.mark.one_in(2)
def test_a_manual_run_beside_the_scheduled_one(
    in_turn: Callable[..., dict[str, str]], first: tuple[Any, ...], second: tuple[Any, ...]
) -> None:
    with Meanwhile() as meanwhile:
        with lock(PUBLISHING):
            one = meanwhile.start(_published(first))
            wait_for_blocked(1, "relation")
            other = meanwhile.start(_published(second))
            wait_for_blocked(1, "advisory")
            assert rows("select count(*) from core.insurance__participant") == [(0,)]
        one.result()
        other.result()
    assert warehouse_digest() == in_turn(_published(MANUAL), _published(SCHEDULED))
    assert warehouse_digest() == in_turn(_published(SCHEDULED), _published(MANUAL))
    assert _books() == (
        [("manual", 2, 0, 0, 1), ("scheduled", 1, 1, 1, 0)]
        if first is MANUAL
        else [("scheduled", 3, 0, 0, 0), ("manual", 0, 1, 1, 1)]
    )


@pytest.mark.usefixtures("warehouse")
def test_a_backfill_beside_the_daily_sync(in_turn: Callable[..., dict[str, str]]) -> None:
    with Meanwhile() as meanwhile:
        with lock(PUBLISHING):
            daily = meanwhile.start(_published(SCHEDULED))
            wait_for_blocked(1, "relation")
            backfill = meanwhile.start(_published(BACKFILL))
            wait_for_blocked(1, "advisory")
        daily.result()
        backfill.result()
    assert warehouse_digest() == in_turn(_published(BACKFILL), _published(SCHEDULED))
    reached = "select reached::text from ops.watermark where source_code = 'insurance'"
    assert rows(reached) == [("2022-11-01 00:00:00+07",)]


@pytest.mark.usefixtures("warehouse")
def test_one_load_staged_by_a_task_and_by_the_one_that_replaces_it() -> None:
    """A worker that was thought dead goes on: one after the other."""
    dataset = contract.load("insurance").dataset("participant")
    with Meanwhile() as meanwhile:
        with lock("lock table ops.landing_file in share mode"):
            given_up = meanwhile.start(stage, dataset, "manual")
            wait_for_blocked(1, "relation")
            replacing = meanwhile.start(stage, dataset, "manual")
            wait_for_blocked(2)
        given_up.result()
        replacing.result()
    staged = "select status, received_count from ops.load where run_key = 'manual'"
    assert rows(staged) == [("staged", 3)]
    [(path,)] = rows(
        """select staged_path from ops.shard inner join ops.load using (load_id)
           where run_key = 'manual' and dataset_code = 'participant'"""
    )
    assert pq.read_metadata(path.removeprefix("file://")).num_rows == 3


@pytest.mark.usefixtures("warehouse")
def test_a_load_staged_anew_while_it_is_published(in_turn: Callable[..., dict[str, str]]) -> None:
    """Somebody clears 'stage' while 'publish' runs: what is published stays, and is final."""
    dataset = contract.load("insurance").dataset("participant")
    with Meanwhile() as meanwhile:
        with lock(PUBLISHING):
            publishing = meanwhile.start(_published(MANUAL))
            wait_for_blocked(1, "relation")
            cleared = meanwhile.start(stage, dataset, "manual")
            wait_for_blocked(2)
        publishing.result()
        with pytest.raises(Dean06Error, match="the state of this load is published"):
            cleared.result()
    assert warehouse_digest() == in_turn(_published(MANUAL))
    assert rows(
        """select count(staged_path) from ops.shard inner join ops.load using (load_id)
           where run_key = 'manual'"""
    ) == [(0,)]


@pytest.mark.usefixtures("warehouse")
@pytest.mark.campaign
def test_kpis_built_while_a_source_publishes(in_turn: Callable[..., dict[str, str]]) -> None:
    _published(POLICE)()
    with Meanwhile() as meanwhile:
        with lock(PUBLISHING):
            publishing = meanwhile.start(_published(MANUAL))
            wait_for_blocked(1, "relation")
            build_kpis()  # is not kept waiting, and sees nothing of it
            assert _insured() == []
        publishing.result()
    build_kpis()
    assert _insured() == [2]
    assert warehouse_digest() == in_turn(_published(POLICE), _published(MANUAL), build_kpis)


@pytest.mark.usefixtures("warehouse")
@pytest.mark.campaign
def test_a_source_publishes_while_kpis_are_built(in_turn: Callable[..., dict[str, str]]) -> None:
    _published(MANUAL)()
    with Meanwhile() as meanwhile:
        with lock(BUILDING):
            building = meanwhile.start(build_kpis)
            wait_for_blocked(1, "relation")
            _published(SCHEDULED)()  # is not kept waiting
            _published(POLICE)()
        building.result()
        assert _insured() == [2], "the build speaks of the moment at which it began"
        population = "numerator is not null and kpi_code like 'population.%'"
        assert rows(f"select kpi_code from mart.kpi_value where {population}") == []
    build_kpis()
    assert _insured() == [2, 3]
    assert warehouse_digest() == in_turn(
        _published(MANUAL), _published(SCHEDULED), _published(POLICE), build_kpis
    )


@pytest.mark.usefixtures("warehouse")
def test_two_builds_at_once_publish_once(in_turn: Callable[..., dict[str, str]]) -> None:
    _published(MANUAL)()
    with Meanwhile() as meanwhile:
        with advisory(Lock.KPI):
            builds = [meanwhile.start(build_kpis) for _ in range(2)]
            wait_for_blocked(2, "advisory")
        found = sorted(len(build.result()) for build in builds)
    assert found == [0, 1]
    assert rows("select count(*) from mart.kpi_publication") == [(1,)]
    assert warehouse_digest() == in_turn(_published(MANUAL), build_kpis)


@pytest.mark.usefixtures("warehouse")
def test_records_verified_while_a_source_publishes(in_turn: Callable[..., dict[str, str]]) -> None:
    _published(POLICE)()
    with Meanwhile() as meanwhile:
        with lock(PUBLISHING):
            publishing = meanwhile.start(_published(MANUAL))
            wait_for_blocked(1, "relation")
            verify_identities()
            assert rows("select count(*) from core.identity_verdict") == [(0,)]
        publishing.result()
    verify_identities()
    assert rows("select count(*) from core.identity_verdict") == [(2,)]
    assert warehouse_digest() == in_turn(_published(POLICE), _published(MANUAL), verify_identities)


@pytest.mark.usefixtures("warehouse")
def test_two_verifications_at_once(in_turn: Callable[..., dict[str, str]]) -> None:
    _published(POLICE)()
    _published(MANUAL)()
    with Meanwhile() as meanwhile:
        with advisory(Lock.IDENTITY):
            both = [meanwhile.start(verify_identities) for _ in range(2)]
            wait_for_blocked(2, "advisory")
        assert sorted(len(each.result()) > 0 for each in both) == [False, True]
    assert warehouse_digest() == in_turn(_published(POLICE), _published(MANUAL), verify_identities)


def _insured() -> list[int]:
    """Participants of the province in each publication."""
    found = rows(
        """select numerator from mart.kpi_value
           where kpi_code = 'insurance.participants' and unit_level = 'province'
               and boundary_version = 'as_reported' and breakdown = ''
               and numerator is not null
           order by publication_id"""
    )
    return [numerator for (numerator,) in found]


WHOLE_RUN = """
import json, sys
from datetime import date
from dean06 import contract
from dean06.load.extract import extract
from dean06.load.publish import publish
from dean06.load.recovery import restore_source
from dean06.load.quarantine import quarantine
from dean06.sources import Endpoint
from dean06.load.stage import stage
from dean06.load.validate import validate
source, run, day, place = sys.argv[1:]
for dataset in contract.load(source).datasets:
    extract(Endpoint(**json.loads(place)), dataset, run, date.fromisoformat(day))
    for step in (stage, validate, quarantine):
        step(dataset, run)
publish(source, run)
"""


@pytest.fixture(scope="module")
def ministries() -> Iterator[Running]:
    with running("tien_giang_2022", 0.001) as servers:
        yield servers


@pytest.mark.campaign
def test_whole_runs_in_processes_of_their_own(
    ministries: Running, cluster: Cluster, migrated: str
) -> None:
    """The scheduled run and a manual one of an older day, from the wire on, at the same time."""
    runs = [("scheduled", "2022-10-31"), ("manual", "2022-10-30")]
    with cluster.copy(migrated):
        started = [_process(ministries, run, day) for run, day in runs]
        assert [process.wait(LONGEST_SECONDS * 10) for process in started] == [0, 0]
        assert rows("select distinct status from ops.load") == [("published",)]
        at_once = warehouse_digest()
    with cluster.copy(migrated):
        for run, day in runs:
            for dataset in contract.load("insurance").datasets:
                load_dataset(ministries, dataset, run, date.fromisoformat(day))
            publish("insurance", run)
        assert warehouse_digest() == at_once


def _process(ministries: Running, run: str, day: str) -> "subprocess.Popen[bytes]":
    place = json.dumps(asdict(endpoint(ministries, "insurance")))
    return subprocess.Popen(
        [sys.executable, "-c", WHOLE_RUN, "insurance", run, day, place],
        cwd=settings.PROJECT,
        stdout=subprocess.DEVNULL,
    )
