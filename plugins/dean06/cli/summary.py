"""``python -m dean06 summary``: a day on one screen: its status, what needs attention, and the KPIs
that have targets. ``make run`` and ``make sync`` end with it."""

import textwrap
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any

from dean06 import settings
from dean06.contract import Bilingual
from dean06.failures.causes import explain, particulars
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
_ABOUT_LOADS = {Kind.HELD, Kind.UNFINISHED, Kind.FAILED}
"""Where a line of a load says it already, it is not said twice."""
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
        problems = everything.detect(session, datetime.now(settings.TIMEZONE)).problems
        again = _failed_again(session, day, problems)
        wrong = [*_of_loads(loads, w), *_others(problems, loads, day, w)]
    if not kpis:
        wrong.append(
            w.say("Chưa công bố chỉ tiêu của ngày này", "KPIs of the day are not published")
        )
    shown = [_verdict(day, len(wrong), w), _counts(loads, again, w)]
    shown += [_cut(f"  ! {text}") for text in wrong[:MOST_PROBLEMS]]
    if (more := len(wrong) - MOST_PROBLEMS) > 0:
        shown.append(w.say(f"  … và {more} việc khác", f"  … {more} more"))
    if wrong:
        do = w.say("Cách xử lý", "What to do")
        shown.append(f"  {do}: python -m dean06 watch --once")
    shown += ["", *(_kpi(each, w) for each in kpis[:MOST_KPIS])]
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


def _verdict(day: date, wrong: int, w: Words) -> str:
    if wrong:
        return f"{w.say(f'CẦN XỬ LÝ: {wrong} việc', f'NEEDS ATTENTION: {wrong}')} · {w.day(day)}"
    return f"{w.say('ĐỒNG BỘ BÌNH THƯỜNG', 'SYNC IS FINE')} · {w.day(day)}"


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


def _counts(loads: Sequence[Any], again: set[tuple[str, str]], w: Words) -> str:
    done = [
        row
        for row in loads
        if row.status == "published" and (row.source_code, row.dataset_code) not in again
    ]
    received = sum(row.received_count for row in done)
    rejected = sum(row.quarantined_count for row in done)
    bad = f"{w.number(rejected)} ({w.share(rejected / received if received else None)})"
    return w.say(
        f"  Đã công bố {len(done)}/{len(loads)} bộ dữ liệu; nhận {w.number(received)} dòng, từ "
        f"chối {bad}",
        f"  {len(done)} of {len(loads)} datasets published; {w.number(received)} rows received, "
        f"{bad} quarantined",
    )


def _of_loads(loads: Sequence[Any], w: Words) -> list[str]:
    """Datasets that are not published, those with a known cause first."""
    return [
        f"{row.source_code}.{row.dataset_code} {w.of(_STATES.get(row.status, _UNFINISHED))}"
        + (f": {_why(row, w)}" if row.cause else "")
        for row in sorted(loads, key=lambda row: row.cause is None)
        if row.status != "published"
    ]


def _why(row: Any, w: Words) -> str:
    """What exactly happened; its cause where that has no words in the reader's language."""
    found = particulars(row.cause, row.detail_code, row.detail_parameters)
    said = found.vi if found else None
    return w.say(said or explain(row.cause_code).meaning.vi, row.cause)


def _others(problems: Sequence[Problem], loads: Sequence[Any], day: date, w: Words) -> list[str]:
    """What is wrong beyond the lines of the day's loads: other loads too, whatever their day."""
    said = {(row.source_code, row.dataset_code) for row in loads if row.status != "published"}
    return [
        w.of(problem.message)
        for problem in problems
        if problem.kind not in _ABOUT_LOADS
        or problem.day != day
        or (problem.source, problem.dataset) not in said
    ]


def _kpi(each: Standing, w: Words) -> str:
    """One KPI: status, name, value, target."""
    row = each.target.row
    target = "–" if row.target is None else w.target(row.operator, row.target, row.unit)
    name = _cut(w.pick(each.line.value, "name"), 34)
    value = "–" if row.value is None else w.amount(row.value, row.unit)
    return f"  {w.pick(row, 'status'):<18} {name:<34} {value:>10} {target:>11}"


def _cut(text: str, width: int = WIDTH) -> str:
    """The text on one line, its end left out where it is longer."""
    indent = len(text) - len(text.lstrip())
    return " " * indent + textwrap.shorten(text, width - indent, placeholder=" …")
