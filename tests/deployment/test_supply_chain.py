"""What is installed is what was locked, under licences that an office can use and pass on."""

import json
import re
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, metadata
from importlib.util import find_spec
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from tests.lib.compose_file import PROJECT
from tests.lib.own_environment import installed

LOCKS = sorted(PROJECT.glob("requirements*.txt"))
COPYLEFT = {
    "asyncssh": "EPL-2.0 by choice; serves the simulated ministries only",
    "paramiko": "LGPL-2.1, linked as a library",
    "python-daemon": "Apache-2.0; only its build scripts are under the GPL (Airflow's)",
    "psycopg": "LGPL-3.0, linked as a library (Airflow's)",
    "psycopg-binary": "LGPL-3.0, linked as a library (Airflow's)",
    "psycopg2-binary": "LGPL-3.0 with exceptions, linked as a library",
    "scipy": "BSD-3-Clause; its wheels carry GCC's runtime (GPL with the runtime exception)",
    "text-unidecode": "Artistic licence by choice (Airflow's)",
}
"""Packages that run and whose licence names the GPL, with what makes them acceptable."""


def _locked(text: str) -> list[tuple[Requirement, list[str]]]:
    """Each requirement of a lock with the hashes of its files."""
    joined = re.sub(r"\\\n\s*", " ", re.sub(r"(?m)^\s*#.*$", "", text))
    found = []
    for line in filter(str.strip, joined.splitlines()):
        stated, *hashes = line.split(" --hash=")
        found.append((Requirement(stated), [name.strip() for name in hashes]))
    return found


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_every_locked_package_has_one_version_and_the_hashes_of_its_files(lock: Path) -> None:
    locked = _locked(lock.read_text(encoding="utf-8"))
    assert locked
    for requirement, hashes in locked:
        assert [part.operator for part in requirement.specifier] == ["=="], requirement
        assert hashes, requirement
        assert all(re.fullmatch("sha256:[0-9a-f]{64}", h) for h in hashes), requirement


def test_nothing_is_installed_without_its_hash() -> None:
    for file in ("Makefile", "Dockerfile"):
        lines = (PROJECT / file).read_text(encoding="utf-8").replace("\\\n", " ").splitlines()
        installing = [line for line in lines if "pip install" in line]
        assert installing
        for line in installing:
            assert line.count("pip install") == line.count("--require-hashes"), line


def test_a_file_with_another_hash_is_refused(tmp_path: Path) -> None:
    lock = (PROJECT / "requirements.txt").read_text(encoding="utf-8")
    (one,) = re.findall(r"(?ms)^xlsxwriter==.*?(?=^[a-z#]|\Z)", lock)
    bad = tmp_path / "requirements.txt"
    bad.write_text(re.sub("sha256:....", "sha256:0000", one), encoding="utf-8")
    command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--require-hashes"]
    tried = subprocess.run(
        [*command, "-d", str(tmp_path), "-r", str(bad)], capture_output=True, text=True, check=False
    )
    assert tried.returncode != 0
    assert "DO NOT MATCH THE HASHES" in tried.stderr


def test_what_runs_is_under_permissive_licences() -> None:
    lock = (PROJECT / "requirements.txt").read_text(encoding="utf-8")
    named = set()
    for requirement, _ in _locked(lock):
        try:
            found = metadata(requirement.name)
        except PackageNotFoundError:  # for another platform
            continue
        fields = ("License-Expression", "License", "Classifier")
        licence = " ".join(text for field in fields for text in found.get_all(field) or ())
        if re.search(r"GPL|General Public", licence):
            named.add(requirement.name)
    assert sorted(named) == sorted(COPYLEFT)


@pytest.mark.campaign
def test_the_bill_of_materials_lists_what_the_lock_installs(tmp_path: Path) -> None:
    programs = installed(tmp_path / "sbom", PROJECT / "requirements-sbom.txt")
    written = subprocess.run(
        [programs / "cyclonedx-py", "requirements", "requirements.txt", "--of", "JSON"],
        cwd=PROJECT, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    listed = {(part["name"], part["version"]) for part in json.loads(written)["components"]}
    lock = _locked((PROJECT / "requirements.txt").read_text(encoding="utf-8"))
    assert listed == {(r.name, next(iter(r.specifier)).version) for r, _ in lock}


def test_no_process_of_a_test_compiles_the_grammar_of_addresses() -> None:
    """With it each that imports Airflow would take 2.1 s longer than in an installation."""
    assert find_spec("jsonschema")
    assert not find_spec("rfc3987_syntax")


def test_every_image_from_a_registry_is_given_by_digest() -> None:
    pinned = r"[a-z0-9]+:[\w.-]+@sha256:[0-9a-f]{64}"
    compose = (PROJECT / "docker-compose.yaml").read_text(encoding="utf-8")
    images = re.findall(r"(?m)^\s+(?:image|PYTHON_IMAGE): (.+)$", compose)
    images.remove("${DEAN06_IMAGE:-dean06:latest}")  # built here
    assert len(images) == 3
    assert all(re.fullmatch(rf"\$\{{DEAN06_\w+:-{pinned}\}}", image) for image in images)
    dockerfile = (PROJECT / "Dockerfile").read_text(encoding="utf-8")
    assert set(re.findall(r"(?m)^FROM (\S+)", dockerfile)) == {"${PYTHON_IMAGE}"}
    (base,) = re.findall(r"(?m)^ARG PYTHON_IMAGE=(.+)$", dockerfile)
    assert f"${{DEAN06_PYTHON_IMAGE:-{base}}}" in images
