"""What a source packs small: refused at a bound, without a word of its content."""

import gzip
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dean06.errors import ContractError
from dean06.load.stage import _presentable
from dean06.wire import csv
from dean06.wire.answers import DAMAGED
from dean06.wire.http import at_same_place
from dean06.wire.unpacked import Unpacked


def test_a_gzip_stream_is_read_up_to_its_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    packed = gzip.compress(b"x" * 1000)
    monkeypatch.setenv("DEAN06_MAX_UNPACKED_BYTES", "1000")
    assert len(Unpacked(io.BytesIO(packed)).read()) == 1000
    monkeypatch.setenv("DEAN06_MAX_UNPACKED_BYTES", "999")
    for ask in (
        lambda s: s.read(),
        lambda s: s.read(1000),
        lambda s: s.read1(2000),
        lambda s: s.readline(),
    ):
        with pytest.raises(ContractError, match="more than 999 bytes"):
            ask(Unpacked(io.BytesIO(packed)))


@given(content=st.binary(max_size=3000), damage=st.data())
def test_a_damaged_stream_ends_in_an_error_that_readers_know(
    content: bytes, damage: st.DataObject
) -> None:
    packed = bytearray(gzip.compress(content, mtime=0))
    place = damage.draw(st.integers(0, len(packed) - 1))
    if damage.draw(st.booleans()):
        del packed[place:]
    else:
        packed[place] ^= damage.draw(st.integers(1, 255))
    for read in (Unpacked.read, Unpacked.read1, Unpacked.readline):
        found, chunk = b"", b""
        stream = Unpacked(io.BytesIO(bytes(packed)))
        try:
            while chunk := read(stream, 700):
                found += chunk
        except DAMAGED:
            continue
        # A header's time, name and system say nothing of the content; an empty file is empty.
        assert found == content or not packed


def test_several_streams_in_one_file_are_one_text() -> None:
    packed = gzip.compress(b"one\n") + gzip.compress(b"two\n") + bytes(8)
    assert Unpacked(io.BytesIO(packed)).read() == b"one\ntwo\n"


def test_a_line_break_outside_of_quotes_is_one_problem() -> None:
    (batch,) = csv.read(io.BytesIO(b'a,b\n"1\n"x\ry",2\n3,4\n'))
    assert batch.records[-1] == {"a": "3", "b": "4"}
    assert [problem.code for problem in batch.problems][-1] == "unclosed_quote"


def test_unknown_names_are_shown_without_what_no_text_can_hold() -> None:
    assert _presentable({"a\x00b", "so 082190000001\n"}) == {"a#b", "so ##"}


def test_a_token_goes_to_no_other_server() -> None:
    known = "http://127.0.0.1:8000/fhir"
    assert at_same_place(known, "http://127.0.0.1:8000/file/1").endswith("/file/1")
    for other in ("http://127.0.0.1:8001/x", "https://127.0.0.1:8000/x", "file:///etc/passwd", "x"):
        with pytest.raises(ContractError, match="a server other than its own"):
            at_same_place(known, other)
