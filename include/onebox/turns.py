"""One ``make run`` at a time: a start or stop of an installation waits for the run before it.

A run that is being stopped needs some seconds to end its services and PostgreSQL. Meanwhile it
holds a lock on a file of the installation. The system releases the lock however the process ends.
"""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from onebox.config import STOPS, ConfigError
from onebox.language import say

_FILE = "run.lock"
_STOPPED = "stopped"
_KEPT = 200
ENDS_WITHIN = 60.0
"""Seconds in which a run that is being stopped must end; it takes 2 to 10."""


@contextmanager
def own(home: Path) -> Iterator[None]:
    """Be the one run of an installation for the length of the block; one that stops ends first.

    Raises ConfigError when another one is running.
    """
    home.mkdir(parents=True, exist_ok=True)
    with (home / _FILE).open("a+") as file:
        if not _have(file.fileno(), ENDS_WITHIN if was_stopped(home) else 0):
            raise ConfigError("this installation is already running: 'make down' stops it")
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        (home / _STOPPED).unlink(missing_ok=True)
        try:
            yield
        finally:
            # Explicitly: a process that was forked meanwhile has the file open, too.
            fcntl.flock(file.fileno(), fcntl.LOCK_UN)


def stop(home: Path) -> None:
    """Note that somebody stops the run, so that it does not report an error of its own, and when:
    the watchdog names this as the cause of tasks that end with it."""
    (home / _STOPPED).touch()
    moments = (home / STOPS).read_text().splitlines() if (home / STOPS).exists() else []
    moments = [*moments[-_KEPT:], datetime.now(UTC).isoformat()]
    (home / STOPS).write_text("".join(f"{each}\n" for each in moments))


def was_stopped(home: Path) -> bool:
    """Whether somebody stopped the run that is under way."""
    return (home / _STOPPED).exists()


def await_end(home: Path) -> None:
    """Wait until the run that is being stopped has ended. Raises ConfigError when it does not."""
    path = home / _FILE
    if not path.exists():
        return
    with path.open("a+") as file:
        if _have(file.fileno(), ENDS_WITHIN):
            return
    process, seconds = path.read_text(), f"{ENDS_WITHIN:.0f}"
    raise ConfigError(
        say(
            f"lượt 'make run' (tiến trình {process}) chưa kết thúc sau {seconds} giây: dừng tiến "
            f"trình này (kill {process}), sau đó chạy lại lệnh",
            f"'make run' (process {process}) has not ended within {seconds} s: end it "
            f"(kill {process}), then run this command again",
        )
    )


def _have(number: int, seconds: float) -> bool:
    """Take the lock, waiting for it at most that long; whether it was had."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= deadline:
                return False
            time.sleep(0.1)
        else:
            return True
