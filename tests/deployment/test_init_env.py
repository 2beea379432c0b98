"""`init-env`: the .env of the containers, complete, secret and never written over."""

import json
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from airflow.sdk import Connection
from tests.lib import compose_file
from tests.lib.compose_file import PROJECT


def run(*words: str) -> "subprocess.CompletedProcess[str]":
    """The command, as an administrator types it; no other setting is needed.

    Where this clone was started once, the command would say whose settings it uses.
    """
    return subprocess.run(
        [sys.executable, "-m", "dean06", "init-env", *words],
        env={
            "PYTHONPATH": f"{PROJECT}/plugins:{PROJECT}/include",
            "PATH": "/usr/bin:/bin",
            "DEAN06_HOME": "/nonexistent",
        },
        capture_output=True,
        text=True,
        check=False,
    )


def settings_of(file: Path) -> dict[str, str]:
    """What Compose reads: single quotes hold a value as it is."""
    pairs = (
        line.split("=", 1)
        for line in file.read_text(encoding="utf-8").splitlines()
        if line and not line.startswith("#")
    )
    return {name: value[1:-1] if value[:1] == value[-1:] == "'" else value for name, value in pairs}


@pytest.fixture(scope="module")
def simulated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file for the simulated ministries."""
    file = tmp_path_factory.mktemp("env") / ".env"
    done = run(str(file), "--simulation", "--admin", "lan")
    assert done.returncode == 0, done.stderr
    assert "Log in as lan" in done.stdout
    assert not any(value in done.stdout for value in settings_of(file).values() if len(value) > 20)
    return file


def test_compose_has_all_that_it_requires(simulated: Path) -> None:
    compose = compose_file.interpolate(compose_file.load(), settings_of(simulated))
    worker = compose["services"]["airflow-worker"]["environment"]
    for name in ("POLICE", "INSURANCE", "HEALTH", "EDUCATION", "PORTAL", "PROGRAMME"):
        connection = Connection.from_json(worker[f"AIRFLOW_CONN_DEAN06_{name}"])
        assert (connection.host, connection.login) == ("ministries", "dean06")
        # Without, dean06 refuses every address that is not https.
        is_allowed = connection.extra_dejson.get("allow_plain_http", False)
        assert is_allowed is (connection.conn_type == "http"), name
    assert json.loads(settings_of(simulated)["MINISTRIES_CREDENTIALS"]).keys() == {
        "police", "insurance", "health", "education", "portal", "programme"
    }  # fmt: skip


def test_only_its_owner_reads_it(simulated: Path) -> None:
    assert stat.S_IMODE(simulated.stat().st_mode) == 0o600


def test_every_secret_is_another_one_each_time(simulated: Path, tmp_path: Path) -> None:
    assert run(str(tmp_path / ".env")).returncode == 0
    one, other = settings_of(simulated), settings_of(tmp_path / ".env")
    secret = [
        name for name, (_, comment) in compose_file.documented().items() if "generate:" in comment
    ]
    assert len(secret) >= 8
    values = [found[name] for found in (one, other) for name in secret]
    assert len(set(values)) == len(values)
    assert min(map(len, values)) >= 32


def test_without_the_simulation_it_names_what_only_sources_can_give(tmp_path: Path) -> None:
    done = run(str(tmp_path / ".env"))
    assert "Fill in the credentials of the sources: DEAN06_CONN_POLICE, " in done.stdout
    with pytest.raises(compose_file.MissingVariableError, match="DEAN06_CONN_"):
        compose_file.interpolate(compose_file.load(), settings_of(tmp_path / ".env"))


def test_what_is_there_stays_as_it_is(simulated: Path) -> None:
    before = simulated.read_bytes()
    done = run(str(simulated))
    assert done.returncode == 1
    assert done.stderr.strip() == (
        f"dean06: {simulated} exists and was not changed: choose another name"
    )
    assert simulated.read_bytes() == before


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    done = run(str(tmp_path / "nowhere" / ".env"))
    assert (done.returncode, "Traceback" in done.stderr) == (1, False)
    assert "cannot be written: No such file or directory" in done.stderr
