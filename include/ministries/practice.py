"""Outages for practice: the commands ``fail`` and ``recover`` ask, the running servers obey.

Both sides share a file in the servers' spool: by source the kind of fault, and until when. The
servers look at it twice a second, so an outage ends by itself, whatever became of the command.
"""

import json
import os
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .errors import InputError
from .faults import CONNECTION, Fault, Faults

KINDS = (*CONNECTION, "unauthorized", "server_error", "unavailable")
"""Faults that a source recovers from by itself, and that stop a sync while they last."""
LOOKED_AT_EVERY = 0.5
"""Seconds."""
_FILE, _SERVING = "outages.json", "serving.pid"


@dataclass(frozen=True)
class Outage:
    """How a source fails, and until when, in seconds since 1970."""

    kind: str
    until: float


class Practice:
    """What the servers do about it."""

    def __init__(self, spool: Path, faults: Faults) -> None:
        self._spool, self._faults = spool, faults
        self._on: dict[str, Fault] = {}
        (spool / _FILE).unlink(missing_ok=True)
        (spool / _SERVING).write_text(str(os.getpid()), encoding="ascii")

    def look(self) -> None:
        """Switch on what is asked for, and off what is over."""
        now = time.time()
        asked = {
            source: Fault(source, None, outage.kind)
            for source, outage in _read(self._spool).items()
            if outage.until > now
        }
        for source, fault in list(self._on.items()):
            if asked.get(source) != fault:
                self._faults.remove(fault)
                del self._on[source]
        for source, fault in asked.items():
            if source not in self._on:
                self._faults.add(fault)
                self._on[source] = fault

    def end(self) -> None:
        """The servers stop."""
        (self._spool / _SERVING).unlink(missing_ok=True)


def spool_of_installation() -> Path:
    """Where the servers of ``make run`` keep their files."""
    return Path(os.environ.get("DEAN06_HOME") or ".dean06") / "spool"


def fail(spool: Path, source: str, kind: str, seconds: float) -> float:
    """Have a source of the running servers fail; returns until when.

    Raises InputError for an unknown source or kind, and when no servers use this spool.
    """
    if kind not in KINDS:
        raise InputError("kind", f"{kind} is not one of {', '.join(KINDS)}")
    Fault(source, None, kind)  # refuses an unknown source
    _require_servers(spool)
    until = time.time() + seconds
    _write(spool, {**_read(spool), source: Outage(kind, until)})
    return until


def recover(spool: Path, source: str | None) -> list[str]:
    """End the outage of a source, or of all; returns whose was ended.

    Raises InputError when no servers use this spool.
    """
    _require_servers(spool)
    outages = _read(spool)
    ended = [each for each in sorted(outages) if source in (None, each)]
    _write(spool, {each: outages[each] for each in outages if each not in ended})
    return ended


def seconds_of(text: str) -> float:
    """``90s``, ``5m`` or ``1h`` in seconds. Raises InputError for anything else."""
    units = {"s": 1, "m": 60, "h": 3600}
    number, unit = text[:-1], text[-1:]
    if unit not in units or not number.isdecimal() or not int(number):
        raise InputError("for", f"{text} is not a time such as 90s, 5m or 1h")
    return float(int(number) * units[unit])


def _require_servers(spool: Path) -> None:
    with suppress(OSError, ValueError):
        os.kill(int((spool / _SERVING).read_text(encoding="ascii")), 0)
        return
    raise InputError("spool", f"no simulated ministries are running there ({spool}): make run")


def _read(spool: Path) -> dict[str, Outage]:
    try:
        found: dict[str, Mapping[str, Any]] = json.loads((spool / _FILE).read_text("utf-8"))
    except FileNotFoundError:
        return {}
    return {source: Outage(each["kind"], each["until"]) for source, each in found.items()}


def _write(spool: Path, outages: Mapping[str, Outage]) -> None:
    """Whole or not at all: the servers read meanwhile."""
    content = {source: {"kind": o.kind, "until": o.until} for source, o in outages.items()}
    draft = spool / f"{_FILE}.new"
    draft.write_text(json.dumps(content), encoding="utf-8")
    draft.replace(spool / _FILE)
