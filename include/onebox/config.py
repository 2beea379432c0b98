"""This machine's installation: folders, ports, secrets, and the environment services run in.

Everything lives in ``.dean06/`` beside the code, and goes with ``make clean``. Secrets are made on
first use, kept in files only their owner can read, and never printed except the UI password.
"""

import base64
import json
import os
import re
import secrets
import shutil
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

from onebox.services import MARK

PROJECT = Path(__file__).resolve().parents[2]
SOURCES = ("police", "insurance", "health", "education", "portal", "programme")

_PORTS = {
    "DEAN06_AIRFLOW_PORT": 8080,
    "DEAN06_POSTGRES_PORT": 5460,
    "DEAN06_POLICE_PORT": 8461,
    "DEAN06_INSURANCE_PORT": 8462,
    "DEAN06_HEALTH_PORT": 8463,
    "DEAN06_EDUCATION_PORT": 8464,
    "DEAN06_PORTAL_PORT": 8465,
    "DEAN06_PROGRAMME_PORT": 8466,
}
_DEFAULT_WORLD = {
    "DEAN06_SCENARIO": "tien_giang_2022", "DEAN06_SCALE": "0.01", "DEAN06_SEED": "2022",
}  # fmt: skip
"""What the simulated ministries know."""
_LOGIN_SECONDS = str(8 * 3600)
"""A login lasts a working day."""
_USERS = {"admin": "admin", "deputy": "op", "viewer": "viewer", "watchdog": "viewer"}
"""Users of the UI and their roles; a viewer sees what officials see, and changes nothing. What two
persons must decide, admin and deputy decide. The watchdog reads which tasks failed."""
STOPS = "stops.txt"
"""The moments at which somebody stopped a run of the installation."""
_FOLDERS = (
    "landing", "agency_lists", "audit_heads", "signed_publications", "open_data", "data_docs",
    "reports", "spool", "logs", "airflow",
)  # fmt: skip
_FILES = (
    "secrets.json", "environment.json", "ministries.json", "ministries-clients.json",
    "publication_keys.json", "lineage.jsonl", "run.lock", "stopped", STOPS,
)  # fmt: skip
"""The keys of publications go with the log: they sign no other one."""
_KEYS = ("token_keys.json", "audit_key.pem")
"""They go with the warehouse, whose persons and acts no other key knows; of a warehouse that is not
this installation's they stay."""


class ConfigError(RuntimeError):
    """The installation cannot be made as asked; the message names the variable to change."""


@dataclass(frozen=True)
class Config:
    """What ``make run`` was asked for."""

    home: Path
    ports: dict[str, int]
    scenario: str
    scale: str
    seed: str
    faults: str
    warehouse_dsn: str | None
    idle_session_seconds: int = 300
    """After which the database server ends a session of Airflow's that stands still within a
    transaction. A scheduler that is killed leaves its connection to the workers it had forked,
    and with it, for as long as they live, the lock without which no scheduler queues a task."""

    @classmethod
    def read(cls) -> Self:
        """From ``DEAN06_*`` variables, with defaults; for scenario, scale and seed these are what
        the run before had. Raises ConfigError for a bad port or seed."""
        ports = {}
        for name, default in _PORTS.items():
            text = os.environ.get(name) or str(default)
            if not text.isdigit() or not 0 < int(text) < 65536:
                raise ConfigError(f"{name} must be a port number, not {text!r}")
            ports[name] = int(text)
        home = Path(os.environ.get("DEAN06_HOME") or PROJECT / ".dean06").resolve()
        before = started_with(home)
        world = {
            name: os.environ.get(name) or before.get(name, default)
            for name, default in _DEFAULT_WORLD.items()
        }
        seed = world["DEAN06_SEED"]
        if not re.fullmatch(r"[0-9]{1,18}", seed):
            raise ConfigError(f"DEAN06_SEED must be a whole number, not {seed!r}")
        return cls(
            home=home,
            ports=ports,
            scenario=world["DEAN06_SCENARIO"],
            scale=world["DEAN06_SCALE"],
            seed=seed,
            faults=os.environ.get("DEAN06_FAULTS") or "none",
            warehouse_dsn=os.environ.get("DEAN06_WAREHOUSE_DSN") or None,
        )

    def as_started(self) -> Self:
        """The same, with the ports of the services that were started last: whoever chose others for
        ``make run`` need not name them again."""
        started = started_with(self.home)
        return replace(self, ports={n: int(started.get(n, port)) for n, port in self.ports.items()})

    @property
    def world(self) -> dict[str, str]:
        """Scenario, scale and seed, as the variables that the simulated ministries read."""
        return {
            "DEAN06_SCENARIO": self.scenario,
            "DEAN06_SCALE": self.scale,
            "DEAN06_SEED": self.seed,
        }

    @property
    def airflow_home(self) -> Path:
        """``AIRFLOW_HOME`` of this installation."""
        return self.home / "airflow"

    @property
    def airflow_url(self) -> str:
        """Where the UI is."""
        return f"http://localhost:{self.ports['DEAN06_AIRFLOW_PORT']}"

    def secret(self, name: str) -> str:
        """A secret of this installation, made when first asked for."""
        path = self.home / "secrets.json"
        known = json.loads(path.read_text()) if path.exists() else {}
        if name not in known:
            # Airflow signs with HS512: a shorter key than its 64 bytes would be the weaker part.
            value = secrets.token_urlsafe(64 if name == "jwt" else 32)
            if name == "fernet":
                value = base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()
            known[name] = value
            write_private(path, json.dumps(known, indent=2))
        return str(known[name])

    def prepare(self) -> None:
        """Make the folders and files that services expect."""
        for folder in _FOLDERS:
            (self.home / folder).mkdir(parents=True, exist_ok=True)
            (self.home / folder).chmod(0o700)  # landing and lists hold identities
        write_private(
            self.airflow_home / "passwords.json",
            json.dumps({user: self.secret(user) for user in _USERS}),
        )

    def remove(self) -> list[Path]:
        """Delete what this installation has made, and nothing else that may be in its folder: drops
        are others' files. Returns the keys that stay, since their warehouse does."""
        gone = (*_FILES, *_KEYS) if self._has_own_warehouse() else _FILES
        for folder in _FOLDERS:
            shutil.rmtree(self.home / folder, ignore_errors=True)
        for name in gone:
            (self.home / name).unlink(missing_ok=True)
        if self.home.is_dir() and not any(self.home.iterdir()):
            self.home.rmdir()
        return [self.home / name for name in _KEYS if (self.home / name).exists()]

    def _has_own_warehouse(self) -> bool:
        """Whether the services that were started last used a warehouse of this installation."""
        started = started_with(self.home)
        if self.warehouse_dsn or not started:
            return not self.warehouse_dsn
        own = f"@127.0.0.1:{started['DEAN06_POSTGRES_PORT']}/"
        return own in started["DEAN06_WAREHOUSE_DSN"]

    def environment(
        self, warehouse_dsn: str, airflow_dsn: str, schedule_from: str
    ) -> dict[str, str]:
        """The whole environment of every service."""
        url = f"http://127.0.0.1:{self.ports['DEAN06_AIRFLOW_PORT']}"
        own = {
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "PYTHONPATH": f"{PROJECT / 'plugins'}{os.pathsep}{PROJECT / 'include'}",
            "PYTHONWARNINGS": "ignore",
            "PYTHONUNBUFFERED": "1",
            "DEAN06_HOME": str(self.home),
            MARK: self.secret("installation"),
            **self.world,
            "DEAN06_TARGET_SCALE": self.scale,
            "DEAN06_FAULTS": self.faults,
            "DEAN06_WAREHOUSE_DSN": warehouse_dsn,
            "DEAN06_DROPS": str(self.home / "drops"),
            "DEAN06_LANDING": (self.home / "landing").as_uri(),
            "DEAN06_AGENCY_LISTS": (self.home / "agency_lists").as_uri(),
            "DEAN06_LINEAGE": str(self.home / "lineage.jsonl"),
            "DEAN06_TOKEN_KEYS": str(self.home / "token_keys.json"),
            "DEAN06_AUDIT_KEYFILE": str(self.home / "audit_key.pem"),
            "DEAN06_AUDIT_HEADS": (self.home / "audit_heads").as_uri(),
            "DEAN06_PUBLICATION_KEYS": str(self.home / "publication_keys.json"),
            "DEAN06_SIGNED_PUBLICATIONS": (self.home / "signed_publications").as_uri(),
            "DEAN06_STOPS": str(self.home / STOPS),
            "DEAN06_DATA_DOCS": str(self.home / "data_docs"),
            "DEAN06_OPEN_DATA": (self.home / "open_data").as_uri(),
            # Simulated data belong to nobody; .example is a domain that nobody has.
            "DEAN06_OPEN_DATA_URL": "https://open-data.example/",
            "DEAN06_OPEN_DATA_PUBLISHER": "Simulation | Dữ liệu mô phỏng",
            "DEAN06_OPEN_DATA_LICENCE": "https://creativecommons.org/publicdomain/zero/1.0/",
            "DEAN06_OPEN_DATA_CONTACT": "https://open-data.example/contact",
            "DEAN06_AIRFLOW_API": url.replace("//", f"//watchdog:{self.secret('watchdog')}@"),
            "DEAN06_SCHEDULE_FROM": schedule_from,
            "DEAN06_RETRY_SECONDS": os.environ.get("DEAN06_RETRY_SECONDS", "10"),
            "AIRFLOW_HOME": str(self.airflow_home),
            "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": airflow_dsn,
            "AIRFLOW__CORE__DAGS_FOLDER": str(PROJECT / "dags"),
            "AIRFLOW__CORE__PLUGINS_FOLDER": str(PROJECT / "plugins"),
            "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
            "AIRFLOW__CORE__EXECUTOR": "onebox.executor.RecoveringLocalExecutor",
            "AIRFLOW__CORE__PARALLELISM": "4",
            "AIRFLOW__CORE__FERNET_KEY": self.secret("fernet"),
            "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"{url}/execution/",
            "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS": ",".join(
                f"{user}:{role}" for user, role in _USERS.items()
            ),
            "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(
                self.airflow_home / "passwords.json"
            ),
            "AIRFLOW__API__HOST": "127.0.0.1",
            "AIRFLOW__API__PORT": str(self.ports["DEAN06_AIRFLOW_PORT"]),
            "AIRFLOW__API__BASE_URL": self.airflow_url,
            "AIRFLOW__API__SECRET_KEY": self.secret("api"),
            "AIRFLOW__API_AUTH__JWT_SECRET": self.secret("jwt"),
            "AIRFLOW__API_AUTH__JWT_EXPIRATION_TIME": _LOGIN_SECONDS,
            "AIRFLOW__LOGGING__BASE_LOG_FOLDER": str(self.home / "logs" / "airflow"),
            "AIRFLOW__SCHEDULER__SCHEDULER_HEARTBEAT_SEC": "1",
            "AIRFLOW__DAG_PROCESSOR__REFRESH_INTERVAL": "30",
            # Of files that have not changed; a changed one is read at the next refresh.
            "AIRFLOW__DAG_PROCESSOR__MIN_FILE_PROCESS_INTERVAL": "600",
        }
        own |= {name: str(port) for name, port in self.ports.items()}
        return {**os.environ, **own, **self._connections()}

    def _connections(self) -> dict[str, str]:
        """Airflow connections to the ministries, as environment variables."""
        path = self.home / "ministries-clients.json"
        if not path.exists():
            return {}
        clients = json.loads(path.read_text())
        found = {}
        for source in SOURCES:
            client = clients[source]
            connection = {
                "conn_type": "sftp" if source == "insurance" else "http",
                "schema": "sftp" if source == "insurance" else "http",
                "host": "127.0.0.1",
                "port": self.ports[f"DEAN06_{source.upper()}_PORT"],
                "login": client.pop("client_id", None) or client.pop("username", ""),
                "password": client.pop("client_secret", None) or client.pop("password", ""),
                "extra": client,
            }
            found[f"AIRFLOW_CONN_DEAN06_{source.upper()}"] = json.dumps(connection)
        return found


def started_with(home: Path) -> dict[str, str]:
    """The environment of an installation's last run; empty before the first."""
    path = home / "environment.json"
    found: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
    return found


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner can read, whole or not at all; no link is followed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.{secrets.token_hex(8)}.part")
    new = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
    with os.fdopen(os.open(partial, new, 0o600), "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)
