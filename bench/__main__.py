"""``python -m bench``: run the cases, write ``docs/benchmarks.md``."""

import argparse
import logging
import os
import platform
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bench import kpis, peers, readers, residents, scheduler
from bench.place import CACHE, PROJECT, Place
from bench.readers import Answered
from bench.result import Result

CASES = ("residents", "kpis", "readers", "scheduler")


def main(words: list[str] | None = None) -> list[Result]:
    """Run what the command line asks for; returns what was found."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--scale", type=float, default=1.0, help="of the province")
    parser.add_argument("--kpi-scale", type=float, help="KPIs of a part of it only")
    parser.add_argument("--case", nargs="*", choices=CASES, default=list(CASES))
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--warehouse", help="URL of one that readers read as it is")
    parser.add_argument("--days", type=int, default=365, help="of publications that are read")
    parser.add_argument("--seconds", type=float, default=readers.SECONDS, help="that readers read")
    parser.add_argument("--without-dlt", action="store_true", help="dlt needs a package index")
    parser.add_argument("--cache", type=Path, default=CACHE)
    parser.add_argument("--out", type=Path, default=PROJECT / "docs" / "benchmarks.md")
    asked = parser.parse_args(words)
    results: list[Result] = []
    answered: list[Answered] = []
    kpi_scale = asked.kpi_scale or asked.scale
    with Place(asked.cache.resolve(), asked.scale, asked.repeat) as place:
        if "residents" in asked.case:
            results += residents.run(place, with_dlt=not asked.without_dlt)
        if {"kpis", "readers"} & set(asked.case):
            found, answered = _province(place, asked, kpi_scale)
            results += found
        if "scheduler" in asked.case:
            results += scheduler.run(place)
        versions = _versions(place)
    for one in results:
        print(f"{one.verdict:<7} {one.figure:8.2f} {one.unit:<3} {one.case}: {one.detail}")
    asked.out.parent.mkdir(parents=True, exist_ok=True)
    asked.out.write_text(_document(results, answered, asked, kpi_scale, versions), encoding="utf-8")
    print(f"Written: {asked.out}")
    return results


def _province(
    place: Place, asked: argparse.Namespace, scale: float
) -> tuple[list[Result], list[Answered]]:
    """KPIs of the province and who reads them: of one warehouse, which is made once."""
    if asked.warehouse and "kpis" not in asked.case:
        return readers.run(asked.warehouse, asked.seconds)
    with place.warehouse() as database:
        built = list(kpis.run(place, database, scale))
        results = built if "kpis" in asked.case else []
        if "readers" not in asked.case:
            return results, []
        readers.publish_on(place, database, asked.days)
        read, answered = readers.run(asked.warehouse or place.dsn(database), asked.seconds)
        return [*results, *read], answered


def _versions(place: Place) -> dict[str, str]:
    names = ("apache-airflow", "great-expectations", "pyarrow", "msgspec", "psycopg2-binary")
    with place.warehouse() as database:
        server = str(place.rows(database, "show server_version")[0][0])
    return {
        "Python": platform.python_version(),
        "PostgreSQL": server,
        **{name: version(name) for name in names},
        "dlt (apart)": peers.DLT,
    }


def _document(
    results: list[Result],
    answered: list[Answered],
    asked: argparse.Namespace,
    kpi_scale: float,
    versions: dict[str, str],
) -> str:
    templates = Environment(
        loader=FileSystemLoader(PROJECT / "include" / "templates"), undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True,
        autoescape=False,  # noqa: S701  # Markdown of our own values
    )  # fmt: skip
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return templates.get_template("benchmarks.md.jinja").render(
        results=results,
        answered=answered,
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
