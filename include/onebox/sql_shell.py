"""``make psql``: the way into the warehouse of this installation for a person.

A login of its own with the role that reads everything and writes nothing. So the server logs what
is read here, which it does not for the services' account.
"""

import os
import shutil
from pathlib import Path

import psycopg2
from psycopg2 import sql
from psycopg2.extensions import encrypt_password

from onebox.config import ConfigError
from onebox.language import say
from onebox.postgres import PostgresServer

LOGIN, ROLE, DATABASE = "engineer", "dean06_steward", "dean06"


def give_login(server: PostgresServer, password: str, limits: str) -> None:
    """Make the login, or renew its password; ``limits``: the statement that bounds logins.

    Only a verifier of the password reaches the server, whose log has every statement. Raises
    ConfigError when the server does not run.
    """
    try:
        connection = psycopg2.connect(server.url(DATABASE).replace("+psycopg2", ""))
    except (psycopg2.OperationalError, FileNotFoundError):
        raise ConfigError("PostgreSQL is not running: start it with 'make run' first") from None
    name = sql.Identifier(LOGIN)
    verifier = encrypt_password(password, LOGIN, connection, "scram-sha-256")
    with connection, connection.cursor() as cursor:
        cursor.execute("select from pg_roles where rolname = %s", (LOGIN,))
        if cursor.fetchone() is None:
            role = sql.Identifier(ROLE)
            cursor.execute(sql.SQL("create role {} login in role {}").format(name, role))
        change = sql.SQL("alter role {} password {}").format(name, sql.Literal(verifier))
        cursor.execute(change)
        cursor.execute(sql.SQL("alter role {} set default_transaction_read_only = on").format(name))
        cursor.execute(limits)
    connection.close()


def program(server: PostgresServer) -> str | None:
    """``psql`` of the machine, else the one beside the server; None where there is none."""
    return shutil.which("psql") or shutil.which("psql", path=os.fspath(server.programs))


def open_shell(server: PostgresServer, password: str, secrets: Path) -> None:
    """Become ``psql``; without one, print where and how another program gets in."""
    found = program(server)
    if found is not None:
        address = f"host=127.0.0.1 port={server.port} dbname={DATABASE} user={LOGIN}"
        environment = {**os.environ, "PGPASSWORD": password}
        os.execve(found, [found, address], environment)  # noqa: S606  # psql, whose path we know
    print(
        say(
            f"Không tìm thấy psql. Dùng chương trình khác: máy chủ 127.0.0.1, cổng {server.port}, "
            f"cơ sở dữ liệu {DATABASE}, tài khoản {LOGIN} (chỉ đọc), mật khẩu: mục “{LOGIN}” của "
            f"tệp {secrets}",
            f"psql was not found. In another program: host 127.0.0.1, port {server.port}, database "
            f'{DATABASE}, user {LOGIN} (read only), password: entry "{LOGIN}" of {secrets}',
        )
    )
