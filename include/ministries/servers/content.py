"""The content of a window, altered by faults consistently with its counts."""

import csv
import hashlib
import io
import json
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ..dirt import unreadable_line
from ..faults import ADDED, Fault
from ..feeds.catalogue import NULLABLE, WIRE
from ..feeds.feed import Feed
from ..feeds.fhir import fhir_lines
from ..feeds.lines import Shape, csv_header, csv_lines, json_lines
from ..feeds.order import Order, concatenate, part
from ..kernel.clock import DAY

_OVERSIZE = 10 * 1024 * 1024
_DUPLICATED_PAGE = 5000


@dataclass(frozen=True)
class Content:
    """Lines of one window of one dataset; ``added`` bad lines come first."""

    feed: Feed
    order: Order
    shape: Shape
    added: tuple[bytes, ...]
    is_altered: bool = False
    """Whether a fault is at work."""

    @classmethod
    def of(cls, feed: Feed, order: Order, faults: list[Fault]) -> "Content":
        """A window's content under some faults."""
        dropped, extra = set(), False
        added: list[str] = []
        for fault in faults:
            if fault.kind == "missing_field":
                dropped.add(str(fault.args["column"]))
            elif fault.kind == "unknown_field":
                extra = True
            elif fault.kind in ADDED:
                added += [fault.kind] * int(fault.args.get("records", 1))
            else:
                order = _altered(order, fault, feed.world.seed)
        shape = Shape(frozenset(dropped), extra)
        plain = cls(feed, order, shape, ())
        lines = tuple(plain.bad_line(kind) for kind in added)
        return cls(feed, order, shape, lines, bool(faults))

    def __len__(self) -> int:
        return len(self.added) + len(self.order)

    @cached_property
    def fingerprint(self) -> str:
        """A text that differs when a fault makes the lines differ."""
        digest = hashlib.sha256(self.order.number.tobytes())
        digest.update(repr((sorted(self.shape.dropped), self.shape.extra)).encode())
        for line in self.added:
            digest.update(line)
        return digest.hexdigest()[:16]

    def lines(self, start: int, end: int) -> list[bytes]:
        """Some of the lines, without line ends."""
        shift = len(self.added)
        body = self.order.take(slice(max(start - shift, 0), max(end - shift, 0)))
        return [*self.added[start:end], *self._format(body)]

    def header(self) -> bytes:
        """The header line of a CSV file."""
        return csv_header(WIRE[self.feed.dataset], self.shape)

    def bad_line(self, kind: str) -> bytes:
        """A line that is bad in the way of a fault."""
        one = np.zeros(1, dtype=np.int64)
        line = self._format(part(one, 0, one + DAY // 2))[0]
        return self._oversized(line) if kind == "oversized_field" else unreadable_line(kind, line)

    def _format(self, order: Order) -> list[bytes]:
        if not len(order):
            return []
        rows = self.feed.rows(order)
        source, dataset = self.feed.dataset.split(".")
        if source == "health":
            return fhir_lines(rows, dataset.capitalize(), self.shape)
        if source == "insurance":
            return csv_lines(rows, WIRE[self.feed.dataset], self.shape)
        return json_lines(rows, WIRE[self.feed.dataset], NULLABLE, self.shape)

    def _oversized(self, line: bytes) -> bytes:
        """The line with a field of 10 MB: a name where there is one, else the commune code."""
        huge = "A" * _OVERSIZE
        if self.feed.dataset.startswith("insurance."):
            fields = next(csv.reader(io.StringIO(line.decode())))
            fields[1] = huge
            return ",".join(fields).encode()
        document = json.loads(line)
        if self.feed.dataset.startswith("health."):
            document["contained"][0]["name"] = [{"text": huge}]
        else:
            document["hoTen" if "hoTen" in document else "maXa"] = huge
        return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def _altered(order: Order, fault: Fault, seed: int) -> Order:
    if fault.kind == "empty_feed":
        return order.take(slice(0, 0))
    if fault.kind == "duplicated_page":
        size = int(fault.args.get("rows", _DUPLICATED_PAGE))
        return concatenate([order.take(slice(0, size)), order])
    return order.take(np.random.default_rng(seed).permutation(len(order)))
