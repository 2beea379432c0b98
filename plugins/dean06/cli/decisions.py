"""Commands by which people decide: held builds of KPIs, corrections of rejected records."""

import logging
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from dean06.cli.console import console_of, plain, plain_errors, sealed
from dean06.cli.person import person
from dean06.errors import Dean06Error
from dean06.warehouse import transaction

if TYPE_CHECKING:
    from dean06.load.approval import Decision

app = typer.Typer()
Build = Annotated[int, typer.Argument(help="Number of the build; held-builds lists them.")]
Replay = Annotated[int, typer.Argument(help="Number of the correction.")]
Why = Annotated[str, typer.Option(help="Your reason, for the ledger.")]


@app.command()
def held_builds() -> None:
    """Print the held KPI builds, why they are held, and who proposed to release them."""
    from dean06.kpi import release

    with plain_errors():
        waiting = release.held()
    table = Table("build", "day", "why it is held", "release proposed by")
    for row in waiting:
        table.add_row(str(row.build_id), str(row.as_of_date), row.cause, row.proposed_by)
    console_of().print(table if waiting else "No build waits for a decision.")


@app.command()
def release_build(build: Build, why: Why) -> None:
    """Propose to release a held KPI build; it is published when a second person runs this too."""
    from dean06.kpi import release

    with sealed():
        is_published = release.sign(build, person(), why)
    print("published" if is_published else "proposed: a second person must approve it")


@app.command()
def reject_build(build: Build, why: Why) -> None:
    """Reject a held KPI build, as Reject in Airflow does: it is not published."""
    from dean06.kpi import release

    with sealed():
        release.reject(build, person(), why)


@app.command()
def replay(
    load: Annotated[
        int | None, typer.Option(help="Number of the load that rejected the records.")
    ] = None,
    file: Annotated[
        Path | None,
        typer.Option(help='Corrected records, one JSON object per line: "_row" and columns.'),
    ] = None,
    why: Annotated[str, typer.Option(help="Your reason and evidence, for the ledger.")] = "",
) -> None:
    """Load corrected records through all load steps. Without options, load every correction that
    is due."""
    from dean06.load import replay as corrections

    logging.basicConfig(level=logging.INFO, format="%(message)s")
    with sealed():
        if load is not None and file is not None:
            with file.open("rb") as lines, transaction() as session:
                corrected = corrections.from_lines(file.name, lines)
                print(f"correction {corrections.ask(session, load, corrected, person(), why)}")
        elif load is not None or file is not None:
            raise Dean06Error("give both the load (--load) and the records (--file)")
        print(f"{corrections.load_due()} replays loaded")
    with plain_errors():
        for row in corrections.outcomes():
            print(f"correction {row.replay_id}: {row.records} records {row.outcome}")


@app.command()
def replay_changes(number: Replay, why: Why) -> None:
    """Print field by field what changes in a correction that waits for a second person. The
    output holds personal data; the access is logged with your name."""
    from dean06.load import approval

    with sealed(), transaction() as session:
        found = approval.waiting(session, number)
        changes = approval.read(session, number, person(), why)
    print(f"correction {number} of load {found.load_id}, by {found.asked_by}: "
          f"{plain(found.reason)}")  # fmt: skip
    for held in found.causes:
        print(f"record {held.row_no}: {held.cause}")
    table = Table("record", "field", "rejected", "corrected", "in core")
    for row in changes:
        values = (row.rejected, row.corrected, row.in_core)
        table.add_row(str(row.row_no), row.field, *map(plain, values))
    console_of().print(table)


@app.command()
def approve_replay(number: Replay, why: Why) -> None:
    """Approve somebody else's correction; view it with replay-changes first. The next run of
    DAG replay_corrections, or the command replay, loads it."""
    from dean06.load.approval import Decision

    _decide(number, Decision.APPROVED, why)


@app.command()
def decline_replay(number: Replay, why: Why) -> None:
    """Decline a correction: it is not loaded."""
    from dean06.load.approval import Decision

    _decide(number, Decision.DECLINED, why)


def _decide(number: int, decision: "Decision", why: str) -> None:
    from dean06.load import approval

    with sealed():
        by = person()
        with transaction() as session:
            approval.decide(session, number, decision, by, why)
