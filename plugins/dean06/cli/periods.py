"""Commands about KPIs: reporting periods, any day, and the proof of what builds count from."""

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.table import Table

from dean06 import settings
from dean06.cli.console import console_of, plain_errors
from dean06.cli.person import person
from dean06.kpi.periods import Span

app = typer.Typer()


@app.command()
def close_period(
    period: Annotated[Span, typer.Argument(help="Length of the period: month, quarter or year.")],
    first_day: Annotated[
        datetime, typer.Argument(formats=["%Y-%m-%d"], help="First day of the period.")
    ],
    why: Annotated[str, typer.Option(help="Your reason, for the ledger.")],
) -> None:
    """Close a month, quarter or year with the newest publication of its last day; later
    changes are revisions."""
    from dean06.kpi import closing

    with plain_errors():
        today = datetime.now(settings.TIMEZONE).date()
        done = closing.close(period, first_day.date(), person(), why, today)
    print(f"closed: {period} ending {done.last_day}, with publication {done.publication_id}")
    if done.missing_sources:
        print(f"sources not included: {', '.join(done.missing_sources)}")


@app.command()
def closed_periods() -> None:
    """Print the closed periods, who closed each, and how many totals were revised since then."""
    from dean06.kpi import closing

    with plain_errors():
        rows = closing.closed()
    table = Table("period", "first day", "last day", "publication", "closed at", "by", "revised")
    for row in rows:
        table.add_row(
            row.period, str(row.first_day), str(row.last_day), str(row.publication_id),
            row.closed_at.astimezone(settings.TIMEZONE).strftime("%Y-%m-%d %H:%M"), row.closed_by,
            str(row.revised_count),
        )  # fmt: skip
    console_of().print(table if rows else "No period is closed.")


@app.command()
def report_pack(
    period: Annotated[str, typer.Option(help="Period: 2022-10, 2022-Q4, 2022-W44 or 2022.")],
    to: Annotated[Path | None, typer.Option(help="Folder. Default: .dean06/reports")] = None,
    unit: Annotated[str, typer.Option(help="A province's code. Default: every province.")] = "",
    language: Annotated[Literal["vi", "en"], typer.Option(help="vi or en.")] = "vi",
) -> None:
    """Write the report of a period as Word and PDF, with its annex as XLSX."""
    from dean06.pack import span, write

    with plain_errors():
        folder = to or settings.PROJECT / ".dean06" / "reports"
        packs = write.write(span.parse(period), folder, unit, language)
    for pack in packs:
        print(f"{pack.subject}: publication {pack.publication_id}")
        print("\n".join(str(file) for file in pack.files))


@app.command()
def kpi(
    day: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="Any day, e.g. 2022-03-15.")],
    why: Annotated[str, typer.Option(help="Your reason, for the ledger.")],
    unit: Annotated[str, typer.Option(help="A unit's code. Default: every province.")] = "",
    code: Annotated[str, typer.Option(help="Prefix of the KPI codes. Default: all.")] = "",
    current: Annotated[bool, typer.Option(help="Use the newest boundaries.")] = False,
) -> None:
    """Print the counts of KPIs for any day, from the data that the warehouse has now. For stewards:
    exact counts, not published; the access is logged."""
    from dean06.kpi import any_day

    boundaries = "current" if current else "as_reported"
    with plain_errors():
        any_day.require_steward()
        chosen = any_day.read(any_day.Wanted(day.date(), unit, code, boundaries), person(), why)
    table = Table(
        "KPI", "unit", "numerator", "denominator",
        title=f"{day:%Y-%m-%d}, NOT PUBLISHED, as known now",
    )  # fmt: skip
    for row in chosen:
        of = "" if row.denominator is None else str(row.denominator)
        table.add_row(row.kpi_code, row.unit_code, str(row.numerator), of)
    console_of().print(table if chosen else "Nothing is counted on this day.")


@app.command()
def verify_kpis(
    day: Annotated[
        list[datetime] | None,
        typer.Option(formats=["%Y-%m-%d"], help="Also compare the values of this day; repeatable."),
    ] = None,
    repair: Annotated[
        bool, typer.Option(help="If KPIs differ, let the next build count everything again.")
    ] = False,
) -> None:
    """Compare stored daily changes and published values with a full count of the records."""
    from dean06.kpi import verify

    with plain_errors():
        found = verify.verify([each.date() for each in day or []])
        if found.differences and repair:
            verify.repair()
    for sentence in found.differences:
        print(sentence)
    if found.is_empty:
        print(verify.NOTHING)
    else:
        print(
            f"KPI files compared: {found.families}; "
            f"days whose computed values were compared: {_days(found.days)}; "
            f"days whose published values were compared: {_days(found.published)}; "
            f"KPI files that wait for a build: {found.due}; "
            f"differences: {len(found.differences)}"
        )
    raise typer.Exit(1 if found.differences else 0)


def _days(days: Sequence[date]) -> str:
    return ", ".join(f"{each:%Y-%m-%d}" for each in days) or "none"
