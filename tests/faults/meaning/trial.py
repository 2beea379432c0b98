"""A trial: records of every dataset of a source in one load each, then core against the judge."""

import io
import itertools
import json
import random
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from unittest import mock

import openpyxl
from psycopg2 import sql

from dean06.load.validate import RuleResult
from dean06.warehouse import transaction
from tests.faults.meaning import judge, sending, sheet, texts
from tests.faults.meaning.agreement import Dataset, datasets
from tests.faults.meaning.judge import Reading
from tests.faults.meaning.sending import Sent
from tests.faults.meaning.values import is_same
from tests.faults.summary import Summary
from tests.lib.loading import load_source, rows

DAY = "2022-10-31"
_LINE_END = re.compile(b"\r\n|\r|\n")
_SHOWN = 2000
_ROUNDS = 10
_SPARE = 8
"""So many keys for each record: Hypothesis draws some that it does not use."""
_OF_PERSONS_ALONE = ("applicant_name", "without_digits")
_COMMON = {
    "DANH SÁCH THÍ SINH ĐĂNG KÝ DỰ THI TỐT NGHIỆP THPT NĂM": "2022",
    "Hội đồng thi": "5301",
    "Lập lúc": "2022-05-05T10:00:00+07:00",
}
"""What the titles of the workbook's fixture say of every candidate: 10:00 on 5 May 2022."""


Name = tuple[Any, ...]
"""Key and version of a record."""
Earlier = dict[str, dict[Name, list[Mapping[str, Any]]]]
"""By dataset, what records of earlier loads mean."""


@dataclass(frozen=True)
class Trial:
    """A record that was sent, where it stands in its delivery, and what it means."""

    row: int
    sent: Sent
    reading: Reading


def many(summary: Summary, seed: int, records: int) -> None:
    """So many records of all datasets, some thousands in each load."""
    each = -(-records // (_ROUNDS * len(datasets())))
    earlier: Earlier = {}
    for number in range(_ROUNDS):
        for source in sorted({dataset.source for dataset in datasets().values()}):
            first = number * each * _SPARE
            of_source(summary, source, _ROUNDS * seed + number, each, first, earlier)


def of_source(
    summary: Summary,
    source: str,
    seed: int,
    number: int,
    first: int = 0,
    earlier: "Earlier | None" = None,
) -> None:
    """So many records of each dataset of a source, judged after one load. Keys are numbered from
    ``first``; ``earlier``: what was sent before, if anything."""
    run = f"meaning {source} seed {seed}"
    tried: dict[str, list[Trial]] = {}
    deliveries: dict[str, tuple[bytes, int]] = {}
    for dataset in datasets().values():
        if dataset.source == source:
            sent = sending.gathered(dataset, seed, first, number)
            body, trials = _file(dataset, sent, random.Random(f"{run} {dataset.name}"))
            tried[dataset.name], deliveries[dataset.name] = trials, (body, len(trials))
    with mock.patch.object(RuleResult, "holds", return_value=False):
        load_source(source, run, DAY, deliveries)
    for name, trials in tried.items():
        code = f"{source}.{name}"
        sent_before = {} if earlier is None else earlier.setdefault(code, {})
        _Comparison(summary, datasets()[code], run, trials, sent_before).make()


def _file(dataset: Dataset, sent: list[Sent], draw: random.Random) -> tuple[bytes, list[Trial]]:
    """The delivery, and where each record stands in it."""
    if dataset.source == "education":
        return _workbook(dataset, sent)
    titles: list[str] = []
    header: list[bytes] = []
    between, mark = draw.choice((b"\n", b"\r\n")), draw.choice((b"", b"\xef\xbb\xbf"))
    tail = draw.choice((b"", between, between * 2, between + b"\x1a"))
    if dataset.source in ("insurance", "programme"):
        titles, delimiter = sending.titles(dataset), sending.delimiter_of(dataset)
        header = [f"sep={delimiter}".encode()] if draw.random() < 0.5 else []
        header.append(delimiter.join(titles).encode())
        sent = _apart(sent)
    bodies = [one.body for one in sent]
    readings = [judge.read(dataset, body, titles) for body in bodies]
    if dataset.source == "portal":
        lines = range(1, len(sent) + 1)
        opening = f'{{"trang":1,"tongSo":{len(sent)},"tongTrang":1,"duLieu":['
        body = opening.encode() + b",\n".join(bodies) + b"]}"
    else:
        lines = list(_last_lines(bodies, len(header)))  # type: ignore[assignment]
        body = mark + between.join([*header, *bodies]) + tail
    return body, [Trial(*found) for found in zip(lines, sent, readings, strict=True)]


def _apart(sent: list[Sent]) -> list[Sent]:
    """The records of CSV so that after one with hurt quotation marks a sound one follows: two hurt
    ones together can be one whole record, by the letter of RFC 4180."""
    hurt = [one for one in sent if one.changed == sending.HURT]
    whole = [one for one in sent if one.changed != sending.HURT]
    pairs = itertools.zip_longest(hurt, whole[: len(hurt)])
    return [one for pair in pairs for one in pair if one is not None] + whole[len(hurt) :]


def _last_lines(bodies: list[bytes], line: int) -> Iterator[int]:
    """The line on which each record ends."""
    for body in bodies:
        line += 1 + len(_LINE_END.findall(body))
        yield line


def _workbook(dataset: Dataset, sent: list[Sent]) -> tuple[bytes, list[Trial]]:
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    for row in sending.sheet_rows(dataset)[: sending.CANDIDATE]:
        page.append(row)
    for index, one in enumerate(sent, start=sending.CANDIDATE + 1):
        for column, (value, number_format) in enumerate(one.cells, start=1):
            cell = page.cell(index, column, value)
            cell.number_format = number_format
    stream = io.BytesIO()
    book.save(stream)
    body = stream.getvalue()
    read = sheet.read(dataset, body, sending.CANDIDATE, dict(_COMMON))
    return body, [Trial(row, one, found) for one, (row, found) in zip(sent, read, strict=True)]


class _Comparison:
    """One load of one dataset against what its records mean."""

    def __init__(
        self,
        summary: Summary,
        dataset: Dataset,
        run: str,
        trials: list[Trial],
        earlier: dict[Name, list[Mapping[str, Any]]],
    ) -> None:
        self._summary, self._dataset, self._run, self._trials = summary, dataset, run, trials
        self._earlier = earlier
        self._columns = list(dataset.columns)
        self._identity = [*dataset.key, dataset.version]
        [(self._load_id,)] = rows(
            """select load_id from ops.load where source_code = :source and dataset_code = :name
                   and run_key = :run and status = 'published'""",
            source=dataset.source, name=dataset.name, run=run,
        )  # fmt: skip

    def make(self) -> None:
        """Compare; every difference is a failure of the summary."""
        refused = dict(
            rows(
                "select row_no, rule_codes from ops.quarantine where load_id = :id",
                id=self._load_id,
            )
        )
        self._summary.add("records judged", len(self._trials))
        self._summary.add("records in quarantine", len(refused))
        known = {trial.row for trial in self._trials}
        if strange := sorted(refused.keys() - known):
            self._fail(f"rows in quarantine that nobody sent: {strange[:5]}")
        meant: dict[Name, list[Trial]] = {}
        for trial in self._trials:
            rules = refused.get(trial.row)
            if rules is not None:
                self._judge_refused(trial, rules)
            elif trial.reading.values is None:
                self._fail(f"accepted, though {trial.reading.lost}", trial)
            else:
                meant.setdefault(self._named(trial.reading.values), []).append(trial)
        self._compare(meant)
        self._compare_warnings(refused)

    def _judge_refused(self, trial: Trial, rules: list[str]) -> None:
        if trial.sent.is_sound:
            self._fail(f"rejected by {' '.join(rules)}, though only its form changed", trial)
        if "unreadable_by_core" in rules:
            self._fail("a rule is missing: unreadable by core", trial)

    def _named(self, values: Mapping[str, Any]) -> Name:
        return tuple(values[name] for name in self._identity)

    def _compare(self, meant: dict[Name, list[Trial]]) -> None:
        is_explained = bool(self._summary.failures)  # such a record may be one of these
        left = dict(meant)
        of_load = sql.SQL("_load_id = {}").format(sql.Literal(self._load_id))
        for values in self._in_core(of_load):
            trials = left.pop(self._named(values), [])
            differing = [self._differing(values, trial.reading.values) for trial in trials]
            if not differing and not is_explained:
                self._fail(f"core holds a record that nobody sent: {self._named(values)}")
            elif differing and all(differing):
                self._fail(f"differs in {', '.join(differing[0])}", trials[0])
            elif differing:
                self._summary.add("records equal in core")
        for name, trials in meant.items():
            readings = [trial.reading.values for trial in trials if trial.reading.values]
            self._earlier.setdefault(name, []).extend(readings)
            if name in left and not self._is_sent_earlier(name):
                self._fail("neither in core nor in quarantine", trials[0])

    def _is_sent_earlier(self, name: Name) -> bool:
        """Whether core has, from an earlier load, a record of the same key and version: one of
        those that were sent under it."""
        place = sql.SQL(" and ").join(
            sql.SQL("{} = {}").format(sql.Identifier(column), sql.Literal(value))
            for column, value in zip(self._identity, name, strict=True)
        )
        return any(
            not self._differing(values, read)
            for values in self._in_core(place)
            for read in self._earlier[name]
        )

    def _differing(self, values: Mapping[str, Any], read: Mapping[str, Any] | None) -> list[str]:
        assert read is not None
        return [name for name in self._columns if not is_same(values[name], read[name])]

    def _in_core(self, condition: sql.Composable) -> Iterator[dict[str, Any]]:
        """Records in core; JSON with exact numbers."""
        lists = {c.name for c in self._dataset.columns.values() if c.physical == "jsonb"}
        chosen = sql.SQL(", ").join(
            sql.SQL("{}::text" if name in lists else "{}").format(sql.Identifier(name))
            for name in self._columns
        )
        with transaction() as session:
            found = session.compose_rows(
                "select {columns} from {table} where {condition}",
                columns=chosen,
                table=sql.Identifier("core", f"{self._dataset.source}__{self._dataset.name}"),
                condition=condition,
            )
        for row in found:
            values = dict(zip(self._columns, row, strict=True))
            for name in lists:
                values[name] = json.loads(values[name], parse_int=Decimal, parse_float=Decimal)
            yield values

    def _compare_warnings(self, refused: Mapping[int, list[str]]) -> None:
        """Rules that only warn keep no rows: they must have counted as many."""
        counted = rows(
            """select column_name, right(rule_code, -length(column_name) - 1), unexpected_count
               from ops.validation_result
               where load_id = :id and severity = 'warning' and column_name = any(:names)""",
            id=self._load_id, names=list(judge.NAMES),
        )  # fmt: skip
        read = [t for t in self._trials if "readable" not in refused.get(t.row, ())]
        for column, problem, found in counted:
            # The names of organisations may have digits.
            if problem not in texts.CERTAIN or (column, problem) == _OF_PERSONS_ALONE:
                continue
            said = [trial.reading.texts.get(column) for trial in read if trial.reading.texts]
            certain = sum(texts.CERTAIN[problem](text) for text in said if text is not None)
            if found < certain:
                self._fail(f"{column}_{problem} counts {found} records, {certain} break it")
            self._summary.add("warnings counted", found)

    def _fail(self, what: str, trial: Trial | None = None) -> None:
        """Records are made up, so a failure may quote them."""
        place = f"{self._run} {self._dataset.name}"
        if trial is not None:
            said = trial.sent.body.decode("utf-8", "backslashreplace") or repr(trial.sent.cells)
            place += f" row {trial.row} ({trial.sent.changed})"
            what = f"{what}: {said[:_SHOWN]}"
        self._summary.failures.append(f"{place}: {what}")
