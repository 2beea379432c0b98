"""Stopped: whether a task ended because somebody stopped the whole system (``make down``)."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any

from dean06 import settings


def moments() -> list[datetime]:
    """When the system was stopped on purpose, as far as it is known."""
    file = settings.stops()
    if file is None or not file.is_file():
        return []
    found = []
    for line in file.read_text(encoding="utf-8").splitlines():
        with suppress(ValueError):
            found.append(datetime.fromisoformat(line))
    return found


def ended_with_it(task: Mapping[str, Any], stops: Sequence[datetime]) -> bool:
    """Whether the system was stopped while the task ran: between its start and the moment at which
    Airflow wrote down its end, which may be after the next start."""
    begun, ended = task.get("start_date"), task.get("end_date")
    if not begun:
        return False
    first = datetime.fromisoformat(begun)
    last = datetime.fromisoformat(ended) if ended else None
    return any(first <= each and (last is None or each <= last) for each in stops)
