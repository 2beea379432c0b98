"""Shapes: resources that are built like one met before, flattened without walking through them.

Most resources of an export have the same elements and differ in their texts alone. Of a shape a
decoder is made that takes nothing else, and what the flattener made of its elements is kept as
places. Whatever differs in any other way is left to the flattener.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any, Literal

import msgspec

from dean06.wire.fhir import Flattener
from dean06.wire.fhir_choice import Element
from dean06.wire.records import RefusedRecordError

_DECIDING = frozenset({"resourceType", "use", "system", "url"})
"""Members whose texts decide what is chosen: they are part of a shape."""
_PERSONS = ("subject", "patient")
_MOST_SHAPES, _MOST_LESSONS = 64, 256
_LONGEST_LINE = 8_000
_MARK = "\x00"
"""Begins the texts that stand for those of a resource: no resource has one."""
_LONGEST_NUMBER = 9
"""Digits of a number that is read here; others are left to the exact reader."""

_NO_PATH = ""
"""Of the two values that only say who the person is."""

Step = str | int
"""A member of a structure, or a place in a list."""


class _OtherShapeError(Exception):
    """A resource whose shape alone does not say what becomes of it."""


@dataclass
class _Lesson:
    """A resource on its way to a shape: where the texts stood that marks stand for."""

    places: dict[str, tuple[Step, ...]] = field(default_factory=dict)
    numbers: set[str] = field(default_factory=set)
    """Marks that stand for whole numbers."""

    def mark(self, way: tuple[Step, ...]) -> str:
        """A text that occurs nowhere else."""
        made = f"{_MARK}{len(self.places)}"
        self.places[made] = way
        return made

    def typed(self, value: object, way: tuple[Step, ...], name: str) -> tuple[Any, object]:
        """The type that takes values of this shape only, and the value with marks in it."""
        if name in _DECIDING and not isinstance(value, str):
            raise _OtherShapeError
        if isinstance(value, dict):
            return self._structure(value, way)
        if isinstance(value, list) and value:
            parts = [self.typed(item, (*way, place), name) for place, item in enumerate(value)]
            return tuple.__class_getitem__(tuple(kind for kind, _ in parts)), [v for _, v in parts]
        if value is None:
            return None, None
        if isinstance(value, str):
            return (Literal[value], value) if name in _DECIDING else (str, self.mark(way))
        if isinstance(value, bool):
            return bool, self.mark(way)
        if isinstance(value, int):
            made = self.mark(way)
            self.numbers.add(made)
            return msgspec.Raw, made
        raise _OtherShapeError

    def _structure(self, value: Element, way: tuple[Step, ...]) -> tuple[Any, Element]:
        fields, names, marked = [], {}, {}
        for number, (name, inner) in enumerate(value.items()):
            member = f"m{number}"
            kind, marked[name] = self.typed(inner, (*way, member), name)
            fields.append((member, kind))
            names[member] = name
        made = msgspec.defstruct(
            "Shape", fields, rename=names, forbid_unknown_fields=True, frozen=True, gc=False
        )
        return made, marked


class _Taker:
    """Takes values from a decoded structure, in a given order of their places."""

    def __init__(self, ways: list[tuple[Step, ...]]) -> None:
        self._lists: dict[tuple[Step, ...], int] = {(): 0}
        """Items of lists by their place, each with its number."""
        self._steps: list[tuple[int, Callable[[Any], Any], int]] = []
        by_item: dict[int, list[tuple[str, int]]] = {}
        for order, way in enumerate(ways):
            item, members = self._item(way)
            by_item.setdefault(item, []).append((members, order))
        self._getters = [
            (item, _getter([members for members, _ in found])) for item, found in by_item.items()
        ]
        self.order = [order for found in by_item.values() for _, order in found]
        """Which of the places each value is of."""

    def _item(self, way: tuple[Step, ...]) -> tuple[int, str]:
        """The number of the last list's item on a way, and the members behind it."""
        after = max((at + 1 for at, step in enumerate(way) if isinstance(step, int)), default=0)
        members = ".".join(map(str, way[after:]))
        if (way[:after]) not in self._lists:
            parent, to_list = self._item(way[: after - 1])
            self._steps.append((parent, _attribute(to_list), int(way[after - 1])))
            self._lists[way[:after]] = len(self._steps)
        return self._lists[way[:after]], members

    def __call__(self, decoded: object) -> Iterator[Any]:
        """The values, in ``order``."""
        items = [decoded]
        for parent, to_list, place in self._steps:
            items.append(to_list(items[parent])[place])
        for item, getter in self._getters:
            yield from getter(items[item])


def _getter(members: list[str]) -> Callable[[Any], tuple[Any, ...]]:
    if len(members) > 1:
        return attrgetter(*members)
    one = _attribute(members[0])
    return lambda item: (one(item),)


def _attribute(members: str) -> Callable[[Any], Any]:
    """What stands behind these members of an item; without any, the item itself."""
    return attrgetter(members) if members else lambda item: item


class _Shape:
    """One shape: its decoder, and the paths that its places become."""

    def __init__(self, resource: Element, flattener: Flattener) -> None:
        """Raise _OtherShapeError when more than the shape decides what becomes of a resource."""
        lesson = _Lesson()
        kind, marked = lesson.typed(resource, (), "")
        person = _with_its_person(resource, marked, lesson)
        try:
            flat = flattener(marked)  # type: ignore[arg-type]  # a resource is an object
        except RefusedRecordError:
            raise _OtherShapeError from None
        taken = {p: v for p, v in flat.items() if isinstance(v, str) and v in lesson.places}
        self._constants = {path: value for path, value in flat.items() if path not in taken}
        if not all(map(_is_constant, self._constants.values())):
            raise _OtherShapeError
        marks = [*person, *taken.values()]
        self._take = _Taker([lesson.places[mark] for mark in marks])
        of_value = [marks[order] for order in self._take.order]
        self._person = [self._take.order.index(place) for place in range(2)]
        named = [_NO_PATH, _NO_PATH, *taken]
        self._paths = [named[order] for order in self._take.order]
        self._numbers = [place for place, mark in enumerate(of_value) if mark in lesson.numbers]
        self._decode = msgspec.json.Decoder(kind).decode

    def __call__(self, line: bytes) -> dict[str, object] | None:
        """What the flattener would make of a line; None when it is not of this shape."""
        try:
            values = list(self._take(self._decode(line)))
        except (msgspec.MsgspecError, UnicodeDecodeError):
            return None
        known, reference = (values[place] for place in self._person)
        if reference != f"#{known}" or "" in values:
            return None
        for place in self._numbers:
            written = bytes(values[place])
            if not written.isdigit() or len(written) > _LONGEST_NUMBER:
                return None
            values[place] = int(written)
        flat = dict(zip(self._paths, values, strict=True))
        del flat[_NO_PATH]
        flat.update(self._constants)
        return flat


def _with_its_person(resource: Element, marked: object, lesson: _Lesson) -> tuple[str, str]:
    """Make the marked resource refer to its person; returns the marks of his id and of the
    reference, which name each other in every resource of the shape."""
    referring = [name for name in _PERSONS if isinstance(resource.get(name), dict)]
    contained = resource.get("contained")
    if len(referring) != 1 or not isinstance(contained, list) or len(contained) != 1:
        raise _OtherShapeError
    person = contained[0]
    repeated = [*(person.get("name") or []), *(person.get("identifier") or [])]
    if any("period" in each for each in repeated):
        raise _OtherShapeError  # which one counts depends on the day
    of_id = marked["contained"][0].get("id")  # type: ignore[index]
    of_reference = marked[referring[0]].get("reference")  # type: ignore[index]
    if of_id not in lesson.places or of_reference not in lesson.places:
        raise _OtherShapeError
    marked[referring[0]]["reference"] = f"#{of_id}"  # type: ignore[index]
    return of_id, of_reference


def _is_constant(value: object) -> bool:
    """Whether a value is part of the shape: no list or object, and no text made of marks."""
    if isinstance(value, str):
        return _MARK not in value
    return value is None or isinstance(value, bool)


class Shapes:
    """The shapes of a file's resources, by how many quotation marks they have."""

    def __init__(self, flattener: Flattener) -> None:
        self._flattener = flattener
        self._shapes: dict[int, list[_Shape]] = {}
        self._lessons = self._number = 0

    def __call__(self, line: bytes) -> dict[str, object] | None:
        """What the flattener would make of a line; None when no shape is known to be its own.

        A line without escapes has a quotation mark for each end of a name or text: with as many as
        its shape, no name stands twice in it.
        """
        shapes = self._shapes.get(line.count(b'"'))
        if shapes is None or b"\\" in line:
            return None
        return next((flat for shape in shapes if (flat := shape(line)) is not None), None)

    def learn(self, line: bytes, resource: Element) -> None:
        """Know the shape of a resource that the flattener took from a line."""
        if (
            self._number == _MOST_SHAPES
            or self._lessons == _MOST_LESSONS
            or len(line) > _LONGEST_LINE
            or b"\\" in line
            or self(line) is not None
        ):
            return
        self._lessons += 1
        try:
            shape = _Shape(resource, self._flattener)
        except _OtherShapeError:
            return
        self._shapes.setdefault(line.count(b'"'), []).append(shape)
        self._number += 1
