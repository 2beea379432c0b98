"""``make kubernetes CHART=airflow-1.22.0.tgz``: what the Airflow chart makes of our values.

Renders the chart by Helm's own library, which checks the values against the chart's schema; checks
every object by the schemas of Kubernetes and by what is promised of every pod; and writes what it
saw to ``tests/kubernetes/rendered.json``, which the daily tests compare with the values.
"""

import argparse
import configparser
import hashlib
import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from server import kubernetes as secrets
from tests.kubernetes.programs import HERE, RefusedError, invalid, rendered
from tests.lib import compose_file, kubernetes
from tests.lib.kubernetes import Object

RECORD = HERE / "rendered.json"
VERSIONS = ("1.30", "1.37")
"""The oldest Kubernetes that is supported, and the newest whose schemas there are."""


def main() -> int:
    """Render, check, write down; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.kubernetes", description=__doc__)
    parser.add_argument("chart", type=Path, help="chart of Airflow, from `helm pull`")
    chart = parser.parse_args().chart
    try:
        made = rendered(chart, kubernetes.VALUES)
    except RefusedError as error:
        print(error, file=sys.stderr)
        return 1
    found = problems(made["objects"]) + unknown(kubernetes.values(), made["defaults"])
    for problem in found:
        print(problem)
    if not found:
        RECORD.write_text(json.dumps(record(chart, made), indent=1) + "\n", encoding="utf-8")
    print(f"{made['chart']}: {len(made['objects'])} objects, {len(found)} problems")
    return 1 if found else 0


def problems(objects: list[Object]) -> list[str]:
    """What is wrong with the chart's objects together with ours."""
    everything = [*objects, *kubernetes.manifests()]
    found = [error for version in VERSIONS for error in invalid(everything, version)]
    found += kubernetes.broken(everything)
    known = {(name, key) for name, data in _secrets().items() for key in data}
    found += [f"no Secret has {ref}" for ref in sorted(kubernetes.secret_keys(objects) - known)]
    knows = {
        name
        for name, template in kubernetes.pods(objects)
        if ("dean06-jwt-secret", "jwt-secret") in kubernetes.secret_keys(template)
    }
    if knows != {"Deployment dean06-api-server", "Deployment dean06-scheduler"}:
        found.append(f"the secret that signs tokens is known to {sorted(knows)}")
    found += [
        f"{name}: needs the official image"
        for name, template in kubernetes.pods(objects)
        if "/entrypoint" in str(template) or "/clean-logs" in str(template)
    ]
    return found


def unknown(values: Any, defaults: Any, place: str = "") -> list[str]:
    """Values that the chart does not have: its schema allows unknown ones at the top."""
    if not (isinstance(values, dict) and isinstance(defaults, dict) and defaults):
        return []
    found = [f"the chart has no value {place}{key}" for key in values.keys() - defaults.keys()]
    for key in values.keys() & defaults.keys():
        if key != "config":  # airflow.cfg takes any option
            found += unknown(values[key], defaults[key], f"{place}{key}.")
    return found


def record(chart: Path, made: dict[str, Any]) -> dict[str, Any]:
    """What was seen, for the daily tests."""
    objects: list[Object] = made["objects"]
    return {
        "chart": made["chart"],
        "sha256": hashlib.sha256(chart.read_bytes()).hexdigest(),
        "objects": dict(sorted(Counter(item["kind"] for item in objects).items())),
        "pods": {
            name: template["metadata"]["labels"] for name, template in kubernetes.pods(objects)
        },
        "ports": {
            template["metadata"]["labels"]["component"]: sorted(
                port["containerPort"]
                for container in template["spec"]["containers"]
                for port in container.get("ports", [])
            )
            for _, template in kubernetes.pods(objects)
        },
        "options": _options(objects),
        "values": sorted(kubernetes.paths(kubernetes.values())),
    }


def _options(objects: list[Object]) -> dict[str, str]:
    """What the chart's airflow.cfg says of the options that docker-compose.yaml sets."""
    config = next(o for o in objects if o["metadata"]["name"] == "dean06-config")
    asked = compose_file.load()["x-airflow-environment"] | compose_file.load()["x-jwt-environment"]
    parsed = configparser.RawConfigParser()
    parsed.read_string(config["data"]["airflow.cfg"])
    return {
        f"AIRFLOW__{section.upper()}__{option.upper()}": value
        for section in parsed.sections()
        for option, value in parsed.items(section)
        if f"AIRFLOW__{section.upper()}__{option.upper()}" in asked
    }


def _secrets() -> dict[str, dict[str, str]]:
    class Filled(dict[str, str]):
        def get(self, key: str, default: Any = None) -> str:
            return f"{key} {default}"

    return secrets.secrets_of(Filled(), "db.example")


if __name__ == "__main__":
    sys.exit(main())
