"""What runs in environments of their own: the schemas of Kubernetes, and Helm."""

import json
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bench.place import CACHE

from tests.lib.own_environment import installed

HERE = Path(__file__).parent
Objects = list[dict[str, Any]]


class RefusedError(Exception):
    """What a program said when it refused its input."""


def invalid(objects: Sequence[dict[str, Any]], version: str) -> list[str]:
    """Errors of objects by the schemas of a version of Kubernetes, which allow no unknown field."""
    asked = json.dumps({"version": version, "objects": list(objects)})
    found: list[str] = json.loads(_run("schemas", "validate.py", (), asked))
    return found


def rendered(chart: Path, values: Path, release: str = "dean06") -> dict[str, Any]:
    """The chart's name and version, its objects and its own values. Raises RefusedError."""
    said = _run("helm", "render.py", (str(chart), str(values), release))
    found: dict[str, Any] = json.loads(said)
    return found


def _run(environment: str, program: str, words: Sequence[str], given: str = "") -> str:
    programs = installed(CACHE / f"kubernetes-{environment}", HERE / f"{environment}.txt")
    done = subprocess.run(
        [programs / "python", HERE / program, *words],
        input=given, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise RefusedError(done.stderr.strip()[-2000:])
    return done.stdout
