"""Put hand-made person records into core, as if loads had published them."""

import itertools
from typing import Any

from psycopg2 import sql

from dean06 import contract
from dean06.contract import Dataset
from dean06.warehouse import Session, names, transaction

RESIDENT: dict[str, Any] = {
    "personal_id": "082190000001", "full_name": "Nguyễn Thị Hòa", "birth_date": "1990-02-03",
    "sex_code": "2", "residence_type": "thuong_tru", "commune_code": "28249",
    "residence_status": "dang_cu_tru", "effective_on": "2022-01-01", "is_deleted": False,
}  # fmt: skip
_COMMON: dict[str, Any] = {
    "full_name": "Nguyễn Thị Hòa", "birth_date": "1990-02-03", "personal_id": "082190000001",
    "commune_code": "28249",
}  # fmt: skip
RECORDS: dict[str, dict[str, Any]] = {
    "police.resident": RESIDENT,
    "insurance.participant": {
        **_COMMON, "bhxh_code": "7900000001", "sex_code": "2", "is_deleted": False,
        "participation_status": "dang_tham_gia", "effective_on": "2022-01-01",
        "participates_from": "2022-01-01",
    },
    "health.encounter": {
        **_COMMON, "encounter_id": "e1", "sex_code": "female", "is_deleted": False,
        "started_at": "2022-10-01", "document_used": "cccd", "is_insurance_checked": True,
    },
    "health.immunization": {
        **_COMMON, "immunization_id": "i1", "sex_code": "female", "is_deleted": False,
        "occurred_on": "2022-10-01", "immunization_status": "completed",
    },
    "education.exam_registration": {
        **_COMMON, "exam_year": 2022, "registration_no": "53000001", "sex_code": "1",
        "registered_on": "2022-05-01",
    },
    "portal.dossier": {
        "dossier_code": "000.00.00.H58-221001-0001", "applicant_type": "1",
        "applicant_name": "Nguyễn Thị Hòa", "personal_id": "082190000001", "is_deleted": False,
        "received_at": "2022-10-01", "commune_code": "28249",
    },
}  # fmt: skip
_runs = itertools.count(1)


def dataset_of(code: str) -> Dataset:
    source, name = code.split(".")
    return contract.load(source).dataset(name)


def record(code: str, *, version: int = 1, **changes: Any) -> dict[str, Any]:
    """A clean record with some columns changed; ``version`` orders the versions of one key."""
    row = {**RECORDS[code], **changes, "updated_at": f"2022-10-{version:02d} 08:00+07"}
    if birth := row.get("birth_date"):
        row["born_on"] = birth if len(birth) == 10 else None
        row["birth_year"] = int(birth[:4])
    return row


def load(code: str, *rows: dict[str, Any]) -> int:
    """One published load that brought these versions; returns its id."""
    dataset = dataset_of(code)
    with transaction(role="") as session:
        (load_id,) = session.one(
            """
            insert into ops.load (
                source_code, dataset_code, run_key, attempt, day, window_until, contract_version,
                status, declared_count, received_count, inserted_count, updated_count,
                unchanged_count, deleted_count, superseded_count, quarantined_count)
            values (:source, :name, :run, 1, '2022-10-31', '2022-11-01', '1', 'published',
                    :stored, :stored, :stored, 0, 0, 0, 0, 0) returning load_id
            """,
            source=dataset.source, name=dataset.name, run=f"hand-made-{next(_runs)}",
            stored=len(rows),
        )  # fmt: skip
        for row in rows:
            _store(session, dataset, row, load_id)
        _order(session, dataset)
    return int(load_id)


def verdicts() -> dict[str, tuple[str, str | None]]:
    """``{record key: (verdict, detail)}`` of every dataset."""
    with transaction() as session:
        found = session.rows("select record_key, verdict, detail from core.identity_verdict")
    return {row.record_key: (row.verdict, row.detail) for row in found}


def content() -> list[tuple[Any, ...]]:
    """All that verification has derived from core, without what depends on its runs."""
    with transaction() as session:
        return [
            tuple(row)
            for query in (
                """select dataset_code, record_key, verdict, verdict_in_life, deceased_from, detail,
                       claimed_id, id_scope
                   from core.identity_verdict order by dataset_code, record_key""",
                "select * from core.identity_candidate order by dataset_code, record_key, rank",
            )
            for row in session.rows(query)
        ]


def _store(session: Session, dataset: Dataset, row: dict[str, Any], load_id: int) -> None:
    columns = (*row, "_load_id", "_is_current")
    identity = names((*dataset.key, dataset.version))
    session.compose(
        "insert into {table} ({columns}) values ({values}) on conflict ({identity}) do nothing",
        table=sql.Identifier("core", dataset.table),
        columns=names(columns),
        values=sql.SQL(", ").join(map(sql.Literal, (*row.values(), load_id, False))),
        identity=identity,
    )


def _order(session: Session, dataset: Dataset) -> None:
    session.compose(
        """
        update {table} as record set _is_current = (record.{version} = (
            select max(other.{version}) from {table} as other where {same_key}))
        """,
        table=sql.Identifier("core", dataset.table),
        version=sql.Identifier(dataset.version),
        same_key=sql.SQL(" and ").join(
            sql.SQL("other.{0} = record.{0}").format(sql.Identifier(key)) for key in dataset.key
        ),
    )
