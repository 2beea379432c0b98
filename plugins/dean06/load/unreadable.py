"""Unreadable by core: records that the suite accepts and core SQL cannot give their types.

Such a record shows that a rule is missing. It goes to quarantine like any other, under a rule of
its own, and the rest of its load is published.
"""

import logging

from psycopg2 import sql

from dean06.contract import Bilingual, Dataset
from dean06.load.ledger import Load
from dean06.load.staging import ROW, WITHDRAWN, staging_table
from dean06.rules.suite import read_suite
from dean06.warehouse import Session, names, sql_file

log = logging.getLogger(__name__)

RULE = "unreadable_by_core"
REASON = Bilingual(
    en="The warehouse can give every value its type. A record that breaks only this rule passed "
    "the agreed ones: a rule is missing.",
    vi="Kho chuyển được mọi giá trị sang đúng kiểu dữ liệu. Bản ghi chỉ vi phạm quy tắc này đã đạt "
    "mọi quy tắc khác: bộ quy tắc còn thiếu.",
)
_EXPECTATION = "core_sql"
_MOST = 0.05
"""A larger share of unreadable records holds the batch, as in the suites."""


def hold(dataset: Dataset, found: int, records: int) -> bool:
    """Whether so many unreadable records of so many hold the batch."""
    return found >= read_suite(dataset).hold_from_records and found > _MOST * records


def set_aside(session: Session, dataset: Dataset, load: Load, meaning: str) -> tuple[int, int]:
    """Quarantine what core SQL cannot read of the view ``accepted``.

    Returns how many records that are, and of how many.
    """
    session.compose(
        sql_file("protocol/unreadable.sql"),
        meaning=sql.SQL(meaning),
        identity=names(tuple(dict.fromkeys((*dataset.key, dataset.version)))),
        dated_by=sql.Identifier(dataset.dated_by),
        deleted=sql.Identifier(dataset.deleted) if dataset.deleted else sql.SQL("false"),
    )
    [(records,)] = session.compose_rows("select count(*) from numbered")
    found = session.compose(
        """
        insert into ops.quarantine (load_id, row_no, source_code, dataset_code, rule_codes, payload)
        select {load_id}, staged.{row}, {source}, {dataset}, array[{rule}],
               jsonb_strip_nulls(to_jsonb(staged) - {row_name} - {withdrawn_name})
        from unreadable
        inner join {staging} as staged on unreadable._row = staged.{row}
        """,
        load_id=sql.Literal(load.load_id),
        source=sql.Literal(load.source),
        dataset=sql.Literal(load.dataset),
        rule=sql.Literal(RULE),
        row=sql.Identifier(ROW),
        row_name=sql.Literal(ROW),
        withdrawn_name=sql.Literal(WITHDRAWN),
        staging=staging_table(load),
    )
    session.compose("drop table unreadable, numbered")
    session.compose("drop function pg_temp.unreadable_rows")
    if found:
        _store_result(session, load, records, found)
        log.warning(
            "%s: %d of %d records are unreadable by core SQL; add the missing rule to "
            "expectations/%s/%s.json, then replay them",
            load, found, records, load.source, load.dataset,
        )  # fmt: skip
    return found, records


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
