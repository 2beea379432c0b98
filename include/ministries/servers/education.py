"""The education department: an index of workbooks and the workbooks, behind HTTP Basic."""

import hashlib
import threading
from typing import Any

from fastapi import Depends, FastAPI, Request, Response
from fastapi.responses import JSONResponse

from ..dirt.stranger_records import STRANGE
from ..faults import MANIFEST, STRANGE_RECORDS, Fault
from ..feeds.exams import ExamFeed
from ..feeds.feed import Rows
from ..feeds.workbook import ERROR, Heading, write
from ..kernel.clock import end_of_day, moment_text
from ..world.exams import Issue
from .auth import basic_pair, is_pair
from .http import Problem, content_digest, moment_parameter, new_app
from .ministry import Ministry

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_SOURCE, _DATASET = "education", "exam_registration"


def describe(path: str, _query: str) -> tuple[str | None, str | None]:
    """The dataset and stage of a request, for faults."""
    if not path.startswith("/exam/"):
        return None, None
    return _DATASET, "index" if path == "/exam/index.json" else "workbook"


class Workbooks:
    """Workbooks, written into the spool when first asked for."""

    def __init__(self, ministry: Ministry) -> None:
        self._ministry = ministry
        self.feed = ExamFeed(ministry.world)
        self._root = ministry.folder("education")
        self._lock = threading.Lock()

    def name(self, issue: Issue) -> str:
        """A workbook's file name."""
        code = self._ministry.world.exams.council_code(issue.council)
        return f"HD{code}-lan-{issue.number}.xlsx"

    def find(self, name: str) -> Issue | None:
        """The issue a file name stands for, if its day has come."""
        until = end_of_day(self._ministry.horizon)
        issues = self.feed.issues(None, until)
        return next((issue for issue in issues if self.name(issue) == name), None)

    def entry(self, issue: Issue) -> dict[str, Any]:
        """A workbook's line in the index."""
        body, candidates = self.body(issue)
        return {
            "name": self.name(issue),
            "council_code": self._ministry.world.exams.council_code(issue.council),
            "issue": issue.number,
            "candidates": candidates,
            "bytes": len(body),
            "sha256": hashlib.sha256(body).hexdigest(),
            "compiled_at": moment_text(issue.at + self._ministry.faults.skew(_SOURCE)),
        }

    def body(self, issue: Issue) -> tuple[bytes, int]:
        """A workbook's bytes and its number of candidates."""
        rows = self.feed.rows(issue)
        faults = self._ministry.faults.of_window(_SOURCE, _DATASET, self.name(issue))
        for fault in faults:
            _altered(rows, fault.kind, int(fault.args.get("records", 1)))
        if faults:
            return self._write(issue, rows, faults), len(rows)
        path = self._root / self.name(issue)
        with self._lock:
            if not path.exists():
                path.write_bytes(self._write(issue, rows, []))
            return path.read_bytes(), len(rows)

    def _write(self, issue: Issue, rows: Rows, faults: list[Fault]) -> bytes:
        dropped = frozenset(str(f.args["column"]) for f in faults if f.kind == "missing_field")
        extra = any(fault.kind == "unknown_field" for fault in faults)
        is_strange = any(fault.kind == "other_forms" for fault in faults)
        return write(self._heading(issue), rows, dropped, extra, is_strange)

    def _heading(self, issue: Issue) -> Heading:
        world = self._ministry.world
        day, time = moment_text(issue.at)[:10], moment_text(issue.at)[11:19]
        province = world.scenario.province
        return Heading(
            department=f"SỞ GIÁO DỤC VÀ ĐÀO TẠO {province.name.upper()}",
            council_code=world.exams.council_code(issue.council),
            school=f"Trường THPT số {issue.council + 1}",
            compiled=f"{time} {day[8:10]}/{day[5:7]}/{day[:4]}",
            year=world.exams.terms.year,
        )


def _altered(rows: Rows, kind: str, records: int) -> None:
    """Put a content fault into rows; faults of fields are put in when the workbook is written."""
    if kind == STRANGE_RECORDS:
        _add_strange(rows)
        return
    for column, values in rows.columns.items():
        if kind == "bad_workbook_row":
            added = {"birth_date": "không rõ"}.get(column)
            values += [added or values[number] for number in range(records)]
            if column == "registration_no":
                values[-records:] = [f"5399{number:04}" for number in range(records)]
        elif kind == "reordered_rows":
            values.reverse()
        elif kind == "duplicated_page":
            values += values
        elif kind == "empty_feed":
            values.clear()


def _add_strange(rows: Rows) -> None:
    """A true candidate under each strange key, whose name is an error of the spreadsheet."""
    for way in STRANGE[f"{_SOURCE}.{_DATASET}"]:
        for values in rows.columns.values():
            values.append(values[0])
        rows.columns["registration_no"][-1] = way.key
        rows.columns["full_name"][-1] = ERROR


class Exam:
    """The endpoints."""

    def __init__(self, ministry: Ministry) -> None:
        self._ministry = ministry
        self._secret = ministry.credentials["education"]
        self._books = Workbooks(ministry)

    def known(self, request: Request) -> None:
        """401 unless user and password are right."""
        if not is_pair(basic_pair(request), self._secret["username"], self._secret["password"]):
            raise Problem(401, "unknown user", {"WWW-Authenticate": 'Basic realm="exam"'})

    def index(self, until: str, since: str | None = None) -> Response:
        """The workbooks compiled in a window."""
        after = moment_parameter("since", since) if since is not None else None
        last = min(moment_parameter("until", until), end_of_day(self._ministry.horizon))
        listed = [self._books.entry(issue) for issue in self._books.feed.issues(after, last)]
        fault = self._ministry.faults.take(_SOURCE, _DATASET, MANIFEST) if listed else None
        if fault is not None and fault.kind == "manifest_rows":
            listed[-1]["candidates"] += 1
        elif fault is not None:
            listed[-1]["sha256"] = "0" * 64
        return JSONResponse({"workbooks": listed, "total": len(listed)})

    def workbook(self, name: str) -> Response:
        """One workbook."""
        issue = self._books.find(name)
        if issue is None:
            raise Problem(404, "no such workbook")
        body, _ = self._books.body(issue)
        return Response(body, 200, {"Content-Digest": content_digest(body)}, media_type=_XLSX)


def build(ministry: Ministry) -> FastAPI:
    """The application."""
    app, exam = new_app("education"), Exam(ministry)
    allowed = [Depends(exam.known)]
    app.add_api_route("/exam/index.json", exam.index, dependencies=allowed, response_model=None)
    app.add_api_route("/exam/{name}", exam.workbook, dependencies=allowed, response_model=None)
    return app
