"""Kinds: as which JSON values a column may come, and the text that each is staged as. Values: what
it may hold, beside its type.

A value comes as text, number, flag (true, false), list or object. Without a word of the contract a
column takes the kind of its ``logicalType``: a text (also for dates and moments), a flag for
``boolean``, a number for ``integer`` and ``number``, a list for ``array``. A column that takes
others has the custom property ``accepts``, either kinds or, for each text, how it may be spelled::

    - {property: accepts, value: [number, text]}
    - {property: accepts, value: {"0": ["0", 0, false], "1": ["1", 1, true]}}
    - {property: accepts, value: {null: ["9999-12-31"]}}

Texts listed under ``null`` say that there is no value: an end that never comes is no end.

Objects within a list are described by the column's ``items``, each member in the same way. Whatever
comes as another kind is not converted: its record goes to quarantine. So does a number of up to
three digits, a point and three more, within a list: one cannot tell thousands from a fraction. What
a text or number may *say* is a matter of the suite's rules.

A contract can list a column's codes (``enum``) and bound its values in ``logicalTypeOptions``:
``pattern`` and ``format`` of a text, ``minimum`` and ``maximum`` of a number, ``format`` of a day
or moment. ``dean06.rules.derived`` makes rules of them; a load is judged by the suite alone.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

import msgspec
from open_data_contract_standard.model import SchemaProperty

from dean06.declaration import unknown_key
from dean06.errors import ContractError

TEXT, NUMBER, FLAG, LIST, OBJECT = KINDS = ("text", "number", "flag", "list", "object")
WIDER = {
    "smallint": ("integer", "bigint", "numeric"),
    "integer": ("bigint", "numeric"),
    "bigint": ("numeric",),
    "real": ("double precision",),
}
"""Type in PostgreSQL → others that hold every value of it."""
EMPTY = "empty"
"""Of null within a list; a column may always be null, unless a rule forbids it."""
PRESENCE = "presence"
"""The custom property of a column that every delivery has, be it empty: ``always``."""
GROUPED = "grouped"
"""Of a number within a list that one can read as thousands or as a fraction: 15.000."""

PERSONAL_ID, COMMUNE, PROVINCE = TEXT_FORMATS = ("personal_id", "commune_code", "province_code")
"""Formats of texts that have a rule of their own."""
DATE_FORMATS = ("yyyy-MM-dd", "dd/MM/yyyy")
MOMENT_FORMATS = ("yyyy-MM-dd'T'HH:mm:ssXXX", "dd/MM/yyyy HH:mm:ss")
"""How days and moments are written; the first of each is the usual one."""

_BOUNDS_OF = {
    "string": ("pattern", "format"),
    "date": ("format",),
    "timestamp": ("format",),
    "integer": ("minimum", "maximum"),
    "number": ("minimum", "maximum"),
}
_FORMATS_OF = {"string": TEXT_FORMATS, "date": DATE_FORMATS, "timestamp": MOMENT_FORMATS}

_USUAL = {"boolean": FLAG, "integer": NUMBER, "number": NUMBER, "array": LIST, "object": OBJECT}
_OF_PYTHON = {str: TEXT, bool: FLAG, int: NUMBER, float: NUMBER, Decimal: NUMBER, list: LIST,
              dict: OBJECT}  # fmt: skip
_JSON_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?", re.ASCII)
_MAY_BE_GROUPED = re.compile(r"-?[1-9][0-9]{0,2}\.[0-9]{3}", re.ASCII)
encoded = msgspec.json.Encoder(decimal_format="number").encode
"""A value as JSON writes it, without spaces; numbers as they came."""


@dataclass(frozen=True)
class Staged:
    """A value as the text it is staged as; what within it is of a kind that is not agreed."""

    text: str | None
    wrong: tuple[str, ...] = ()
    """Place below the column and kind: ``: number``, ``[].DuocSoHoa: list``."""


@dataclass(frozen=True)
class Accepts:
    """The kinds that a column, or a member of the objects in a list, may come as."""

    kinds: frozenset[str]
    is_number: bool = False
    """Whether it is a number by its ``logicalType``, so that a text must be one as well."""
    spellings: Mapping[str, str] = field(default_factory=dict)
    """A listed spelling, as JSON writes it → the text it stands for; empty: any value will do."""
    members: Mapping[str, "Accepts"] = field(default_factory=dict)
    """Of the objects in a list: what each member may come as."""
    nothing: frozenset[str] = frozenset()
    """Texts that say that there is no value."""

    @property
    def takes_texts(self) -> bool:
        """Whether every text is staged as it is, but for those that say nothing."""
        texts = (item for item in self.spellings.items() if item[0].startswith('"'))
        return TEXT in self.kinds and all(written == as_json(text) for written, text in texts)

    @property
    def takes_flags(self) -> bool:
        """Whether true and false are staged as these words."""
        return FLAG in self.kinds and not self.spellings

    def staged(self, value: object) -> Staged:
        """The text of a value; where its kind is not agreed, as JSON writes it."""
        if value is None or (isinstance(value, str) and value in self.nothing):
            return Staged(None)
        kind = kind_of(value)
        if kind == LIST and LIST in self.kinds and isinstance(value, list):
            return self._staged_list(value)
        agreed, found = self._read(value, kind)
        text = found if isinstance(found, str) else as_json(found)
        return Staged(text, () if agreed else (f": {kind}",))

    def _read(self, value: object, kind: str) -> tuple[bool, object]:
        """Whether a scalar or object is of an agreed kind, and what it is read as."""
        if kind not in self.kinds:
            return False, value
        if self.spellings:
            spelled = self.spellings.get(as_json(value))
            # A text that is not listed is of an agreed kind: what it may say, rules know.
            return spelled is not None or kind == TEXT, value if spelled is None else spelled
        return True, value

    def _staged_list(self, items: list[object]) -> Staged:
        if not self.members:
            return Staged(as_json(items))
        read: list[object] = []
        wrong: dict[str, None] = {}
        for item in items:
            if isinstance(item, dict):
                read.append({**item, **self._members(item, wrong)})
            else:
                read.append(item)
                wrong[f"[]: {kind_of(item)}"] = None
        return Staged(as_json(read), tuple(wrong))

    def _members(self, item: Mapping[str, object], wrong: dict[str, None]) -> dict[str, object]:
        read = {}
        for name, accepts in self.members.items():
            value = item.get(name)
            if value is None:
                continue
            kind = kind_of(value)
            agreed, read[name] = accepts._read(value, kind)
            if agreed and accepts.is_number:
                agreed, read[name] = _as_number(value)
                kind = GROUPED if _MAY_BE_GROUPED.fullmatch(str(value)) else kind
            if not agreed:
                wrong[f"[].{name}: {kind}"] = None
        return read


def kind_of(value: object) -> str:
    """What kind of JSON a decoded value was."""
    return _OF_PYTHON.get(type(value), EMPTY)


def read(prop: SchemaProperty, place: str) -> Accepts:
    """What a contract says of a column. Raises ContractError naming the place of a mistake."""
    said = _said(prop, place)
    is_number = prop.logicalType in ("integer", "number")
    nothing: frozenset[str] = frozenset()
    if isinstance(said, Mapping):
        nothing = _nothing(said, place)
        said = {text: spelled for text, spelled in said.items() if text is not None} or _usual(prop)
    if isinstance(said, Mapping):
        spellings = _spellings(said, place)
        kinds = frozenset(kind_of(msgspec.json.decode(written)) for written in spellings)
        return Accepts(kinds, is_number, spellings, nothing=nothing)
    if not isinstance(said, list) or not said or not set(said) <= set(KINDS):
        raise ContractError(f"{place}: accepts must list kinds ({', '.join(KINDS)}) or spellings")
    return Accepts(frozenset(said), is_number, members=_members(prop, place), nothing=nothing)


def _usual(prop: SchemaProperty) -> list[str]:
    return [_USUAL.get(str(prop.logicalType), TEXT)]


def _nothing(said: Mapping[Any, Any], place: str) -> frozenset[str]:
    texts = said.get(None, [])
    if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
        raise ContractError(
            f"{place}: under accepts, null must list the texts that stand for no value"
        )
    return frozenset(texts)


def _said(prop: SchemaProperty, place: str) -> Any:
    given = [item for item in prop.customProperties or [] if item.property != PRESENCE]
    for item in given:
        if item.property != "accepts":
            unknown = unknown_key(str(item.property), ("accepts", PRESENCE))
            raise ContractError(f"{place}: customProperties: {unknown}")
    if len(given) > 1:
        raise ContractError(f"{place}: customProperties: accepts is given twice")
    return given[0].value if given else _usual(prop)


def is_always_sent(prop: SchemaProperty, place: str) -> bool:
    """Whether every delivery has the column, be it empty. Raises ContractError for other words."""
    given = [item.value for item in prop.customProperties or [] if item.property == PRESENCE]
    if given not in ([], ["always"]):
        raise ContractError(f"{place}: presence can only be: always")
    return bool(given) or bool(prop.required)


def _spellings(said: Mapping[Any, Any], place: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for text, spelled in said.items():
        if not isinstance(text, str) or not isinstance(spelled, list) or not spelled:
            raise ContractError(
                f'{place}: accepts must say "text": [spelling, …], with the text in quotes'
            )
        for value in spelled:
            if not isinstance(value, str | bool | int) or as_json(value) in found:
                raise ContractError(
                    f"{place}: each spelling must be a text, whole number or flag, listed once"
                )
            found[as_json(value)] = text
    return found


def _members(prop: SchemaProperty, place: str) -> dict[str, Accepts]:
    members = (prop.items.properties or []) if prop.items else []
    return {str(m.name): read(m, f"{place}.{m.name}") for m in members}


def _as_number(value: object) -> tuple[bool, object]:
    """Whether a value says one number, and which."""
    if _MAY_BE_GROUPED.fullmatch(str(value)):
        return False, value
    if isinstance(value, str):
        is_number = _JSON_NUMBER.fullmatch(value) is not None
        return is_number, Decimal(value) if is_number else value
    return True, value


def as_json(value: object) -> str:
    """As ``encoded``, as text."""
    return encoded(value).decode()


@dataclass(frozen=True)
class Values:
    """What a column may hold. Whatever is None or empty is not bounded."""

    codes: tuple[str, ...] = ()
    """The only texts there are."""
    pattern: str | None = None
    """A regular expression that the whole text has."""
    format: str | None = None
    least: Decimal | None = None
    most: Decimal | None = None

    def __str__(self) -> str:
        said = {
            "enum": ", ".join(self.codes), "pattern": self.pattern, "format": self.format,
            "minimum": self.least, "maximum": self.most,
        }  # fmt: skip
        return "; ".join(f"{k} {v}" for k, v in said.items() if v not in (None, "")) or "any value"


def read_values(prop: SchemaProperty, place: str) -> Values:
    """What a contract says of a column's values. Raises ContractError naming the place of a
    mistake."""
    options, known = prop.logicalTypeOptions or {}, _BOUNDS_OF.get(str(prop.logicalType), ())
    if odd := [name for name in options if name not in known]:
        raise ContractError(
            f"{place}: logicalTypeOptions of {prop.logicalType}: {unknown_key(odd[0], known)}"
        )
    formats = _FORMATS_OF.get(str(prop.logicalType), ())
    if options.get("format") not in (None, *formats):
        raise ContractError(f"{place}: format must be one of {', '.join(formats)}")
    return Values(
        codes=tuple(str(each.value) for each in prop.enum or []),
        pattern=options.get("pattern"),
        format=options.get("format"),
        least=_bound(options, "minimum", place),
        most=_bound(options, "maximum", place),
    )


def _bound(options: dict[str, Any], name: str, place: str) -> Decimal | None:
    if name not in options:
        return None
    try:
        return Decimal(str(options[name]))
    except InvalidOperation:
        raise ContractError(f"{place}: {name} must be a number") from None
