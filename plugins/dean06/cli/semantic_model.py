"""The command that writes the semantic model."""

from pathlib import Path
from typing import Annotated

import typer

from dean06.cli.console import plain_errors

app = typer.Typer()


@app.command()
def semantic_model(
    folder: Annotated[Path, typer.Argument(help="Folder for the dbt project; created if missing.")],
) -> None:
    """Write the KPIs as a semantic model for MetricFlow: a dbt project that reads mart.kpi_now."""
    from dean06.reports import semantic_model as model

    with plain_errors():
        for file in model.write(folder):
            print(file)
