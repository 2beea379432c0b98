"""Conditions: what each rule of a suite means for one row, as a SQL expression.

Great Expectations defines the meaning: the SQL condition of the rule's metric, with every parameter
resolved. Left to itself it would fetch the failing rows in one scan per rule, through Python. All
conditions are evaluated in one scan instead, by PostgreSQL or by the columnar engine. To say what a
rule means it asks no table.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import great_expectations as gx
import sqlalchemy as sa
from great_expectations.exceptions import GreatExpectationsError
from great_expectations.expectations.expectation import ColumnMapExpectation
from great_expectations.expectations.registry import get_metric_kwargs
from great_expectations.validator.metric_configuration import MetricConfiguration

from dean06.details.detail import detail
from dean06.errors import ContractError
from dean06.rules.described import Columns, Described, ask_nothing
from dean06.rules.suite import Suite


@dataclass(frozen=True, eq=False)
class RowRule:
    """One rule about single rows, and when a row breaks it."""

    number: int
    """Its place in the suite, from 1."""
    code: str
    column: str
    is_critical: bool
    broken: sa.ColumnElement[bool]


def read(columns: Columns, suite: Suite, parameters: Mapping[str, Any]) -> list[RowRule]:
    """The suite's rules about single rows of a table with these columns, as Great Expectations
    understands them.

    Raises ContractError naming a rule that it cannot put into SQL.
    """
    native = suite.native()
    for number, expectation in enumerate(native["expectations"], start=1):
        expectation["meta"]["number"] = number
    configurations = [
        configuration
        for configuration in gx.ExpectationSuite(**native).expectation_configurations
        if _is_about_rows(configuration.type)
    ]
    for configuration in configurations:
        configuration.process_suite_parameters(suite_parameters=parameters)
    conditions = _conditions(columns, suite.name, configurations)
    return [
        RowRule(
            number=int(configuration.meta["number"]),
            code=str(configuration.meta["rule"]),
            column=str(configuration.kwargs["column"]),
            is_critical=getattr(configuration.severity, "value", configuration.severity)
            == "critical",
            broken=condition,
        )
        for configuration, condition in zip(configurations, conditions, strict=True)
    ]


def _is_about_rows(expectation_type: str) -> bool:
    """Whether an expectation asks something of every row."""
    kind = gx.expectations.registry.get_expectation_impl(expectation_type)
    return issubclass(kind, ColumnMapExpectation)


def _metric(suite: str, configuration: Any) -> MetricConfiguration:
    """What Great Expectations calls the condition of a rule."""
    if configuration.kwargs.get("row_condition"):
        raise ContractError(
            f"{_named(suite, configuration)} has a row_condition, which is not supported"
        )
    name = f"{configuration.to_domain_obj().map_metric}.condition"
    kwargs = get_metric_kwargs(name, configuration=configuration)
    return MetricConfiguration(name, kwargs["metric_domain_kwargs"], kwargs["metric_value_kwargs"])


def _conditions(
    columns: Columns, suite: str, configurations: Sequence[Any]
) -> list[sa.ColumnElement[bool]]:
    table = Described("staged", columns, {"table.row_count": 0}, ask_nothing)
    metrics = [_metric(suite, configuration) for configuration in configurations]
    try:
        found = table.values(metrics)
        return [found[metric.id][0] for metric in metrics]
    except (GreatExpectationsError, KeyError):
        for metric, configuration in zip(metrics, configurations, strict=True):
            try:
                table.values([metric])
            except (GreatExpectationsError, KeyError):
                raise ContractError(
                    detail(
                        "rule_not_evaluated", dataset=suite, rule=str(configuration.meta["rule"])
                    )
                ) from None
        raise


def _named(suite: str, configuration: Any) -> str:
    return f"{suite}: rule {configuration.meta['rule']}"
