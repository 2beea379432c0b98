"""Great Expectations with our own expectation types registered, and what it refuses."""

import great_expectations as gx
from great_expectations.compatibility.pydantic import ValidationError
from great_expectations.exceptions import ExpectationNotFoundError

from dean06.declaration import unknown_key
from dean06.errors import ContractError
from dean06.rules import dates, json_lists, moments, numbers, shapes, texts, units
from dean06.rules.suite import Suite

EXPECTATIONS = (
    dates.ExpectColumnValuesToBeValidDates,
    json_lists.ExpectColumnValuesToBeJsonListsOf,
    moments.ExpectColumnValuesToBeClockTimes,
    moments.ExpectColumnValuesToBeNoLaterThan,
    moments.ExpectColumnValuesToBeWithinWindow,
    numbers.ExpectColumnValuesToBeNumbers,
    shapes.ExpectColumnValuesToBePersonalIds,
    shapes.ExpectColumnValuesToHaveShape,
    texts.ExpectColumnValuesToBeVietnameseText,
    units.ExpectColumnValuesToBeUnitsOfTheirDay,
)
"""Registered by their import; named here so that the imports are seen to be meant."""
_BESIDE_KWARGS = set(gx.expectations.Expectation.__fields__)
"""Fields of every expectation that a suite writes beside ``kwargs`` or not at all."""


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
