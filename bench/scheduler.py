"""What the scheduler adds: a first day at 1/100 under Airflow, beside its tasks' own seconds."""

import os
import time
from collections.abc import Iterator
from datetime import date

from rich.console import Console

from bench.landed import DAY
from bench.place import Place
from bench.result import Result
from onebox import installation
from onebox.airflow import Airflow
from onebox.config import Config
from onebox.ports import free_ports
from onebox.reproduce import seconds_by_step
from onebox.sync import sync_day


def run(place: Place) -> Iterator[Result]:
    """One sync in an installation of its own, removed afterwards."""
    place.say("the scheduler: an installation of its own")
    for name, port in free_ports(Config.read().ports).items():
        os.environ[name] = str(port)
    os.environ["DEAN06_HOME"] = str(place.cache / "scheduler")
    config, console = Config.read(), Console(file=(place.cache / "scheduler.log").open("w"))
    wall: list[float] = []
    steps: dict[str, float] = {}

    def sync(airflow: Airflow, environment: dict[str, str]) -> bool:
        begun = time.monotonic()
        done = sync_day(airflow, date.fromisoformat(DAY), console, environment)
        wall.append(time.monotonic() - begun)
        steps.update(seconds_by_step(airflow))
        return done

    installation.remove(config)
    if not installation.run(config, sync, console, stay=False):
        raise RuntimeError(f"the sync under the scheduler failed: see {place.cache}/scheduler.log")
    installation.remove(config)
    own = sum(steps.values())
    told = ", ".join(f"{step} {seconds:.0f} s" for step, seconds in sorted(steps.items()))
    yield Result(
        "a day under the scheduler ÷ sum of its tasks' times", wall[0] / own, "×", None, 2,
        f"{wall[0]:.0f} s from trigger to published KPIs, tasks {own:.0f} s in total: {told}",
    )  # fmt: skip
