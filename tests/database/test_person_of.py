"""Two names of one person are one, however they are written; two persons stay two."""

import sys
import unicodedata

import pytest

from dean06.trail.logins import is_same_person
from dean06.warehouse import transaction
from tests.lib.loading import rows

pytestmark = pytest.mark.usefixtures("warehouse")
UNSEEN = {"Cc", "Cf", "Zl", "Zp", "Zs"}
"""Unicode's categories of controls, format characters and separators."""
ALSO_UNSEEN = "\u034f\u115f\u1160\u2800\u3164\ufe0f\uffa0\ufff0\ufffc\U0001d159\U000e0100"
"""Joiners, fillers, selectors and what stands for nothing: to Unicode marks, letters, symbols or
unassigned."""


def test_no_character_that_nobody_sees_makes_another_person() -> None:
    every = (chr(code) for code in range(1, sys.maxunicode + 1))
    unseen = [sign for sign in every if unicodedata.category(sign) in UNSEEN]
    names = [f"{sign}os:{sign}l{sign}an{sign}" for sign in [*unseen, *ALSO_UNSEEN]]
    assert len(names) > 200
    told = rows("select distinct ops.person_of(name) from unnest(cast(:names as text [])) as name",
                names=names)  # fmt: skip
    assert told == [("lan",)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Lan", "lan"), ("ĐỨC", "đức"), ("đức", unicodedata.normalize("NFD", "ĐỨC")),
        ("ﬁ", "fi"), ("ＬＡＮ", "lan"), ("os:db:OS:lan", "lan"), ("os: lan", "lan"),
        ("a\u200b\u0301", "á"), ("ⓛan", "lan"), ("lan²", "lan2"),
    ],
)  # fmt: skip
def test_one_person_with_two_spellings(one: str, other: str) -> None:
    with transaction() as session:
        assert is_same_person(session, one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("lan", "lân"), ("lan", "lan2"), ("duc", "đức"), ("oslan", "lan"), ("", "lan")],
)
def test_two_persons_stay_two(one: str, other: str) -> None:
    with transaction() as session:
        assert not is_same_person(session, one, other)


def test_every_constraint_that_compares_persons_uses_the_function() -> None:
    """A constraint that names two columns of people without it compares spellings."""
    found = rows(
        """select conname::text, pg_get_constraintdef(oid) from pg_constraint
           where contype = 'c' and connamespace in ('ops'::regnamespace, 'mart'::regnamespace)"""
    )
    comparing = {
        name: text
        for name, text in found
        if sum(f"{word}_by" in text for word in ("asked", "decided", "proposed", "lifted")) > 1
        and "<>" in text.replace("<> ''", "")
    }
    assert set(comparing) == {
        "a_second_person_approves", "two_persons_release", "two_persons_lift"
    }  # fmt: skip
    for name, text in comparing.items():
        assert text.count("person_of") >= 2, name
    assert rows("select provolatile from pg_proc where oid = 'ops.person_of(text)'::regprocedure"
                ) == [("i",)]  # fmt: skip
