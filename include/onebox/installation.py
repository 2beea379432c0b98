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

from onebox import services
from onebox.airflow import Airflow, AirflowError, wait_and_say, wait_until
from onebox.config import PROJECT, Config, ConfigError, write_private
from onebox.language import say
from onebox.ports import port_is_free
from onebox.postgres import PostgresServer
from onebox.stages import stage
from onebox.sync import DAGS

_NEVER = "2100-01-01"
"""From when the scheduler syncs by itself: the simulated world ends in 2023, so days are asked
for. A real installation sets DEAN06_SCHEDULE_FROM to the day it goes live."""

_STARTS_WITHIN = 1800.0
"""A busy machine with two cores takes ten minutes; what is waited for is said each minute."""

Job = Callable[[Airflow, dict[str, str]], bool]
"""What to do once everything is healthy, given Airflow and the services' environment."""


def run(config: Config, job: Job, console: Console, stay: bool) -> bool:
    """Start everything, do ``job``, stay up or stop; True when the job says all went well.

    Whatever happens, every service has ended when this returns.
    """
    signal.signal(signal.SIGHUP, _as_terminated)  # a closed terminal ends it as Ctrl-C does
    signal.signal(signal.SIGTERM, _as_interrupt)
    _refuse_second(config)
    outcome: list[bool] = []
    try:
        _run_services(config, job, console, stay, outcome)
    except KeyboardInterrupt:
        console.print(say("Đã ngắt.", "Interrupted."))
    finally:
        console.print(say("Đang dừng …", "Stopping …"))
        services.end_all(config.secret("installation"))
        postgres_of(config).stop()
    if not outcome:
        logs = os.path.relpath(config.home / "logs", PROJECT)
        console.print(
            say(
                "Đã dừng trước lần đồng bộ đầu tiên. Xem nguyên nhân ở các dòng cuối của "
                f"{logs}/*.log, sau đó chạy lại 'make run'.",
                f"Ended before the first sync. See the last lines of {logs}/*.log for the reason, "
                "then run 'make run' again.",
            )
        )
    return outcome == [True]


def postgres_of(config: Config) -> PostgresServer:
    """The installation's PostgreSQL."""
    return PostgresServer(config.home / "postgres", config.ports["DEAN06_POSTGRES_PORT"])


def airflow_of(config: Config) -> Airflow:
    """The installation's Airflow, not signed in yet."""
    url = f"http://127.0.0.1:{config.ports['DEAN06_AIRFLOW_PORT']}"
    return Airflow(url, "admin", config.secret("admin"))


def remove(config: Config) -> list[Path]:
    """Stop everything and delete the installation's data. Returns the keys of somebody else's
    warehouse, which stay."""
    if not config.home.exists():
        return []
    services.end_all(config.secret("installation"))
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
    with stage(console, say("Đang chờ DAG mới …", "Waiting for new DAGs …")):
        if not wait_until(lambda: set(DAGS) <= airflow.dag_ids(), 120):
            missing = ", ".join(sorted(set(DAGS) - airflow.dag_ids()))
            raise AirflowError(
                f"{missing}: not parsed within two minutes; the import-errors page in Airflow "
                "says why"
            )
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
            _await_airflow(airflow, console)
        for dag_id in DAGS:
            airflow.unpause(dag_id)
        outcome.append(job(airflow, environment))
    except AirflowError as error:
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


def _await_airflow(airflow: Airflow, console: Console) -> None:
    """Wait until Airflow is healthy and has parsed every DAG, and say what is waited for.

    Raises AirflowError when it takes longer than half an hour.
    """

    def say_parts(seconds: float) -> None:
        late = ", ".join(part for part, is_so in airflow.healthy().items() if is_so != "healthy")
        minutes = f"{seconds / 60:.0f}"
        vi = f"chưa khởi động xong: {late}" if late else "đã khởi động xong, đang kiểm tra lại"
        vi = f"  {minutes} phút: {vi}"
        console.print(say(vi, f"  {minutes} min: still starting: {late or 'nothing'}"))

    if not wait_and_say(
        lambda: set(airflow.healthy().values()) == {"healthy"}, _STARTS_WITHIN, say_parts
    ):
        raise AirflowError("Airflow has not become healthy within half an hour")
    airflow.sign_in()

    def say_dags(seconds: float) -> None:
        missing, minutes = ", ".join(sorted(set(DAGS) - airflow.dag_ids())), f"{seconds / 60:.0f}"
        vi = f"  {minutes} phút: Airflow chưa đọc xong: {missing}"
        console.print(say(vi, f"  {minutes} min: not parsed yet: {missing}"))

    if not wait_and_say(lambda: set(DAGS) <= airflow.dag_ids(), _STARTS_WITHIN, say_dags):
        raise AirflowError(
            "not all DAGs were parsed within half an hour: the import-errors page in Airflow "
            "says why"
        )


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
    with stage(console, title), (config.home / "logs" / "prepare.log").open("a") as log:
        done = subprocess.run(
            command, env=environment, cwd=PROJECT, stdout=log, stderr=log, check=False
        )
    if done.returncode != 0:
        raise ConfigError(f"{' '.join(command[-2:])} failed: see .dean06/logs/prepare.log")
