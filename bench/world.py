"""All sources of the simulated province into the warehouse, step by step, without a scheduler."""

import time
from collections.abc import Mapping
from datetime import date

from dean06 import contract
from dean06.contract import Dataset
from dean06.load.extract import export_wait, extract, request_export
from dean06.load.publish import publish
from dean06.load.quarantine import quarantine
from dean06.load.stage import stage
from dean06.load.validate import validate
from dean06.sources import Endpoint
from onebox.config import SOURCES


def sync(
    run: str, day: date, addresses: Mapping[str, str], secrets: Mapping[str, dict[str, str]]
) -> None:
    """Publish everything that the sources say up to the end of a day."""
    for source in SOURCES:
        place = endpoint(addresses[source], secrets[source])
        for dataset in contract.load(source).datasets:
            land(place, dataset, run, day)
            for step in (stage, validate, quarantine):
                step(dataset, run)
        publish(source, run)


def endpoint(url: str, client: dict[str, str]) -> Endpoint:
    """Where a source is, and how to log in."""
    login = client.get("client_id") or client.get("username", "")
    secret = client.get("client_secret") or client.get("password", "")
    return Endpoint(url, login, secret, client)


def land(place: Endpoint, dataset: Dataset, run: str, day: date) -> None:
    """Extract a dataset up to the end of a day."""
    if contract.load(dataset.source).terms.is_export:
        request_export(place, dataset, run, day)
        while wait := export_wait(place, dataset, run):
            time.sleep(min(wait, 0.2))
    extract(place, dataset, run, day)
