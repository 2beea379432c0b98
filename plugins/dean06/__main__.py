"""``python -m dean06``."""

import os
from typing import Annotated

import typer

from dean06.cli.app import app
from dean06.cli.console import log_to_stderr, plain_errors

__all__ = ["app"]


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.")] = 8089,
) -> None:
    """Serve the pages by themselves, behind an OpenID Connect provider, for readers who have no
    account in Airflow, and the API below /api/v1, for programs with a token. Settings:
    DEAN06_OIDC_…, DEAN06_PAGES_URL, DEAN06_PAGES_SECRET."""
    from dean06.ui import serving

    with plain_errors():
        serving.run(host, port)


if __name__ == "__main__":
    # No command uses a plugin of Airflow's, which loads them all the same when a file is opened.
    os.environ["AIRFLOW__CORE__PLUGINS_FOLDER"] = os.devnull
    log_to_stderr()
    app(prog_name="dean06")
