"""The databases that a new PostgreSQL container creates, on a real server."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator

import psycopg2
import pytest
from sqlalchemy import make_url
from tests.lib import compose_file
from tests.lib.compose_file import PROJECT

from onebox.postgres import PostgresServer

PASSWORDS = {"AIRFLOW_DB_PASSWORD": "first-secret", "WAREHOUSE_PASSWORD": "second'secret"}

LOAD = """
from dean06.warehouse import transaction
with transaction() as session:
    session.run("create temp table batch (line text)")
    print(session.one("select current_user").current_user)
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PostgresServer]:
    """A private server on which the deployment's script has run as it does in the container."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    server = PostgresServer(tmp_path_factory.mktemp("postgres"), port)
    server.start()
    superuser = server.url().replace("+psycopg2", "")
    try:
        subprocess.run(
            ["psql", "--no-psqlrc", "--quiet", "--file=-", superuser],
            input=compose_file.load()["configs"]["databases"]["content"],
            env={**os.environ, **PASSWORDS},
            text=True,
            check=True,
        )
        yield server
    finally:
        server.remove()


def dsn(server: PostgresServer, user: str, password: str, database: str) -> str:
    """A URL as the compose file builds it."""
    url = make_url(server.url()).set(username=user, password=password, database=database)
    return url.render_as_string(hide_password=False)


@pytest.mark.campaign
def test_the_warehouse_migrates_and_loads_as_its_own_account(server: PostgresServer) -> None:
    owner = dsn(server, "dean06", PASSWORDS["WAREHOUSE_PASSWORD"], "dean06")
    for argv in (["-m", "dean06", "migrate"], ["-c", LOAD]):
        done = subprocess.run(
            [sys.executable, *argv],
            env={
                **os.environ,
                "DEAN06_WAREHOUSE_DSN": owner,
                "PYTHONPATH": f"{PROJECT}/plugins:{PROJECT}/include",
            },
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout.strip() == "dean06_loader"


@pytest.mark.parametrize(
    ("user", "secret", "own", "other"),
    [
        ("airflow", "AIRFLOW_DB_PASSWORD", "airflow", "dean06"),
        ("dean06", "WAREHOUSE_PASSWORD", "dean06", "airflow"),
    ],
)
def test_each_account_enters_its_own_database_only(
    server: PostgresServer, user: str, secret: str, own: str, other: str
) -> None:
    def connect(database: str) -> None:
        url = dsn(server, user, PASSWORDS[secret], database).replace("+psycopg2", "")
        psycopg2.connect(url).close()

    connect(own)
    with pytest.raises(psycopg2.OperationalError, match="permission denied for database"):
        connect(other)


def test_a_dead_schedulers_session_is_ended(server: PostgresServer) -> None:
    url = dsn(server, "airflow", PASSWORDS["AIRFLOW_DB_PASSWORD"], "airflow")
    with psycopg2.connect(url.replace("+psycopg2", "")) as connection:
        cursor = connection.cursor()
        cursor.execute("show idle_in_transaction_session_timeout")
        assert cursor.fetchone() == ("5min",)
    connection.close()
