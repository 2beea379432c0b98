"""``make provinces``: several provinces in one installation, and each in one of its own: both end
with the same digest. DAGs run through Airflow's task runner, without its scheduler, and the DAGs of
all provinces take turns."""

import argparse
import logging
import os
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

os.environ["AIRFLOW__LOGGING__LOGGING_LEVEL"] = "ERROR"  # read when Airflow is imported

from tests.conftest import Cluster, private_cluster

DAY = "2022-10-31"
_STEPS = ("verify_identities", "build_kpis", "agency_lists", "reconcile_portal", "keep_house")


def main() -> int:
    """Print a line for each province; 1 when a run failed or a digest differs."""
    parser = argparse.ArgumentParser(prog="python -m tests.provinces", description=__doc__)
    parser.add_argument("count", nargs="?", type=int, default=3, help="how many provinces")
    count = parser.parse_args().count
    logging.disable(logging.WARNING)
    with private_cluster() as cluster, tempfile.TemporaryDirectory() as home:
        Path(home).chmod(0o755)  # PostgreSQL may be another account
        return int(bool(differences(cluster, Path(home), count)))


def differences(cluster: Cluster, home: Path, count: int) -> list[str]:
    """The provinces whose warehouse differs from that of an installation of its own, or whose runs
    failed, by key."""
    from tests.lib import many_provinces

    seeds = {f"province_{number}": number for number in range(1, count + 1)}
    with airflow(cluster), many_provinces.serving(cluster, home, seeds) as served:
        begun = time.monotonic()
        failed = _sync(list(served))
        together = {key: many_provinces.digest_of(key) for key in served}
        print(f"{count} provinces in one installation: {time.monotonic() - begun:.0f} s")
        template = _migrated(cluster)
        for key, province in served.items():
            with (
                cluster.copy(template) as url,
                many_provinces.alone(url, home / f"alone_{key}", province.ministries),
            ):
                failed += [f"{key} alone: {dag_id}" for dag_id in _sync([""])]
                apart = many_provinces.digest_of("")
            is_same = apart == together[key]
            print(f"{key}: {together[key]['total'][:16]} {'equal' if is_same else 'DIFFERENT'}")
            failed += [] if is_same else [f"{key}: {_differing(together[key], apart)}"]
    is_one = count > 1 and len({each["total"] for each in together.values()}) == 1
    failed += ["the provinces have the same content"] if is_one else []
    print("\n".join(failed) or "Every run succeeded; every digest is equal.")
    return failed


@contextmanager
def airflow(cluster: Cluster) -> Iterator[None]:
    """Airflow with a metadata database; its session ends before its server does."""
    cluster.database(name="airflow")
    from airflow import settings
    from airflow.utils import db

    db.initdb()
    yield
    if settings.Session is not None:
        settings.Session.remove()


def _migrated(cluster: Cluster) -> str:
    from tests.lib.many_provinces import environment

    with environment({"DEAN06_PROVINCES": None}):
        return cluster.migrated()


def _sync(keys: Sequence[str]) -> list[str]:
    """One day of every province, source by source in turn; the DAGs that failed."""
    from tests.lib import many_provinces
    from tests.lib.syncing import SOURCES

    bag = many_provinces.dags()
    names = [*(f"sync_{source}" for source in SOURCES), *_STEPS]
    turns = [f"{key}__{name}" if key else name for name in names for key in keys]
    return [each for each in turns if many_provinces.run(bag, each, day=DAY).state != "success"]


def _differing(one: dict[str, str], other: dict[str, str]) -> str:
    return ", ".join(name for name in one if one[name] != other[name])


if __name__ == "__main__":
    sys.exit(main())
