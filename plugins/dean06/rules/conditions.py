"""Conditions: what each rule of a suite means for one row, as a SQL expression.

Great Expectations defines the meaning: the SQL condition of the rule's metric, with every parameter
resolved. Left to itself it would fetch the failing rows in one scan per rule, through Python. The
load evaluates all conditions in one scan instead, and the failing rows stay in PostgreSQL.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import great_expectations as gx
import sqlalchemy as sa
from great_expectations.exceptions import GreatExpectationsError
from great_expectations.expectations.expectation import ColumnMapExpectation
from great_expectations.expectations.registry import get_metric_kwargs
from great_expectations.validator.metric_configuration import MetricConfiguration

from dean06.errors import ContractError
from dean06.rules.suite import Suite

UNREADABLE = "readable"
"""The rule that an unreadable record breaks, in every suite."""


@dataclass(frozen=True)
class RowRule:
    """One rule about single rows, and when a row breaks it."""

    number: int
    """Its place in the suite, from 1."""
    code: str
    is_critical: bool
    broken: sa.ColumnElement[bool]


def read(validator: Any, suite: Suite, parameters: Mapping[str, Any]) -> list[RowRule]:
    """The suite's rules about single rows, as Great Expectations understands them.

    Raises ContractError naming a rule that it cannot put into SQL.
    """
    native = suite.native()
    for number, expectation in enumerate(native["expectations"], start=1):
        expectation["meta"]["number"] = number
    # In another order than in the suite: Great Expectations puts the rules of a column together.
    configurations = validator.process_expectations_for_validation(
        gx.ExpectationSuite(**native).expectation_configurations, parameters
    )
    numbered = [
        (int(configuration.meta["number"]), configuration)
        for configuration in configurations
        if is_about_rows(configuration.type)
    ]
    metrics = [_metric(suite.name, configuration) for _, configuration in numbered]
    conditions = _conditions(validator, suite.name, metrics, [c for _, c in numbered])
    return [
        RowRule(
            number=number,
            code=str(configuration.meta["rule"]),
            is_critical=getattr(configuration.severity, "value", configuration.severity)
            == "critical",
            broken=condition,
        )
        for (number, configuration), condition in zip(numbered, conditions, strict=True)
    ]


def is_about_rows(expectation_type: str) -> bool:
    """Whether an expectation asks something of every row."""
    kind = gx.expectations.registry.get_expectation_impl(expectation_type)
    return issubclass(kind, ColumnMapExpectation)


def _metric(suite: str, configuration: Any) -> MetricConfiguration:
    """What Great Expectations calls the condition of a rule."""
    if configuration.kwargs.get("row_condition"):
        raise ContractError(
            f"{_named(suite, configuration)} has a row_condition, which quarantine does not know"
        )
    name = f"{configuration.to_domain_obj().map_metric}.condition"
    kwargs = get_metric_kwargs(name, configuration=configuration)
    return MetricConfiguration(name, kwargs["metric_domain_kwargs"], kwargs["metric_value_kwargs"])


def _conditions(
    validator: Any, suite: str, metrics: list[MetricConfiguration], configurations: list[Any]
) -> list[sa.ColumnElement[bool]]:
    """All in one question: asked for one after another, each would count the rows of the table."""
    ask = validator.metrics_calculator.compute_metrics
    try:
        found, _ = ask(metrics)
        return [found[metric.id][0] for metric in metrics]
    except (GreatExpectationsError, KeyError):
        for metric, configuration in zip(metrics, configurations, strict=True):
            try:
                ask([metric])[0][metric.id]
            except (GreatExpectationsError, KeyError):
                rule = _named(suite, configuration)
                raise ContractError(f"{rule} could not be evaluated; check its suite") from None
        raise


def _named(suite: str, configuration: Any) -> str:
    return f"{suite}: rule {configuration.meta['rule']}"
