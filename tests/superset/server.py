"""A real Apache Superset from PyPI: an environment of its own, one server on loopback, its API.

Superset wants other versions of what Airflow uses, so it is never imported here: it is met on the
wire, as a BI department would run it.
"""

import io
import json
import os
import secrets
import shutil
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import URL

from onebox.ports import free_port

PROJECT = Path(__file__).resolve().parents[2]
EXPORT = PROJECT / "include" / "superset"
REQUIREMENTS = Path(__file__).with_name("requirements.txt")
_MASKED = "XXXXXXXXXX"
_SETTINGS = """
SECRET_KEY = {key!r}
SQLALCHEMY_DATABASE_URI = {database!r}
# Vietnamese numbers: 1.234,5.
D3_FORMAT = {{"decimal": ",", "thousands": ".", "grouping": [3], "currency": ["", " đ"]}}
# All charts are drawn, also those below the window's edge.
FEATURE_FLAGS = {{"DASHBOARD_VIRTUALIZATION": False}}
TALISMAN_ENABLED = False
RATELIMIT_ENABLED = False
"""
_START_SECONDS = 120.0


class SupersetError(RuntimeError):
    """Superset did not install, start, import or answer; the message holds what it said."""


class Superset:
    """A running Superset and a session of its administrator."""

    def __init__(self, url: str, user: str, password: str) -> None:
        self.url, self.user, self.password = url, user, password
        self._session = httpx.Client(base_url=url, timeout=120, headers={"Referer": url})

    def sign_in(self) -> None:
        """Sign in by the API; needed before anything else."""
        login = {"username": self.user, "password": self.password, "provider": "db"}
        token = self.ask("POST", "/api/v1/security/login", json=login)["access_token"]
        self._session.headers["Authorization"] = f"Bearer {token}"
        self._session.headers["X-CSRFToken"] = self.ask("GET", "/api/v1/security/csrf_token/")[
            "result"
        ]

    def ask(self, method: str, path: str, **options: Any) -> dict[str, Any]:
        """One request; returns the JSON. Raises SupersetError with what Superset said."""
        answer = self._session.request(method, path, **options)
        if answer.is_error:
            raise SupersetError(f"{method} {path}: {answer.status_code} {answer.text[:2000]}")
        return dict(answer.json())

    def import_dashboard(self, warehouse: URL) -> None:
        """Import the export as an administrator does, with the address and password of a login."""
        files = {"formData": ("dean06.zip", bundle(warehouse), "application/zip")}
        passwords = json.dumps({"databases/dean06.yaml": warehouse.password})
        form = {"passwords": passwords, "overwrite": "true"}
        self.ask("POST", "/api/v1/dashboard/import/", files=files, data=form)


def bundle(warehouse: URL) -> bytes:
    """The export as a ZIP file, its database at the address of a warehouse; no password in it."""
    address = warehouse.set(drivername="postgresql+psycopg2", password=_MASKED)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for file in sorted(EXPORT.rglob("*.yaml")):
            text = file.read_text(encoding="utf-8")
            if file.parent.name == "databases":
                lines = [
                    f"sqlalchemy_uri: {address.render_as_string(hide_password=False)}"
                    if line.startswith("sqlalchemy_uri:")
                    else line
                    for line in text.splitlines()
                ]
                text = "\n".join(lines)
            archive.writestr(f"dean06/{file.relative_to(EXPORT)}", text)
    return out.getvalue()


def installed(cache: Path) -> Path:
    """The folder of Superset's programs, installed on first use (a minute or two)."""
    home = cache / "superset"
    done = home / ".installed"
    if not done.exists() or done.read_text() != REQUIREMENTS.read_text():
        uv = Path(sys.executable).with_name("uv")
        if not (home / "bin" / "python").exists():
            _run([uv, "venv", "-q", "--python", "3.11", home])
        _run([uv, "pip", "install", "-q", "--python", home / "bin" / "python", "-r", REQUIREMENTS])
        done.write_text(REQUIREMENTS.read_text())
    return home / "bin"


@contextmanager
def running(cache: Path) -> Iterator[Superset]:
    """A fresh Superset, signed in; it is stopped and what it stored removed afterwards."""
    programs, home = installed(cache), cache / "superset-home"
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir(mode=0o700)
    settings = home / "superset_config.py"
    database = f"sqlite:///{home / 'superset.db'}?check_same_thread=false"
    settings.write_text(_SETTINGS.format(key=secrets.token_urlsafe(42), database=database))
    environment = {
        **{k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "VIRTUAL"))},
        "SUPERSET_CONFIG_PATH": str(settings), "SUPERSET_HOME": str(home),
        "FLASK_APP": "superset.app:create_app()", "PYTHONWARNINGS": "ignore",
    }  # fmt: skip
    password, port = secrets.token_urlsafe(12), free_port()
    user = {"username": "admin", "firstname": "A", "lastname": "D", "email": "a@example.vn"}
    words = [f"--{name}={value}" for name, value in {**user, "password": password}.items()]
    for command in (["db", "upgrade"], ["fab", "create-admin", *words], ["init"]):
        _run([programs / "superset", *command], environment)
    with (home / "server.log").open("w") as log:
        server = subprocess.Popen(
            [
                programs / "gunicorn", "--workers", "1", "--threads", "8", "--timeout", "120",
                "--bind", f"127.0.0.1:{port}", "superset.app:create_app()",
            ],
            env=environment, stdout=log, stderr=subprocess.STDOUT, cwd=home,
        )  # fmt: skip
        try:
            superset = Superset(f"http://127.0.0.1:{port}", "admin", password)
            _wait(superset.url, server, home / "server.log")
            superset.sign_in()
            yield superset
        finally:
            server.terminate()
            server.wait(60)


def _wait(url: str, server: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        try:
            if httpx.get(f"{url}/health", timeout=5).is_success:
                return
        except httpx.TransportError:
            time.sleep(0.5)
    raise SupersetError(f"Superset did not start:\n{log.read_text()[-3000:]}")


def _run(command: list[Any], environment: dict[str, str] | None = None) -> None:
    done = subprocess.run(
        [str(word) for word in command], env=environment, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    if done.returncode:
        raise SupersetError(f"{command[0]} failed:\n{done.stdout[-2000:]}{done.stderr[-3000:]}")
