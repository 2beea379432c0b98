"""Suites: compiled for all datasets and for the values of KPIs, before anybody needs them."""

from dean06.kpi import audit
from dean06.rules import ahead


def compile_all() -> None:
    """Compile suites that are not compiled yet.

    Raises ContractError naming suite and rule that Great Expectations refuses.
    """
    ahead.prepare([audit.request()])
