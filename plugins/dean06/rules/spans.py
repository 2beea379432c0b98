"""Spans: until when the codes of units hold, without reading all units in each task (0.2 s)."""

from functools import cache
from pathlib import Path

from dean06 import settings
from dean06.reference import tables
from dean06.rules import kept

LEVELS = ("commune", "province")
Spans = tuple[tuple[str | None, frozenset[str]], ...]
_NAME = "units"


def unit_spans(level: str) -> Spans:
    """As ``reference.tables.unit_spans``, of one of ``LEVELS``. Raises as it does."""
    return _spans()[level]


@cache
def _spans() -> dict[str, Spans]:
    source = sorted(Path(tables.__file__).parent.glob("*.py"))
    digest = kept.digest_of([settings.REFERENCE / "admin_units.csv", *source])
    found = kept.read(_NAME, digest, dict[str, Spans])
    if found is None:
        found = {level: tables.unit_spans(level) for level in LEVELS}
        kept.keep(_NAME, digest, found)
    return found
