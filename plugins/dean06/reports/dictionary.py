"""The data dictionary: what readers of mart find, how KPIs are defined, what the sources deliver.

Made of ``COMMENT ON`` in the warehouse, front matter of the KPI files, and the contracts: nothing
in it is written by hand, and no value of a record is in it.
"""

from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from dean06 import contract, settings
from dean06.kpi.family import families
from dean06.reference import tables
from dean06.warehouse import sql_file, transaction

PAGE = settings.PROJECT / "docs" / "data-dictionary.md"


@dataclass(frozen=True)
class Relation:
    """A table or view of mart, with its columns as rows of ``dictionary/columns.sql``."""

    name: str
    kind: str
    is_for_all: bool
    """Whether every BI login reads it, or those with role dean06_analyst only."""
    comment: str
    columns: list[Any]


def write(page: Path = PAGE) -> None:
    """Write the dictionary as Markdown; the warehouse must be migrated."""
    text = (
        _templates()
        .get_template(f"{PAGE.name}.jinja")
        .render(
            relations=_relations(),
            families=sorted(families(), key=lambda family: family.position),
            contracts=[contract.load(source) for source in contract.known()],
            **_service_rules(),
        )
    )
    page.write_text(text, encoding="utf-8")


def _service_rules() -> dict[str, Any]:
    """What the index of QĐ 766 rests on: rules with their metrics, and the tables they read."""
    metrics = {metric.metric_id: metric for metric in tables.service_metrics()}
    rules = [(metrics[rule.metric_id], rule) for rule in tables.service_rules()]
    return {
        "rules": rules,
        "rule_days": sorted({rule.valid_from for _, rule in rules}),
        "assumptions": tables.service_assumptions(),
        "sources_of": {
            kpi.base: sorted(name.replace("__", ".") for name in family.tables)
            for family in families()
            for kpi in family.kpis
        },
    }


def _relations() -> list[Relation]:
    with transaction() as session:
        rows = session.rows(sql_file("dictionary/columns.sql"))
    found = []
    for name, columns in groupby(rows, key=lambda row: row.relation_name):
        listed = list(columns)
        first = listed[0]
        found.append(Relation(name, first.kind, first.is_for_all, first.relation_comment, listed))
    return found


def _templates() -> Environment:
    made = Environment(
        loader=FileSystemLoader(settings.TEMPLATES),
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701  # writes Markdown, not HTML
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    # A bar would end the cell of a table.
    made.filters["cell"] = lambda text: " ".join(str(text or "").split()).replace("|", "·")
    return made
