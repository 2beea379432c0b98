"""Say what the installation is doing: on a terminal, and where the output goes to a file."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

SAID_EVERY = 15.0
"""Seconds between two lines of a stage that lasts, where no clock is shown."""


@contextmanager
def stage(console: Console, title: str) -> Iterator[None]:
    """Show ``title`` and how long it has taken while the block runs.

    A terminal shows a clock as long as the block runs. A file or a CI log, which rich leaves empty
    until the end, gets the title as a line at once, and a line each quarter of a minute.
    """
    if console.is_terminal:
        columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
        with Progress(*columns, console=console, transient=True) as progress:
            progress.add_task(title, total=None)
            yield
        return
    console.print(title, highlight=False)
    ended, begun = threading.Event(), time.monotonic()

    def say_elapsed() -> None:
        while not ended.wait(SAID_EVERY):
            console.print(f"  {time.monotonic() - begun:.0f} s: {title}", highlight=False)

    teller = threading.Thread(target=say_elapsed, daemon=True)
    teller.start()
    try:
        yield
    finally:
        ended.set()
        teller.join()
