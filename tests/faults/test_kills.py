"""Killed at every boundary of every step: what is left equals what an undisturbed day leaves.

Real processes, killed by the kernel; `make faults ONLY=kills` does it under the real scheduler.
"""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from dean06 import contract
from ministries.servers import Running, running
from tests.conftest import Cluster
from tests.faults import forked
from tests.faults.aftermath import judge, state
from tests.faults.injected.deaths import FOLDER
from tests.faults.killing import Fault, Plan, boundaries, step_of

DAY = date(2022, 10, 31)
SOURCES = ("health", "programme")
"""One that prepares exports of two datasets, one that sends a workbook."""
NEVER_COME_BY = {
    "health": {
        "after dean06.identity.comparison:compare_dataset",
        "after dean06.identity.verify:_verify",
    },
    "programme": {
        "after dean06.identity.comparison:compare_dataset",
        "after dean06.identity.verify:_verify",
    },
}
"""Without the population registry nobody is compared."""


@pytest.fixture(scope="module")
def ministries() -> Iterator[Running]:
    with running("tien_giang_2022", 0.001, export_delay=1) as all_of_them:
        yield all_of_them


@pytest.fixture
def plan(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Plan:
    """Nothing planned yet; nothing landed yet either, or landing would be skipped."""
    monkeypatch.setenv(FOLDER, str(tmp_path / "deaths"))
    monkeypatch.setenv("DEAN06_LANDING", (tmp_path / "landing").as_uri())
    return Plan(tmp_path / "deaths")


@pytest.fixture(scope="module")
def undisturbed(ministries: Running, cluster: Cluster, migrated: str) -> dict[str, dict[str, str]]:
    """Each source's digest when nothing strikes."""
    found = {}
    for source in SOURCES:
        with cluster.copy(migrated):
            for _, work in forked.tasks_of(ministries, source, DAY, "undisturbed"):
                work()
            found[source] = state()
    return found


@pytest.mark.campaign
@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.usefixtures("warehouse")
def test_killed_at_every_boundary(
    ministries: Running, undisturbed: dict[str, dict[str, str]], plan: Plan, source: str
) -> None:
    missed = set()
    for task in forked.tasks_of(ministries, source, DAY, "killed"):
        places = {
            f"{when} {at}": Fault(f"{when}-{at}", task[0], at, when)
            for when, at in boundaries(task[0])
        }
        plan.write(places.values())
        assert forked.run(task, tries=len(places) + 1) == len(plan.fired())
        missed |= {place for place, fault in places.items() if fault.name not in plan.fired()}
    assert missed == NEVER_COME_BY[source]
    assert judge(contract.load(source).datasets, [DAY], undisturbed[source]) == []


@pytest.mark.usefixtures("warehouse")
@pytest.mark.campaign
def test_a_full_disk_leaves_nothing_behind(
    ministries: Running, undisturbed: dict[str, dict[str, str]], plan: Plan, tmp_path: Path
) -> None:
    tasks = list(forked.tasks_of(ministries, "programme", DAY, "full"))
    extract = next(task for task in tasks if step_of(task[0]) == "extract")
    full = Fault("full", extract[0], "dean06.storage:put", "before", what="full")
    plan.write([full])
    assert forked.attempt(extract) == 1
    assert plan.fired() == {full.name}
    assert [path for path in tmp_path.glob("landing/**/*") if path.is_file()] == []
    for task in tasks:  # there is room again
        assert forked.run(task, tries=1) == 0
    assert judge(contract.load("programme").datasets, [DAY], undisturbed["programme"]) == []
