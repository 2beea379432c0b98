"""One expectation about names: text that has not been through a wrong encoding.

Importing the module registers ``expect_column_values_to_be_vietnamese_text``. Each ``problem`` is a
rule of its own, so that counts say what happened to the names of a delivery. Letters of minorities'
and foreigners' names (``H'Hen Niê``, ``K'Brêu``, ``Müller``, ``O’Brien``) are no problem.
"""

import string
from collections.abc import Callable
from typing import Any, ClassVar, Literal

import sqlalchemy as sa
from great_expectations.execution_engine import SqlAlchemyExecutionEngine
from great_expectations.expectations.expectation import ColumnMapExpectation
from great_expectations.expectations.metrics.map_metric_provider import (
    ColumnMapMetricProvider,
    column_condition_partial,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from dean06.rules import legacy_syllables as legacy
from dean06.rules.duckdb_sql import matches
from dean06.rules.quickly import quickly

_CONTINUED = "\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ"
"""The second byte of a letter in UTF-8, as Latin-1 and Windows-1252 show it."""
_DOUBLE_UTF8 = f"[ÂÃĂÄÅÆÌ][{_CONTINUED}]|á[º»]|â[€‚„†]"
"""The first byte of the letters that Vietnamese has, and the second one."""
_STILL_ENCODED = (
    "&#?[0-9A-Za-z]{2,8};|%[0-9A-F]{2}%[0-9A-F]{2}|\\\\u[0-9A-Fa-f]{4}|_x[0-9A-Fa-f]{4}_"
)
"""As HTML, URLs, JSON and workbooks write letters."""
_LOST = ("?", "\ufffd")
"""What stands for a character that was not there in the other code, or could not be decoded."""
_PLACEHOLDERS = (
    "null", "(null)", "none", "undefined", "nan", "n/a", "#n/a", "unknown",
    "không có", "không rõ", "chưa có", "chưa rõ",
)  # fmt: skip
"""What programs and people write where there is no name."""
_OTHER_ALPHABETS = (
    "\u0370-\u03ff\u0400-\u052f\u0530-\u058f\u13a0-\u13ff\u1c80-\u1c8f\u1f00-\u1fff\uab70-\uabbf"
    "\uff10-\uff19\uff21-\uff3a\uff41-\uff5a\U0001d400-\U0001d7ff\ue000-\uf8ff"
)
"""Greek, Cyrillic, Armenian, Cherokee, full-width and mathematical letters and digits, and the
private codes of fonts."""
_LOOKALIKE = f"[{_OTHER_ALPHABETS}\u0189]|(^| )[ÐðƉ]"
"""Also eth and the African d where đ should stand: at the beginning of a word."""
_DIGITS = "[0-9]"
_MARKS = "[\u0300-\u036f]"
"""Accents that stand apart."""


class _ColumnValuesVietnameseText(ColumnMapMetricProvider):  # type: ignore[misc]  # untyped
    """Text without one of the traces that a wrong encoding leaves."""

    condition_metric_name = "column_values.vietnamese_text"
    condition_value_keys = ("problem", "among")

    @column_condition_partial(engine=SqlAlchemyExecutionEngine)  # type: ignore[untyped-decorator]
    def _sqlalchemy(
        cls,  # noqa: N805
        column: Any,
        problem: str,
        among: dict[str, str] | None = None,
        **_: Any,
    ) -> Any:
        right = quickly(_is_ordinary(column), _PROBLEMS[problem](column), shared=True)
        others = (sa.column(name, sa.Text()) != value for name, value in (among or {}).items())
        return sa.or_(right, *others)


class ExpectColumnValuesToBeVietnameseText(ColumnMapExpectation):  # type: ignore[misc]
    """``problem``: what the text must not show; NULLs are ignored.

    - ``tcvn3``, ``vni``: a word of a font from before Unicode (``NguyÔn V¨n Hïng``);
    - ``double_utf8``: UTF-8 decoded as another code (``Nguyá»…n``), or text of HTML, a URL or JSON
      that was not decoded (``L&ecirc;``);
    - ``replacement``: characters lost to ``?`` or U+FFFD (``Nguy?n``), or all of them (``NULL``);
    - ``lookalike``: letters of other alphabets (Cyrillic ``Н`` in ``Нguyễn``), eth for đ;
    - ``digits``: digits;
    - ``nfd``: letters and accents apart that Unicode has as one.

    ``among``: other column → the value it has in the rows that are meant; rows with another value
    meet the rule. The names of organisations may have digits.
    """

    problem: Literal["tcvn3", "vni", "double_utf8", "replacement", "lookalike", "digits", "nfd"]
    among: dict[str, str] | None = None

    map_metric: ClassVar[str] = "column_values.vietnamese_text"
    success_keys: ClassVar[tuple[str, ...]] = ("problem", "among", "mostly")
    args_keys: ClassVar[tuple[str, ...]] = ("column", "problem", "among")


def _is_ordinary(column: Any) -> Any:
    """A look that says of most names that they show no problem: three words or more, letters of
    Vietnamese and ASCII alone, no sign of a legacy code."""
    letters = "".join(sorted(legacy.LETTERS - set(string.ascii_letters)))
    word = f"[A-Za-z{letters}]+"
    return column.regexp_match(f"^{word}(?: {word}){{2,}}$") & ~column.regexp_match(
        f"{legacy.LETTER_SIGNS}|{legacy.VNI_SIGNS}"
    )


def _without(pattern: str) -> Callable[[Any], Any]:
    return lambda column: ~column.regexp_match(pattern)


class _has_word(FunctionElement[bool]):  # noqa: N801  # reads as the function it is
    """Whether a text has a word, between spaces, that has a sign and is a syllable."""

    name = "has_word"
    type = sa.Boolean()
    inherit_cache = False

    def __init__(self, column: Any, signs: str, syllable: str) -> None:
        super().__init__(column)
        self.column, self.signs, self.syllable = column, signs, syllable


@compiles(_has_word)
def _in_postgresql(element: _has_word, compiler: Any, **kw: Any) -> str:
    pattern = legacy.word(element.signs, element.syllable)
    return str(compiler.process(element.column.regexp_match(pattern), **kw))


@compiles(_has_word, "duckdb")
def _in_duckdb(element: _has_word, compiler: Any, **kw: Any) -> str:
    """RE2 cannot look ahead, so the words are taken apart."""
    words = f"string_split({compiler.process(element.column, **kw)}, ' ')"
    word: sa.ColumnElement[str] = sa.literal_column("word")
    has_sign = matches(compiler, word, element.signs, **kw)
    is_syllable = matches(compiler, word, f"^(?:{element.syllable})$", **kw)
    return f"len(list_filter({words}, lambda word: {has_sign} and {is_syllable})) > 0"


def _without_word(signs: str, syllable: str) -> Callable[[Any], Any]:
    """The signs first: few names have one, and the pattern of a word takes its time."""
    return lambda column: sa.case(
        (column.regexp_match(signs), ~_has_word(column, signs, syllable)), else_=sa.true()
    )


def _composed(column: Any) -> Any:
    """Accents apart are looked for first: ``normalize`` takes six times as long."""
    return sa.case(
        (column.regexp_match(_MARKS), sa.func.normalize(column) == column), else_=sa.true()
    )


def _decoded_once(column: Any) -> Any:
    """The signs of what is still encoded first: hardly a name has one."""
    return ~column.regexp_match(_DOUBLE_UTF8) & sa.case(
        (column.regexp_match(r"[&%\\_]"), ~column.regexp_match(_STILL_ENCODED)), else_=sa.true()
    )


def _complete(column: Any) -> Any:
    is_whole = sa.and_(*(sa.func.strpos(column, sign) == 0 for sign in _LOST))
    return is_whole & sa.func.lower(sa.func.btrim(column)).not_in(_PLACEHOLDERS)


_PROBLEMS: dict[str, Callable[[Any], Any]] = {
    "tcvn3": _without_word(legacy.TCVN3_SIGNS, legacy.TCVN3_SYLLABLE),
    "vni": _without_word(legacy.VNI_SIGNS, legacy.VNI_SYLLABLE),
    "double_utf8": _decoded_once,
    "replacement": _complete,
    "lookalike": _without(_LOOKALIKE),
    "digits": _without(_DIGITS),
    "nfd": _composed,
}
