"""Commands of the data protection officer: one person's data, and who has seen what.

The number of a person is typed when it is asked for, never given on the command line: that is kept
in the shell's history and shown to whoever lists processes.
"""

import json
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from dean06.cli.console import console_of, plain, plain_errors, sealed
from dean06.cli.person import person

app = typer.Typer()
Reason = Annotated[str, typer.Option(help="Number and date of the request, at least 5 characters.")]
NewFile = Annotated[Path, typer.Argument(help="New file; only you will be able to read it.")]
_DAY = ["%Y-%m-%d"]


@app.command()
def subject_report(file: NewFile, reason: Reason) -> None:
    """Write all data held about one person, for that person (Law 91/2025/QH15)."""
    from dean06.privacy import subject
    from dean06.storage import write_private

    with sealed():
        found = subject.report(_number(), person(), reason)
        write_private(_json(found), file)
    records = sum(len(versions) for versions in found["core"].values())
    print(
        f"{records} versions in core, {len(found['verdicts'])} verdicts, "
        f"{len(found['quarantine'])} records in quarantine and {len(found['corrections'])} "
        f"corrected ones: {file}"
    )


@app.command()
def subject_restrict(
    reason: Reason,
    lift: Annotated[
        bool, typer.Option(help="End the restriction instead; two persons must run this.")
    ] = False,
) -> None:
    """Remove one person's token, and empty quarantined records that contain this person's ID."""
    from dean06.privacy import subject

    with sealed():
        number, by = _number(), person()
        if lift:
            is_lifted = subject.release(number, by, reason)
            print(
                "the next verification gives this person a token again"
                if is_lifted
                else "proposed: a second person must run this too"
            )
            return
        done = subject.restrict(number, by, reason)
    print(
        f"{'token removed' if done.had_token else 'there was no token'}; {done.emptied} payloads "
        "emptied. Fact rows are no longer linked to the person. KPIs are unchanged: they count "
        "records of core, for which the agencies are responsible"
    )


@app.command()
def breach_report(
    since: Annotated[datetime, typer.Option(formats=_DAY, help="First day, Vietnamese time.")],
    until: Annotated[
        datetime | None, typer.Option(formats=_DAY, help="Last day. Default: today.")
    ] = None,
    log: Annotated[
        list[Path] | None, typer.Option(help="A file of the server's jsonlog; repeatable.")
    ] = None,
    save: Annotated[
        Path | None, typer.Option(help="Also write the report to this new file.")
    ] = None,
) -> None:
    """List accesses to records of persons since a day: views of quarantined records, lists of
    the records behind a KPI value, corrections, subject-report, subject-restrict, and SQL (needs
    --log)."""
    from dean06 import settings
    from dean06.privacy import breach
    from dean06.storage import write_private

    last = (until or datetime.now(settings.TIMEZONE)).date()
    with plain_errors():
        found = breach.report(
            settings.start_of(since.date()), settings.start_of(last + timedelta(days=1)), log or ()
        )
        if save is not None:
            write_private(_json([asdict(each) for each in found]), save)
    table = Table("when", "what", "who", "dataset", "records", "reason")
    for each in found:
        when = f"{each.at.astimezone(settings.TIMEZONE):%d/%m/%Y %H:%M:%S}"
        records = "?" if each.records is None else str(each.records)
        table.add_row(when, each.what, each.who, each.dataset, records, plain(each.reason))
    console_of().print(table if found else "No access was found in this time.")
    if not log:
        print("reads by SQL are only in the server's log: give its files with --log")


def _number() -> str:
    answer: str = typer.prompt("Personal identification number", hide_input=True)
    return answer.strip()


def _json(found: Any) -> str:
    return json.dumps(found, ensure_ascii=False, indent=2, default=str) + "\n"
