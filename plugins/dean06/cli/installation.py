"""Settings of the installation that ``make run`` made here, for commands that have none."""

import json
import os
import socket
import sys
from pathlib import Path

from dean06 import settings
from dean06.errors import Dean06Error, WarehouseError

_OURS = ("DEAN06_", "AIRFLOW_")
_DSN = "DEAN06_WAREHOUSE_DSN"
_ANSWERS_WITHIN = 5.0
"""Seconds."""
_ABSENT = ("22023", "3F", "42")
"""Beginnings of the SQLSTATE of an unknown role, an unknown schema, and of an unknown relation,
column or function, or one that may not be used."""


def use_settings() -> None:
    """Take over what the installation's services run with, unless the warehouse is named.

    Variables that are set win. Raises Dean06Error when the installation's settings cannot be read.
    """
    if os.environ.get(_DSN) or os.environ.get("DEAN06_PROVINCES"):
        return
    file = _settings_file()
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
    print(f"dean06: using the settings in {_short(file.parent)}", file=sys.stderr)


def why_unreachable() -> str | None:
    """What to do where nothing answers at the warehouse's address; None where something does."""
    from sqlalchemy import make_url  # a third of a second, only when something is wrong
    from sqlalchemy.exc import ArgumentError

    try:
        url = make_url(os.environ.get(_DSN, ""))
    except ArgumentError:
        return None
    host, port = url.host, url.port or 5432
    if host is None:
        return None
    try:
        socket.create_connection((host, port), _ANSWERS_WITHIN).close()
    except OSError:
        if _is_ours():
            return f"this system is not running: start it with 'make run' ({host}:{port})"
        return f"PostgreSQL does not answer at {host}:{port}: start it, or correct {_DSN}"
    return None


def why_unready(error: WarehouseError) -> str | None:
    """What to do where PostgreSQL does not know something that this version of dean06 uses; None
    where the warehouse has everything, or cannot be read."""
    state = error.state or ""
    if not state.startswith(_ABSENT):
        return None
    from dean06.schema import ready

    try:
        found = ready.why_not()
    except Dean06Error:
        return None
    return str(found) if found else None


def _is_ours() -> bool:
    """Whether the warehouse is the one of the installation that ``make run`` made here."""
    try:
        found = json.loads(_settings_file().read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return bool(found.get(_DSN) == os.environ.get(_DSN))


def _settings_file() -> Path:
    return Path(os.environ.get("DEAN06_HOME") or settings.PROJECT / ".dean06") / "environment.json"


def _short(path: Path) -> str:
    return os.path.relpath(path, settings.PROJECT)
