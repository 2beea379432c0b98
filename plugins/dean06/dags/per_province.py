"""A DAG for each province of the installation: what a DAG file makes, it makes for all of them."""

import logging
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

from airflow.sdk import DAG

from dean06.errors import Dean06Error
from dean06.provinces import current

log = logging.getLogger(__name__)

P = ParamSpec("P")


def per_province(make: Callable[P, DAG]) -> Callable[P, DAG]:
    """Have a factory make its DAG once for every province; Airflow finds each of them by itself.

    A province whose file is wrong has no DAGs, and the others keep theirs; the watchdog reports it.
    Returns the last DAG made. Raises Dean06Error when no province has any.
    """

    @wraps(make)
    def made(*args: P.args, **kwargs: P.kwargs) -> DAG:
        found: list[DAG] = []
        faults: list[Exception] = []
        for key in current.all_keys():
            try:
                with current.acting(key):
                    found.append(make(*args, **kwargs))
            except (Dean06Error, ValueError) as error:  # a setting of its own may be no number
                if not key:
                    raise
                log.error("%s: %s", key, error)
                faults.append(error)
        if not found:
            raise faults[0]
        return found[-1]

    return made
