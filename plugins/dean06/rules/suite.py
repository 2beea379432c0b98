"""Suites: ``expectations/<source>/<dataset>.json`` as read. Does not need Great Expectations."""

import json
from typing import Any

from dean06 import settings
from dean06.contract import Dataset
from dean06.errors import ContractError


def read_suite(dataset: Dataset) -> dict[str, Any]:
    """The dataset's suite as JSON. Raises ContractError naming the file when it is missing."""
    path = settings.EXPECTATIONS / dataset.source / f"{dataset.name}.json"
    if not path.is_file():
        raise ContractError(f"expectations/{dataset.source}/{path.name} is missing")
    suite: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return suite
