"""Which faults there are to strike with: every boundary of every step, in every task.

A plan is a list of faults in a folder that the installation's processes read
(``injected/deaths.py``); what has struck leaves a marker there. Nothing of it is in the warehouse.
"""

import json
import random
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from dean06 import contract

INJECTED = Path(__file__).parent / "injected"

STEPS = {
    "request_export": "dean06.load.extract:request_export",
    "wait_for_export": "dean06.dags.wait_for_export:WaitForExport.execute",
    "extract": "dean06.load.extract:extract",
    "stage": "dean06.load.stage:stage",
    "validate": "dean06.load.validate:validate",
    "quarantine": "dean06.load.quarantine:quarantine",
    "publish": "dean06.load.publish:publish",
    "verify": "dean06.identity.verify:verify_identities",
    "build": "dean06.kpi.build:build_kpis",
    "write": "dean06.agencies.lists:write_due",
    "reconcile": "dean06.agencies.reconciliation:write_due",
}
"""What a task calls, by the last part of its name."""

INNER = {
    "request_export": (
        ("before", "dean06.load.ledger:forget_landing_files"),  # the source knows of it, we do not
        ("before", "dean06.load.ledger:set_export_handle"),
    ),
    "wait_for_export": (),
    "extract": (
        ("after", "dean06.load.ledger:open_load"),
        ("before", "dean06.storage:_put_in_place"),  # written, not yet in its place
        ("after", "dean06.storage:put"),  # landed, not yet in the ledger
        ("after", "dean06.load.ledger:add_landing_file"),
        ("before", "dean06.load.ledger:mark_landed"),
    ),
    "stage": (
        ("before", "dean06.storage:_put_in_place"),  # written, not yet in its place
        ("after", "dean06.load.staging:keep"),  # in its place, the ledger does not say so
        ("after", "dean06.load.shards:store_staged"),  # not committed
        ("before", "dean06.load.stage:_finish"),
        ("after", "dean06.load.stage:_finish"),  # not committed
    ),
    "validate": (
        ("after", "dean06.load.recovery:restore"),
        ("after", "dean06.load.validate:find"),  # files are there, the ledger does not say so
        ("after", "dean06.load.shards:store_validated"),  # not committed
        ("after", "dean06.load.validate:_results"),
        ("after", "dean06.load.validate:_store_results"),
    ),
    "quarantine": (
        ("before", "dean06.load.quarantine:_set_aside"),
        ("after", "dean06.load.quarantine:_set_aside"),
    ),
    "publish": (
        ("after", "dean06.load.publish:_send"),
        ("before", "dean06.load.publish:_close_books"),
        ("after", "dean06.load.publish:_close_books"),
        ("after", "dean06.load.publish:_publish_dataset"),  # between two datasets
        ("before", "dean06.load.publish:_remove_staging"),  # committed
    ),
    "verify": (
        ("after", "dean06.identity.comparison:compare_dataset"),
        ("after", "dean06.identity.verify:_verify"),  # not committed
    ),
    "build": (
        ("after", "dean06.kpi.build:_compute"),
        ("after", "dean06.kpi.build:_cover"),
        ("after", "dean06.kpi.publication:publish_build"),  # not committed
        ("after", "dean06.kpi.build:_build_day"),
    ),
    "write": (
        ("before", "dean06.storage:put"),
        ("after", "dean06.agencies.lists:_write"),
        ("before", "dean06.agencies.lists:_remember"),
    ),
    "reconcile": (
        ("after", "dean06.agencies.reconciliation:_compare"),
        ("before", "dean06.agencies.reconciliation:_remember"),  # files are written
        ("after", "dean06.agencies.reconciliation:_write"),
    ),
}
"""Boundaries within a step at which a careless order of things would show."""


@dataclass(frozen=True)
class Fault:
    """One fault, as ``injected/deaths.py`` explains it."""

    name: str
    task: str
    at: str
    when: str
    what: str = "kill"
    delay: float = 0.0

    def __str__(self) -> str:
        moment = f"{self.delay:.2f} s into" if self.when == "during" else self.when
        return f"{self.what} {self.task} {moment} {self.at}"


class Plan:
    """The folder that tells processes when to die."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in ("fired", "released"):
            (folder / name).mkdir(parents=True, exist_ok=True)
        targets = set(STEPS.values()) | {at for of in INNER.values() for _, at in of}
        (folder / "targets.json").write_text(json.dumps(sorted(targets)))
        self.write([])

    def write(self, faults: Iterable[Fault]) -> None:
        """Replace the plan; what has fired is forgotten."""
        for marker in (*self.folder.glob("fired/*"), *self.folder.glob("released/*")):
            marker.unlink()
        self._put([asdict(fault) for fault in faults])

    def _put(self, faults: list[dict[str, object]]) -> None:
        # Renamed into place: tasks read it at any moment.
        draft = self.folder / "plan.draft"
        draft.write_text(json.dumps(faults))
        draft.rename(self.folder / "plan.json")

    def fired(self) -> set[str]:
        """Names of the faults that have struck."""
        return {marker.name for marker in (self.folder / "fired").iterdir()}

    def withdraw(self, hold: Fault) -> None:
        """Let the held task go on; one that has not come by yet is not held any more."""
        left = json.loads((self.folder / "plan.json").read_text())
        self._put([fault for fault in left if fault["name"] != hold.name])
        (self.folder / "released" / hold.name).touch()

    def seconds(self) -> dict[str, float]:
        """How long each task's step took at most, by task, as measured so far."""
        known: dict[str, float] = {}
        path = self.folder / "seconds.txt"
        for line in path.read_text().splitlines() if path.exists() else ():
            task, at, seconds = line.split()
            if at == STEPS[step_of(task)]:
                known[task] = max(known.get(task, 0.0), float(seconds))
        return known


def step_of(task: str) -> str:
    """``stage`` of ``sync_police/resident.stage``."""
    return task.rpartition("/")[2].rpartition(".")[2]


def tasks() -> list[str]:
    """Every task of every DAG that works on data."""
    found = []
    for source in contract.sources():
        agreed = contract.load(source)
        exporting = agreed.terms.is_export
        steps = ["request_export", "wait_for_export"] if exporting else []
        steps += ["extract", "stage", "validate", "quarantine"]
        found += [f"sync_{source}/{d.name}.{step}" for d in agreed.datasets for step in steps]
        found.append(f"sync_{source}/publish")
    return [
        *found, "verify_identities/verify", "build_kpis/build", "agency_lists/write",
        "reconcile_portal/reconcile",
    ]  # fmt: skip


def boundaries(task: str) -> Iterator[tuple[str, str]]:
    """``(when, at)`` of every boundary of a task's step, in the order they are come by."""
    step = step_of(task)
    yield "before", STEPS[step]
    yield from INNER[step]
    yield "after", STEPS[step]


def at_boundaries(draws: random.Random) -> list[Fault]:
    """A kill at every boundary of every kind of step, each in a task that the seed chooses."""
    by_step: dict[str, list[str]] = {}
    for task in tasks():
        by_step.setdefault(step_of(task), []).append(task)
    found = []
    for step, alike in by_step.items():
        chosen = draws.sample(alike, len(alike))
        for number, (when, at) in enumerate(boundaries(alike[0])):
            task = chosen[number % len(chosen)]
            found.append(Fault(f"{step}-{number}", task, at, when))
    return found
