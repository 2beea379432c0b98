"""A fingerprint of what the warehouse says, to prove that two histories ended in the same state.

Covers every column of core and the latest KPI values of every day; leaves out only what tells how
the state was reached (``_load_id``, publication numbers and times). Order of rows does not matter,
memory does not grow with them.
"""

import hashlib

from psycopg2 import sql

from dean06 import contract
from dean06.warehouse import Session, names, transaction

_FINGERPRINT = """
    select count(*), coalesce(sum(('x' || left(content, 16))::bit(64)::bigint::numeric), 0)
    from (select md5(row({columns})::text) as content from {table}) as line
"""
_KPI_COLUMNS = (
    "as_of_date", "kpi_code", "unit_level", "unit_code", "boundary_version", "breakdown",
    "member_code", "numerator", "denominator", "value",
)  # fmt: skip


_VERDICT_COLUMNS = (
    "dataset_code", "record_key", "verdict", "verdict_in_life", "deceased_from", "detail",
)  # fmt: skip
"""Not by which run or when: verdicts follow from core alone, runs from how it came about."""


def warehouse_digest() -> dict[str, str]:
    """``{relation: rows and fingerprint}`` for core and mart, and ``total`` over all of them."""
    found: dict[str, str] = {}
    with transaction(isolation="REPEATABLE READ") as session:
        for dataset in contract.datasets():
            columns = tuple(column.name for column in dataset.columns)
            found[f"core.{dataset.table}"] = _fingerprint(
                session, ("core", dataset.table), (*columns, "_is_current", "_valid_to")
            )
        found["core.identity_verdict"] = _fingerprint(
            session, ("core", "identity_verdict"), _VERDICT_COLUMNS
        )
        found["mart.kpi_latest"] = _fingerprint(session, ("ops", "kpi_latest_exact"), _KPI_COLUMNS)
    text = "\n".join(f"{name} {value}" for name, value in sorted(found.items()))
    return {**found, "total": hashlib.sha256(text.encode()).hexdigest()}


def _fingerprint(session: Session, table: tuple[str, str], columns: tuple[str, ...]) -> str:
    rows, total = session.compose_rows(
        _FINGERPRINT, columns=names(columns), table=sql.Identifier(*table)
    )[0]
    return f"{rows} rows {hashlib.sha256(str(total).encode()).hexdigest()[:16]}"
