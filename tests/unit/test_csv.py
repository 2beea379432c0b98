"""CSV: whatever a line holds, its fields are those that Python's own reader finds."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dean06.wire import csv as format_csv
from dean06.wire.records import MAX_FIELD_CHARACTERS, Batch

_TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\r\n\x00"), max_size=8)


def read(body: str, delimiter: str = ",") -> Batch:
    """All of a small file."""
    (batch,) = format_csv.read(io.BytesIO(body.encode()), delimiter)
    return batch


@given(
    st.lists(st.lists(_TEXT, min_size=3, max_size=3), min_size=1, max_size=5),
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    st.sampled_from(",;"),
)
def test_fields_come_back_as_written(rows: list[list[str]], quoting: int, delimiter: str) -> None:
    written = io.StringIO()
    csv.writer(written, delimiter=delimiter, quoting=quoting).writerows([["a", "b", "c"], *rows])  # type: ignore[arg-type]
    found = read(written.getvalue(), delimiter)
    assert not found.problems
    assert [list(record.values()) for record in found.records] == [
        [value or None for value in row] for row in rows
    ]


@given(st.text(st.sampled_from('ab,;" '), max_size=12))
def test_a_line_has_the_fields_that_the_reader_finds(line: str) -> None:
    if not line or line.count('"') % 2:
        return
    assert format_csv._fields(line, ",") == [
        value or None for value in next(csv.reader([line]), [])
    ]


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("1,2\x00,3", "nul_byte"),
        ("1,2", "wrong_field_count"),
        ("1,2,3,4", "wrong_field_count"),
        (f"1,{'x' * (MAX_FIELD_CHARACTERS + 1)},3", "oversized_field"),
        ('1,"2,3', "unclosed_quote"),
    ],
)
def test_a_bad_line_is_one_problem_and_its_neighbours_are_read(line: str, problem: str) -> None:
    found = read(f"a,b,c\n1,2,3\n{line}\n4,5,6\n")
    assert [each.code for each in found.problems] == [problem]
    assert [record["a"] for record in found.records] == ["1", "4"]


def test_a_long_line_of_short_fields_is_no_problem() -> None:
    names = [f"c{n}" for n in range(MAX_FIELD_CHARACTERS // 2)]
    found = read(",".join(names) + "\n" + ",".join("xyz" for _ in names) + "\n")
    assert not found.problems
