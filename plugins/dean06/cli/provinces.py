"""Commands of an installation that serves several provinces: add one, list them."""

import logging
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from dean06.cli.console import console_of, plain_errors
from dean06.details.detail import detail
from dean06.errors import Dean06Error
from dean06.provinces import current, files

app = typer.Typer()


@app.command()
def add_province(
    key: Annotated[str, typer.Argument(help="Short name for DAGs, roles and files: binh_phuoc.")],
    name: Annotated[str, typer.Option(help="Name of the province, such as Bình Phước.")],
    code: Annotated[str, typer.Option(help="Code of the province, such as 70.")],
    home: Annotated[Path, typer.Option(help="Folder for its files and keys.")],
    warehouse: Annotated[
        str,
        typer.Option(
            envvar="DEAN06_WAREHOUSE_DSN",
            help="URL of an empty database: "
            "postgresql+psycopg2://user:password@host:port/database.",
        ),
    ] = "",
    setting: Annotated[
        list[str] | None,
        typer.Option(help="A setting of its own, e.g. DEAN06_SCHEDULE_FROM=2026-12-01."),
    ] = None,
) -> None:
    """Add a province: create its folder, fill its empty database, write its file."""
    from dean06.schema import migrate
    from dean06.storage import write_private

    logging.basicConfig(level=logging.INFO, format="%(message)s")
    with plain_errors():
        entry = files.Entry(name, code, warehouse, str(home.absolute()), _pairs(setting or []))
        province = files.province_of(key, entry)
        files.require_new(province)
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        with current.acting_for(province):
            migrate.migrate()
            names = _connections()
        file = files.path_of(key)
        write_private(files.text_of(entry), file)
    print(f"{file} written: Airflow shows the DAGs {key}__… within a minute.")
    print(f"Connections to set: {', '.join(names)}")


@app.command()
def provinces() -> None:
    """List the provinces of this installation, and whether each file can be used."""
    table = Table("key", "name", "code", "file")
    with plain_errors():
        found = files.all_keys()
        for key in found:
            try:
                province = files.read(key)
                table.add_row(key, province.name, province.code, "ok")
            except Dean06Error as error:
                table.add_row(key, "", "", str(error))
    console_of().print(table if found else "This installation serves one province.")


def upgrade_all(upgrade: Callable[[], None]) -> None:
    """Call ``upgrade`` for every province; for the only one where there are no files.

    A file that is wrong stops its own province only, so it is reported and passed over. Raises
    Dean06Error, after the others are upgraded, naming the provinces whose upgrade failed.
    """
    if current.key():
        raise Dean06Error(detail("migrate_one_or_all"))
    failed = []
    for key in current.all_keys():
        if not _can_be_used(key):
            continue
        try:
            with current.acting(key):
                upgrade()
        except Dean06Error as error:
            if not key:
                raise
            print(f"dean06: {key}: {error}", file=sys.stderr)
            failed.append(key)
    if failed:
        raise Dean06Error(detail("provinces_not_migrated", provinces=failed))


def _can_be_used(key: str) -> bool:
    try:
        with current.acting(key):
            return True
    except Dean06Error as error:
        print(f"dean06: {key}: {error}", file=sys.stderr)
        return False


def _connections() -> list[str]:
    """Variables of the Airflow connections that the sources of a province need."""
    from dean06 import contract

    return [
        f"AIRFLOW_CONN_{current.connection_id(source).upper()}"
        for source in contract.sources()
        if not contract.load(source).terms.is_folder
    ]


def _pairs(settings: list[str]) -> dict[str, str]:
    return {name: text for name, _, text in (each.partition("=") for each in settings)}
