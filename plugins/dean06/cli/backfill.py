"""Command ``backfill``: past days of a source again, by a plan that is shown first."""

import logging
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from dean06.cli.console import console_of, plain_errors
from dean06.cli.language import Lang, words_of

if TYPE_CHECKING:
    from dean06.figures.words import Words
    from dean06.load.backfill import Plan

app = typer.Typer()
_FORMATS = ["%Y-%m-%d"]
_BUILT = {"published": "đã công bố", "held": "bị giữ lại"}
"""What a build came to, in Vietnamese; in English, the state itself."""


@app.command()
def backfill(
    first: Annotated[
        datetime, typer.Option("--from", formats=_FORMATS, help="First day, e.g. 2022-10-25.")
    ],
    last: Annotated[datetime, typer.Option("--to", formats=_FORMATS, help="Last day.")],
    source: Annotated[str, typer.Option(help="Key of the source.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Print the plan and exit.")] = False,
    lang: Lang = "",
) -> None:
    """Load past days of a source again and build the KPIs they change; resumes after a kill."""
    from dean06.load import backfill as steps
    from dean06.reports import backfill as report

    logging.disable(logging.INFO)  # the steps' own lines would run through the progress bar
    with plain_errors():
        w = words_of(lang)
        planned = steps.plan(source, first.date(), last.date())
        report.show(planned, console_of(), w)
        if not dry_run:
            expected = report.days_expected(planned)
            _load(planned, w)
            _build(planned, expected, w)


def _load(planned: "Plan", w: "Words") -> None:
    from dean06.load.backfill import load_day
    from dean06.load.connections import endpoint_of
    from dean06.reports import backfill as report
    from dean06.reports import data_docs

    columns = (
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
    )  # fmt: skip
    with Progress(*columns, console=console_of(), transient=True) as progress:
        total = planned.number_of_days
        bar = progress.add_task(planned.source, total=total, completed=len(planned.done))
        for day in planned.days:
            progress.update(bar, description=f"{planned.source} {w.day(day)}")
            loaded = load_day(endpoint_of(planned.source), planned, day, data_docs.write)
            line = f"{report.place_of(planned, day, w)}: {report.line_of(day, loaded, w)}"
            progress.console.print(line, highlight=False)
            progress.advance(bar)


def _build(planned: "Plan", expected: set[date], w: "Words") -> None:
    from dean06.kpi import reach
    from dean06.kpi.build import build_kpis
    from dean06.proof import signing
    from dean06.reports import backfill as report
    from dean06.reports import lineage
    from dean06.trail import chain

    console = console_of()
    reached = reach.days_reached(planned.source, planned.run_keys)
    days = report.ranges(reached, w)
    building = w.say(f"Đang tính chỉ tiêu: {days} …", f"Building KPIs of {days} …")
    console.print(building, highlight=False)
    built = build_kpis(among=reached)
    chain.seal_if_possible()
    signing.sign_due_if_possible()
    lineage.tell_if_possible()
    states = ", ".join(
        f"{w.day(each.day)} {w.say(_BUILT[each.state], each.state)}" for each in built
    )
    unchanged = w.say("số liệu không thay đổi", "no value changed")
    console.print(f"{w.say('Chỉ tiêu', 'KPIs')}: {states or unchanged}", highlight=False)
    report.show_outcome(planned, expected, reached, {each.day for each in built}, console, w)
