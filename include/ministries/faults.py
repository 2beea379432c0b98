"""Transport faults: declared, switched on and off while the servers run, repeatable.

A fault says where (source, dataset, stage), what (kind) and how often (``times`` uses, then the
source is healthy again; ``share`` of the requests, drawn from the seed and a counter). Kinds:

- ``down`` – connections are closed without an answer
- ``unauthorized``, ``rate_limited``, ``server_error``, ``unavailable`` – 401, 429, 500, 503;
  ``retry_after`` seconds for 429 and 503, as an HTTP date with ``form: date``
- ``expired_token`` – the token in use is refused from the second page or file on, a new one works
- ``expired_cursor`` – 410: a cursor is no longer known, pages must be asked for from the first
- ``clock_skew`` – while it is on, the source's clock is ``seconds`` ahead (behind if negative): in
  ``Date``, in tokens, in assertions it accepts, and in every time it states of itself
- ``cut_body``, ``short_body``, ``wrong_digest`` – the answer breaks off, ends early, or does not
  match its digest
- ``manifest_rows``, ``manifest_sha256`` – manifest, export status or index contradict their files
- ``late_drop`` – the directory of ``day`` is not there
- ``incomplete_drop`` – the drop of ``day`` lacks its last ``records``; its manifest says the same
- ``revised_drop`` – the drop of ``day`` is there as revision 2, whole, and the files of revision 1
  are gone; ``while_reading``: as soon as somebody has read the manifest of revision 1
- ``repeated_page`` – a page is answered with the one before it, as a careless cache does
- ``shifted_page`` – a record more comes into a numbered window between two of its pages
- ``duplicated_page``, ``reordered_pages``, ``reordered_rows``, ``empty_feed``, ``unknown_field``,
  ``missing_field`` (``column``) – the content of a window is altered, consistently with its counts
  and digests
- ``other_forms`` – everything is said as strangers say it: ``dirt.stranger_forms``; nothing else is
  meant
- ``strange_records`` – records whose meaning is lost are added: ``dirt.stranger_records``
- ``malformed_json``, ``invalid_utf8``, ``nul_byte``, ``wrong_field_count``, ``oversized_field``
  (10 MB), ``bad_workbook_row``, ``not_an_object`` – a bad record (``records`` of them) is added to
  a window; of the portal, ``malformed_json`` and ``invalid_utf8`` damage one answer instead
"""

import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from .errors import InputError
from .kernel.draws import Draws
from .scenario.load import SOURCES

FOLDER = Path(__file__).parent / "fault_profiles"

CONNECTION = ("down",)
REQUEST = (
    "unauthorized",
    "rate_limited",
    "server_error",
    "unavailable",
    "expired_token",
    "expired_cursor",
)
CLOCK = ("clock_skew",)
PAGE = ("repeated_page", "shifted_page")
BODY = ("cut_body", "short_body", "wrong_digest")
MANIFEST = ("manifest_rows", "manifest_sha256")
DROP = ("late_drop", "incomplete_drop", "revised_drop")
WHOLE_WINDOW = (
    "duplicated_page",
    "reordered_pages",
    "reordered_rows",
    "empty_feed",
    "unknown_field",
    "missing_field",
    "other_forms",
)
STRANGE_RECORDS = "strange_records"
ADDED = (
    "malformed_json",
    "not_an_object",
    "invalid_utf8",
    "nul_byte",
    "wrong_field_count",
    "oversized_field",
    "bad_workbook_row",
    STRANGE_RECORDS,
)
DAMAGED_PAGE = ("malformed_json", "invalid_utf8")
"""Of the portal: these make one answer no JSON document."""
WINDOW = WHOLE_WINDOW + ADDED
KINDS = CONNECTION + REQUEST + CLOCK + BODY + MANIFEST + DROP + PAGE + WINDOW


@dataclass(frozen=True)
class Fault:
    """One thing that goes wrong. ``dataset`` and ``stage`` None mean every one."""

    source: str
    dataset: str | None
    kind: str
    times: int | None = None
    share: float = 1.0
    stage: str | None = None
    args: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise InputError("kind", f"{self.kind} is no kind of fault")
        if self.source not in SOURCES:
            raise InputError("source", f"{self.source} is no source")


@dataclass
class _Entry:
    fault: Fault
    used: int = 0
    seen: int = 0
    windows: set[str] = field(default_factory=set)

    @property
    def is_spent(self) -> bool:
        return self.fault.times is not None and self.used >= self.fault.times


class Faults:
    """The faults that are switched on. Safe to change from any thread."""

    def __init__(self, faults: Iterable[Fault] = (), seed: int = 0) -> None:
        self._lock = threading.Lock()
        self._entries = [_Entry(fault) for fault in faults]
        self._draws = Draws(seed)

    def add(self, fault: Fault) -> None:
        """Switch a fault on."""
        with self._lock:
            self._entries.append(_Entry(fault))

    def remove(self, fault: Fault) -> None:
        """Switch off a fault that ``add`` switched on."""
        with self._lock:
            self._entries = [entry for entry in self._entries if entry.fault is not fault]

    def clear(self) -> None:
        """Switch everything off."""
        with self._lock:
            self._entries.clear()

    def take(
        self, source: str, dataset: str | None, kinds: tuple[str, ...], stage: str | None = None
    ) -> Fault | None:
        """The fault that hits this request, if any; uses it once."""
        with self._lock:
            for number, entry in enumerate(self._entries):
                if not self._fits(entry, source, dataset, kinds, stage) or entry.is_spent:
                    continue
                entry.seen += 1
                drawn = self._draws.scalar(f"fault {number}", entry.seen, 10**6) / 10**6
                if drawn < entry.fault.share:
                    entry.used += 1
                    return entry.fault
        return None

    def present(self, source: str, dataset: str | None, kind: str) -> list[Fault]:
        """Faults of a kind that are on, without using them."""
        found = []
        with self._lock:
            for entry in self._entries:
                if self._fits(entry, source, dataset, (kind,), None) and not entry.is_spent:
                    entry.seen += 1
                    found.append(entry.fault)
        return found

    def unseen(self) -> list[Fault]:
        """The faults that are on and that no request has met yet."""
        with self._lock:
            return [entry.fault for entry in self._entries if not entry.used + entry.seen]

    def skew(self, source: str) -> int:
        """How many seconds the clock of a source is ahead."""
        wrong = self.present(source, None, "clock_skew")
        return sum(int(fault.args.get("seconds", 0)) for fault in wrong)

    def of_window(self, source: str, dataset: str, window: str) -> list[Fault]:
        """The content faults of a window. One use is one window: asked again, it stays altered."""
        found = []
        with self._lock:
            for entry in self._entries:
                if not self._fits(entry, source, dataset, WINDOW, None):
                    continue
                if window not in entry.windows:
                    if entry.is_spent:
                        continue
                    entry.windows.add(window)
                    entry.used += 1
                found.append(entry.fault)
        return found

    @staticmethod
    def _fits(
        entry: _Entry, source: str, dataset: str | None, kinds: tuple[str, ...], stage: str | None
    ) -> bool:
        fault = entry.fault
        return (
            fault.source == source
            and fault.kind in kinds
            and (fault.dataset is None or dataset is None or fault.dataset == dataset)
            and (fault.stage is None or fault.stage == stage)
        )


def profile_names() -> list[str]:
    """The fault profiles that can be named."""
    return sorted(path.stem for path in FOLDER.glob("*.yaml"))


def load_profile(name: str) -> list[Fault]:
    """The faults of a profile, by name or by path of a YAML file; ``none`` is none."""
    if name == "none":
        return []
    path = Path(name) if name.endswith((".yaml", ".yml")) else FOLDER / f"{name}.yaml"
    if not path.is_file():
        raise InputError(
            "faults",
            f"unknown profile {name}; available profiles: none, " + ", ".join(profile_names()),
        )
    with path.open(encoding="utf-8") as file:
        document = yaml.safe_load(file) or {}
    return [_read(entry) for entry in document.get("faults", [])]


def _read(entry: dict[str, Any]) -> Fault:
    known = {"source", "dataset", "kind", "times", "share", "stage"}
    plain = {name: value for name, value in entry.items() if name in known}
    rest = {name: value for name, value in entry.items() if name not in known}
    if "source" not in plain or "kind" not in plain:
        raise InputError("faults", "every fault needs a source and a kind")
    return Fault(**{"dataset": None, **plain}, args=rest)
