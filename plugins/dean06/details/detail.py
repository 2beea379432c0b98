"""A detail: what exactly went wrong, as a code of ``texts`` with parameters by name.

English and Vietnamese are written from the same parameters; the English text is the message of the
error. A parameter is a number, a moment, a name that we know (dataset, file, column, setting) or
another detail: never a value of a record, nor a sentence of a source.
"""

import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from string import Formatter
from typing import Any, Literal, Union, cast
from zoneinfo import ZoneInfo

from dean06.details.texts import TEXTS

Language = Literal["en", "vi"]
Value = Union[int, float, str, date, datetime, "Detail", Sequence["Detail"], Sequence[str]]

_TIMEZONE = ZoneInfo("Asia/Ho_Chi_Minh")
_LONGEST = 500
"""Of a name, in characters."""


@dataclass(frozen=True)
class Detail:
    """What exactly went wrong."""

    code: str
    parameters: Mapping[str, Value]

    def __str__(self) -> str:
        return self.text("en")

    def text(self, language: Language) -> str:
        """The detail in a language."""
        return "".join(
            literal + (_shown(self.parameters[name], kind, language) if name else "")
            for literal, name, kind in _pieces(TEXTS[self.code], language)
        )

    def without(self, place: "Detail") -> "Detail":
        """The fault alone, where the detail says that it is of ``place``."""
        is_within = self.code == "within" and self.parameters["place"] == place
        return cast("Detail", self.parameters["fault"]) if is_within else self

    def stored(self) -> dict[str, Any]:
        """The parameters as JSON has them."""
        return {name: _stored(value) for name, value in self.parameters.items()}


def detail(code: str, /, **parameters: Value) -> Detail:
    """The detail of a code of ``texts`` with what its text names."""
    return Detail(code, {name: _clean(value) for name, value in parameters.items()})


def within(place: Detail | None, fault: Detail) -> Detail:
    """``place: fault``; the fault alone where no place is known."""
    return detail("within", place=place, fault=fault) if place else fault


def columns_of(found: Detail | None) -> dict[str, str | None]:
    """A detail as parameters of a statement that writes it down: code, and parameters as JSON."""
    return {
        "detail": found.code if found else None,
        "parameters": json.dumps(found.stored(), ensure_ascii=False) if found else None,
    }


def restored(code: str | None, parameters: Any) -> Detail | None:
    """A detail as ``stored`` wrote it. None without a code, and for one that another version of
    dean06 wrote and this one cannot show."""
    if code not in TEXTS or not isinstance(parameters, dict):
        return None
    kinds = kinds_of(code)
    if kinds.keys() != parameters.keys():
        return None
    values = {name: _restored(value, kinds[name]) for name, value in parameters.items()}
    return None if None in values.values() else Detail(code, values)


def kinds_of(code: str) -> dict[str, str]:
    """The parameters of a code, each with its kind."""
    return {
        name: kind
        for language in ("en", "vi")
        for _, name, kind in _pieces(TEXTS[code], language)
        if name
    }


@cache
def _pieces(texts: str, language: str) -> tuple[tuple[str, str, str], ...]:
    """Literal text, the parameter after it (may be empty), its kind."""
    en, _, vi = texts.partition(" | ")
    written = vi if language == "vi" else en
    return tuple(
        (literal, name or "", kind or "") for literal, name, kind, _ in Formatter().parse(written)
    )


def _shown(value: Any, kind: str, language: Language) -> str:
    if isinstance(value, Detail):
        return value.text(language)
    if kind in _BETWEEN:
        return _BETWEEN[kind].join(
            each.text(language) if isinstance(each, Detail) else each for each in value
        )
    write = _ENGLISH if language == "en" else _VIETNAMESE
    return write.get(kind, str)(value)


def _day(value: date | str) -> date:
    return value if isinstance(value, date) else date.fromisoformat(value)


_BETWEEN = {"parts": ", ", "names": ", ", "faults": "; "}
_ENGLISH: dict[str, Callable[[Any], str]] = {
    "share": lambda value: f"{value:.1%}",
    "decimal": lambda value: f"{value:g}",
    "moment": lambda value: value.isoformat(),
}
_VIETNAMESE: dict[str, Callable[[Any], str]] = {
    "share": lambda value: f"{value:.1%}".replace(".", ","),
    "decimal": lambda value: f"{value:g}".replace(".", ","),
    "count": lambda value: f"{value:,}".replace(",", "."),
    "day": lambda value: f"{_day(value):%d/%m/%Y}",
    "moment": lambda value: f"{value.astimezone(_TIMEZONE):%H:%M ngày %d/%m/%Y}",
}


def _clean(value: Value) -> Value:
    """Names may hold what cannot be printed, where a source made them up."""
    if isinstance(value, str):
        return "".join(sign if sign.isprintable() else "\ufffd" for sign in value[:_LONGEST])
    if isinstance(value, int | float | date | Detail):
        return value
    return tuple(_clean(each) for each in value)  # type: ignore[return-value]


def _stored(value: Any) -> Any:
    if isinstance(value, Detail):
        return {"code": value.code, "parameters": value.stored()}
    if isinstance(value, date):
        return value.isoformat()
    return [_stored(each) for each in value] if isinstance(value, tuple | list) else value


def _restored(value: Any, kind: str) -> Any:  # one a kind
    """A value of a kind; None for one that is not of the kind."""
    if kind == "part":
        return restored(value.get("code"), value.get("parameters")) if _is_part(value) else None
    if kind in ("parts", "faults", "names"):
        if not isinstance(value, list):
            return None
        each = "name" if kind == "names" else "part"
        values = tuple(_restored(item, each) for item in value)
        return None if None in values else values
    if kind in ("count", "number", "decimal", "share"):
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        return value if is_number and math.isfinite(value) else None
    if not isinstance(value, str):
        return None
    try:
        if kind == "day":
            return date.fromisoformat(value)
        return datetime.fromisoformat(value) if kind == "moment" else value
    except ValueError:
        return None


def _is_part(value: Any) -> bool:
    return isinstance(value, dict) and isinstance(value.get("code"), str)
