"""The example of a source (``tests/fixtures/<source>/example``), delivered and loaded for real."""

import gzip
import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from dean06 import contract, settings
from dean06.cli import drops
from dean06.contract import Dataset
from dean06.load import extract, ledger, publish, quarantine, stage, validate
from dean06.load.ledger import Load
from dean06.reports import data_docs
from dean06.sources import Endpoint
from tests.lib import loading
from tests.lib.strangers_sftp import outbox


@dataclass(frozen=True)
class Loaded:
    """What a run made of the example."""

    source: str
    run: str

    def counts(self, dataset: str) -> dict[str, int]:
        """The row counts of a dataset's load that are not 0."""
        return {name: count for name, count in loading.books(self._load(dataset)).items() if count}

    def broken(self, dataset: str) -> list[str]:
        """The rules that its quarantined records broke, one for each record and rule."""
        query = "select unnest(rule_codes) from ops.quarantine where load_id = :load"
        return [rule for (rule,) in loading.rows(query, load=self._load(dataset).load_id)]

    def _load(self, dataset: str) -> Load:
        name = dataset.partition(".")[2]
        return ledger.current_load(contract.load(self.source).dataset(name), self.run)


@dataclass(frozen=True)
class Example:
    """An example that waits to be fetched."""

    source: str
    endpoint: Endpoint
    last_day: date

    def load(self, run: str) -> Loaded:
        """Load everything up to its last day, as the DAG does."""
        for dataset in contract.load(self.source).datasets:
            extract.extract(self.endpoint, dataset, run, self.last_day)
            stage.stage(dataset, run)
            validate.validate(dataset, run)
            data_docs.write(dataset, run)
            quarantine.quarantine(dataset, run)
        publish.publish(self.source, run)
        return Loaded(self.source, run)


@contextmanager
def served(source: str, folder: Path) -> Iterator[Example]:
    """The example of a source where its module looks: a folder, or an SFTP server of its own."""
    agreed = contract.load(source)
    days = _days(source)
    if agreed.terms.is_folder:
        for day, files in days.items():
            drops.write(folder, agreed.datasets[0], day, files)
        yield Example(source, Endpoint(folder.as_uri()), max(days))
        return
    for day, files in days.items():
        _send(folder, agreed.datasets[0], day, files)
    with outbox(folder) as endpoint:
        yield Example(source, endpoint, max(days))


def _days(source: str) -> dict[date, dict[str, bytes]]:
    root = settings.PROJECT / "tests" / "fixtures" / source / "example"
    return {
        date.fromisoformat(day.name): {path.name: path.read_bytes() for path in day.iterdir()}
        for day in root.iterdir()
    }


def _send(folder: Path, dataset: Dataset, day: date, files: dict[str, bytes]) -> None:
    """A drop as an agency's program writes it."""
    place = folder / "outbox" / str(day)
    place.mkdir(parents=True)
    entries: list[dict[str, Any]] = []
    for name, body in files.items():
        (place / name).write_bytes(body)
        digest = hashlib.sha256(body).hexdigest()
        rows = gzip.decompress(body).count(b"\n") - 1  # without the header
        entries.append({"name": name, "rows": rows, "bytes": len(body), "sha256": digest})
    manifest = {
        "dataset": dataset.wire_name, "day": str(day), "revision": 1, "files": entries,
    }  # fmt: skip
    (place / "manifest.json").write_text(json.dumps(manifest))
