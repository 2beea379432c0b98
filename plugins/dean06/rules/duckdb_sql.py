"""DuckDB's SQL: conditions of rules, which speak PostgreSQL's, as the columnar engine writes them.

Here stands, once, whatever has another spelling there. What is not known to mean the same in both
is refused. ``tests/database/test_engines_alike.py`` compares the verdicts of both engines.
"""

import re
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql.base import PGCompiler, PGDialect, PGIdentifierPreparer

from dean06.errors import ContractError
from dean06.rules.patterns import re2
from dean06.rules.variables import Codes, Variable

_ALIKE = frozenset(
    ("avg", "coalesce", "concat", "concat_ws", "count", "floor", "left", "length", "max", "min",
     "moment_of", "right", "strpos", "substr", "sum", "timezone")
)  # fmt: skip
"""Functions that have one name and one meaning in both engines."""
_CHECKS = {"date": "is_date", "timestamp": "is_moment", "timestamptz": "is_moment",
           "jsonb": "is_json"}  # fmt: skip
"""Type → the macro that says whether PostgreSQL takes a text for one, if the text has digits where
ISO 8601 has them."""
_SHORT = 16
"""Longer lists are looked up by a pattern."""
_FORMATS = {"YYYY-MM-DD": "%Y-%m-%d"}


class _Quoted(PGIdentifierPreparer):
    """Quotes every name: DuckDB reserves other words."""

    def _requires_quotes(self, value: str) -> bool:  # noqa: ARG002
        return True


class _Compiler(PGCompiler):
    """Spellings. SQLAlchemy finds a method by the name of the function or operator it is for."""

    def visit_custom_op_binary(self, element: Any, operator: Any, **kw: Any) -> str:
        if operator.opstring not in ("~", "!~"):
            raise ContractError(
                f"the columnar engine does not support operator {operator.opstring}"
            )
        return self._matches(element, is_negative=operator.opstring == "!~", **kw)

    def visit_regexp_match_op_binary(self, binary: Any, operator: Any, **kw: Any) -> str:  # noqa: ARG002
        return self._matches(binary, is_negative=False, **kw)

    def visit_not_regexp_match_op_binary(self, binary: Any, operator: Any, **kw: Any) -> str:  # noqa: ARG002
        return self._matches(binary, is_negative=True, **kw)

    def _matches(self, binary: Any, *, is_negative: bool, **kw: Any) -> str:
        """``~`` finds a part in PostgreSQL; in DuckDB it must match the whole."""
        if binary.modifiers.get("flags"):
            raise ContractError("the columnar engine does not support flags of regular expressions")
        found = matches(self, binary.left, binary.right.value, **kw)
        return f"NOT {found}" if is_negative else found

    def visit_collate_binary(self, binary: Any, operator: Any, **kw: Any) -> str:  # noqa: ARG002
        """DuckDB compares bytes, as collation C does, if nothing else is said."""
        if binary.right.collation != "C":
            raise ContractError(f"the columnar engine does not support {binary.right.collation}")
        return str(self.process(binary.left, **kw))

    def visit_in_op_binary(self, binary: Any, operator: Any, **kw: Any) -> str:  # noqa: ARG002
        plain: str = self._generate_generic_binary(binary, " IN ", **kw)
        return self._listed(binary, **kw) or plain

    def visit_not_in_op_binary(self, binary: Any, operator: Any, **kw: Any) -> str:  # noqa: ARG002
        plain: str = self._generate_generic_binary(binary, " NOT IN ", **kw)
        found = self._listed(binary, **kw)
        return f"NOT {found}" if found else f"({plain})"

    def _listed(self, binary: Any, **kw: Any) -> str | None:
        """A long list of texts as a pattern: DuckDB compares a list one by one, 170 codes of
        communes in six times the time."""
        listed: Any = getattr(binary.right, "value", None) or ()
        if len(listed) == 1 and isinstance(listed[0], Codes):
            text = self.process(binary.left, **kw)
            return f"regexp_matches({text}, {variable(listed[0])})"
        if len(listed) <= _SHORT or not all(isinstance(value, str) for value in listed):
            return None
        return matches(self, binary.left, f"^(?:{'|'.join(map(re.escape, listed))})$", **kw)

    def render_literal_value(self, value: Any, type_: Any) -> str:
        """A variable has the value that each load gives it."""
        if isinstance(value, Variable):
            return variable(value)
        return str(super().render_literal_value(value, type_))  # type: ignore[no-untyped-call]

    def visit_like_op_binary(self, binary: Any, operator: Any, **kw: Any) -> str:
        """A backslash escapes in PostgreSQL; in DuckDB nothing does unless it is said."""
        written: str = super().visit_like_op_binary(binary, operator, **kw)  # type: ignore[no-untyped-call]
        return f"{written} ESCAPE '\\'" if "\\" in written else written

    def visit_cast(self, cast: Any, **kw: Any) -> str:
        """DuckDB may evaluate ahead what CASE guards, and an error would end the load."""
        written: str = super().visit_cast(cast, **kw)  # type: ignore[no-untyped-call]
        return f"TRY_{written}"

    def visit_function(self, func: Any, *args: Any, **kw: Any) -> str:
        name = func.name.lower()
        if name not in _ALIKE and not hasattr(self, f"visit_{name}_func"):
            raise ContractError(f"the columnar engine does not support function {name}")
        return str(super().visit_function(func, *args, **kw))

    def visit_pg_input_is_valid_func(self, func: Any, **kw: Any) -> str:
        text, kind = func.clauses
        return f"core.{_CHECKS[kind.value]}({self.process(text, **kw)})"

    def visit_to_char_func(self, func: Any, **kw: Any) -> str:
        moment, written = func.clauses
        return f"strftime({self.process(moment, **kw)}, '{_FORMATS[written.value]}')"

    def visit_normalize_func(self, func: Any, **kw: Any) -> str:
        return f"nfc_normalize{self.function_argspec(func, **kw)}"

    def visit_btrim_func(self, func: Any, **kw: Any) -> str:
        """Of spaces alone, as PostgreSQL; DuckDB's would take other white space too."""
        (text,) = func.clauses
        return f"trim({self.process(text, **kw)}, ' ')"

    def visit_lower_func(self, func: Any, **kw: Any) -> str:
        return f"lower{self.function_argspec(func, **kw)}"


class DuckDB(PGDialect):
    """The dialect that compiles conditions; it connects to nothing."""

    name = "duckdb"
    statement_compiler = _Compiler
    preparer = _Quoted
    supports_statement_cache = False
    _backslash_escapes = False


def text_of(condition: sa.ColumnElement[bool]) -> str:
    """A condition as DuckDB's SQL: true or false for every row, with its literals.

    What PostgreSQL leaves unknown (NULL) is false. Raises ContractError for what has no known
    spelling.
    """
    return f"coalesce({compiled(condition)}, false)"


def compiled(statement: sa.sql.ClauseElement) -> str:
    """A query or a part of one as DuckDB's SQL, with its literals. Raises as ``text_of``."""
    # With another style of parameters SQLAlchemy would double every percent sign.
    dialect = DuckDB(paramstyle="named")  # type: ignore[no-untyped-call]
    return str(statement.compile(dialect=dialect, compile_kwargs={"literal_binds": True}))


def matches(compiler: Any, subject: Any, pattern: str, **kw: Any) -> str:
    """Whether a pattern of PostgreSQL is somewhere in a text."""
    return f"regexp_matches({compiler.process(subject, **kw)}, {quoted(re2(pattern))})"


def variable(name: Variable) -> str:
    """What a load gives by that name; NULL when nothing."""
    return f"getvariable({quoted(name)})"


def quoted(text: str) -> str:
    """A literal."""
    return "'" + text.replace("'", "''") + "'"
