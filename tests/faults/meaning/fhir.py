"""One FHIR R4 resource as its elements by the paths that the contract names.

Read from https://hl7.org/fhir/R4: references to contained resources (references.html#contained),
extensions by URL (extensibility.html), modifiers (2.4.0.4: who does not know a modifier must not
process the resource), names and identifiers by use and period (datatypes.html#HumanName).
"""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from tests.faults.meaning.agreement import Dataset
from tests.faults.meaning.values import LostError, day, is_same

_NUMBERS = (
    "https://dean06.example/fhir/sid/so-dinh-danh",
    "https://dean06.example/fhir/sid/cmnd",
)
_PAST = {"old", "maiden", "nickname", "anonymous"}
_NAME_USES = {"official": 0, "usual": 1, "temp": 3}
_NUMBER_USES = {"official": 0, "usual": 1, "secondary": 3, "temp": 4}
_UNSTATED = 2
_PART = re.compile(r"(\w+)(?:\[(\d+)\])?")
_EXTENSION = re.compile(r"extension (\S+) (\w+)")

Element = dict[str, Any]


def read(dataset: Dataset, resource: Element) -> dict[str, object]:
    """The value at each path of the contract. Raises LostError when the resource must not be
    processed, or when nobody can say whom or which value it means."""
    if resource.get("resourceType") != dataset.wire:
        raise LostError("another type of resource")
    patient = _patient(resource)
    written = resource.get("meta")
    on = _day(written.get("lastUpdated") if isinstance(written, dict) else None)
    whole = {
        **patient,
        "name": _name(_elements(patient, "name"), on),
        "identifier": _number(_elements(patient, "identifier"), on),
    }
    # Elements that are passed over, such as a name of the past, may say what they like.
    if any(_modifiers(whole)) or any(_modifiers(resource)):
        raise LostError("a modifier that nobody knows")
    found = {}
    for column in dataset.sent:
        path = str(column.wire)
        if path.startswith("Patient."):
            found[path] = _at(whole, path.removeprefix("Patient."))
        elif extension := _EXTENSION.fullmatch(path):
            found[path] = _extension(resource, extension[1], extension[2])
        else:
            found[path] = _at(resource, path)
    return found


def _patient(resource: Element) -> Element:
    names = ("subject", "patient")
    references = [resource[name] for name in names if resource.get(name) is not None]
    if len(references) != 1 or not isinstance(references[0], dict):
        raise LostError("no subject")
    listed = resource.get("contained")
    found = [
        item
        for item in (listed if isinstance(listed, list) else [])
        if isinstance(item, dict)
        and item.get("resourceType") == "Patient"
        and is_same(f"#{item.get('id')}", references[0].get("reference"))
    ]
    if len(found) != 1:
        raise LostError("no subject, or two")
    return found[0]


def _modifiers(value: object) -> Iterator[bool]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield name in ("modifierExtension", "implicitRules")
            if name != "contained":
                yield from _modifiers(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _modifiers(inner)


def _day(written: object) -> date | None:
    """The Vietnamese day on which the resource was written."""
    return day(written, ("RFC 3339",)) if isinstance(written, str) else None


def _elements(patient: Element, name: str) -> list[Element]:
    items = [] if patient.get(name) is None else patient[name]
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise LostError(f"Patient.{name} is no list of elements")
    return items


def _name(names: list[Element], on: date | None) -> Element | None:
    """The name that counts, with its given names as the contract divides them."""
    best = _best(
        [
            (_NAME_USES.get(str(name.get("use")), _UNSTATED), _full(name), name)
            for name in names
            if name.get("use") not in _PAST and _full(name) and _in_force(name, on)
        ]
    )
    if best is None:
        return None
    given = _given(best)
    return {**best, "given": [given[0] if given else None, " ".join(given[1:]) or None]}


def _number(numbers: list[Element], on: date | None) -> Element | None:
    return _best(
        [
            (10 * _NUMBERS.index(str(number.get("system"))) + _NUMBER_USES.get(
                str(number.get("use")), _UNSTATED
            ), number.get("value"), number)
            for number in numbers
            if number.get("system") in _NUMBERS and number.get("use") not in _PAST
            and number.get("value") not in (None, "") and _in_force(number, on)
        ]
    )  # fmt: skip


def _best(ranked: list[tuple[int, object, Element]]) -> Element | None:
    """Of those that rank alike the one whose period began last: the project's own rule, R4 has
    none."""
    if not ranked:
        return None
    least = min(rank for rank, _, _ in ranked)
    alike = [(said, item) for rank, said, item in ranked if rank == least]
    latest = max(_start(item) for _, item in alike)
    best = [(said, item) for said, item in alike if _start(item) == latest]
    if any(not is_same(said, best[0][0]) for said, _ in best):
        raise LostError("two values that count alike")
    return best[0][1]


def _start(element: Element) -> str:
    return _bounds(element)[0]


def _bounds(element: Element) -> tuple[str, str]:
    period = {} if element.get("period") is None else element["period"]
    if not isinstance(period, dict):
        raise LostError("a period of another kind")
    start, end = ("" if period.get(name) is None else period[name] for name in ("start", "end"))
    if not isinstance(start, str) or not isinstance(end, str):
        raise LostError("a period whose bounds are of another kind")
    return start, end


def _given(name: Element) -> list[str]:
    """The given names; null keeps the place of one that has extensions alone (R4 2.6.2.2.1)."""
    given = [] if name.get("given") is None else name["given"]
    if not isinstance(given, list):
        raise LostError("given names of another kind")
    parts = [part for part in given if part is not None]
    if not all(isinstance(part, str) for part in parts):
        raise LostError("given names of another kind")
    return parts


def _full(name: Element) -> object:
    """The whole name; R4 has no empty texts."""
    family = [name["family"]] if name.get("family") else []
    return name.get("text") or " ".join(map(str, [*family, *_given(name)]))


def _in_force(element: Element, on: date | None) -> bool:
    """Whether a Period holds the day; it may be as coarse as a year."""
    start, end = (bound[:10] for bound in _bounds(element))
    day_of = "" if on is None else on.isoformat()
    return on is None or (start <= day_of[: len(start)] and day_of[: len(end)] <= end)


def _extension(resource: Element, url: str, name: str) -> object:
    listed = resource.get("extension")
    found = [
        item[name]
        for item in (listed if isinstance(listed, list) else [])
        if isinstance(item, dict) and item.get("url") == url and name in item
    ]
    if any(not is_same(value, found[0]) for value in found):
        raise LostError("an extension with two values")
    return found[0] if found else None


def _at(element: object, path: str) -> object:
    """The value at a path such as ``coding[0].code``; None where nothing is."""
    for part in path.split("."):
        match = _PART.fullmatch(part)
        assert match is not None
        if not isinstance(element, dict):
            return None
        element = element.get(match[1])
        if match[2] is not None:
            listed = element if isinstance(element, list) else []
            element = listed[int(match[2])] if len(listed) > int(match[2]) else None
    return element
