"""``make run``, ``make sync``, ``make down``, ``make clean``."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Annotated

import typer
from rich.console import Console
from sqlalchemy import create_engine, text

from onebox import services
from onebox.airflow import Airflow, AirflowError, wait_until
from onebox.config import PROJECT, Config, ConfigError, write_private
from onebox.postgres import PostgresError, PostgresServer, port_is_free
from onebox.sync import DAGS, sync_day

app = typer.Typer(
    help="dean06 on one machine.", no_args_is_help=True, pretty_exceptions_enable=False
)
console = Console(width=None if sys.stdout.isatty() else 132)
Day = Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="Day to sync, as 2022-10-31.")]
_FIRST_DAY = "2022-10-31"
_NEVER = "2100-01-01"
"""From when the scheduler syncs by itself: the simulated world ends in 2023, so days are asked
for. A real installation sets DEAN06_SCHEDULE_FROM to the day it goes live."""


@contextmanager
def _plain_errors() -> Iterator[None]:
    try:
        yield
    except (ConfigError, PostgresError, AirflowError) as error:
        console.print(f"[red]dean06: {error}[/red]", highlight=False)
        raise typer.Exit(1) from None


@app.command()
def up(
    day: Day = datetime.fromisoformat(_FIRST_DAY),  # noqa: B008  # typer's way of a default
    stay: Annotated[bool, typer.Option(help="Stay up after the first sync.")] = True,
) -> None:
    """Start everything, sync one day, print what came of it, stay up."""
    signal.signal(signal.SIGHUP, _as_terminated)  # a closed terminal ends it as Ctrl-C does
    signal.signal(signal.SIGTERM, _as_interrupt)
    with _plain_errors():
        config = Config.read()
        _refuse_second(config)
        outcome: list[bool] = []
        try:
            _run_services(config, day.date(), stay, outcome)
        except KeyboardInterrupt:
            console.print("Interrupted.")
        finally:
            console.print("Stopping …")
            services.end_all(config.secret("installation"))
            _postgres(config).stop()
        if not outcome:
            console.print(f"Ended before the first sync: see {_relative(config.home / 'logs')}")
        raise typer.Exit(0 if outcome == [True] else 1)


@app.command()
def sync(day: Day) -> None:
    """Sync one more day into the running system."""
    with _plain_errors():
        config = Config.read()
        airflow = _airflow(config)
        if "starting" in airflow.healthy().values():
            raise AirflowError("the system is not up: start it with 'make run' first")
        airflow.sign_in()
        environment = json.loads((config.home / "environment.json").read_text())
        if not sync_day(airflow, day.date(), console, environment):
            raise typer.Exit(1)


@app.command()
def down() -> None:
    """Stop every process of this installation; data stays."""
    with _plain_errors():
        config = Config.read()
        ended = services.end_all(config.secret("installation")) if config.home.exists() else 0
        _postgres(config).stop()
        console.print(f"Stopped ({ended} services). Data stays; 'make clean' removes it.")


@app.command()
def clean() -> None:
    """Stop everything and delete this installation's data."""
    with _plain_errors():
        config = Config.read()
        if config.home.exists():
            services.end_all(config.secret("installation"))
            _postgres(config).remove()
            config.remove()
        console.print(f"Removed {_relative(config.home)}.")


def _run_services(config: Config, day: date, stay: bool, outcome: list[bool]) -> None:
    """Prepare and start everything; returns when the services have ended."""
    config.prepare()
    postgres = _postgres(config)
    with console.status("Starting PostgreSQL …"):
        postgres.start()
    _make_credentials(config)
    environment = _environment(config, postgres)
    _databases(config, environment)
    manager = services.supervise(environment, PROJECT, config.home / "logs")
    driver = threading.Thread(
        target=_first_sync,
        args=(config, day, environment, outcome, None if stay else manager),
        daemon=True,
    )
    driver.start()
    manager.loop()


def _as_terminated(*_: object) -> None:
    os.kill(os.getpid(), signal.SIGTERM)


def _as_interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def _refuse_second(config: Config) -> None:
    if config.home.exists() and services.processes_of(config.secret("installation")):
        raise ConfigError("this installation is already running: 'make down' stops it")
    for name, port in config.ports.items():
        if name != "DEAN06_POSTGRES_PORT" and not port_is_free(port):
            raise ConfigError(f"port {port} is in use: set {name} to another")


def _postgres(config: Config) -> PostgresServer:
    return PostgresServer(config.home / "postgres", config.ports["DEAN06_POSTGRES_PORT"])


def _make_credentials(config: Config) -> None:
    credentials = config.home / "ministries.json"
    if not credentials.exists():
        subprocess.run(
            [
                sys.executable, "-m", "ministries", "credentials",
                "--out", str(credentials),
                "--clients", str(config.home / "ministries-clients.json"),
            ],
            check=True, cwd=PROJECT, stdout=subprocess.DEVNULL,
        )  # fmt: skip


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
    engine.dispose()
    base = f"postgresql+psycopg2://{owner}:{password}@127.0.0.1:{postgres.port}"
    environment = config.environment(
        config.warehouse_dsn or f"{base}/dean06", f"{base}/airflow", schedule_from=_NEVER
    )
    write_private(config.home / "environment.json", json.dumps(environment))
    return environment


def _databases(config: Config, environment: dict[str, str]) -> None:
    for title, command in (
        ("Preparing Airflow's database …", ["airflow", "db", "migrate"]),
        ("Preparing the warehouse …", [sys.executable, "-m", "dean06", "migrate"]),
    ):
        with console.status(title), (config.home / "logs" / "prepare.log").open("a") as log:
            done = subprocess.run(
                command, env=environment, cwd=PROJECT, stdout=log, stderr=log, check=False
            )
        if done.returncode != 0:
            raise ConfigError(f"{' '.join(command[-2:])} failed: see .dean06/logs/prepare.log")


def _first_sync(
    config: Config, day: date, environment: dict[str, str], outcome: list[bool], manager: object
) -> None:
    """Runs beside the supervisor: wait, unpause, sync, report, tell where things are."""
    try:
        airflow = _airflow(config)
        with console.status("Starting Airflow and the ministries …"):
            if not wait_until(lambda: set(airflow.healthy().values()) == {"healthy"}, 180):
                raise AirflowError("Airflow did not become healthy within three minutes")
            airflow.sign_in()
            if not wait_until(lambda: set(DAGS) <= airflow.dag_ids(), 120):
                raise AirflowError("not all DAGs were parsed within two minutes")
        for dag_id in DAGS:
            airflow.unpause(dag_id)
        outcome.append(sync_day(airflow, day, console, environment))
        _tell_addresses(config)
    except AirflowError as error:
        console.print(f"[red]dean06: {error}[/red]", highlight=False)
        outcome.append(False)
    if manager is not None:
        manager.terminate()  # type: ignore[attr-defined]  # honcho has no types


def _tell_addresses(config: Config) -> None:
    password = config.airflow_home / "passwords.json"
    console.print(
        f"\nAirflow    {config.airflow_url}   user admin, password {config.secret('admin')} "
        f"(kept in {_relative(password)})\n"
        f"Warehouse  127.0.0.1:{config.ports['DEAN06_POSTGRES_PORT']}, database dean06\n"
        f"Logs       {_relative(config.home / 'logs')}\n"
        "One more day: make sync DAY=2022-11-01      Ctrl-C stops everything.",
        highlight=False,
        soft_wrap=True,
    )


def _airflow(config: Config) -> Airflow:
    url = f"http://127.0.0.1:{config.ports['DEAN06_AIRFLOW_PORT']}"
    return Airflow(url, "admin", config.secret("admin"))


def _relative(path: os.PathLike[str]) -> str:
    return os.path.relpath(path, PROJECT)
