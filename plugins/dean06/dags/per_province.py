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


def per_province(make: Callable[P, DAG | None]) -> Callable[P, DAG | None]:
    """Have a factory make its DAG once for every province; Airflow finds each of them by itself.

    A province whose file is wrong has no DAGs, and the others keep theirs; the watchdog reports it.
    A factory makes none for an installation of another level: a country has no ministries.
    Returns the last DAG made. Raises Dean06Error when no province has any because of its file.
    """

    @wraps(make)
    def made(*args: P.args, **kwargs: P.kwargs) -> DAG | None:
        found: list[DAG | None] = []
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
        if faults and not found:
            raise faults[0]
        return next((dag for dag in reversed(found) if dag), None)

    return made
