"""Several provinces in one installation: databases of owners of their own on the tests' server, a
simulated world each, and their DAGs through Airflow's task runner."""

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from airflow.dag_processing.dagbag import DagBag
from airflow.models.dagrun import DagRun
from airflow.utils.session import create_session
from sqlalchemy import make_url, text
from typer.testing import CliRunner

from dean06 import roles
from dean06.cli.app import app
from dean06.proof import keys
from dean06.provinces import current, files
from dean06.reports.digest import warehouse_digest
from ministries.servers import Running, running
from tests.conftest import Cluster
from tests.lib.syncing import SOURCES, connection

PASSWORD = "only-on-this-machine"
_FIRST_CODE = 80
COUNTRY = "country"
"""Key of the country, where an installation serves it too."""
_moments = (datetime(2023, 1, 1, tzinfo=UTC) + timedelta(minutes=n) for n in range(10_000))


@dataclass(frozen=True)
class Served:
    """A province that an installation serves."""

    key: str
    url: str
    """Its warehouse, as its owner."""
    ministries: Running


@contextmanager
def environment(values: Mapping[str, str | None]) -> Iterator[None]:
    """Variables of the process until the block ends; None: not set."""
    before = {name: os.environ.get(name) for name in values}
    _set(values)
    try:
        yield
    finally:
        _set(before)


def _set(values: Mapping[str, str | None]) -> None:
    for name, value in values.items():
        os.environ.pop(name, None)
        if value is not None:
            os.environ[name] = value


@contextmanager
def serving(
    cluster: Cluster,
    home: Path,
    seeds: Mapping[str, int],
    scenarios: Mapping[str, tuple[str, str]] | None = None,
) -> Iterator[dict[str, Served]]:
    """An installation that serves provinces by key, each with a world of its seed; every one is
    added by the command that people use. ``scenarios``: file and code of each, unless it is as
    Tiền Giang."""
    with ExitStack() as stack:
        folder = home / "provinces"
        folder.mkdir()
        folder.chmod(0o700)
        stack.enter_context(environment({"DEAN06_PROVINCES": str(folder)}))
        found = {}
        for key, seed in seeds.items():
            url = stack.enter_context(_database(cluster, key))
            usual = ("tien_giang_2022", str(_FIRST_CODE + len(found)))
            scenario, code = (scenarios or {}).get(key, usual)
            _add(key, url, home, "--code", code)
            ministries = stack.enter_context(running(scenario, 0.001, seed=seed))
            stack.enter_context(environment(connections(ministries, f"{key}_")))
            found[key] = Served(key, url, ministries)
        stack.callback(_forget_dags)
        yield found


def _forget_dags() -> None:
    """As Airflow does with DAGs whose files are gone: in the same Airflow, another test's watchdog
    would report that they do not run."""
    with create_session() as session:
        session.execute(text("update dag set is_stale = true where position('__' in dag_id) > 0"))


@contextmanager
def country_of(cluster: Cluster, home: Path, codes: Mapping[str, str]) -> Iterator[Path]:
    """A country beside provinces that are served and have published, by key and code; yields the
    folder of its signed publications."""
    named = {}
    for key, code in codes.items():
        with current.acting(key):
            public_key = keys.public_pem(keys.newest())
        named[key] = {
            "folder": str(home / key / "signed_publications"),
            "public_key": public_key,
            "codes": [code],
        }
    connection = json.dumps({"conn_type": "generic", "extra": {"provinces": named}})
    with _database(cluster, COUNTRY) as url:
        settings = ("DEAN06_LEVEL=country", f"DEAN06_COUNTRY_PROVINCES={' '.join(codes)}")
        chosen = [word for each in settings for word in ("--setting", each)]
        _add(COUNTRY, url, home, "--code", "00", *chosen)
        with environment({"AIRFLOW_CONN_DEAN06_COUNTRY_PUBLICATIONS": connection}):
            yield home / COUNTRY / "signed_publications"


@contextmanager
def alone(url: str, home: Path, ministries: Running) -> Iterator[None]:
    """An installation that serves one province, as it has always been."""
    home.mkdir()
    with environment(
        {
            "DEAN06_PROVINCES": None,
            "DEAN06_WAREHOUSE_DSN": url,
            **{name: (home / path).as_uri() for name, path in files.STORES.items()},
            **{name: str(home / path) for name, path in files.FILES.items()},
            **connections(ministries, ""),
        }
    ):
        yield


def connections(ministries: Running, prefix: str) -> dict[str, str]:
    """Variables of the Airflow connections to a world; ``prefix``: before the source's name."""
    return {
        f"AIRFLOW_CONN_DEAN06_{prefix.upper()}{source.upper()}": connection(ministries, source)
        for source in SOURCES
    }


def dags() -> DagBag:
    """All DAGs of the installation as it is now."""
    return DagBag(dag_folder=os.environ["AIRFLOW__CORE__DAGS_FOLDER"])


def run(bag: DagBag, dag_id: str, **conf: str) -> DagRun:
    """One run of a DAG through Airflow's task runner. ``dag.test`` does not raise: look at it."""
    return bag.dags[dag_id].test(logical_date=next(_moments), run_conf=conf)


def digest_of(key: str) -> dict[str, str]:
    """The digest of a province's warehouse."""
    with current.acting(key):
        return warehouse_digest()


@contextmanager
def _database(cluster: Cluster, key: str) -> Iterator[str]:
    """An empty database whose owner owns nothing else; its roles go with it."""
    owner = f"owner_{key}"
    cluster.server.execute(f"create role {owner} login createrole password '{PASSWORD}'")
    cluster.server.execute(f"create database {key} owner {owner}")
    try:
        url = make_url(cluster.url(key)).set(username=owner, password=PASSWORD)
        yield url.render_as_string(hide_password=False)
    finally:
        cluster.server.execute(f"drop database {key} with (force)")
        for purpose in roles.PURPOSES:
            cluster.server.execute(f"drop role if exists dean06_{key}_{purpose}")
        cluster.server.execute(f"drop role {owner}")


def _add(key: str, url: str, home: Path, *others: str) -> None:
    words = ["add-province", key, "--name", key.title(), "--warehouse", url, *others]
    done = CliRunner().invoke(app, [*words, "--home", str(home / key)])
    assert done.exit_code == 0, done.output
    assert PASSWORD not in done.output


def command(*words: str) -> Any:
    """A command of ``python -m dean06``, in this process."""
    return CliRunner().invoke(app, list(words))
