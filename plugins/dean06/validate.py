"""Validate: the expectation suite of a dataset against its staging table, inside PostgreSQL.

The suite that gates a batch is the rule that quarantines its rows: the row numbers each rule
rejects are kept beside the staging table for the next step. Results hold counts and texts, never
values. With its expectation of dates the only module that imports Great Expectations (8 seconds,
paid inside tasks).
"""

import io
import json
import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote

import great_expectations as gx
import pyarrow as pa
import pyarrow.csv as pa_csv
from great_expectations.data_context.types.base import ProgressBarsConfig

from dean06 import expectation_of_dates, ledger, settings
from dean06.contract import Bilingual, Dataset
from dean06.errors import ContractError
from dean06.ledger import Load
from dean06.reference import commune_codes
from dean06.staging import ROW, failing_rows_table, staging_table
from dean06.warehouse import Session, transaction

log = logging.getLogger(__name__)
_RESULT_FORMAT: dict[str, Any] = {
    # All failing row numbers, no values, no cap.
    "result_format": "COMPLETE",
    "unexpected_index_column_names": [ROW],
    "partial_unexpected_count": 10**7,
    "exclude_unexpected_values": True,
    "include_unexpected_rows": False,
    "return_unexpected_index_query": False,
}

EXPECTATION_OF_DATES = expectation_of_dates.ExpectColumnValuesToBeValidDates
"""Registered by its import; named here so that the import is seen to be meant."""

UNREADABLE = "readable"
"""The rule that an unreadable record breaks, in every suite."""


@dataclass(frozen=True)
class RuleResult:
    """What one expectation found in one load."""

    rule: str
    column: str
    expectation: str
    severity: str
    dimension: str
    reason: Bilingual
    success: bool
    elements: int
    unexpected: int
    allowed_share: float | None
    failing_rows: list[int]

    def without(self, rows: set[int]) -> "RuleResult":
        """The same result had these rows not been there."""
        failing = [row for row in self.failing_rows if row not in rows]
        if len(failing) == len(self.failing_rows):
            return self
        elements = self.elements - len(rows)
        allowed = 1.0 if self.allowed_share is None else self.allowed_share
        return replace(
            self,
            failing_rows=failing,
            unexpected=len(failing),
            elements=elements,
            success=elements - len(failing) >= allowed * elements,
        )

    def holds(self, from_records: int) -> bool:
        """Whether it holds the batch: a broken rule of the table, or too many rejected rows.

        A share means nothing in a handful of rows (one bad record of three is 33 %), so fewer
        than ``from_records`` rejected rows are set aside without holding the rest.
        """
        if self.severity != "critical" or self.success:
            return False
        return self.unexpected == 0 or self.unexpected >= from_records


def read_suite(dataset: Dataset) -> dict[str, Any]:
    """The dataset's suite as JSON. Raises ContractError naming the file when it is missing."""
    path = settings.EXPECTATIONS / dataset.source / f"{dataset.name}.json"
    if not path.is_file():
        raise ContractError(f"expectations/{dataset.source}/{path.name} is missing")
    suite: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return suite


def validate(dataset: Dataset, run_key: str) -> None:
    """Run the suite, record each rule's result, keep the failing row numbers.

    Whether the batch is held is decided here and written to the ledger; the next step sets the
    rows aside first and then stops the run.
    """
    load = ledger.current_load(dataset, run_key)
    ledger.require(load, "staged", "validated", "held", "quarantined", step="validate")
    suite = read_suite(dataset)
    results = _readable_first(
        list(_unbroken(suite) if _nothing_to_check(load, suite) else _results(dataset, load, suite))
    )
    held = [result for result in results if result.holds(suite["meta"]["hold_from_records"])]
    cause = "; ".join(_why_held(result) for result in held) or None
    with transaction() as session:
        _store_results(session, load, results)
        _store_failing_rows(session, load, results)
        session.run(
            "update ops.load set status = :status, cause = :cause where load_id = :load_id",
            status="held" if held else "validated",
            cause=f"batch held: {cause}" if cause else None,
            load_id=load.load_id,
        )
    broken = sum(1 for result in results if result.unexpected)
    log.info("%s: %d rules checked, %d found something", load, len(results), broken)


def _results(dataset: Dataset, load: Load, suite: dict[str, Any]) -> Iterator[RuleResult]:
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    source = context.data_sources.add_postgres(
        "warehouse", connection_string=_staging_url(), create_temp_table=False
    )
    batch = source.add_table_asset(load.staging_table, table_name=load.staging_table)
    outcome = (
        batch.add_batch_definition_whole_table("load")
        .get_batch()
        .validate(
            gx.ExpectationSuite(**suite),
            result_format=_RESULT_FORMAT,
            expectation_parameters={"commune_codes": _known_communes(dataset, load)},
        )
    )
    for item in outcome.results:
        yield _rule_result(dataset, item)


def _nothing_to_check(load: Load, suite: dict[str, Any]) -> bool:
    """An empty delivery under rules that all speak of single rows."""
    if not all(item["type"].startswith("expect_column_value") for item in suite["expectations"]):
        return False
    with transaction() as session:
        return not session.compose_rows("select 1 from {table} limit 1", table=staging_table(load))


def _unbroken(suite: dict[str, Any]) -> Iterator[RuleResult]:
    """Every rule of the suite over an empty delivery: nothing to check, nothing broken."""
    for item in suite["expectations"]:
        yield RuleResult(
            rule=item["meta"]["rule"],
            column=item["kwargs"].get("column", ""),
            expectation=item["type"],
            severity=item["severity"],
            dimension=item["meta"]["dimension"],
            reason=Bilingual.of(item["description"], item["meta"]["rule"]),
            success=True,
            elements=0,
            unexpected=0,
            allowed_share=item["kwargs"].get("mostly"),
            failing_rows=[],
        )


def _known_communes(dataset: Dataset, load: Load) -> list[str]:
    """The batch's commune codes that exist: the same verdict as all 10,599, 6 seconds sooner."""
    if not any(column.name == "commune_code" for column in dataset.columns):
        return []
    with transaction() as session:
        rows = session.compose_rows(
            "select distinct commune_code from {table}", table=staging_table(load)
        )
    return sorted({code for (code,) in rows} & commune_codes())


def _rule_result(dataset: Dataset, item: Any) -> RuleResult:
    config, found = item.expectation_config, item.result
    meta: Mapping[str, Any] = config.meta or {}
    rule = str(meta["rule"])
    if _could_not_be_evaluated(item.exception_info):
        # The exception text may quote row values: name the rule only.
        raise ContractError(f"{dataset.code}: rule {rule} could not be evaluated; check its suite")
    return RuleResult(
        rule=rule,
        column=str(config.kwargs.get("column", "")),
        expectation=config.type,
        severity=str(getattr(config.severity, "value", config.severity)),
        dimension=str(meta["dimension"]),
        reason=Bilingual.of(config.description, f"{dataset.code}: {rule}"),
        success=bool(item.success),
        elements=int(found.get("element_count") or 0),
        unexpected=int(found.get("unexpected_count") or 0),
        allowed_share=config.kwargs.get("mostly"),
        # One entry per group of rows: {"_row": [3, 17, …]}.
        failing_rows=[
            int(row) for group in found.get("unexpected_index_list") or [] for row in group[ROW]
        ],
    )


def _could_not_be_evaluated(exception_info: Mapping[str, Any]) -> bool:
    """Great Expectations reports an exception flat, or once per metric."""
    reports = [exception_info, *exception_info.values()]
    return any(isinstance(r, Mapping) and r.get("raised_exception") for r in reports)


def _readable_first(results: list[RuleResult]) -> list[RuleResult]:
    """Take unreadable records out of every other rule: nothing else can be said of them."""
    unreadable = {
        row for result in results if result.rule == UNREADABLE for row in result.failing_rows
    }
    return [
        result if result.rule == UNREADABLE else result.without(unreadable) for result in results
    ]


def _why_held(result: RuleResult) -> str:
    share = result.unexpected / result.elements if result.elements else 1.0
    allowed = 1 - (1.0 if result.allowed_share is None else result.allowed_share)
    return (
        f"rule {result.rule} fails for {result.unexpected} of {result.elements} records "
        f"({share:.1%}, allowed {allowed:.1%})"
    )


def _store_results(session: Session, load: Load, results: list[RuleResult]) -> None:
    session.run("delete from ops.validation_result where load_id = :load_id", load_id=load.load_id)
    for result in results:
        session.run(
            """
            insert into ops.validation_result
            values (:load_id, :rule, :column, :expectation, :severity, :dimension, :success,
                    :elements, :unexpected, :allowed, :en, :vi)
            """,
            load_id=load.load_id,
            rule=result.rule,
            column=result.column,
            expectation=result.expectation,
            severity=result.severity,
            dimension=result.dimension,
            success=result.success,
            elements=result.elements,
            unexpected=result.unexpected,
            allowed=result.allowed_share,
            en=result.reason.en,
            vi=result.reason.vi,
        )


def _store_failing_rows(session: Session, load: Load, results: list[RuleResult]) -> None:
    table = failing_rows_table(load)
    session.compose("drop table if exists {table}", table=table)
    session.compose(
        "create unlogged table {table} (_row bigint not null, rule_code text not null)", table=table
    )
    for result in results:
        if result.severity == "critical" and result.failing_rows:
            buffer = io.BytesIO()
            batch = pa.record_batch(
                [
                    pa.array(result.failing_rows, pa.int64()),
                    pa.repeat(pa.scalar(result.rule), len(result.failing_rows)),
                ],
                names=["_row", "rule_code"],
            )
            pa_csv.write_csv(batch, buffer, pa_csv.WriteOptions(include_header=False))
            buffer.seek(0)
            session.copy_in(table, ["_row", "rule_code"], buffer)


def _staging_url() -> str:
    dsn = settings.warehouse_dsn()
    options = quote("-c role=dean06_loader -c search_path=staging")
    return f"{dsn}{'&' if '?' in dsn else '?'}options={options}"
