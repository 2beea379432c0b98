"""What is promised of every pod, in words when it is broken; who may talk to whom.

The same checks judge the manifests, the values of the chart, and what the chart makes of them.
"""

import copy
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

PROJECT = Path(__file__).resolve().parents[2]
FOLDER = PROJECT / "include" / "kubernetes"
VALUES, JOB = FOLDER / "values.yaml", FOLDER / "job.yaml"
Object = dict[str, Any]

SECRET = re.compile(
    r"PASSWORD|SECRET|FERNET|TOKEN$|AUTH$|_CONN_|_CONN$|BROKER_URL|RESULT_BACKEND|DSN"
    r"|AIRFLOW_API$|_URLS$"
)
"""Names of variables that hold a secret."""
_LOGIN_IN_URL = re.compile(r"://[^/\s:]*:[^@\s/]+@")
COMPONENTS = (
    "workers.celery", "scheduler", "dagProcessor", "triggerer", "apiServer", "redis",
    "migrateDatabaseJob",
)  # fmt: skip
"""Where the values speak of a pod."""
OWN_DSN = {"name": "DEAN06_WAREHOUSE_DSN", "value": "postgresql://dean06:secret@db/dean06"}
"""A secret in a file, as nobody should write one."""
_UNWATCHED = {"redis"}
"""The chart has no probe for it."""


def manifests() -> list[Object]:
    """Our own objects, without the chart's."""
    files = [*sorted((FOLDER / "manifests").glob("*.yaml")), JOB]
    return [item for file in files for item in documents(file.read_text(encoding="utf-8"))]


def documents(text: str) -> list[Object]:
    """The objects of a YAML file."""
    return [item for item in yaml.safe_load_all(text) if item]


def values() -> Object:
    """What the chart is given."""
    found: Object = yaml.safe_load(VALUES.read_text(encoding="utf-8"))
    return found


def pods(objects: Iterable[Object]) -> Iterator[tuple[str, Object]]:
    """Name and template of every pod that the objects make."""
    for item in objects:
        if "template" in item.get("spec", {}):
            named = item["metadata"].get("name") or item["metadata"]["generateName"]
            yield f"{item['kind']} {named}", item["spec"]["template"]


def broken(objects: Iterable[Object]) -> list[str]:
    """Promises that objects break, each with its place."""
    items = list(objects)
    tokens = {
        item["metadata"]["name"]: item.get("automountServiceAccountToken", True)
        for item in items
        if item["kind"] == "ServiceAccount"
    }
    found = [f"{item['kind']} is among the manifests" for item in items if item["kind"] == "Secret"]
    found += [problem for item in items for problem in _written_secrets(item)]
    for name, template in pods(items):
        spec = template["spec"]
        account = tokens.get(spec.get("serviceAccountName", ""), True)
        if spec.get("automountServiceAccountToken", account):
            found.append(f"{name}: has a token of the cluster")
        found += [f"{name}: {problem}" for problem in pod_problems(spec.get("securityContext", {}))]
        found += [f"{name}: {problem}" for problem in _host_problems(spec)]
        runs_on = name.split()[0] in {"Deployment", "StatefulSet"}
        for container in [*spec.get("initContainers", []), *spec["containers"]]:
            here = f"{name}: {container['name']}"
            found += [f"{here}: {problem}" for problem in container_problems(container)]
            is_main = container is spec["containers"][0] and container["name"] not in _UNWATCHED
            if runs_on and is_main and "livenessProbe" not in container:
                found.append(f"{here}: nobody notices when it hangs")
    return found


def pod_problems(context: Mapping[str, Any]) -> list[str]:
    """What a pod's security context lacks."""
    found = []
    if context.get("runAsNonRoot") is not True or not context.get("runAsUser"):
        found.append("may run as root")
    if context.get("seccompProfile") != {"type": "RuntimeDefault"}:
        found.append("may use every system call")
    return found


def container_problems(container: Mapping[str, Any]) -> list[str]:
    """What a container lacks: rights it must not have, a bound, a fixed image, secrets."""
    found = context_problems(container.get("securityContext", {}))
    found += resource_problems(container.get("resources", {}))
    if re.search(r"(^[^:]*|:latest)$", container["image"].rsplit("/", 1)[-1]):
        found.append("its image has no version")
    return found + env_problems(container.get("env", []))


def context_problems(context: Mapping[str, Any]) -> list[str]:
    """What a container's security context lacks."""
    found = []
    if context.get("runAsNonRoot") is not True:
        found.append("may run as root")
    if context.get("readOnlyRootFilesystem") is not True:
        found.append("may write to its root file system")
    if context.get("allowPrivilegeEscalation") is not False:
        found.append("may get more rights")
    if context.get("capabilities") != {"drop": ["ALL"]}:
        found.append("has capabilities")
    return found


def resource_problems(resources: Mapping[str, Any]) -> list[str]:
    """Which bounds are missing. Processors have no limit: it would slow work for nothing."""
    wanted = (("requests", "cpu"), ("requests", "memory"), ("limits", "memory"))
    return [
        f"has no {kind}.{what}" for kind, what in wanted if not resources.get(kind, {}).get(what)
    ]


def env_problems(env: Iterable[Mapping[str, Any]]) -> list[str]:
    """Secrets that stand in the file."""
    return [
        f"{entry['name']} is written in the file"
        for entry in env
        if SECRET.search(entry["name"]) and "secretKeyRef" not in entry.get("valueFrom", {})
    ]


def _host_problems(spec: Mapping[str, Any]) -> list[str]:
    shared = [key for key in ("hostNetwork", "hostPID", "hostIPC") if spec.get(key)]
    mounted = [volume["name"] for volume in spec.get("volumes", []) if "hostPath" in volume]
    return [f"shares the machine: {what}" for what in [*shared, *mounted]]


def _written_secrets(item: Object) -> list[str]:
    texts = [(key, str(value)) for key, value in item.get("data", {}).items()]
    return [
        f"{item['kind']} {item['metadata']['name']}: {key} holds a secret"
        for key, text in texts
        if item["kind"] == "ConfigMap" and (SECRET.search(key) or _LOGIN_IN_URL.search(text))
    ]


def secret_keys(node: Any) -> set[tuple[str, str]]:
    """Every key of a Secret that is referred to, with the Secret's name."""
    if isinstance(node, dict):
        own = {(ref["name"], ref["key"]) for ref in [node.get("secretKeyRef")] if ref}
        return own.union(*(secret_keys(child) for child in node.values()))
    return set().union(*(secret_keys(child) for child in node)) if isinstance(node, list) else set()


def paths(node: Any, place: str = "") -> set[str]:
    """The names of all values, from the top: ``redis.uid``. Lists are values."""
    if isinstance(node, dict) and node:
        return set().union(
            *(paths(child, f"{place}.{key}".lstrip(".")) for key, child in node.items())
        )
    return {place}


def mebibytes(quantity: str) -> int:
    """An amount of memory."""
    number, unit = int(quantity[:-2]), quantity[-2:]
    return number * {"Mi": 1, "Gi": 1024}[unit]


# ---- Places in a document --------------------------------------------------------------------


def at(node: Any, place: str) -> Any:
    """The part of a document that a dotted place names."""
    for key in place.split("."):
        node = node[int(key)] if isinstance(node, list) else node[key]
    return node


def changed(document: Any, place: str, value: Any) -> Any:
    """A copy with another value at a place; ``...`` takes it out."""
    copied = copy.deepcopy(document)
    parent, _, key = place.rpartition(".")
    node = at(copied, parent) if parent else copied
    if value is ...:
        del node[key]
    else:
        node[int(key) if isinstance(node, list) else key] = value
    return copied


# ---- Network policies ------------------------------------------------------------------------


def policies(objects: Iterable[Object]) -> list[Object]:
    """The network policies."""
    return [item for item in objects if item["kind"] == "NetworkPolicy"]


def policy_problems(found: list[Object]) -> list[str]:
    """Whatever lets more through than named pods, namespaces, addresses and ports."""
    denies = any(
        item["spec"]["podSelector"] == {}
        and set(item["spec"]["policyTypes"]) == {"Ingress", "Egress"}
        and not item["spec"].get("ingress")
        and not item["spec"].get("egress")
        for item in found
    )
    problems = [] if denies else ["nothing denies by default"]
    for item in found:
        for direction, side in (("ingress", "from"), ("egress", "to")):
            for rule in item["spec"].get(direction, []):
                name = item["metadata"]["name"]
                if not rule.get("ports"):
                    problems.append(f"{name}: every port")
                if not rule.get(side) or any(map(_is_everybody, rule[side])):
                    problems.append(f"{name}: everybody")
    return problems


def _is_everybody(peer: Mapping[str, Any]) -> bool:
    selectors = [peer[key] for key in ("podSelector", "namespaceSelector") if key in peer]
    blocks = peer.get("ipBlock", {}).get("cidr", "")
    return blocks.endswith("/0") or (not blocks and not any(selectors))


Place = Mapping[str, str] | str
"""A pod of ours by its labels, or who is outside: ``namespace:NAME`` or ``address:CIDR``."""


def flows(found: list[Object], places: Mapping[str, Place]) -> set[tuple[str, str, int]]:
    """Who may open a connection to whom, at which port. Between pods, both sides must allow it."""
    inside = {name: place for name, place in places.items() if not isinstance(place, str)}
    out = {
        (a, b, port)
        for a in inside
        for b in places
        for port in _ports(found, "egress", "to", inside[a], places[b])
    }
    into = {
        (a, b, port)
        for b in inside
        for a in places
        for port in _ports(found, "ingress", "from", inside[b], places[a])
    }
    return {
        flow
        for flow in out | into
        if (flow[0] not in inside or flow in out) and (flow[1] not in inside or flow in into)
    }


def _ports(
    found: list[Object], direction: str, side: str, own: Mapping[str, str], other: Place
) -> set[int]:
    return {
        port["port"]
        for item in found
        if _matches(item["spec"]["podSelector"], own)
        for rule in item["spec"].get(direction, [])
        if any(_is_peer(peer, other) for peer in rule[side])
        for port in rule["ports"]
    }


def _is_peer(peer: Mapping[str, Any], other: Place) -> bool:
    if isinstance(other, str):
        kind, _, name = other.partition(":")
        if kind == "address":
            return bool(peer.get("ipBlock", {}).get("cidr") == name)
        wanted = peer.get("namespaceSelector", {}).get("matchLabels", {})
        return bool(wanted.get("kubernetes.io/metadata.name") == name)
    return "namespaceSelector" not in peer and _matches(peer.get("podSelector"), other)


def _matches(selector: Mapping[str, Any] | None, labels: Mapping[str, str]) -> bool:
    if selector is None:
        return False
    wanted = {key: [value] for key, value in selector.get("matchLabels", {}).items()}
    wanted |= {each["key"]: each["values"] for each in selector.get("matchExpressions", [])}
    return all(labels.get(key) in allowed for key, allowed in wanted.items())
