"""JSON trees to be changed: objects may say a name twice, and parts may be no JSON."""

import json
from collections.abc import Iterator
from typing import Any


class Members(list[list[Any]]):
    """The members of an object, each a name and a value, in the order in which they are written."""

    def get(self, name: str) -> Any:
        """The value of a name; None where it does not stand."""
        return next((value for known, value in self if known == name), None)

    def put(self, name: str, value: object) -> None:
        """Give a name its value, at its place or at the end."""
        for member in self:
            if member[0] == name:
                member[1] = value
                return
        self.append([name, value])


class Written(str):
    """A fragment that is written as it is."""

    __slots__ = ()


Place = tuple[Members, int]
"""A member somewhere in a tree."""


def parsed(text: str) -> Members:
    """An object as a tree of its own."""
    found = json.loads(text, object_pairs_hook=lambda pairs: Members(map(list, pairs)))
    assert isinstance(found, Members)
    return found


def plain(value: object) -> object:
    """A tree without double names, as Python has it."""
    if isinstance(value, Members):
        return {name: plain(inner) for name, inner in value}
    return [plain(item) for item in value] if isinstance(value, list) else value


def places(value: object) -> Iterator[Place]:
    """Every member of every object of a tree."""
    if isinstance(value, Members):
        for index in range(len(value)):
            yield value, index
            yield from places(value[index][1])
    elif isinstance(value, list):
        for item in value:
            yield from places(item)


def written(value: object, *, escaped: bool = False, gap: str = "") -> str:
    """A tree as text; ``escaped``: every sign beyond ASCII as ``\\uXXXX``; ``gap``: white space."""
    if isinstance(value, Written):
        return str(value)
    if isinstance(value, Members):
        members = (
            f"{json.dumps(name, ensure_ascii=escaped)}{gap}:{gap}"
            f"{written(inner, escaped=escaped, gap=gap)}"
            for name, inner in value
        )
        return "{" + gap + f"{gap},{gap}".join(members) + gap + "}"
    if isinstance(value, list):
        return "[" + f",{gap}".join(written(v, escaped=escaped, gap=gap) for v in value) + "]"
    return json.dumps(value, ensure_ascii=escaped)
