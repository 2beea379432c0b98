"""One expectation about lists within a record: text that is a JSON list, without certain elements.

Importing the module registers ``expect_column_values_to_be_json_lists_without``. Which elements are
not agreed is a path of SQL/JSON (https://www.postgresql.org/docs/current/functions-json.html).
"""

from typing import Any, ClassVar

import sqlalchemy as sa
from great_expectations.execution_engine import SqlAlchemyExecutionEngine
from great_expectations.expectations.expectation import ColumnMapExpectation
from great_expectations.expectations.metrics.map_metric_provider import (
    ColumnMapMetricProvider,
    column_condition_partial,
)
from sqlalchemy.dialects.postgresql import JSONB, JSONPATH


class _ColumnValuesJsonLists(ColumnMapMetricProvider):  # type: ignore[misc]  # untyped
    """Text that is a JSON list in which a path finds nothing."""

    condition_metric_name = "column_values.json_lists_without"
    condition_value_keys = ("path",)

    @column_condition_partial(engine=SqlAlchemyExecutionEngine)  # type: ignore[untyped-decorator]
    def _sqlalchemy(cls, column: Any, path: str, **_: Any) -> Any:  # noqa: N805
        value = sa.cast(column, JSONB)
        finds = sa.func.jsonb_path_exists(value, sa.cast(path, JSONPATH))
        agreed = (sa.func.jsonb_typeof(value) == "array") & ~finds
        # CASE, because SQL promises no order of evaluation for AND.
        return sa.case((sa.func.pg_input_is_valid(column, "jsonb"), agreed), else_=sa.false())


class ExpectColumnValuesToBeJsonListsWithout(ColumnMapExpectation):  # type: ignore[misc]
    """``path``: finds what is not agreed in a list. NULLs are ignored."""

    path: str

    map_metric: ClassVar[str] = "column_values.json_lists_without"
    success_keys: ClassVar[tuple[str, ...]] = ("path", "mostly")
    args_keys: ClassVar[tuple[str, ...]] = ("column", "path")
