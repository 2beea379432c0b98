"""A flood of requests: a few are worked on, a few wait, the others are refused, and everybody else
still gets answers."""

import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager

import httpx2 as httpx
import psycopg2
import pytest

from dean06.api import shedding
from dean06.api.application import ROOT
from dean06.ui import serving
from onebox.airflow import wait_until
from tests.conftest import Cluster
from tests.lib import api
from tests.lib.api import Program

AT_ONCE, PLACES = 4, 20
"""Of one client, with the default: half of what is worked on, and of the places."""
MANY = 60


@pytest.fixture(scope="module")
def prepared(cluster: Cluster, migrated: str) -> Iterator[str]:
    with cluster.prepared(migrated, api.publish_world) as (name, _):
        yield name


@pytest.fixture
def warehouse_url(cluster: Cluster, prepared: str) -> Iterator[str]:
    with cluster.copy(prepared) as url:
        yield url


@pytest.fixture
def url(warehouse_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Pages and API as ``serve`` has them."""
    assert warehouse_url
    for name, value in {
        "DEAN06_OIDC_ISSUER": "https://login.example.vn", "DEAN06_PAGES_SECRET": "0" * 32,
    }.items():  # fmt: skip
        monkeypatch.setenv(name, value)
    with api.served(serving.create()) as url:
        yield url


@contextmanager
def locked(cluster: Cluster, warehouse_url: str) -> Iterator[psycopg2.extensions.cursor]:
    """Nobody reads publications while it lasts: every query of values waits."""
    name = warehouse_url.rsplit("/", 1)[1]
    connection = psycopg2.connect(cluster.server.url(name).replace("+psycopg2", ""))
    with connection, connection.cursor() as cursor:
        cursor.execute("lock table mart.kpi_publication in access exclusive mode")
        yield cursor
    connection.close()


def waiting_in(cursor: psycopg2.extensions.cursor) -> int:
    """Sessions of the warehouse that wait for the lock."""
    cursor.execute(
        """select count(*) from pg_stat_activity
           where datname = current_database() and wait_event_type = 'Lock'"""
    )
    row = cursor.fetchone()
    return int(row[0]) if row else 0


def client_of(program: Program) -> httpx.Client:
    """Sends requests of a program over as many connections as it sends at once."""
    header = {"Authorization": f"Bearer {program.token}"}
    limits = httpx.Limits(max_connections=MANY)
    return httpx.Client(base_url=program.url, headers=header, timeout=60, limits=limits)


def flood(program: Program, pool: ThreadPoolExecutor, many: int) -> list[Future[httpx.Response]]:
    """So many requests of one program at once."""
    client = client_of(program)
    return [pool.submit(client.get, f"{ROOT}/values") for _ in range(many)]


def is_refusal(answer: httpx.Response) -> bool:
    return (
        answer.status_code == answer.json()["status"] == 503
        and answer.headers["content-type"] == "application/problem+json"
        and answer.headers["retry-after"] == "1"
        and "too many requests at once" in answer.json()["detail"]
    )


def test_while_nothing_can_be_read_a_flood_holds_half_of_the_places(
    cluster: Cluster, warehouse_url: str, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The warehouse stands still. What is inside is bounded; the rest hears so at once; what needs
    no query is answered, and the other client's request is answered when the warehouse is back."""
    monkeypatch.setattr(shedding, "WAIT_SECONDS", 60.0)  # on a machine that does other things, too
    flooding, other = Program(url), Program(url)
    assert flooding.ask("/values").status_code == other.ask("/values").status_code == 200
    with ThreadPoolExecutor(MANY + 1) as pool, locked(cluster, warehouse_url) as cursor:
        sent = flood(flooding, pool, MANY)
        assert wait_until(lambda: sum(each.done() for each in sent) == MANY - PLACES, 30, 0.05)
        refused = [each.result() for each in sent if each.done()]
        assert all(map(is_refusal, refused))
        later = pool.submit(other.ask, "/values")
        for path in (f"{ROOT}/openapi.json", "/static/pages.css"):
            assert httpx.get(f"{url}{path}", timeout=5).status_code == 200, path
        assert httpx.get(f"{url}/kpis", timeout=5).status_code == 401
        # Those of the flood, and the other client's, which waits behind none of them.
        assert wait_until(lambda: waiting_in(cursor) == AT_ONCE + 1, 30, 0.05)
        cursor.connection.rollback()
        assert later.result().status_code == 200
        wait(sent)
        inside = [each.result() for each in sent if each.result() not in refused]
    assert {answer.status_code for answer in inside} == {200}
    assert flooding.ask("/values").status_code == 200


def test_who_waits_too_long_is_told_so(
    cluster: Cluster, warehouse_url: str, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shedding, "WAIT_SECONDS", 0.3)
    program = Program(url)
    assert program.ask("/values").status_code == 200
    with ThreadPoolExecutor(MANY) as pool, locked(cluster, warehouse_url) as cursor:
        sent = flood(program, pool, PLACES)
        assert wait_until(lambda: sum(each.done() for each in sent) >= PLACES - AT_ONCE, 30)
        cursor.connection.rollback()
        found = [each.result() for each in sent]
    assert Counter(answer.status_code for answer in found) == {
        503: PLACES - AT_ONCE, 200: AT_ONCE,
    }  # fmt: skip
    assert all(is_refusal(answer) for answer in found if answer.status_code == 503)


def test_under_a_flood_others_get_every_answer(url: str) -> None:
    """The flood sends without a pause; the other client gets nothing but answers, none of them
    late, and nobody a 5xx but the documented one."""
    flooding, other = Program(url), Program(url)
    assert flooding.ask("/values").status_code == other.ask("/values").status_code == 200
    is_over = threading.Event()
    seen: Counter[int] = Counter()

    client = client_of(flooding)

    def send() -> None:
        while not is_over.is_set():
            answer = client.get(f"{ROOT}/values")
            assert answer.status_code == 200 or is_refusal(answer)
            seen[answer.status_code] += 1

    with ThreadPoolExecutor(MANY) as pool:
        senders = [pool.submit(send) for _ in range(MANY)]
        try:
            assert wait_until(lambda: seen[503] > 0, 30, 0.05)
            answers, took = [], []
            for _ in range(10):
                begun = time.monotonic()
                answers.append(other.ask("/values").status_code)
                took.append(time.monotonic() - begun)
                assert httpx.get(f"{url}{ROOT}/openapi.json", timeout=10).status_code == 200
        finally:
            is_over.set()
        for sender in senders:
            sender.result()
    assert answers == [200] * 10
    assert max(took) < shedding.WAIT_SECONDS
    assert set(seen) == {200, 503}
