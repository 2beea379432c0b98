"""What all servers share: the world they publish and how far its days go."""

import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from ..credentials import Credentials
from ..faults import Faults
from ..feeds.catalogue import feeds
from ..feeds.feed import Feed
from ..feeds.index import Index
from ..identity.world import World
from ..kernel.clock import end_of_day
from .content import Content

_PACKAGE = Path(__file__).parents[1]


@dataclass(frozen=True)
class Ministry:
    """The simulated side of the wire."""

    world: World
    faults: Faults
    credentials: Credentials
    spool: Path
    horizon: int
    """Last day for which there are data."""
    export_delay: float = 2.0
    """Seconds an export of the health service takes at least."""

    def folder(self, name: str) -> Path:
        """A folder of the spool; another world, horizon or program never sees these files."""
        decides = repr((self.world.scenario, self.world.seed, self.horizon, _program()))
        identity = hashlib.sha256(decides.encode()).hexdigest()[:16]
        path = self.spool / identity / name
        path.mkdir(parents=True, exist_ok=True)
        return path

    def clock(self, source: str) -> Callable[[], float]:
        """The clock of a source, which may be wrong."""
        return lambda: time.time() + self.faults.skew(source)

    @cached_property
    def feeds(self) -> dict[str, Feed]:
        """The row feeds by dataset."""
        return feeds(self.world)

    def content(self, source: str, dataset: str, since: int | None, until: int) -> Content:
        """What a window holds, as altered by the faults that are on."""
        name = f"{source}.{dataset}"
        until = min(until, end_of_day(self.horizon))
        altered = self.faults.of_window(source, dataset, f"{dataset}/{since}/{until}")
        return Content.of(self.feeds[name], self._indexes[name].window(since, until), altered)

    @cached_property
    def _indexes(self) -> dict[str, Index]:
        folder, until = self.folder("versions"), end_of_day(self.horizon)
        return {
            name: Index(feed, folder / f"{name}.versions", until)
            for name, feed in self.feeds.items()
        }


@cache
def _program() -> str:
    """A text that differs when the program, or the data it reads, is another."""
    digest = hashlib.sha256()
    for path in sorted(_PACKAGE.rglob("*")):
        if path.suffix in (".py", ".csv", ".yaml"):
            digest.update(path.read_bytes())
    return digest.hexdigest()
