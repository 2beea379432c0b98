"""Validators that others wrote, run on the folder of a release as its readers would."""

import os
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

from tests.lib.own_environment import installed

HERE = Path(__file__).parent
CHECKS: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "frictionless": (("frictionless", "validate", "datapackage.json"),),
    "csvw": (("csvwvalidate", "csv-metadata.json"),),
    "pyshacl": (("python", str(HERE / "check_catalogue.py"), "catalogue.jsonld"),),
    "pysdmx": (("python", str(HERE / "check_sdmx.py"), "sdmx/structure.json", "sdmx/data.csv"),),
    "datacontract": (
        ("datacontract", "lint", "contract.odcs.yaml"),
        ("datacontract", "test", "contract.odcs.yaml"),
    ),
}
"""Each validator's commands, run inside the folder."""


def validator(cache: Path, name: str) -> Callable[[Path], tuple[bool, str]]:
    """A validator, installed on first use: tells of a folder whether it is valid, and what was
    said."""
    programs = installed(cache / f"validator-{name}", HERE / f"{name}.txt")

    def check(folder: Path) -> tuple[bool, str]:
        is_valid, said = True, ""
        for program, *words in CHECKS[name]:
            done = subprocess.run(
                [programs / program, *words],
                cwd=folder, capture_output=True, text=True, check=False,
                env={
                    "PATH": f"{programs}:{os.environ['PATH']}", "HOME": str(folder.parent),
                    "LANG": "C.UTF-8", "COLUMNS": "160", "DO_NOT_TRACK": "1",
                },
            )  # fmt: skip
            is_valid = is_valid and done.returncode == 0
            said += f"{done.stdout}{done.stderr}"
        return is_valid, said

    return check
