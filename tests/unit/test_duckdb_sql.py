"""What a rule may say in PostgreSQL's SQL that has no counterpart in DuckDB is refused by name."""

from typing import Any

import duckdb
import pytest
import sqlalchemy as sa

from dean06.errors import ContractError
from dean06.rules.compiled import ScanRule, any_broken, passes
from dean06.rules.duckdb_sql import text_of
from dean06.rules.patterns import re2

VALUE: sa.ColumnElement[str] = sa.column("value", sa.Text())


@pytest.mark.parametrize(
    "pattern",
    [r"\mword", r"(a)\1", r"(?=a)", r"(?i)a", "***=a", "[[:alpha:]]", "[[.a.]]", r"\w", r"[\S]",
     r"\x41", "[]a]", "[^]a]", "a\\"],
)  # fmt: skip
def test_a_pattern_that_may_mean_something_else_is_refused(pattern: str) -> None:
    with pytest.raises(ContractError, match=r"^regular expression: "):
        re2(pattern)


@pytest.mark.parametrize(
    ("pattern", "text"),
    [("a.b", "a\nb"), (r"^\s$", "\u3000"), (r"[^\s]", "x"), (r"^\u00e9$", "é"), (r"\.$", "a."),
     ("[[:space:]]", "\x85"), ("^[&%\\\\_]$", "\\"), ("[[a]", "["), ("(?:ab)+$", "abab")],
)  # fmt: skip
def test_a_pattern_finds_what_it_finds_in_postgresql(pattern: str, text: str) -> None:
    found = duckdb.execute("select regexp_matches($1, $2)", [text, re2(pattern)]).fetchall()
    assert found == [(True,)]


@pytest.mark.parametrize(
    ("condition", "named"),
    [
        (sa.func.similarity(VALUE, "a") > 1, "function similarity"),
        (VALUE.op("%>")("a"), "operator %>"),
        (sa.collate(VALUE, "vi-x-icu") < "a", "support vi-x-icu"),
        (VALUE.regexp_match("a", flags="i"), "support flags of regular expressions"),
    ],
)
def test_what_has_no_known_spelling_is_refused(condition: Any, named: str) -> None:
    with pytest.raises(ContractError, match=named):
        text_of(condition)


@pytest.mark.parametrize("value", ["'", "''; drop", "%", "%%", "\\", "\\'", ":a", "{0}", '"', "🇻"])
def test_literals_and_names_are_what_they_say(value: str) -> None:
    name = value.replace('"', "''") or "x"
    column: sa.ColumnElement[str] = sa.column(name, sa.Text())
    quoted = name.replace('"', '""')
    query = f'select {text_of(column == value)} from (select $1 as "{quoted}")'
    assert duckdb.execute(query, [value]).fetchall() == [(True,)]


def test_a_backslash_escapes_in_like_as_in_postgresql() -> None:
    condition = text_of(VALUE.like("a\\_"))
    query = f"select value from (values ('a_'), ('ab')) as given (value) where {condition}"
    assert duckdb.execute(query).fetchall() == [("a_",)]


def test_passes_hold_no_more_than_they_may_and_every_rule_once() -> None:
    rules = [
        ScanRule(number, "", True, "", look, nodes=nodes)
        for number, (look, nodes) in enumerate(
            [("a", 40), (None, 50), ("a", 30), ("b", 90), (None, 10), ("b", 200)], start=1
        )
    ]
    found = passes(rules, 100)
    assert [[rule.number for rule in each] for each in found] == [[2, 5, 1], [3], [4], [6]]


def test_a_look_spares_a_row_the_rules_that_share_it() -> None:
    rules = [
        ScanRule(1, "one", True, "value = 'a'", look="value > 'z'"),
        ScanRule(2, "two", True, "value = 'b'", look="value > 'z'"),
        ScanRule(3, "three", True, "value = 'zz'"),
    ]
    query = f"""select value from (values ('a'), ('b'), ('c'), ('zz'), (null)) as given (value)
                where {any_broken(rules)} order by value"""
    assert [value for (value,) in duckdb.execute(query).fetchall()] == ["a", "b", "zz"]
