"""Two expectations about how a code is built: its shape, and that of a personal ID.

Importing the module registers ``expect_column_values_to_have_shape`` and
``expect_column_values_to_be_personal_ids``.
"""

import re
from typing import Any, ClassVar

import sqlalchemy as sa
from great_expectations.execution_engine import SqlAlchemyExecutionEngine
from great_expectations.expectations.expectation import ColumnMapExpectation
from great_expectations.expectations.metrics.map_metric_provider import (
    ColumnMapMetricProvider,
    column_condition_partial,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from dean06.rules.duckdb_sql import matches
from dean06.rules.quickly import quickly

_PERSONAL_ID = "000000000000"
_PROVINCES = (
    "001 002 004 006 008 010 011 012 014 015 017 019 020 022 024 025 026 027 030 031 033 034 035 "
    "036 037 038 040 042 044 045 046 048 049 051 052 054 056 058 060 062 064 066 067 068 070 072 "
    "074 075 077 079 080 082 083 084 086 087 089 091 092 093 094 095 096"
)
"""Of birth registration (TT 59/2021/TT-BCA); a personal ID keeps them whatever a reform does."""
_CENTURIES_AND_SEXES = ("0", "1", "2", "3")
"""Of births from 1900 to 2099."""


class shaped(FunctionElement[bool]):  # noqa: N801  # reads as the function it is
    """Whether a text has one of these shapes, a 0 standing for any digit.

    Shapes may hold neither ``%`` nor ``_``.
    """

    name = "shaped"
    type = sa.Boolean()
    inherit_cache = False

    def __init__(self, column: Any, *shapes: str) -> None:
        super().__init__(column)
        self.column, self.shapes = column, shapes


@compiles(shaped)
def _in_postgresql(element: shaped, compiler: Any, **kw: Any) -> str:
    """What is left without its digits is the shape's own, and stands where the shape has it: so all
    else is digits. A regular expression says the same; PostgreSQL works one out again for every
    row."""
    without_digits = sa.func.translate(element.column, "0123456789", "")
    condition = sa.or_(
        *(
            (without_digits == shape.replace("0", ""))
            & element.column.like(shape.replace("0", "_"))
            for shape in element.shapes
        )
    )
    return str(compiler.process(condition.self_group(), **kw))


@compiles(shaped, "duckdb")
def _in_duckdb(element: shaped, compiler: Any, **kw: Any) -> str:
    either = "|".join(
        re.sub("0+", lambda digits: f"[0-9]{{{len(digits.group())}}}", re.escape(shape))
        for shape in element.shapes
    )
    return matches(compiler, element.column, f"^(?:{either})$", **kw)


class _ColumnValuesShape(ColumnMapMetricProvider):  # type: ignore[misc]  # untyped
    """Text of one of the agreed shapes."""

    condition_metric_name = "column_values.shape"
    condition_value_keys = ("shapes",)

    @column_condition_partial(engine=SqlAlchemyExecutionEngine)  # type: ignore[untyped-decorator]
    def _sqlalchemy(cls, column: Any, shapes: list[str], **_: Any) -> Any:  # noqa: N805
        return shaped(column, *shapes)


class ExpectColumnValuesToHaveShape(ColumnMapExpectation):  # type: ignore[misc]
    """``shapes``: which are agreed, a 0 standing for any digit. NULLs are ignored."""

    shapes: list[str]

    map_metric: ClassVar[str] = "column_values.shape"
    success_keys: ClassVar[tuple[str, ...]] = ("shapes", "mostly")
    args_keys: ClassVar[tuple[str, ...]] = ("column", "shapes")


class _ColumnValuesPersonalId(ColumnMapMetricProvider):  # type: ignore[misc]  # untyped
    """Text built as a personal identification number."""

    condition_metric_name = "column_values.personal_id"
    condition_value_keys = ("or_shapes",)

    @column_condition_partial(engine=SqlAlchemyExecutionEngine)  # type: ignore[untyped-decorator]
    def _sqlalchemy(cls, column: Any, or_shapes: list[str], **_: Any) -> Any:  # noqa: N805
        is_one = (
            sa.func.substr(column, 1, 3).in_(_PROVINCES.split())
            & sa.func.substr(column, 4, 1).in_(_CENTURIES_AND_SEXES)
            & shaped(column, _PERSONAL_ID)
        )
        exact = sa.or_(is_one, *(shaped(column, shape) for shape in or_shapes))
        provinces = "|".join(_PROVINCES.split())
        look = column.regexp_match(f"^(?:{provinces})[0-3][0-9]{{8}}$")
        return quickly(look, exact)


class ExpectColumnValuesToBePersonalIds(ColumnMapExpectation):  # type: ignore[misc]
    """Built as NĐ 137/2015/NĐ-CP, điều 13, has it: province of birth, century and sex, year, six
    digits (``core.is_personal_id`` says the same of one). NULLs are ignored.

    ``or_shapes``: others that a source may send, such as an old number of nine digits.
    """

    or_shapes: list[str]

    map_metric: ClassVar[str] = "column_values.personal_id"
    success_keys: ClassVar[tuple[str, ...]] = ("or_shapes", "mostly")
    args_keys: ClassVar[tuple[str, ...]] = ("column", "or_shapes")
