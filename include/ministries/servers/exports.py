"""Bulk export files: written once into the spool, the same bytes every time."""

import gzip
import hashlib
import json
import shutil
import tempfile
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..faults import MANIFEST
from ..kernel.clock import end_of_day, moment_text
from .content import Content
from .http import file_digest
from .ministry import Ministry

_RESOURCES_PER_FILE = 100_000


@dataclass(frozen=True)
class Export:
    """What a client asked for."""

    kinds: tuple[str, ...]
    since: int | None
    until: int
    query: str

    def as_list(self) -> list[object]:
        """The parts that go into a job id."""
        return [list(self.kinds), self.since, self.until, self.query]


class Exports:
    """Writes export files in the background and tells when they are there."""

    def __init__(self, ministry: Ministry) -> None:
        self._ministry = ministry
        self._root = ministry.folder("health")
        self._lock = threading.Lock()
        self._running: dict[Path, threading.Thread] = {}

    def start(self, export: Export) -> None:
        """Begin writing what is not there yet."""
        for kind in export.kinds:
            content = self._content(export, kind)
            folder = self._folder(export, kind, content)
            with self._lock:
                running = self._running.get(folder)
                if folder.exists() or (running is not None and running.is_alive()):
                    continue
                thread = threading.Thread(
                    target=self._write, args=(folder, kind, content), daemon=True
                )
                self._running[folder] = thread
                thread.start()

    def is_ready(self, export: Export) -> bool:
        """Whether all files are written; begins again after a restart."""
        if all(self._present(export, kind).exists() for kind in export.kinds):
            return True
        self.start(export)
        return False

    def manifest(self, export: Export, base: str, job: str) -> dict[str, Any]:
        """The body of a finished export's status."""
        output: list[dict[str, Any]] = []
        for kind in export.kinds:
            is_strange = self._content(export, kind).is_strange
            # A URL may be relative to the manifest's (RFC 3986 §5), and hex has no case.
            start = "" if is_strange else f"{base}/fhir/jobs/"
            output += [
                {
                    "type": kind,
                    "url": f"{start}{job}/files/{entry['name']}",
                    "count": entry["count"],
                    "extension": {
                        "sha256": entry["sha256"].upper() if is_strange else entry["sha256"]
                    },
                }
                for entry in self._listed(self._present(export, kind))
            ]
        self._contradict(export, output)
        until = min(export.until, end_of_day(self._ministry.horizon))
        return {
            "transactionTime": moment_text(until + self._ministry.faults.skew("health")),
            "request": f"{base}/fhir/$export?{export.query}",
            "requiresAccessToken": True,
            "output": output,
            "deleted": [],
            "error": [],
        }

    def file(self, export: Export, name: str) -> tuple[Path, str] | None:
        """The path and content digest of one compressed file."""
        for kind in export.kinds:
            folder = self._present(export, kind)
            for entry in self._listed(folder) if folder.exists() else []:
                if entry["name"] == name:
                    return folder / f"{name}.gz", entry["digest"]
        return None

    def _contradict(self, export: Export, output: list[dict[str, Any]]) -> None:
        for kind in export.kinds:
            fault = self._ministry.faults.take("health", kind.lower(), MANIFEST)
            for entry in output if fault else []:
                if fault and fault.kind == "manifest_rows":
                    entry["count"] += 1
                else:
                    entry["extension"]["sha256"] = "0" * 64

    def _content(self, export: Export, kind: str) -> Content:
        return self._ministry.content("health", kind.lower(), export.since, export.until)

    def _present(self, export: Export, kind: str) -> Path:
        return self._folder(export, kind, self._content(export, kind))

    def _folder(self, export: Export, kind: str, content: Content) -> Path:
        """Named by what decides its bytes, so that altered content never mixes with sound."""
        until = min(export.until, end_of_day(self._ministry.horizon))
        return self._root / f"{kind}-{export.since}-{until}-{content.fingerprint}"

    @staticmethod
    def _listed(folder: Path) -> list[dict[str, Any]]:
        listed: list[dict[str, Any]] = json.loads((folder / "files.json").read_text())
        return listed

    def _write(self, folder: Path, kind: str, content: Content) -> None:
        """Write all files beside, then put them in place at once."""
        beside = Path(tempfile.mkdtemp(dir=self._root, prefix=".writing-"))
        try:
            listed = []
            for number, start in enumerate(range(0, len(content), _RESOURCES_PER_FILE), start=1):
                name = f"{kind}-{number:04}.ndjson"
                end = min(start + _RESOURCES_PER_FILE, len(content))
                listed.append(_write_file(beside / f"{name}.gz", name, content, start, end))
            (beside / "files.json").write_text(json.dumps(listed))
            if not folder.exists():
                beside.rename(folder)
        finally:
            shutil.rmtree(beside, ignore_errors=True)


def _write_file(path: Path, name: str, content: Content, start: int, end: int) -> dict[str, object]:
    plain = hashlib.sha256()
    with path.open("wb") as raw, gzip.GzipFile("", "wb", 1, raw, mtime=0) as packed:
        for block in content.blocks(start, end):
            plain.update(block)
            packed.write(block)
    return {
        "name": name,
        "count": end - start,
        "sha256": plain.hexdigest(),
        "digest": file_digest(path),
    }
