"""The command that prints or serves metrics."""

import logging
from datetime import timedelta
from typing import Annotated

import typer

from dean06 import settings
from dean06.cli.console import plain_errors

app = typer.Typer()


def serve_if_wanted(every: timedelta) -> None:
    """Serve them beside what this process does, where ``DEAN06_METRICS`` says so. Alerts do not
    depend on it: an address that cannot be used is tried again after each ``every``."""
    from dean06.metrics import endpoint

    if address := settings.metrics_address():
        endpoint.serve_beside(address, every)


@app.command()
def metrics(
    serve: Annotated[
        str,
        typer.Option(metavar="HOST:PORT", help="Serve the metrics to Prometheus at /metrics."),
    ] = "",
) -> None:
    """Print metrics of loads, freshness, KPIs and problems as OpenMetrics text, or serve them."""
    from dean06.metrics import endpoint

    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", force=True)
    with plain_errors():
        if not serve:
            print(endpoint.text(), end="")
            return
        server = endpoint.serving(serve)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            return
