"""The watchdog of all provinces: each is checked beside the others, so that one whose warehouse or
mail server does not answer keeps no other waiting."""

import logging
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from threading import Thread

from dean06 import settings
from dean06.errors import Dean06Error
from dean06.provinces import current, files
from dean06.watch import watchdog
from dean06.watch.problem import Problem

log = logging.getLogger(__name__)


def watch(every: timedelta) -> None:
    """Check for ever: the province that is chosen, else every one, those added meanwhile too."""
    if current.key() or not current.are_several():
        watchdog.watch(every)
    watched: dict[str, Thread] = {}
    while True:
        for key in _keys():
            if key not in watched or not watched[key].is_alive():
                watched[key] = Thread(
                    target=watchdog.watch, args=(every, key), name=f"watch {key}", daemon=True
                )
                watched[key].start()
        time.sleep(every.total_seconds())


def check_once(show: Callable[[Sequence[Problem]], int]) -> int:
    """One check of the province that is chosen, else of every one; ``show`` is called for each and
    says how many need attention. Returns how many do; a province that cannot be checked is one.

    Raises Dean06Error where the only province cannot be checked.
    """
    count = 0
    for key in _chosen():
        try:
            with current.acting(key):
                problems = watchdog.check(datetime.now(settings.TIMEZONE), is_shown=True)
                count += show(problems)
        except Dean06Error as error:
            if len(_chosen()) == 1:
                raise
            log.error("%s: %s", key, error)
            count += 1
    return count


def are_awake(within: timedelta) -> bool:
    """Whether the watchdog finished a check lately of the province that is chosen, else of every
    one. Raises Dean06Error where one cannot be asked."""
    for key in _chosen():
        with current.acting(key):
            if not watchdog.is_awake(within):
                return False
    return True


def _chosen() -> list[str]:
    return [current.key()] if current.key() else current.all_keys()


def _keys() -> list[str]:
    try:
        return files.all_keys()
    except Dean06Error as error:
        log.error("%s", error)
        return []
