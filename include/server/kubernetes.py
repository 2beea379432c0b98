"""``python -m server.kubernetes .env --database db.example``: Secrets of Kubernetes from ``.env``.

Prints them for ``kubectl apply -f -``. Each component is given some of them, and no other
(``include/kubernetes``).
"""

import argparse
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

SOURCES = ("POLICE", "INSURANCE", "HEALTH", "EDUCATION", "PORTAL", "PROGRAMME")
_OPTIONAL = frozenset(
    {"AIRFLOW_CONN_DEAN06_STORAGE", "DEAN06_ALERT_URLS", "DEAN06_REPORT_URLS", "DEAN06_ADMIN_EMAIL"}
)


class MissingError(Exception):
    """Settings without a value that the cluster needs."""


def secrets_of(
    env: Mapping[str, str], database: str, sslmode: str = "require", release: str = "dean06"
) -> dict[str, dict[str, str]]:
    """Return each Secret's name with its keys and values. Raises MissingError."""
    missing: list[str] = []

    def get(name: str) -> str:
        value = env.get(name, "")
        if not value and name not in _OPTIONAL:
            missing.append(name)
        return value

    def url(driver: str, name: str, password: str) -> str:
        return f"{driver}://{name}:{password}@{database}/{name}?sslmode={sslmode}"

    airflow, redis = get("DEAN06_AIRFLOW_DB_PASSWORD"), get("DEAN06_REDIS_PASSWORD")
    watch = get("DEAN06_WATCH_PASSWORD")
    warehouse = url("postgresql+psycopg2", "dean06", get("DEAN06_WAREHOUSE_PASSWORD"))
    found = {
        # The names of the keys are the chart's.
        "fernet-key": {"fernet-key": get("DEAN06_FERNET_KEY")},
        "api-secret-key": {"api-secret-key": get("DEAN06_API_SECRET_KEY")},
        "jwt-secret": {"jwt-secret": get("DEAN06_JWT_SECRET")},
        "metadata": {"connection": url("postgresql+psycopg2", "airflow", airflow)},
        "result-backend": {"connection": url("db+postgresql+psycopg2", "airflow", airflow)},
        "broker": {"connection": f"redis://:{redis}@{release}-redis:6379/0"},
        "redis": {"password": redis},
        "warehouse": {"DEAN06_WAREHOUSE_DSN": warehouse},
        "watch": {
            "DEAN06_AIRFLOW_API": f"http://watchdog:{watch}@{release}-api-server:8080",
            "DEAN06_WATCH_PASSWORD": watch,
        },
        "sources": {f"AIRFLOW_CONN_DEAN06_{name}": get(f"DEAN06_CONN_{name}") for name in SOURCES},
        "storage": {name: get(name) for name in ("AIRFLOW_CONN_DEAN06_STORAGE",)},
        "alerts": {name: get(name) for name in ("DEAN06_ALERT_URLS", "DEAN06_REPORT_URLS")},
        "admin": {
            f"DEAN06_ADMIN_{part}": get(f"DEAN06_ADMIN_{part}")
            for part in ("USERNAME", "PASSWORD", "EMAIL")
        },
    }
    if missing:
        raise MissingError(", ".join(missing))
    return {f"dean06-{name}": data for name, data in found.items()}


def read_env(text: str) -> dict[str, str]:
    """The settings of a ``.env`` as `init-env` writes it: values bare or in single quotes."""
    lines = (line.partition("=") for line in text.splitlines() if not line.startswith("#"))
    return {
        name: value[1:-1] if value[:1] == value[-1:] == "'" and len(value) > 1 else value
        for name, equals, value in lines
        if equals
    }


def parser() -> argparse.ArgumentParser:
    """The command line."""
    found = argparse.ArgumentParser(prog="python -m server.kubernetes", description=__doc__)
    found.add_argument("env", type=Path, help="the file that `init-env` wrote")
    found.add_argument("--database", required=True, help="PostgreSQL: HOST or HOST:PORT")
    found.add_argument(
        "--sslmode",
        default="require",
        help="SSL mode of the connections to PostgreSQL; default require",
    )
    found.add_argument("--namespace", default="dean06", help="Kubernetes namespace; default dean06")
    found.add_argument(
        "--release", default="dean06", help="name of the Helm release; default dean06"
    )
    return found


def main(words: list[str] | None = None) -> int:
    """Print the Secrets as one list; returns the exit code."""
    asked = parser().parse_args(words)
    try:
        env = read_env(asked.env.read_text(encoding="utf-8"))
        found = secrets_of(env, asked.database, asked.sslmode, asked.release)
    except OSError as error:
        print(f"{asked.env} cannot be read: {error.strerror}", file=sys.stderr)
        return 2
    except MissingError as error:
        print(f"{asked.env} has no value for {error}: fill them in", file=sys.stderr)
        return 2
    items = [_secret(name, asked.namespace, data) for name, data in found.items()]
    print(json.dumps({"apiVersion": "v1", "kind": "List", "items": items}))
    return 0


def _secret(name: str, namespace: str, data: dict[str, str]) -> dict[str, Any]:
    return {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": name, "namespace": namespace},
        "type": "Opaque",
        "stringData": data,
    }


if __name__ == "__main__":
    sys.exit(main())
