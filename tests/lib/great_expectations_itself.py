"""Great Expectations by itself over a table of PostgreSQL: scans are compared with it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote

import great_expectations as gx
from great_expectations.data_context.types.base import ProgressBarsConfig

from dean06 import settings
from dean06.rules.engine import EXPECTATIONS


@contextmanager
def batch_of(table: str, schema: str) -> Iterator[Any]:
    """A table of the warehouse as one of its batches."""
    assert EXPECTATIONS  # suites use them
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    dsn = settings.warehouse_dsn()
    options = quote("-c role=dean06_loader")
    source = context.data_sources.add_postgres(
        "warehouse",
        connection_string=f"{dsn}{'&' if '?' in dsn else '?'}options={options}",
        create_temp_table=False,
    )
    asset = source.add_table_asset(table, table_name=table, schema_name=schema)
    try:
        yield asset.add_batch_definition_whole_table("load").get_batch()
    finally:  # else connections stay open until garbage is collected
        source.get_engine().dispose()
        source.get_execution_engine().engine.dispose()
