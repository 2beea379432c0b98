"""The KPIs as a semantic model for MetricFlow: a dbt project made of the KPI files' front matter.

A BI tool or a language model that asks MetricFlow for a metric by a dimension cannot add up what
does not add up: totals are those of provinces, communes are metrics of their own, a share is always
the quotient of two sums, and KPIs that count persons have no metric by commune. The project reads
``mart.kpi_now`` and builds nothing. MetricFlow is no part of dean06: it has its own environment.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import yaml

from dean06.errors import ContractError
from dean06.kpi.family import families
from dean06.kpi.front_matter import Kpi

NAME = "dean06"
"""Of the project and its profile."""
_VIEW, _DAYS = "kpi_now", "dim_date"
_UNIT = ("province_code", "province_name", "province_name_en")
_COMMUNE = (
    "unit_code", "unit_full_name", "unit_full_name_en", "district_code", "district_name",
    "district_name_en",
)  # fmt: skip
_DIMENSIONS = {"province": _UNIT, "commune": (*_UNIT, *_COMMUNE)}


def write(folder: Path) -> list[Path]:
    """Write the project into a folder, over an earlier one; returns its files.

    Raises ContractError when two KPIs would have one metric.
    """
    kpis = [kpi for family in families() for kpi in family.kpis]
    documents: dict[str, Any] = {
        "dbt_project.yml": {
            "name": NAME,
            "profile": NAME,
            "version": "1.0.0",
            "model-paths": ["models"],
        },
        "models/days.yml": {"version": 2, "models": [_time_spine()]},
        "models/kpis.yml": {
            "version": 2,
            "semantic_models": [_semantic_model(level, kpis) for level in _DIMENSIONS],
            "metrics": _distinct([m for kpi in kpis for m in _metrics(kpi)]),
        },
    }
    texts = {
        name: yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=100)
        for name, content in documents.items()
    }
    texts |= {f"models/{name}.sql": _relation(name) for name in (_VIEW, _DAYS)}
    for name, text in texts.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return [folder / name for name in texts]


def metric_of(kpi: Kpi, level: str = "province") -> str:
    """Name of a KPI's metric: of provinces ``eid_accounts``, of communes
    ``eid_accounts_of_communes``."""
    name = kpi.code.replace(".", "_")
    return name if level == "province" else f"{name}_of_communes"


def levels_of(kpi: Kpi) -> tuple[str, ...]:
    """The levels that a KPI has a metric of; persons met in two communes cannot be added up."""
    adds_up = kpi.grain == "commune" and kpi.additivity != "non_additive"
    return ("province", "commune") if adds_up else ("province",)


def _relation(name: str) -> str:
    """A model that names a relation of mart; it is there, and nobody builds it."""
    return (
        "-- Names the relation for MetricFlow, which reads it. Do not run `dbt run`.\n"
        f"{{{{ config(materialized='view', alias='{name}') }}}}\n"
        f"select * from mart.{name}\n"
    )


def _time_spine() -> dict[str, Any]:
    return {
        "name": _DAYS,
        "time_spine": {"standard_granularity_column": "day"},
        "columns": [{"name": "day", "granularity": "day"}],
    }


def _semantic_model(level: str, kpis: Sequence[Kpi]) -> dict[str, Any]:
    dimensions = [{"name": name, "type": "categorical"} for name in _DIMENSIONS[level]]
    day = {"name": "as_of_date", "type": "time", "type_params": {"time_granularity": "day"}}
    return {
        "name": f"kpi_of_{level}",
        "description": f"Totals of each {level} on the newest published day. | Số liệu của ngày "
        "gần nhất đã công bố.",
        "model": f"ref('{_VIEW}')",
        "defaults": {"agg_time_dimension": "as_of_date"},
        "primary_entity": level,
        "dimensions": [day, *dimensions],
        "measures": [
            _measure(kpi, level, part)
            for kpi in kpis
            if level in levels_of(kpi)
            for part in _parts(kpi)
        ],
    }


def _parts(kpi: Kpi) -> tuple[str, ...]:
    return ("numerator", "denominator") if kpi.has_denominator else ("numerator",)


def _measure(kpi: Kpi, level: str, part: str) -> dict[str, Any]:
    return {
        "name": f"{metric_of(kpi, level)}_{part}",
        "agg": "sum",
        "expr": f"case when kpi_code = '{kpi.code}' and unit_level = '{level}' then {part} end",
    }


def _metrics(kpi: Kpi) -> Iterator[dict[str, Any]]:
    """The metrics of a KPI: a count, or a share with the two counts that it divides."""
    for level in levels_of(kpi):
        name, suffix = metric_of(kpi, level), "" if level == "province" else ", by commune"
        words = {
            "label": f"{kpi.name_en}{suffix} ({kpi.code})",
            "description": f"{kpi.formula_en} | {kpi.name_vi}: {kpi.formula_vi}",
        }
        if not kpi.has_denominator:
            yield _simple(name, f"{name}_numerator", words)
            continue
        for part in _parts(kpi):
            of_part = {key: f"{text} ({part})" for key, text in words.items()}
            yield _simple(f"{name}_{part}", f"{name}_{part}", of_part)
        yield {
            "name": name,
            **words,
            "type": "ratio",
            "type_params": {"numerator": f"{name}_numerator", "denominator": f"{name}_denominator"},
        }


def _simple(name: str, measure: str, words: dict[str, str]) -> dict[str, Any]:
    return {"name": name, **words, "type": "simple", "type_params": {"measure": measure}}


def _distinct(metrics: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    names = [metric["name"] for metric in metrics]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise ContractError(f"two KPIs would both be the metric {twice[0]}: rename one of them")
    return list(metrics)
