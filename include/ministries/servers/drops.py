"""The daily drops of the insurance agency: written into the spool when first asked for."""

import gzip
import hashlib
import json
import shutil
import tempfile
import threading
from pathlib import Path

from ..faults import Fault
from ..kernel.clock import DAY, calendar_day, moment_text
from .content import Content
from .ministry import Ministry

_ROWS_PER_FILE = 200_000
MANIFEST_NAME = "manifest.json"


class Drops:
    """Folders of files, one a day, the same bytes every time."""

    def __init__(self, ministry: Ministry) -> None:
        self._ministry = ministry
        self.root = ministry.folder("insurance")
        self._altered = ministry.folder("insurance-altered")
        self._lock = threading.Lock()
        self._due: list[Fault] = []
        for day in self.days():
            (self.root / "outbox" / self.name(day)).mkdir(parents=True, exist_ok=True)

    def days(self) -> range:
        """The days that have come."""
        return range(self._ministry.world.scenario.calendar.feeds_begin, self._ministry.horizon + 1)

    @staticmethod
    def name(day: int) -> str:
        """The name of a day's folder."""
        return calendar_day(day).isoformat()

    def folder(self, day: int) -> Path:
        """A day's folder with its files; the manifest is written last."""
        content, revision = self._content(day), self._revision(day)
        for fault in () if revision > 1 else self._faults_of(day, "incomplete_drop"):
            content = content.without_last(int(fault.args.get("records", 10)))
        folder = self.root / "outbox" / self.name(day)
        if content.is_altered or revision > 1:
            folder = self._altered / f"{self.name(day)}-r{revision}-{content.fingerprint}"
        with self._lock:
            if not (folder / MANIFEST_NAME).exists():
                self._write(folder, day, content, revision)
        return folder

    def manifest_was_read(self, day: int) -> None:
        """Somebody has read a day's manifest: from now on it may be revised behind his back."""
        self._due += self._faults_of(day, "revised_drop")

    def _revision(self, day: int) -> int:
        for fault in self._faults_of(day, "revised_drop"):
            if not fault.args.get("while_reading") or any(fault is due for due in self._due):
                return 2
        return 1

    def _faults_of(self, day: int, kind: str) -> list[Fault]:
        present = self._ministry.faults.present("insurance", "participant", kind)
        return [fault for fault in present if str(fault.args.get("day")) == self.name(day)]

    def _content(self, day: int) -> Content:
        """A day's window; the first drop also holds everything earlier."""
        first = self._ministry.world.scenario.calendar.feeds_begin
        since = None if day == first else day * DAY
        return self._ministry.content("insurance", "participant", since, (day + 1) * DAY)

    def _write(self, folder: Path, day: int, content: Content, revision: int) -> None:
        beside = Path(tempfile.mkdtemp(dir=self._altered, prefix=".writing-"))
        try:
            files = []
            for number, start in enumerate(range(0, len(content), _ROWS_PER_FILE), start=1):
                name = "participant" if revision == 1 else f"participant-r{revision}"
                path = beside / f"{name}-{number:04}.csv.gz"
                files.append(_write_file(path, content, start, start + _ROWS_PER_FILE))
            manifest = {
                "dataset": "participant",
                "day": self.name(day),
                "revision": revision,
                "generated_at": moment_text((day + 1) * DAY + 3600 * revision),
                "files": files,
            }
            (beside / MANIFEST_NAME).write_text(json.dumps(manifest, indent=1) + "\n")
            # Emptied, not removed: in between, somebody may list the days.
            for left in folder.glob("*"):
                left.unlink()
            beside.replace(folder)
        finally:
            shutil.rmtree(beside, ignore_errors=True)


def _write_file(path: Path, content: Content, start: int, end: int) -> dict[str, object]:
    end = min(end, len(content))
    with path.open("wb") as raw, gzip.GzipFile("", "wb", 1, raw, mtime=0) as packed:
        packed.write(content.header() + b"\n")
        for block in content.blocks(start, end):
            packed.write(block)
        packed.write(content.tail())
    with path.open("rb") as written:
        sha256 = hashlib.file_digest(written, "sha256").hexdigest()
    return {
        "name": path.name,
        # Some write counts as texts, and digests in capitals, with the file's name behind.
        "rows": str(end - start) if content.is_strange else end - start,
        "bytes": path.stat().st_size,
        "sha256": f"{sha256.upper()}  {path.name}" if content.is_strange else sha256,
    }
