"""The manifests of Kubernetes: what is promised of every pod, and who may talk to whom."""

import json
from typing import Any

import pytest
from bench.place import PROJECT
from tests.kubernetes.__main__ import RECORD, VERSIONS
from tests.kubernetes.programs import invalid
from tests.lib import compose_file, kubernetes
from tests.lib.kubernetes import OWN_DSN, Object

DATABASE, SOURCES = "address:192.0.2.10/32", "address:198.51.100.0/24"
STORAGE, MAIL = "address:203.0.113.10/32", "address:203.0.113.25/32"


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


@pytest.mark.parametrize("version", VERSIONS)
def test_manifests_follow_the_schemas_of_kubernetes(ours: list[Object], version: str) -> None:
    assert invalid(ours, version) == []
    watchdog = next(item for item in ours if item["kind"] == "Deployment")
    (error,) = invalid([kubernetes.changed(watchdog, "spec.replica", 1)], version)
    assert "replica" in error


def test_manifests_keep_what_is_promised_of_every_pod(ours: list[Object]) -> None:
    assert kubernetes.broken(ours) == []
    names = [name for name, _ in kubernetes.pods(ours)]
    assert names == ["Deployment dean06-watchdog", "Job dean06-operator-"]


POD, BOX = "spec.template.spec", "spec.template.spec.containers.0"


@pytest.mark.parametrize(
    ("place", "value", "said"),
    [
        (f"{POD}.securityContext.runAsNonRoot", False, "may run as root"),
        (f"{POD}.securityContext.runAsUser", 0, "may run as root"),
        (f"{POD}.securityContext.seccompProfile", ..., "every system call"),
        (f"{POD}.automountServiceAccountToken", ..., "token of the cluster"),
        (f"{POD}.hostNetwork", True, "shares the machine: hostNetwork"),
        (f"{POD}.volumes.0", {"name": "all", "hostPath": {"path": "/"}}, "shares the machine: all"),
        (f"{BOX}.securityContext.runAsNonRoot", ..., "may run as root"),
        (f"{BOX}.securityContext.readOnlyRootFilesystem", False, "write to its root"),
        (f"{BOX}.securityContext.allowPrivilegeEscalation", ..., "more rights"),
        (f"{BOX}.securityContext.capabilities", {"drop": []}, "has capabilities"),
        (f"{BOX}.resources.limits", ..., "no limits.memory"),
        (f"{BOX}.resources.requests", {"memory": "1Gi"}, "no requests.cpu"),
        (f"{BOX}.image", "registry.example/dean06", "no version"),
        (f"{BOX}.image", "registry.example/dean06:latest", "no version"),
        (f"{BOX}.livenessProbe", ..., "when it hangs"),
        (f"{BOX}.env.0", OWN_DSN, "DEAN06_WAREHOUSE_DSN is written in the file"),
    ],
)
def test_a_broken_promise_is_noticed(ours: list[Object], place: str, value: Any, said: str) -> None:
    watchdog = next(item for item in ours if item["kind"] == "Deployment")
    found = kubernetes.broken([kubernetes.changed(watchdog, place, value)])
    assert any(said in problem for problem in found), found


@pytest.mark.parametrize("secret", ["postgresql://me:secret@db/dean06", "DEAN06_REDIS_PASSWORD"])
def test_a_secret_among_the_settings_is_noticed(ours: list[Object], secret: str) -> None:
    settings = next(item for item in ours if item["kind"] == "ConfigMap")
    key = secret if secret.isupper() else "DEAN06_LANDING"
    assert kubernetes.broken([kubernetes.changed(settings, f"data.{key}", secret)])
    assert kubernetes.broken([{**settings, "kind": "Secret"}])


def test_the_cluster_refuses_pods_that_are_not_restricted(ours: list[Object]) -> None:
    namespace = next(item for item in ours if item["kind"] == "Namespace")
    assert namespace["metadata"]["labels"]["pod-security.kubernetes.io/enforce"] == "restricted"
    assert {item["metadata"].get("namespace", "dean06") for item in ours} == {"dean06"}


def test_the_watchdog_is_a_deployment_of_its_own(
    ours: list[Object], record: dict[str, Any]
) -> None:
    """It is no part of the release, whose end it has to report; two would notify twice."""
    watchdog = next(item for item in ours if item["kind"] == "Deployment")
    assert watchdog["spec"]["strategy"] == {"type": "Recreate"}
    assert watchdog["spec"]["replicas"] == 1
    container = kubernetes.at(watchdog, BOX)
    assert container["args"] == compose_file.load()["services"]["watch"]["command"]
    health = compose_file.load()["services"]["watch"]["healthcheck"]["test"][1:]
    assert container["livenessProbe"]["exec"]["command"] == health
    assert container["ports"] == [{"name": "metrics", "containerPort": 9606}]
    assert "watchdog" not in {labels["component"] for labels in record["pods"].values()}
    assert "release" not in watchdog["spec"]["template"]["metadata"]["labels"]


def test_one_image_is_run_everywhere(ours: list[Object], values: Object) -> None:
    image = values["images"]["airflow"]
    assert {t["spec"]["containers"][0]["image"] for _, t in kubernetes.pods(ours)} == {
        f"{image['repository']}:{image['tag']}"
    }
    default = compose_file.load()["services"]["redis"]["image"]
    assert values["images"]["redis"]["tag"] in default
    locked = (PROJECT / "requirements.txt").read_text(encoding="utf-8")
    assert f"apache-airflow=={values['airflowVersion']} " in locked


# ---- Network ----------------------------------------------------------------------------------


def test_networks_deny_by_default_and_name_whom_they_let_through(ours: list[Object]) -> None:
    found = kubernetes.policies(ours)
    assert kubernetes.policy_problems(found) == []
    rule = {"ports": [{"port": 1}]}
    everybody = [{"ipBlock": {"cidr": "0.0.0.0/0"}}, {"podSelector": {}}, {"namespaceSelector": {}}]
    for peer in everybody:
        wide = kubernetes.changed(found[1], "spec.egress", [{**rule, "to": [peer]}])
        assert kubernetes.policy_problems([found[0], wide]) == ["names: everybody"]
    assert kubernetes.policy_problems(found[1:]) == ["nothing denies by default"]
    wide = kubernetes.changed(found[1], "spec.egress.0.ports", ...)
    assert kubernetes.policy_problems([found[0], wide]) == ["names: every port"]


def test_who_may_talk_to_whom(ours: list[Object], record: dict[str, Any]) -> None:
    found = [item for item in kubernetes.policies(ours) if item["metadata"]["name"] != "names"]
    pods = {labels["component"]: labels for labels in record["pods"].values()}
    own = [template["metadata"]["labels"] for _, template in kubernetes.pods(ours)]
    places = pods | {labels["component"]: labels for labels in own}
    assert len(places) == 9
    outside = (DATABASE, SOURCES, STORAGE, MAIL, "namespace:ingress-nginx", "namespace:monitoring")
    everybody = {**places, **{name: name for name in outside}, "a stranger": {"app": "stranger"}}
    to_database = set(places) - {"redis"}
    asking = ("worker", "watchdog", "api-server", "operator")
    assert kubernetes.flows(found, everybody) == {
        *((name, DATABASE, 5432) for name in to_database),
        *((name, "redis", 6379) for name in ("scheduler", "worker")),
        *((name, "api-server", 8080) for name in asking),
        ("namespace:ingress-nginx", "api-server", 8080),
        ("api-server", "worker", 8793),
        ("api-server", "triggerer", 8794),
        *((name, SOURCES, port) for name in ("worker", "triggerer") for port in (22, 443)),
        ("worker", STORAGE, 443),
        ("worker", MAIL, 587),
        ("watchdog", MAIL, 587),
        ("namespace:monitoring", "watchdog", 9606),
    }


def test_names_are_asked_of_the_cluster_alone(ours: list[Object]) -> None:
    names = next(item for item in ours if item["metadata"]["name"] == "names")
    (rule,) = names["spec"]["egress"]
    assert [peer["podSelector"]["matchLabels"] for peer in rule["to"]] == [{"k8s-app": "kube-dns"}]
    assert {port["port"] for port in rule["ports"]} == {53}


def test_both_sides_must_allow_a_connection(ours: list[Object], record: dict[str, Any]) -> None:
    pods = {labels["component"]: labels for labels in record["pods"].values()}
    for without in ("broker", "to-broker"):
        found = [each for each in kubernetes.policies(ours) if each["metadata"]["name"] != without]
        assert ("worker", "redis", 6379) not in kubernetes.flows(found, pods)


def test_ports_that_are_let_through_are_those_that_pods_listen_on(
    ours: list[Object], record: dict[str, Any]
) -> None:
    listening = {**record["ports"], "watchdog": [9606]}
    for item in kubernetes.policies(ours):
        for rule in item["spec"].get("ingress", []):
            component = item["spec"]["podSelector"]["matchLabels"]["component"]
            assert {port["port"] for port in rule["ports"]} <= set(listening[component]), component
