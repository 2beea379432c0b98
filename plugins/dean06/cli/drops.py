"""Drops that people make: files brought by hand, put where a source's DAG looks for them.

The manifest says how many records each file has, as the source's own module reads them, and is
written last: until then the drop does not exist.
"""

import hashlib
import io
import json
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple

from airflow.sdk import ObjectStoragePath

from dean06 import contract, settings, sources, storage
from dean06.contract import Dataset
from dean06.errors import ContractError, Dean06Error
from dean06.wire import drops
from dean06.wire.folder import MANIFEST


def put(source: str, dataset: str | None, day: date, files: Sequence[Path]) -> Path:
    """Make the drop of a day, or send it again as the next revision; returns its folder.

    Without files the drop says that nothing was sent. Raises Dean06Error when the source reads no
    folder or a file cannot be read, ContractError when a file is not of the agreed format.
    """
    agreed = contract.load(source)
    if not agreed.terms.is_folder:
        raise Dean06Error(f"{source} reads no folder: its contract lacks 'delivery: folder'")
    if dataset is None and len(agreed.datasets) > 1:
        named = ", ".join(each.name for each in agreed.datasets)
        raise Dean06Error(f"{source} has several datasets: choose one with --dataset ({named})")
    chosen = agreed.dataset(dataset) if dataset else agreed.datasets[0]
    try:
        content = {path.name: path.read_bytes() for path in files}
    except OSError as error:
        raise Dean06Error(f"{error.filename} cannot be read: {error.strerror}") from None
    if len(content) < len(files):
        raise Dean06Error("two of the files have the same name: rename one of them")
    return write(root_of(source), chosen, day, content)


def root_of(source: str) -> Path:
    """The folder of a source, unless the extra of its connection names another."""
    return settings.drops_root() / source


def write(root: Path, dataset: Dataset, day: date, content: Mapping[str, bytes]) -> Path:
    """Make the drop of a day below the folder of a source; returns its folder. Raises ContractError
    when a file is not of the agreed format."""
    files = [Brought(name, body, _rows(dataset, name, body)) for name, body in content.items()]
    return keep(root, dataset, day, files)


class Brought(NamedTuple):
    """A file of a drop, and how many records it has."""

    name: str
    body: bytes
    rows: int


def keep(root: Path, dataset: Dataset, day: date, files: Sequence[Brought]) -> Path:
    """As ``write``, for files whose records were counted."""
    folder = root / dataset.wire_name / str(day)
    storage.private_folder(ObjectStoragePath(folder.resolve().as_uri()))
    revision = _last_revision(folder, dataset) + 1
    before = {path for path in folder.iterdir() if path.name != MANIFEST}
    entries = []
    for name, body, rows in files:
        # A name of its own in each revision: who reads the one before finds its files until then.
        stored = name if revision == 1 else f"r{revision}-{name}"
        with storage.private_file(folder / stored, replaces=True) as target:
            target.write(body)
        before.discard(folder / stored)
        digest = hashlib.sha256(body).hexdigest()
        entries.append({"name": stored, "rows": rows, "bytes": len(body), "sha256": digest})
    manifest = {
        "dataset": dataset.wire_name, "day": str(day), "revision": revision, "files": entries,
    }  # fmt: skip
    storage.write_private(json.dumps(manifest, indent=1), folder / MANIFEST, replaces=True)
    for path in before:
        path.unlink()
    return folder


def _last_revision(folder: Path, dataset: Dataset) -> int:
    """Of the drop that is there; 0 when there is none."""
    path = folder / MANIFEST
    if not path.is_file():
        return 0
    return int(drops.read(path.read_bytes(), folder.name, dataset.wire_name).revision)


def _rows(dataset: Dataset, name: str, body: bytes) -> int:
    """How many records the source's module reads in a file. Raises ContractError naming the file
    when it cannot be read as one."""
    if name.endswith(".gz"):
        raise ContractError(f"{name}: unpack it first: this command takes only uncompressed files")
    try:
        batches = sources.module(dataset.source).parse(dataset, name, io.BytesIO(body))
        return sum(map(len, batches))
    except ContractError as error:
        text = str(error)
        raise ContractError(text if text.startswith(name) else f"{name}: {text}") from None
