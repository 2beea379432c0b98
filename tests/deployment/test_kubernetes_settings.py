"""Settings and Secrets of Kubernetes: those that the code knows, to those who need them."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from bench.place import PROJECT
from tests.kubernetes.__main__ import RECORD, VERSIONS
from tests.kubernetes.programs import invalid
from tests.lib import compose_file, kubernetes
from tests.lib.kubernetes import COMPONENTS, Object

from dean06.cli.init_env import init_env
from server import kubernetes as secrets


@pytest.fixture(scope="module")
def ours() -> list[Object]:
    return kubernetes.manifests()


@pytest.fixture(scope="module")
def values() -> Object:
    return kubernetes.values()


@pytest.fixture(scope="module")
def record() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(RECORD.read_text(encoding="utf-8"))
    return found


@pytest.fixture(scope="module")
def made() -> dict[str, dict[str, str]]:
    """The Secrets that a filled-in .env gives; each value names its setting."""
    names = set(compose_file.documented())
    return secrets.secrets_of({name: name.lower() for name in names}, "db.example")


ELSEWHERE = {
    "AIRFLOW__LOGGING__BASE_LOG_FOLDER": "the chart mounts logs in AIRFLOW_HOME",
    "AIRFLOW__API__BASE_URL": "an example of an address",
    "AIRFLOW__FAB__COOKIE_SECURE": "browsers come through an ingress with TLS",
    "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": "the chart names the service of the release",
}


def test_airflow_is_set_as_in_the_compose_file(values: Object, record: dict[str, Any]) -> None:
    given = {
        f"AIRFLOW__{section}__{option}".upper(): str(value)
        for section, options in values["config"].items()
        for option, value in options.items()
    }
    assert record["options"].items() >= given.items(), "render the chart again: make kubernetes"
    raw = compose_file.load()
    names = {**raw["x-airflow-environment"], **raw["x-jwt-environment"]}
    wanted = {
        name: compose_file.substitute(str(value), {}).lower()
        for name, value in names.items()
        if name.startswith("AIRFLOW__") and ":?" not in str(value) and name not in ELSEWHERE
    }
    assert len(wanted) > 10
    assert {name: record["options"][name].lower() for name in wanted} == wanted


def unknown(names: set[str]) -> set[str]:
    """Variables that neither the code reads nor the compose file sets."""
    raw = compose_file.load()
    code = (PROJECT / "plugins" / "dean06" / "settings.py").read_text(encoding="utf-8")
    known = {name for each in raw["services"].values() for name in each.get("environment", {})}
    return names - known - set(re.findall(r'"(DEAN06_[A-Z_]+)"', code))


def test_every_setting_is_one_that_is_known(ours: list[Object], values: Object) -> None:
    data = next(item for item in ours if item["kind"] == "ConfigMap")["data"]
    named = {*data, *variables(ours), *variables(values)}
    assert len(named) > 20
    assert unknown(named) == set()
    assert unknown({"DEAN06_LANDIN", "AIRFLOW_CONN_DEAN06_POLIZE"}) != set()


def variables(node: Any) -> Iterator[str]:
    """Names of all environment variables of containers."""
    if isinstance(node, dict):
        yield from (entry["name"] for entry in node.get("env", []) if isinstance(entry, dict))
        for child in node.values():
            yield from variables(child)
    elif isinstance(node, list):
        for child in node:
            yield from variables(child)


def test_workers_are_told_what_the_compose_file_tells_them(
    ours: list[Object], values: Object
) -> None:
    raw = compose_file.load()["services"]["airflow-worker"]["environment"]
    data = next(item for item in ours if item["kind"] == "ConfigMap")["data"]
    given = set(data) | set(variables(kubernetes.at(values, "workers.celery")))
    limits = {"DEAN06_MAX_UNPACKED_BYTES", "DEAN06_SMALLEST_SHOWN_COUNT"}  # have defaults
    assert {n for n in raw if not n.startswith("AIRFLOW__")} - limits == given - {"AIRFLOW_HOME"}


def test_each_component_is_given_only_the_secrets_it_needs(
    ours: list[Object], values: Object
) -> None:
    def given(part: Any) -> set[str]:
        return {name.removeprefix("dean06-") for name, _ in kubernetes.secret_keys(part)}

    assert {name: given(kubernetes.at(values, name)) for name in COMPONENTS} == {
        "workers.celery": {"warehouse", "sources", "storage", "alerts"},
        "scheduler": set(),
        "dagProcessor": set(),
        "triggerer": {"warehouse", "sources"},
        "apiServer": {"warehouse", "watch"},
        "redis": set(),
        "migrateDatabaseJob": {"warehouse", "watch", "admin"},
    }
    assert {name: given(template) for name, template in kubernetes.pods(ours)} == {
        "Deployment dean06-watchdog": {"warehouse", "watch", "alerts"},
        "Job dean06-operator-": {"warehouse", "admin"},
    }
    of_triggers = kubernetes.secret_keys(values["triggerer"])
    assert ("dean06-sources", "AIRFLOW_CONN_DEAN06_HEALTH") in of_triggers
    assert len(of_triggers) == 2


def test_every_secret_that_is_named_is_made_and_none_beside(
    ours: list[Object], values: Object, made: dict[str, dict[str, str]]
) -> None:
    by_chart = {
        (values["fernetKeySecretName"], "fernet-key"),
        (values["apiSecretKeySecretName"], "api-secret-key"),
        (values["jwtSecretName"], "jwt-secret"),
        (values["redis"]["passwordSecretName"], "password"),
        *((values["data"][f"{name}SecretName"], "connection")
          for name in ("metadata", "resultBackend", "brokerUrl")),
    }  # fmt: skip
    named = by_chart | kubernetes.secret_keys(values) | kubernetes.secret_keys(ours)
    assert named == {(name, key) for name, data in made.items() for key in data}


def test_secrets_hold_what_the_compose_file_would_be_given(made: dict[str, dict[str, str]]) -> None:
    raw = compose_file.load()
    env = {name: name.lower() for name in compose_file.documented()}
    given = compose_file.interpolate(raw, env)
    airflow = given["x-airflow-environment"]
    dsn = airflow["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"].replace("postgres:5432", "db.example")
    assert made["dean06-metadata"]["connection"] == f"{dsn}?sslmode=require"
    assert made["dean06-result-backend"]["connection"] == f"db+{dsn}?sslmode=require"
    broker = airflow["AIRFLOW__CELERY__BROKER_URL"].replace("@redis:", "@dean06-redis:")
    assert made["dean06-broker"]["connection"] == broker
    assert made["dean06-sources"] == given["x-ministries-environment"]
    warehouse = given["x-warehouse-environment"]["DEAN06_WAREHOUSE_DSN"]
    expected = warehouse.replace("postgres:5432", "db.example") + "?sslmode=require"
    assert made["dean06-warehouse"]["DEAN06_WAREHOUSE_DSN"] == expected


def test_secrets_come_from_the_file_that_init_env_wrote(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / ".env"
    init_env(file, "admin", simulation=True)
    capsys.readouterr()
    assert secrets.main([str(file), "--database", "db.example:5432"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert invalid(printed["items"], VERSIONS[-1]) == []
    data = {item["metadata"]["name"]: item["stringData"] for item in printed["items"]}
    assert json.loads(data["dean06-sources"]["AIRFLOW_CONN_DEAN06_POLICE"])["host"] == "ministries"
    assert re.fullmatch(r"[\w-]{43}=", data["dean06-fernet-key"]["fernet-key"])
    assert data["dean06-admin"]["DEAN06_ADMIN_USERNAME"] == "admin"


def test_a_setting_without_a_value_is_named_and_nothing_is_printed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / ".env"
    init_env(file, "admin", simulation=False)
    capsys.readouterr()
    assert secrets.main([str(file), "--database", "db.example"]) == 2
    said = capsys.readouterr()
    assert (said.out, "DEAN06_CONN_POLICE" in said.err) == ("", True)
    assert secrets.main([str(tmp_path / "none"), "--database", "db.example"]) == 2
