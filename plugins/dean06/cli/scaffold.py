"""A new source: six files in their places, each runnable, each saying what to write next."""

import re
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from dean06 import settings
from dean06.errors import Dean06Error

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


def parts(source: str, datasets: list[str]) -> dict[str, Path]:
    """Every file a source consists of, by what it is: ``{"suite of resident": path, …}``."""
    found = {name: Path(form.format(source=source)) for name, form in _SHARED_PARTS.items()}
    for dataset in datasets:
        for name, form in _DATASET_PARTS.items():
            found[f"{name} of {dataset}"] = Path(form.format(source=source, dataset=dataset))
    return found


def new_source(key: str, root: Path = settings.PROJECT) -> list[Path]:
    """Write the six files of source ``key`` with one dataset, ``record``.

    Raises Dean06Error when the key is no single lower-case word or any of the files exists.
    """
    if not re.fullmatch(r"[a-z]{2,20}", key):
        raise Dean06Error(f"{key!r}: a source key is one lower-case word, such as 'land'")
    wanted = parts(key, ["record"])
    if existing := [path for path in wanted.values() if (root / path).exists()]:
        raise Dean06Error(f"source {key!r} exists: {existing[0]}")
    templates = templates_of("source")
    for name, path in wanted.items():
        template = name.split(" of ")[0].lower().replace(" ", "_")
        text = templates.get_template(f"{template}.jinja").render(source=key)
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    return list(wanted.values())


def templates_of(what: str) -> Environment:
    """The templates of what is scaffolded: code and YAML, in a folder of that name."""
    return Environment(
        loader=FileSystemLoader(settings.TEMPLATES / what),
        undefined=StrictUndefined,
        keep_trailing_newline=True,
        autoescape=False,  # noqa: S701  # writes no HTML
    )
