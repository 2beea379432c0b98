"""Reading in bulk and reading line by line come to the same records, lines and problems."""

import io
import itertools
import random

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dean06.wire import json_columns, ndjson
from dean06.wire.records import Columns
from tests.lib.ndjson_lines import ODD, clean, found, hostile, in_bulk

BLOCK_BYTES = 2500
"""So few that a block holds a dozen lines: what one line does to its neighbours is seen."""


@pytest.mark.parametrize("odd", ODD, ids=lambda line: repr(line[:24]))
@pytest.mark.one_in(4)
def test_an_odd_line_anywhere_makes_no_difference(odd: bytes) -> None:
    for place in (0, 1, 1199):
        lines = clean(1200)
        lines[place] = odd
        body = b"\n".join(lines)
        assert found(body, flat=True) == found(body, flat=False)


def test_mixed_odd_lines_make_no_difference() -> None:
    draw = random.Random(6)
    for _ in range(30):
        lines = clean(draw.choice((3, 150, 1200)))
        for _ in range(draw.randrange(1, 6)):
            lines.insert(draw.randrange(len(lines)), draw.choice(ODD))
        body = b"\n".join(lines) + draw.choice((b"", b"\n", b"\n\n"))
        assert found(body, flat=True) == found(body, flat=False)


def _check_hostile_lines(number: int, seed: int) -> None:
    draw = random.Random(seed)
    for start in range(0, number, 500):
        lines = clean(650)
        for place in draw.sample(range(650), 500):
            lines[place] = hostile(draw, lines[place])
        body = b"\n".join(lines)
        assert found(body, flat=True) == found(body, flat=False), (seed, start)


def test_twenty_thousand_hostile_lines_make_no_difference(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ndjson, "_BLOCK_BYTES", BLOCK_BYTES)
    _check_hostile_lines(20_000, 2022)


@pytest.mark.campaign
@pytest.mark.parametrize("block_bytes", [300, 800, BLOCK_BYTES, 1 << 20])
def test_many_hostile_lines_make_no_difference(
    monkeypatch: pytest.MonkeyPatch, block_bytes: int
) -> None:
    monkeypatch.setattr(ndjson, "_BLOCK_BYTES", block_bytes)
    for seed in range(10):
        _check_hostile_lines(10_000, seed * 10_000_000 + block_bytes)


@example([b'{"a":NaN}', b'{"a":null}'], b"\n", b"", b"")
@given(
    st.lists(st.sampled_from(ODD) | st.binary(max_size=12) | st.sampled_from(clean(3)), max_size=6),
    st.sampled_from((b"\n", b"\r\n")),
    st.sampled_from((b"", b"\xef\xbb\xbf")),
    st.sampled_from((b"", b"\n", b"\x1a", b"\n\x1a")),
)
def test_any_bytes_between_clean_lines_make_no_difference(
    lines: list[bytes], line_end: bytes, before: bytes, after: bytes
) -> None:
    body = before + line_end.join([*clean(1), *lines, *clean(2)]) + after
    assert found(body, flat=True) == found(body, flat=False)


@pytest.mark.parametrize("odd", ODD, ids=lambda line: repr(line[:24]))
@pytest.mark.one_in(4)
def test_odd_lines_leave_their_neighbours_in_bulk(odd: bytes) -> None:
    """But for two, where the first line of a block has the odd kind of a field."""
    for first in (0, 50):
        lines = clean(2000)
        lines[first::100] = [odd] * 20
        numbers = itertools.accumulate((line.count(b"\n") + 1 for line in lines), initial=1)
        others = {n for n, line in zip(numbers, lines, strict=False) if line is not odd}
        assert len(others - in_bulk(b"\n".join(lines))) <= 2


@pytest.mark.parametrize(("before", "after"), [
    (b"{", b"x{"), (b"}", b",}"), (b"}", b"} x"), (b"Th", b"\x01"), (b"Th", b"\\u"),
    (b"Th", b"\xff"), (b"Th", b'"'), (b'", "', b'" "'), (b'": "', b'", "'), (b'": "', b'""'),
    (b"null", b"NaN"), (b"null", b"1"), (b"null", b"[]"), (b"null", b"true"),
    (b"Th", b"\xed\xa0\x80"),
])  # fmt: skip
def test_lines_damaged_alike_leave_their_neighbours_in_bulk(before: bytes, after: bytes) -> None:
    lines = clean(2000)
    for place in range(50, 2000, 100):
        lines[place] = lines[place].replace(before, after)
    assert in_bulk(b"\n".join(lines)) == {n for n in range(1, 2001) if n % 100 != 51}


def test_one_odd_line_in_a_hundred_leaves_the_others_in_bulk() -> None:
    draw, lines = random.Random(1), clean(20_000)
    odd = set(draw.sample(range(20_000), 200))
    for place in odd:
        lines[place] = draw.choice(ODD).replace(b"\n", b" ")
    read = in_bulk(b"\n".join(lines))
    assert read >= {place + 1 for place in range(20_000) if place not in odd}


def test_an_odd_line_among_lines_of_many_shapes_leaves_them_in_bulk() -> None:
    lines = [b'{"%s":"1","b":"2"}' % name for name in (b"a", b"ccc", b"ddddd") for _ in range(99)]
    lines[150] = b'{"b":"1","b":"2"}'
    assert in_bulk(b"\n".join(lines)) == set(range(1, 298)) - {151}


def test_what_kind_a_field_has_is_found_out_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A field that looks like a moment, and is not in the first line, is read twice: once."""
    monkeypatch.setattr(ndjson, "_BLOCK_BYTES", 1000)
    reads: list[int] = []
    read = json_columns._read
    monkeypatch.setattr(json_columns, "_read", lambda *given: reads.append(1) or read(*given))
    body = b"\n".join([b'{"a":"1"}', b'{"a":"1","b":"2022-10-31"}'] * 500)
    assert in_bulk(body) == set(range(1, 1001))
    assert len(reads) == len(list(ndjson._blocks(io.BytesIO(body)))) + 1


def test_of_an_endless_line_the_beginning_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ndjson, "_BLOCK_BYTES", 1000)
    monkeypatch.setattr(ndjson, "MAX_RECORD_BYTES", 2500)
    body = b"x" * 10_000 + b"\n" + clean(1)[0]
    values, problems, _ = found(body, flat=True)
    assert (set(values), problems) == ({2}, {1: ("malformed_json", "x" * 2501)})


def test_lines_with_carriage_returns_are_read_in_bulk() -> None:
    body = b"\r\n".join(clean(1000)) + b"\r\n"
    assert in_bulk(body) == set(range(1, 1001))
    assert found(body, flat=True) == found(body, flat=False)


def test_clean_lines_are_read_in_bulk() -> None:
    batches = list(ndjson.read_flat(io.BytesIO(b"\n".join(clean(45_000)))))
    assert [type(batch) for batch in batches] == [Columns] * 3
    assert next(batch.lines[0].as_py() for batch in batches) == 1
    assert sum(map(len, batches)) == 45_000


def test_blocks_of_flags_where_others_have_texts_keep_their_kind() -> None:
    lines = clean(12_000)
    lines[5000:10_000] = [line.replace(b"false", b'"false"') for line in lines[5000:10_000]]
    values, problems, _ = found(b"\n".join(lines), flat=True)
    assert (len(values), problems) == (12_000, {})
    kinds = {number: record["daXoa"] for number, record in values.items()}
    assert kinds == {
        number: (str, "false") if 5000 < number <= 10_000 else (bool, False)
        for number in range(1, 12_001)
    }


def test_two_objects_in_a_line_are_not_made_up_for_by_an_end_of_text() -> None:
    body = b'{"a":"1"}{"a":"2"}\n{"a":"3"}\x00{"a":"4"}\n{"a":"5"}'
    assert found(body, flat=True) == found(body, flat=False)


def test_depth_and_size_inside_json_are_one_bad_record_each() -> None:
    deep = '{"a":' + "[" * 100_000 + "\n"
    long = '{"a":["' + "x" * 100_000 + '"]}\n'
    nul = '{"a":{"b":"x\\u0000"}}\n'
    (batch,) = ndjson.read(io.BytesIO((deep + long + nul + '{"a":"b"}\n').encode()))
    assert [p.code for p in batch.problems] == ["malformed_json", "oversized_field", "nul_byte"]
    assert batch.lines == [4]


@pytest.mark.parametrize("body", b' \n \n\n \r\n }\n {\n {}\n \\ "'.split(b" "))
def test_hardly_any_bytes_make_no_difference(body: bytes) -> None:
    assert found(body, flat=True) == found(body, flat=False)


def test_a_line_of_several_blocks_makes_no_difference() -> None:
    lines = clean(3)
    lines[1] = b'{"a":"' + b"[" * (5 << 20) + b'"}'
    body = b"\n".join(lines)
    read = found(body, flat=True)
    assert read == found(body, flat=False)
    assert (set(read[0]), read[1][2][0]) == ({1, 3}, "oversized_field")
