"""Validates objects against the schemas of Kubernetes; runs in the environment of ``schemas.txt``.

Standard input: ``{"version": "1.37", "objects": [...]}``. Standard output: a JSON list of errors.
"""

import json
import sys
from typing import Any

from kubernetes_validate import utils  # type: ignore[import-not-found]


def error_of(item: dict[str, Any], version: str) -> str | None:
    """Why an object is none of that version, or None."""
    name = f"{item['kind']} {item['metadata'].get('name', item['metadata'].get('generateName'))}"
    try:
        utils.validate(item, version, strict=True)
    except utils.ValidationError as error:
        return f"{name}: {'.'.join(map(str, error.absolute_path))}: {error.message}"
    except utils.SchemaNotFoundError as error:
        return f"{name}: {error.message}"
    return None


asked = json.load(sys.stdin)
json.dump(
    [error for item in asked["objects"] if (error := error_of(item, asked["version"]))], sys.stdout
)
