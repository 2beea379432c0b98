"""``python -m dean06 summary``: a day on one screen: its status, what needs attention, and the KPIs
that have targets. ``make run`` and ``make sync`` end with it.

What needs attention is the list of ``watch.everything``, whatever its day, as on Today. What the
day has not reached yet is shown below it and not counted.
"""

import textwrap
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from dean06 import contract, settings
from dean06.contract import Bilingual
from dean06.failures.causes import explain
from dean06.failures.particulars import particulars
from dean06.figures import published, standing
from dean06.figures.published import View
from dean06.figures.standing import Line, Standing, Target
from dean06.figures.words import Words
from dean06.warehouse import Session, sql_file, transaction
from dean06.watch import everything
from dean06.watch.problem import Kind, Problem

WIDTH = 80
MOST_PROBLEMS = 4
MOST_KPIS = 8
MOST_LINES = 3 + MOST_PROBLEMS + 1 + 1 + MOST_KPIS + 1
_NAME = 34
"""Characters of a KPI's name on one line."""
_ABOUT_LOADS = {Kind.HELD, Kind.UNFINISHED, Kind.FAILED}
"""Of a load of the day its cause is shown, which fits a line."""
_STATES = {
    "held": Bilingual("is held", "bị giữ lại"),
    "open": Bilingual("was not received", "chưa nhận được dữ liệu"),
}
_UNFINISHED = Bilingual("is not finished", "chưa hoàn thành")


def lines(day: date, w: Words) -> list[str]:
    """The screen, none of its lines longer than ``WIDTH``."""
    with transaction() as session:
        loads = session.rows(sql_file("reports/loads.sql"), day=day)
        kpis = standing.of(_with_targets(session, day))
        found = everything.detect(session, datetime.now(settings.TIMEZONE))
        again = _failed_again(session, day, found.problems)
        absent = _absent(session, day)
    wrong = [f"  ! {each}" for each in _wrong(found.problems, loads, day, w)]
    waiting = [*_open(found.problems, loads, day, bool(kpis), w), *_not_synced(absent, w)]
    open_ = [f"  - {each}" for each in waiting]
    shown = [_verdict(day, found, bool(open_), w), _counts(loads, again, absent, w)]
    shown += _fitted([*wrong, *open_][:MOST_PROBLEMS])
    if (more := len(wrong) + len(open_) - MOST_PROBLEMS) > 0:
        shown.append(w.say(f"  … và {more} việc khác", f"  … {more} more"))
    if wrong:
        do = w.say("Cách xử lý", "What to do")
        shown.append(f"  {do}: python -m dean06 watch --once")
    shown += ["", *_kpis(kpis[:MOST_KPIS], MOST_LINES - len(shown) - 2, w)]
    title = w.say("Báo cáo đầy đủ", "Full report")
    return [*shown, f"  {title}: python -m dean06 report --day {day}"]


def _with_targets(session: Session, day: date) -> Iterator[Line]:
    """The published totals of each province on a day, with their targets."""
    view = View(datetime.now(settings.TIMEZONE), "as_reported")
    values = published.values(session, view, day, day, level="province")
    for unit in sorted({row.unit_code for row in values}):
        targets = published.targets(session, day, "province", unit)
        for row in values:
            if row.unit_code == unit:
                own = tuple(Target(t, None) for t in targets if t.kpi_code == row.kpi_code)
                yield Line(row, (), own)


def _verdict(day: date, found: everything.Found, is_open: bool, w: Words) -> str:
    if wrong := len(found.problems):
        verdict = w.say(f"CẦN XỬ LÝ: {wrong} việc", f"NEEDS ATTENTION: {wrong}")
    elif is_open:
        verdict = w.say("CHƯA HOÀN THÀNH", "NOT FINISHED")
    else:
        verdict = w.say("ĐỒNG BỘ BÌNH THƯỜNG", "SYNC IS FINE")
    parts = [verdict, w.day(day)]
    if count := len(found.reminders):
        parts.append(w.say(f"đôn đốc cơ quan: {count} việc", f"agencies to remind: {count}"))
    return " · ".join(parts)


def _failed_again(session: Session, day: date, problems: Sequence[Problem]) -> set[tuple[str, str]]:
    """Datasets of the day that are published, but were loaded again since, and that failed."""
    wrong = {
        (problem.source or (problem.step or "").partition(".")[0].removeprefix("sync_"), key)
        for problem in problems
        if (key := problem.run_key) is not None
    }
    return {
        (row.source_code, row.dataset_code)
        for row in session.rows(sql_file("reports/failed_again.sql"), day=day)
        if (row.source_code, row.run_key) in wrong
    }


def _absent(session: Session, day: date) -> dict[str, int]:
    """Sources that no run has asked for the day, nor for a later one: with how many datasets."""
    rows = session.rows(sql_file("reports/asked_for.sql"), day=day, until=settings.end_of(day))
    asked = {(row.source_code, row.dataset_code) for row in rows}
    missing = (
        source
        for source in contract.sources()
        for dataset in contract.load(source).datasets
        if (source, dataset.name) not in asked
    )
    return Counter(missing)


def _not_synced(absent: Mapping[str, int], w: Words) -> Iterator[str]:
    if absent:
        names = ", ".join(sorted(absent))
        yield w.say(f"Chưa đồng bộ ngày này: {names}", f"Not synced for this day: {names}")


def _counts(
    loads: Sequence[Any], again: set[tuple[str, str]], absent: Mapping[str, int], w: Words
) -> str:
    """``absent``: datasets that no run has asked for; they count among those of the day."""
    due = len(loads) + sum(absent.values())
    done = [
        row
        for row in loads
        if row.status == "published" and (row.source_code, row.dataset_code) not in again
    ]
    received = sum(row.received_count for row in done)
    rejected = sum(row.quarantined_count for row in done)
    bad = f"{w.number(rejected)} ({w.share(rejected / received if received else None)})"
    return w.say(
        f"  Đã công bố {len(done)}/{due} bộ dữ liệu; nhận {w.number(received)} dòng, từ chối {bad}",
        f"  {len(done)} of {due} datasets published; {w.number(received)} rows received, "
        f"{bad} quarantined",
    )


def _wrong(problems: Sequence[Problem], loads: Sequence[Any], day: date, w: Words) -> Iterator[str]:
    """One line for each problem, those whose cause is known first."""
    row_of = {(row.source_code, row.dataset_code): row for row in loads}
    lines = []
    for problem in problems:
        row = row_of.get((problem.source or "", problem.dataset or ""))
        is_shown = row is not None and row.status != "published" and problem.day == day
        if row is not None and is_shown and problem.kind in _ABOUT_LOADS:
            lines.append((row.cause is None, _of_load(row, w)))
        else:
            lines.append((False, _what_happened(w.of(problem.message))))
    return (line for _, line in sorted(lines, key=lambda each: each[0]))


def _what_happened(message: str) -> str:
    """The first sentence of a problem; what to do is in ``watch --once``."""
    return message.partition(". ")[0].rstrip(".")


def _of_load(row: Any, w: Words) -> str:
    """A dataset that is not published, with its cause."""
    name = f"{row.source_code}.{row.dataset_code}"
    state = w.of(_STATES.get(row.status, _UNFINISHED))
    if not row.cause:
        return f"{name} {state}"
    why = _why(row, w).removeprefix(w.say("lô dữ liệu bị giữ lại: ", "batch held: "))
    return f"{name} {state}: {why}"


def _open(
    problems: Sequence[Problem], loads: Sequence[Any], day: date, has_kpis: bool, w: Words
) -> Iterator[str]:
    """What the day has not reached yet and no problem speaks of."""
    named = {problem.source for problem in problems}
    named |= {(each.step or "").partition(".")[0].removeprefix("sync_") for each in problems}
    waiting = [r for r in loads if r.status != "published" and r.source_code not in named]
    for source, count in Counter(row.source_code for row in waiting).items():
        yield w.say(
            f"{source}: {count} bộ dữ liệu chưa hoàn thành",
            f"{source}: datasets not finished: {count}",
        )
    if not has_kpis and day not in {problem.day for problem in problems if problem.build_id}:
        yield w.say("Chưa công bố chỉ tiêu của ngày này", "KPIs of the day are not published")


def _why(row: Any, w: Words) -> str:
    """What exactly happened; its cause where that has no words in the reader's language."""
    found = particulars(row.cause, row.detail_code, row.detail_parameters)
    said = found.vi if found else None
    return w.say(said or explain(row.cause_code).meaning.vi, row.cause)


def _kpis(kpis: Sequence[Standing], most: int, w: Words) -> Iterator[str]:
    """One line each; the name goes on in a second one while there are lines left of ``most``."""
    spare = most - len(kpis)
    for each in kpis:
        name = w.pick(each.line.value, "name")
        first, *rest = textwrap.wrap(name, _NAME)
        if rest and spare > 0 and len(second := " ".join(rest)) < WIDTH - 22:
            spare -= 1
            yield _kpi(each, first, w)
            yield f"{'':22} {second}".rstrip()
        else:
            yield _kpi(each, _cut(_short(name), _NAME), w)


def _kpi(each: Standing, name: str, w: Words) -> str:
    """One KPI: status, name, value, target."""
    row = each.target.row
    target = "–" if row.target is None else w.target(row.operator, row.target, row.unit)
    value = "–" if row.value is None else w.amount(row.value, row.unit)
    return f"  {w.pick(row, 'status'):<18} {name:<{_NAME}} {value:>10} {target:>11}"


def _short(name: str) -> str:
    """The name of a KPI without the word that Vietnamese shares begin with: what is left on the
    line then tells them apart."""
    rest = name.removeprefix("Tỷ lệ ")
    return name if rest == name else rest[:1].upper() + rest[1:]


def _fitted(texts: Sequence[str]) -> list[str]:
    """One line each; longer texts take the lines that are left of ``MOST_PROBLEMS``, and of what
    is longer still the end is left out."""
    shown: list[str] = []
    for number, text in enumerate(texts, start=1):
        left = MOST_PROBLEMS - len(shown) - (len(texts) - number)
        shown += textwrap.wrap(
            text, WIDTH, subsequent_indent="    ", max_lines=left, placeholder=" …"
        )
    return shown


def _cut(text: str, width: int) -> str:
    """The text on one line, its end left out where it is longer."""
    indent = len(text) - len(text.lstrip())
    return " " * indent + textwrap.shorten(text, width - indent, placeholder=" …")
