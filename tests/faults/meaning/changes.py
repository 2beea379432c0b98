"""Records of JSON changed at random: kinds, encodings, times, structure; forms that mean the same.

A change is *sound* when the record still says what it said, in another form that the contract or
the standard allows: such a record has to load.
"""

from collections.abc import Callable
from copy import deepcopy
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from tests.faults.meaning import drawn
from tests.faults.meaning.agreement import Agreed, Dataset
from tests.faults.meaning.drawn import Draw
from tests.faults.meaning.trees import Members, Place, Written, places

Change = Callable[[Draw, Dataset, Members], None]
_NO_JSON = ("NaN", "-Infinity", "01", "+1", "1.", ".5", "'x'", "True", "undefined", "1e", '"\\x41"',
            '"\\ud800"', '"\\u0000"', '"a\\u0000b"', "1E400", "1e99999", "-0", "-0.0")  # fmt: skip
_MANY = 8


def _place(draw: Draw, tree: Members, wanted: Callable[[Any], bool] | None = None) -> Place | None:
    found = [p for p in places(tree) if wanted is None or wanted(p[0][p[1]][1])]
    return draw(st.sampled_from(found)) if found else None


def other_value(draw: Draw, _: Dataset, tree: Members) -> None:
    """A value of another kind, or another value, somewhere."""
    if place := _place(draw, tree):
        place[0][place[1]][1] = draw(st.sampled_from(drawn.SCALARS))


def other_scalar(draw: Draw, _: Dataset, tree: Members) -> None:
    """The same as ``other_value``, where no list or object stands."""
    if place := _place(draw, tree, lambda value: not isinstance(value, list)):
        place[0][place[1]][1] = draw(st.sampled_from(drawn.SCALARS))


def other_time(draw: Draw, _: Dataset, tree: Members) -> None:
    """Another day or moment, or the same in another notation."""
    if place := _place(draw, tree, drawn.is_time):
        place[0][place[1]][1] = drawn.time_like(draw, place[0][place[1]][1])


def other_text(draw: Draw, _: Dataset, tree: Members) -> None:
    """A text in another code, or with signs lost or added; most often a name."""
    is_name = draw(st.integers(0, 3)) > 0
    if place := _place(draw, tree, _is_name if is_name else lambda value: isinstance(value, str)):
        place[0][place[1]][1] = drawn.other_text(draw, place[0][place[1]][1])


def finer_moment(draw: Draw, _: Dataset, tree: Members) -> None:
    """A moment with more digits than core can hold."""
    if place := _place(draw, tree, drawn.is_moment):
        text = str(place[0][place[1]][1])
        digits = draw(st.text("0123456789", min_size=7, max_size=9))
        place[0][place[1]][1] = f"{text[:19]}.{digits}{text[19:]}"


def _is_name(value: object) -> bool:
    return isinstance(value, str) and not value.isascii()


def no_json(draw: Draw, _: Dataset, tree: Members) -> None:
    """A value as other languages write it."""
    if place := _place(draw, tree):
        place[0][place[1]][1] = Written(draw(st.sampled_from(_NO_JSON)))


def removed(draw: Draw, _: Dataset, tree: Members) -> None:
    """A member that is not there."""
    if place := _place(draw, tree):
        del place[0][place[1]]


def renamed(draw: Draw, _: Dataset, tree: Members) -> None:
    """A member under another name."""
    if place := _place(draw, tree):
        name = place[0][place[1]][0]
        ways = (name.upper(), name.lower(), f" {name}", f"{name}_", name[:-1], name * 2)
        place[0][place[1]][0] = draw(st.sampled_from(ways))


def said_twice(draw: Draw, _: Dataset, tree: Members) -> None:
    """A name that stands twice, with another value before or behind."""
    if place := _place(draw, tree):
        members, index = place
        other = [members[index][0], draw(st.sampled_from(drawn.SCALARS))]
        members.insert(draw(st.integers(0, len(members))), other)


def wrapped(draw: Draw, _: Dataset, tree: Members) -> None:
    """A value within a list or an object, or out of its list."""
    if place := _place(draw, tree):
        member = place[0][place[1]]
        value = member[1]
        ways: list[Any] = [[value], [value, deepcopy(value)], Members([["value", value]]), [], None]
        if isinstance(value, list) and not isinstance(value, Members) and value:
            ways += [value[0], value * 2, value[1:], [*value, None], [*value, "x"]]
        member[1] = draw(st.sampled_from(ways))


CHANGES: tuple[Change, ...] = (
    other_value, other_scalar, other_scalar, other_time, other_time, other_time, other_text,
    other_text, finer_moment, finer_moment, no_json, removed, renamed, said_twice, wrapped,
)  # fmt: skip


def same_order(draw: Draw, _: Dataset, tree: Members) -> None:
    """Members in another order, which has no meaning (RFC 8259 §4)."""
    place = _place(draw, tree, lambda value: isinstance(value, Members))
    members = place[0][place[1]][1] if place and draw(st.booleans()) else tree
    members[:] = draw(st.permutations(list(members)))


def same_moment(draw: Draw, _: Dataset, tree: Members) -> None:
    """A moment at another offset."""
    if place := _place(draw, tree, drawn.is_moment):
        before = place[0][place[1]][1]
        after = drawn.same_moment(draw, before)
        place[0][place[1]][1] = after


def same_value_twice(draw: Draw, _: Dataset, tree: Members) -> None:
    """A name that stands twice with one value (decision 29)."""
    if place := _place(draw, tree):
        members, index = place
        copy = deepcopy(members[index])
        members.insert(draw(st.integers(0, len(members))), copy)


def unknown_member(draw: Draw, _: Dataset, tree: Members) -> None:
    """A field that the contract does not know: additive change is no fault."""
    name = draw(st.sampled_from([n for n in ("ghiChu", "x", "") if tree.get(n) is None] or ["y"]))
    if tree.get(name) is None:
        value = draw(st.sampled_from(("x", 1, False)))
        tree.insert(draw(st.integers(0, len(tree))), [name, value])


def other_spelling(draw: Draw, dataset: Dataset, tree: Members) -> None:
    """Another of the spellings or kinds that the contract lists for a value."""
    found = _spelled(dataset, tree)
    if not found:
        return
    (members, index), agreed = draw(st.sampled_from(found))
    value = members[index][1]
    if agreed.spellings is not None:
        members[index][1] = draw(st.sampled_from(list(agreed.spellings[str(value)])))
    else:
        members[index][1] = int(value) if isinstance(value, str) else str(value)


def other_listed(draw: Draw, dataset: Dataset, tree: Members) -> None:
    """Other values that the contract lists, in any spelling: as valid as those before."""
    found = [place for place in _spelled(dataset, tree) if place[1].spellings is not None]
    if not found:
        return
    for (members, index), agreed in draw(st.lists(st.sampled_from(found), max_size=_MANY)):
        listed = [one for spellings in (agreed.spellings or {}).values() for one in spellings]
        members[index][1] = draw(st.sampled_from(listed))


def _spelled(dataset: Dataset, tree: Members) -> list[tuple[Place, Agreed]]:
    """The members that may be written in several ways, and are written in one that is known."""
    found = []
    for column in dataset.sent:
        found += _members(tree, str(column.wire), column)
        for item in tree.get(str(column.wire)) or [] if column.members else []:
            for name, member in column.members.items():
                found += _members(item, name, member)
    return found


def _members(holder: Any, name: str, agreed: Agreed) -> list[tuple[Place, Agreed]]:
    if not isinstance(holder, Members):
        return []
    return [
        ((holder, index), agreed)
        for index, (known, value) in enumerate(holder)
        if known == name and _is_spelled(agreed, value)
    ]


def _is_spelled(agreed: Agreed, value: object) -> bool:
    if agreed.spellings is not None:
        return isinstance(value, str) and value in agreed.spellings
    is_number = isinstance(value, int | Decimal) and not isinstance(value, bool)
    is_digits = isinstance(value, str) and value.isascii() and value.isdecimal()
    return agreed.kinds is not None and len(agreed.kinds) > 1 and (is_number or is_digits)


SAME: tuple[Change, ...] = (
    same_order, same_moment, same_moment, same_value_twice, unknown_member, other_spelling,
    other_listed, other_listed,
)  # fmt: skip


def bytes_changed(draw: Draw, body: bytes, *, is_alone: bool) -> bytes:
    """One byte or sign that does not belong there; ``is_alone``: the record ends with its line, so
    that brackets and quotation marks can be hurt without the neighbours."""
    at = draw(st.integers(0, len(body)))
    signs = [b"\xff", b"\xc0\xaf", b"\xed\xa0\x80", b"\x00", b"\x01", b"\t", b"\xc3"]
    if is_alone:
        signs += [b'"', b"{", b"}", b"]", b",", b"\\", b"\xef\xbb\xbf", b"/*x*/", b"//", b"\x1a"]
        if draw(st.integers(0, _MANY)) == 0:
            return body[:at] + body[at + draw(st.integers(1, 9)) :]
    return body[:at] + draw(st.sampled_from(signs)) + body[at:]
