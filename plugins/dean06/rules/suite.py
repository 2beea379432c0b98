"""Suites: ``expectations/<source>/<dataset>.json`` as read. Does not need Great Expectations.

The files are Great Expectations' own format. What an expectation takes (``kwargs``) its own class
says: see ``engine.check``.
"""

import json
from pathlib import Path
from typing import Any, Literal

import msgspec

from dean06 import settings
from dean06.contract import Dataset
from dean06.declaration import Declaration, declared
from dean06.errors import ContractError

UNREADABLE = "readable"
"""The rule that an unreadable record breaks, in every suite."""


class RuleMeta(Declaration, frozen=True, omit_defaults=True):
    """What a rule is called, and which quality of the data it is about."""

    rule: str
    dimension: Literal["đúng", "đủ", "sạch", "sống"] | None = None
    """None in the suite of KPI values alone."""


class Rule(Declaration, frozen=True):
    """One expectation of a suite."""

    type: str
    kwargs: dict[str, Any]
    """As Great Expectations' class of that type takes them."""
    severity: Literal["critical", "warning", "info"]
    description: str
    """``English | Tiếng Việt``."""
    meta: RuleMeta

    @property
    def code(self) -> str:
        """The name that the ledger and the lists know it by; several rules may share it."""
        return self.meta.rule

    @property
    def column(self) -> str:
        """The column it is about; empty for a rule of the table as a whole."""
        return str(self.kwargs.get("column", ""))

    @property
    def allowed_share(self) -> float | None:
        """Which share of the records must keep it; None: all."""
        return self.kwargs.get("mostly")


class SuiteMeta(Declaration, frozen=True, omit_defaults=True):
    """Of which dataset the suite is, and when it may hold a batch."""

    dataset: str
    hold_from_records: int
    """Fewer rejected records than this hold no batch."""
    hold_reason: str | None = None
    note: str | None = None


class Suite(Declaration, frozen=True, omit_defaults=True):
    """The rules of one dataset, or of the values of KPIs."""

    name: str
    expectations: tuple[Rule, ...]
    meta: SuiteMeta | None = None
    notes: str | None = None

    def native(self) -> dict[str, Any]:
        """The suite as ``great_expectations.ExpectationSuite`` takes it."""
        suite: dict[str, Any] = msgspec.to_builtins(self)
        return suite | {"expectations": list(suite["expectations"])}

    @property
    def hold_from_records(self) -> int:
        """See ``SuiteMeta``. Raises ContractError for a suite without meta."""
        if self.meta is None:
            raise ContractError(f"suite {self.name}: lacks meta")
        return self.meta.hold_from_records


def read_suite(dataset: Dataset) -> Suite:
    """The dataset's suite. Raises ContractError naming file, rule and key that are wrong."""
    name = f"{dataset.source}/{dataset.name}.json"
    suite = read_suite_file(settings.EXPECTATIONS / name)
    if suite.meta is None or suite.meta.dataset != dataset.code or suite.name != dataset.code:
        raise ContractError(f"expectations/{name}: name and meta.dataset must be {dataset.code}")
    if plain := next((rule.code for rule in suite.expectations if not rule.meta.dimension), None):
        raise ContractError(f"expectations/{name}: rule {plain}: meta: lacks dimension")
    return suite


def read_suite_file(path: Path) -> Suite:
    """A suite of any kind. Raises ContractError naming file, rule and key that are wrong."""
    where = f"expectations/{path.relative_to(settings.EXPECTATIONS)}"
    if not path.is_file():
        raise ContractError(f"{where} is missing")
    try:
        given = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise ContractError(f"{where}: not JSON: {error}") from None
    if isinstance(given, dict) and isinstance(given.get("expectations"), list):
        given["expectations"] = [_rule(item, where) for item in given["expectations"]]
    return declared(given, Suite, where)


def _rule(item: Any, where: str) -> Rule:
    meta = item.get("meta") if isinstance(item, dict) else None
    place = f"{where}: rule {meta.get('rule', '?') if isinstance(meta, dict) else '?'}"
    return declared(item, Rule, place)
