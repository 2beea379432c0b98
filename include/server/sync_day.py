"""``python -m server.sync_day 2022-10-31``: sync a day through the Airflow of the containers.

Signs in as the first administrator (``DEAN06_ADMIN_USERNAME``, ``DEAN06_ADMIN_PASSWORD``), starts
all sources, shows how far they are, waits for the KPIs and prints the day.
"""

import argparse
import os
import sys
from datetime import date

import httpx2 as httpx
from rich.console import Console

from onebox.airflow import Airflow, AirflowError, wait_until
from onebox.sync import DAGS, sync_day

_URL = "http://airflow-apiserver:8080"
_START_SECONDS = 600
_ANSWER_SECONDS = 300
"""On a loaded server, signing in took more than one minute."""


def parser() -> argparse.ArgumentParser:
    """The command line."""
    found = argparse.ArgumentParser(prog="python -m server.sync_day", description=__doc__)
    found.add_argument("day", type=date.fromisoformat, help="e.g. 2022-10-31")
    found.add_argument("--url", default=_URL, help=f"URL of Airflow; default {_URL}")
    found.add_argument(
        "--patience", type=int, default=_START_SECONDS, metavar="SECONDS",
        help=f"how long Airflow may take to start, and to parse DAGs; default {_START_SECONDS}",
    )  # fmt: skip
    return found


def main(words: list[str] | None = None) -> int:
    """Sync the day that the command line names; returns the exit code."""
    asked = parser().parse_args(words)
    user = os.environ.get("DEAN06_ADMIN_USERNAME")
    password = os.environ.get("DEAN06_ADMIN_PASSWORD")
    if not (user and password):
        print("set DEAN06_ADMIN_USERNAME and DEAN06_ADMIN_PASSWORD in .env", file=sys.stderr)
        return 2
    airflow = Airflow(asked.url, user, password, _ANSWER_SECONDS)
    try:
        _wait(airflow, asked.patience)
        airflow.sign_in()
        _wait_for_dags(airflow, asked.patience)
        return 0 if sync_day(airflow, asked.day, Console(width=100), dict(os.environ)) else 1
    except (AirflowError, httpx.HTTPError) as error:
        print(f"dean06: {asked.day}: {str(error) or type(error).__name__}", file=sys.stderr)
        return 1


def _wait(airflow: Airflow, seconds: int) -> None:
    """Until every component is healthy and DAGs are parsed. Raises AirflowError when they never
    are, naming which."""
    if not wait_until(lambda: set(airflow.healthy().values()) == {"healthy"}, seconds, 3):
        states = ", ".join(f"{part} {state}" for part, state in airflow.healthy().items())
        raise AirflowError(f"Airflow is not ready after {seconds} seconds: {states}")


def _wait_for_dags(airflow: Airflow, seconds: int) -> None:
    """Until every DAG has been parsed. Raises AirflowError naming those that never are."""
    if not wait_until(lambda: set(DAGS) <= airflow.dag_ids(), seconds, 3):
        missing = ", ".join(sorted(set(DAGS) - airflow.dag_ids()))
        raise AirflowError(f"not parsed after {seconds} seconds: {missing}")


if __name__ == "__main__":
    sys.exit(main())
