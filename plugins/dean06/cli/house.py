"""Commands about what is kept, under which key, and who reads it."""

import logging
from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.table import Table

from dean06.cli.console import console_of, end_with_differences, plain_errors

app = typer.Typer()


@app.command()
def keep_house(
    dry_run: Annotated[
        bool, typer.Option(help="List what would be removed; remove nothing.")
    ] = False,
    prove: Annotated[
        bool, typer.Option(help="Remove nothing; fail if data are past their retention period.")
    ] = False,
) -> None:
    """Remove data past their retention period, then check that none are left."""
    from dean06.privacy import retention

    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    with plain_errors():
        if dry_run:
            found = retention.old()
        else:
            found = retention.prove() if prove else retention.keep_house()
    table = Table("kind", "dataset", "action")
    for name in ("items", "bytes"):
        table.add_column(name, justify="right")
    goes = "would be removed" if dry_run else "removed"
    for each in found:
        fate = "kept: still needed" if each.is_needed else goes
        table.add_row(each.what, each.dataset, fate, f"{each.items}", f"{each.bytes}")
    console_of().print(table if found else "Nothing is past its retention period.")


@app.command()
def backup(
    file: Annotated[Path, typer.Argument(help="New file; it will hold personal data.")],
) -> None:
    """Save the warehouse (core, ledger, quarantine, mart) as of this moment."""
    from dean06.schema import backup as saved

    with plain_errors():
        saved.backup(file)
        print(f"saved in {file}")


@app.command()
def restore(file: Annotated[Path, typer.Argument(help="A file that backup wrote.")]) -> None:
    """Fill the empty database of DEAN06_WAREHOUSE_DSN from a backup."""
    from dean06.schema import backup as saved

    with plain_errors(needs_schema=False):
        saved.restore(file)
        print(f"restored from {file}")


@app.command()
def superuser_sql(
    name: Annotated[
        Literal["limit_readers", "log_readers", "own_trail", "return_trail"],
        typer.Argument(help="File of include/sql/audit, without .sql."),
    ],
) -> None:
    """Print an SQL file that a superuser runs, with the role names of this warehouse. Pipe it into
    psql: … | psql -d <database>."""
    from dean06.warehouse import sql_file

    with plain_errors():
        print(sql_file(f"audit/{name}.sql"))


@app.command()
def rotate_token_key() -> None:
    """Give every person a new token under a new key; completes an interrupted rotation."""
    from dean06.identity import tokens

    logging.basicConfig(level=logging.INFO, format="%(message)s")
    with plain_errors():
        print(f"person tokens now use key {tokens.rotate()}; the previous key was deleted")


@app.command()
def verify_audit() -> None:
    """Check that nobody has changed the audit trail: rows, hash chain, signed heads."""
    from dean06.trail import chain

    with plain_errors():
        length, found = chain.verify()
    end_with_differences(f"{length} entries", found)


@app.command()
def restricted_reads(
    logs: Annotated[
        list[Path] | None, typer.Argument(help="Files of the server's jsonlog, oldest first.")
    ] = None,
    since: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Day, Vietnamese time.")
    ] = None,
) -> None:
    """List direct logins that read tables outside schema mart; without files, check that their
    reads are logged."""
    from dean06 import settings
    from dean06.privacy import restricted_reads as reads

    with plain_errors():
        reads.require_logged()
        start = settings.start_of(since.date()) if since else None
        found = reads.listed(logs or [], start)
    table = Table("when", "login", "from", "what", "refused")
    for each in found:
        when = f"{each.at.astimezone(settings.TIMEZONE):%d/%m/%Y %H:%M:%S}"
        refused = "yes" if each.is_refused else ""
        table.add_row(when, each.login, each.client, ", ".join(each.relations), refused)
    if logs:
        console_of().print(table if found else "No direct login has read tables outside mart.")
    else:
        print("direct reads are logged; give the server's log files to list them")
