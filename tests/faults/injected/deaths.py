"""Ends a task's process where a plan says so. The product knows nothing of it.

``$DEAN06_TEST_DEATHS`` names a folder: ``plan.json`` lists faults, ``fired/`` holds a marker per
fault that has struck, written before it strikes, so that each strikes once however often the task
is tried again. Functions are wrapped as their modules are imported; a wrapper does nothing outside
the tasks that the plan names.

A fault: ``name``; ``task`` (``sync_police/resident.stage``); ``at``
(``dean06.load.stage:_finish``); ``when``: ``before``, ``after``, or ``during`` (``delay`` seconds
after the function was entered);
``what``: ``kill``; ``full`` (files no longer grow); ``hold`` (wait until released); ``terminate``
or ``crash`` (SIGTERM or SIGKILL for the PostgreSQL processes that serve this task).
"""

import contextlib
import functools
import importlib.abc
import importlib.machinery
import json
import os
import resource
import signal
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

FOLDER = "DEAN06_TEST_DEATHS"
_FULL_AT = 100
"""Bytes that a file may grow to while the disk is taken to be full."""
_HELD_SECONDS = 120.0


def install() -> None:
    """Wrap what the plan may name, module by module as they are imported."""
    if os.environ.get(FOLDER):
        sys.meta_path.insert(0, _Finder(_targets()))


def arm() -> None:
    """The same for modules that are imported already: for a process that was forked."""
    for module, names in _targets().items():
        if module in sys.modules:
            _wrap(sys.modules[module], names)


def _targets() -> dict[str, list[str]]:
    """``{module: names in it}``; a fixed list, since the plan changes while processes live."""
    found: dict[str, list[str]] = {}
    for target in json.loads((_folder() / "targets.json").read_text()):
        module, _, name = target.partition(":")
        found.setdefault(module, []).append(name)
    return found


class _Finder(importlib.abc.MetaPathFinder):
    """Finds a module as it would be found anyway, and wraps it once it has been executed."""

    def __init__(self, targets: dict[str, list[str]]) -> None:
        self._targets = targets

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if name not in self._targets:
            return None
        spec = importlib.machinery.PathFinder.find_spec(name, path, target)
        if spec is None or spec.loader is None:
            return None
        execute = spec.loader.exec_module

        def execute_and_wrap(module: ModuleType) -> None:
            execute(module)
            _wrap(module, self._targets[name])

        spec.loader.exec_module = execute_and_wrap  # type: ignore[method-assign]
        return spec


def _wrap(module: ModuleType, names: list[str]) -> None:
    for name in names:
        *parents, last = name.split(".")
        owner = functools.reduce(getattr, parents, module)
        at = f"{module.__name__}:{name}"
        setattr(owner, last, _mortal(getattr(owner, last), at))


def _mortal(function: Callable[..., Any], at: str) -> Callable[..., Any]:
    @functools.wraps(function)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        planned = _planned(at)
        for fault in planned:
            if fault["when"] == "before":
                _strike(fault)
            elif fault["when"] == "during":
                timer = threading.Timer(fault["delay"], _strike, [fault])
                timer.daemon = True
                timer.start()
        entered = time.monotonic()
        try:
            return function(*args, **kwargs)
        finally:  # a deferral, too, leaves by an exception
            _measure(at, time.monotonic() - entered)
            for fault in planned:
                if fault["when"] == "after":
                    _strike(fault)

    return wrapper


def _folder() -> Path:
    return Path(os.environ[FOLDER])


def _task() -> str:
    return f"{os.environ.get('AIRFLOW_CTX_DAG_ID')}/{os.environ.get('AIRFLOW_CTX_TASK_ID')}"


def _planned(at: str) -> list[dict[str, Any]]:
    if "AIRFLOW_CTX_TASK_ID" not in os.environ:
        return []
    plan = json.loads((_folder() / "plan.json").read_text())
    return [fault for fault in plan if fault["at"] == at and fault["task"] == _task()]


def _measure(at: str, seconds: float) -> None:
    if "AIRFLOW_CTX_TASK_ID" in os.environ:
        # The disk may be full, on purpose.
        with contextlib.suppress(OSError), (_folder() / "seconds.txt").open("a") as file:
            file.write(f"{_task()} {at} {seconds:.3f}\n")


def _strike(fault: dict[str, Any]) -> None:
    """Once: whoever makes the marker strikes."""
    try:
        with (_folder() / "fired" / fault["name"]).open("x") as marker:
            marker.write(str(os.getpid()))
    except FileExistsError:
        return
    if fault["what"] == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    elif fault["what"] == "full":
        _fill_the_disk()
    elif fault["what"] == "hold":
        _hold(_folder() / "released" / fault["name"])
    else:
        _end_backends(crash=fault["what"] == "crash")


def _fill_the_disk() -> None:
    """The kernel refuses to let files grow, until this process ends: writes come back short."""
    _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (_FULL_AT, most))


def _hold(until: Path) -> None:
    """Stand still while something outside fails, for two minutes at most."""
    deadline = time.monotonic() + _HELD_SECONDS
    while not until.exists() and time.monotonic() < deadline:
        time.sleep(0.1)


def _end_backends(*, crash: bool) -> None:
    """End the PostgreSQL processes at the other end of this process's connections."""
    import psutil
    import psycopg2

    mine = [c.laddr.port for c in psutil.Process().net_connections("tcp") if c.laddr]
    url = os.environ["DEAN06_WAREHOUSE_DSN"].replace("+psycopg2", "")
    ending = "pg_terminate_backend(pid)" if not crash else "null"
    with psycopg2.connect(url) as connection, connection.cursor() as cursor:
        cursor.execute(
            f"select pid, {ending} from pg_stat_activity where client_port = any(%s)", [mine]
        )
        pids = [row[0] for row in cursor.fetchall()]
    if crash:
        # The server takes this for corrupted memory: it ends every session and recovers.
        os.kill(pids[0], signal.SIGKILL)
