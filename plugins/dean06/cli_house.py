"""Commands about what is kept and who reads it."""

import logging
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
