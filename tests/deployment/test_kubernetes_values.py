"""Values of the Airflow chart, as far as they can be judged without it.

``make kubernetes`` renders the chart and writes down what it saw.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from bench.place import PROJECT
from tests.kubernetes.__main__ import RECORD
from tests.lib import compose_file, kubernetes
from tests.lib.kubernetes import COMPONENTS, OWN_DSN, Object

WITH_PROBE = ("workers.celery", "scheduler", "dagProcessor", "triggerer", "apiServer")
PEAK_MIB = {
    "workers.celery": 910, "triggerer": 360, "dagProcessor": 330, "apiServer": 294,
    "scheduler": 268,
}  # fmt: skip
"""Measured in containers (docs/server.md)."""


@pytest.fixture(scope="module")
def values() -> Object:
    return kubernetes.values()


@pytest.fixture(scope="module")
def record() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(RECORD.read_text(encoding="utf-8"))
    return found


def value_problems(values: Object) -> Iterator[str]:
    """Promises that values break: what the chart would make of them would break them too."""
    everywhere = values["securityContexts"]
    yield from kubernetes.pod_problems(everywhere["pod"])
    yield from kubernetes.context_problems(everywhere["containers"])
    for name in COMPONENTS:
        part = kubernetes.at(values, name)
        yield from (f"{name}: {problem}" for problem in component_problems(part))
        if name in WITH_PROBE and "livenessProbe" not in part:
            yield f"{name}: nobody notices when it hangs"
    for name in ("fernetKeySecretName", "apiSecretKeySecretName", "jwtSecretName"):
        if not values.get(name):
            yield f"{name}: the chart would make one, and another at each upgrade"
    data = {"metadataConnection", "brokerUrl", "resultBackendConnection"}
    written = {"fernetKey", "apiSecretKey", "jwtSecret"} & values.keys()
    written |= data & values["data"].keys() | {"password"} & values["redis"].keys()
    yield from (f"{name} is written in the file" for name in written)
    if values["createUserJob"]["enabled"]:
        yield "createUserJob: takes a password from the file"


def component_problems(part: Object) -> list[str]:
    """Promises that the values of one component break."""
    found = kubernetes.pod_problems(part["securityContexts"]["pod"])
    found += kubernetes.context_problems(part["securityContexts"]["container"])
    found += kubernetes.resource_problems(part.get("resources", {}))
    found += kubernetes.env_problems(part.get("env", []))
    for beside in {"waitForMigrations", "logGroomerSidecar"} & part.keys():
        contexts = part[beside].get("securityContexts", {})
        found += kubernetes.context_problems(contexts.get("container", {}))
    if part["serviceAccount"]["automountServiceAccountToken"]:
        found.append("has a token of the cluster")
    return found


def test_values_keep_what_is_promised_of_every_pod(values: Object) -> None:
    assert list(value_problems(values)) == []


@pytest.mark.parametrize(
    ("place", "value", "said"),
    [
        ("securityContexts.containers.readOnlyRootFilesystem", False, "root file system"),
        ("securityContexts.pod.runAsUser", 0, "may run as root"),
        ("scheduler.securityContexts.pod", {}, "scheduler: may run as root"),
        ("redis.securityContexts.container", {}, "redis: may write"),
        ("triggerer.waitForMigrations", {}, "triggerer: may write"),
        ("workers.celery.logGroomerSidecar.securityContexts", {}, "workers.celery: may write"),
        ("apiServer.resources", ..., "apiServer: has no limits.memory"),
        ("dagProcessor.livenessProbe", ..., "dagProcessor: nobody notices"),
        (
            "workers.celery.serviceAccount.automountServiceAccountToken",
            True,
            "token of the cluster",
        ),
        ("apiServer.env.0", OWN_DSN, "apiServer: DEAN06_WAREHOUSE_DSN is written"),
        ("fernetKey", "secret", "fernetKey is written"),
        ("jwtSecretName", ..., "jwtSecretName: the chart would make one"),
        ("data.brokerUrl", "redis://:secret@redis", "brokerUrl is written"),
        ("createUserJob.enabled", True, "takes a password"),
    ],
)
def test_a_broken_value_is_noticed(values: Object, place: str, value: Any, said: str) -> None:
    found = list(value_problems(kubernetes.changed(values, place, value)))
    assert any(said in problem for problem in found), found


def test_the_chart_was_rendered_with_these_values(values: Object, record: dict[str, Any]) -> None:
    """A value the chart does not know is found by rendering alone: `make kubernetes CHART=…`."""
    assert sorted(kubernetes.paths(values)) == record["values"]
    (version,) = re.findall(r"airflow\), version (\S+)\. ", kubernetes.VALUES.read_text("utf-8"))
    assert record["chart"] == f"airflow {version}"
    page = (PROJECT / "docs" / "server.md").read_text(encoding="utf-8")
    assert f"version {version}" in page
    assert f"--version {version}" in page


def test_a_value_that_was_not_rendered_is_noticed(values: Object, record: dict[str, Any]) -> None:
    wrong = kubernetes.paths(kubernetes.changed(values, "redis.uuid", 1))
    assert wrong - set(record["values"]) == {"redis.uuid"}


def test_memory_is_what_was_measured_and_more(values: Object) -> None:
    for name, peak in PEAK_MIB.items():
        resources = kubernetes.at(values, name)["resources"]
        assert kubernetes.mebibytes(resources["requests"]["memory"]) >= peak, name
        assert kubernetes.mebibytes(resources["limits"]["memory"]) >= 2 * peak, name
    page = (PROJECT / "docs" / "benchmarks.md").read_text(encoding="utf-8")
    task = float(re.findall(r"\| peak memory of a task \| ([\d.]+) MB", page)[0]) * 1e6 / 2**20
    tasks = values["config"]["celery"]["worker_concurrency"]
    limit = kubernetes.mebibytes(kubernetes.at(values, "workers.celery.resources.limits.memory"))
    assert limit >= 446 + tasks * task, "a worker, and as many tasks as it runs at once"


def test_the_migration_is_the_one_of_the_compose_file(values: Object) -> None:
    argv = compose_file.load()["services"]["init"]["command"]
    assert values["migrateDatabaseJob"]["args"] == [word.replace("$$", "$") for word in argv]


def test_probes_are_the_light_ones_of_the_compose_file(values: Object) -> None:
    services = compose_file.load()["services"]
    for name, service in {
        "dagProcessor": "airflow-dag-processor", "triggerer": "airflow-triggerer",
        "scheduler": "airflow-scheduler",
    }.items():  # fmt: skip
        probe = kubernetes.at(values, name)["livenessProbe"]
        assert probe["command"] == services[service]["healthcheck"]["test"][1:], name
    worker = services["airflow-worker"]["healthcheck"]["test"][1].replace("$$", "$")
    assert kubernetes.at(values, "workers.celery.livenessProbe.command")[-1] == worker


def test_databases_are_made_as_by_the_compose_file() -> None:
    text = (kubernetes.FOLDER / "databases.sql").read_text(encoding="utf-8")
    _, _, statements = text.partition("\n\n")
    assert statements == compose_file.load()["configs"]["databases"]["content"]


def test_nothing_is_synced_before_the_databases_are_migrated() -> None:
    """Pods wait for Airflow's database only, so the guide starts scheduler and workers last."""
    page = (PROJECT / "docs" / "server.md").read_text(encoding="utf-8")
    stopped = "--set scheduler.replicas=0 --set workers.celery.replicas=0"
    first, start, upgrade = page.index("helm install"), page.index("## First"), page.index("## Upg")
    helm = [line for line in page.splitlines() if line.startswith(("helm install", "helm upgrade"))]
    assert start < first < upgrade
    assert [stopped in line for line in helm] == [True, False, False, True, True, False]
    assert all("-n dean06 -f include/kubernetes/values.yaml" in line for line in helm)
