"""CSV: whatever a line holds, its fields are those that Python's own reader finds."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dean06.errors import ContractError
from dean06.wire import csv as format_csv
from dean06.wire.records import MAX_FIELD_CHARACTERS, Batch

_TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\r\n\x00\x1a"), max_size=8)


def read(body: str, delimiter: str = ",") -> Batch:
    """All of a small file."""
    return next(format_csv.read(io.BytesIO(body.encode()), delimiter), Batch())


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
        [value or None for value in row] for row in rows if any(value.strip(" ") for value in row)
    ]


def by_hand(line: str) -> list[str] | None:
    """The fields of a line by RFC 4180, sign by sign; None when its quotes are not as agreed."""
    fields, at = [""], 0
    while at < len(line):
        if line[at] == '"' and not fields[-1] and (at == 0 or line[at - 1] == ","):
            at += 1
            while line[at : at + 1] and (line[at] != '"' or line[at : at + 2] == '""'):
                fields[-1] += line[at]
                at += 2 if line[at] == '"' else 1
            if line[at : at + 1] != '"' or line[at + 1 : at + 2] not in ("", ","):
                return None
        elif line[at] == ",":
            fields.append("")
        else:
            fields[-1] += line[at]
        at += 1
    return fields


@given(st.text(st.sampled_from('ab,;" '), max_size=12))
def test_a_line_has_the_fields_that_the_standard_gives_it(line: str) -> None:
    fields = by_hand(line)
    assert format_csv._fields(line, ",") == (fields and [value or None for value in fields])


@given(st.lists(st.text(st.sampled_from('ab,;" '), max_size=12), max_size=4))
def test_odd_quotes_never_cost_a_record_without_quotes(lines: list[str]) -> None:
    found = read("a,b\n" + "".join(f"{line}\nplain,{n}\n" for n, line in enumerate(lines)))
    plain = [record["b"] for record in found.records if record["a"] == "plain"]
    swallowed = sum(str(record).count("plain,") for record in found.records)
    assert len(plain) + swallowed == len(lines)


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("1,2\x00,3", "nul_byte"),
        ("1,2", "wrong_field_count"),
        ("1,2,3,4", "wrong_field_count"),
        (f"1,{'x' * (MAX_FIELD_CHARACTERS + 1)},3", "oversized_field"),
        ('1,"2,3', "unclosed_quote"),
        ('1,"2" x,3', "text_after_quote"),
        ('1,"2"",3', "unclosed_quote"),
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


@pytest.mark.parametrize(
    "body",
    [
        "\ufeffa,b\n1,2\n",
        "\ufeff\ufeffa,b\n1,2\n",
        "a,b\r\n1,2\r\n\x1a",
        "a,b\n1,2\x1a",
        "a,b\n1,2\n\x1a\n",
        "sep=,\na,b\n1,2\n",
        "\ufeffsep=;\r\na;b\r\n1;2\r\n",
        '"sep=;"\na;b\n1;2\n',
        "a,b\n,\n1,2\n , \n\n",
        'a,b\n1,2\n"",""\n',
        "a,b,,\n1,2,,\n",
        "a,,b\n1,,2\n",
        "a,b,,\n1,2\n",
        ' a ,"b\n"\n1,2\n',
    ],
    ids=repr,
)
def test_what_spreadsheet_programs_add_is_no_data(body: str) -> None:
    found = read(body)
    assert not found.problems
    assert found.records == [{"a": "1", "b": "2"}]


def test_a_value_below_no_title_and_a_row_too_long_are_problems() -> None:
    found = read("a,b,\n1,2,3\n1,2,,\n1,2,\n")
    assert [each.code for each in found.problems] == ["wrong_field_count"] * 2
    assert found.lines == [4]


def test_lines_are_counted_from_the_beginning_of_the_file() -> None:
    found = read('sep=,\na,b\n\n1,"x\ny"\nbad\n')
    assert (found.lines, [each.line for each in found.problems]) == ([5], [6])


@pytest.mark.parametrize("header", ["a,b,a", "a,b, a ", "a,b,,a,", "Tên,Te\u0302n", '"a\nb",a b'])
def test_a_title_that_stands_twice_is_refused(header: str) -> None:
    with pytest.raises(ContractError, match="names a column twice"):
        read(f"{header}\n1,2,3\n")


def test_an_unclosed_quote_before_a_quoted_field_is_one_bad_record() -> None:
    found = read('a,b\n1,"x\n2,y\n3,"z"\n4,"v\nw"\n')
    assert [(each.line, each.code) for each in found.problems] == [(2, "unclosed_quote")]
    assert [record["a"] for record in found.records] == ["2", "3", "4"]


def test_an_unclosed_quote_is_one_bad_record() -> None:
    text = 'a,b\n1,"x\n' + "".join(f"{n},y\n" for n in range(2, 80)) + '80,"two\nlines"\n'
    batch = read(text)
    assert [(p.line, p.code) for p in batch.problems] == [(2, "unclosed_quote")]
    assert len(batch.records) == 79
    assert batch.lines[-1] == 82


def test_a_csv_header_is_read_with_its_byte_order_mark_and_refused_when_ambiguous() -> None:
    batch = read('\ufeff"a",b\n1,2\n')
    assert batch.records == [{"a": "1", "b": "2"}]
    with pytest.raises(ContractError, match="twice"):
        read("a,a\n1,2\n")
    with pytest.raises(ContractError, match="no header"):
        read("")
