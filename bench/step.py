"""One step in a process of its own, with what it cost.

A server that has imported everything forks a process for each step, as an Airflow worker does: the
interpreter's start and imports are paid once and not counted.
"""

import json
import logging
import os
import resource
import sys
import time
from collections.abc import Callable
from datetime import date
from multiprocessing.connection import Connection
from pathlib import Path

from airflow.sdk import ObjectStoragePath

from bench import world
from dean06 import contract, sources, warehouse
from dean06.identity.verify import verify_identities
from dean06.kpi import steps
from dean06.kpi.build import build_kpis
from dean06.load import ledger, shards
from dean06.load.extract import extract
from dean06.load.ledger import LandingFile
from dean06.load.publish import publish
from dean06.load.quarantine import quarantine
from dean06.load.stage import stage
from dean06.load.validate import validate
from dean06.schema.migrate import migrate
from dean06.sources import Endpoint

# What a task would import on its way: Airflow's file systems, the clients of the source.
ObjectStoragePath(Path.cwd().as_uri()).exists()
sources.module("police")

_STEPS: dict[str, Callable[..., object]] = {
    "stage": stage, "validate": validate, "quarantine": quarantine,
}  # fmt: skip
_OTHERS = """
    update ops.load set status = 'quarantined'
    where run_key = :run and dataset_code <> 'resident'
"""


def run(environment: dict[str, str], words: tuple[str, ...], answer: Connection) -> None:
    """Do what ``words`` name, then send seconds, peak megabytes, processor seconds and what
    went wrong."""
    os.environ.update(environment)
    logging.disable(logging.WARNING)
    warehouse.engine.cache_clear()
    wrong, begun, used = "", time.monotonic(), time.process_time()
    try:
        _do(*words)
    except Exception as error:  # noqa: BLE001  # told to the bench, which ends with it
        wrong = f"{type(error).__name__}: {error}"
    seconds = time.monotonic() - begun
    processor = time.process_time() - used
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    answer.send((seconds, peak, processor, wrong))


def _do(name: str, *words: str) -> None:
    if name in _STEPS:
        run_key, source, dataset, *shard = words
        _STEPS[name](contract.load(source).dataset(dataset), run_key, *map(int, shard))
    else:
        others: dict[str, Callable[..., object]] = {
            "migrate": migrate, "register": _register, "extract": _extract, "sync": _sync,
            "land": _land, "publish": _publish, "verify": verify_identities, "build": build_kpis,
            "build_of_one_day": _build_of_one_day,
        }  # fmt: skip
        others[name](*words)


def _publish(run_key: str, source: str) -> None:
    publish(source, run_key)


def _land(run_key: str, day: str, url: str, client: str, source: str, dataset: str) -> None:
    """Land what a source says of one dataset up to the end of a day."""
    wanted = contract.load(source).dataset(dataset)
    world.land(world.endpoint(url, json.loads(client)), wanted, run_key, date.fromisoformat(day))


def _register(run_key: str, day: str, listed: str) -> None:
    """Open the police's loads: residents have landed as listed, of the others nothing came."""
    agreed = contract.load("police")
    for dataset in agreed.datasets:
        load = ledger.open_load(agreed, dataset, run_key, date.fromisoformat(day))
        files = json.loads(Path(listed).read_text()) if dataset.name == "resident" else []
        for number, file in enumerate(files, start=1):
            ledger.add_landing_file(load, LandingFile(**{**file, "piece_no": number}))
        ledger.mark_landed(load, sum(file["declared_count"] for file in files))
        if dataset.name == "resident":
            with warehouse.transaction() as session:
                shards.plan(session, load)
        else:
            stage(dataset, run_key)
    with warehouse.transaction() as session:
        session.run(_OTHERS, run=run_key)


def _extract(run_key: str, day: str, url: str, login: str, secret: str) -> None:
    """Land what the police say of residents."""
    residents = contract.load("police").dataset("resident")
    extract(Endpoint(url, login, secret, {}), residents, run_key, date.fromisoformat(day))


def _build_of_one_day() -> None:
    """Build as in a warehouse so small that no steps are kept."""
    steps.WORTH_RECORDS = sys.maxsize
    build_kpis()


def _sync(day: str, addresses: str, secrets: str) -> None:
    """Publish a day of all sources."""
    world.sync(f"bench__{day}", date.fromisoformat(day), json.loads(addresses), json.loads(secrets))
