"""Great Expectations over a table of the warehouse, with our own expectation types registered."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote

import great_expectations as gx
from great_expectations.data_context.types.base import ProgressBarsConfig

from dean06 import settings
from dean06.contract import Dataset
from dean06.errors import ContractError
from dean06.rules import dates, moments, shapes, units

EXPECTATIONS = (
    dates.ExpectColumnValuesToBeValidDates,
    moments.ExpectColumnValuesToBeClockTimes,
    moments.ExpectColumnValuesToBeNoLaterThan,
    moments.ExpectColumnValuesToBeWithinWindow,
    shapes.ExpectColumnValuesToBePersonalIds,
    shapes.ExpectColumnValuesToHaveShape,
    units.ExpectColumnValuesToBeUnitsOfTheirDay,
)
"""Registered by their import; named here so that the imports are seen to be meant."""


@contextmanager
def validator_of(table: str, schema: str = "staging") -> Iterator[tuple[Any, Any]]:
    """Great Expectations' validator and batch over a table."""
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    source = context.data_sources.add_postgres(
        "warehouse", connection_string=_staging_url(), create_temp_table=False
    )
    asset = source.add_table_asset(table, table_name=table, schema_name=schema)
    batch = asset.add_batch_definition_whole_table("load").get_batch()
    try:
        yield context.get_validator(batch_request=asset.build_batch_request()), batch
    finally:  # else connections stay open until garbage is collected
        source.get_engine().dispose()
        source.get_execution_engine().engine.dispose()


def keeps(dataset: Dataset, batch: Any, item: Mapping[str, Any]) -> bool:
    """Whether a batch meets a rule about the table as a whole.

    Raises ContractError naming the rule when it cannot be evaluated.
    """
    expectation = gx.ExpectationSuite(name=dataset.code, expectations=[dict(item)]).expectations[0]
    found = batch.validate(expectation, result_format="BOOLEAN_ONLY")
    # Great Expectations reports an exception flat, or once per metric.
    reports = [found.exception_info, *found.exception_info.values()]
    if any(isinstance(r, Mapping) and r.get("raised_exception") for r in reports):
        # The exception text may quote row values: name the rule only.
        raise ContractError(
            f"{dataset.code}: rule {item['meta']['rule']} could not be evaluated; check its suite"
        )
    return bool(found.success)


def _staging_url() -> str:
    dsn = settings.warehouse_dsn()
    options = quote("-c role=dean06_loader -c search_path=staging")
    return f"{dsn}{'&' if '?' in dsn else '?'}options={options}"
