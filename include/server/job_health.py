"""``python -m server.job_health DagProcessorJob``: whether this container's Airflow job is alive.

Asks Airflow's database as ``airflow jobs check --local`` does, in a hundredth of its processor
time: a health check runs every minute for as long as the server is up.
"""

import argparse
import os
import socket
import sys

import psycopg2

_ALIVE_SECONDS = 60
"""Jobs say every 5 seconds that they are alive; on a loaded server later."""
_QUERY = """
    select 1 from job
    where job_type = %s and hostname = any(%s) and state = 'running'
        and latest_heartbeat > now() - make_interval(secs => %s)
"""


def is_alive(job_type: str) -> bool:
    """Whether a job of this type on this host has lately said that it is alive."""
    dsn = os.environ["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"].replace("+psycopg2", "")
    connection = psycopg2.connect(dsn, connect_timeout=10)
    try:
        with connection.cursor() as cursor:
            names = [socket.gethostname(), socket.getfqdn()]
            cursor.execute(_QUERY, (job_type, names, _ALIVE_SECONDS))
            return cursor.fetchone() is not None
    finally:
        connection.close()


def parser() -> argparse.ArgumentParser:
    """The command line."""
    found = argparse.ArgumentParser(prog="python -m server.job_health", description=__doc__)
    found.add_argument("job", choices=("DagProcessorJob", "TriggererJob"))
    return found


if __name__ == "__main__":
    job = parser().parse_args().job
    if not is_alive(job):
        sys.exit(f"no {job} on this host has sent a heartbeat for {_ALIVE_SECONDS} seconds")
