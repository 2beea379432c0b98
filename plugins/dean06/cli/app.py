"""``python -m dean06``: what an engineer runs by hand."""

import json
import logging
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from dean06.cli import (
    api_tokens,
    backfill,
    contracts,
    corrections,
    decisions,
    house,
    init_env,
    installation,
    metrics,
    open_data,
    periods,
    protection,
    provinces,
    publications,
    removal,
    semantic_model,
    sources,
    watching,
)
from dean06.cli.console import console_of, plain_errors, quiet_libraries
from dean06.cli.groups import InOrder
from dean06.cli.language import Lang, words_of
from dean06.errors import Dean06Error
from dean06.provinces import current

app = typer.Typer(
    cls=InOrder,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
app.add_typer(api_tokens.app)
app.add_typer(backfill.app)
app.add_typer(contracts.app)
app.add_typer(corrections.app)
app.add_typer(decisions.app)
app.add_typer(house.app)
app.add_typer(init_env.app)
app.add_typer(metrics.app)
app.add_typer(open_data.app)
app.add_typer(periods.app)
app.add_typer(protection.app)
app.add_typer(provinces.app)
app.add_typer(semantic_model.app)
app.add_typer(publications.app)
app.add_typer(sources.app)
app.add_typer(removal.app)
app.add_typer(watching.app)


@app.callback()
def settled(
    context: typer.Context,
    province: Annotated[
        str,
        typer.Option(
            envvar="DEAN06_PROVINCE",
            help="Key of the province, where the installation serves several.",
        ),
    ] = "",
) -> None:
    """dean06: daily sync of Project 06 ministry data into a warehouse."""
    quiet_libraries()
    with plain_errors():
        installation.use_settings()
        if province:
            context.with_resource(current.acting(province))


Day = Annotated[
    datetime | None,
    typer.Option(formats=["%Y-%m-%d"], help="Day, e.g. 2022-10-31. Default: latest."),
]


def _chosen(day: datetime | None) -> date:
    from dean06.reports import day as pages

    chosen = day.date() if day else pages.latest_day()
    if chosen is None:
        raise Dean06Error("nothing is published yet: sync a day first")
    return chosen


@app.command()
def migrate(
    every: Annotated[
        bool, typer.Option("--all", help="Upgrade the warehouse of every province.")
    ] = False,
) -> None:
    """Upgrade the warehouse: schemas, roles, core tables, comments, reference data."""
    from dean06.cli import built
    from dean06.schema import migrate as steps

    def upgrade() -> None:
        said = built.upgraded(steps.migrate(), words_of(""))
        print(f"{current.key()}: {said}" if current.key() else said)

    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    with plain_errors(needs_schema=False):
        if every:
            provinces.upgrade_all(upgrade)
        else:
            upgrade()


@app.command()
def compile_suites() -> None:
    """Compile expectation suites that were edited, and check core SQL, as migrate does."""
    from dean06.schema import suites

    with plain_errors():
        suites.compile_all()


@app.command()
def report(
    day: Day = None,
    svg: Annotated[Path | None, typer.Option(help="Also save it as an SVG picture.")] = None,
    unavailable: Annotated[bool, typer.Option(help="Also list the KPIs without a value.")] = False,
    lang: Lang = "",
) -> None:
    """Print a day's loads, quarantine and KPIs."""
    from dean06.reports import day as pages

    console = console_of(record=svg is not None, markup=True)
    with plain_errors():
        pages.show(_chosen(day), console, words_of(lang), unavailable=unavailable)
    if svg is not None:
        pages.save_picture(console, svg)


@app.command()
def summary(day: Day = None, lang: Lang = "") -> None:
    """Print a day on one screen: status, what needs attention, KPIs with targets."""
    from dean06.cli import summary as screen

    with plain_errors():
        print("\n".join(screen.lines(_chosen(day), words_of(lang))))


@app.command()
def quarantine(day: Day = None, lang: Lang = "") -> None:
    """Print every rule that a day's records broke, with its reason."""
    from dean06.reports import day as pages

    with plain_errors():
        pages.show_quarantine(_chosen(day), console_of(markup=True), words_of(lang))


@app.command()
def digest(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")] = False,
) -> None:
    """Print digests of core and mart: equal digests mean equal content."""
    from dean06.reports.digest import warehouse_digest

    with plain_errors():
        found = warehouse_digest()
    if as_json:
        print(json.dumps(found))
        return
    table = Table("relation", "content")
    for name, value in found.items():
        table.add_row(name, value)
    Console().print(table)


@app.command()
def new_province(
    key: Annotated[str, typer.Argument(help="Name of the scenario, such as long_an_2022.")],
    code: Annotated[str, typer.Option(help="Code of the province in 2022, such as 80.")],
    residents: Annotated[int, typer.Option(help="Permanent residents of the whole province.")],
    system_code: Annotated[str, typer.Option(help="Code in the service portal: H and 2 digits.")],
    old_id_code: Annotated[str, typer.Option(help="First two digits of the nine-digit IDs.")],
) -> None:
    """Write the scenario, communes and targets of another province."""
    from dean06.cli import new_province as scaffold

    said = scaffold.Province(key, code, residents, system_code, old_id_code)
    with plain_errors():
        for path in scaffold.new_province(said):
            print(path)


@app.command()
def verify_identities(
    everything: Annotated[
        bool, typer.Option(help="Compare all records again, not only changed ones.")
    ] = False,
) -> None:
    """Compare person records with the registry (what DAG verify_identities does); print counts."""
    from dean06.identity import tokens, verify

    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    with plain_errors():
        verify.verify_identities(everything=everything)
        tokens.give()
        found = verify.counts()
    table = Table("dataset", "verdict")
    table.add_column("records", justify="right")
    for row in found:
        table.add_row(row.dataset_code, row.verdict, f"{row.record_count:,}".replace(",", " "))
    Console().print(table)


@app.command()
def build_kpis() -> None:
    """Build and publish the KPIs of every day that needs it (what DAG build_kpis does)."""
    from dean06.cli import built
    from dean06.kpi import build
    from dean06.proof import signing

    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    with plain_errors():
        done = build.build_kpis()
        signing.sign_due_if_possible()
        print(built.outcome(done, words_of("")))


@app.command()
def lineage() -> None:
    """Report to OpenLineage all loads, verifications and publications not yet reported."""
    from dean06.reports import lineage as events

    with plain_errors():
        print(f"{events.tell()} loads, verifications and publications reported")


@app.command()
def dictionary() -> None:
    """Write the data dictionary, docs/data-dictionary.md."""
    from dean06.reports import dictionary as page

    with plain_errors():
        page.write()
        print(page.PAGE)


@app.command()
def record_kpis() -> None:
    """Record new KPI definitions: from then on a change must bump their version."""
    from dean06.kpi import family

    with plain_errors():
        print("\n".join(family.record()) or "every definition is recorded")


@app.command()
def reconcile(
    day: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="Only this day. Default: all that are due."),
    ] = None,
) -> None:
    """Reconcile the province's dossiers with the national portal; print counts by kind and file
    names."""
    from dean06.agencies import reconciliation

    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    with plain_errors():
        made = [reconciliation.write_day(day.date())] if day else reconciliation.write_due()
    table = Table("day", "difference", "file")
    table.add_column("dossiers", justify="right")
    for each in made:
        for kind, count in [*each.kinds.items(), ("unexplained", each.unexplained)]:
            table.add_row(str(each.day), kind, each.xlsx_name, f"{count}")
    console_of().print(table if made else "Every day is reconciled.")


@app.command()
def agency_lists(
    source: Annotated[str | None, typer.Option(help="Only lists of this source.")] = None,
    day: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="Only lists of this day. Default: all due."),
    ] = None,
    standing: Annotated[
        bool, typer.Option(help="List all current mismatches, not those of a day.")
    ] = False,
) -> None:
    """Write the correction list of each agency as CSV and workbook; print counts and file names."""
    from dean06.agencies import lists

    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    with plain_errors():
        if standing and day:
            raise Dean06Error("--standing cannot be combined with --day")
        if standing:
            written = lists.write_standing(source)
        elif day:
            written = lists.write_day(day.date(), source)
        else:
            written = lists.write_due(source)
    table = Table("source", "day", "file")
    for name in ("rejected", "mismatches", "files"):
        table.add_column(name, justify="right")
    for each in written:
        for name in (each.csv_name, each.xlsx_name):
            table.add_row(
                each.source, str(each.day), name, f"{each.rejected}", f"{each.mismatches}",
                "written" if each.is_other else "unchanged",
            )  # fmt: skip
    console_of().print(table if written else "Every list is up to date.")
