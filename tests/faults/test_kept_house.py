"""keep-house killed before every statement and removal it makes: the next run ends the same."""

import shutil
from pathlib import Path
from typing import Any

import pytest
from airflow.sdk import ObjectStoragePath

from dean06 import contract
from dean06.errors import Cause
from dean06.load import ledger, replay
from dean06.privacy import retention
from dean06.warehouse import transaction
from tests.conftest import Cluster, name_of, pointed_at
from tests.faults.statements import killed_before
from tests.lib.aging import pass_days
from tests.lib.loading import approved, land, lines_of, load_police, resident, rows

pytestmark = pytest.mark.campaign

GOOD = [resident(soDinhDanh=f"0821900{n:05d}") for n in range(30)]
RESIDENT = contract.load("police").dataset("resident")


def _prepare() -> None:
    """Two loads, a replay, an attempt that was given up, a file nobody counts on: all old."""
    load = load_police("one", "2022-10-31", [*GOOD, resident(soDinhDanh="998")])
    with transaction() as session:
        number = replay.ask(session, load.load_id, {31: {"personal_id": "x"}}, "lan", "theo hồ sơ")
    replay.load(approved(number))
    given_up = load_police("two", "2022-11-01", GOOD[:3], upto="stage")
    ledger.note_cause(given_up, "x", Cause.PROGRAM_ERROR)
    land(RESIDENT, "two", "2022-11-01", lines_of(GOOD[:2]), 2)
    ledger.forget_landing_files(land(RESIDENT, "three", "2022-11-02", lines_of(GOOD[:1]), 1))
    with transaction() as session:
        session.run("update ops.load set status = 'abandoned' where status <> 'published'")


def _left() -> dict[str, Any]:
    """What is left, and what was written down; of files that no load counted on, that they were."""
    return {
        "payloads": rows("select count(payload) from ops.quarantine"),
        "corrected": rows("select count(payload) from ops.replay_row"),
        "files": rows("select count(*) from ops.landing_file where purged_at is null"),
        "staging": rows("select count(staged_path), count(failing_path) from ops.shard"),
        "purged": rows(
            """select what, dataset_code, load_id, sum(item_count), sum(byte_count) from ops.purge
               where load_id is not null group by 1, 2, 3 order by 1, 2, 3"""
        ),
        "strays": rows("select count(*) > 0 from ops.purge where load_id is null"),
    }


def test_killed_anywhere_it_ends_the_same(
    cluster: Cluster, migrated: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    landing, saved = tmp_path / "landing", tmp_path / "saved"
    monkeypatch.setenv("DEAN06_LANDING", landing.as_uri())
    monkeypatch.setenv("DEAN06_AGENCY_LISTS", (tmp_path / "lists").as_uri())
    template = cluster.database(template=migrated)
    with pointed_at(template):
        _prepare()
        pass_days(100, landing)
    shutil.copytree(landing, saved)
    ends, killed = [], 0
    for moment in (10_000, *range(1, 10_000)):  # first undisturbed
        shutil.rmtree(landing)
        shutil.copytree(saved, landing)
        with cluster.copy(name_of(template)):
            is_killed = killed_before(moment, retention.keep_house, [(ObjectStoragePath, "unlink")])
            if not is_killed and ends:
                break
            killed += is_killed
            retention.keep_house()
            ends.append(_left())
            assert not [path for path in landing.rglob("*") if path.is_file()]
    assert killed > 30
    assert ends == [ends[0]] * len(ends)
    assert ends[0]["payloads"] == ends[0]["corrected"] == ends[0]["files"] == [(0,)]
    assert {row[0] for row in ends[0]["purged"]} == {"landing", "staging", "quarantine", "replay"}
