"""Landing, staging, lists and heads in a bucket of a real S3 server."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.conftest import Cluster
from tests.lib import aging, loading, s3, syncing
from tests.lib.loading import rows
from tests.lib.s3 import Bucket

from dean06 import contract
from dean06.agencies import lists
from dean06.errors import Dean06Error
from dean06.load import ledger
from dean06.load.stage import stage
from dean06.load.validate import validate
from dean06.privacy import retention
from ministries.servers import running

RESIDENT = contract.load("police").dataset("resident")
SCALE, DAY = 0.0003, "2022-10-31"
PEOPLE = [loading.resident(soDinhDanh=f"08219000{number:04}") for number in range(1, 4)]


@pytest.fixture(scope="module")
def server() -> Iterator[Bucket]:
    with s3.served() as bucket:
        yield bucket


@pytest.fixture
def bucket(server: Bucket, monkeypatch: pytest.MonkeyPatch, warehouse: str) -> Bucket:
    """A bucket in which dean06 keeps its files; empty, as is the warehouse."""
    for key in server.names():
        server.delete(key)
    monkeypatch.setenv(f"AIRFLOW_CONN_{s3.CONNECTION.upper()}", server.connection())
    monkeypatch.setenv("DEAN06_LANDING", server.url("landing"))
    monkeypatch.setenv("DEAN06_AGENCY_LISTS", server.url("lists"))
    monkeypatch.setenv("DEAN06_AUDIT_HEADS", server.url("heads"))
    return server


def counted() -> list[tuple[object, ...]]:
    """What a day says, without numbers that a warehouse gives."""
    return rows(
        """select kpi_code, unit_level, unit_code, boundary_version, breakdown, member_code,
                  numerator, denominator
           from ops.kpi_latest_exact order by 1, 2, 3, 4, 5, 6"""
    )


def test_files_land_under_their_digest_and_can_be_read_by_the_account_only(bucket: Bucket) -> None:
    load = loading.load_police("r1", DAY, PEOPLE, upto="quarantine")
    (landed,) = bucket.names("landing/police/resident/")
    (path, sha256) = rows(
        "select landed_path, sha256 from ops.landing_file where load_id = :id", id=load.load_id
    )[0]
    assert (path, landed.rsplit("/", 1)[1]) == (bucket.url(landed), f"{sha256}.ndjson")
    assert bucket.body(landed) == loading.lines_of(PEOPLE)
    assert all(bucket.grantees(key) == {"CanonicalUser"} for key in bucket.names())
    assert bucket.unfinished() == []
    # Staging is there until the load is published.
    assert bucket.names("landing/_staging/police/resident/")
    assert not [key for key in bucket.names() if key.endswith(".part")]


def test_a_task_that_runs_again_lands_nothing_twice(bucket: Bucket) -> None:
    for _ in range(2):
        loading.load_police("r1", DAY, PEOPLE, upto="validate")
    assert len(bucket.names("landing/police/resident/")) == 1


@pytest.mark.parametrize("is_gone", [True, False])
def test_a_landed_object_that_is_gone_or_altered_is_refused(bucket: Bucket, is_gone: bool) -> None:
    loading.land(RESIDENT, "r1", DAY, loading.lines_of(PEOPLE), 3)
    (key,) = bucket.names("landing/police/resident/")
    if is_gone:
        bucket.delete(key)
    else:
        bucket.put(key, loading.lines_of(PEOPLE[:2]))
    with pytest.raises(Dean06Error, match=r"load the dataset again, which fetches it"):
        stage(RESIDENT, "r1")


@pytest.mark.parametrize("is_gone", [True, False])
def test_staging_that_is_gone_or_altered_is_made_again(bucket: Bucket, is_gone: bool) -> None:
    loading.load_police("r1", DAY, PEOPLE, upto="stage")
    (key,) = bucket.names("landing/_staging/police/resident/")
    if is_gone:
        bucket.delete(key)
    else:
        bucket.put(key, b"x" * len(bucket.body(key)))
    with pytest.raises(Dean06Error, match="clear 'stage' of the dataset"):
        validate(RESIDENT, "r1")
    stage(RESIDENT, "r1")
    validate(RESIDENT, "r1")
    assert loading.books(ledger.current_load(RESIDENT, "r1"))["received"] == 3


def test_a_bucket_that_refuses_is_named_and_nothing_is_lost(
    bucket: Bucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    loading.land(RESIDENT, "r1", DAY, loading.lines_of(PEOPLE), 3)
    monkeypatch.setenv("DEAN06_LANDING", f"s3://{s3.CONNECTION}@no-such-bucket/landing")
    with pytest.raises(Dean06Error, match="staging file cannot be written"):
        stage(RESIDENT, "r1")
    monkeypatch.setenv("DEAN06_LANDING", bucket.url("landing"))
    stage(RESIDENT, "r1")


def test_what_is_older_than_its_period_leaves_the_bucket(bucket: Bucket) -> None:
    loading.load_police("r1", DAY, PEOPLE)
    assert bucket.names("landing/police/resident/")
    assert not bucket.names("landing/_staging/")
    aging.pass_days(4000)
    retention.keep_house()
    assert not bucket.names("landing/")


@pytest.mark.campaign
def test_a_day_of_all_sources_is_the_same_as_from_a_folder(
    bucket: Bucket,
    cluster: Cluster,
    migrated: str,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    with running("tien_giang_2022", SCALE) as ministries:
        syncing.sync(ministries, DAY)
        from_bucket = counted()
        lists.write_due()
        monkeypatch.setenv("DEAN06_LANDING", (tmp_path / "landing").as_uri())
        with cluster.copy(migrated):
            syncing.sync(ministries, DAY)
            assert counted() == from_bucket
    assert len(from_bucket) > 1000
    assert {key.split("/")[1] for key in bucket.names("landing/")} >= set(syncing.SOURCES)
    assert bucket.names("lists/")
    assert not [key for key in bucket.names() if key.endswith(".part")]
