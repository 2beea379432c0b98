"""Checks of the rules by which the metrics of QĐ 766/QĐ-TTg give points."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from itertools import pairwise

from dean06.errors import ContractError
from dean06.reference.rows import ServiceAssumption, ServiceMetric, ServiceRule

_FILE = "qd766_rules.csv"
_ALL_POINTS = Decimal(100)


def check_rules(
    rules: Sequence[ServiceRule],
    metrics: Iterable[ServiceMetric],
    assumptions: Iterable[ServiceAssumption],
) -> None:
    """Every day that has rules has one for each part of every metric, and 100 points.

    Raises ContractError naming the file and the metric or day.
    """
    known = {metric.metric_id for metric in metrics}
    listed = {each.assumption_id for each in assumptions}
    for rule in rules:
        _check_rule(rule, known, listed)
    _check_spans(rules)
    for day in sorted({rule.valid_from for rule in rules}):
        _check_day(day, [rule for rule in rules if rule.is_valid_on(day)], known)


def _check_rule(rule: ServiceRule, metrics: set[str], assumptions: set[str]) -> None:
    where = f"{_FILE}: {rule.metric_id}, part {rule.part_no} from {rule.valid_from}"
    if rule.metric_id not in metrics:
        raise ContractError(f"{where}: qd766_metrics.csv has no such metric")
    if rule.assumption_id and rule.assumption_id not in assumptions:
        raise ContractError(f"{where}: qd766_assumptions.csv has no {rule.assumption_id}")
    if rule.sureness in ("A", "G") and not rule.assumption_id:
        raise ContractError(f"{where}: a guess needs an assumption_id")
    if (rule.kpi_code is None) != (rule.na_reason_en is not None):
        raise ContractError(f"{where}: give either kpi_code or na_reason")
    if (rule.kpi_code is None) != (rule.full_at is None):
        raise ContractError(f"{where}: kpi_code and full_at go together")
    if (rule.whole_code is None) != (rule.whole_number is None):
        raise ContractError(f"{where}: whole_code and whole_number go together")


def _check_spans(rules: Iterable[ServiceRule]) -> None:
    by_part: dict[tuple[str, int], list[ServiceRule]] = defaultdict(list)
    for rule in rules:
        by_part[rule.metric_id, rule.part_no].append(rule)
    for (metric, part), spans in by_part.items():
        for one, other in pairwise(sorted(spans, key=lambda rule: rule.valid_from)):
            if one.valid_to is None or one.valid_to > other.valid_from:
                raise ContractError(
                    f"{_FILE}: {metric}, part {part} has two rules on {other.valid_from}"
                )


def _check_day(day: date, rules: Sequence[ServiceRule], metrics: set[str]) -> None:
    if missing := sorted(metrics - {rule.metric_id for rule in rules}):
        raise ContractError(f"{_FILE}: {missing[0]} has no rule on {day}")
    points = sum(rule.max_points for rule in rules)
    if points != _ALL_POINTS:
        raise ContractError(f"{_FILE}: the rules of {day} have {points} points, expected 100")
