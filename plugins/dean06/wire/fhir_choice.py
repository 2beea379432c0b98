"""Which of several elements counts: FHIR R4 gives the order of repeated elements no meaning.

Names and identifiers are chosen by use and period, codes by their system. R4 writes what may be
repeated as a list, whatever stands in it, and what may not be never as one (§2.6.2): a resource
that does otherwise says nothing that could be relied on.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dean06.settings import TIMEZONE
from dean06.wire.records import RefusedRecordError

_USES_OF_NAMES = {"official": 0, "usual": 1, "temp": 3}
_USES_OF_NUMBERS = {"official": 0, "usual": 1, "secondary": 3, "temp": 4}
_UNSTATED_USE = 2
_PAST_USES = ("old", "maiden", "nickname", "anonymous")
_NOTHING = (None, "")
_DAY = 10
"""Characters of a date, YYYY-MM-DD."""
_LOCAL_OFFSET = "+07:00"

Element = dict[str, Any]
Rank = tuple[int, ...]


@dataclass(frozen=True)
class Coded:
    """Of a repeated element: what it says, and of which system that must be."""

    content: tuple[str, ...]
    """Members that lead to what it says."""
    system: tuple[str, ...] = ()
    """Members that lead to the system; none when it has no system."""
    agreed: str = ""
    """The system; an element that states none is taken where none states it."""

    def is_foreign(self, item: Element) -> bool:
        """Whether an element is of another system."""
        return bool(self.system) and _at(item, self.system) not in (None, self.agreed)

    def first(self, items: object) -> list[Element]:
        """The elements, the one that counts first; an empty one before them when none does.

        Raises RefusedRecordError when two of them say different things.
        """
        listed = elements(items)
        saying = [i for i in listed if _at(i, self.content) is not None and not self.is_foreign(i)]
        stating = (
            [i for i in saying if _at(i, self.system) == self.agreed]
            if self.system and len(saying) > 1
            else []
        )
        meant = stating or saying
        if len(meant) > 1 and any(
            _at(item, self.content) != _at(meant[0], self.content) for item in meant
        ):
            raise RefusedRecordError("two_values")
        chosen = meant[0] if meant else {}
        return [chosen, *(item for item in listed if item is not chosen)]


def elements(items: object) -> list[Element]:
    """What a repeated element holds. Raises RefusedRecordError unless it is a list of objects."""
    if items is None:
        return []
    if not isinstance(items, list):
        raise RefusedRecordError("wrong_structure")
    for item in items:
        if not isinstance(item, dict):
            raise RefusedRecordError("wrong_structure")
    return items


def best(
    items: object,
    day: str,
    rank: Callable[[Element], Rank | None],
    content: Callable[[Element], object],
) -> Element | None:
    """The element in force that day with the least rank, of those the one that began last.

    Raises RefusedRecordError when two of them say different things.
    """
    found = []
    for item in elements(items):
        ranked = rank(item)
        says = content(item) not in _NOTHING
        if ranked is not None and says and _is_in_force(item, day):
            found.append((ranked, item))
    if len(found) < 2:
        return found[0][1] if found else None
    least = min(ranked for ranked, _ in found)
    ranked_best = [item for ranked, item in found if ranked == least]
    latest = max(_bound(item, "start") for item in ranked_best)
    chosen = [item for item in ranked_best if _bound(item, "start") == latest]
    if any(content(item) != content(chosen[0]) for item in chosen):
        raise RefusedRecordError("two_values")
    return max(chosen, key=lambda item: ("text" in item, len(item)))


def text(element: Element, member: str) -> str | None:
    """A member by which elements are chosen. Raises RefusedRecordError unless it is a text."""
    value = element.get(member)
    if value is not None and not isinstance(value, str):
        raise RefusedRecordError("wrong_structure")
    return value


def rank_of_name(name: Element) -> Rank | None:
    """How much a name counts by its use; None for one that does not."""
    use = text(name, "use")
    return None if use in _PAST_USES else (_USES_OF_NAMES.get(str(use), _UNSTATED_USE),)


def rank_of_number(number: Element, rank_of_system: int | None) -> Rank | None:
    """How much a number counts by its system, then its use; None for one that does not."""
    use = text(number, "use")
    if rank_of_system is None or use in _PAST_USES:
        return None
    return rank_of_system, _USES_OF_NUMBERS.get(str(use), _UNSTATED_USE)


def full_name(name: Element) -> object:
    """A name as one text, to compare; what is no text is handed on, to be rejected at its path."""
    if name.get("text") not in _NOTHING:
        return name["text"]
    family = name.get("family")
    return " ".join([*([] if family in _NOTHING else [str(family)]), *_given(name)])


def with_two_given(name: Element) -> Element:
    """The order of given names has a meaning: the first, and all others as one text."""
    given = _given(name)
    return {**name, "given": [*given[:1], *([" ".join(given[1:])] if given[1:] else [])]}


def written_on(resource: Element) -> str:
    """The day in Vietnam on which the resource was written, or nothing when it does not say."""
    meta = resource.get("meta")
    written = meta.get("lastUpdated") if isinstance(meta, dict) else None
    if not isinstance(written, str):
        return ""
    if not written.endswith(_LOCAL_OFFSET):
        try:
            return datetime.fromisoformat(written).astimezone(TIMEZONE).date().isoformat()
        except (ValueError, OverflowError):
            return ""
    return written[:_DAY]


def _given(name: Element) -> list[str]:
    """Given names; null among them stands for one of which only an extension is known."""
    given = name.get("given")
    if given is None:
        return []
    if not isinstance(given, list) or not all(isinstance(part, str | None) for part in given):
        raise RefusedRecordError("wrong_structure")
    return [part for part in given if part is not None]


def _at(element: object, members: tuple[str, ...]) -> object:
    for member in members:
        element = element.get(member) if isinstance(element, dict) else None
    return element


def _bound(element: Element, bound: str) -> str:
    period = element.get("period")
    if period is None:
        return ""
    if not isinstance(period, dict):
        raise RefusedRecordError("wrong_structure")
    return (text(period, bound) or "")[:_DAY]


def _is_in_force(element: Element, day: str) -> bool:
    """Whether a Period holds the day; its bounds may be as coarse as a year, and are within it."""
    start, end = _bound(element, "start"), _bound(element, "end")
    return not day or (day[: len(start)] >= start and day[: len(end)] <= end)
