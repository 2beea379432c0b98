"""One document with all that is true of a day: KPI values, quarantined records, feed sizes.

Figures come from the state functions of the world (``commune_on``, ``in_force`` …), which never
look at versions; the feeds come from its version functions. That the two agree is a test.

Quarantine counts are of DISTINCT bad records (a re-sent identical line is the same record; a bad
row that a council lists again in a later workbook is another record, for it has another
``updated_at``). Feed counts are of lines as received, duplicates and bad ones included.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypedDict

import numpy as np

from ..dirt.bad_records import bad_records, bad_rows, is_resent
from ..dirt.defects import DEFECTS
from ..faults import Fault
from ..feeds import tasks
from ..identity.judgement import Judgement, Row
from ..identity.world import World
from ..kernel.clock import calendar_day, end_of_day
from ..kernel.draws import Ints
from ..world.registers import Register
from . import strangers
from .consistency import ConsistencyFigures
from .dirty_records import DirtyRecords
from .figures import Figures
from .identity import IdentityFigures
from .quality import QualityFigures
from .reconciliation import ReconciliationTruth

_CHUNK = 1 << 17
_EXAM = "education.exam_registration"
Json = dict[str, Any]


class Document(TypedDict):
    """What the command prints as JSON."""

    scenario: str
    scale: float
    as_of: str
    known_by: str
    kpi: list[Json]
    quarantine: list[Json]
    feeds: list[Json]
    verdicts: list[Row]
    dirty: list[Json]
    strange: list[Json]
    """What a profile of faults adds to every window."""
    reconciliation: list[Json]
    """Differences between the national portal's list and the province's dossiers, by kind."""


@dataclass(frozen=True)
class Truth:
    """The truth of one day, as known by the end of another."""

    world: World
    as_of: int
    known_by: int
    faults: Sequence[Fault] = ()
    """Those that are on."""

    def document(self) -> Document:
        """Everything, ready for JSON."""
        scenario = self.world.scenario
        figures = Figures(self.world, self.as_of, self.known_by).rows()
        judgement = Judgement(self.world, self.known_by)
        identity = IdentityFigures(self.world, self.as_of, judgement)
        quarantine = self.quarantine()
        return {
            "scenario": scenario.name,
            "scale": scenario.scale,
            "as_of": calendar_day(self.as_of).isoformat(),
            "known_by": calendar_day(self.known_by).isoformat(),
            "kpi": [
                *figures,
                *identity.rows(),
                *QualityFigures(identity).rows(),
                *ConsistencyFigures(identity).rows(),
            ],
            "quarantine": quarantine,
            "feeds": self.feeds(),
            "verdicts": judgement.verdicts(),
            "dirty": DirtyRecords(self.world, judgement).rows(quarantine),
            "strange": strangers.flagged(self.faults),
            "reconciliation": ReconciliationTruth(self.world, self.known_by).rows(),
        }

    def quarantine(self) -> list[Json]:
        """Distinct records that must be quarantined, by dataset, class and rule."""
        rows: list[Json] = []
        for dataset, counts in self._bad_counts():
            merged: dict[tuple[str, str], int] = {}
            for defect, count in zip(DEFECTS[dataset], counts.tolist(), strict=True):
                key = defect.error_class, defect.rule
                merged[key] = merged.get(key, 0) + count
            rows += [
                {"dataset": dataset, "class": error_class, "rule": rule, "records": count}
                for (error_class, rule), count in sorted(merged.items())
                if count
            ]
        return rows

    def feeds(self) -> list[Json]:
        """Lines received by the end of the day, by dataset."""
        rows: list[Json] = [
            {"dataset": dataset, "records": self._lines(dataset, register)}
            for dataset, register in self.world.registers.items()
        ]
        rows.append({"dataset": _EXAM, "records": self._workbook_rows()})
        return [*rows, {"dataset": tasks.DATASET, "records": self._listed_tasks()}]

    def _lines(self, dataset: str, register: Register) -> int:
        """Versions told, the re-sent ones twice, and bad records."""
        scenario, draws, until = self.world.scenario, self.world.draws, end_of_day(self.known_by)
        bad = bad_records(dataset, scenario, draws)
        lines = int(np.count_nonzero(bad.at(bad.numbers()) <= until))
        for start in range(0, register.size, _CHUNK):
            n = np.arange(start, min(start + _CHUNK, register.size), dtype=np.int64)
            for slot, at in register.updates(n).items():
                told = at <= until
                again = is_resent(dataset, scenario, draws, n, np.full_like(n, slot))
                lines += int(np.count_nonzero(told)) + int(np.count_nonzero(told & again))
        return lines

    def _workbook_rows(self) -> int:
        exams = self.world.exams
        listed = 0
        for council in range(exams.councils):
            from_day = exams.listed_from(exams.members(council))
            for issue in exams.issues(council):
                if issue.day <= self.known_by:
                    listed += int(np.count_nonzero(from_day <= issue.day))
        return listed + sum(len(shown) for shown in self._bad_rows_shown())

    def _listed_tasks(self) -> int:
        """Lines of the newest list of tasks: each list holds all of them, and replaces the last."""
        listed = np.count_nonzero(self.world.tasks.known_on(self.known_by))
        return int(listed) + len(self._bad_tasks())

    def _bad_tasks(self) -> Ints:
        return tasks.BadTasks(self.world).known(end_of_day(self.known_by))

    def _bad_rows_shown(self) -> list[Ints]:
        exams = self.world.exams
        bad = bad_rows(self.world.scenario, self.world.draws)
        return [
            bad.shown(council, issue.number)
            for council in range(exams.councils)
            for issue in exams.issues(council)
            if issue.day <= self.known_by
        ]

    def _bad_counts(self) -> Iterator[tuple[str, Ints]]:
        """(dataset, distinct bad records by defect)."""
        until = end_of_day(self.known_by)
        for dataset in self.world.registers:
            bad = bad_records(dataset, self.world.scenario, self.world.draws)
            g = bad.numbers()
            g = g[bad.at(g) <= until]
            yield dataset, np.bincount(bad.defect_index(g), minlength=len(DEFECTS[dataset]))
        shown = self._bad_rows_shown()
        numbers = np.concatenate(shown) if shown else np.array([], dtype=np.int64)
        defects = DEFECTS[_EXAM]
        yield _EXAM, np.bincount(numbers % len(defects), minlength=len(defects))
        defects = DEFECTS[tasks.DATASET]
        listed = self._bad_tasks() % len(defects)
        yield tasks.DATASET, np.bincount(listed, minlength=len(defects))


def table(document: Document) -> str:
    """The province's figures as text."""
    known = f"as of {document['as_of']} · known by {document['known_by']}"
    lines = [f"{document['scenario']} · scale {document['scale']:g} · {known}", ""]
    for row in document["kpi"]:
        if row["unit_level"] == "province" and not row["breakdown"]:
            share = "" if row["denominator"] is None else f" of {row['denominator']:>10,}"
            lines.append(f"{row['code']:<42}{row['numerator']:>12,}{share}")
    for rows in (document["quarantine"], document["feeds"], document["verdicts"]):
        lines.append("")
        for row in rows:
            what = "  ".join(str(value) for name, value in row.items() if name != "records")
            lines.append(f"{what:<70}{row['records']:>10,}")
    return "\n".join(lines)
