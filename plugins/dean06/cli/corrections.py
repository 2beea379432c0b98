"""Commands about correction cases: what agencies have open, and which lists they have received."""

from datetime import datetime
from typing import Annotated

import typer
from rich.table import Table

from dean06.cli.console import console_of, plain_errors
from dean06.cli.person import person
from dean06.warehouse import sql_file, transaction

app = typer.Typer()


@app.command()
def corrections() -> None:
    """Print each source's correction cases: open, overdue, next deadline, closed."""
    with plain_errors(), transaction() as session:
        rows = session.rows(sql_file("agency/standing.sql"))
    table = Table("source", "next deadline")
    for name in ("open", "overdue", "closed on time", "closed late", "reopened"):
        table.add_column(name, justify="right")
    for row in rows:
        table.add_row(
            row.source_code, str(row.next_due_on or "–"), str(row.open_count),
            str(row.overdue_count), str(row.in_time_count), str(row.late_count),
            str(row.again_count),
        )  # fmt: skip
    console_of().print(table if rows else "No correction case exists yet.")


@app.command()
def agency_receipt(
    source: Annotated[str, typer.Option(help="Source of the list.")],
    day: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="Day of the list.")],
    digest: Annotated[str, typer.Option(help="SHA-256 of the CSV file that the agency has.")],
    office: Annotated[str, typer.Option(help="Office that received it.")],
) -> None:
    """Record that an agency received a list. Cases stay open until a delivery corrects them."""
    from dean06.agencies import receipts

    with plain_errors():
        noted_by = person()
        with transaction() as session:
            receipts.note(session, source, day.date(), digest, office, noted_by)
    print(f"recorded: {source} has received the list of {day:%Y-%m-%d}")
