"""The process group: everything in ``Procfile``, supervised; one Ctrl-C ends all of it.

Output of each service goes to ``.dean06/logs/<service>.log``, so that the terminal stays free for
what the person who typed ``make run`` wants to see.
"""

import os
import signal
import time
from contextlib import suppress
from pathlib import Path
from typing import IO

import psutil
from honcho.environ import parse_procfile
from honcho.manager import Manager

MARK = "DEAN06_INSTALLATION"
"""Every service carries its installation's random mark in this variable: none can hide, and no
process that people start themselves is taken for one."""


class LogFiles:
    """Writes each service's lines to a file of its own; what honcho takes for a printer."""

    width = 0

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._files: dict[str, IO[str]] = {}

    def write(self, message: object) -> None:
        """Append one line."""
        name = str(getattr(message, "name", "system"))
        if name not in self._files:
            self._files[name] = (self._folder / f"{name}.log").open("a", buffering=1)
        data = getattr(message, "data", "")
        text = data.decode(errors="replace") if isinstance(data, bytes) else str(data)
        self._files[name].write(text if text.endswith("\n") else f"{text}\n")


def supervise(environment: dict[str, str], project: Path, logs: Path) -> Manager:
    """A manager over the Procfile's services, ready to ``loop()``."""
    manager = Manager(LogFiles(logs))
    procfile = parse_procfile((project / "Procfile").read_text())
    for name, command in procfile.processes.items():
        # exec: the service itself, not a shell, is what receives signals.
        manager.add_process(name, f"exec {command}", env=environment, cwd=str(project))
    return manager


def processes_of(mark: str) -> list[psutil.Process]:
    """Every process of the installation with that mark, but this one and its parents."""
    mine = {os.getpid(), *(parent.pid for parent in psutil.Process().parents())}
    found = []
    for process in psutil.process_iter():
        try:
            if process.pid not in mine and process.environ().get(MARK) == mark:
                found.append(process)
        except psutil.Error:
            continue  # gone meanwhile, or another user's
    return found


def end_all(mark: str, seconds: float = 10.0) -> int:
    """End every process of an installation: asked first, killed after ``seconds``.

    Whole process groups are ended, and those of descendants: Airflow's workers rename themselves,
    which hides the mark, and some lead a group of their own.
    """
    groups = _groups_of(mark)
    for group in groups:
        _signal(group, signal.SIGTERM)
    deadline = time.monotonic() + seconds
    while any(_is_alive(group) for group in groups) and time.monotonic() < deadline:
        time.sleep(0.2)
    for group in groups:
        _signal(group, signal.SIGKILL)
    return len(groups)


def _groups_of(mark: str) -> set[int]:
    """The process groups of an installation's processes and of all their descendants, but this
    process's own."""
    found = processes_of(mark)
    for process in [*found]:
        with suppress(psutil.Error):
            found += process.children(recursive=True)
    groups = set()
    for process in found:
        with suppress(ProcessLookupError):
            groups.add(os.getpgid(process.pid))
    return groups - {os.getpgrp()}


def _is_alive(group: int) -> bool:
    for process in psutil.process_iter():
        try:
            in_group = os.getpgid(process.pid) == group
            if in_group and process.status() != psutil.STATUS_ZOMBIE:
                return True
        except (psutil.NoSuchProcess, ProcessLookupError):
            continue
    return False


def _signal(group: int, number: int) -> None:
    try:
        os.killpg(group, number)
    except ProcessLookupError:
        return
