"""What all four servers share: the world they publish and how far its days go."""

import hashlib
import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from ..credentials import Credentials
from ..faults import Faults
from ..feeds.catalogue import feeds
from ..feeds.feed import Feed
from ..feeds.order import Order
from ..kernel.clock import end_of_day
from ..world.world import World
from .content import Content

_WINDOWS_HELD = 4


@dataclass(frozen=True)
class Ministry:
    """The simulated side of the wire."""

    world: World
    faults: Faults
    credentials: Credentials
    spool: Path
    horizon: int
    """The last day that has come."""
    export_delay: float = 2.0
    """Seconds an export of the health service takes at least."""
    _held: "OrderedDict[tuple[str, int | None, int], Order]" = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def folder(self, name: str) -> Path:
        """A folder of the spool; another world or horizon never sees these files."""
        decides = repr((self.world.scenario, self.world.seed, self.horizon))
        identity = hashlib.sha256(decides.encode()).hexdigest()[:16]
        path = self.spool / identity / name
        path.mkdir(parents=True, exist_ok=True)
        return path

    @cached_property
    def feeds(self) -> dict[str, Feed]:
        """The row feeds by dataset."""
        return feeds(self.world)

    def content(self, source: str, dataset: str, since: int | None, until: int) -> Content:
        """What a window holds, as altered by the faults that are on."""
        name = f"{source}.{dataset}"
        until = min(until, end_of_day(self.horizon))
        altered = self.faults.of_window(source, dataset, f"{dataset}/{since}/{until}")
        return Content.of(self.feeds[name], self._order(name, since, until), altered)

    def _order(self, dataset: str, since: int | None, until: int) -> Order:
        """Orders are computed once per window; a few are held."""
        key = (dataset, since, until)
        with self._lock:
            if key not in self._held:
                self._held[key] = self.feeds[dataset].order(since, until)
                while len(self._held) > _WINDOWS_HELD:
                    self._held.popitem(last=False)
            self._held.move_to_end(key)
            return self._held[key]
