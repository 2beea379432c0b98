"""A new source of a kind: its files in their places, working at once, each saying what to change.

The kind decides how files arrive and what they are. The suite follows from the contract
(``dean06.rules.derived``); an example is loaded by the source's own test and by its first sync.
"""

import re
from pathlib import Path
from typing import Any

import msgspec
import yaml
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from dean06 import contract, settings
from dean06.cli import example
from dean06.contract import Dataset
from dean06.errors import Dean06Error
from dean06.rules import derived

KINDS = {
    "csv": "One CSV file per day in a folder",
    "folder": "CSV files, one folder per day",
    "ndjson": "Newline-delimited JSON in a folder",
    "json": "JSON documents in a folder",
    "workbook": "Excel workbooks in a folder",
    "sftp": "Compressed CSV files with a manifest over SFTP",
}
"""Kind → how the source delivers, in words."""
_SHARED_PARTS = {
    "contract": "include/contracts/{source}.yaml",
    "module": "plugins/dean06/sources/{source}.py",
    "DAG": "dags/sync_{source}.py",
}
_DATASET_PARTS = {
    "suite": "expectations/{source}/{dataset}.json",
    "core SQL": "include/sql/core/{source}/{dataset}.sql",
    "fixture": "tests/fixtures/{source}/{dataset}.json",
}
_TEST = "tests/database/test_source_{source}.py"
_EXAMPLE = "tests/fixtures/{source}/example"


def parts(source: str, datasets: list[str]) -> dict[str, Path]:
    """Every file a source consists of, by what it is: ``{"suite of resident": path, …}``."""
    found = {name: Path(form.format(source=source)) for name, form in _SHARED_PARTS.items()}
    for dataset in datasets:
        for name, form in _DATASET_PARTS.items():
            found[f"{name} of {dataset}"] = Path(form.format(source=source, dataset=dataset))
    return found


def test_of(source: str) -> Path:
    """The test of a source, which only ``new-source`` writes."""
    return Path(_TEST.format(source=source))


def example_of(source: str) -> Path:
    """The folder of a source's example."""
    return Path(_EXAMPLE.format(source=source))


class Written(msgspec.Struct, frozen=True):
    """What a scaffold wrote."""

    paths: list[Path]
    """Files of the project, relative to it: six parts, the test, then the example."""
    dataset: Dataset


def new_source(
    key: str, kind: str = "csv", dataset: str | None = None, root: Path = settings.PROJECT
) -> Written:
    """Write a working source of a kind, with one dataset (by default ``<key>_record``).

    Raises Dean06Error when the kind is unknown, a name is not of the agreed form or is taken, or
    any of the files exists.
    """
    name = dataset or f"{key}_record"
    wanted = _checked(key, kind, name, root)
    agreed = contract.parse(contract_text(key, kind, name), f"{key}.yaml").dataset(name)
    suite = derived.text_of(derived.suite_of(agreed))
    for what, path in wanted.items():
        template = what.split(" of ")[0].lower().replace(" ", "_")
        text = suite if template == "suite" else _rendered(template, key, kind, name)
        _write(root / path, text.encode())
    shown = _write_example(agreed, kind, root)
    return Written([*wanted.values(), *shown], agreed)


def contract_text(key: str, kind: str, dataset: str) -> str:
    """The contract that a new source begins with."""
    return _rendered("contract", key, kind, dataset)


def _rendered(template: str, key: str, kind: str, dataset: str) -> str:
    return (
        templates_of("source")
        .get_template(f"{template}.jinja")
        .render(
            source=key,
            kind=kind,
            dataset=dataset,
            protocol=KINDS[kind],
            records=example.RECORDS,
        )
    )


def _checked(key: str, kind: str, dataset: str, root: Path) -> dict[str, Path]:
    """The files to write, by what they are."""
    if kind not in KINDS:
        raise Dean06Error(f"{kind!r} is not a kind of source: choose one of {', '.join(KINDS)}")
    if not re.fullmatch(r"[a-z]{2,20}", key):
        raise Dean06Error(f"{key!r}: a source key is one lower-case word, such as 'land'")
    if not re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+){0,5}", dataset) or len(dataset) > 40:
        raise Dean06Error(f"{dataset!r}: a dataset is named in lower case, such as 'land_parcel'")
    wanted = parts(key, [dataset]) | {"test": test_of(key)}
    if existing := [path for path in wanted.values() if (root / path).exists()]:
        raise Dean06Error(f"source {key!r} exists: {existing[0]}")
    # A fact is named after its dataset: two of one name would be one view.
    for path in sorted((root / "include/contracts").glob("*.yaml")):
        listed: list[dict[str, Any]] = yaml.safe_load(path.read_text("utf-8")).get("schema") or []
        if any(item.get("name") == dataset for item in listed):
            raise Dean06Error(f"{path.stem} has a dataset {dataset!r}: choose another name")
    return wanted


def _write_example(dataset: Dataset, kind: str, root: Path) -> list[Path]:
    folder = example_of(dataset.source)
    written = []
    for day, content in example.files(dataset, kind).items():
        for name, body in content.items():
            written.append(folder / str(day) / name)
            _write(root / written[-1], body)
    return written


def _write(path: Path, body: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(body)


def templates_of(what: str) -> Environment:
    """The templates of what is scaffolded: code and YAML, in a folder of that name."""
    return Environment(
        loader=FileSystemLoader(settings.TEMPLATES / what),
        undefined=StrictUndefined,
        keep_trailing_newline=True,
        trim_blocks=what == "source",
        autoescape=False,  # noqa: S701  # writes no HTML
    )
