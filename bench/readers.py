"""Twenty analysts at once: how long the questions of ``bench/questions`` take to be answered.

Every reader is a process with a connection of its own, as role ``dean06_bi``. The texts go to the
server as BI tools send them: with their values in them, planned again each time, from begin to the
last row fetched. Days, communes and KPIs are drawn again for each question.
"""

import multiprocessing
import random
import statistics
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any

import psycopg2

from bench.place import Place
from bench.result import Result

READERS = 20
SECONDS = 30.0
PACE = 5.0
"""Seconds from one opening of all questions to the next, by the same reader."""
QUESTIONS = Path(__file__).with_name("questions")
_ROLE = "-c role=dean06_bi"
_CHOICES = {
    "day": "select distinct as_of_date from mart.kpi_publication",
    "province": """select distinct unit_code from mart.kpi_value
                   where unit_level = 'province' and boundary_version = 'as_reported'""",
    "commune": """select distinct unit_code from mart.kpi_value
                  where unit_level = 'commune' and boundary_version = 'as_reported'""",
    "kpi": """select distinct kpi_code from mart.kpi_value
              where unit_level = 'commune' and breakdown = ''""",
    "boundaries": "select distinct boundary_version from mart.kpi_value",
    "moment": "select published_at from mart.kpi_publication",
}
_FURTHER_DAYS = """
    with last as (
        select publication_id, as_of_date, source_codes, smallest_shown
        from mart.kpi_publication order by as_of_date desc, publication_id desc limit 1
    ),
    told as (
        insert into mart.kpi_publication (as_of_date, source_codes, reason, smallest_shown)
        select last.as_of_date + later, last.source_codes, 'first', last.smallest_shown
        from last cross join generate_series(1, {days}) as later
        returning publication_id, as_of_date
    )
    insert into mart.kpi_value (
        publication_id, kpi_code, kpi_version, unit_level, unit_code, boundary_version, as_of_date,
        numerator, denominator, value, breakdown, member_code, is_suppressed, province_code
    )
    select
        told.publication_id, value.kpi_code, value.kpi_version, value.unit_level, value.unit_code,
        value.boundary_version, told.as_of_date, value.numerator, value.denominator, value.value,
        value.breakdown, value.member_code, value.is_suppressed, value.province_code
    from last
    inner join mart.kpi_value as value on last.publication_id = value.publication_id
    cross join told
"""
Choices = Mapping[str, list[Any]]
Answers = dict[str, list[float]]
"""Milliseconds of each answer, by question."""


@dataclass(frozen=True)
class Answered:
    """One question: median and 95th percentile in milliseconds, with pauses and without."""

    question: str
    median: float
    p95: float
    unpaused_median: float
    unpaused_p95: float


def publish_on(place: Place, database: str, days: int) -> None:
    """Publish the last day's values for each of so many further days, as daily syncs would."""
    place.say(f"readers: {days} days of publications")
    place.change(database, _FURTHER_DAYS.format(days=days))
    place.change(database, "vacuum (analyze) mart.kpi_value, mart.kpi_publication")
    place.settle()


def run(dsn: str, seconds: float = SECONDS) -> tuple[list[Result], list[Answered]]:
    """Ask with pauses, then without; ``dsn`` is a login that may become ``dean06_bi``."""
    texts = {file.stem: file.read_text() for file in sorted(QUESTIONS.glob("*.sql"))}
    choices, size = _known(dsn)
    paced = _asked(dsn, texts, choices, seconds, PACE)
    unpaused = _asked(dsn, texts, choices, seconds, 0.0)
    told = [
        Answered(name, _median(paced[name]), _p95(paced[name]), _median(unpaused[name]),
                 _p95(unpaused[name]))
        for name in texts
    ]  # fmt: skip
    return list(_results(paced, unpaused, told, seconds, size)), told


def _results(
    paced: Answers, unpaused: Answers, told: list[Answered], seconds: float, size: str
) -> Iterator[Result]:
    slowest = max(told, key=lambda one: one.p95)
    every, hurried = _all(paced), _all(unpaused)
    yield Result(
        f"95th percentile of query time, {READERS} readers", _p95(every), "ms", 100, 50,
        f"median {_median(every):.1f} ms; slowest query {slowest.question}: "
        f"{slowest.p95:.1f} ms; each reader runs all {len(told)} queries every {PACE:g} s, "
        f"{len(every)} queries; {size}",
    )  # fmt: skip
    yield Result(
        f"95th percentile of query time, {READERS} readers without pauses",
        _p95(hurried), "ms", None, None,
        f"median {_median(hurried):.1f} ms, {len(hurried) / seconds:.0f} queries per second: "
        "the processors are saturated and queries wait",
    )  # fmt: skip


def _known(dsn: str) -> tuple[Choices, str]:
    """What can be asked for, and how much there is."""
    connection = psycopg2.connect(dsn, options=_ROLE)
    with connection, connection.cursor() as cursor:
        found = {}
        for name, query in _CHOICES.items():
            cursor.execute(query)
            found[name] = [value for (value,) in cursor.fetchall()]
        cursor.execute("select count(*) from mart.kpi_value")
        values = cursor.fetchall()[0][0]
    connection.close()
    return found, f"{values:,} values, {len(found['day'])} days"


def _asked(
    dsn: str, texts: Mapping[str, str], choices: Choices, seconds: float, pace: float
) -> Answers:
    forks = multiprocessing.get_context("forkserver")
    forks.set_forkserver_preload([__name__])  # imports are paid once, not by every reader
    ready = forks.Barrier(READERS)
    pipes, processes = [], []
    for number in range(READERS):
        receiver, sender = forks.Pipe(duplex=False)
        process = forks.Process(
            target=_read, args=(dsn, texts, choices, seconds, pace, number, ready, sender)
        )
        process.start()
        sender.close()
        pipes.append(receiver)
        processes.append(process)
    answers: Answers = {name: [] for name in texts}
    for receiver, process in zip(pipes, processes, strict=True):
        for name, milliseconds in receiver.recv().items():  # EOFError: the reader has died
            answers[name] += milliseconds
        process.join()
    return answers


def _read(
    dsn: str,
    texts: Mapping[str, str],
    choices: Choices,
    seconds: float,
    pace: float,
    number: int,
    ready: Barrier,
    answer: Connection,
) -> None:
    """One reader. The first answers of a connection fill its caches and are not counted."""
    draw = random.Random(number)
    connection = psycopg2.connect(dsn, options=_ROLE)
    connection.autocommit = True
    took: Answers = {name: [] for name in texts}
    with connection.cursor() as cursor:
        for text in texts.values():
            _answered(cursor, text, choices, draw)
        ready.wait()
        begun = time.monotonic()
        opened = begun + draw.uniform(0, pace)
        while opened < begun + seconds:
            time.sleep(max(0.0, opened - time.monotonic()))
            for name in draw.sample(list(texts), len(texts)):
                took[name].append(_answered(cursor, texts[name], choices, draw))
            opened = max(opened + pace, time.monotonic())
    connection.close()
    answer.send(took)


def _answered(cursor: Any, text: str, choices: Choices, draw: random.Random) -> float:
    asked = {name: draw.choice(values) for name, values in choices.items()}
    begun = time.perf_counter()
    cursor.execute(text, asked)
    cursor.fetchall()
    return 1000 * (time.perf_counter() - begun)


def _all(answers: Answers) -> list[float]:
    return [one for several in answers.values() for one in several]


def _median(answers: list[float]) -> float:
    return statistics.median(answers)


def _p95(answers: list[float]) -> float:
    return statistics.quantiles(answers, n=20, method="inclusive")[-1]
