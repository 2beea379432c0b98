"""A lock whose holder was killed while others kept its connection: the server ends the session.

As Airflow's scheduler leaves its lock to the workers that it had forked (decision 17).
"""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager

import psycopg2
import pytest

from onebox.airflow import wait_until
from tests.conftest import Cluster

_SCHEDULER = """
import os, sys, time, psycopg2
connection = psycopg2.connect(sys.argv[1])
worker = os.fork()
if worker:
    connection.cursor().execute("select pg_advisory_xact_lock(2)")
    print(worker, flush=True)
time.sleep(60)
"""


@contextmanager
def left_with_the_lock(url: str) -> Iterator[None]:
    """A process that forked, took the lock and was killed; what it had forked lives."""
    scheduler = subprocess.Popen(
        [sys.executable, "-c", _SCHEDULER, url], stdout=subprocess.PIPE, text=True
    )
    assert scheduler.stdout
    worker = int(scheduler.stdout.readline())
    scheduler.kill()
    scheduler.wait()
    try:
        yield
    finally:
        os.kill(worker, signal.SIGKILL)
        scheduler.stdout.close()


def lock_is_free(url: str) -> bool:
    with closing(psycopg2.connect(url)) as connection, connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_xact_lock(2)")
        row = cursor.fetchone()
    return bool(row and row[0])


@pytest.mark.parametrize(("patience", "freed"), [("0", False), ("3s", True)])
@pytest.mark.campaign
def test_a_session_that_stands_still_is_ended(cluster: Cluster, patience: str, freed: bool) -> None:
    url = cluster.database().replace("+psycopg2", "")
    name = url.rpartition("/")[2]
    cluster.server.execute(
        f"alter database {name} set idle_in_transaction_session_timeout = '{patience}'"
    )
    with left_with_the_lock(url):
        assert not lock_is_free(url)
        assert wait_until(lambda: lock_is_free(url), 60 if freed else 5, 0.2) == freed
    assert wait_until(lambda: lock_is_free(url), 60, 0.2)
