"""Unreadable by core: records that the suite accepts and core SQL cannot give their types.

Such a record shows that a rule is missing. It goes to quarantine like any other, under a rule of
its own, and the rest of its load is published.
"""

import logging
from contextlib import suppress

from duckdb import DuckDBPyConnection

from dean06.contract import Bilingual, Dataset
from dean06.details.detail import detail
from dean06.errors import CoreSqlError
from dean06.load import core_sql, quarantine
from dean06.load.ledger import Load
from dean06.load.staging import ROW, payload
from dean06.rules.suite import read_suite
from dean06.warehouse import Session

log = logging.getLogger(__name__)

RULE = "unreadable_by_core"
REASON = Bilingual(
    en="A value cannot be converted to its type in the warehouse. The record passed the agreed "
    "rules: a rule is missing.",
    vi="Có giá trị không chuyển được sang kiểu dữ liệu của kho. Bản ghi đạt tất cả quy tắc khác: "
    "bộ quy tắc còn thiếu quy tắc cho trường hợp này.",
)
_EXPECTATION = "core_sql"
_MOST = 0.05
"""A larger share of unreadable records holds the batch, as in the suites."""
_BATCH_ROWS = 5_000


def hold(dataset: Dataset, found: int, records: int) -> bool:
    """Whether so many unreadable records of so many hold the batch."""
    return found >= read_suite(dataset).hold_from_records and found > _MOST * records


def set_aside(
    session: Session, connection: DuckDBPyConnection, dataset: Dataset, load: Load
) -> tuple[int, int]:
    """Quarantine what core SQL cannot read of the view ``accepted``.

    Returns how many records that are, and of how many.
    """
    [(records,)] = connection.execute("select count(*) from accepted").fetchall()
    batches = connection.sql(unreadable(dataset)).to_arrow_reader(_BATCH_ROWS)
    found = quarantine.set_aside(session, load, batches)
    if found:
        _store_result(session, load, records, found)
        log.warning(
            "%s: %d of %d records are unreadable by core SQL; add the missing rule to "
            "expectations/%s/%s.json, then replay them",
            load, found, records, load.source, load.dataset,
        )  # fmt: skip
    return found, records


def unreadable(dataset: Dataset) -> str:
    """The rows of ``accepted`` whose core columns cannot be computed, or of which key, version or
    day are missing, with the rule and what was received.

    ``try`` is NULL where what stands in it cannot be computed; a row of columns never is. Raises
    CoreSqlError for core SQL that does not name its columns one by one.
    """
    made = _made(dataset)
    lacking = [f"try({made[name]}) is null" for name in (*dataset.key, dataset.version)]
    no_day = f"try({made[dataset.dated_by]}) is null"
    if dataset.deleted:
        no_day += f" and try({made[dataset.deleted]}) is not true"
    wrong = " or ".join([f"try(row({', '.join(made.values())})) is null", *lacking, no_day])
    return (
        f"select {ROW}, ['{RULE}'] as rule_codes, {payload(dataset)} as payload "
        f"from accepted where {wrong}"
    )


def _made(dataset: Dataset) -> dict[str, str]:
    """Column of core → how core SQL computes it from one record of ``accepted``."""
    from sqlglot import errors, exp, parse_one  # 30 MB, which hardly any load needs

    made: dict[str, str] = {}
    with suppress(errors.SqlglotError):
        query = parse_one(core_sql.read(dataset), dialect="duckdb")
        if isinstance(query, exp.Select):
            made = {c.alias_or_name: c.unalias().sql(dialect="duckdb") for c in query.selects}
    if not {column.name for column in dataset.columns} <= made.keys():
        raise CoreSqlError(detail("core_sql_form", file=core_sql.shown(dataset)))
    return made


def _store_result(session: Session, load: Load, records: int, found: int) -> None:
    session.run(
        """
        insert into ops.validation_result
        values (:load_id, :rule, '', :expectation, 'critical', 'sạch', false, :records, :found,
                null, :en, :vi)
        """,
        load_id=load.load_id,
        rule=RULE,
        expectation=_EXPECTATION,
        records=records,
        found=found,
        en=REASON.en,
        vi=REASON.vi,
    )
