"""Suites: compiled for all datasets and for the values of KPIs, before anybody needs them; core SQL
is checked beside them."""

from dean06 import contract
from dean06.kpi import audit
from dean06.rules import ahead
from dean06.schema import core_sql


def compile_all() -> None:
    """Check the core SQL of all datasets, then compile suites that are not compiled yet.

    Raises CoreSqlError naming file and place of what DuckDB cannot run, ContractError naming suite
    and rule that Great Expectations refuses.
    """
    core_sql.require_all(contract.datasets())
    ahead.prepare([audit.request()])
