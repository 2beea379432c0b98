"""The dashboard for Metabase as its files say it, and its cards' SQL as Metabase would send it."""

import re
from typing import Any

import yaml

from dean06 import settings

FOLDER = settings.PROJECT / "include" / "metabase"
_CARDS = FOLDER / "collections" / "main" / "de_an_06"


def read(name: str) -> dict[str, Any]:
    """One file: a card's by its name, or ``dashboard``."""
    return dict(yaml.safe_load((_CARDS / f"{name}.yaml").read_text(encoding="utf-8")))


def cards() -> dict[str, dict[str, Any]]:
    """Name of the file → card."""
    names = sorted(file.stem for file in _CARDS.glob("*.yaml") if file.stem != "dashboard")
    return {name: read(name) for name in names}


def tags(card: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Template tags of a card by name."""
    (stage,) = card["dataset_query"]["stages"]
    return {tag["name"]: tag for tag in stage["template-tags"]}


def text(card: dict[str, Any]) -> str:
    """The SQL with its template tags."""
    (stage,) = card["dataset_query"]["stages"]
    return str(stage["native"])


def sent(card: dict[str, Any], **chosen: str) -> str:
    """The SQL that the warehouse gets: optional parts (``[[…]]``) without a value go, values of
    text tags are quoted (https://www.metabase.com/docs/latest/questions/native-editor)."""
    values = {name: tag["default"] for name, tag in tags(card).items() if "default" in tag} | chosen

    def optional(part: re.Match[str]) -> str:
        return part[1] if set(_names(part[1])) <= values.keys() else ""

    whole = re.sub(r"\[\[(.*?)\]\]", optional, text(card), flags=re.S)
    quoted = {name: "'" + value.replace("'", "''") + "'" for name, value in values.items()}
    return re.sub(r"\{\{(\w+)\}\}", lambda tag: quoted[tag[1]], whole)


def _names(sql: str) -> list[str]:
    return re.findall(r"\{\{(\w+)\}\}", sql)


def named_tags(card: dict[str, Any]) -> set[str]:
    """Template tags that the SQL uses."""
    return set(_names(text(card)))
