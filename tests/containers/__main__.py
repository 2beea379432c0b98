"""``make containers``: build the image, bring the services up, sync, break things, compare digests.

The warehouse of the containers has to end as one that was synced in this process, without
containers, whatever is killed meanwhile. Everything that is started is taken down at the end.
"""

import argparse
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from dean06.cli import init_env
from dean06.reports.digest import warehouse_digest
from ministries.servers import running
from tests.conftest import private_cluster
from tests.containers.engine import Compose, EngineError, docker, images, require
from tests.lib.compose_file import PROJECT
from tests.lib.syncing import sync

DAYS = ("2022-10-31", "2022-11-01", "2022-11-02")
SCALE = 0.01
_IMAGE = "dean06:containers"
_PORT = "18080"
_SYNC = ("run", "--rm", "-T", "init", "python", "-m", "server.sync_day")


@dataclass
class Table:
    """What was done, how long it took, and whether the digest was the expected one."""

    rows: list[tuple[str, float, str]] = field(default_factory=list)

    def did(self, what: str, seconds: float, result: str = "") -> None:
        """Add a row, and show it."""
        self.rows.append((what, seconds, result))
        print(f"{what:<58} {seconds:7.0f} s  {result}", flush=True)

    @property
    def is_right(self) -> bool:
        """Whether no digest differed."""
        return not any("differs" in result for _, _, result in self.rows)


def main() -> int:
    """Run everything; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.containers", description=__doc__)
    parser.add_argument("--keep", action="store_true", help="leave the containers up")
    asked = parser.parse_args()
    try:
        require()
    except EngineError as error:
        print(f"containers: {error}", file=sys.stderr)
        return 2
    expected = _expected()
    table = Table()
    try:
        with _project(keep=asked.keep) as compose:
            _all(compose, expected, table)
    except EngineError as error:
        print(f"containers: {error}", file=sys.stderr)
        return 1
    return 0 if table.is_right else 1


def _expected() -> dict[str, str]:
    """The digest after each day, synced without containers."""
    found = {}
    with (
        private_cluster() as cluster,
        cluster.copy(cluster.migrated()),
        running("tien_giang_2022", SCALE) as ministries,
    ):
        for day in DAYS:
            sync(ministries, day)
            found[day] = warehouse_digest()["total"]
    return found


@contextmanager
def _project(*, keep: bool) -> Iterator[Compose]:
    folder = Path(tempfile.mkdtemp(prefix="dean06-containers-"))
    env_file = folder / "env"
    settings = images() | {"DEAN06_IMAGE": _IMAGE, "DEAN06_UI_PORT": _PORT}
    init_env.init_env(env_file, "admin", simulation=True)
    text = env_file.read_text(encoding="utf-8")
    for name, value in settings.items():
        text = re.sub(rf"(?m)^{name}=$", f"{name}={value}", text)
    env_file.write_text(text, encoding="utf-8")
    compose = Compose("dean06-containers", env_file)
    try:
        yield compose
    finally:
        if not keep:
            compose.run("down", "--volumes", "--timeout", "30")
            shutil.rmtree(folder)


def _all(compose: Compose, expected: dict[str, str], table: Table) -> None:
    one, two, three = DAYS

    def timed(what: str, do: Callable[[], object]) -> None:
        begun = time.monotonic()
        do()
        table.did(what, time.monotonic() - begun)

    def compared(what: str, day: str, do: Callable[[], object]) -> None:
        begun = time.monotonic()
        do()
        seconds = time.monotonic() - begun
        is_equal = compose.digest() == expected[day]
        table.did(what, seconds, "digest equal" if is_equal else "digest differs")

    timed("build the image", lambda: _build(compose))
    timed("up, from empty volumes", lambda: compose.run("up", "--detach"))
    compared(f"sync {one}", one, lambda: compose.run(*_SYNC, one))
    for container, mebibytes in sorted(compose.memory().items()):
        print(f"  {container}: {mebibytes:.0f} MiB")
    compared(f"sync {two}, a worker killed", two, lambda: _while_syncing(compose, two, _kill))
    compared("down and up again", two, lambda: _down_and_up(compose))
    timed("three workers", lambda: compose.run(*_up(3)))
    compared(
        f"sync {three}, PostgreSQL restarted",
        three,
        lambda: _while_syncing(compose, three, _restart_postgres),
    )
    compared("upgrade as documented", three, lambda: _upgrade(compose))


def _up(workers: int) -> tuple[str, ...]:
    return ("up", "--detach", "--scale", f"airflow-worker={workers}")


def _build(compose: Compose) -> None:
    base = images().get("DEAN06_PYTHON_IMAGE")
    argument = ["--build-arg", f"PYTHON_IMAGE={base}", "--network", "host"] if base else []
    docker("build", "--quiet", *argument, "--tag", _IMAGE, str(PROJECT))
    print(f"  {_IMAGE}: {int(docker('image', 'inspect', '-f', '{{.Size}}', _IMAGE)) / 1e6:.0f} MB")


def _while_syncing(compose: Compose, day: str, harm: Callable[[Compose], None]) -> None:
    """Sync a day, do harm while tasks run, and sync it once more if that made a task fail."""
    syncing = compose.start(*_SYNC, day)
    time.sleep(30)
    harm(compose)
    printed, _ = syncing.communicate(timeout=3600)
    if syncing.returncode:
        print(f"  first try: {printed.strip()[-300:]}")
        compose.run(*_SYNC, day)


def _kill(compose: Compose) -> None:
    worker = compose.containers("airflow-worker")[0]
    docker("kill", worker)
    time.sleep(5)
    compose.run("up", "--detach", "--no-recreate")


def _restart_postgres(compose: Compose) -> None:
    compose.run("restart", "postgres")


def _down_and_up(compose: Compose) -> None:
    compose.run("down", "--timeout", "60")
    compose.run("up", "--detach")


def _upgrade(compose: Compose) -> None:
    """The order of docs/deployment.md: what starts work stops first, and starts last."""
    compose.run("stop", "airflow-scheduler", "airflow-worker")
    compose.run("run", "--rm", "-T", "init")
    compose.run(*_up(2))


if __name__ == "__main__":
    sys.exit(main())
