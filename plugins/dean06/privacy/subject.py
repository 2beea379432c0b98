"""One person's data: what the warehouse holds, and a stop to joining it by token.

For requests of data subjects under Law 91/2025/QH15 (docs/data-protection.md). Each request is
written to ``ops.subject_request`` and committed before anything is read or changed; the request
holds the person's token, never the number. Statements hold no number either: an officer's own login
is logged statement by statement, and COPY's data are not.
"""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from psycopg2 import sql

from dean06 import contract
from dean06.contract import Dataset
from dean06.details.detail import detail
from dean06.errors import Dean06Error
from dean06.identity.parts import parts_of
from dean06.trail.reason import stated
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
    of the contract, verdicts, quarantined and corrected records with who read them, correction
    cases, requests about them.

    Records are found by the number as written and by the number that verification compared.
    Raises Dean06Error for what is no personal identification number.
    """
    token = _ask("report", personal_id, by, reason).person_token
    with transaction(isolation="REPEATABLE READ") as session:
        _bring(session, personal_id)
        return {
            "personal_id": personal_id,
            "person_token": str(token) if token else None,
            "core": {
                dataset.code: list(_versions(session, dataset))
                for dataset in contract.datasets()
                if _numbers(dataset)
            },
            "verdicts": _rows(
                session,
                """select dataset_code, record_key, verdict, detail, changed_at
                   from core.identity_verdict
                   where claimed_id = (select personal_id from asked_person) order by 1, 2""",
            ),
            "quarantine": _rows(session, sql_file("privacy/subject_payloads.sql")),
            "corrections": _rows(session, sql_file("privacy/subject_corrections.sql")),
            "cases": _rows(session, sql_file("privacy/subject_cases.sql")),
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
    asked = _ask("restrict", personal_id, by, reason)
    with transaction() as session:
        session.lock(Lock.PERSON_TOKENS)
        _bring(session, personal_id)
        done = session.one(
            "select ops.restrict_person(:request, personal_id) as emptied from asked_person",
            request=asked.request_id,
        )
    return Restricted(had_token=asked.person_token is not None, emptied=done.emptied)


def release(personal_id: str, by: str, reason: str) -> bool:
    """Propose to let the person be given a token again, or do it, if another person has proposed
    it; returns whether it is done.

    Raises Dean06Error for a person who is not restricted.
    """
    asked = _ask("release", personal_id, by, reason)
    with transaction() as session:
        session.lock(Lock.PERSON_TOKENS)
        done = session.one(
            "select ops.lift_restriction(:request) as is_lifted", request=asked.request_id
        )
    if done.is_lifted is None:
        raise Dean06Error(detail("not_restricted"))
    return bool(done.is_lifted)


def _ask(kind: Kind, personal_id: str, by: str, reason: str) -> Any:
    """Write the request down; returns request_id and the person's token, None without one."""
    if not _NUMBER.fullmatch(personal_id):
        raise Dean06Error(detail("personal_number_malformed"))
    with transaction() as session:
        _bring(session, personal_id)
        return session.one(
            """select asked.* from asked_person
               cross join ops.ask_about_person(:kind, personal_id, :by, :reason) as asked""",
            kind=kind,
            by=by,
            reason=stated(reason),
        )


def _bring(session: Session, personal_id: str) -> None:
    """Let the transaction's statements read the number from table ``asked_person``."""
    session.run("create temporary table asked_person (personal_id text) on commit drop")
    session.copy_in(
        sql.Identifier("asked_person"), ["personal_id"], io.BytesIO(personal_id.encode())
    )


def _numbers(dataset: Dataset) -> list[str]:
    """The columns of core that hold personal identification numbers."""
    named = {column.name for column in dataset.columns if column.name.endswith("personal_id")}
    return sorted(named | ({dataset.person.id} if dataset.person else set()))


def _versions(session: Session, dataset: Dataset) -> Iterator[dict[str, Any]]:
    """Every version of every record about the person, oldest first, by the contract's words."""
    numbers = sql.SQL(" or ").join(
        sql.SQL("{} = (select personal_id from asked_person)").format(
            sql.Identifier("record", name)
        )
        for name in _numbers(dataset)
    )
    is_verified = dataset.person is not None and not dataset.person.is_registry
    rows = session.compose_rows(
        """select {columns} from {table} as record
           where {numbers} or {key} in (
               select record_key from core.identity_verdict
               where dataset_code = {dataset}
                   and claimed_id = (select personal_id from asked_person))
           order by {version}""",
        columns=names([column.name for column in dataset.columns]),
        table=sql.Identifier("core", dataset.table),
        numbers=numbers,
        key=parts_of(dataset)["record_key"] if is_verified else sql.SQL("null"),
        dataset=sql.Literal(dataset.code),
        version=sql.Identifier(dataset.version),
    )
    for row in rows:
        yield {column.label.vi: value for column, value in zip(dataset.columns, row, strict=True)}


def _rows(session: Session, query: str, **parameters: Any) -> list[dict[str, Any]]:
    return [dict(row._mapping) for row in session.rows(query, **parameters)]
