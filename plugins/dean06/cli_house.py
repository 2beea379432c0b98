"""Commands about what is kept, under which key, and who reads it."""

import logging
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from dean06.console import console_of, plain_errors

app = typer.Typer()


@app.command()
def keep_house(
    dry_run: Annotated[bool, typer.Option(help="Tell what would go; remove nothing.")] = False,
    prove: Annotated[
        bool, typer.Option(help="Remove nothing; fail if something is older than it may be.")
    ] = False,
) -> None:
    """Remove what has been kept for as long as it may, and prove it (what DAG keep_house does)."""
    from dean06 import retention

    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    with plain_errors():
        if dry_run:
            found = retention.old()
        else:
            found = retention.prove() if prove else retention.keep_house()
    table = Table("kind", "dataset", "what becomes of it")
    for name in ("items", "bytes"):
        table.add_column(name, justify="right")
    goes = "would be removed" if dry_run else "removed"
    for each in found:
        fate = "stays: still needed" if each.is_needed else goes
        table.add_row(each.what, each.dataset, fate, f"{each.items}", f"{each.bytes}")
    console_of().print(table if found else "Nothing is older than it may be.")


@app.command()
def backup(
    file: Annotated[Path, typer.Argument(help="New file; it will hold identities.")],
) -> None:
    """Save the warehouse (core, ledger, quarantine, mart) as of this moment."""
    from dean06 import backup as saved

    with plain_errors():
        saved.backup(file)
        print(f"saved in {file}")


@app.command()
def restore(file: Annotated[Path, typer.Argument(help="A file that backup wrote.")]) -> None:
    """Fill the empty database of DEAN06_WAREHOUSE_DSN from a backup."""
    from dean06 import backup as saved

    with plain_errors():
        saved.restore(file)
        print(f"restored from {file}")


@app.command()
def rotate_token_key() -> None:
    """Give every person another token under a new key; finishes a rotation that was cut short."""
    from dean06 import tokens

    logging.basicConfig(level=logging.INFO, format="%(message)s")
    with plain_errors():
        print(f"person tokens are made with key {tokens.rotate()}; the key before it is forgotten")
