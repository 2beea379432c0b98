"""The command line: one-line errors, credentials, the truth, and a clean stop."""

import json
import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
import yaml
from typer.testing import CliRunner

from ministries.cli import app
from ministries.scenario.load import FOLDER
from onebox.ports import free_ports

ROOT = Path(__file__).resolve().parents[2]
SOURCES = ("police", "insurance", "health", "education", "portal", "programme")


def invoke(*args: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, list(args))
    return result.exit_code, result.output


def changed(tmp_path: Path, figure: str, count: int) -> str:
    document = yaml.safe_load((FOLDER / "tien_giang_2022.yaml").read_text(encoding="utf-8"))
    document["figures"][figure]["count"] = count
    path = tmp_path / "changed.yaml"
    path.write_text(yaml.safe_dump(document), encoding="utf-8")
    return str(path)


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (
            ("--scenario", "atlantis"),
            (
                "scenario: unknown scenario atlantis; "
                "available scenarios: thai_binh_2023, tien_giang_2022"
            ),
        ),
        (("--scale", "0"), "scale: 0 is not greater than 0 and at most 1"),
        (("--scale", "1.5"), "scale: 1.5 is not greater than 0 and at most 1"),
        (("--scale", "0.00001"), "scale: 1e-05 is too small"),
        (("--as-of", "2021-12-31"), "as-of: 2021-12-31 is before the world begins"),
        (("--as-of", "2024-01-01"), "as-of: 2024-01-01 is after its end"),
        (("--as-of", "soon"), "as-of: soon is not a date"),
        (("--known-by", "2021-01-01"), "known-by: 2021-01-01 is before the world begins"),
        (("--dirt", "some"), "dirt: some is neither on nor off"),
        (("--format", "xml"), "format: xml is neither json nor table"),
    ],
)
def test_bad_input_is_told_in_one_line(args: tuple[str, ...], message: str) -> None:
    asked = ("truth", *(() if "--as-of" in args else ("--as-of", "2022-10-31")), *args)
    code, output = invoke(*asked)
    assert code == 2
    assert output.count("\n") == 1
    assert message in output


def test_contradictory_calibration_is_refused(tmp_path: Path) -> None:
    path = changed(tmp_path, "cards_in_force", 1_500_000)
    code, output = invoke("truth", "--as-of", "2022-10-31", "--scenario", path)
    assert code == 2
    assert "figures.cards_in_force: 1500000 is more than dossiers_issued (1471302)" in output


def test_the_truth_is_printed_in_the_agreed_form() -> None:
    code, output = invoke(
        "truth", "--scale", "0.001", "--as-of", "2022-10-31", "--known-by", "2022-11-02"
    )
    assert code == 0
    document = json.loads(output)
    assert list(document) == [
        "scenario",
        "scale",
        "as_of",
        "known_by",
        "kpi",
        "quarantine",
        "feeds",
        "verdicts",
        "dirty",
        "strange",
        "reconciliation",
    ]
    assert set(document["kpi"][0]) == {
        "code",
        "unit_level",
        "unit_code",
        "breakdown",
        "member_code",
        "numerator",
        "denominator",
    }
    assert set(document["quarantine"][0]) == {"dataset", "class", "rule", "records"}
    assert len(document["feeds"]) == 16
    code, output = invoke("truth", "--scale", "0.001", "--as-of", "2022-10-31", "--format", "table")
    assert code == 0
    assert "population.permanent_residents" in output


def test_credentials_are_for_their_owner_only(tmp_path: Path) -> None:
    server, client = tmp_path / "server.json", tmp_path / "client.json"
    server.touch(mode=0o644)
    code, output = invoke("credentials", "--out", str(server), "--clients", str(client))
    assert (code, output) == (0, "")
    for path in (server, client):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    clients, servers = json.loads(client.read_text()), json.loads(server.read_text())
    assert {source: set(entry) for source, entry in clients.items()} == {
        "police": {"client_id", "client_secret"},
        "insurance": {"username", "password", "host_key"},
        "health": {"client_id", "private_key", "kid"},
        "education": {"username", "password"},
        "portal": {"client_id", "client_secret"},
        "programme": {"username", "password"},
    }
    assert clients["insurance"]["host_key"].startswith("ssh-ed25519 AAAA")
    assert "PRIVATE" not in servers["health"]["public_key"]
    code, output = invoke("credentials", "--out", "/nowhere/a", "--clients", str(client))
    assert code == 2
    assert "out: cannot write /nowhere/a" in output


def test_broken_credentials_are_named_but_not_shown(tmp_path: Path) -> None:
    path = tmp_path / "server.json"
    path.write_text('{"police": {"client_id": "dean06", "client_secret": "hush"}}')
    code, output = invoke("serve", "--credentials", str(path))
    assert code == 2
    assert "credentials.police.signing_key: is missing" in output
    assert "hush" not in output
    code, output = invoke("serve")
    assert code == 2
    assert "credentials: is missing" in output


def test_the_servers_start_say_so_and_stop_cleanly(tmp_path: Path) -> None:
    server, client = tmp_path / "server.json", tmp_path / "client.json"
    invoke("credentials", "--out", str(server), "--clients", str(client))
    ports = free_ports(SOURCES)
    command = [
        sys.executable,
        "-m",
        "ministries",
        "serve",
        "--scale",
        "0.001",
        "--credentials",
        str(server),
        "--spool",
        str(tmp_path / "spool"),
    ]
    for source, port in ports.items():
        command += [f"--{source}-port", str(port)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "include"), "PYTHONUNBUFFERED": "1"}
    process = subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    assert process.stdout is not None
    try:
        ready = [process.stdout.readline() for _ in SOURCES]
        assert [line.split()[:2] for line in ready] == [[source, "ready"] for source in SOURCES]
        assert httpx.get(f"http://127.0.0.1:{ports['police']}/v1/resident").status_code == 401
        second = subprocess.run(
            command, env=environment, capture_output=True, text=True, timeout=60, check=False
        )
        assert second.returncode == 1
        assert second.stderr.strip() == (
            f"ministries: port {ports['police']} is in use: choose another with --police-port"
        )
        process.send_signal(signal.SIGTERM)
        rest, _ = process.communicate(timeout=20)
        assert rest == "stopped\n"
        assert process.returncode == 0
    finally:
        process.kill()
