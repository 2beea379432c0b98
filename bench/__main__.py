"""``python -m bench``: run the cases, write ``docs/benchmarks.md``."""

import argparse
import logging
import os
import platform
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bench import api, correction, first_day, kpis, peers, readers, residents, scheduler, workers
from bench.first_day import FirstDay
from bench.place import CACHE, PROJECT, Place
from bench.readers import Answered
from bench.result import Result
from bench.workers import Simulated

CASES = ("residents", "first-day", "kpis", "correction", "readers", "workers", "scheduler")


def main(words: list[str] | None = None) -> list[Result]:
    """Run what the command line asks for; returns what was found."""
    asked = _parser().parse_args(words)
    found = Found()
    kpi_scale = asked.kpi_scale or asked.scale
    with Place(asked.cache.resolve(), asked.scale, asked.repeat) as place:
        if "residents" in asked.case:
            found.results += residents.run(place, with_peers=not asked.without_peers)
        if {"first-day", "kpis", "correction", "readers"} & set(asked.case):
            _province(place, asked, kpi_scale, found)
        if "workers" in asked.case:
            _workers(place, found)
        if "scheduler" in asked.case:
            found.results += scheduler.run(place)
        versions = _versions(place)
    for one in found.results:
        print(f"{one.verdict:<12} {one.figure:8.2f} {one.unit:<3} {one.case}: {one.detail}")
    asked.out.parent.mkdir(parents=True, exist_ok=True)
    asked.out.write_text(_document(found, asked, kpi_scale, versions), encoding="utf-8")
    print(f"Written: {asked.out}")
    return found.results


def _parser() -> argparse.ArgumentParser:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument(
        "--scale", type=float, default=1.0, help="scale of the simulated province; default 1"
    )
    parser.add_argument(
        "--kpi-scale", type=float, help="scale for first-day, kpis, correction and readers"
    )
    parser.add_argument("--case", nargs="*", choices=CASES, default=list(CASES))
    parser.add_argument(
        "--repeat", type=int, default=3, help="rounds of each measurement; default 3"
    )
    parser.add_argument(
        "--warehouse",
        help="URL of an existing warehouse for the case readers, which does not change it",
    )
    parser.add_argument(
        "--days", type=int, default=365,
        help="days of publications in the warehouse of the case readers; default 365",
    )  # fmt: skip
    parser.add_argument(
        "--corrected-days", type=int, default=correction.DAYS,
        help="days on which the corrected record of the case correction counts",
    )  # fmt: skip
    parser.add_argument(
        "--seconds", type=float, default=readers.SECONDS, help="how long the readers run"
    )
    parser.add_argument(
        "--without-peers", action="store_true",
        help="leave out dlt, ADBC and pandas, which are downloaded from a package index",
    )  # fmt: skip
    parser.add_argument(
        "--cache", type=Path, default=CACHE, help="folder for simulated data and environments"
    )
    parser.add_argument(
        "--out", type=Path, default=PROJECT / "docs" / "benchmarks.md", help="file to write"
    )
    return parser


@dataclass
class Found:
    """What the cases found."""

    results: list[Result] = field(default_factory=list)
    answered: list[Answered] = field(default_factory=list)
    first: FirstDay | None = None
    simulated: list[Simulated] = field(default_factory=list)


def _province(place: Place, asked: argparse.Namespace, scale: float, found: Found) -> None:
    """A first day of the province, its KPIs and who reads them: of one warehouse, made once."""
    cases = set(asked.case)
    if asked.warehouse and not {"first-day", "kpis", "correction"} & cases:
        read, found.answered = readers.run(asked.warehouse, asked.seconds)
        found.results += read
        return
    with place.warehouse() as database:
        is_later_wanted = bool({"kpis", "readers"} & cases)
        built, first = kpis.run(place, database, scale, is_later_wanted=is_later_wanted)
        if "first-day" in cases:
            found.first = first
            found.results += first_day.results(place, database, first)
        if "kpis" in cases:
            found.results += built
        if "correction" in cases:
            with place.warehouse(database) as copied:
                found.results += correction.run(place, copied, asked.corrected_days)
        if "readers" in cases:
            readers.publish_on(place, database, asked.days)
            read, found.answered = readers.run(
                asked.warehouse or place.dsn(database), asked.seconds
            )
            found.results += read
            if not asked.warehouse:  # it makes a token
                found.results += api.run(place, database, asked.seconds)


def _workers(place: Place, found: Found) -> None:
    """A load with several workers, and the first day, if the same run has measured it."""
    measured, found.simulated = workers.run(place)
    found.results += measured
    if found.first:
        found.simulated += workers.of_day(found.first)


def _versions(place: Place) -> dict[str, str]:
    names = ("apache-airflow", "great-expectations", "pyarrow", "msgspec", "psycopg2-binary")
    with place.warehouse() as database:
        server = str(place.rows(database, "show server_version")[0][0])
    return {
        "Python": platform.python_version(),
        "PostgreSQL": server,
        **{name: version(name) for name in names},
        **{f"{peer.package} (separate environment)": peer.version for peer in peers.ALL},
    }


def _document(
    found: Found, asked: argparse.Namespace, kpi_scale: float, versions: dict[str, str]
) -> str:
    templates = Environment(
        loader=FileSystemLoader(PROJECT / "include" / "templates"), undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True,
        autoescape=False,  # noqa: S701  # Markdown of our own values
    )  # fmt: skip
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return templates.get_template("benchmarks.md.jinja").render(
        results=found.results,
        answered=found.answered,
        first=found.first,
        simulated=found.simulated,
        steps=first_day.STEPS,
        scale=asked.scale,
        kpi_scale=kpi_scale,
        repeat=asked.repeat,
        versions=versions,
        today=datetime.now(UTC).date(),
        machine=f"{os.cpu_count()} cores, {memory:.0f} GiB, {platform.machine()}",
    )


if __name__ == "__main__":
    logging.disable(logging.WARNING)  # what the bench says itself is its progress
    main()
