"""The content of a window, altered by faults consistently with its counts."""

import csv
import hashlib
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from ..dirt.bad_records import unreadable_line
from ..dirt.stranger_forms import csv_head, csv_line, csv_tail, json_line
from ..dirt.stranger_records import STRANGE
from ..faults import ADDED, DAMAGED_PAGE, STRANGE_RECORDS, Fault
from ..feeds.catalogue import NULLABLE, WIRE
from ..feeds.elements import json_elements
from ..feeds.feed import Feed, Rows
from ..feeds.fhir import fhir_lines
from ..feeds.lines import Shape, csv_header, csv_lines, json_lines
from ..feeds.order import Order, Rearranged, Versions, part
from ..kernel.clock import DAY

_NAMES = ("hoTen", "ChuHoSo", "maXa", "NoiNopHoSo", "MaTTHC", "NoiXuLy",
          "NoiChungThuc")  # fmt: skip
OVERSIZE = 10 * 1024 * 1024
_PAGE = 5000
_BLOCK = 2000


@dataclass(frozen=True)
class Content:
    """Lines of one window of one dataset; ``added`` bad lines come first."""

    feed: Feed
    versions: Versions
    shape: Shape
    added: tuple[bytes, ...]
    alterations: tuple[str, ...] = ()
    """The faults that are at work."""
    is_strange: bool = False
    """Whether everything is said in other words than agreed."""

    @classmethod
    def of(cls, feed: Feed, versions: Versions, faults: list[Fault]) -> "Content":
        """A window's content under some faults."""
        dropped, extra, is_strange = set(), False, False
        added: list[str] = []
        for fault in faults:
            if fault.kind == "missing_field":
                dropped.add(str(fault.args["column"]))
            elif fault.kind == "unknown_field":
                extra = True
            elif fault.kind == "other_forms":
                is_strange = True
            elif fault.kind in _page_faults(feed):
                continue
            elif fault.kind in ADDED:
                added += [fault.kind] * int(fault.args.get("records", 1))
            else:
                versions = _altered(versions, fault, feed.world.seed)
        shape = Shape(frozenset(dropped), extra)
        plain = cls(feed, versions, shape, ())
        lines = tuple(line for kind in added for line in plain.bad_lines(kind))
        told = tuple(f"{fault.kind} {sorted(fault.args.items())}" for fault in faults)
        return cls(feed, versions, shape, lines, told, is_strange)

    def __len__(self) -> int:
        return len(self.added) + len(self.versions)

    def without_last(self, records: int) -> "Content":
        """The same window, as somebody sends it who forgot some records."""
        kept = Rearranged(self.versions, np.arange(max(len(self.versions) - records, 0)))
        told = (*self.alterations, f"without the last {records}")
        return replace(self, versions=kept, alterations=told)

    @property
    def is_altered(self) -> bool:
        """Whether a fault is at work."""
        return bool(self.alterations)

    @property
    def fingerprint(self) -> str:
        """A text that differs when a fault makes the lines differ."""
        return hashlib.sha256(repr(self.alterations).encode()).hexdigest()[:16]

    def lines(self, start: int, end: int) -> list[bytes]:
        """Some of the lines, without line ends."""
        shift = len(self.added)
        body = self.versions.take(slice(max(start - shift, 0), max(end - shift, 0)))
        return [*self.added[start:end], *self._format(body)]

    def blocks(self, start: int, end: int) -> Iterator[bytes]:
        """The same lines with line ends, a bounded number at a time."""
        end = min(end, len(self))
        for first in range(start, end, _BLOCK):
            lines = self.lines(first, min(first + _BLOCK, end))
            yield b"\n".join(lines) + b"\n"

    def header(self) -> bytes:
        """The header line of a CSV file, with what stands before it."""
        header = csv_header(WIRE[self.feed.dataset], self.shape)
        return csv_head(header, ",") if self.is_strange else header

    def tail(self) -> bytes:
        """What stands below the records of a CSV file."""
        return csv_tail(csv_header(WIRE[self.feed.dataset]), ",") if self.is_strange else b""

    def bad_lines(self, kind: str) -> list[bytes]:
        """The lines that a fault adds."""
        return self._strange_lines() if kind == STRANGE_RECORDS else [self.bad_line(kind)]

    def _strange_lines(self) -> list[bytes]:
        """One of each way in which a record of the dataset loses its meaning; of a window without
        any sound record, none."""
        ways = STRANGE.get(self.feed.dataset, ())
        rows = self.feed.rows(self.versions.take(slice(0, _BLOCK)))
        sound = sorted(set(range(len(rows))) - rows.odd - set(rows.unreadable))
        if not sound:
            return []
        line = self._written(rows)[sound[0]]
        return [way.spoil(line, way.key) for way in ways]

    def bad_line(self, kind: str) -> bytes:
        """A line that is bad in the way of a fault."""
        one = np.zeros(1, dtype=np.int64)
        line = self._format(part(one, 0, one + DAY // 2))[0]
        if kind == "oversized_field":
            return self._oversized(line)
        if self.feed.dataset.startswith("portal."):
            kind = "not_an_object"
        return unreadable_line(kind, line)

    def _format(self, order: Order) -> list[bytes]:
        if not len(order):
            return []
        lines = self._written(self.feed.rows(order))
        if not self.is_strange:
            return lines
        if self.feed.dataset.startswith("insurance."):
            return [csv_line(line, ",") for line in lines]
        return [json_line(self.feed.dataset, line) for line in lines]

    def _written(self, rows: Rows) -> list[bytes]:
        source, dataset = self.feed.dataset.split(".")
        if source == "health":
            return fhir_lines(rows, dataset.capitalize(), self.shape)
        if source == "portal":
            return json_elements(rows, WIRE[self.feed.dataset], self.shape)
        if source == "insurance":
            return csv_lines(rows, WIRE[self.feed.dataset], self.shape)
        return json_lines(rows, WIRE[self.feed.dataset], NULLABLE, self.shape)

    def _oversized(self, line: bytes) -> bytes:
        """The line with a field of 10 MB: a name where there is one, else the commune code."""
        huge = "A" * OVERSIZE
        if self.feed.dataset.startswith("insurance."):
            fields = next(csv.reader(io.StringIO(line.decode())))
            fields[1] = huge
            return ",".join(fields).encode()
        document = json.loads(line)
        if self.feed.dataset.startswith("health."):
            document["contained"][0]["name"] = [{"text": huge}]
        else:
            document[next(name for name in _NAMES if name in document)] = huge
        return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def _page_faults(feed: Feed) -> tuple[str, ...]:
    """Kinds of faults that are no matter of a dataset's lines, but of a whole answer."""
    return DAMAGED_PAGE if feed.dataset.startswith("portal.") else ()


def _altered(versions: Versions, fault: Fault, seed: int) -> Versions:
    count = len(versions)
    size = int(fault.args.get("rows", _PAGE))
    if fault.kind == "empty_feed":
        positions = np.arange(0)
    elif fault.kind == "duplicated_page":
        positions = np.concatenate([np.arange(min(size, count)), np.arange(count)])
    elif fault.kind == "reordered_pages":
        pages = [np.arange(first, min(first + size, count)) for first in range(0, count, size)]
        positions = np.concatenate([np.arange(0), *reversed(pages)])
    else:
        positions = np.random.default_rng(seed).permutation(count)
    return Rearranged(versions, positions)
