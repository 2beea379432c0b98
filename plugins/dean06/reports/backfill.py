"""The plan of a backfill, and what a day of it came to, as people read it before and after."""

from collections.abc import Iterable, Mapping
from datetime import date
from io import StringIO

from rich.console import Console
from rich.table import Table

from dean06.kpi import reach
from dean06.load.backfill import Plan, earliest_day, loaded_days


def show(planned: Plan, console: Console) -> None:
    """Print windows, KPIs and days. They are read from ledger and core; the source is not asked."""
    if planned.done:
        total = len(planned.done) + len(planned.days)
        console.print(f"Resumed: {len(planned.done)} of {total} days are already loaded.")
    windows = Table("day", "dataset", "from (exclusive)", "to (inclusive)", title="Windows")
    for request in planned.requests:
        since, until = request.window.since, request.window.until
        windows.add_row(
            str(request.day), f"{planned.source}.{request.dataset.name}",
            f"{since:%Y-%m-%d %H:%M}" if since else "no limit", f"{until:%Y-%m-%d %H:%M}",
        )  # fmt: skip
    console.print(windows if planned.requests else "All windows are already loaded.")
    kpis = Table("family", "KPIs", title="KPIs")
    read = reach.families_reading(planned.source)
    for family in read:
        kpis.add_row(family.name, ", ".join(family.codes))
    console.print(kpis if read else f"No KPI reads {planned.source}.")
    earliest = earliest_day(planned)
    console.print(
        f"Days whose KPIs could change (upper bound): {ranges(days_at_most(planned))}. Which of "
        "them change depends on what the source sends; unchanged values are not published again. "
        f"A new record dated before {earliest} also affects the days from its own date on.",
        highlight=False,
    )


def days_at_most(planned: Plan) -> set[date]:
    """The days whose KPIs a backfill may change, as far as core can tell before it runs."""
    return {*reach.days_from(earliest_day(planned)), *planned.days, *planned.done}


def show_outcome(
    planned: Plan, expected: Iterable[date], reached: Iterable[date], published: Iterable[date],
    console: Console,
) -> None:  # fmt: skip
    """Print plan and actual side by side: days loaded, reached by their records, and published.

    ``expected``: ``days_at_most`` from before the run, which changes what core can tell.
    """
    wanted = {*planned.done, *planned.days}
    at_most = f"at most {ranges(expected)}"
    table = Table("days", "plan", "actual", title="Plan and actual")
    table.add_row("loaded", ranges(wanted), ranges(loaded_days(planned)))
    table.add_row("KPIs computed", at_most, ranges(reached))
    table.add_row("KPIs changed", at_most, ranges(published))
    console.print(table)


def text_of(planned: Plan) -> str:
    """The same as plain text, for a log."""
    page = StringIO()
    show(planned, Console(file=page, width=132))
    return page.getvalue()


def line_of(day: date, loaded: Mapping[str, Mapping[str, int]]) -> str:
    """The row counts of a loaded day on one line."""
    told = (
        f"{dataset}: {', '.join(f'{name} {count}' for name, count in counts.items()) or 'nothing'}"
        for dataset, counts in loaded.items()
    )
    return f"{day} {'; '.join(told)}"


def ranges(days: Iterable[date]) -> str:
    """Days in words: their number, the first and the last."""
    ordered = sorted(days)
    if len(ordered) < 2:
        return "".join(map(str, ordered)) or "none"
    return f"{len(ordered)} days, {ordered[0]} to {ordered[-1]}"
