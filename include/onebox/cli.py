"""``make run``, ``make sync``, ``make down``, ``make clean``, ``make reproduce``."""

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from onebox import installation, scenario, services, sql_shell, turns, used
from onebox.airflow import Airflow, AirflowError
from onebox.config import PROJECT, Config, ConfigError
from onebox.language import is_vietnamese, say
from onebox.postgres import PostgresError
from onebox.sync import show_summary, sync_day

app = typer.Typer(
    help="dean06 on one machine.", no_args_is_help=True, pretty_exceptions_enable=False
)
console = Console(width=None if sys.stdout.isatty() else 132)
Day = Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="Day to sync, e.g. 2022-10-31.")]
FirstDay = Annotated[
    datetime | None,
    typer.Option(
        formats=["%Y-%m-%d"],
        help="Day to sync. Default: the day of the scenario's published figures; if KPIs are "
        "already published, no day is synced.",
    ),
]
_REPORT = Path("docs/reproduction.md")


@contextmanager
def _plain_errors() -> Iterator[None]:
    try:
        yield
    except (ConfigError, PostgresError, AirflowError) as error:
        console.print(f"[red]dean06: {error}[/red]", highlight=False)
        raise typer.Exit(1) from None


@app.command()
def up(
    day: FirstDay = None,
    stay: Annotated[bool, typer.Option(help="Keep running after the first sync.")] = True,
) -> None:
    """Start everything, sync the first day or the one asked for, print the day, keep running."""
    with _plain_errors():
        config = Config.read()
        used.require_same_world(config)
        first = scenario.days(config.scenario).chosen(day.date() if day else None)

        def first_sync(airflow: Airflow, environment: dict[str, str]) -> bool:
            last = None if day else used.last_day(environment["DEAN06_WAREHOUSE_DSN"])
            if last is not None:
                _show_again(last, environment)
            try:
                return last is not None or sync_day(airflow, first, console, environment)
            finally:
                _tell_addresses(config, (last or first) + timedelta(days=1))

        raise typer.Exit(0 if installation.run(config, first_sync, console, stay) else 1)


def _show_again(last: date, environment: dict[str, str]) -> None:
    """What an installation that has data shows when it starts: no day is synced a second time."""
    console.print(
        say(
            f"\nĐã có dữ liệu đến ngày {last:%d/%m/%Y}, không đồng bộ lại. Đồng bộ lại ngày này: "
            f"make sync DAY={last}\n",
            f"\nThere are data up to {last:%d/%m/%Y}, so no day is synced. To sync that day again: "
            f"make sync DAY={last}\n",
        ),
        highlight=False,
    )
    show_summary(last, environment)


@app.command()
def sync(
    day: Day,
    source: Annotated[
        str | None, typer.Option(help="Sync this source only. Default: every source.")
    ] = None,
) -> None:
    """Sync one more day into the running system."""
    with _plain_errors():
        config = Config.read().as_started()
        airflow = installation.airflow_of(config)
        if "starting" in airflow.healthy().values():
            raise AirflowError("the system is not up: start it with 'make run' first")
        airflow.sign_in()
        environment = json.loads((config.home / "environment.json").read_text())
        asked = scenario.days(environment["DEAN06_SCENARIO"]).chosen(day.date())
        installation.take_up_sources(config, airflow, environment, console)
        if not sync_day(airflow, asked, console, environment, source):
            raise typer.Exit(1)


@app.command()
def psql() -> None:
    """Open psql in the warehouse, as a login that reads everything and writes nothing."""
    with _plain_errors():
        config = Config.read().as_started()
        if config.warehouse_dsn:
            raise ConfigError("the warehouse is your own: log in to it with your own account")
        server = installation.postgres_of(config)
        password = config.secret(sql_shell.LOGIN)
        sql_shell.give_login(server, password, installation.sql_of("audit/limit_readers"))
        sql_shell.open_shell(server, password, Path(_relative(config.home / "secrets.json")))


@app.command()
def reproduce(
    scale: Annotated[float, typer.Option(help="Scale of the provinces: above 0, at most 1.")] = 1.0,
    out: Annotated[Path, typer.Option(help="File for the report.")] = _REPORT,
) -> None:
    """Reproduce the figures that two provinces published: run both through Airflow and compare."""
    from onebox.reproduce import reproduce as compare

    with _plain_errors():
        raise typer.Exit(0 if compare(scale, out, console) else 1)


@app.command()
def down() -> None:
    """Stop every process of this installation, wait until its run has ended; keep its data."""
    with _plain_errors():
        config = Config.read()
        ended = 0
        if config.home.exists():
            turns.stop(config.home)
            ended = services.end_all(config.secret("installation"))
            turns.await_end(config.home)
        installation.postgres_of(config).stop()
        console.print(
            say(
                f"Đã dừng {ended} dịch vụ. Dữ liệu được giữ lại; 'make clean' xóa dữ liệu.",
                f"Stopped ({ended} services). The data are kept; 'make clean' removes them.",
            )
        )


@app.command()
def clean() -> None:
    """Stop everything and delete this installation's data, except files in its drops folder."""
    with _plain_errors():
        config = Config.read()
        kept = ", ".join(map(str, map(_relative, installation.remove(config))))
        home = _relative(config.home)
        console.print(
            say(
                f"Đã xóa kho dữ liệu, tệp và khóa trong {home}.",
                f"Removed the warehouse, files and keys in {home}.",
            )
            if config.home.exists()
            else say(f"Đã xóa {home}.", f"Removed {home}."),
            highlight=False,
        )
        if (drops := config.home / "drops").exists():
            console.print(
                say(
                    f"Giữ lại {_relative(drops)}: tệp do người dùng hoặc cơ quan đưa vào. Nếu "
                    "không cần các tệp này, tự xóa thư mục.",
                    f"Kept {_relative(drops)}: files that people or agencies put there. Delete the "
                    "folder yourself if you do not need them.",
                ),
                highlight=False,
            )
        if kept:
            vi = f"Kho dữ liệu ở máy chủ PostgreSQL khác không bị xóa; khóa của kho vẫn ở {kept}."
            en = f"The warehouse on your own server was not removed. Its keys are kept: {kept}."
            console.print(say(vi, en))


def _tell_addresses(config: Config, next_day: date) -> None:
    """The last lines of ``make run``: where everything is, how to log in, what comes next."""
    passwords = _relative(config.airflow_home / "passwords.json")
    activate = Path(sys.prefix, "bin", "activate")
    url, port = config.airflow_url, config.ports["DEAN06_POSTGRES_PORT"]
    admin, logs = config.secret("admin"), _relative(config.home / "logs")
    vi = (
        f"\n  Airflow    {url}",
        f"  Đăng nhập  tài khoản admin, mật khẩu {admin}",
        f"             viewer (chỉ xem), deputy: mật khẩu ở {passwords}",
        f"  Kho        127.0.0.1:{port}, cơ sở dữ liệu dean06; mở: make psql",
        f"  Lệnh       . {_relative(activate)}   rồi: python -m dean06 --help",
        f"  Ngày tiếp  make sync DAY={next_day}   Nhật ký: {logs}",
        "  Ctrl-C để dừng toàn bộ.",
    )
    en = (
        f"\n  Airflow    {url}",
        f"  Log in     user admin, password {admin}",
        f"             viewer (read-only), deputy: see {passwords}",
        f"  Warehouse  127.0.0.1:{port}, database dean06; to open it: make psql",
        f"  Commands   . {_relative(activate)}   then: python -m dean06 --help",
        f"  Next day   make sync DAY={next_day}   Logs: {logs}",
        "  Ctrl-C stops everything.",
    )
    for line in vi if is_vietnamese() else en:
        console.print(line, highlight=False, soft_wrap=True, markup=False)


def _relative(path: os.PathLike[str]) -> str:
    return os.path.relpath(path, PROJECT)
