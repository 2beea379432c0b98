"""Names of JSON objects: one that has two values rejects its record and no other, wherever it is.

What is right is read off the tree that a text was written from, never off the text.
"""

import io
import json
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dean06.kinds import encoded
from dean06.wire import json_array, json_object, ndjson
from dean06.wire.records import Batch, Columns

Tree = Any
"""A value; an object is a list of pairs in a tuple, so that a name can stand twice."""

_NAMES = st.sampled_from(["maXa", "daXoa", "a", "á", ""])
_LEAVES = st.sampled_from([None, True, False, 0, 1, 1.5, "", "1", "true", ":", '","', "ă\\u0041"])
_VALUES = st.recursive(
    _LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.lists(st.tuples(_NAMES, inner), max_size=4).map(lambda pairs: (pairs,)),
    ),
    max_leaves=8,
)
_OBJECTS = st.lists(st.tuples(_NAMES, _VALUES), max_size=5).map(lambda pairs: (pairs,))


def written(value: Tree, escape: Callable[[str], str], space: str) -> str:
    """A tree as JSON text."""
    if isinstance(value, tuple):
        inner = (
            f"{escape(name)}{space}:{space}{written(member, escape, space)}"
            for name, member in value[0]
        )
        return "{" + ",".join(inner) + "}"
    if isinstance(value, list):
        return f"[{space}" + ",".join(written(item, escape, space) for item in value) + "]"
    return escape(value) if isinstance(value, str) else json.dumps(value)


def plain(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def escaped(text: str) -> str:
    return '"' + "".join(f"\\u{ord(sign):04x}" for sign in text) + '"'


def canonical(value: Tree) -> str:
    """The text of a value that differs where values differ; the last of equal names counts."""
    if isinstance(value, tuple):
        members = {name: canonical(member) for name, member in value[0]}
        return f"object {sorted(members.items())}"
    if isinstance(value, list):
        return repr([canonical(item) for item in value])
    return f"{type(value).__name__} {value}"


def contradicts_itself(value: Tree) -> bool:
    """Whether some object in a tree gives one name two values."""
    if isinstance(value, list):
        return any(map(contradicts_itself, value))
    if not isinstance(value, tuple):
        return False
    said = {(name, canonical(member)) for name, member in value[0]}
    return len(said) > len({name for name, _ in said}) or any(
        contradicts_itself(member) for _, member in value[0]
    )


@given(_OBJECTS, st.sampled_from([plain, escaped]), st.sampled_from(["", " ", "\t "]))
def test_a_name_with_two_values_is_refused_at_any_depth(
    tree: Tree, escape: Callable[[str], str], space: str
) -> None:
    text = written(tree, escape, space).encode()
    if contradicts_itself(tree):
        with pytest.raises(json_object.DuplicateNameError):
            json_object.read(text)
    else:
        assert json_object.read(text) == json.loads(text, parse_float=Decimal)


def outcome(batches: Iterator[Batch | Columns]) -> tuple[list[int], list[tuple[int, str]]]:
    """The lines of the records that were read, and the problems."""
    lines: list[int] = []
    problems: list[tuple[int, str]] = []
    for batch in batches:
        if isinstance(batch, Columns):
            lines += batch.lines.to_pylist()
        else:
            lines += batch.lines
            problems += [(each.line, each.code) for each in batch.problems]
    return sorted(lines), sorted(problems)


@given(st.lists(_OBJECTS, min_size=1, max_size=6), st.sampled_from([plain, escaped]))
def test_every_reader_of_json_rejects_that_record_and_no_other(
    trees: list[Tree], escape: Callable[[str], str]
) -> None:
    texts = [written(tree, escape, "") for tree in trees]
    bad = [n for n, tree in enumerate(trees, start=1) if contradicts_itself(tree)]
    good = sorted(set(range(1, len(trees) + 1)) - set(bad))
    right = (good, [(n, "duplicate_name") for n in bad])
    lines = "\n".join(texts).encode()
    page = f'{{"duLieu":[{",".join(texts)}]}}'.encode()
    assert outcome(ndjson.read(io.BytesIO(lines))) == right
    assert outcome(ndjson.read(io.BytesIO(lines), project=lambda record: record)) == right
    assert outcome(ndjson.read_flat(io.BytesIO(lines))) == right
    assert outcome(json_array.read(io.BytesIO(page), "duLieu")) == right


def test_numbers_are_exact() -> None:
    text = b'{"a":12345678901234567.89,"b":123456789012345678901234567890,"c":1.50}'
    found = json_object.read(text)
    assert encoded(found) == text


_BAD = {
    b'{"a":"\xff"}': "invalid_utf8",
    b'{"a":NaN}': "malformed_json",
    b'{"a":-Infinity}': "malformed_json",
    b'{"a":"\x0b"}': "malformed_json",
    b'{"a":"\x00"}': "malformed_json",
    b'{"a":"\\ud800"}': "malformed_json",
    b'{"a":"\\x41"}': "malformed_json",
    b'{"a":1,}': "malformed_json",
    b'{"a":01}': "malformed_json",
    b"{'a':1}": "malformed_json",
    b'{"a":TRUE}': "malformed_json",
    b'{"a":"b"c"}': "malformed_json",
    b'{"a":"b}': "malformed_json",
    b'{"a":["b"}': "malformed_json",
    b'{"a":{"b":"c"}': "malformed_json",
    b'{"a":"b"}}': "malformed_json",
    b"": "malformed_json",
    b'"a"': "not_an_object",
    b'{"a":"\\u0000"}': "nul_byte",
    b'{"a":1,"a":2}': "duplicate_name",
}


@pytest.mark.parametrize("place", [0, 1, 2])
@pytest.mark.parametrize(("bad", "code"), _BAD.items(), ids=map(repr, _BAD))
def test_one_bad_record_of_a_page_leaves_the_others(bad: bytes, code: str, place: int) -> None:
    elements = [b'{"a":"]},{","b":[{}]}', b'{"a" : "2" }']
    elements.insert(place, bad)
    page = b'{"trang":1,"duLieu":[' + b", ".join(elements) + b'],"tongSo":3}'
    document = json_array.load(io.BytesIO(page), "duLieu")
    assert document.members == {"trang": 1, "tongSo": 3}
    lines, problems = outcome(json_array.read(io.BytesIO(page), "duLieu"))
    assert lines == [n for n in (1, 2, 3) if n != place + 1]
    assert problems == [(place + 1, code)]


def test_a_byte_order_mark_is_no_part_of_the_text() -> None:
    mark = b"\xef\xbb\xbf"
    for body in (b'{"a":"1"}', b'{"a":"1"}\n{"a":"2"}\n\x1a', b""):
        right = outcome(ndjson.read(io.BytesIO(body.rstrip(b"\n\x1a"))))
        assert outcome(ndjson.read(io.BytesIO(mark + body))) == right
        assert outcome(ndjson.read_flat(io.BytesIO(mark + body))) == right
    page = io.BytesIO(mark + b'{"duLieu":[{"a":"1"}]}')
    assert outcome(json_array.read(page, "duLieu")) == ([1], [])
