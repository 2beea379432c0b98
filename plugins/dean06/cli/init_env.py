"""``init-env``: the ``.env`` of the containers, with every secret generated.

``.env.example`` is the template: what its comments say is generated, is generated here, without
openssl.
"""

import base64
import json
import os
import re
import secrets
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any

import typer

from dean06 import settings
from dean06.cli.console import plain_errors
from dean06.errors import Dean06Error

app = typer.Typer()
_HEX = re.compile(r"^# generate: openssl rand -hex (\d+)$")
_BASE64 = re.compile(r"^# generate: openssl rand -base64 (\d+) \| tr \+/ -_$")
_SETTING = re.compile(r"^([A-Z][A-Z0-9_]*)=$")
_PORTS = {
    "police": 8461, "insurance": 8462, "health": 8463, "education": 8464, "portal": 8465,
    "programme": 8466,
}  # fmt: skip
"""Where the simulated ministries listen in their container."""
_NEVER = "2100-01-01"


@app.command()
def init_env(
    file: Annotated[Path, typer.Argument(help="File to write.")] = Path(".env"),
    admin: Annotated[str, typer.Option(help="Name of the first administrator.")] = "admin",
    simulation: Annotated[
        bool, typer.Option("--simulation", help="Use the simulated ministries, at scale 1/100.")
    ] = False,
) -> None:
    """Write the .env of the containers with generated secrets; only you can read it."""
    with plain_errors():
        known = {"DEAN06_ADMIN_USERNAME": admin}
        text = filled(known | (_of_simulation() if simulation else {}))
        _write(file, text)
        print(f"Written: {file}. Keep a copy: its keys decrypt what the server stores.")
        print(f"Log in as {admin}; the password is DEAN06_ADMIN_PASSWORD in that file.")
        if open_ := _required(text):
            print(f"Fill in the credentials of the sources: {', '.join(open_)}")


def filled(known: dict[str, str]) -> str:
    """The template with ``known`` values and fresh secrets."""
    lines, secret = [], ""
    for line in _template().splitlines():
        secret = _generated(line) or secret
        if found := _SETTING.match(line):
            name = found[1]
            value = known.get(name, secret)
            lines.append(f"{name}={_quoted(value)}")
        else:
            lines.append(line)
        if not line.startswith("#"):
            secret = ""
    return "\n".join(lines) + "\n"


def _template() -> str:
    return (settings.PROJECT / ".env.example").read_text(encoding="utf-8")


def _generated(line: str) -> str:
    """A fresh secret where the line says how one is made, else empty."""
    if found := _HEX.match(line):
        return secrets.token_hex(int(found[1]))
    if found := _BASE64.match(line):
        return base64.urlsafe_b64encode(secrets.token_bytes(int(found[1]))).decode()
    return ""


def _quoted(value: str) -> str:
    """As Compose reads it literally."""
    if "'" in value or "\n" in value:
        raise Dean06Error("a value of .env must not contain a single quote or a line break")
    return f"'{value}'" if re.search(r"[^\w.:/=+-]", value) else value


def _required(text: str) -> list[str]:
    """Settings of sources that are still empty."""
    found: list[str] = re.findall(r"^(DEAN06_CONN_\w+)=$", text, re.MULTILINE)
    return found


def _write(file: Path, text: str) -> None:
    """Raises Dean06Error when the file exists or cannot be written."""
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise Dean06Error(f"{file} exists and was not changed: choose another name") from None
    except OSError as error:
        raise Dean06Error(f"{file} cannot be written: {error.strerror}") from None
    with os.fdopen(handle, "w", encoding="utf-8") as output:
        output.write(text)


def _of_simulation() -> dict[str, str]:
    """Credentials of the simulated ministries, for them and for their client."""
    with TemporaryDirectory(prefix="dean06-") as folder:
        servers, clients = Path(folder) / "servers.json", Path(folder) / "clients.json"
        done = subprocess.run(
            [sys.executable, "-m", "ministries", "credentials", "--out", str(servers),
             "--clients", str(clients)],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode:
            raise Dean06Error("the simulated ministries returned no credentials")
        given = json.loads(servers.read_text())
        client_of = json.loads(clients.read_text())
    return {
        "MINISTRIES_CREDENTIALS": json.dumps(given),
        "DEAN06_SCALE": "0.01",
        "DEAN06_TARGET_SCALE": "0.01",
        # The simulated world ends in 2023: its days are synced on request.
        "DEAN06_SCHEDULE_FROM": _NEVER,
        "DEAN06_RETRY_SECONDS": "30",
    } | {
        f"DEAN06_CONN_{source.upper()}": json.dumps(_connection(source, client_of[source]))
        for source in _PORTS
    }


def _connection(source: str, client: dict[str, Any]) -> dict[str, Any]:
    kind = "sftp" if source == "insurance" else "http"
    return {
        "conn_type": kind,
        "schema": kind,
        "host": "ministries",
        "port": _PORTS[source],
        "login": client.pop("client_id", None) or client.pop("username", ""),
        "password": client.pop("client_secret", None) or client.pop("password", ""),
        # Within the network of the containers nobody reads along.
        "extra": client | ({"allow_plain_http": True} if kind == "http" else {}),
    }
