"""Data docs: what each rule found in each load, as pages to read in Vietnamese and English.

Pages are made from the suite and from ``ops.validation_result``, which holds counts and no values,
one load at a time: a page costs the same however many runs are stored, and the index lists the
newest only. A page is one file; it fetches nothing.

Layout below ``DEAN06_DATA_DOCS``: ``index.html``, ``expectations/<source>/<dataset>.html``,
``validations/<source>/<dataset>/<day>/<load>/rules.html``.
"""

import logging
import os
from datetime import date
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from babel.numbers import format_decimal, format_percent
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from dean06 import contract, settings
from dean06.contract import Bilingual, Dataset
from dean06.load import ledger
from dean06.load.ledger import Load
from dean06.rules.suite import Rule, read_suite
from dean06.warehouse import Session, sql_file, transaction

log = logging.getLogger(__name__)

LISTED = 30
"""Newest loads of a dataset that the index lists; older pages stay where they are."""
_SHARES = {"vi": "0.0%", "en": "0.00%"}


def write(dataset: Dataset, run_key: str) -> Path | None:
    """Write the pages of a run's validation and the index; returns the validation's page.

    A folder that cannot be written does not stop a sync: the log says so, and None is returned.
    Clearing ``validate`` writes the pages again.
    """
    load = ledger.current_load(dataset, run_key)
    try:
        with transaction() as session:
            page = _write_load(session, dataset, load)
            _write_index(session)
    except OSError as error:
        log.warning("%s: no data docs: %s; check DEAN06_DATA_DOCS", load, error.strerror)
        return None
    log.info("%s: data docs: %s", load, page.relative_to(settings.data_docs()))
    return page


def _write_load(session: Session, dataset: Dataset, load: Load) -> Path:
    suite = read_suite(dataset)
    rules = [_rule(rule) for rule in suite.expectations]
    _write(
        settings.data_docs() / "expectations" / dataset.source / f"{dataset.name}.html",
        "suite.html",
        dataset=dataset,
        rules=rules,
        notes=Bilingual.of(suite.notes, f"{dataset.code}: notes"),
        from_records=suite.hold_from_records,
    )
    page = _page_of(load.source, load.dataset, load.day.isoformat(), load.load_id)
    results = _results(session, load, rules)
    met = sum(row.is_success for row in results)
    _write(page, "rules.html", dataset=dataset, load=load, results=results, met=met)
    return page


def _rule(rule: Rule) -> SimpleNamespace:
    """One rule of a suite, under the column names of ``ops.validation_result``."""
    meaning = Bilingual.of(rule.description, rule.code)
    return SimpleNamespace(
        rule_code=rule.code,
        column_name=rule.column,
        expectation_type=rule.type,
        severity=rule.severity,
        dimension=rule.meta.dimension,
        allowed_share=rule.allowed_share,
        reason_en=meaning.en,
        reason_vi=meaning.vi,
    )


def _results(session: Session, load: Load, rules: list[SimpleNamespace]) -> list[Any]:
    """The rows of ``ops.validation_result`` in the order of the suite."""
    place = {_key(rule): number for number, rule in enumerate(rules)}
    rows = session.rows(
        "select * from ops.validation_result where load_id = :load", load=load.load_id
    )
    return sorted(rows, key=lambda row: (place.get(_key(row), len(place)), _key(row)))


def _key(rule: Any) -> tuple[str, str, str]:
    return rule.rule_code, rule.column_name, rule.expectation_type


def _page_of(source: str, dataset: str, day: str, load_id: int) -> Path:
    folder = settings.data_docs() / "validations" / source / dataset / day / str(load_id)
    return folder / "rules.html"


def _write_index(session: Session) -> None:
    datasets = contract.datasets()
    rows = session.rows(
        sql_file("protocol/newest_validations.sql"),
        sources=[dataset.source for dataset in datasets],
        datasets=[dataset.name for dataset in datasets],
        listed=LISTED,
    )
    root = settings.data_docs()
    listed = [
        (row, _page_of(row.source_code, row.dataset_code, str(row.day), row.load_id))
        for row in rows
    ]
    pages = [(row, page.relative_to(root)) for row, page in listed if page.is_file()]
    labels = {(dataset.source, dataset.name): dataset.label for dataset in datasets}
    _write(root / "index.html", "index.html", pages=pages, labels=labels)


def _write(page: Path, template: str, **values: Any) -> None:
    """Whole or not at all, whoever reads meanwhile."""
    text = _templates().get_template(template).render(values)
    page.parent.mkdir(parents=True, exist_ok=True)
    beside = page.with_name(f".{page.name}.{os.getpid()}")
    beside.write_text(text, encoding="utf-8")
    beside.replace(page)


@cache
def _templates() -> Environment:
    made = Environment(
        loader=FileSystemLoader(settings.TEMPLATES / "data_docs"),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(number=_number, share=_share, day=_day, failing=_failing)
    return made


def _number(value: int, language: str) -> str:
    """1.234 or 1,234."""
    return str(format_decimal(value, locale=language))


def _share(value: float, language: str) -> str:
    """33,3% or 33.33%."""
    return str(format_percent(value, format=_SHARES[language], locale=language))


def _day(value: date) -> str:
    """31/10/2022."""
    return f"{value:%d/%m/%Y}"


def _failing(row: Any) -> float:
    """The share of the checked records that break a rule."""
    return float(row.unexpected_count / row.element_count)
