"""The command that watches, and notifies people of what is wrong."""

import logging
from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated

import typer

from dean06.cli import alert_test, checked, metrics
from dean06.cli.console import plain_errors
from dean06.provinces import current
from dean06.watch.problem import Problem

app = typer.Typer()


@app.command()
def watch(
    every: Annotated[float, typer.Option(help="Seconds between checks.")] = 60.0,
    once: Annotated[bool, typer.Option(help="Check once, print what is wrong, and exit.")] = False,
    health: Annotated[
        bool, typer.Option(help="Check that the watchdog of this warehouse is running.")
    ] = False,
    test: Annotated[
        bool, typer.Option("--test", help="Send a test alert, print who accepted it, and exit.")
    ] = False,
) -> None:
    """Check for failed tasks, stale sources, held batches …; notify DEAN06_ALERT_URLS."""
    from dean06.watch import every_province

    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", force=True)
    if health:
        with plain_errors():
            raise typer.Exit(0 if every_province.are_awake(3 * timedelta(seconds=every)) else 1)
    if test:
        with plain_errors():
            raise typer.Exit(0 if alert_test.run() else 1)
    if not once:
        metrics.serve_if_wanted(timedelta(seconds=every))
        every_province.watch(timedelta(seconds=every))
    with plain_errors():
        raise typer.Exit(1 if every_province.check_once(_show) else 0)


def _show(found: Sequence[Problem]) -> int:
    if current.name():
        print(current.name())
    return checked.show(found)
