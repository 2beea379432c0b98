"""Docker Compose, as an administrator uses it, for a project of its own."""

import json
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

from tests.lib.compose_file import PROJECT

_SECONDS = 3600


class EngineError(RuntimeError):
    """The engine is missing or refuses; the message says what to do."""


class Compose:
    """The services of ``docker-compose.yaml`` under a project name of their own."""

    def __init__(
        self,
        name: str,
        env_file: Path,
        folder: Path = PROJECT,
        settings: Mapping[str, str] | None = None,
    ) -> None:
        self._command = [
            "docker", "compose", "--project-directory", str(folder),
            "--file", str(folder / "docker-compose.yaml"), "--project-name", name,
            "--env-file", str(env_file), "--profile", "simulation",
        ]  # fmt: skip
        self.name = name
        self._env_file = env_file
        # Compose prefers its environment to the file, and tests set variables of the same names.
        self._environment = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("AIRFLOW_", "DEAN06_"))
        } | dict(settings or {})

    def of(self, folder: Path, settings: Mapping[str, str]) -> "Compose":
        """The same project by the compose file of another folder; ``settings`` go before the
        file of settings."""
        return Compose(self.name, self._env_file, folder, settings)

    def run(self, *words: str) -> str:
        """What a command prints. Raises EngineError with the end of what it said."""
        done = subprocess.run(
            [*self._command, *words],
            capture_output=True, text=True, check=False, timeout=_SECONDS, stdin=subprocess.DEVNULL,
            env=self._environment,
        )  # fmt: skip
        if done.returncode:
            # Compose tells of containers on stderr; what the program said may be on either.
            said = f"{done.stdout[-1500:]}\n{done.stderr[-1500:]}".strip()
            raise EngineError(f"docker compose {' '.join(words)}: {said}")
        return done.stdout

    def start(self, *words: str) -> "subprocess.Popen[str]":
        """A command that goes on meanwhile."""
        return subprocess.Popen(
            [*self._command, *words],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, stdin=subprocess.DEVNULL,
            env=self._environment,
        )  # fmt: skip

    def containers(self, service: str) -> list[str]:
        """The running containers of a service."""
        return self.run("ps", "--quiet", "--status", "running", service).split()

    def query(self, database: str, statement: str) -> str:
        """The answer of a database of PostgreSQL; empty when it has none."""
        words = ("psql", "-U", "postgres", "-d", database, "-Atc", statement)
        return self.run("exec", "-T", "postgres", *words).strip()

    def digest(self) -> str:
        """The fingerprint of the warehouse."""
        found = json.loads(self.run("run", "--rm", "-T", "init", *_DIGEST))
        return str(found["total"])

    def memory(self) -> dict[str, float]:
        """What each container holds now, in MiB."""
        printed = docker("stats", "--no-stream", "--format", "{{.Name}}\t{{.MemUsage}}")
        found = {}
        for line in printed.splitlines():
            container, used = line.split("\t")
            if container.startswith(f"{self.name}-"):
                found[container.removeprefix(f"{self.name}-")] = _mebibytes(used.split(" / ")[0])
        return found


_DIGEST = ("python", "-m", "dean06", "digest", "--json")


def _mebibytes(text: str) -> float:
    for unit, factor in (("GiB", 1024.0), ("MiB", 1.0), ("KiB", 1 / 1024)):
        if text.endswith(unit):
            return float(text.removesuffix(unit)) * factor
    return 0.0


def docker(*words: str) -> str:
    """What a command of the engine prints. Raises EngineError."""
    try:
        done = subprocess.run(
            ["docker", *words], capture_output=True, text=True, check=False, timeout=_SECONDS
        )
    except FileNotFoundError:
        raise EngineError("docker is not installed: install Docker Engine and Compose") from None
    if done.returncode:
        raise EngineError(f"docker {' '.join(words[:2])}: {done.stderr.strip()[-500:]}")
    return done.stdout


def require() -> None:
    """Raises EngineError naming what is missing."""
    docker("info", "--format", "{{.ServerVersion}}")
    version = docker("compose", "version", "--short").strip().lstrip("v")
    numbers = tuple(int(part) for part in version.split("-")[0].split("+")[0].split(".")[:3])
    if numbers < (2, 23, 1):
        raise EngineError(f"Docker Compose {version} is too old: 2.23.1 or later is needed")


def images() -> dict[str, str]:
    """Images under other names than those of the compose file, for a network without a registry."""
    names = ("DEAN06_PYTHON_IMAGE", "DEAN06_POSTGRES_IMAGE", "DEAN06_REDIS_IMAGE")
    return {name: os.environ[name] for name in names if os.environ.get(name)}
