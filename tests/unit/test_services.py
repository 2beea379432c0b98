"""What belongs to an installation is ended, however it calls itself and whatever it ignores."""

import os
import subprocess
import sys

import psutil

from onebox import services
from tests.lib.installation import alive

_WORKER = """
import signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("ready", flush=True)
time.sleep(300)
"""
_SERVICE = f"""
import subprocess, sys, time
worker = subprocess.Popen([sys.executable, "-c", {_WORKER!r}], env={{}}, start_new_session=True)
print(worker.pid, flush=True)
time.sleep(300)
"""


def test_a_worker_without_the_mark_in_a_group_of_its_own_that_ignores_the_signal() -> None:
    """As a task of Airflow that is busy in a library: it held the output of its scheduler, and the
    run waited for it without end."""
    marked = {**os.environ, services.MARK: "of-this-test"}
    service = subprocess.Popen(
        [sys.executable, "-c", _SERVICE],
        env=marked, start_new_session=True, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert service.stdout is not None
    worker = psutil.Process(int(service.stdout.readline()))
    assert service.stdout.readline() == "ready\n"
    try:
        assert services.end_all("of-this-test", seconds=1) == 2
        assert service.wait(5) == -15
        assert alive([worker]) == []
    finally:
        if worker.is_running():
            worker.kill()
