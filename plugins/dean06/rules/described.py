"""Described: Great Expectations' engine over a table that is described to it.

Great Expectations reads an unknown table before it says anything. Conditions need no more than the
names of columns, which contracts hold; rules about a table as a whole need queries, which the
columnar engine answers.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from great_expectations.exceptions import GreatExpectationsError
from great_expectations.execution_engine import SqlAlchemyExecutionEngine
from great_expectations.execution_engine.sqlalchemy_batch_data import SqlAlchemyBatchData
from great_expectations.validator.metrics_calculator import MetricsCalculator

Columns = Mapping[str, sa.types.TypeEngine[Any]]
"""Name → type."""
Ask = Callable[[sa.sql.ClauseElement], Sequence[Any]]
"""Runs a query; returns its rows."""


class Described(SqlAlchemyExecutionEngine):  # type: ignore[misc]  # untyped
    """An engine that speaks of a table in PostgreSQL's SQL."""

    def __init__(self, table: str, columns: Columns, known: Mapping[str, Any], ask: Ask) -> None:
        """``known``: metric → its value, beside the columns; ``ask`` gets every query."""
        unconnected = sa.create_mock_engine("postgresql+psycopg2://", _refuse)
        super().__init__(engine=unconnected, create_temp_table=False)
        self._ask = ask
        self._known = {
            "table.columns": list(columns),
            "table.column_types": [{"name": n, "type": kind} for n, kind in columns.items()],
            **known,
        }
        data = SqlAlchemyBatchData(self, table_name=table, create_temp_table=False)
        self.load_batch_data(table, data)

    def values(self, metrics: list[Any]) -> dict[Any, Any]:
        """What metrics come to, by their id. Raises what goes wrong; Great Expectations would log
        it, with the values that exceptions of a database quote."""
        calculator = MetricsCalculator(execution_engine=self, show_progress_bars=False)
        found, _ = calculator.compute_metrics(metrics, {"catch_exceptions": False})
        return dict(found)

    def resolve_metrics(
        self, metrics_to_resolve: Iterable[Any], *args: Any, **kwargs: Any
    ) -> dict[Any, Any]:
        """What is known is not asked for."""
        wanted = list(metrics_to_resolve)
        known = {m.id: self._known[m.metric_name] for m in wanted if m.metric_name in self._known}
        asked = [metric for metric in wanted if metric.id not in known]
        return known | (super().resolve_metrics(asked, *args, **kwargs) if asked else {})

    def execute_query(self, query: Any) -> Any:
        """Great Expectations runs every query of a metric through this."""
        return _Rows(self._ask(query))

    execute_query_in_transaction = execute_query


class _Rows(list[Any]):
    """Rows as a cursor hands them out."""

    def fetchall(self) -> list[Any]:
        return self

    def fetchone(self) -> Any:
        return self[0] if self else None

    def scalar(self) -> Any:
        return self[0][0] if self else None


def ask_nothing(query: sa.sql.ClauseElement) -> Sequence[Any]:  # noqa: ARG001
    """For an engine whose metrics need no query."""
    raise GreatExpectationsError("a condition of a rule must not query the table")


def _refuse(*_: Any, **__: Any) -> None:
    raise GreatExpectationsError(
        "this table has columns only, no connection to a database: it cannot be queried"
    )
