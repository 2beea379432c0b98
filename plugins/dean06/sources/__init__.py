"""The sources. One module each, with two functions and no knowledge of warehouse or Airflow:

``extract(call)`` yields the pieces of a window as the source's protocol delivers them;
``parse(dataset, piece_name, stream)`` is pure: a landed file in, batches of records out.
A source that prepares its exports asynchronously also has ``request_export`` and ``export_ready``.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from importlib import import_module
from typing import IO, Any, Protocol, cast

from dean06.contract import Dataset
from dean06.terms import Terms
from dean06.wire.records import Batch, Columns


@dataclass(frozen=True)
class Endpoint:
    """Where a source is and how to prove who we are (from its Airflow connection)."""

    url: str
    login: str = ""
    password: str = field(default="", repr=False)
    extra: Mapping[str, Any] = field(default_factory=dict, repr=False)


@dataclass(frozen=True)
class Piece:
    """One file of a delivery, verified against what the source declared about its bytes."""

    name: str
    suffix: str
    body: IO[bytes]
    declared: int
    """Records the source says it holds."""
    resume_token: str | None = None
    """From where extraction can go on after this piece; None where pieces have names."""


@dataclass(frozen=True)
class Landed:
    """A piece that an earlier attempt has landed already."""

    name: str
    declared: int
    resume_token: str | None


@dataclass(frozen=True)
class Call:
    """One request for one dataset over one window."""

    endpoint: Endpoint
    terms: Terms
    """The contract's, with what the extra of the connection sets otherwise."""
    dataset: Dataset
    since: datetime | None
    until: datetime
    landed: tuple[Landed, ...] = ()
    earlier: tuple[Landed, ...] = ()
    """Of a log: the last piece of each of its parts that an earlier load has published. The part is
    what the name of a piece begins with, up to the first slash."""
    export_handle: str | None = None


class Source(Protocol):
    """What every source module offers."""

    def extract(self, call: Call) -> Iterator[Piece]:
        """Yield what the window holds and ``call.landed`` does not. Raises SourceError or
        ContractError."""

    def parse(
        self, dataset: Dataset, piece_name: str, stream: IO[bytes]
    ) -> Iterator[Batch | Columns]:
        """Read one landed file. Pure."""


class ExportingSource(Source, Protocol):
    """A source that prepares an export before it can be fetched."""

    def request_export(self, call: Call) -> str:
        """Ask for an export; returns where to ask whether it is ready."""

    def export_ready(self, call: Call) -> float:
        """0 when the export can be fetched, else the seconds to wait before asking again."""


def module(source: str) -> Source:
    """The module of that source key."""
    return cast("Source", import_module(f"{__name__}.{source}"))


def is_exporting(source: str) -> Callable[..., str] | None:
    """The source's ``request_export`` when it prepares exports asynchronously, else None."""
    return getattr(module(source), "request_export", None)
