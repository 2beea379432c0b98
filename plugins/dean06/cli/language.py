"""Option ``--lang``: the language in which a command answers."""

import os
from typing import Annotated, cast

import typer

from dean06.cli.console import plain
from dean06.errors import Dean06Error
from dean06.figures.words import LOCALES, Language, Words

Lang = Annotated[str, typer.Option(help="vi or en. Default: the terminal's language.")]


def words_of(lang: str) -> Words:
    """Return how to speak to who gave ``--lang``, or gave none.

    Raises Dean06Error for another language than Vietnamese and English.
    """
    if lang not in ("", *LOCALES):
        raise Dean06Error(f"--lang takes vi or en, not {plain(lang)}")
    return Words(cast("Language", lang or language_of_terminal()))


def language_of_terminal() -> Language:
    """Vietnamese where the terminal's locale is, else English."""
    said = next((os.environ[n] for n in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(n)), "")
    return "vi" if said.startswith("vi") else "en"
