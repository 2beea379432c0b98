"""Write a release: a folder with everything, closed to others until somebody publishes it."""

import hashlib
import io
import json
from dataclasses import dataclass
from typing import Any

from airflow.sdk import ObjectStoragePath

from dean06 import storage
from dean06.details.detail import detail
from dean06.errors import Dean06Error
from dean06.open_data import catalogue, content, contract_of, csvw, flat, package, sdmx, workbook
from dean06.open_data.content import Content

LAST = "catalogue.jsonld"
"""The file that is written last: a release that has it is whole."""


@dataclass(frozen=True)
class Release:
    """What was written."""

    publication_id: int
    folder: ObjectStoragePath
    files: tuple[ObjectStoragePath, ...]


def write(folder: ObjectStoragePath, publication: int | None = None) -> Release:
    """Write the release of a publication (None: of the newest) into a folder of its own below
    ``folder``, over an earlier one; files that are there with the same bytes stay.

    Equal publications give equal bytes. Raises Dean06Error as ``content.read`` does, and where the
    folder cannot be made.
    """
    found = content.read(publication)
    bodies = bodies_of(found)
    target = folder / found.name
    _make(target)
    for name, body in bodies.items():
        storage.put(io.BytesIO(body), target / name, hashlib.sha256(body).hexdigest())
    return Release(found.number, target, tuple(target / name for name in bodies))


def bodies_of(found: Content) -> dict[str, bytes]:
    """Every file of a release by its place in the folder."""
    files = flat.write(found)
    files["datapackage.json"] = _json(package.describe(found, files))
    files["csv-metadata.json"] = _json(csvw.describe(found))
    files["sdmx/data.csv"] = sdmx.data(found)
    files["sdmx/structure.json"] = _json(sdmx.structure(found))
    files["contract.odcs.yaml"] = contract_of.write(found)
    files["kpi_values.xlsx"] = workbook.write(found)
    files |= {f"signed/{name}": body for name, body in found.signed.items()}
    return files | {LAST: _json(catalogue.describe(found, files))}


def _json(document: Any) -> bytes:
    return f"{json.dumps(document, ensure_ascii=False, indent=1)}\n".encode()


def _make(folder: ObjectStoragePath) -> None:
    try:
        storage.private_folder(folder)
    except OSError as error:
        raise Dean06Error(
            detail("folder_not_made", folder=folder.path, reason=error.strerror or "")
        ) from None
