"""Command to remove a source that new-source wrote: its files, and on request its records."""

from pathlib import Path
from shutil import rmtree
from typing import Annotated

import typer

from dean06 import contract, settings
from dean06.cli import scaffold
from dean06.cli.console import sealed
from dean06.cli.language import Lang, words_of
from dean06.cli.person import person
from dean06.details.detail import detail
from dean06.errors import Dean06Error

app = typer.Typer()


@app.command()
def remove_source(
    key: Annotated[str, typer.Argument(help="Key of a source that new-source wrote.")],
    with_data: Annotated[
        bool, typer.Option("--with-data", help="Also remove its records from the warehouse.")
    ] = False,
    keep_files: Annotated[
        bool,
        typer.Option("--keep-files", help="Remove only the records, so that they load again."),
    ] = False,
    lang: Lang = "",
) -> None:
    """Remove a source that new-source wrote. A source whose data are in published KPIs stays."""
    from dean06.schema import removal

    words = words_of(lang)
    with sealed():
        paths = files_of(key)
        if keep_files:
            paths = []
        else:
            _require_unread(key)
        removal.require_unpublished(key)
        records = removal.stored(key).records
        if not (paths or records):
            raise Dean06Error(detail("no_source", source=key, known=contract.sources()))
        if sum(records.values()) and not with_data:
            raise Dean06Error(
                detail("source_has_records", source=key, records=sum(records.values()))
            )
        removal.remove(key, person())
        _delete(paths)
    for path in paths:
        print(path)
    count = words.number(sum(records.values()))
    print(
        words.say(
            f"\nĐã xóa nguồn {key}: {len(paths)} tệp, {count} bản ghi trong core. Sổ theo dõi các "
            "lượt nạp được giữ lại. Tệp tiếp nhận và bản ghi bị từ chối được giữ đến hết thời hạn "
            f"lưu giữ. Tệp trong thư mục {settings.drops_root() / key} không bị xóa.",
            f"\nRemoved source {key}: {len(paths)} files, {count} stored records. The ledger of "
            "its loads stays. Received files and rejected records stay until their retention "
            f"period ends. The files in {settings.drops_root() / key} were not touched.",
        )
    )


def files_of(key: str, root: Path = settings.PROJECT) -> list[Path]:
    """The files of a source that new-source wrote, relative to the project; none without any.

    Raises Dean06Error for a source that new-source did not write.
    """
    path = root / f"include/contracts/{key}.yaml"
    if not path.is_file():
        return []
    own_test = scaffold.test_of(key)
    if not (root / own_test).is_file():
        raise Dean06Error(detail("source_not_scaffolded", source=key, file=str(own_test)))
    names = [each.name for each in contract.parse(path.read_text("utf-8"), path.name).datasets]
    found = [own_test, *scaffold.parts(key, names).values()]
    example = [p.relative_to(root) for p in (root / scaffold.example_of(key)).rglob("*")]
    found += [each for each in example if (root / each).is_file()]
    return sorted(each for each in found if (root / each).is_file())


def _require_unread(key: str) -> None:
    from dean06.kpi import family

    if read := [each for each in family.families() if key in each.sources]:
        files = [f"include/sql/mart/kpi/{each.name}.sql" for each in read]
        raise Dean06Error(detail("source_read_by_kpis", source=key, files=files))


def _delete(paths: list[Path], root: Path = settings.PROJECT) -> None:
    """Delete the files, and their folders where nothing else is left."""
    for path in paths:
        (root / path).unlink()
        folder = (root / path).parent
        while folder != root and not any(_others(folder)):
            rmtree(folder)
            folder = folder.parent


def _others(folder: Path) -> list[Path]:
    return [each for each in folder.iterdir() if each.name != "__pycache__"]
