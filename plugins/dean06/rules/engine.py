"""Great Expectations with our own expectation types registered, and what it makes of a suite."""

from collections.abc import Mapping
from typing import Any

import great_expectations as gx
import msgspec
import sqlalchemy as sa
from great_expectations.compatibility.pydantic import ValidationError
from great_expectations.exceptions import ExpectationNotFoundError

from dean06.declaration import unknown_key
from dean06.errors import ContractError
from dean06.rules import conditions, dates, json_lists, moments, shapes, texts, units
from dean06.rules.conditions import RowRule
from dean06.rules.described import Columns
from dean06.rules.suite import Suite
from dean06.warehouse import engine

EXPECTATIONS = (
    dates.ExpectColumnValuesToBeValidDates,
    json_lists.ExpectColumnValuesToBeJsonListsOf,
    moments.ExpectColumnValuesToBeClockTimes,
    moments.ExpectColumnValuesToBeNoLaterThan,
    moments.ExpectColumnValuesToBeWithinWindow,
    shapes.ExpectColumnValuesToBePersonalIds,
    shapes.ExpectColumnValuesToHaveShape,
    texts.ExpectColumnValuesToBeVietnameseText,
    units.ExpectColumnValuesToBeUnitsOfTheirDay,
)
"""Registered by their import; named here so that the imports are seen to be meant."""
_BESIDE_KWARGS = set(gx.expectations.Expectation.__fields__)
"""Fields of every expectation that a suite writes beside ``kwargs`` or not at all."""


_MOST_READ = 64
_read: dict[bytes, tuple[RowRule, ...]] = {}


def row_rules(
    table: str, suite: Suite, parameters: Mapping[str, Any], schema: str
) -> tuple[RowRule, ...]:
    """The suite's rules about single rows, for any table that has the columns of ``table``.

    Raises ContractError naming a rule that Great Expectations cannot put into SQL.
    """
    return rules_over(_columns(table, schema), suite, parameters)


def rules_over(
    columns: Columns, suite: Suite, parameters: Mapping[str, Any]
) -> tuple[RowRule, ...]:
    """The suite's rules about single rows, for any relation that has these columns.

    A process that validates many loads or builds many days has Great Expectations read the same
    suite with the same parameters once. Raises as ``row_rules``.
    """
    kinds = {name: str(kind) for name, kind in columns.items()}
    key = msgspec.json.encode((kinds, suite, parameters))
    if key not in _read:
        if len(_read) >= _MOST_READ:
            _read.clear()
        _read[key] = tuple(conditions.read(columns, suite, parameters))
    return _read[key]


def _columns(table: str, schema: str) -> Columns:
    found = sa.inspect(engine()).get_columns(table, schema)
    return {str(column["name"]): column["type"] for column in found}


def check(suite: Suite) -> None:
    """Refuse a rule that Great Expectations does not know, or whose kwargs it does not take.

    Raises ContractError naming suite, rule and key.
    """
    for rule in suite.expectations:
        where = f"suite {suite.name}: rule {rule.code}"
        try:
            kind = gx.expectations.registry.get_expectation_impl(rule.type)
        except ExpectationNotFoundError:
            raise ContractError(f"{where}: no expectation has the type {rule.type}") from None
        if odd := sorted(set(rule.kwargs) - (set(kind.__fields__) - _BESIDE_KWARGS)):
            raise ContractError(f"{where}: kwargs: {unknown_key(odd[0], kind.__fields__)}")
        try:
            kind(**rule.kwargs)
        except ValidationError as error:
            first = error.errors()[0]
            key = ".".join(map(str, first["loc"]))
            raise ContractError(f"{where}: kwargs: {key}: {first['msg']}") from None
