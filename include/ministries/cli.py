"""The command line: serve the ministries, make credentials, print the truth."""

import json
import shutil
import signal
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from . import credentials as credential_files
from . import practice as outages
from .errors import InputError
from .faults import Faults, load_profile
from .identity.world import World
from .kernel.clock import ZONE
from .practice import KINDS, LOOKED_AT_EVERY, Practice
from .scenario.load import Scenario, load
from .servers.ministry import Ministry
from .servers.running import PortInUseError, serving
from .truth.document import Document, Truth, table

app = typer.Typer(
    help="The simulated ministries of Project 06.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

ScenarioName = Annotated[
    str, typer.Option("--scenario", help="Name of a scenario, or path of a YAML file.")
]
Scale = Annotated[float, typer.Option("--scale", help="Scale of the province: above 0, at most 1.")]
Seed = Annotated[int, typer.Option("--seed", help="The same seed gives the same data.")]
Dirt = Annotated[str, typer.Option("--dirt", help="Errors in the data: on or off.")]
_DEFAULT = "tien_giang_2022"
_FAULTS = "Faults of the servers: none, the name of a profile, or a YAML file."
_SPOOL = "Working folder of the running servers. Default: that of the system of make run."
_KNOWN_BY = "Count only what the sources had sent by the end of this day. Default: the same day."


@contextmanager
def _one_line_errors() -> Iterator[None]:
    """Bad input ends with one line and exit code 2, a taken port with exit code 1."""
    try:
        yield
    except InputError as error:
        typer.echo(f"ministries: {error}", err=True)
        raise typer.Exit(2) from None
    except PortInUseError as error:
        typer.echo(f"ministries: {error}", err=True)
        raise typer.Exit(1) from None


def _scenario(name: str, scale: float, dirt: str) -> Scenario:
    if dirt not in ("on", "off"):
        raise InputError("dirt", f"{dirt} is neither on nor off")
    return load(name, scale, dirt == "on")


def _date(field: str, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InputError(field, f"{text} is not a date (YYYY-MM-DD)") from None


@app.command()
def serve(
    scenario: ScenarioName = _DEFAULT,
    scale: Scale = 0.01,
    seed: Seed = 2022,
    dirt: Dirt = "on",
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    police_port: Annotated[int, typer.Option(help="Port of the police server (REST).")] = 8461,
    insurance_port: Annotated[
        int, typer.Option(help="Port of the insurance server (SFTP).")
    ] = 8462,
    health_port: Annotated[int, typer.Option(help="Port of the health server (FHIR).")] = 8463,
    education_port: Annotated[
        int, typer.Option(help="Port of the education server (workbooks).")
    ] = 8464,
    portal_port: Annotated[
        int, typer.Option(help="Port of the portal server (paginated JSON).")
    ] = 8465,
    programme_port: Annotated[int, typer.Option(help="Port of the programme server (CSV).")] = 8466,
    horizon: Annotated[str | None, typer.Option(help="Last day for which there are data.")] = None,
    faults: Annotated[str, typer.Option(help=_FAULTS)] = "none",
    credentials: Annotated[
        Path | None, typer.Option(help="File with the servers' credentials.")
    ] = None,
    spool: Annotated[Path | None, typer.Option(help="Folder for files made on demand.")] = None,
    export_delay: Annotated[
        float, typer.Option(help="Shortest time of an export, in seconds.")
    ] = 2.0,
) -> None:
    """Run all servers until SIGTERM or SIGINT."""
    with _one_line_errors():
        chosen = _scenario(scenario, scale, dirt)
        last = chosen.horizon
        if horizon is not None:
            last = chosen.day("horizon", _date("horizon", horizon))
        if credentials is None:
            raise InputError("credentials", "is missing: make some with the command credentials")
        secrets = credential_files.read(credentials)
        switched = Faults(load_profile(faults), seed)
        folder = spool or Path(tempfile.mkdtemp(prefix="ministries-"))
        folder.mkdir(parents=True, exist_ok=True)
        ministry = Ministry(World(chosen, seed), switched, secrets, folder, last, export_delay)
        ports = {
            "police": police_port,
            "insurance": insurance_port,
            "health": health_port,
            "education": education_port,
            "portal": portal_port,
            "programme": programme_port,
        }
        try:
            _serve_until_signal(ministry, host, ports)
        finally:
            if spool is None:
                shutil.rmtree(folder, ignore_errors=True)


def _serve_until_signal(ministry: Ministry, host: str, ports: dict[str, int]) -> None:
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    with serving(ministry, host, ports) as addresses:
        for source, address in addresses.items():
            scheme = "sftp" if source == "insurance" else "http"
            typer.echo(f"{source:<10} ready on {scheme}://{address.host}:{address.port}")
        practice = Practice(ministry.spool, ministry.faults)
        while not stop.wait(LOOKED_AT_EVERY):
            practice.look()
        practice.end()
    typer.echo("stopped")


Spool = Annotated[Path | None, typer.Option(help=_SPOOL)]


@app.command()
def fail(
    source: Annotated[str, typer.Option(help="Source that fails, such as health.")],
    last: Annotated[str, typer.Option("--for", help="How long: 90s, 5m, 1h.")] = "5m",
    kind: Annotated[str, typer.Option(help=f"Kind of fault: {', '.join(KINDS)}.")] = "down",
    spool: Spool = None,
) -> None:
    """Have a source of the running servers fail for a while; it recovers by itself."""
    with _one_line_errors():
        until = outages.fail(
            spool or outages.spool_of_installation(), source, kind, outages.seconds_of(last)
        )
        typer.echo(
            f"{source} fails ({kind}) until {datetime.fromtimestamp(until, ZONE):%H:%M:%S %Z}. "
            f"To end it before: python -m ministries recover --source {source}"
        )


@app.command()
def recover(
    source: Annotated[str | None, typer.Option(help="Source. Default: all that fail.")] = None,
    spool: Spool = None,
) -> None:
    """End the outages that the command 'fail' started."""
    with _one_line_errors():
        ended = outages.recover(spool or outages.spool_of_installation(), source)
        typer.echo(f"recovered: {', '.join(ended)}" if ended else "no source is failing")


@app.command()
def credentials(
    out: Annotated[Path, typer.Option("--out", help="File for the simulated servers.")],
    clients: Annotated[Path, typer.Option("--clients", help="File for dean06, their client.")],
) -> None:
    """Make random credentials: two files that only their owner can read."""
    with _one_line_errors():
        server_side, client_side = credential_files.generate()
        for field, path, content in (("out", out, server_side), ("clients", clients, client_side)):
            try:
                credential_files.write(path, content)
            except OSError as error:
                raise InputError(field, f"cannot write {path}: {error.strerror}") from None


@app.command()
def truth(
    as_of: Annotated[str, typer.Option("--as-of", help="Day of the figures.")],
    scenario: ScenarioName = _DEFAULT,
    scale: Scale = 0.01,
    seed: Seed = 2022,
    dirt: Dirt = "on",
    known_by: Annotated[str | None, typer.Option(help=_KNOWN_BY)] = None,
    form: Annotated[str, typer.Option("--format", help="Format: json or table.")] = "json",
    faults: Annotated[str, typer.Option(help=_FAULTS)] = "none",
) -> None:
    """Print the true KPI values of the simulated data, for tests."""
    with _one_line_errors():
        formats: dict[str, Callable[[Document], str]] = {
            "json": lambda found: json.dumps(found, ensure_ascii=False, indent=1),
            "table": table,
        }
        if form not in formats:
            raise InputError("format", f"{form} is neither json nor table")
        chosen = _scenario(scenario, scale, dirt)
        day = chosen.day("as-of", _date("as-of", as_of))
        known = day if known_by is None else chosen.day("known-by", _date("known-by", known_by))
        found = Truth(World(chosen, seed), day, known, load_profile(faults)).document()
        typer.echo(formats[form](found))
