"""FHIR R4 resources as flat records: persons by reference, values by what they are called.

A resource is about the contained Patient whose id its reference names (R4 §2.28.0, "#id"). FHIR
gives the order of repeated elements no meaning, so names, identifiers and extensions are chosen by
use, system, period and URL.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from dean06.wire.records import RefusedRecordError

_MODIFIERS = ("modifierExtension", "implicitRules")
"""Elements that may turn the meaning of all others: who does not know them must not read on."""
_REFERENCES = ("subject", "patient")
_USES_OF_NAMES = {"official": 0, "usual": 1, "temp": 3}
_USES_OF_NUMBERS = {"official": 0, "usual": 1, "secondary": 3, "temp": 4}
_UNSTATED_USE = 2
_PAST_USES = ("old", "maiden", "nickname", "anonymous")
_DAY = 10
"""Characters of a date, YYYY-MM-DD."""

Element = dict[str, Any]
Rank = tuple[int, ...]


class Flattener:
    """Turns resources of one type into ``{path: value}``, in the contract's spelling of paths.

    The person's elements are ``Patient.…``, with the one name and the one identifier that count on
    the day the resource was written. Extensions are named by their whole URL; other lists get
    ``[index]``. Elements of other contained resources stay apart, as ``contained <type>.…``.
    """

    def __init__(
        self,
        resource_type: str,
        paths: Collection[str],
        ignored: Collection[str],
        number_systems: Sequence[str],
    ) -> None:
        """``paths``: those that the contract knows; ``ignored``: those that no column needs;
        ``number_systems``: of personal numbers, the preferred one first."""
        self._type = resource_type
        self._paths = frozenset(paths)
        self._ignored = frozenset(ignored)
        self._systems = {system: rank for rank, system in enumerate(number_systems)}

    def __call__(self, resource: Element) -> Mapping[str, object]:
        """Flatten one resource.

        Raises RefusedRecordError for another resource type, for one whose person is not known, for
        an element that must be understood and is not, and for a path with two values.
        """
        if resource.get("resourceType") != self._type:
            raise RefusedRecordError("wrong_resource_type")
        patient, others = _persons(resource)
        flat: dict[str, object] = {}
        for key, value in resource.items():
            if key != "contained":
                self._put(key, value, flat)
        for key, value in self._as_of(_written_on(resource), patient).items():
            self._put(f"Patient.{key}", value, flat)
        for other in others:
            kind = other.get("resourceType") if isinstance(other, dict) else None
            self._put(f"contained {kind}", other, flat)
        return flat

    def _put(self, path: str, value: object, flat: dict[str, object]) -> None:
        if isinstance(value, dict):
            for key, inner in value.items():
                self._put(f"{path}.{key}", inner, flat)
        elif isinstance(value, list):
            self._put_all(path, value, flat)
        elif path not in self._ignored:
            if path in self._paths and flat.get(path, value) != value:
                raise RefusedRecordError("two_values")
            flat[path] = value
        if path.rpartition(".")[2] in _MODIFIERS and not path.startswith("contained "):
            raise RefusedRecordError("unknown_modifier")

    def _put_all(self, path: str, items: list[object], flat: dict[str, object]) -> None:
        are_extensions = path.rpartition(".")[2] == "extension"
        for index, item in enumerate(items):
            if are_extensions and isinstance(item, dict):
                for key in item.keys() - {"url"}:
                    self._put(f"{path} {item.get('url')} {key}", item[key], flat)
            else:
                self._put(f"{path}[{index}]", item, flat)

    def _as_of(self, day: str, patient: Element) -> Element:
        """The Patient with the one name and the one identifier that count on that day."""
        whole = dict(patient)
        name = _best(whole.pop("name", None), day, _rank_of_name, _full_name)
        if name is not None:
            whole["name"] = _with_two_given(name)
        numbers = whole.pop("identifier", None)
        number = _best(numbers, day, self._rank_of_number, lambda found: found.get("value"))
        if number is not None:
            whole["identifier"] = number
        if any(_system(found) not in self._systems for found in _elements(numbers)):
            whole["identifier of another system"] = True
        return whole

    def _rank_of_number(self, number: Element) -> Rank | None:
        system, use = self._systems.get(_system(number)), _use(number)
        if system is None or use in _PAST_USES:
            return None
        return system, _USES_OF_NUMBERS.get(use, _UNSTATED_USE)


def _persons(resource: Element) -> tuple[Element, list[object]]:
    """The contained Patient that the resource is about, and whatever else it contains."""
    references = [resource[name] for name in _REFERENCES if isinstance(resource.get(name), dict)]
    wanted = {str(reference.get("reference")) for reference in references}
    contained = resource.get("contained")
    listed = contained if isinstance(contained, list) else []
    found = [
        item
        for item in _elements(listed)
        if item.get("resourceType") == "Patient" and f"#{item.get('id')}" in wanted
    ]
    if len(wanted) != 1 or len(found) != 1:
        raise RefusedRecordError("no_subject")
    return found[0], [item for item in listed if item is not found[0]]


def _best(
    items: object,
    day: str,
    rank: Callable[[Element], Rank | None],
    content: Callable[[Element], object],
) -> Element | None:
    """The element in force that day with the least rank, of those the one that began last.

    Raises RefusedRecordError when two of them say different things.
    """
    found = []
    for item in _elements(items):
        ranked = rank(item)
        if ranked is not None and content(item) and _is_in_force(item, day):
            found.append((ranked, item))
    if not found:
        return None
    least = min(ranked for ranked, _ in found)
    ranked_best = [item for ranked, item in found if ranked == least]
    latest = max(map(_start, ranked_best))
    best = [item for item in ranked_best if _start(item) == latest]
    if any(content(item) != content(best[0]) for item in best):
        raise RefusedRecordError("two_values")
    return max(best, key=lambda item: ("text" in item, len(item)))


def _elements(items: object) -> list[Element]:
    return [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []


def _use(element: Element) -> str:
    return str(element.get("use"))


def _system(identifier: Element) -> str:
    return str(identifier.get("system"))


def _rank_of_name(name: Element) -> Rank | None:
    use = _use(name)
    return None if use in _PAST_USES else (_USES_OF_NAMES.get(use, _UNSTATED_USE),)


def _given(name: Element) -> list[str]:
    given = name.get("given")
    return [str(part) for part in given] if isinstance(given, list) else []


def _full_name(name: Element) -> str:
    if name.get("text"):
        return str(name["text"])
    family = name.get("family")
    return " ".join([*([str(family)] if family else []), *_given(name)])


def _with_two_given(name: Element) -> Element:
    """The order of given names has a meaning: the first, and all others as one text."""
    given = _given(name)
    if len(given) > 1:
        return {**name, "given": [given[0], " ".join(given[1:])]}
    return name


def _written_on(resource: Element) -> str:
    """The day the resource was written, or nothing when it does not say."""
    meta = resource.get("meta")
    written = meta.get("lastUpdated") if isinstance(meta, dict) else None
    return written[:_DAY] if isinstance(written, str) else ""


def _start(element: Element) -> str:
    period = element.get("period")
    return str(period.get("start") or "") if isinstance(period, dict) else ""


def _is_in_force(element: Element, day: str) -> bool:
    """Whether a Period holds the day; its bounds may be as coarse as a year, and are within it."""
    period = element.get("period")
    if not day or not isinstance(period, dict):
        return True
    start, end = (str(period.get(bound) or "")[:_DAY] for bound in ("start", "end"))
    return day[: len(start)] >= start and day[: len(end)] <= end
