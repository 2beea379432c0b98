"""The steps of ``make containers``, in their order: what each does to the containers."""

import subprocess
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from tests.containers.engine import Compose, EngineError, docker, images
from tests.lib.compose_file import PROJECT

DAYS = ("2022-10-31", "2022-11-01", "2022-11-02")
IMAGE = "dean06:containers"
_ONE, _TWO, _THREE = DAYS
_PREVIOUS_IMAGE = "dean06:containers-previous"
_SYNC = ("run", "--rm", "-T", "init", "python", "-m", "server.sync_day")
_BUSY = "select hostname from task_instance where state = 'running' limit 1"
_BUSY_SECONDS = 900


@dataclass(frozen=True)
class Step:
    """One step."""

    name: str
    what: str
    do: Callable[[Compose], None]
    day: str | None = None
    """The last day in the warehouse after it; None: the digest is not compared."""
    shows_memory: bool = False
    needs_previous: bool = False
    """Whether it begins with an image of an earlier revision."""

    def of(self, revision: str) -> "Step":
        """The step, with the revision that is upgraded."""
        if not self.needs_previous:
            return self
        return replace(
            self,
            what=f"{self.what} {revision}",
            do=lambda compose: _upgrade_from(compose, revision),
        )


def _build(_: Compose) -> None:
    build_image(IMAGE, PROJECT)


def build_image(name: str, folder: Path) -> None:
    """Build an image from a copy of the project, and print its size."""
    base = images().get("DEAN06_PYTHON_IMAGE")
    argument = ["--build-arg", f"PYTHON_IMAGE={base}", "--network", "host"] if base else []
    docker("build", "--quiet", *argument, "--tag", name, str(folder))
    print(f"  {name}: {int(docker('image', 'inspect', '-f', '{{.Size}}', name)) / 1e6:.0f} MB")


def _up(compose: Compose) -> None:
    compose.run("up", "--detach")


def _sync(compose: Compose) -> None:
    compose.run(*_SYNC, _ONE)


def _while_syncing(compose: Compose, day: str, harm: Callable[[Compose, str], None]) -> None:
    """Sync a day, do harm while a task runs, and sync it once more if that made a task fail."""
    syncing = compose.start(*_SYNC, day)
    harm(compose, _busy_worker(compose, lambda: syncing.poll() is None))
    printed, _ = syncing.communicate(timeout=5400)
    if syncing.returncode:
        print(f"  first try: {printed.strip()[-1000:]}")
        compose.run(*_SYNC, day)


def _busy_worker(compose: Compose, goes_on: Callable[[], bool]) -> str:
    """The container that runs a task. Raises EngineError when none does."""
    until = time.monotonic() + _BUSY_SECONDS
    while goes_on() and time.monotonic() < until:
        found = compose.query("airflow", _BUSY)
        if found:
            return found
        time.sleep(1)
    raise EngineError("no task of the sync was seen to run")


def _kill_worker(compose: Compose, container: str) -> None:
    docker("kill", container)
    print(f"  killed {container}, which ran a task", flush=True)
    time.sleep(5)
    compose.run("up", "--detach", "--no-recreate")


def _restart_postgres(compose: Compose, _: str) -> None:
    compose.run("restart", "postgres")
    print("  restarted PostgreSQL while a task ran", flush=True)


def _down_and_up(compose: Compose) -> None:
    compose.run("down", "--timeout", "60")
    compose.run("up", "--detach")


def _three_workers(compose: Compose) -> None:
    compose.run("up", "--detach", "--scale", "airflow-worker=3")
    found = len(compose.containers("airflow-worker"))
    if found != 3:
        raise EngineError(f"3 workers were asked for; {found} run")


def _upgrade(compose: Compose) -> None:
    """The order of docs/deployment.md: what starts work stops first, and starts last."""
    compose.run("stop", "airflow-scheduler", "airflow-worker")
    compose.run("run", "--rm", "-T", "init")
    compose.run("up", "--detach")


def _upgrade_from(compose: Compose, revision: str) -> None:
    """Sync a day with an earlier revision, upgrade, and sync the next."""
    compose.run("down", "--volumes", "--timeout", "60")
    with tempfile.TemporaryDirectory(prefix="dean06-previous-") as folder:
        archive = subprocess.run(
            ["git", "archive", revision], cwd=PROJECT, capture_output=True, check=False
        )
        if archive.returncode:
            raise EngineError(f"git archive {revision}: {archive.stderr.decode()[-300:]}")
        subprocess.run(["tar", "-x", "-C", folder], input=archive.stdout, check=True)
        build_image(_PREVIOUS_IMAGE, Path(folder))
        earlier = compose.of(Path(folder), {"DEAN06_IMAGE": _PREVIOUS_IMAGE})
        earlier.run("up", "--detach")
        earlier.run(*_SYNC, _ONE)
        before = earlier.digest()
    _upgrade(compose)
    after = compose.digest()
    print(f"  digest {before[:16]} before the upgrade, {after[:16]} after it", flush=True)
    compose.run(*_SYNC, _TWO)


def newest_tag() -> str:
    """The newest tag of the history; empty where none is."""
    done = subprocess.run(
        ["git", "describe", "--tags", "--abbrev=0"],
        cwd=PROJECT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    return done.stdout.strip()


STEPS = (
    Step("build", "build the image", _build),
    Step("up", "up, from empty volumes", _up),
    Step("sync", f"sync {_ONE}", _sync, _ONE, shows_memory=True),
    Step(
        "kill", f"sync {_TWO}, a worker killed",
        lambda compose: _while_syncing(compose, _TWO, _kill_worker), _TWO,
    ),
    Step("down", "down and up again", _down_and_up, _TWO),
    Step("scale", "three workers", _three_workers),
    Step(
        "restart", f"sync {_THREE}, PostgreSQL restarted",
        lambda compose: _while_syncing(compose, _THREE, _restart_postgres), _THREE,
        shows_memory=True,
    ),
    Step("upgrade", "upgrade as documented", _upgrade, _THREE),
    Step(
        "previous", "upgrade between two days, from", _upgrade, _TWO, needs_previous=True,
    ),
)  # fmt: skip
