"""One person's data: what the warehouse holds, and a stop to joining it by token.

For requests of data subjects under Law 91/2025/QH15 (docs/data-protection.md). Each request is
written to ``ops.subject_request`` and committed before anything is read or changed; the request
holds the person's token, never the number.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from psycopg2 import sql

from dean06 import contract
from dean06.contract import Dataset
from dean06.errors import Dean06Error
from dean06.identity.parts import parts_of
from dean06.warehouse import Lock, Session, names, sql_file, transaction

Kind = Literal["report", "restrict", "release"]
_NUMBER = re.compile(r"[0-9]{9,12}")


@dataclass(frozen=True)
class Restricted:
    """What a restriction did."""

    had_token: bool
    """Whether facts showed the person until now."""
    emptied: int
    """Payloads of quarantine and replays that named the person."""


def report(personal_id: str, by: str, reason: str) -> dict[str, Any]:
    """Everything the warehouse holds of a person, for themselves: versions in core in the words
    of the contract, verdicts, quarantined records with who read them, requests about them.

    Records are found by the number as written and by the number that verification compared.
    Raises Dean06Error for what is no personal identification number.
    """
    token = _ask("report", personal_id, by, reason)
    with transaction(isolation="REPEATABLE READ") as session:
        return {
            "personal_id": personal_id,
            "person_token": token,
            "core": {
                dataset.code: list(_versions(session, dataset, personal_id))
                for dataset in contract.datasets()
                if _numbers(dataset)
            },
            "verdicts": _rows(
                session,
                """select dataset_code, record_key, verdict, detail, changed_at
                   from core.identity_verdict where claimed_id = :personal_id order by 1, 2""",
                personal_id=personal_id,
            ),
            "quarantine": _rows(
                session, sql_file("privacy/subject_payloads.sql"), personal_id=personal_id
            ),
            "requests": _rows(
                session,
                """select kind, asked_by, reason, asked_at from ops.subject_request
                   where person_token = cast(:token as uuid) order by request_id""",
                token=token,
            ),
        }


def restrict(personal_id: str, by: str, reason: str) -> Restricted:
    """Take the person's token away for good and empty the payloads that name them.

    Facts keep their rows, without a person; KPIs keep their values: they count records of core,
    which the agencies answer for. Run twice, the second changes nothing.
    """
    token = _ask("restrict", personal_id, by, reason)
    with transaction() as session:
        session.lock(Lock.PERSON_TOKENS)
        session.run(
            """insert into ops.restricted_person (personal_id, request_id)
               select :personal_id, max(request_id) from ops.subject_request
               where kind = 'restrict' and asked_by = :by
               on conflict (personal_id) do nothing""",
            personal_id=personal_id,
            by=by,
        )
        session.run(
            "delete from ops.person_token where personal_id = :personal_id", personal_id=personal_id
        )
        emptied = session.one(
            "select ops.purge_payloads(:personal_id) as emptied", personal_id=personal_id
        ).emptied
    return Restricted(had_token=token is not None, emptied=emptied)


def release(personal_id: str, by: str, reason: str) -> None:
    """Let the person be given a token again, by the next verification."""
    _ask("release", personal_id, by, reason)
    with transaction() as session:
        session.lock(Lock.PERSON_TOKENS)
        gone = session.run(
            "delete from ops.restricted_person where personal_id = :personal_id",
            personal_id=personal_id,
        )
    if not gone:
        raise Dean06Error("this person was not restricted")


def _ask(kind: Kind, personal_id: str, by: str, reason: str) -> str | None:
    """Write the request down; returns the person's token, None when there is none."""
    if not _NUMBER.fullmatch(personal_id):
        raise Dean06Error("a personal identification number has 12 digits, an old one 9")
    with transaction() as session:
        row = session.one(
            """insert into ops.subject_request (kind, person_token, asked_by, reason)
               values (:kind, (select person_token from ops.person_token
                               where personal_id = :personal_id), :by, :reason)
               returning person_token""",
            kind=kind,
            personal_id=personal_id,
            by=by,
            reason=reason,
        )
    return str(row.person_token) if row.person_token else None


def _numbers(dataset: Dataset) -> list[str]:
    """The columns of core that hold personal identification numbers."""
    named = {column.name for column in dataset.columns if column.name.endswith("personal_id")}
    return sorted(named | ({dataset.person.id} if dataset.person else set()))


def _versions(session: Session, dataset: Dataset, personal_id: str) -> Iterator[dict[str, Any]]:
    """Every version of every record about the person, oldest first, by the contract's words."""
    numbers = sql.SQL(" or ").join(
        sql.SQL("{} = {}").format(sql.Identifier(name), sql.Literal(personal_id))
        for name in _numbers(dataset)
    )
    is_verified = dataset.person is not None and not dataset.person.is_registry
    rows = session.compose_rows(
        """select {columns} from {table} as record
           where {numbers} or {key} in (
               select record_key from core.identity_verdict
               where dataset_code = {dataset} and claimed_id = {number})
           order by {version}""",
        columns=names([column.name for column in dataset.columns]),
        table=sql.Identifier("core", dataset.table),
        numbers=numbers,
        key=parts_of(dataset)["record_key"] if is_verified else sql.SQL("null"),
        dataset=sql.Literal(dataset.code),
        number=sql.Literal(personal_id),
        version=sql.Identifier(dataset.version),
    )
    for row in rows:
        yield {column.label.vi: value for column, value in zip(dataset.columns, row, strict=True)}


def _rows(session: Session, query: str, **parameters: Any) -> list[dict[str, Any]]:
    return [dict(row._mapping) for row in session.rows(query, **parameters)]
