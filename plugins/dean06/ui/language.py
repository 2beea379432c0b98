"""Vietnamese and English: which one a reader of pages wants."""

from typing import cast

from fastapi import Request

from dean06.figures.words import LOCALES, Language, Words

__all__ = ["COOKIE", "Language", "Words", "chosen"]

COOKIE = "dean06_lang"


def chosen(request: Request) -> Language:
    """The language asked for (``?lang=``), remembered (cookie), or Vietnamese."""
    for asked in (request.query_params.get("lang"), request.cookies.get(COOKIE)):
        if asked in LOCALES:
            return cast("Language", asked)
    return "vi"
