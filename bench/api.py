"""Twenty programs at once: how long the read API takes to answer.

The server is a process of its own, as ``python -m dean06 serve`` is, with one worker. Every program
is a process with one connection that it keeps. Days, communes and KPIs are drawn again for each
request; a third of the requests ask for what the program already has (``If-None-Match``).
"""

import json
import multiprocessing
import os
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Barrier
from typing import Any

import httpx2 as httpx

from bench.place import PROJECT, Place
from bench.readers import PACE, READERS, SECONDS
from bench.result import Result
from onebox.airflow import wait_until
from onebox.ports import free_port

QUESTIONS: Mapping[str, str] = {
    "catalogue": "/kpis?limit=100",
    "province": "/values?day={day}&unit={province}&limit=200",
    "communes": "/values?day={day}&kpi={kpi}&level=commune&limit=200",
    "series": "/values?kpi={kpi}&unit={province}&from={first_day}&to={day}&limit=400",
    "newest": "/values",
    "publications": "/publications?limit=100",
}
_CHOICES = {
    "day": "select distinct as_of_date::text from mart.kpi_publication",
    "province": """select distinct unit_code from mart.kpi_value
                   where unit_level = 'province' and boundary_version = 'as_reported'""",
    "kpi": """select distinct kpi_code from mart.kpi_value
              where unit_level = 'commune' and breakdown = ''""",
    "first_day": "select min(as_of_date)::text from mart.kpi_publication",
}
Choices = Mapping[str, list[Any]]


def run(place: Place, database: str, seconds: float = SECONDS) -> Iterator[Result]:
    """Ask with pauses as readers of dashboards do."""
    place.say(f"API: {READERS} programs")
    choices = {
        name: [str(value) for (value,) in place.rows(database, query)]
        for name, query in _CHOICES.items()
    }
    with _served(place.url(database)) as (url, token):
        took = _asked(url, token, choices, seconds)
    every = [one for several in took.values() for one in several]
    slowest = max(took, key=lambda name: _p95(took[name]))
    yield Result(
        f"95th percentile of API response time, {READERS} programs", _p95(every), "ms", 50, 50,
        f"median {statistics.median(every):.1f} ms; slowest request {slowest}: "
        f"{_p95(took[slowest]):.1f} ms; each program sends all {len(QUESTIONS)} requests every "
        f"{PACE:g} s, {len(every)} requests",
    )  # fmt: skip


@contextmanager
def _served(warehouse: str) -> Iterator[tuple[str, str]]:
    """A server of the API; yields its URL and a token."""
    port = free_port()
    paths = f"{PROJECT / 'plugins'}{os.pathsep}{PROJECT / 'include'}{os.pathsep}{PROJECT}"
    environment = {**os.environ, "DEAN06_WAREHOUSE_DSN": warehouse, "PYTHONPATH": paths}
    made = subprocess.run(
        [sys.executable, "-m", "dean06", "api-token", "bench", "--per-minute", "100000"],
        env=environment, check=True, capture_output=True, text=True,
    )  # fmt: skip
    command = [
        sys.executable, "-m", "uvicorn", "dean06.api.application:create", "--factory",
        "--port", str(port), "--log-level", "error", "--no-access-log",
    ]  # fmt: skip
    with subprocess.Popen(command, env=environment) as server:
        try:
            url = f"http://127.0.0.1:{port}/api/v1"
            if not wait_until(lambda: _answers(url), 60, 0.2):
                raise RuntimeError("the API does not answer")
            yield url, made.stdout.strip()
        finally:
            server.terminate()


def _answers(url: str) -> bool:
    try:
        return httpx.get(f"{url}/openapi.json").status_code == 200
    except httpx.TransportError:
        return False


def _asked(url: str, token: str, choices: Choices, seconds: float) -> dict[str, list[float]]:
    forks = multiprocessing.get_context("forkserver")
    forks.set_forkserver_preload([__name__])
    ready = forks.Barrier(READERS)
    running = []
    for number in range(READERS):
        receiver, sender = forks.Pipe(duplex=False)
        process = forks.Process(
            target=_read, args=(url, token, choices, seconds, number, ready, sender)
        )
        process.start()
        sender.close()
        running.append((receiver, process))
    took: dict[str, list[float]] = {name: [] for name in QUESTIONS}
    for receiver, process in running:
        for name, milliseconds in json.loads(receiver.recv()).items():  # EOFError: it has died
            took[name] += milliseconds
        process.join()
    return took


def _read(
    url: str, token: str, choices: Choices, seconds: float, number: int, ready: Barrier,
    answer: Connection,
) -> None:  # fmt: skip
    """One program. The first answers are not counted."""
    draw = random.Random(number)
    took: dict[str, list[float]] = {name: [] for name in QUESTIONS}
    known: dict[str, str] = {}
    with httpx.Client(headers={"Authorization": f"Bearer {token}"}, timeout=60) as client:
        for question in QUESTIONS.values():
            _ask(client, url + _filled(question, choices, draw), known, draw)
        ready.wait()
        begun = time.monotonic()
        opened = begun + draw.uniform(0, PACE)
        while opened < begun + seconds:
            time.sleep(max(0.0, opened - time.monotonic()))
            for name in draw.sample(list(QUESTIONS), len(QUESTIONS)):
                address = url + _filled(QUESTIONS[name], choices, draw)
                took[name].append(_ask(client, address, known, draw))
            opened = max(opened + PACE, time.monotonic())
    answer.send(json.dumps(took))


def _filled(question: str, choices: Choices, draw: random.Random) -> str:
    return question.format(**{name: draw.choice(values) for name, values in choices.items()})


def _ask(client: httpx.Client, address: str, known: dict[str, str], draw: random.Random) -> float:
    """Milliseconds of one request. Raises RuntimeError for an answer that is a refusal."""
    tag = known.get(address, "") if draw.random() < 1 / 3 else ""
    begun = time.perf_counter()
    answer = client.get(address, headers={"If-None-Match": tag} if tag else {})
    took = 1000 * (time.perf_counter() - begun)
    if answer.status_code not in (200, 304):
        raise RuntimeError(f"the API answers {answer.status_code}")
    known[address] = answer.headers["etag"]
    return took


def _p95(answers: list[float]) -> float:
    return statistics.quantiles(answers, n=20, method="inclusive")[-1]
