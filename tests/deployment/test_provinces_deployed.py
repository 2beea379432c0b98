"""Several provinces in containers and on Kubernetes: who acts for provinces has their files, and
can change them only where `add-province` runs."""

from typing import Any

import pytest
from tests.lib import compose_file, kubernetes
from tests.lib.kubernetes import Object

FOLDER, HOMES = "/var/lib/dean06/provinces", "/var/lib/dean06/homes"
ACTING = {
    "init", "airflow-apiserver", "airflow-dag-processor", "airflow-triggerer", "airflow-worker",
    "watch",
}  # fmt: skip


def services(**env: str) -> dict[str, dict[str, Any]]:
    filled = {name: name.lower() for name in compose_file.documented()}
    found = compose_file.interpolate(compose_file.load(), filled | env)
    return dict(found["services"])


def mounts(service: dict[str, Any]) -> dict[str, str]:
    """Where volumes are mounted, and how."""
    parts = [mount.split(":") for mount in service.get("volumes", [])]
    return {target: rest[0] if rest else "rw" for _, target, *rest in parts}


def test_who_acts_for_provinces_has_their_files() -> None:
    ours = services(DEAN06_PROVINCES=FOLDER)
    told = {n for n, s in ours.items() if s.get("environment", {}).get("DEAN06_PROVINCES")}
    assert told == ACTING
    assert {ours[name]["environment"]["DEAN06_PROVINCES"] for name in told} == {FOLDER}
    assert {n: mounts(s)[FOLDER] for n, s in ours.items() if FOLDER in mounts(s)} == {
        name: "rw" if name == "init" else "ro" for name in ACTING
    }
    # `add-province` makes the folder of a province, workers write its files and keys.
    homes = {name: mounts(service).get(HOMES) for name, service in ours.items()}
    assert {n: how for n, how in homes.items() if how} == {"init": "rw", "airflow-worker": "rw"}


def test_one_province_is_served_unless_the_setting_says_otherwise() -> None:
    for name, service in services(DEAN06_PROVINCES="").items():
        assert not service.get("environment", {}).get("DEAN06_PROVINCES"), name
    data = next(item for item in kubernetes.manifests() if item["kind"] == "ConfigMap")["data"]
    assert data["DEAN06_PROVINCES"] == ""


def test_an_upgrade_is_of_every_province() -> None:
    compose = services()["init"]["command"][-1].splitlines()
    chart = kubernetes.values()["migrateDatabaseJob"]["args"][-1].splitlines()
    assert compose[-1].strip() == chart[-1].strip() == "python -m dean06 migrate --all"


def test_the_folder_that_settings_name_is_the_one_of_the_volume() -> None:
    (_, said) = compose_file.documented()["DEAN06_PROVINCES"]
    assert f"{FOLDER}, the volume" in said
    page = (kubernetes.FOLDER / "manifests" / "settings.yaml").read_text(encoding="utf-8")
    assert f"{FOLDER}, the volume" in page


def _mounted(names: list[Object], volumes: list[Object]) -> dict[str, bool]:
    """Claims that are mounted at the folder, and whether they cannot be written to."""
    claims = {v["name"]: v.get("persistentVolumeClaim", {}).get("claimName") for v in volumes}
    return {
        claims[each["name"]]: bool(each.get("readOnly"))
        for each in names
        if each["mountPath"] == FOLDER
    }


def test_pods_have_the_files_of_provinces() -> None:
    values, claim = kubernetes.values(), "dean06-provinces"
    assert _mounted(values["volumeMounts"], values["volumes"]) == {claim: True}
    specs = {name: pod["spec"] for name, pod in kubernetes.pods(kubernetes.manifests())}
    found = {
        name: _mounted(spec["containers"][0]["volumeMounts"], spec["volumes"])
        for name, spec in specs.items()
    }
    assert found == {
        "Deployment dean06-watchdog": {claim: True},
        "Job dean06-operator-": {claim: False},
    }
    claims = {
        item["metadata"]["name"]: item["spec"]["accessModes"]
        for item in kubernetes.manifests()
        if item["kind"] == "PersistentVolumeClaim"
    }
    assert claims[claim] == ["ReadWriteMany"]


@pytest.mark.parametrize("place", ["volumeMounts", "volumes"])
def test_pods_without_those_files_are_noticed(place: str) -> None:
    values = kubernetes.values()
    values[place] = [each for each in values[place] if each["name"] != "provinces"]
    with pytest.raises((AssertionError, KeyError)):
        assert _mounted(values["volumeMounts"], values["volumes"]) == {"dean06-provinces": True}
