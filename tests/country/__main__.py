"""``make country``: several provinces and the country in one installation, each with a warehouse of
its own. Ends with the national values beside those of the provinces and the truth, and with what
``verify.py`` says of every folder. DAGs run through Airflow's task runner, without a scheduler."""

import argparse
import csv
import logging
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from unittest.mock import patch

os.environ["AIRFLOW__LOGGING__LOGGING_LEVEL"] = "ERROR"  # read when Airflow is imported

import verify
from dean06 import settings
from dean06.cli import new_province
from ministries import reference
from ministries.kernel.clock import day_number
from ministries.truth.document import Truth
from tests.conftest import Cluster, private_cluster
from tests.provinces.__main__ import airflow

DAY = "2022-10-31"
_STEPS = ("verify_identities", "build_kpis")
KNOWN = (
    new_province.Province("dong_thap", "87", 1_600_000, "H20", "34"),
    new_province.Province("long_an", "80", 1_734_000, "H39", "30"),
    new_province.Province("ben_tre", "83", 1_298_000, "H07", "32"),
    new_province.Province("vinh_long", "86", 1_028_000, "H61", "33"),
)
"""Provinces beside Tiền Giang, which has joined the first of them since 2025."""
_FIRST, _FIRST_CODE = "tien_giang", "82"
Counts = tuple[int, int | None]
Cell = tuple[str, str, str]
"""KPI, breakdown, member."""


@dataclass(frozen=True)
class Told:
    """What a folder of signed publications says of its newest publication."""

    found: str
    refusals: Sequence[str]
    rows: Sequence[Mapping[str, str]]

    def counts(self, level: str, boundaries: str = "as_reported") -> dict[Cell, Counts | str]:
        """Counts of the units of a level, or the reason for none."""
        return {
            (row["kpi_code"], row["breakdown"], row["member_code"]): (
                (int(row["numerator"]), int(row["denominator"]) if row["denominator"] else None)
                if row["numerator"]
                else row["missing_reason"]
            )
            for row in self.rows
            if (row["unit_level"], row["boundary_version"]) == (level, boundaries)
        }


def main() -> int:
    """Print the national table and its proofs; 1 when a run failed or a value is not the sum."""
    parser = argparse.ArgumentParser(prog="python -m tests.country", description=__doc__)
    most = len(KNOWN) + 1
    parser.add_argument(
        "count", nargs="?", type=int, default=3, choices=range(2, most + 1),
        metavar="PROVINCES", help=f"how many provinces, 2 to {most}",
    )  # fmt: skip
    count = parser.parse_args().count
    logging.disable(logging.WARNING)
    with private_cluster() as cluster, tempfile.TemporaryDirectory() as home:
        Path(home).chmod(0o755)  # PostgreSQL may be another account
        with airflow(cluster):
            faults = differences(cluster, Path(home), KNOWN[: count - 1])
    print("\n".join(faults) or "Every national value is the sum of the provinces and the truth.")
    return int(bool(faults))


def differences(
    cluster: Cluster, home: Path, others: Sequence[new_province.Province],
    sources: Sequence[str] = (),
) -> list[str]:  # fmt: skip
    """What is wrong: runs that failed, folders that are not genuine, national values that are not
    the sum of what provinces have signed, or not the truth. ``sources``: all, unless named."""
    from tests.lib import many_provinces
    from tests.lib.syncing import SOURCES

    codes = {_FIRST: _FIRST_CODE, **{each.key: each.code for each in others}}
    with _worlds(home / "worlds", others) as scenarios:
        seeds = {key: number for number, key in enumerate(codes, start=1)}
        with many_provinces.serving(cluster, home, seeds, scenarios) as served:
            names = [*(f"sync_{source}" for source in sources or SOURCES), *_STEPS]
            faults = _runs([f"{key}__{name}" for name in names for key in codes])
            with many_provinces.country_of(cluster, home, codes) as signed:
                faults += _runs(
                    [f"country__{name}" for name in ("sync_publications", "build_kpis")]
                )
                folders = {key: home / key / "signed_publications" for key in codes}
                told = {
                    key: read(folder, key)
                    for key, folder in {**folders, many_provinces.COUNTRY: signed}.items()
                }
                true = {key: _truth(province.ministries.world) for key, province in served.items()}
    return faults + _compared(told, true)


def _runs(dag_ids: Sequence[str]) -> list[str]:
    """Run DAGs one after the other; those that failed."""
    from tests.lib import many_provinces

    bag, failed = many_provinces.dags(), []
    for number, each in enumerate(dag_ids, start=1):
        state = many_provinces.run(bag, each, day=DAY).state
        print(f"{number:3}/{len(dag_ids)}  {each}: {state}", flush=True)
        if state != "success":
            failed.append(each)
    return failed


@contextmanager
def _worlds(
    root: Path, others: Sequence[new_province.Province]
) -> Iterator[dict[str, tuple[str, str]]]:
    """Scenario and code of each province; what the simulated worlds read of them is in ``root``."""
    for part in ("include/ministries", "include/reference"):
        shutil.copytree(settings.PROJECT / part, root / part)
    for each in others:
        new_province.new_province(each, root)
    with patch.object(reference, "DATA", root / "include/ministries/data"):
        named = {each.key: (str(root / each.files[0]), each.code) for each in others}
        yield {_FIRST: ("tien_giang_2022", _FIRST_CODE), **named}


def read(folder: Path, key: str) -> Told:
    """What a folder says, checked with the public key that its publisher has."""
    from dean06.proof import keys
    from dean06.provinces import current

    with current.acting(key):
        public_key = keys.public_pem(keys.newest())
    known = verify.read_keys([verify.public_key_of(public_key.encode(), key)], folder)
    found, refusals, _ = verify.check_folder(folder, known, ())
    newest = max(folder.glob("publications/*.csv"))
    lines = newest.read_text(encoding="utf-8").splitlines()[1:]
    return Told(found, refusals, list(csv.DictReader(lines)))


def _truth(world: object) -> dict[Cell, Counts]:
    """What is true of the whole province on the day."""
    number = day_number(date.fromisoformat(DAY))
    document = Truth(world, number, number).document()  # type: ignore[arg-type]
    return {
        (row["code"], row["breakdown"], row["member_code"]): (row["numerator"], row["denominator"])
        for row in document["kpi"]
        if row["unit_level"] == "province"
    }


def _compared(told: Mapping[str, Told], true: Mapping[str, Mapping[Cell, Counts]]) -> list[str]:
    """Print the table and the proofs; returns what does not agree."""
    from dean06.kpi.family import families

    additivity = {kpi.code: kpi.additivity for family in families() for kpi in family.kpis}
    provinces = {key: each.counts("province") for key, each in told.items() if key in true}
    faults = [f"{key}: {refusal}" for key, each in told.items() for refusal in each.refusals]
    added = 0
    print(f"{'KPI':44}" + "".join(f"{key:>14}" for key in (*true, "country", "truth")))
    for boundaries in ("as_reported", "current"):
        national = told["country"].counts("country", boundaries)
        for cell, counts in sorted(national.items()):
            parts = [each.get(cell, "province_missing") for each in provinces.values()]
            name = "/".join(filter(None, cell))
            if isinstance(counts, str):
                is_due = additivity[cell[0]] != "non_additive" and all(
                    isinstance(part, tuple) for part in parts
                )
                faults += [f"{name}: {counts}, and every province has a value"] if is_due else []
                shown = "-"
            else:
                added += 1
                faults += [] if counts == _sum(parts) else [f"{name}: not the provinces' sum"]
                shown = _sum([each[cell] for each in true.values() if cell in each])
                is_true = shown == counts or counts[0] == 0 == shown[0]
                faults += [] if is_true else [f"{name}: {counts} is not the truth, {shown}"]
            if boundaries == "as_reported" and not cell[1]:
                columns = (*parts, counts, shown)
                print(f"{cell[0]:44}" + "".join(f"{_shown(each):>14}" for each in columns))
    for key, each in told.items():
        print(f"{key}: {'REFUSED' if each.refusals else 'GENUINE'}: {each.found}")
    print(f"{added} national values were compared, on both boundaries.")
    return faults if added else [*faults, "the country has no value"]


def _sum(parts: Sequence[Counts | str]) -> Counts:
    """What counts come to; nothing where one is no number."""
    numbers = [part for part in parts if isinstance(part, tuple)]
    if len(numbers) < len(parts):
        return (-1, None)
    of = [number[1] for number in numbers if number[1] is not None]
    return sum(number[0] for number in numbers), sum(of) if of else None


def _shown(counts: Counts | str) -> str:
    if isinstance(counts, str):
        return counts[:13]
    return str(counts[0]) if counts[1] is None else f"{counts[0]}/{counts[1]}"


if __name__ == "__main__":
    sys.exit(main())
