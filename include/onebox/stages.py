"""Say what the installation is doing: on a terminal, and where the output goes to a file."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console


@contextmanager
def stage(console: Console, title: str) -> Iterator[None]:
    """Show ``title`` while the block runs.

    A terminal shows it as long as the block runs. A file or a CI log, which rich leaves empty until
    the end, gets it as a line at once.
    """
    if console.is_terminal:
        with console.status(title):
            yield
    else:
        console.print(title, highlight=False)
        yield
