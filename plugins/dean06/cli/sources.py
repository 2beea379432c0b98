"""Commands to add a source: scaffold, suite from contract, drops."""

from datetime import datetime
from importlib import invalidate_caches
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dean06.cli.console import plain_errors

if TYPE_CHECKING:
    from dean06.contract import Dataset

app = typer.Typer()
_DATASET = Annotated[str | None, typer.Option(help="Dataset. Default: the only one.")]


@app.command()
def new_source(
    key: Annotated[str, typer.Argument(help="Key of the source: one lower-case word.")],
    kind: Annotated[
        str, typer.Option(help="Format: csv, folder, ndjson, json, workbook or sftp.")
    ] = "csv",
    dataset: Annotated[
        str | None, typer.Option(help="Name of its dataset. Default: <key>_record.")
    ] = None,
    example_data: Annotated[
        bool,
        typer.Option("--example/--no-example", help="Put example data where its DAG reads them."),
    ] = True,
) -> None:
    """Write a working source of the given format, and put example data where its DAG reads."""
    from dean06 import contract
    from dean06.cli import drops, example, scaffold

    with plain_errors():
        written = scaffold.new_source(key, kind, dataset)
        invalidate_caches()  # the module that was just written is imported below
        for path in written.paths:
            print(path)
        if not contract.load(key).terms.is_folder:
            print(f"\nNext: set the connection dean06_{key} (how-to, 'Add a source'), then sync.")
            return
        if not example_data:
            root, edited = drops.root_of(key), f"include/contracts/{key}.yaml"
            print(f"\nNo example data were put into {root}. Next: edit {edited}")
            return
        for day, content in example.files(written.dataset, kind).items():
            folder = drops.write(drops.root_of(key), written.dataset, day, content)
        print(f"\nThe example data are in {folder.parent}. Next: make sync DAY={example.NEXT_DAY}")


@app.command()
def derive_suite(
    source: Annotated[str, typer.Argument(help="Key of the source.")],
    dataset: _DATASET = None,
    replace: Annotated[
        bool,
        typer.Option(help="Replace a suite that differs from the derived one; its rules are lost."),
    ] = False,
) -> None:
    """Derive a suite from a contract's columns: required, type, codes, limits. Then check that
    DuckDB can run the core SQL of the dataset."""
    from dean06 import contract, settings
    from dean06.errors import Dean06Error
    from dean06.rules import derived
    from dean06.schema import core_sql

    with plain_errors():
        agreed = contract.load(source)
        chosen = agreed.datasets if dataset is None else [agreed.dataset(dataset)]
        for each in chosen:
            path = settings.EXPECTATIONS / source / f"{each.name}.json"
            text = derived.text_of(derived.suite_of(each))
            if path.exists() and path.read_text("utf-8") != text and not replace:
                raise Dean06Error(
                    f"{path.relative_to(settings.PROJECT)} differs from the derived suite: edit it "
                    "by hand, or replace it with --replace"
                )
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
            print(path.relative_to(settings.PROJECT))
            if replace:
                _renew_fixture(each)
        core_sql.require_all(chosen)


def _renew_fixture(dataset: "Dataset") -> None:
    """Make the fixture of a source of ``new-source`` again where the contract has other columns."""
    from dean06 import settings
    from dean06.cli import fixtures, scaffold

    name = f"fixture of {dataset.name}"
    path = settings.PROJECT / scaffold.parts(dataset.source, [dataset.name])[name]
    if not (settings.PROJECT / scaffold.test_of(dataset.source)).exists() or not path.exists():
        return
    if text := fixtures.renewed(dataset, path.read_text("utf-8")):
        path.write_text(text, encoding="utf-8")
        print(path.relative_to(settings.PROJECT))


@app.command()
def drop(
    source: Annotated[str, typer.Argument(help="Key of a source that reads a folder.")],
    day: Annotated[
        datetime, typer.Option(formats=["%Y-%m-%d"], help="Day the files were sent: 2022-11-01.")
    ],
    files: Annotated[
        list[Path] | None, typer.Argument(help="Files. Give none if nothing was sent that day.")
    ] = None,
    dataset: _DATASET = None,
) -> None:
    """Put files, with a manifest, into the folder that a source's DAG reads. Deletes nothing from
    the warehouse."""
    from dean06.cli import drops

    with plain_errors():
        folder = drops.put(source, dataset, day.date(), files or [])
        for path in sorted(folder.iterdir()):
            print(path)
