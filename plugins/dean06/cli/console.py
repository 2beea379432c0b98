"""What commands of ``python -m dean06`` share: how they speak and how they fail."""

import logging.config
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import NoReturn

import typer
from rich.console import Console

from dean06.cli import installation
from dean06.errors import Dean06Error, WarehouseError

_TALKATIVE = ("paramiko",)
"""Libraries that write an error to the log which they raise, too."""


class _StderrConfigurator(logging.config.DictConfigurator):
    """A log that was to go to standard output goes to standard error."""

    def configure(self) -> None:
        """Airflow's handler; and structlog, which Airflow's own messages and warnings go through,
        and which Airflow has just set up to write by itself."""
        for handler in self.config.get("handlers", {}).values():
            if handler.get("stream") is sys.stdout:
                handler["stream"] = sys.stderr
        super().configure()
        import structlog

        factory = structlog.get_config()["logger_factory"]
        if getattr(factory, "io", sys.stderr) is None:
            is_bytes = issubclass(factory.cls, structlog.BytesLogger)
            factory.io = sys.stderr.buffer if is_bytes else sys.stderr


def log_to_stderr() -> None:
    """Keep standard output for what a command is asked for, such as a token: Airflow, once it is
    imported, sends the log of the process there."""
    logging.config.dictConfigClass = _StderrConfigurator


def quiet_libraries() -> None:
    """Keep tracebacks of a library's own threads off the terminal: what they broke is the cause
    that our own error names."""
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(logging.CRITICAL)


@contextmanager
def plain_errors(*, needs_schema: bool = True) -> Iterator[None]:
    """Errors of ours as one line and exit code 1. ``needs_schema``: the block uses tables of the
    warehouse, so that where they are missing or old, this is the error."""
    try:
        yield
    except Dean06Error as error:
        print(f"dean06: {_said(error, needs_schema)}", file=sys.stderr)
        raise typer.Exit(1) from None


def _said(error: Dean06Error, needs_schema: bool) -> str:
    found = None
    if isinstance(error, WarehouseError):
        found = installation.why_unreachable()
        if found is None and needs_schema:
            found = installation.why_unready(error)
    return found or str(error)


@contextmanager
def sealed() -> Iterator[None]:
    """Errors in one line; what was done within the block is in the signed chain afterwards."""
    from dean06.trail import chain

    with plain_errors():
        yield
        chain.seal_if_possible()


def end_with_differences(checked: str, found: Sequence[str]) -> NoReturn:
    """Print what a check found, then how much was ``checked``; exit code 1 where something was
    found."""
    for sentence in found:
        print(sentence)
    print(f"{checked}; differences: {len(found)}")
    raise typer.Exit(1 if found else 0)


def console_of(record: bool = False, markup: bool = False) -> Console:
    """As wide as the terminal, into a file of a fixed width. ``record``: to save a picture;
    ``markup``: brackets of what is printed are styles, which nobody else's words may be."""
    width = None if sys.stdout.isatty() else 132
    return Console(width=width, record=record, markup=markup, emoji=markup)


def plain(text: str | None) -> str:
    """Somebody's words as a terminal may show them: no character of them moves or hides others."""
    return "".join(sign if sign.isprintable() else "\ufffd" for sign in text or "")
