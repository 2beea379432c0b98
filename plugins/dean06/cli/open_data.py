"""The command that writes open data."""

from pathlib import Path
from typing import Annotated

import typer

from dean06.cli.console import plain_errors

app = typer.Typer()


@app.command()
def release(
    to: Annotated[Path, typer.Option(help="Folder in which the release gets its own folder.")],
    publication: Annotated[
        int | None, typer.Option(min=1, help="Number of the publication. Default: the newest.")
    ] = None,
) -> None:
    """Write a publication as open data: CSV, data package, CSVW, DCAT, SDMX, XLSX, signed file."""
    from airflow.sdk import ObjectStoragePath

    from dean06.open_data import write

    with plain_errors():
        done = write.write(ObjectStoragePath(to.absolute().as_uri()), publication)
    folder = to / done.folder.name
    print(f"publication {done.publication_id}: {len(done.files)} files in {folder}")
