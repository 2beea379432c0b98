"""Scan: every row rule of a suite evaluated for every staged record, in as few passes of the engine
as its memory allows."""

from collections.abc import Sequence
from pathlib import Path

import duckdb
from duckdb import DuckDBPyConnection

from dean06.contract import Dataset
from dean06.details.detail import detail
from dean06.errors import ContractError
from dean06.load.staging import WITHDRAWN, payload
from dean06.rules.compiled import ScanRule, any_broken, passes, staged_columns
from dean06.rules.suite import UNREADABLE
from dean06.warehouse import sql_file

_NODES = 1_950
"""Of the expressions that are evaluated at once: each node holds 2,048 values in each thread,
mostly outside what the engine counts as its memory. All 15,000 of ``portal.dossier`` took 500 MB.
"""
_GROUP_ROWS = 2_048
"""Of a file of failing records: ``quarantine`` holds the payloads of one group at a time."""


def scan(
    connection: DuckDBPyConnection, dataset: Dataset, rules: Sequence[ScanRule], failing: Path
) -> dict[int, int]:
    """Evaluate the rules over view ``staged``; returns how many records break each, by its number.

    Records that break a critical rule go to the file ``failing`` (``_row``, ``rule_codes``,
    ``payload``), which is left out where there are none. Of an unreadable record nothing else is
    asked. Raises ContractError naming a rule that cannot be evaluated.
    """
    if not rules:
        return {}
    try:
        has_suspects = _suspect(connection, dataset, rules)
        if has_suspects:
            _mark(connection, dataset, rules)
    except duckdb.Error:
        _require_evaluable(connection, dataset, rules)
        raise
    if not has_suspects:
        return {}
    [(kept,)] = connection.execute("select count(payload) from marked").fetchall()
    if kept:
        _keep(connection, {rule.number: rule.code for rule in rules if rule.is_critical}, failing)
    return dict(
        connection.execute(
            "select number, count(*) from (select unnest(broken_rules) as number from marked) "
            "group by number"
        ).fetchall()
    )


def _suspect(connection: DuckDBPyConnection, dataset: Dataset, rules: Sequence[ScanRule]) -> bool:
    """Find the rows that break some rule; returns whether there are any."""
    # It would take longer to look for what conditions have in common than to evaluate it again.
    connection.execute("set disabled_optimizers = 'common_subexpressions'")
    columns = ", ".join(f'"{name}"' for name in (*staged_columns(dataset), WITHDRAWN))
    first, *further = passes(rules, _NODES)
    broken = any_broken(first)
    if further:
        connection.execute("create or replace temp table suspect_row (_row bigint)")
        for group in (first, *further):
            connection.execute(sql_file("staging/suspect_row.sql").format(broken=any_broken(group)))
        broken = "_row in (select _row from suspect_row)"
    [(found,)] = connection.execute(
        sql_file("staging/suspect.sql").format(columns=columns, broken=broken)
    ).fetchall()
    return bool(found)


def _mark(connection: DuckDBPyConnection, dataset: Dataset, rules: Sequence[ScanRule]) -> None:
    """The numbers of the rules that suspects break; what is kept of them where one is critical."""
    connection.execute("create or replace temp table broken_rule (_row bigint, number integer)")
    for group in passes(rules, _NODES):
        cases = ", ".join(f"case when {rule.broken} then {rule.number} end" for rule in group)
        connection.execute(sql_file("staging/broken_rule.sql").format(cases=cases))
    connection.execute(
        sql_file("staging/marked.sql").format(
            alone=f"{[rule.number for rule in rules if rule.code == UNREADABLE]}::integer []",
            critical=f"{[rule.number for rule in rules if rule.is_critical]}::integer []",
            payload=payload(dataset),
        )
    )


def _require_evaluable(
    connection: DuckDBPyConnection, dataset: Dataset, rules: Sequence[ScanRule]
) -> None:
    """Raise ContractError naming the first rule that the engine cannot evaluate by itself."""
    for rule in rules:
        try:
            connection.execute(f"select count(*) from staged where {rule.broken}").fetchall()
        except duckdb.Error:
            raise ContractError(
                detail("rule_not_evaluated", dataset=dataset.code, rule=rule.code)
            ) from None


def _keep(connection: DuckDBPyConnection, critical: dict[int, str], failing: Path) -> None:
    connection.execute(
        "create or replace temp table critical as "
        "select unnest($numbers) as number, unnest($codes) as code",
        {"numbers": list(critical), "codes": list(critical.values())},
    )
    rejected = sql_file("staging/failing.sql")
    connection.execute(
        f"copy ({rejected}) to '{failing}' "
        f"(format parquet, compression zstd, row_group_size {_GROUP_ROWS})"
    )
