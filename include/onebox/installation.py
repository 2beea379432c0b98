"""One installation from nothing to running: databases, services, and a job that drives them."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from rich.console import Console
from sqlalchemy import create_engine, text

from onebox import services, turns
from onebox.airflow import Airflow, AirflowError
from onebox.config import PROJECT, Config, ConfigError, write_private
from onebox.language import say
from onebox.ports import port_is_free
from onebox.postgres import PostgresError, PostgresServer
from onebox.stages import stage
from onebox.starting import await_airflow, await_new_dags
from onebox.sync import DAGS

_NEVER = "2100-01-01"
"""From when the scheduler syncs by itself: the simulated world ends in 2023, so days are asked
for. A real installation sets DEAN06_SCHEDULE_FROM to the day it goes live."""

Job = Callable[[Airflow, dict[str, str]], bool]
"""What to do once everything is healthy, given Airflow and the services' environment."""


def run(config: Config, job: Job, console: Console, stay: bool) -> bool:
    """Start everything, do ``job``, stay up or stop; True when the job says all went well, or when
    'make down' stopped it: that is what somebody wanted.

    Whatever happens, every service has ended when this returns.
    """
    signal.signal(signal.SIGHUP, _as_terminated)  # a closed terminal ends it as Ctrl-C does
    signal.signal(signal.SIGTERM, _as_interrupt)
    with turns.own(config.home):
        _refuse_second(config)
        outcome, is_stopped = _start_and_stop(config, job, console, stay)
    return is_stopped or outcome == [True]


def _start_and_stop(
    config: Config, job: Job, console: Console, stay: bool
) -> tuple[list[bool], bool]:
    """As ``run``; what the job said, or nothing when it did not come to its end, and whether 'make
    down' ended it."""
    outcome: list[bool] = []
    is_interrupted = is_stopped = False
    try:
        _run_services(config, job, console, stay, outcome)
    except KeyboardInterrupt:
        is_interrupted = True
        console.print(say("Đã ngắt.", "Interrupted."))
    except (ConfigError, PostgresError):
        # A step that 'make down' has ended has not failed.
        if not turns.was_stopped(config.home):
            raise
    finally:
        is_stopped = turns.was_stopped(config.home)
        turns.stop(config.home)
        console.print(say("Đang dừng …", "Stopping …"))
        services.end_all(config.secret("installation"))
        postgres_of(config).stop()
    if is_stopped:
        console.print(say("Đã dừng theo lệnh 'make down'.", "Stopped by 'make down'."))
    elif not (outcome or is_interrupted):
        logs = os.path.relpath(config.home / "logs", PROJECT)
        console.print(
            say(
                "Đã dừng trước lần đồng bộ đầu tiên. Xem nguyên nhân ở các dòng cuối của "
                f"{logs}/*.log, sau đó chạy lại 'make run'.",
                f"Ended before the first sync. See the last lines of {logs}/*.log for the reason, "
                "then run 'make run' again.",
            )
        )
    return outcome, is_stopped


def postgres_of(config: Config) -> PostgresServer:
    """The installation's PostgreSQL."""
    return PostgresServer(config.home / "postgres", config.ports["DEAN06_POSTGRES_PORT"])


def airflow_of(config: Config) -> Airflow:
    """The installation's Airflow, not signed in yet."""
    url = f"http://127.0.0.1:{config.ports['DEAN06_AIRFLOW_PORT']}"
    return Airflow(url, "admin", config.secret("admin"))


def remove(config: Config) -> list[Path]:
    """Stop everything and delete the installation's data. Returns the keys of somebody else's
    warehouse, which stay. Raises ConfigError when a run does not end."""
    if not config.home.exists():
        return []
    turns.stop(config.home)
    services.end_all(config.secret("installation"))
    turns.await_end(config.home)
    postgres_of(config).remove()
    return config.remove()


def take_up_sources(
    config: Config, airflow: Airflow, environment: dict[str, str], console: Console
) -> None:
    """Have the running system know every source of the project, the ones added since it started.

    Raises ConfigError when the warehouse cannot take one up, AirflowError when a DAG is not parsed
    or switched off.
    """
    _migrate(config, environment, console)
    await_new_dags(airflow, console)
    if off := sorted(set(DAGS) & airflow.paused()):
        raise AirflowError(f"{', '.join(off)}: paused in Airflow; unpause it there, then sync")


def _run_services(
    config: Config, job: Job, console: Console, stay: bool, outcome: list[bool]
) -> None:
    """Prepare and start everything; returns when the services have ended."""
    config.prepare()
    postgres = postgres_of(config)
    with stage(console, say("Đang khởi động PostgreSQL …", "Starting PostgreSQL …")):
        postgres.start()
    _make_credentials(config)
    environment = _environment(config, postgres)
    _databases(config, environment, console)
    if not config.warehouse_dsn:
        _run_sql(postgres.url("dean06"), sql_of("audit/own_trail"))
    manager = services.supervise(environment, PROJECT, config.home / "logs")
    driver = threading.Thread(
        target=_drive,
        args=(config, job, environment, console, outcome, None if stay else manager),
        daemon=True,
    )
    driver.start()
    manager.loop()


def _drive(
    config: Config,
    job: Job,
    environment: dict[str, str],
    console: Console,
    outcome: list[bool],
    manager: Any,
) -> None:
    """Runs beside the supervisor: wait until all is healthy, unpause, do the job."""
    try:
        airflow = airflow_of(config)
        starting = "Đang khởi động Airflow và các bộ, ngành mô phỏng …"
        with stage(console, say(starting, "Starting Airflow and the ministries …")):
            await_airflow(airflow, console)
        for dag_id in DAGS:
            airflow.unpause(dag_id)
        outcome.append(job(airflow, environment))
    except AirflowError as error:
        if turns.was_stopped(config.home):
            return  # 'make down' has ended Airflow
        console.print(f"[red]dean06: {error}[/red]", highlight=False)
        logs = os.path.relpath(config.home / "logs", PROJECT)
        console.print(
            say(
                f"Nhật ký ở {logs}. Nhấn Ctrl-C, sau đó khởi động lại bằng 'make run': dữ liệu đã "
                "đồng bộ được giữ lại.",
                f"The logs are in {logs}. Press Ctrl-C, then start again with 'make run': synced "
                "data are kept.",
            ),
            highlight=False,
        )
        outcome.append(False)
    finally:
        if manager is not None:
            manager.terminate()


def _as_terminated(*_: object) -> None:
    os.kill(os.getpid(), signal.SIGTERM)


def _as_interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def _refuse_second(config: Config) -> None:
    if config.home.exists() and services.processes_of(config.secret("installation")):
        raise ConfigError("this installation is already running: 'make down' stops it")
    is_ours = postgres_of(config).running  # Left behind by a run that was killed.
    taken = {
        name: port
        for name, port in config.ports.items()
        if not (port_is_free(port) or (is_ours and name == "DEAN06_POSTGRES_PORT"))
    }
    if taken:
        places = ", ".join(f"{port} (set {name} to another)" for name, port in taken.items())
        raise ConfigError(f"ports that other programs use: {places}")


def _make_credentials(config: Config) -> None:
    credentials = config.home / "ministries.json"
    if not credentials.exists():
        done = subprocess.run(
            [
                sys.executable, "-m", "ministries", "credentials",
                "--out", str(credentials),
                "--clients", str(config.home / "ministries-clients.json"),
            ],
            check=False, cwd=PROJECT, capture_output=True, text=True,
        )  # fmt: skip
        if done.returncode != 0:
            raise ConfigError(
                f"the simulated ministries returned no credentials: {done.stderr[-300:]}"
            )


def _environment(config: Config, postgres: PostgresServer) -> dict[str, str]:
    """Make the databases' accounts and return the environment of all services."""
    owner, password = "dean06_owner", config.secret("warehouse_owner")
    engine = create_engine(postgres.url(), isolation_level="AUTOCOMMIT", hide_parameters=True)
    with engine.connect() as connection:
        known = connection.execute(text("select rolname from pg_roles")).scalars().all()
        verb = "alter" if owner in known else "create"
        connection.execute(text(f"{verb} role {owner} login createrole password '{password}'"))
        databases = connection.execute(text("select datname from pg_database")).scalars().all()
        for name in ("airflow", "dean06"):
            if name not in databases:
                connection.execute(text(f"create database {name} owner {owner}"))
        patience = f"idle_in_transaction_session_timeout = '{config.idle_session_seconds}s'"
        connection.execute(text(f"alter database airflow set {patience}"))
    engine.dispose()
    base = f"postgresql+psycopg2://{owner}:{password}@127.0.0.1:{postgres.port}"
    # The roles as their owner, before anything is granted to them.
    _run_sql(f"{base}/dean06", sql_of("roles"))
    _run_sql(
        postgres.url("dean06"),
        sql_of("audit/return_trail"),  # a new version may change the functions of the trail
        sql_of("audit/log_readers"),
        sql_of("audit/limit_readers"),
        # Nobody but its owner connects to Airflow's database.
        "revoke connect, temporary on database airflow from public",
    )
    environment = config.environment(
        config.warehouse_dsn or f"{base}/dean06", f"{base}/airflow", schedule_from=_NEVER
    )
    write_private(config.home / "environment.json", json.dumps(environment))
    return environment


def _run_sql(url: str, *statements: str) -> None:
    """Run statements in one transaction, as whoever the address names."""
    engine = create_engine(url, hide_parameters=True)
    with engine.begin() as connection:
        for statement in statements:
            connection.connection.cursor().execute(statement)
    engine.dispose()


def sql_of(name: str) -> str:
    """The text of a file of ``include/sql``."""
    return (PROJECT / "include" / "sql" / f"{name}.sql").read_text("utf-8")


def _databases(config: Config, environment: dict[str, str], console: Console) -> None:
    title = say("Đang chuẩn bị cơ sở dữ liệu của Airflow …", "Preparing Airflow's database …")
    _take_step(config, environment, console, title, ["airflow", "db", "migrate"])
    _migrate(config, environment, console)


def _migrate(config: Config, environment: dict[str, str], console: Console) -> None:
    title = say("Đang chuẩn bị kho dữ liệu …", "Preparing the warehouse …")
    _take_step(config, environment, console, title, [sys.executable, "-m", "dean06", "migrate"])


def _take_step(
    config: Config, environment: dict[str, str], console: Console, title: str, command: list[str]
) -> None:
    path = config.home / "logs" / "prepare.log"
    with stage(console, title), path.open("a") as log:
        begin = log.tell()
        done = subprocess.run(
            command, env=environment, cwd=PROJECT, stdout=log, stderr=log, check=False
        )
    if done.returncode != 0:
        place = os.path.relpath(path, PROJECT)
        raise ConfigError(_reason(path, begin) or f"{' '.join(command[-2:])} failed: see {place}")


def _reason(log: Path, begin: int) -> str:
    """What a command of dean06 said last of why it refused; empty when it did not say it."""
    with log.open("rb") as written:
        written.seek(begin)
        lines = written.read().decode(errors="replace").splitlines()
    said = [line for line in lines if line.startswith("dean06: ")]
    return said[-1].removeprefix("dean06: ") if said else ""
