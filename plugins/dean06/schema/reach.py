"""Reach: which rules, columns, facts, KPIs and charts use a dataset or one of its columns."""

import json
import re
from dataclasses import dataclass

import yaml

from dean06 import settings
from dean06.contract import Dataset
from dean06.kpi.family import families
from dean06.schema.fact_views import SHOWN, relation_of

_CHARTS = settings.PROJECT / "include" / "superset"


@dataclass(frozen=True)
class Reach:
    """What uses a column, or a dataset as a whole."""

    rules: tuple[str, ...]
    core: tuple[str, ...]
    """Columns of core: its own, and those derived from it."""
    facts: tuple[str, ...]
    kpis: tuple[str, ...]
    charts: tuple[str, ...]


def of(dataset: Dataset, column: str = "") -> Reach:
    """What a change of the column reaches; of the whole dataset when none is named."""
    kpis = _kpis(dataset, column)
    fact = relation_of(dataset)
    shown = {each.name for each in dataset.columns if each.classification in SHOWN}
    derived = [each.name for each in dataset.columns if column in each.derived_from]
    own = [column, *derived] if column else [each.name for each in dataset.columns]
    facts = [f"mart.{fact}"] if not column or shown.intersection(own) else []
    return Reach(
        tuple(_rules(dataset, column)),
        tuple(f"core.{dataset.table}.{name}" for name in own),
        tuple(facts),
        tuple(kpis),
        tuple(_charts(kpis, fact if facts else "")),
    )


def _rules(dataset: Dataset, column: str) -> list[str]:
    path = settings.EXPECTATIONS / dataset.source / f"{dataset.name}.json"
    if not path.is_file():
        return []
    suite = json.loads(path.read_text(encoding="utf-8"))
    found = {
        each["meta"]["rule"]
        for each in suite["expectations"]
        if not column or re.search(rf"\b{column}\b", json.dumps(each["kwargs"]))
    }
    return sorted(found)


def _kpis(dataset: Dataset, column: str) -> list[str]:
    """KPIs of families that read the table, and name the column."""
    wanted = re.compile(rf"\b{column}\b" if column else "")
    return [
        code
        for family in families()
        if dataset.table in family.tables and wanted.search(family.query)
        for code in family.codes
    ]


def _charts(kpis: list[str], fact: str) -> list[str]:
    """Charts of the dashboard that name one of the KPIs or the fact."""
    words = [*kpis, *([fact] if fact else [])]
    found = []
    for path in sorted((_CHARTS / "charts").glob("*.yaml")):
        text = path.read_text(encoding="utf-8")
        if any(re.search(rf"(?<![\w.]){re.escape(word)}(?![\w.])", text) for word in words):
            found.append(str(yaml.safe_load(text)["slice_name"]))
    return found
