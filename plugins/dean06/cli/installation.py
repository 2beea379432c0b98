"""Settings of the installation that ``make run`` made here, for commands that have none."""

import json
import os
import sys
from pathlib import Path

from dean06 import settings
from dean06.errors import Dean06Error

_OURS = ("DEAN06_", "AIRFLOW_")


def use_settings() -> None:
    """Take over what the installation's services run with, unless the warehouse is named.

    Variables that are set win. Raises Dean06Error when the installation's settings cannot be read.
    """
    if os.environ.get("DEAN06_WAREHOUSE_DSN") or os.environ.get("DEAN06_PROVINCES"):
        return
    home = Path(os.environ.get("DEAN06_HOME") or settings.PROJECT / ".dean06")
    file = home / "environment.json"
    if not file.is_file():
        return
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise Dean06Error(
            f"{_short(file)} cannot be read: run 'make run' again, or set DEAN06_WAREHOUSE_DSN"
        ) from None
    for name, value in found.items():
        if name.startswith(_OURS):
            os.environ.setdefault(name, value)
    print(f"dean06: using the settings in {_short(home)}", file=sys.stderr)


def _short(path: Path) -> str:
    return os.path.relpath(path, settings.PROJECT)
