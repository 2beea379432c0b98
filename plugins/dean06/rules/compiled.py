"""Compiled: the rules of a suite as the engine evaluates them. Does not need Great Expectations."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from dean06.contract import Dataset

_SYSTEM = ("_kinds", "_problem")
"""Columns of staging that rules speak of, beside those of the contract."""


@dataclass(frozen=True)
class ScanRule:
    """One rule about single rows, and when a row breaks it."""

    number: int
    """Its place in the suite, from 1."""
    code: str
    is_critical: bool
    broken: str
    """SQL that names columns: true for a row that breaks it, else false; in DuckDB never NULL."""
    look: str | None = None
    """Likewise: true only for rows that keep this rule and others with the same look, cheaper than
    any of them."""
    column: str = ""
    """The column it is about."""
    nodes: int = 0
    """Of the engine's expression of ``broken``: each takes memory while rows are evaluated."""


@dataclass(frozen=True)
class CompiledSuite:
    """What Great Expectations makes of a suite."""

    suite: str
    great_expectations: str
    """Its version."""
    rules: tuple[ScanRule, ...]
    """Those about single rows; all others are about the table as a whole."""

    @cached_property
    def row_rules(self) -> frozenset[int]:
        """The numbers of the rules about single rows."""
        return frozenset(rule.number for rule in self.rules)


def staged_columns(dataset: Dataset) -> tuple[str, ...]:
    """The columns of a staged record that rules may name: all of them text."""
    return (*(column.name for column in dataset.staged), *_SYSTEM)


def passes(rules: Sequence[ScanRule], most_nodes: int) -> list[list[ScanRule]]:
    """The rules in groups of no more than ``most_nodes``, or of one rule; those that share a look
    side by side."""
    groups: list[list[ScanRule]] = []
    room = 0
    for rule in sorted(rules, key=lambda rule: (rule.look or "", rule.number)):
        if not groups or rule.nodes > room:
            groups.append([])
            room = most_nodes
        groups[-1].append(rule)
        room -= rule.nodes
    return groups


def any_broken(rules: Sequence[ScanRule]) -> str:
    """DuckDB's SQL: whether a row breaks one of the rules. A look that several share is taken
    once."""
    by_look: dict[str | None, list[str]] = {}
    for rule in rules:
        by_look.setdefault(rule.look, []).append(f"({rule.broken})")
    return " or ".join(
        " or ".join(broken) if look is None else f"(not {look} and ({' or '.join(broken)}))"
        for look, broken in by_look.items()
    )
