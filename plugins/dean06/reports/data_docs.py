"""Great Expectations' Data Docs: what each rule found in each load, as pages to read.

Pages are made from ``ops.validation_result``, which holds counts and no values, one load at a time:
a page costs the same however many runs are stored, and the index lists the newest only. They need
no internet: what Great Expectations' template fetches from elsewhere is left out.

Layout below ``DEAN06_DATA_DOCS``: ``index.html``, ``expectations/<source>/<dataset>.html``,
``validations/<source>/<dataset>/<day>/<load>/rules.html``.
"""

import logging
import os
import re
from pathlib import Path
from typing import Any

import great_expectations as gx
from great_expectations.core import ExpectationSuiteValidationResult, ExpectationValidationResult
from great_expectations.expectations.expectation_configuration import ExpectationConfiguration
from great_expectations.render import RenderedDocumentContent
from great_expectations.render.renderer import (
    ExpectationSuitePageRenderer,
    ValidationResultsPageRenderer,
)
from great_expectations.render.view import DefaultJinjaPageView
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from dean06 import contract, settings
from dean06.contract import Dataset
from dean06.load import ledger
from dean06.load.ledger import Load
from dean06.rules.suite import read_suite
from dean06.warehouse import Session, sql_file, transaction

log = logging.getLogger(__name__)

LISTED = 30
"""Newest loads of a dataset that the index lists; older pages stay where they are."""
_STYLE = "<style>{}</style></head>"
_FETCHED = re.compile(
    r"<link\b[^>]*>|<script\b[^>]*\bsrc=[^>]*>\s*</script>|<img\b[^>]*\bsrc=\"https?:[^>]*>", re.S
)
_AWAY = re.compile(r"<a\b[^>]*\bhref=\"https?:[^>]*>.*?</a>", re.S)
Found = dict[tuple[str, str, str], Any]
"""(rule, column, expectation) → its row in ops.validation_result."""


def write(dataset: Dataset, run_key: str) -> Path | None:
    """Write the pages of a run's validation and the index; returns the validation's page.

    A folder that cannot be written is no reason to stop a sync: it is said in the log, and None
    is returned. Clearing ``validate`` writes the pages again.
    """
    load = ledger.current_load(dataset, run_key)
    try:
        with transaction() as session:
            page = _write_load(session, dataset, load)
            _write_index(session)
    except OSError as error:
        log.warning("%s: no data docs: %s; mend DEAN06_DATA_DOCS", load, error.strerror)
        return None
    log.info("%s: data docs: %s", load, page.relative_to(settings.data_docs()))
    return page


def _write_load(session: Session, dataset: Dataset, load: Load) -> Path:
    suite = read_suite(dataset)
    gx.get_context(mode="ephemeral")  # renderers ask for one
    expectations = settings.data_docs() / "expectations" / dataset.source / f"{dataset.name}.html"
    _put(expectations, ExpectationSuitePageRenderer().render(gx.ExpectationSuite(**suite)))
    page = _page_of(load.source, load.dataset, load.day.isoformat(), load.load_id)
    found = _found(session, load)
    _put(page, ValidationResultsPageRenderer().render(_validation(suite, load, found)))
    return page


def _page_of(source: str, dataset: str, day: str, load_id: int) -> Path:
    folder = settings.data_docs() / "validations" / source / dataset / day / str(load_id)
    return folder / "rules.html"


def _found(session: Session, load: Load) -> Found:
    rows = session.rows(
        "select * from ops.validation_result where load_id = :load", load=load.load_id
    )
    return {(row.rule_code, row.column_name, row.expectation_type): row for row in rows}


def _validation(
    suite: dict[str, Any], load: Load, found: Found
) -> ExpectationSuiteValidationResult:
    """What Great Expectations would have returned, without values."""
    results = [
        _result(item, row)
        for item in suite["expectations"]
        if (row := found.get(
            (item["meta"]["rule"], item["kwargs"].get("column", ""), item["type"])
        ))
    ]  # fmt: skip
    good = sum(bool(result.success) for result in results)
    return ExpectationSuiteValidationResult(
        success=good == len(results),
        results=results,
        suite_name=suite["name"],
        statistics={
            "evaluated_expectations": len(results),
            "successful_expectations": good,
            "unsuccessful_expectations": len(results) - good,
            "success_percent": 100 * good / len(results) if results else None,
        },
        meta={
            "run_id": {"run_name": load.run_key, "run_time": load.window.until.isoformat()},
            "great_expectations_version": gx.__version__,
            "batch_spec": {},
            "active_batch_definition": {"data_asset_name": load.code},
            "validation_time": None,
        },
    )


def _result(item: dict[str, Any], row: Any) -> ExpectationValidationResult:
    share = 100 * row.unexpected_count / row.element_count if row.element_count else 0.0
    return ExpectationValidationResult(
        success=row.is_success,
        expectation_config=ExpectationConfiguration(
            type=item["type"],
            kwargs=item["kwargs"],
            meta=item["meta"],
            severity=item["severity"],
            description=f"{row.reason_en} | {row.reason_vi}",
        ),
        result={
            "element_count": row.element_count,
            "unexpected_count": row.unexpected_count,
            "unexpected_percent": share,
        },
        exception_info={
            "raised_exception": False, "exception_message": None, "exception_traceback": None,
        },
    )  # fmt: skip


def _put(page: Path, content: RenderedDocumentContent) -> None:
    """A page by Great Expectations' own view, less what it fetches and links to elsewhere."""
    whole = DefaultJinjaPageView().render(content)
    _replace(page, _AWAY.sub("", _FETCHED.sub("", whole)).replace("</head>", _style(), 1))


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
    template = _templates().get_template("data_docs.html")
    _replace(root / "index.html", template.render(pages=pages, style=_style()))


def _style() -> str:
    return _STYLE.format((settings.TEMPLATES / "data_docs.css").read_text(encoding="utf-8"))


def _templates() -> Environment:
    return Environment(
        loader=FileSystemLoader(settings.TEMPLATES), undefined=StrictUndefined, autoescape=True
    )


def _replace(page: Path, text: str) -> None:
    """Whole or not at all, whoever reads meanwhile."""
    page.parent.mkdir(parents=True, exist_ok=True)
    beside = page.with_name(f".{page.name}.{os.getpid()}")
    beside.write_text(text, encoding="utf-8")
    beside.replace(page)
