"""Lines of NDJSON, clean and hostile, and what a reader makes of them."""

import io
import json
import random
from typing import Any

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
    b'{"hoTen":true}', b'{"daXoa":null,"daXoa":null}', b'{"a":"1","a":"1"}', b"\x1a", b"\r", b"\t",
    b'{"a":"1"}{"a":"2"}', b'{"a":\n"1"}', b'{"a":"1\n"}', b'{\n"a":"1"\n}', b'{"a":"1"',
    b'"a":"1"}', b'{"a":"1"}x', b'x{"a":"1"}',
    b'{"a":"\xc0\x80"}', b'{"a":"\xed\xa0\x80"}', b'{"a":"\xf4\x90\x80\x80"}', b'{"a":"\xe1\xbb"}',
    b'{"a":"\xbb"}', b'{"\xff":"1"}', b'{"a":"1" "b":"2"}', b'{"a""1"}', b'{"a":"1":"b"}',
    b'{"a","b"}', b'{"a":"b"c"}', b'{"a":tru}', b'{"a":truefalse}', b'{"a":true "b":true}',
    b'{"a" : "1" , "b" : true }', b'{ "a":  "1"}', b'{"a":"1"} ', b' {"a":"1"}', b'{"":"x"}',
    b'{"a":"[{|}]"}', b'{"a":"x","b":2}', b'{"a":{}}', b'{"a":[]}', b'{"a":"\\""}', b'{"a":"\x7f"}',
    b'{"z":"2022-10-31T08:30:00Z","a":1}', b'{"z":"10:20:30"}', b"{,}", b'{"a"}', b'{:"a"}',
    b'{"a":"1"}\r\r', b'{"a":"1"}\x00', b'/*{"a":"1"}*/', b'{"a":"1"}//', b'{"a":Infinity}',
    b'{"a":-1e5}', b'{"a":"\xe2\x80\xa8"}', b'{"ngaySinh":"1990-02-03","ngaySinh":null}',
]  # fmt: skip
_SIGNS = [
    *(bytes([sign]) for sign in b'{}[]",:\\ \t\r\n\0\x01\x1a\x7f\xff\xc3\xa9\xe1\xbb\x87\xed'),
    b"true", b"false", b"null", b"1", b"-", b".5", b"NaN", b"\xef\xbb\xbf", b"\\u0000", b"\\ud800",
    b'"a":"b",', b',"hoTen":null', b'"daXoa":"x",', b"}\n{", b"}{", b"},", b'":"', b'","', b"a",
]  # fmt: skip
_VALUES = [
    '"1"', '"x y"', '""', "true", "false", "null", "0", "1.5", '"2022-10-31"', "[]", '{"c":"1"}',
    '"2022-10-31T08:30:00+07:00"', '":"', '","', '"\\n"', '"Nguyễn"', "tru", "'x'", '"', "",
]  # fmt: skip

Found = tuple[dict[int, dict[str, Any]], dict[int, tuple[str, str]], set[str]]


def found(body: bytes, *, flat: bool) -> Found:
    """Values with their kinds by line, problems by line, and the names of all fields."""
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
            assert line not in values
            values[line] = {n: (type(v), v) for n, v in record.items() if v is not None}
    return values, problems, names


def in_bulk(body: bytes) -> set[int]:
    """The numbers of the lines that are read into columns."""
    batches = ndjson.read_flat(io.BytesIO(body))
    return {n for b in batches if isinstance(b, Columns) for n in b.lines.to_pylist()}


def clean(count: int) -> list[bytes]:
    """Different records of texts, a flag and a null."""
    return [
        json.dumps({**RECORD, "soDinhDanh": f"{n:012d}"}, ensure_ascii=False).encode()
        for n in range(count)
    ]


def hostile(draw: random.Random, line: bytes) -> bytes:
    """A line that is odd in a known way, damaged, or made of members as they come."""
    way = draw.randrange(4)
    if way == 0:
        return draw.choice(ODD)
    if way == 1:
        return _members(draw)
    damaged = bytearray(line)
    for _ in range(draw.randrange(1, 4)):
        at = draw.randrange(len(damaged) + 1)
        damaged[at : at + draw.randrange(4)] = draw.choice((b"", *_SIGNS))
    return bytes(damaged)


def _members(draw: random.Random) -> bytes:
    members = [
        f'"{draw.choice(("a", "b", "hoTen", "daXoa"))}"{draw.choice((":", ": ", " :"))}'
        f"{draw.choice(_VALUES)}"
        for _ in range(draw.randrange(4))
    ]
    return "{{{}}}".format(draw.choice((",", ", ", ",,", " ")).join(members)).encode()
