"""Variables: what each load gives its rules, by name: its window, and the codes that it has.

A suite is compiled once, for all loads. Where it says ``{"$PARAMETER": name}`` the compiled
condition has a variable of the columnar engine, which every load sets.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from dean06.rules.spans import unit_spans
from dean06.settings import TIMEZONE

TEXTS = ("window_after", "window_until")
"""ISO moments; an empty one is no bound."""
LISTS = ("procedure_codes",)
UNITS = {"commune_spans": "commune", "province_spans": "province"}
"""Codes of units with the days until which they hold → level."""
_LONG_AGO = "1000-01-01"
_NOTHING = r"[^\x00-\x{10FFFF}]"
"""A pattern of RE2 that no text has."""
_NAME = re.compile(r"^(\w+)([+-][0-9]+)?$")

Span = tuple[str | None, list[str]]
"""The first day after it (ISO text; ``None`` for the last one) and the codes that hold in it."""


class Variable(str):
    """The name of a variable that holds a text; it stands where a literal would."""

    __slots__ = ()


class Codes(Variable):
    """The name of a variable that holds a list of texts: the pattern that all of them have."""

    __slots__ = ()


def span_counts() -> dict[str, int]:
    """How many spans a load has at most, by parameter."""
    return {name: len(unit_spans(level)) for name, level in UNITS.items()}


def parameters(spans: Mapping[str, int]) -> dict[str, Any]:
    """What stands for the parameters of a suite when it is compiled; ``spans``: see above."""
    texts: dict[str, Any] = {name: Variable(name) for name in TEXTS}
    lists: dict[str, Any] = {name: [Codes(name)] for name in LISTS}
    return texts | lists | {name: _spans(name, count) for name, count in spans.items()}


def values(given: Mapping[str, Any], names: Iterable[str]) -> dict[str, str | None]:
    """The values of these variables.

    ``given``: the parameters of a load: texts, lists, and a list of ``Span`` for units, of which
    none is more than ``span_counts`` has.
    """
    flat: dict[str, Any] = {}
    for name, value in given.items():
        flat |= _flat(name, value, unit_spans(UNITS[name])) if name in UNITS else {name: value}
    return {name: _value(flat, name) for name in names}


def shifted(day: str, days: int) -> str:
    """The day so many days after an ISO day, or after the Vietnamese day of an ISO moment."""
    if isinstance(day, Variable):
        return Variable(f"{day}{days:+d}")
    found = datetime.fromisoformat(day)
    local = found.astimezone(TIMEZONE) if found.tzinfo else found
    return (local + timedelta(days=days)).date().isoformat()


def _spans(name: str, count: int) -> list[list[Any]]:
    return [
        [
            Variable(f"{name}_{number}_end") if number < count else None,
            [Codes(f"{name}_{number}_codes")],
        ]
        for number in range(1, count + 1)
    ]


def _flat(name: str, spans: Sequence[Span], all_of: Sequence[Any]) -> dict[str, Any]:
    """Spans by the names of ``_spans``; where a load has fewer, one stands more than once."""
    *earlier, last = spans
    first = earlier[0] if earlier else (_LONG_AGO, last[1])
    padded = [first] * (len(all_of) - len(spans)) + [*earlier, last]
    flat: dict[str, Any] = {}
    for number, (end, codes) in enumerate(padded, start=1):
        flat |= {f"{name}_{number}_end": end, f"{name}_{number}_codes": codes}
    return flat


def _value(flat: Mapping[str, Any], name: str) -> str | None:
    of, days = _NAME.findall(name)[0]
    value = flat[of]
    if isinstance(value, str):
        return shifted(value, int(days or 0)) if value and days else value or None
    return f"^(?:{'|'.join(map(re.escape, value))})$" if value else _NOTHING
