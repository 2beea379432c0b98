"""A plain reader of the feeds: parses lines, sets bad records aside, folds versions, counts."""

import csv
import io
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from openpyxl import load_workbook

from ministries.feeds.catalogue import feeds
from ministries.feeds.exams import ExamFeed
from ministries.feeds.tasks import TaskFeed, csv_list
from ministries.feeds.workbook import Heading, write
from ministries.identity.world import World
from ministries.kernel.clock import day_number, end_of_day
from ministries.servers.content import Content

from .rulebook import Record, day_of, wire_names
from .service_rules import broken_rules, key_of, portal_record, task_records

STATE = ("police.resident", "police.household", "insurance.participant")


class UnreadableError(ValueError):
    """A line that cannot be parsed."""


def parse(dataset: str, line: bytes) -> Record:
    """One line of a dataset."""
    try:
        text = line.decode()
    except UnicodeDecodeError:
        raise UnreadableError from None
    if "\x00" in text:
        raise UnreadableError
    if dataset.startswith("insurance."):
        fields = next(csv.reader(io.StringIO(text)))
        columns = list(wire_names(dataset).values())
        if len(fields) != len(columns):
            raise UnreadableError
        return {name: value or None for name, value in zip(columns, fields, strict=True)}
    try:
        document = json.loads(text)
    except json.JSONDecodeError:
        raise UnreadableError from None
    if dataset.startswith("portal."):
        if (found := portal_record(document, dataset)) is None:
            raise UnreadableError
        return found
    if dataset.startswith("police."):
        return {
            column: str(document[wire]).lower() if column == "is_deleted" else document[wire]
            for wire, column in wire_names(dataset).items()
        }
    return _resource(document)


def _resource(document: dict[str, Any]) -> Record:
    patient = document["contained"][0]
    identifier = patient.get("identifier", [{}])[0]
    extension = {e["url"].rsplit("/", 1)[1]: e for e in document["extension"]}
    record: Record = {
        "personal_id": identifier.get("value"),
        "id_type": str(identifier.get("system", "")).rsplit("/", 1)[-1],
        "full_name": _full_name(patient.get("name", [{}])[0]),
        "birth_date": patient["birthDate"],
        "sex_code": patient["gender"],
        "commune_code": extension["facility-commune"]["valueCode"],
        "updated_at": document["meta"]["lastUpdated"],
    }
    if document["resourceType"] == "Encounter":
        return record | {
            "encounter_id": document.get("id"),
            "document_used": extension["check-in-document"]["valueCode"],
            "is_insurance_checked": str(extension["insurance-checked"]["valueBoolean"]).lower(),
            "facility_code": document["serviceProvider"]["identifier"]["value"],
            "started_at": document["period"]["start"],
            "encounter_status": document["status"],
        }
    return record | {
        "immunization_id": document.get("id"),
        "vaccine_code": document["vaccineCode"]["coding"][0]["code"],
        "dose_number": str(document["protocolApplied"][0]["doseNumberPositiveInt"]),
        "facility_code": document["performer"][0]["actor"]["identifier"]["value"],
        "occurred_on": document["occurrenceDateTime"],
        "immunization_status": document["status"],
    }


def _full_name(name: dict[str, Any]) -> str | None:
    """The text of a HumanName, or its parts put together."""
    parts = [*([name["family"]] if "family" in name else []), *name.get("given", [])]
    return name.get("text") or " ".join(parts) or None


def parse_workbook(body: bytes) -> list[Record]:
    """The rows of a workbook."""
    sheet = load_workbook(io.BytesIO(body)).worksheets[0]
    grid = [list(row) for row in sheet.iter_rows(values_only=True)]
    year = re.search(r"NĂM (\d{4})", str(grid[1][0]))
    head = re.search(r"Hội đồng thi: (\d+) - .*Lập lúc: (\S+) (\S+)", str(grid[2][0]))
    assert year is not None
    assert head is not None
    day, month, compiled_in = head[3].split("/")
    compiled = f"{compiled_in}-{month}-{day}T{head[2]}+07:00"
    titles = {
        "Số báo danh": "registration_no",
        "Họ và tên": "full_name",
        "Ngày sinh": "birth_date",
        "Giới tính": "sex_code",
        "Số CCCD/Định danh cá nhân": "personal_id",
        "Mã trường": "school_code",
        "Mã xã": "commune_code",
        "Ngày đăng ký": "registered_on",
    }
    rows = []
    for line in grid[6:]:
        if not isinstance(line[0], int):
            continue
        record: Record = {
            "exam_year": year[1],
            "council_code": head[1],
            "updated_at": compiled,
        }
        for title, value in zip(grid[5], line, strict=True):
            if str(title) in titles:
                record[titles[str(title)]] = _cell(value)
        rows.append(record)
    return rows


def _cell(value: object) -> str | None:
    if isinstance(value, datetime):
        return value.strftime("%d/%m/%Y")
    return None if value is None else str(value)


@dataclass
class Reading:
    """What a client knows after reading some windows of a world."""

    world: World
    since: int | None = None
    lines: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    quarantined: dict[tuple[str, str], set[tuple[str, str]]] = field(
        default_factory=lambda: defaultdict(set)
    )
    versions: dict[str, dict[str, dict[str, Record]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(dict))
    )

    @classmethod
    def of(cls, world: World, *window_ends: date) -> "Reading":
        """Everything through the last of some days, read in windows that end with each."""
        reading = cls(world)
        for end in window_ends:
            reading.go_on(end)
        return reading

    def go_on(self, end: date) -> None:
        """Read the window from where reading stopped to the end of a day."""
        until = end_of_day(day_number(end))
        for dataset, feed in feeds(self.world).items():
            content = Content.of(feed, feed.order(self.since, until), [])
            self.read(dataset, content.lines(0, len(content)))
        self.read_workbooks(self.since, until)
        self.read_tasks(until)
        self.since = until

    def read(self, dataset: str, lines: Iterable[bytes]) -> None:
        """Take in lines of a dataset."""
        for line in lines:
            self.lines[dataset] += 1
            try:
                record = parse(dataset, line)
            except UnreadableError:
                self.quarantined[dataset, "readable"].add((line.hex(), ""))
                continue
            self._take(dataset, record)

    def read_workbooks(self, since: int | None, until: int) -> None:
        """Take in the workbooks of a window."""
        feed = ExamFeed(self.world)
        for issue in feed.issues(since, until):
            rows = feed.rows(issue)
            stamp = datetime.fromisoformat(str(rows.record(0)["updated_at"]))
            code = self.world.exams.council_code(issue.council)
            compiled, year = stamp.strftime("%H:%M:%S %d/%m/%Y"), self.world.scenario.exam.year
            heading = Heading("SỞ", code, "Trường", compiled, year)
            for record in parse_workbook(write(heading, rows)):
                self.lines["education.exam_registration"] += 1
                self._take("education.exam_registration", record)

    def read_tasks(self, until: int) -> None:
        """Take in the whole list of tasks; it replaces the one before."""
        records = task_records(task_list(self.world, until))
        self.lines["programme.task"] = len(records)
        for record in records:
            if isinstance(record, bytes):
                self.quarantined["programme.task", "readable"].add((record.hex(), ""))
            else:
                self._take("programme.task", record)

    def _take(self, dataset: str, record: Record) -> None:
        key, stamp = key_of(dataset, record), str(record["updated_at"])
        broken = broken_rules(dataset, record)
        if not broken:
            seen = self.versions[dataset][key].setdefault(stamp, record)
            assert seen == record, f"{dataset}: two versions share key and updated_at"
            return
        assert len(broken) == 1, f"{dataset}: one bad record breaks {sorted(broken)}"
        self.quarantined[dataset, broken.pop()].add((key, stamp))

    def current(self, dataset: str, as_of: date) -> Iterator[Record]:
        """The state of each key on a day, deleted ones left out."""
        for versions in self.versions[dataset].values():
            known = list(versions.values())
            if dataset in STATE:
                known = [r for r in known if day_of(r["effective_on"]) <= as_of]
                known.sort(key=lambda r: (str(r["effective_on"]), str(r["updated_at"])))
            else:
                known.sort(key=lambda r: str(r["updated_at"]))
            if known and not _is_deleted(known[-1]):
                yield known[-1]


def task_list(world: World, until: int) -> bytes:
    """The programme office's file as of a moment."""
    lines = csv_list(TaskFeed(world).rows(until))
    return b"\xef\xbb\xbf" + b"".join(line + b"\r\n" for line in lines)


def _is_deleted(record: Record) -> bool:
    if "9" in (record.get(f"{name}_status") for name in ("dossier", "listing", "petition", "copy")):
        return True
    return (
        record.get("is_deleted") == "true"
        or record.get("change_type") == "D"
        or "entered-in-error" in (record.get("encounter_status"), record.get("immunization_status"))
    )
