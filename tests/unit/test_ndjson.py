"""Reading in bulk and reading line by line come to the same records, lines and problems."""

import io
import json
import random
from typing import Any

import pytest

from dean06.wire import ndjson
from dean06.wire.records import Columns

RECORD: dict[str, Any] = {
    "soDinhDanh": "082190000001", "hoTen": "Nguyễn Thị Thử", "ngaySinh": "1990-02-03",
    "maHo": None, "daXoa": False, "capNhatLuc": "2022-10-31T08:30:00+07:00",
}  # fmt: skip
ODD = [
    b"", b" ", b"{}", b"[]", b"null", b'{"a":', b"}", b"{", b'{"a":"1"} {"a":"2"}', b'{"a":1}',
    b'{"a":1.50}', b'{"a":[1,{"b":"}"}]}', b'{"a":"1","a":"2"}', b'{"a":"\\u0000"}',
    b'{"a":"\\ud800"}', b'{"a":"\xff"}', b'{"a":"\x00"}', b'{"a":"\x01"}', b'{"a":NaN}',
    b'{"a":true}', b'{"a":null}', b'{"a":"2022-10-31"}', b'{"a":"x"},', b'{"a":"x"}\r',
    b'{"a":"' + b"x" * 70_000 + b'"}', b"{" + b'"a":{' * 50 + b"}" * 51, b'{"a":{"b":"1"}',
    b"{'a':'1'}", b'{"a":"1",}', b'\xef\xbb\xbf{"a":"1"}', b'{"daXoa":"false"}', b'{"daXoa":0}',
    b'{"hoTen":true}', b'{"daXoa":null,"daXoa":null}', b'{"a":"1","a":"1"}',
]  # fmt: skip

Found = tuple[dict[int, dict[str, Any]], dict[int, tuple[str, str]], set[str]]


def found(body: bytes, *, flat: bool) -> Found:
    """Values by line, problems by line, and the names of all fields."""
    values: dict[int, dict[str, Any]] = {}
    problems: dict[int, tuple[str, str]] = {}
    names: set[str] = set()
    stream = io.BytesIO(body)
    for batch in ndjson.read_flat(stream) if flat else ndjson.read(stream):
        if isinstance(batch, Columns):
            lines, records = batch.lines.to_pylist(), batch.table.to_pylist()
            names.update(batch.table.column_names)
        else:
            lines, records = batch.lines, batch.records
            names.update(*records)
            problems |= {problem.line: (problem.code, problem.raw) for problem in batch.problems}
        for line, record in zip(lines, records, strict=True):
            values[line] = {name: value for name, value in record.items() if value is not None}
    return values, problems, names


def clean(count: int) -> list[bytes]:
    return [
        json.dumps({**RECORD, "soDinhDanh": f"{n:012d}"}, ensure_ascii=False).encode()
        for n in range(count)
    ]


@pytest.mark.parametrize("odd", ODD, ids=lambda line: repr(line[:24]))
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


def test_damaged_bytes_make_no_difference() -> None:
    draw = random.Random(2022)
    whole = b"\n".join(clean(130))
    for _ in range(150):
        body = bytearray(whole)
        for _ in range(draw.randrange(1, 4)):
            at = draw.randrange(len(body))
            body[at : at + draw.randrange(3)] = draw.choice((b"", b"}", b"{", b'"', b"\n", b"}\n{"))
        assert found(bytes(body), flat=True) == found(bytes(body), flat=False)


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
    assert {n for n, record in values.items() if record["daXoa"] == "false"} == set(
        range(5001, 10_001)
    )
    assert {n for n, record in values.items() if record["daXoa"] is False} == {
        *range(1, 5001), *range(10_001, 12_001)
    }  # fmt: skip


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
