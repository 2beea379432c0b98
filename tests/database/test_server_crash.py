"""The database server crashes between two steps: the load goes on, and nothing is lost."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from dean06 import contract
from dean06.load.publish import publish
from dean06.load.quarantine import quarantine
from dean06.load.recovery import restore, restore_source
from dean06.load.validate import validate
from onebox.ports import free_port
from tests.conftest import Cluster, cluster_at
from tests.lib.loading import load_police, resident, rows


@pytest.fixture(scope="module")
def crashing(home: Path) -> Iterator[Cluster]:
    """A server for these tests alone: it writes to disk, and others do not feel its crashes."""
    with cluster_at(home / "crashing", free_port()) as cluster:
        yield cluster


@pytest.fixture(scope="module")
def template(crashing: Cluster) -> str:
    return crashing.migrated()


@pytest.mark.parametrize("upto", ["stage", "validate", "quarantine"])
@pytest.mark.one_in(3)
def test_a_crash_of_the_database_server_loses_nothing(
    crashing: Cluster, template: str, upto: str
) -> None:
    with crashing.copy(template):
        load_police("one", "2022-10-31", [resident(), resident(soDinhDanh="bad")], upto=upto)
        crashing.server._pg_ctl("stop", "-m", "immediate", "-w")
        crashing.server.start()
        assert rows("select count(*) from core.police__resident") == [(0,)]
        for dataset in contract.load("police").datasets:
            restore(dataset, "one")
            if upto == "stage":
                validate(dataset, "one")
            if upto != "quarantine":
                quarantine(dataset, "one")
        restore_source("police", "one")
        publish("police", "one")
        assert rows(
            """select received_count, inserted_count, quarantined_count from ops.load
               where dataset_code = 'resident'"""
        ) == [(2, 1, 1)]
