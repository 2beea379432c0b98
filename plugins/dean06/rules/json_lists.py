"""One expectation about lists within a record: text that is a JSON list of agreed objects.

Importing the module registers ``expect_column_values_to_be_json_lists_of``. What an object must
hold is said in words of JSON Schema (https://json-schema.org/draft/2020-12), of which these are
known. Both engines derive their condition from that.
"""

import re
from collections.abc import Mapping
from typing import Any, ClassVar, Literal

import sqlalchemy as sa
from great_expectations.compatibility.pydantic import BaseModel, Extra
from great_expectations.execution_engine import SqlAlchemyExecutionEngine
from great_expectations.expectations.expectation import ColumnMapExpectation
from great_expectations.expectations.metrics.map_metric_provider import (
    ColumnMapMetricProvider,
    column_condition_partial,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from dean06.rules.duckdb_sql import quoted

_SPACE = "[ \t\n\r]*"


class Member(BaseModel, extra=Extra.forbid):  # type: ignore[call-arg,misc]  # untyped
    """What the value of a name must be, where there is one."""

    enum: list[str] | None = None
    """One of these texts."""
    pattern: str | None = None
    """If it is a text, one in which this is found."""
    type: Literal["integer"] | None = None
    """A whole number, of at most 15 digits but for zeros at its end, without a negative exponent:
    one that both engines hold exactly."""
    minimum: int | None = None
    exclusiveMaximum: int | None = None  # noqa: N815  # as JSON Schema writes it


class Items(BaseModel, extra=Extra.forbid):  # type: ignore[call-arg,misc]  # untyped
    """What each element must be: an object that gives no name twice."""

    type: Literal["object"]
    properties: dict[str, Member]
    required: tuple[str, ...] = ()


class _ColumnValuesJsonLists(ColumnMapMetricProvider):  # type: ignore[misc]  # untyped
    """Text that is a JSON list of agreed objects."""

    condition_metric_name = "column_values.json_lists_of"
    condition_value_keys = ("items",)

    @column_condition_partial(engine=SqlAlchemyExecutionEngine)  # type: ignore[untyped-decorator]
    def _sqlalchemy(cls, column: Any, items: Mapping[str, Any], **_: Any) -> Any:  # noqa: N805
        agreed = Items(**items)
        is_list = _every_element(column, agreed)
        odd = [_odd_number(name) for name, member in agreed.properties.items() if member.type]
        plain = [~column.regexp_match(pattern) for pattern in odd]
        # CASE, because SQL promises no order of evaluation for AND.
        return sa.case(
            (sa.and_(sa.func.pg_input_is_valid(column, "jsonb"), *plain), is_list),
            else_=sa.false(),
        )


class ExpectColumnValuesToBeJsonListsOf(ColumnMapExpectation):  # type: ignore[misc]
    """``items``: what each element must be, see ``Items``. NULLs are ignored."""

    items: Items

    map_metric: ClassVar[str] = "column_values.json_lists_of"
    success_keys: ClassVar[tuple[str, ...]] = ("items", "mostly")
    args_keys: ClassVar[tuple[str, ...]] = ("column", "items")


class _every_element(FunctionElement[bool]):  # noqa: N801  # reads as the function it is
    """Whether JSON text is a list in which every element is agreed."""

    name = "every_element"
    type = sa.Boolean()
    inherit_cache = False

    def __init__(self, column: Any, items: Items) -> None:
        super().__init__(column)
        self.column, self.items = column, items


@compiles(_every_element)
def _in_postgresql(element: _every_element, compiler: Any, **kw: Any) -> str:
    text = compiler.process(element.column, **kw)
    agreed = _agreed(element.items, "json_typeof(each -> {0})", "(each ->> {0})", "{0}")
    return (
        f"CASE WHEN json_typeof(CAST({text} AS json)) = 'array' THEN NOT EXISTS ("
        f"SELECT FROM json_array_elements(CAST({text} AS json)) AS listed (each) WHERE NOT CASE "
        "WHEN json_typeof(each) = 'object' THEN (SELECT count(*) = count(DISTINCT name) "
        f"FROM json_object_keys(each) AS keys (name)) AND {compiler.process(agreed, **kw)} "
        "ELSE false END) ELSE false END"
    )


@compiles(_every_element, "duckdb")
def _in_duckdb(element: _every_element, compiler: Any, **kw: Any) -> str:
    text = compiler.process(element.column, **kw)
    agreed = _agreed(
        element.items,
        "core.json_kind(json_extract(each, {0}))",
        "json_extract_string(each, {0})",
        '$."{0}"',
    )
    return (
        f"CASE WHEN json_type({text}) = 'ARRAY' THEN len(list_filter("
        f"json_extract({text}, '$[*]'), lambda each: NOT CASE WHEN json_type(each) = 'OBJECT' "
        f"THEN core.names_once(each) AND {compiler.process(agreed, **kw)} ELSE false END)) = 0 "
        "ELSE false END"
    )


def _agreed(items: Items, kind: str, text: str, place: str) -> Any:
    """Whether an object is agreed; true or false, never NULL.

    ``kind`` and ``text``: SQL for the kind of a member, in JSON's words, and for its text, both
    NULL where there is none; ``place``: how SQL is given its name.
    """

    def sql(template: str, name: str) -> Any:
        return sa.literal_column(template.format(quoted(place.format(name))), sa.Text())

    found: list[Any] = [sql(kind, name).is_not(None) for name in items.required]
    for name, member in items.properties.items():
        is_absent = sql(kind, name).is_(None)
        found.append(sa.or_(is_absent, _keeps(member, sql(kind, name), sql(text, name))))
    return sa.and_(sa.true(), *found).self_group()


def _keeps(member: Member, kind: Any, text: Any) -> Any:
    kept = []
    if member.enum is not None:
        kept.append(sa.case((kind == "string", text.in_(member.enum)), else_=sa.false()))
    if member.pattern is not None:
        kept.append(sa.case((kind == "string", text.regexp_match(member.pattern)), else_=sa.true()))
    if member.type:
        number: Any = sa.cast(text, sa.Double())
        bounds = [sa.func.floor(number) == number]
        if member.minimum is not None:
            bounds.append(number >= member.minimum)
        if member.exclusiveMaximum is not None:
            bounds.append(number < member.exclusiveMaximum)
        kept.append(sa.case((kind == "number", sa.and_(*bounds)), else_=sa.false()))
    return sa.and_(*kept)


def _odd_number(name: str) -> str:
    """A pattern that finds, in JSON text, a number that not both engines hold exactly, or a name
    that is written in another way."""
    after = f'"{re.escape(name)}"{_SPACE}:{_SPACE}-?'
    long, small = r"(?:[0-9]\.?){15}[0-9.]*[1-9]", r"[0-9.]+[eE](?:-|\+?[0-9]{3})"
    return rf'{after}(?:{long}|{small})|\\[^"]*"{_SPACE}:'
