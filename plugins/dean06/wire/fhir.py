"""FHIR R4 resources as flat records: persons by reference, values by what they are called.

A resource is about the contained Patient whose id its reference names (R4 §2.28.0, "#id"). FHIR
gives the order of repeated elements no meaning, so names, identifiers, codes and extensions are
chosen by use, system, period and URL.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from dean06.wire import fhir_choice as choice
from dean06.wire.fhir_choice import Coded, Element, Rank
from dean06.wire.records import RefusedRecordError

_MODIFIERS = ("modifierExtension", "implicitRules")
"""Elements that may turn the meaning of all others: who does not know them must not read on."""
_OBJECT, _LIST = (dict, type(None)), (list, type(None))
_REFERENCES = ("subject", "patient")
_MOST_PLACES, _LONGEST_PLACE = 10_000, 300
"""Kept at most: names in a resource are its source's, and may be new in each."""


@dataclass(frozen=True, slots=True)
class _Place:
    """What is known of a path, looked up once."""

    path: str
    is_known: bool
    is_ignored: bool
    is_modifier: bool
    are_extensions: bool
    container: tuple[type, ...]
    coded: Coded | None
    inside: dict[str, "_Place"] = field(default_factory=dict)
    """By what follows: ``.key``, ``[index]``, an extension's URL."""


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
        coded: Mapping[str, Coded],
    ) -> None:
        """``paths``: those that the contract knows; ``ignored``: those that no column needs;
        ``number_systems``: of personal numbers, the preferred one first; ``coded``: by path, how
        elements with a system are chosen."""
        self._type = resource_type
        self._paths = frozenset(paths)
        self._ignored = frozenset(ignored)
        self._systems = {system: rank for rank, system in enumerate(number_systems)}
        self._coded = coded
        self._containers = _containers(self._paths)
        self._root = self._place("")
        self._known_places = 0

    def __call__(self, resource: Element) -> Mapping[str, object]:
        """Flatten one resource.

        Raises RefusedRecordError for another resource type, for one whose person is not known, for
        an element that must be understood and is not, for a path with two values, and for a list
        where FHIR has none or the reverse. A list or object in place of a value stays at its path.
        """
        if resource.get("resourceType") != self._type:
            raise RefusedRecordError("wrong_resource_type")
        patient, others = _persons(resource)
        flat: dict[str, object] = {}
        for key, value in resource.items():
            if key != "contained":
                self._put(self._at(self._root, key), value, flat)
        person = self._at(self._root, "Patient")
        for key, value in self._as_of(choice.written_on(resource), patient).items():
            self._put(self._at(person, f".{key}"), value, flat)
        for other in others:
            self._put(self._at(self._root, f"contained {other.get('resourceType')}"), other, flat)
        return flat

    def _put(self, place: "_Place", value: object, flat: dict[str, object]) -> None:
        if place.is_known:
            _put_once(place.path, value, flat)
            return
        if place.is_modifier:
            raise RefusedRecordError("unknown_modifier")
        if not isinstance(value, place.container):
            raise RefusedRecordError("wrong_structure")
        if isinstance(value, dict):
            if place.coded is not None and place.coded.is_foreign(value):
                place = self._at(place, " of another system")
            for key, inner in value.items():
                self._put(self._at(place, f".{key}"), inner, flat)
        elif isinstance(value, list):
            self._put_all(place, value, flat)
        elif not place.is_ignored:
            flat[place.path] = value

    def _put_all(self, place: "_Place", items: list[object], flat: dict[str, object]) -> None:
        if place.coded is not None:
            items = [*place.coded.first(items)]
        for index, item in enumerate(items):
            if place.are_extensions and isinstance(item, dict):
                for key in item.keys() - {"url"}:
                    self._put(self._at(place, f" {item.get('url')} {key}"), item[key], flat)
            else:
                self._put(self._at(place, f"[{index}]"), item, flat)

    def _at(self, place: "_Place", step: str) -> "_Place":
        """The place one step further; most resources have the same, so they are kept."""
        found = place.inside.get(step)
        if found is None:
            found = self._place(place.path + step)
            if self._known_places < _MOST_PLACES and len(found.path) < _LONGEST_PLACE:
                self._known_places += 1
                place.inside[step] = found
        return found

    def _place(self, path: str) -> "_Place":
        return _Place(
            path,
            is_known=path in self._paths,
            is_ignored=path in self._ignored,
            is_modifier=path.endswith(_MODIFIERS) and not path.startswith("contained "),
            are_extensions=path.rpartition(".")[2] == "extension",
            container=self._containers.get(path, (object,)),
            coded=self._coded.get(path),
        )

    def _as_of(self, day: str, patient: Element) -> Element:
        """The Patient with the one name and the one identifier that count on that day."""
        whole = dict(patient)
        name = choice.best(whole.pop("name", None), day, choice.rank_of_name, choice.full_name)
        if name is not None:
            whole["name"] = choice.with_two_given(name)
        numbers = whole.pop("identifier", None)
        number = choice.best(numbers, day, self._rank_of_number, lambda found: found.get("value"))
        if number is not None:
            whole["identifier"] = number
        if any(self._rank_of_system(found) is None for found in choice.elements(numbers)):
            whole["identifier of another system"] = True
        return whole

    def _rank_of_number(self, number: Element) -> Rank | None:
        return choice.rank_of_number(number, self._rank_of_system(number))

    def _rank_of_system(self, number: Element) -> int | None:
        return self._systems.get(choice.text(number, "system") or "")


def _put_once(path: str, value: object, flat: dict[str, object]) -> None:
    if flat.get(path, value) != value:
        raise RefusedRecordError("two_values")
    flat[path] = value


def _containers(paths: Iterable[str]) -> dict[str, tuple[type, ...]]:
    """What stands on the way to each path: an object, or a list where the path has an index; or
    null, which is as good as nothing.

    Of an extension that is its list; the path goes on with its URL.
    """
    found: dict[str, tuple[type, ...]] = {}
    for path in paths:
        way, is_extension, _ = path.partition(" ")
        if is_extension:
            found[way] = _LIST
            continue
        for place, sign in enumerate(path):
            if sign in ".[":
                found[path[:place]] = _OBJECT if sign == "." else _LIST
    return found


def _persons(resource: Element) -> tuple[Element, list[Element]]:
    """The contained Patient that the resource is about, and whatever else it contains."""
    references = [resource[name] for name in _REFERENCES if isinstance(resource.get(name), dict)]
    wanted = {str(reference.get("reference")) for reference in references}
    listed = choice.elements(resource.get("contained"))
    found = [
        item
        for item in listed
        if item.get("resourceType") == "Patient" and f"#{item.get('id')}" in wanted
    ]
    if len(wanted) != 1 or len(found) != 1:
        raise RefusedRecordError("no_subject")
    return found[0], [item for item in listed if item is not found[0]]
